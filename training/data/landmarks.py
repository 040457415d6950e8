"""Landmarks for photos that come without: from a table made before, or from ``face-alignment``.

The table is ``landmarks68.npz`` with ``files`` (N,) relative to the data folder and ``landmarks``
(N, 68, 2) in pixels of each file, iBUG-68 order; NaN where no face was found. A user's own table lies in
the data folder; what is found here is kept beside the packs, so that an interrupted run goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.imaging.errors import PhotoError
from app.imaging.photo import read_photo
from training.data.layouts import ListedPhoto
from training.data.tables import read_landmarks

log = logging.getLogger(__name__)

TABLE = "landmarks68.npz"
KEPT_EVERY = 200
"""Photos between two writings of the table."""

Find = Callable[[NDArray[np.uint8], NDArray[np.float32] | None], NDArray[np.float32] | None]
"""Photo (H, W, 3) and perhaps five points (5, 2) to landmarks (68, 2), or None for no face."""


class FaceAlignment:
    """The networks of Bulat & Tzimiropoulos 2017 through the package ``face-alignment``.

    It loads two files, a detector's and the landmarks', which it fetches at its first use where there is
    a network, and finds again in torch's folder of checkpoints ever after.

    Raises:
        ValueError: package or weights are missing; the sentence says which, and where they belong.
    """

    def __init__(self, device: str = "cpu") -> None:
        import torch

        try:
            import face_alignment
        except ImportError as error:
            raise ValueError(
                "These photos have no landmarks and the package face-alignment, which finds them, is "
                f"not installed; install it, or put a table {TABLE} into the data folder."
            ) from error
        try:
            # Compiling takes a minute, needs a C++ compiler, and pays for no data set of ours.
            self._network: Any = face_alignment.FaceAlignment(
                face_alignment.LandmarksType.TWO_D, device=device, flip_input=False, compile=False
            )
        except OSError as error:  # URLError is one
            folder = Path(torch.hub.get_dir()) / "checkpoints"
            present = {path.name.split("-")[0] for path in folder.glob("*-*")}
            missing = " and ".join(
                file
                for file in ("s3fd-619a316812.pth", "2DFAN4-11f355bf06.pth.tar")
                if file.split("-")[0] not in present
            )
            raise ValueError(
                f"The weights of face-alignment could not be loaded ({error}); with a network they come "
                f"by themselves, without one put {missing or 'intact files'} from "
                f"https://www.adrianbulat.com/downloads/python-fan into {folder}, or a table {TABLE} "
                "into the data folder."
            ) from error

    def __call__(
        self, photo: NDArray[np.uint8], five: NDArray[np.float32] | None
    ) -> NDArray[np.float32] | None:
        """See :data:`Find`: of several faces the one about the five points, else the largest."""
        boxes = None if five is None else [box_of_five(five)]
        found = self._network.get_landmarks_from_image(photo, detected_faces=boxes)
        if not found:
            return None
        faces = [np.asarray(points, np.float32)[:, :2] for points in found]
        return max(faces, key=lambda points: float(np.prod(np.ptp(points, axis=0))))


def box_of_five(five: NDArray[np.float32]) -> list[float]:
    """The face box x0, y0, x1, y1 that a detector would draw around eyes, nose and mouth corners.

    The mouth's line is about .73 of the way from the brow to the chin; the box reaches from above the
    brow to the chin and is 1.9 inter-ocular distances wide, as S3FD's boxes are.
    """
    eyes, mouth = five[:2].mean(axis=0), five[3:].mean(axis=0)
    unit = max(float(np.linalg.norm(five[1] - five[0])), 0.8 * float(np.linalg.norm(mouth - eyes)))
    middle = (eyes + mouth) / 2
    return [
        float(middle[0] - 0.95 * unit),
        float(middle[1] - 1.25 * unit),
        float(middle[0] + 0.95 * unit),
        float(middle[1] + 1.35 * unit),
    ]


def with_landmarks(
    listed: Sequence[ListedPhoto],
    data: Path,
    kept: Path,
    *,
    make: Callable[[], Find],
) -> Iterator[tuple[ListedPhoto, NDArray[np.float32]]]:
    """The photos on which a face is, with its landmarks (68, 2).

    A photo that cannot be read, or on which no face is found, is reported and left out.

    Args:
        listed: the photos.
        data: the data folder, perhaps with a table.
        kept: folder for the table of what is found here.
        make: gives what finds landmarks; called only when some are missing.
    """
    known: dict[str, NDArray[np.float32]] = {}
    for table in (kept / TABLE, data / TABLE):
        if table.exists():
            known |= read_landmarks(table)
    missing = sum(photo.name not in known for photo in listed)
    find = make() if missing else None
    fresh = 0
    for photo in listed:
        if photo.name not in known and find is not None:
            known[photo.name] = _found(photo, data, find)
            fresh += 1
            if fresh % KEPT_EVERY == 0 or fresh == missing:
                _keep(known, kept)
                log.info("Landmarks: %d of %d photos.", fresh, missing)
        points = known[photo.name]
        if np.isnan(points).any():
            log.info("Left out: no face was found in %s.", data / photo.name)
            continue
        yield photo, points.astype(np.float32)


def _found(photo: ListedPhoto, data: Path, find: Find) -> NDArray[np.float32]:
    nothing = np.full((68, 2), np.nan, np.float32)
    try:
        points = find(read_photo(data / photo.name).rgb, photo.five)
    except PhotoError as error:
        log.warning("Left out of the pack: %s", error)
        return nothing
    return nothing if points is None else points


def _keep(known: dict[str, NDArray[np.float32]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{TABLE}.part.npz"
    np.savez(part, files=list(known), landmarks=np.stack(list(known.values())))
    part.replace(folder / TABLE)

"""Photos of unmasked faces with landmarks, read from the public layouts and packed into one array.

A pack is a folder of three files: ``photos.npy`` (N, S, S, 3) uint8 RGB, memory-mapped in training;
``landmarks.npy`` (N, 68, 2) float32 in the packed photos' pixels; ``index.json`` with file names,
identities, splits, a hash of the data, and in words what the photos are, for the cards.
"""

from __future__ import annotations

import csv
import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.errors import PhotoError
from app.imaging.face import LEFT_EYE, RIGHT_EYE
from app.imaging.photo import read_photo
from training.data.compact import is_compact, open_compact
from training.data.landmarks import FaceAlignment, with_landmarks
from training.data.layouts import Layout, check_disjoint, find_layout, list_photos
from training.data.storage import allocate, read_array, read_index
from training.data.tables import read_landmarks

log = logging.getLogger(__name__)

LFW = "Labeled Faces in the Wild (deep-funneled) and 254 further faces"
"""What packs are made of that do not say anything else."""

SPLITS = ("train", "val", "test")

PHOTO_SIZE = 250
"""Side of a packed photo in pixels: LFW's own, so nothing is resampled."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelledPhoto:
    """One photo of one unmasked face.

    Attributes:
        name: path relative to the data folder.
        identity: who it is (a folder's name), or the file's own name where that is unknown.
        split: train, val or test.
        landmarks: (68, 2) float32, pixels of the file.
    """

    name: str
    identity: str
    split: str
    landmarks: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FacePack:
    """A packed set of faces; see the module's docstring."""

    photos: NDArray[np.uint8]
    landmarks: NDArray[np.float32]
    names: list[str]
    splits: NDArray[np.str_]
    sha256: str
    identities: list[str]
    described: str = ""

    def indices(self, *splits: str) -> NDArray[np.int64]:
        """Rows that belong to any of the splits."""
        return np.flatnonzero(np.isin(self.splits, splits))


def train_rows(pack_splits: NDArray[np.str_]) -> NDArray[np.int64]:
    """The rows to train on.

    Raises:
        ValueError: there is none.
    """
    rows = np.flatnonzero(pack_splits == "train")
    if not len(rows):
        raise ValueError("The pack holds no face of the split train; check lfw_split.csv.")
    return rows


def read_lfw(data: Path) -> Iterator[LabelledPhoto]:
    """The LFW photos with their split; those without landmarks are left out.

    Args:
        data: the data folder (``REVISAGE_DATA``).

    Raises:
        ValueError: a table is damaged or lacks a column; the sentence names it.
    """
    landmarks = read_landmarks(data / "lfw_landmarks68.npz")
    path = data / "lfw_split.csv"
    for row in _read_split(path):
        points = landmarks.get(row["file"])
        if points is None or np.isnan(points).any():
            continue
        yield LabelledPhoto(
            name=f"lfw-deepfunneled/{row['file']}",
            identity=row["identity"],
            split=row["split"],
            landmarks=points.astype(np.float32),
        )


def _read_split(path: Path) -> Iterator[dict[str, str]]:
    """The rows of ``lfw_split.csv``."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file)
            missing = {"file", "identity", "split"} - set(rows.fieldnames or ())
            if missing:
                raise ValueError(f"{path} has no column {min(missing)}; get the file again.")
            for row in rows:
                # A file that was cut short ends in a row of fewer fields, or in half a word.
                if row["split"] not in SPLITS:
                    raise ValueError(
                        f"{path} has none of the splits {', '.join(SPLITS)} in line {rows.line_num}; "
                        "get the file again."
                    )
                yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} is no table of comma-separated text; get it again.") from error


def read_diverse(data: Path) -> Iterator[LabelledPhoto]:
    """The photos of ``diverse``; every tenth is kept for validation. Nothing where they are missing."""
    path = data / "diverse_landmarks68.npz"
    if not path.exists():
        log.info("%s is not there; the pack is made of the other photos.", path)
        return
    for number, (name, points) in enumerate(read_landmarks(path).items()):
        if np.isnan(points).any():
            continue
        name = name.removeprefix("diverse/")
        yield LabelledPhoto(
            name=f"diverse/{name}",
            identity=name,
            split="val" if number % 10 == 0 else "train",
            landmarks=points.astype(np.float32),
        )


def read_faces(
    data: Path, layout: Layout, kept: Path, *, device: str = "cpu"
) -> list[LabelledPhoto]:
    """The photos of any layout, with landmarks.

    Args:
        data: the data folder.
        layout: what :func:`training.data.layouts.find_layout` says, or the user.
        kept: folder for landmarks that have to be found first.
        device: where they are found.

    Raises:
        OSError, ValueError: a table is missing or damaged, or somebody is in two splits.
    """
    if layout == "tables":
        entries = [*read_lfw(data), *read_diverse(data)]
        check_disjoint((entry.identity, entry.split) for entry in entries)
        return entries
    return [
        LabelledPhoto(
            name=photo.name, identity=photo.identity, split=photo.split, landmarks=landmarks
        )
        for photo, landmarks in with_landmarks(
            list_photos(data, layout), data, kept, make=partial(FaceAlignment, device)
        )
    ]


def pack_faces(data: Path, out: Path, *, layout: Layout | None = None, device: str = "cpu") -> Path:
    """Decode every photo once into a pack.

    A photo that is missing, cut short or cannot be decoded is reported and left out. Photos of another
    size than LFW's are cut to the same framing: the face in the middle, its eyes as far apart as in LFW.

    Args:
        data: the data folder.
        out: the folder to write.
        layout: of the data folder; None to find out.
        device: where landmarks are found for photos that have none.

    Returns:
        The folder of the pack.

    Raises:
        OSError, ValueError: a table is missing or damaged, or not one photo could be read.
    """
    layout = layout or find_layout(data)
    entries = read_faces(data, layout, out.parent / "landmarks", device=device)
    if not any((data / entry.name).exists() for entry in entries):
        raise ValueError(
            f"{data} holds none of the {len(entries)} photos that its tables list; "
            "put the photos beside the tables."
        )
    out.mkdir(parents=True, exist_ok=True)
    # Without its index an interrupted pack is none, and a running training keeps the old photos.
    for name in ("index.json", "photos.npy"):
        (out / name).unlink(missing_ok=True)
    shape = (len(entries), PHOTO_SIZE, PHOTO_SIZE, 3)
    photos = allocate(out / "photos.npy", shape)
    landmarks = np.zeros((len(entries), 68, 2), np.float32)
    kept: list[LabelledPhoto] = []
    digest = hashlib.sha256()
    for entry in entries:
        try:
            photo = read_photo(data / entry.name).rgb
        except PhotoError as error:
            log.warning("Left out of the pack: %s", error)
            continue
        if not _on_a_face(entry.landmarks, photo):
            log.warning(
                "Left out of the pack: the landmarks of %s are on no face in it; correct its row.",
                data / entry.name,
            )
            continue
        digest.update((data / entry.name).read_bytes())
        framed, points = _framed_like_lfw(photo, entry.landmarks)
        photos[len(kept)] = framed
        landmarks[len(kept)] = points
        kept.append(entry)
    if not kept:
        raise ValueError(f"Not one of the {len(entries)} photos in {data} could be used.")
    if not any(entry.split == "train" for entry in kept):
        raise ValueError(
            f"None of the {len(kept)} photos in {data} is in the split train; add people to train on."
        )
    photos.flush()
    np.save(out / "landmarks.npy", landmarks[: len(kept)])
    digest.update(landmarks[: len(kept)].tobytes())
    index = {
        "names": [entry.name for entry in kept],
        "identities": [entry.identity for entry in kept],
        "splits": [entry.split for entry in kept],
        "sha256": digest.hexdigest(),
        "described": _in_words(data, layout, [entry.identity for entry in kept]),
    }
    (out / "index.json").write_text(json.dumps(index))
    return out


def _in_words(data: Path, layout: Layout, identities: list[str]) -> str:
    """What a card says of the photos."""
    if layout == "tables":
        return LFW
    people = f" of {len(set(identities))} people" if len(set(identities)) < len(identities) else ""
    return f"{len(identities)} photos{people} in the folder {data.resolve().name}"


def open_pack(folder: Path) -> FacePack:
    """Open a pack without reading its photos into memory; a compact one is decoded into it."""
    index = read_index(folder, "names", "identities", "splits", "sha256")
    count = len(index["names"])
    stored = open_compact(folder) if is_compact(folder) else None
    if stored is not None and stored.landmarks is not None:
        photos, landmarks = stored.pictures, stored.landmarks
    else:
        photos = read_array(folder / "photos.npy", count, mapped=True)[:count]
        landmarks = read_array(folder / "landmarks.npy", count)
    return FacePack(
        photos=photos,
        landmarks=landmarks,
        names=index["names"],
        splits=np.array(index["splits"]),
        sha256=index["sha256"],
        identities=index["identities"],
        described=index.get("described", LFW),
    )


def _on_a_face(landmarks: NDArray[np.float32], photo: NDArray[np.uint8]) -> bool:
    """Whether landmarks can be those of a face in the photo; a row of zeros or without end is none."""
    points = landmarks.astype(np.float64)
    if not np.isfinite(points).all():
        return False
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.array(photo.shape[1::-1])
    apart = np.linalg.norm(points[LEFT_EYE].mean(axis=0) - points[RIGHT_EYE].mean(axis=0))
    inside = (low < size) & (high > 0)
    fitting = (high - low >= 1) & (high - low <= 4 * size)
    return bool(apart >= 1 and (inside & fitting).all())


def _framed_like_lfw(
    photo: NDArray[np.uint8], landmarks: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    if photo.shape[:2] == (PHOTO_SIZE, PHOTO_SIZE):
        return photo, landmarks
    x0, y0 = landmarks.min(axis=0)
    x1, y1 = landmarks.max(axis=0)
    # LFW's landmarks span about 120 of 250 px.
    scale = 120.0 / max(float(x1 - x0), float(y1 - y0), 1.0)
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    if scale < 0.5:
        factor = int(1 / scale)
        height, width = photo.shape[0] // factor, photo.shape[1] // factor
        cut = photo[: height * factor, : width * factor]
        small = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA)
        photo, landmarks = small.astype(np.uint8, copy=False), landmarks / np.float32(factor)
        middle, scale = middle / factor, scale * factor
    target = np.array([PHOTO_SIZE / 2, PHOTO_SIZE * 0.56])
    offset = target - scale * middle
    # Landmarks are continuous coordinates; OpenCV counts from pixel centres.
    matrix = np.array(
        [[scale, 0, offset[0] + scale / 2 - 0.5], [0, scale, offset[1] + scale / 2 - 0.5]]
    )
    framed = cv2.warpAffine(
        photo,
        matrix,
        (PHOTO_SIZE, PHOTO_SIZE),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return framed.astype(np.uint8, copy=False), (landmarks * scale + offset).astype(np.float32)

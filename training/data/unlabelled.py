"""Real photos of people in masks with boxes that a machine found, for the locator.

They come from the folder ``real_masked`` of the data, or from the compact pack ``real`` that
``revisage-train pack --whole`` makes of it. The photos with hand-drawn labels are in neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.data.compact import Row, encoded, is_compact, open_pictures, write_shards
from training.data.real import labelled_names
from training.data.side_files import GET_AGAIN, read_json
from training.data.storage import read_index

LONGEST_SIDE = 800
"""Larger photos are reduced to this; the scenes are smaller still."""

Scaled = tuple[NDArray[np.uint8], float]
"""A photo (H, W, 3), and its size over that of its file."""


@dataclass(frozen=True, kw_only=True)
class Unlabelled:
    """Where the photos come from.

    Attributes:
        found: by file name, the boxes (F, 4) that another detector found, in pixels of the file.
        load: a photo by its name; None where it is missing, damaged or labelled by hand.
        finder: what the table of boxes says has found them; empty where it says nothing.
    """

    found: dict[str, NDArray[np.float32]]
    load: Callable[[str], Scaled | None]
    finder: str = ""


def find_unlabelled(data: Path, packs: Path | None = None) -> Unlabelled | None:
    """The photos of the compact pack, or else of the data folder; None where neither has any."""
    packed = packs / "real" if packs is not None else None
    if packed is not None and is_compact(packed):
        return _of_pack(packed)
    folder = data / "real_masked"
    return _of_folder(folder) if folder.exists() else None


def _of_folder(folder: Path) -> Unlabelled:
    labels, boxes = folder / "labels.json", folder / "faces_yunet.json"
    labelled = {f"{name}.jpg" for name in labelled_names(folder)} if labels.exists() else set()
    found, finder = read_json(boxes, _found, remedy=GET_AGAIN) if boxes.exists() else ({}, "")

    def load(name: str) -> Scaled | None:
        photo = None
        if name not in labelled:
            photo = cv2.imread(str(folder / name), cv2.IMREAD_COLOR_RGB)
        if photo is None:
            return None
        scale = min(1.0, LONGEST_SIDE / max(photo.shape[:2]))
        if scale < 1:
            photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return np.asarray(photo, np.uint8), scale

    kept = {name: rows for name, rows in found.items() if name not in labelled}
    return Unlabelled(found=kept, load=load, finder=finder)


def _found(table: dict[str, object]) -> tuple[dict[str, NDArray[np.float32]], str]:
    """The boxes of a table, and who found them."""
    # The first words name the finder, what follows them says how it was used.
    return read_boxes(table), str(table.get("source", "")).split(",")[0].split(":")[0]


def _of_pack(folder: Path) -> Unlabelled:
    index = read_index(folder, "names", "scales", "found")
    found, scales = read_json(
        folder / "index.json",
        lambda fields: (read_boxes(fields["found"]), [float(scale) for scale in fields["scales"]]),
        remedy="make or copy its pack again",
    )
    photos = dict(zip(index["names"], zip(open_pictures(folder), scales, strict=True), strict=True))

    def load(name: str) -> Scaled | None:
        return photos.get(name)

    return Unlabelled(found=found, load=load, finder=index.get("finder", ""))


def pack_unlabelled(data: Path, taught: Path, out: Path, *, quality: int, shard_mib: float) -> int:
    """Make the photos of the data folder compact.

    Args:
        data: the data folder.
        taught: the folder of the taught pack, whose boxes count too; it need not be there.
        out: the folder to write.
        quality: of the WebP pictures.
        shard_mib: the largest file.

    Returns:
        The bytes written; 0 where the data folder has no such photos.
    """
    source = find_unlabelled(data)
    if source is None:
        return 0
    own = read_taught_boxes(taught)
    photos = {name: source.load(name) for name in sorted(source.found.keys() | own.keys())}
    kept = {name: photo for name, photo in photos.items() if photo is not None}
    if not kept:
        return 0

    def rows() -> Iterator[Row]:
        for photo, _ in kept.values():
            yield encoded(photo, None, quality=quality)

    index = {
        "names": list(kept),
        "scales": [scale for _, scale in kept.values()],
        "found": {name: boxes.tolist() for name, boxes in source.found.items() if name in kept},
        "finder": source.finder,
    }
    return write_shards(out, rows(), index=index, shard_mib=shard_mib)


def read_taught_boxes(taught: Path) -> dict[str, NDArray[np.float32]]:
    """Boxes of an earlier locator by file name, (F, 6); none where the taught pack has no table."""
    table = taught / "faces.json"
    if not table.exists():
        return {}
    return read_json(
        table,
        lambda rows: {
            name: np.array(found, np.float32).reshape(-1, 6) for name, found in rows.items()
        },
        remedy="make the pack again with `revisage-train prepare --teach`, or copy it again",
    )


def read_boxes(table: dict[str, object]) -> dict[str, NDArray[np.float32]]:
    """The boxes (F, 4) of every photo in one of the machine-made tables.

    Raises:
        ValueError, LookupError, TypeError, AttributeError: it is none; see
            :func:`training.data.side_files.read_json`.
    """
    entries = table.get("photos", table.get("images", table))
    result: dict[str, NDArray[np.float32]] = {}
    if not isinstance(entries, dict | list):
        raise TypeError("no table")
    items = entries.items() if isinstance(entries, dict) else ((e["file"], e) for e in entries)
    for name, value in items:
        rows = value["faces"] if isinstance(value, dict) else value
        boxes = [row["box"] if isinstance(row, dict) else row[:4] for row in rows]
        result[name] = np.asarray(boxes, np.float32).reshape(-1, 4)
    return result

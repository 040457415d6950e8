"""Real photos of people in masks with hand-drawn maps and boxes: the truth to measure on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.photo import read_photo
from training.data.side_files import GET_AGAIN, read_json

LABELS = "labels.json"
"""The hand-drawn labels, in the folder of their photos."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RealPhoto:
    """One hand-labelled photo.

    Attributes:
        pixels: (H, W, 3) uint8.
        boxes: (F, 4) of the labelled faces.
        ignored: (I, 4) boxes of blurred background faces that count neither way.
        maps: per face (H, W) bool.
        name: the photo's number.
    """

    pixels: NDArray[np.uint8]
    boxes: NDArray[np.float64]
    ignored: NDArray[np.float64]
    maps: list[NDArray[np.bool_]]
    name: str


@dataclass(frozen=True, kw_only=True, eq=False)
class _Label:
    """One photo of ``labels.json``; `outlines` holds a polygon (P, 2) per face."""

    name: str
    boxes: NDArray[np.float64]
    ignored: NDArray[np.float64]
    outlines: list[NDArray[np.float64]]


def read_real(data: Path) -> list[RealPhoto]:
    """The hand-labelled photos of ``real_masked``.

    Raises:
        OSError: there are no labels.
        ValueError: they are damaged; the sentence names the file.
        app.imaging.errors.PhotoError: a photo is missing or damaged.
    """
    folder = data / "real_masked"
    photos = []
    for label in read_json(folder / LABELS, _labels, remedy=GET_AGAIN):
        pixels = read_photo(folder / f"{label.name}.jpg").rgb
        maps = []
        for outline in label.outlines:
            region = np.zeros(pixels.shape[:2], np.uint8)
            points = np.round(outline * 16 - 8).astype(np.int32)
            cv2.fillPoly(region, [points], 1, shift=4)
            maps.append(region > 0)
        photos.append(
            RealPhoto(
                pixels=pixels,
                boxes=label.boxes,
                ignored=label.ignored,
                maps=maps,
                name=label.name,
            )
        )
    return photos


def labelled_names(folder: Path) -> set[str]:
    """The names, without extension, of the photos in ``real_masked`` that have hand-drawn labels.

    Raises:
        OSError: there are no labels.
        ValueError: they are damaged; the sentence names the file.
    """
    return read_json(
        folder / LABELS,
        lambda document: {str(entry["id"]) for entry in document["images"]},
        remedy=GET_AGAIN,
    )


def _labels(document: Any) -> list[_Label]:
    return [
        _Label(
            name=str(entry["id"]),
            boxes=np.array([face["face_box"] for face in entry["faces"]], float).reshape(-1, 4),
            ignored=np.array(entry.get("ignore", []), float).reshape(-1, 4),
            outlines=[np.array(face["mask"], float).reshape(-1, 2) for face in entry["faces"]],
        )
        for entry in document["images"]
    ]

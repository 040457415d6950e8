"""Real photos of people in masks with hand-drawn maps and boxes: the truth to measure on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.photo import read_photo


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


def read_real(data: Path) -> list[RealPhoto]:
    """The hand-labelled photos of ``real_masked``."""
    folder = data / "real_masked"
    photos = []
    for entry in json.loads((folder / "labels.json").read_text())["images"]:
        pixels = read_photo(folder / f"{entry['id']}.jpg").rgb
        maps = []
        for face in entry["faces"]:
            region = np.zeros(pixels.shape[:2], np.uint8)
            outline = np.round(np.array(face["mask"]) * 16 - 8).astype(np.int32)
            cv2.fillPoly(region, [outline], 1, shift=4)
            maps.append(region > 0)
        photos.append(
            RealPhoto(
                pixels=pixels,
                boxes=np.array([face["face_box"] for face in entry["faces"]], float).reshape(-1, 4),
                ignored=np.array(entry.get("ignore", []), float).reshape(-1, 4),
                maps=maps,
                name=entry["id"],
            )
        )
    return photos

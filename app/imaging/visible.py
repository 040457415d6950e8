"""What a model may see of a face: the crop of the visible pixels and of nothing else.

Cut out plainly, a crop mixes the worn mask's colour into the pixels beside the map. Here the hidden
pixels are left out of every average, so that nothing made from the crop depends on them.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment


def visible_crop(
    photo: NDArray[np.unsignedinteger[Any]],
    hidden: NDArray[np.bool_],
    alignment: Alignment,
    size: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The aligned crop of a photo's visible pixels.

    Args:
        photo: (H, W, C) uint8 or uint16.
        hidden: (H, W) bool, True where a pixel must not be seen.
        alignment: of the face.
        size: side of the crop in pixels.

    Returns:
        The crop (size, size, C) float32 0..1, zero where nothing is visible, and the visible share of
        each of its pixels (size, size) float32 0..1. Beyond the photo's edge its last pixels repeat.
    """
    near, moved = alignment.surroundings(photo, size)
    hidden, _ = alignment.surroundings(hidden, size)
    full = float(np.iinfo(photo.dtype).max)
    if not hidden.any():
        crop = moved.crop(near, size).astype(np.float32) / np.float32(full)
        return crop, np.ones((size, size), np.float32)
    known = np.logical_not(hidden).view(np.uint8) * np.uint8(255)
    share = moved.crop(known, size).astype(np.float32) / np.float32(255)
    kept = cv2.copyTo(near, known).reshape(near.shape)  # zero where nothing is known
    crop = moved.crop(kept, size).astype(np.float32) / np.float32(full)
    crop = np.minimum(crop / np.maximum(share, np.float32(1 / 255))[..., None], np.float32(1))
    return crop, share

"""What a model may see of a face: the crop of the visible pixels and of nothing else.

Cut out plainly, a crop mixes the worn mask's colour into the pixels beside the map. Here the hidden
pixels are left out of every average, so that nothing made from the crop depends on them.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment

Scalar = TypeVar("Scalar", bound=np.generic)


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
    near, moved = surroundings(photo, alignment, size)
    hidden, _ = surroundings(hidden, alignment, size)
    full = float(np.iinfo(photo.dtype).max)
    if not hidden.any():
        crop = moved.crop(near, size).astype(np.float32) / np.float32(full)
        return crop, np.ones((size, size), np.float32)
    kept = near.copy()
    kept[hidden] = 0
    share = moved.crop(np.where(hidden, np.uint8(0), np.uint8(255)), size).astype(np.float32)
    share /= np.float32(255)
    crop = moved.crop(kept, size).astype(np.float32) / np.float32(full)
    crop = np.minimum(crop / np.maximum(share, np.float32(1 / 255))[..., None], np.float32(1))
    return crop, share


def surroundings(
    photo: NDArray[Scalar], alignment: Alignment, size: int
) -> tuple[NDArray[Scalar], Alignment]:
    """The part of a photo that a crop can touch, as a view, and the alignment from there.

    Args:
        photo: (H, W[, C]).
        alignment: from the whole photo.
        size: side of the crop that will be cut.
    """
    height, width = photo.shape[:2]
    # Interpolation and area averaging look two crop pixels further.
    margin = int(np.ceil(2 * max(1.0, alignment.crop_size_in_photo / size))) + 1
    corners = alignment.corners()
    low = np.floor(corners.min(axis=0)) - margin
    high = np.ceil(corners.max(axis=0)) + margin
    x0, y0 = np.clip(low, 0, [width - 1, height - 1]).astype(int).tolist()
    x1, y1 = np.clip(high, [x0 + 1, y0 + 1], [width, height]).astype(int).tolist()
    matrix = alignment.matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ np.array([x0, y0], dtype=np.float64)
    return photo[y0:y1, x0:x1], Alignment(matrix)

"""How uncertain a reconstruction is, pixel by pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment
from app.imaging.edit import bounding_rectangle
from app.imaging.errors import MapError
from app.imaging.spans import polygon

FULL_SPREAD = 0.25
"""What is drawn as 255. It is fixed, so that two pictures can be compared. The unit depends on the
model: the standard deviation of its hypotheses or, where it states one, half the width of an interval
that holds the truth with a known frequency."""


def spread(hypotheses: NDArray[np.float32]) -> NDArray[np.float32]:
    """The standard deviation over the hypotheses, averaged over the channels.

    Args:
        hypotheses: (K, S, S, C) float32 0..1.

    Returns:
        (S, S) float32, 0..0.5; zero for a single hypothesis.
    """
    return np.asarray(hypotheses.std(axis=0, dtype=np.float64).mean(axis=-1), np.float32)


def uncertainty_picture(
    spread: NDArray[np.float32], map: NDArray[np.bool_], alignment: Alignment
) -> NDArray[np.uint8]:
    """The uncertainty of one face in the photo's geometry.

    Args:
        spread: (S, S) float32 from :func:`spread`, or the interval's half width.
        map: (H, W) bool of the photo's size.
        alignment: of the hypotheses.

    Returns:
        (H, W) uint8: 0 is no spread, 255 is :data:`FULL_SPREAD` or more; 0 outside map and crop.

    Raises:
        MapError: the map is no (H, W) raster.
    """
    if map.ndim != 2:
        raise MapError("The uncertainty needs a map of height x width; pass the photo's own map.")
    height, width = map.shape
    heat = np.zeros((height, width), np.uint8)
    corners = alignment.rectangle(width, height)
    mapped = bounding_rectangle(map)
    x0, y0 = max(corners[0], mapped[0]), max(corners[1], mapped[1])
    x1, y1 = min(corners[2], mapped[2]), min(corners[3], mapped[3])
    if x1 <= x0 or y1 <= y0:
        return heat
    inside = np.zeros((y1 - y0, x1 - x0), np.bool_)
    quadrangle = alignment.corners() - np.array([x0, y0])
    polygon(quadrangle, width=x1 - x0, height=y1 - y0).fill(inside, True)
    inside &= map[y0:y1, x0:x1]
    # Linear, because cubic would overshoot below zero spread.
    values = alignment.paste_into(spread, (x0, y0, x1, y1), interpolation=cv2.INTER_LINEAR)
    scaled = np.clip(np.rint(values * np.float32(255 / FULL_SPREAD)), 0, 255).astype(np.uint8)
    np.copyto(heat[y0:y1, x0:x1], scaled, where=inside)
    return heat

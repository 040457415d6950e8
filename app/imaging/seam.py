"""Making a model's picture meet the photo at the map's edge.

A model that draws the whole face gets light and skin colour slightly wrong. How wrong is known just
outside the map, where photo and picture show the same. That difference is carried smoothly inward,
and fades. Models that copy the visible face into their picture need no correction and get none.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = 128
"""Side of the crop, in pixels, on which seams are matched: only slow changes of colour are wanted."""

NEAR, FAR = 0.015, 0.07
"""The ring around the map in which photo and picture are compared, in fractions of the crop. It starts
away from the map, because a map a little too small leaves the mask's rim outside."""

LIMIT = 0.15
"""A larger difference is no error of light but of content: hair, collar, background."""

EVEN = 0.015
"""How much the difference may vary within a cell before the cell counts for less: an error of light is
even, an error of content is not."""

_CELL = 8
_FEWEST = 6


def seam_offset(
    visible: NDArray[np.float32],
    share: NDArray[np.float32],
    picture: NDArray[np.float32],
    *,
    reach: float,
) -> NDArray[np.float32]:
    """What to add to a picture so that it meets the visible face around the map.

    Args:
        visible: (S, S, C) float32 0..1, the crop of the visible photo.
        share: (S, S) float32, 1 where it is visible, 0 where it is hidden or outside the photo.
        picture: (S, S, C) float32 0..1, the model's.
        reach: how far inward the correction is felt, as a fraction of the crop.

    Returns:
        (S, S, C) float32; zero when there is nothing to compare with.
    """
    size = share.shape[0]
    known = (share >= 0.999).astype(np.uint8)
    if known.all() or not known.any():
        return np.zeros_like(picture)
    outside = _distances(known) / size
    ring = (outside >= NEAR) & (outside <= FAR)
    measured = _medians(visible - picture, ring)
    if measured is None:
        return np.zeros_like(picture)
    values, weights = measured
    # Where no weight reaches, the median of all takes over.
    sigma = size / 10
    overall = np.median(values[weights > 0], axis=0).astype(np.float32)
    summed = cv2.GaussianBlur(values * weights[..., None], (0, 0), sigma).reshape(values.shape)
    weight = cv2.GaussianBlur(weights, (0, 0), sigma)[..., None]
    faith = np.float32(1e-4)
    field = (summed + faith * overall) / (weight + faith)
    inside = _distances(1 - known) / size
    fading = np.exp(-np.square(inside / reach))[..., None].astype(np.float32)
    return np.asarray(field * fading, np.float32)


def _distances(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Of every pixel (S, S) to the nearest zero, in pixels."""
    distances = cv2.distanceTransform(pixels, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # OpenCV's last digit depends on where the array lies in memory, and one step of a 16-bit picture on
    # that digit. Squares of distances between pixels are whole numbers.
    return np.sqrt(np.rint(np.square(distances)))


def _medians(
    difference: NDArray[np.float32], ring: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """The difference's median in every cell of the ring that shows an error of light.

    Returns:
        Values (S, S, C) and weights (S, S), both zero but at ring pixels; None where all the ring
        shows other things than the picture.
    """
    size = ring.shape[0]
    cells: list[tuple[slice, slice]] = []
    medians: list[NDArray[np.float32]] = []
    trust: list[float] = []
    for y in range(0, size, _CELL):
        for x in range(0, size, _CELL):
            cell = (slice(y, y + _CELL), slice(x, x + _CELL))
            chosen = difference[cell][ring[cell]]
            if len(chosen) < _FEWEST:
                continue
            median = np.median(chosen, axis=0).astype(np.float32)
            unevenness = float(np.abs(chosen - median).mean())
            cells.append(cell)
            medians.append(median)
            trust.append(1 / (1 + (unevenness / EVEN) ** 2))
    if not cells:
        return None
    found = np.stack(medians)
    # Hair, a strap or the mask's rim in a cell must not colour the cheek beside it.
    middle = np.median(found, axis=0)
    spread = 1.4826 * np.median(np.abs(found - middle), axis=0) + 0.01
    light = ((np.abs(found - middle) <= 2 * spread) & (np.abs(found) <= LIMIT)).all(axis=1)
    if not light.any():
        return None
    values = np.zeros_like(difference)
    weights = np.zeros(ring.shape, np.float32)
    for index in np.flatnonzero(light).tolist():
        cell = cells[index]
        values[cell] = np.where(ring[cell][..., None], found[index], np.float32(0))
        weights[cell] = np.where(ring[cell], np.float32(trust[index]), np.float32(0))
    return values, weights

"""No step at the map's edge.

Beside a mask stays a rim of a pixel or two that is neither skin nor mask: shadow, the mixture of both,
the mask's colour smeared by JPEG. What of it lies outside the map is the photo's and stays. Drawn skin
that begins at once beside it makes a sharp line of it; here the drawn skin begins with the rim's colour
and goes over into its own within a few pixels (feathering, inside the map alone).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

REACH = 0.008
"""Way from the edge on which the rim's colour falls to 1/e, as a fraction of the crop's side."""

LEAST, MOST = 1.0, 3.0
"""The same in photo pixels, at least and at most: rims are as wide as JPEG and sharpening make them."""

FADED = 3.0
"""Reaches from the edge where nothing is left of it."""

RIM, CONTENT = 0.1, 0.25
"""Differences of photo and picture (root mean square of the channels, of full range) up to which it is a
rim, and from which on it is something else: hair, a collar, what is behind the face."""

LEVELS = np.float32(1 << 16)
"""So finely are differences counted, of full range: as a 16-bit photo has them."""


def reach_of(crop_size: float) -> float:
    """The reach in photo pixels for a crop with a side of so many photo pixels."""
    return min(max(REACH * crop_size, LEAST), MOST)


def margin_of(reach: float) -> int:
    """Photo pixels around a region that :func:`edge_offset` has to see to be exact in the region."""
    return int(np.ceil(FADED * reach)) + round(reach) + 2


def edge_offset(
    photo: NDArray[np.float32],
    drawn: NDArray[np.float32],
    hidden: NDArray[np.bool_],
    known: NDArray[np.bool_],
    *,
    reach: float,
) -> NDArray[np.float32]:
    """What to add to a picture so that it begins, at the map's edge, with what is beside it.

    Args:
        photo: (H, W, C) float32 0..1, a region of the photo.
        drawn: (H, W, C) float32 0..1, the picture there, a pixel beyond the edge as well.
        hidden: (H, W) bool, all that is unknown in the photo; nothing depends on the photo there.
        known: (H, W) bool, where `drawn` is the model's.
        reach: see :func:`reach_of`.

    Returns:
        (H, W, C) float32, zero outside `hidden` and from FADED reaches on.
    """
    offset = np.zeros_like(drawn)
    rim = ~hidden & known & (cv2.dilate(hidden.view(np.uint8), _SQUARE) > 0)
    if not rim.any():
        return offset
    away = np.where(rim[..., None], photo - drawn, np.float32(0))
    size = np.sqrt(np.square(away).mean(axis=2))
    trust = np.clip((CONTENT - size) / (CONTENT - RIM), 0, 1)
    # Along the edge, so that the photo's grain does not go on as streaks. Sums are those of whole
    # numbers below 2 ** 24, so that the order in which they are added does not matter.
    side = 2 * round(reach) + 1
    seen = cv2.boxFilter(rim.astype(np.float32), -1, (side, side), normalize=False)
    counted = np.rint(away * trust[..., None] * LEVELS).astype(np.float32)
    total = cv2.boxFilter(counted, -1, (side, side), normalize=False).reshape(away.shape)
    values = total / (np.maximum(seen, 1) * LEVELS)[..., None]
    distance, label = cv2.distanceTransformWithLabels(
        hidden.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    places = np.zeros(int(label.max()) + 1, np.intp)
    visible = np.flatnonzero(~hidden)
    places[label.ravel()[visible]] = visible
    near = hidden & (distance <= FADED * reach)
    fade = np.exp(-(distance[near] - 1) / np.float32(reach))
    nearest = places[label[near]]
    offset[near] = values.reshape(-1, values.shape[2])[nearest] * fade[:, None]
    return offset


_SQUARE = np.ones((3, 3), np.uint8)

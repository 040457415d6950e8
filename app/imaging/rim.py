"""The rim of a mask: pixels at its edge that are part mask and part skin, and shadow and halo beside it.

What a camera sees at an edge is a mixture of both sides (the compositing equation: Porter & Duff 1984);
where a mask lies on skin it throws a thin shadow, and where a photo was sharpened or its colours were
compressed, the skin beside a mask is lighter than skin, or of another colour. Left outside the map these
pixels surround whatever is drawn inside as a line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

WINDOW = 9
"""Side, in pixels, of the squares whose mean colours stand for mask and surroundings."""

BESIDE = 3
"""Pixels from a map's edge on which colours are surely those of the surroundings."""

SEEN = 2
"""Pixels of a square that have to be mask, or surroundings, for a mean colour."""

SHADOW_BESIDE = 4
"""The same as BESIDE for what shadows are compared with, which reach further than the mixture."""

HALO_WINDOW = 7
"""The same as WINDOW for what halos are compared with: a face's own shading changes less over it."""

EVEN = 2.0
"""How many times as far from its surroundings' mean as these are themselves, a pixel has to be to
stand out of them."""

GAP = 5
"""Side, in pixels, of the gaps along an edge that are filled: what is left in them is seen as dashes."""

Pixels = NDArray[np.bool_]
Values = NDArray[np.uint8] | NDArray[np.float32]


@dataclass(frozen=True)
class Step:
    """What has to be seen in a pixel beside a map for the map to take it along.

    Attributes:
        mask: by more than how many levels the mask changes it, see :func:`levels_of_mask`.
        shadow: or by more than how many levels it is darker than the surroundings, see
            :func:`levels_of_shadow`.
        halo: or by more than how many levels it stands out of even surroundings, see
            :func:`levels_of_halo`.
    """

    mask: float
    shadow: float = math.inf
    halo: float = math.inf

    @property
    def beside(self) -> bool:
        """Whether more than the mixture is looked for."""
        return math.isfinite(self.shadow) or math.isfinite(self.halo)


def with_rim(
    map: Pixels, photo_rgb: NDArray[np.uint8], *, steps: Sequence[Step]
) -> NDArray[np.bool_]:
    """Take the pixels of the edge into a map in which the mask, its shadow or a halo can be seen.

    Args:
        map: (H, W) bool.
        photo_rgb: (H, W, 3) uint8.
        steps: one for every pixel that the map may grow by, outwards. Where shadows or halos are looked
            for, gaps of up to GAP pixels along the edge are filled at last.

    Returns:
        (H, W) bool; `map` and what was added. Where mask and surroundings have nearly the same colour
        nothing is added: there is no line to be seen either.
    """
    if not map.any() or not steps:
        return map
    rows, columns = (np.flatnonzero(map.any(axis=axis)) for axis in (1, 0))
    reach = WINDOW + BESIDE
    part = (
        slice(max(0, int(rows[0]) - reach), int(rows[-1]) + reach + 1),
        slice(max(0, int(columns[0]) - reach), int(columns[-1]) + reach + 1),
    )
    grown, seen = map.copy(), photo_rgb[part]
    inside = grown[part]
    for step in steps:
        ring = _dilated(inside) & ~inside
        taken = levels_of_mask(inside, seen, ring) > step.mask
        if math.isfinite(step.shadow):
            taken |= levels_of_shadow(inside, seen, ring) > step.shadow
        if math.isfinite(step.halo):
            taken |= levels_of_halo(inside, seen, ring) > step.halo
        inside |= ring & taken
    if any(step.beside for step in steps):
        inside |= _without_gaps(inside) & _dilated(map[part], len(steps) + 1)
    return grown


def levels_of_mask(
    map: Pixels, photo_rgb: NDArray[np.uint8], at: Pixels | None = None
) -> NDArray[np.float32]:
    """By how much the mask's colour changes every pixel at the edge of a map.

    Args:
        map: (H, W) bool.
        photo_rgb: (H, W, 3) uint8.
        at: (H, W) bool, the pixels to look at; all unless given.

    Returns:
        (H, W) float32, a distance of colours of which black and pure red are 255 apart: from
        the surroundings nearby to the mixture of them and the mask that is nearest to the pixel. At most
        the distance of mask and surroundings; negative where a pixel is unlike the mask; 0 where either
        is not seen nearby, and where nobody looks. Bit for bit the same for any number of threads and
        wherever the arrays lie in memory.
    """
    core = cv2.erode(map.astype(np.uint8), _SQUARE) > 0
    places = _places(map, at)
    (mask, near_mask), (other, near_other) = (
        _local(photo_rgb, part, places) for part in (core, _far(map, BESIDE))
    )
    line = mask - other
    length = np.sqrt(_dot(line, line))
    away = photo_rgb[places].astype(np.float32) - other
    levels = _dot(away, line) / np.maximum(length, np.float32(1))
    known = (near_mask >= SEEN) & (near_other >= SEEN)
    return _spread(np.where(known, np.minimum(levels, length), 0), places, map)


def levels_of_shadow(
    map: Pixels, photo_rgb: NDArray[np.uint8], at: Pixels | None = None
) -> NDArray[np.float32]:
    """By how much every pixel at the edge of a map is darker than the surroundings nearby.

    Args:
        map, photo_rgb, at: as for :func:`levels_of_mask`.

    Returns:
        (H, W) float32 in grey levels (ITU-R BT.601), negative where a pixel is brighter; 0 where no
        surroundings are seen nearby. A dark thing that is broader than a shadow is its own
        surroundings. As exact as :func:`levels_of_mask`.
    """
    grey = cast(NDArray[np.uint8], cv2.cvtColor(photo_rgb, cv2.COLOR_RGB2GRAY))
    places = _places(map, at)
    other, near = _local(grey[..., None], _far(map, SHADOW_BESIDE), places)
    darker = other[:, 0] - grey[places].astype(np.float32)
    return _spread(np.where(near > SEEN, darker, 0), places, map)


def levels_of_halo(
    map: Pixels, photo_rgb: NDArray[np.uint8], at: Pixels | None = None
) -> NDArray[np.float32]:
    """By how much every pixel at the edge of a map stands out of the surroundings nearby.

    Args:
        map, photo_rgb, at: as for :func:`levels_of_mask`.

    Returns:
        (H, W) float32, the root mean square of the channels' distances from the surroundings' mean
        colour; 0 where that is less than EVEN times the surroundings' own (hair, glasses, the edge of
        something behind), and where no surroundings are seen nearby. As exact as
        :func:`levels_of_mask`.
    """
    far, places = _far(map, BESIDE), _places(map, at)
    mean, near = _local(photo_rgb, far, places, HALO_WINDOW)
    colours = photo_rgb.astype(np.float32)
    # Whole numbers below 2 ** 24, which 32 bits hold exactly.
    squares, _ = _local(_dot(colours, colours)[..., None], far, places, HALO_WINDOW)
    variance = np.maximum(squares[:, 0] - _dot(mean, mean), np.float32(0))
    away = colours[places] - mean
    distance = _dot(away, away)
    stands_out = (near > SEEN) & (distance > np.float32(EVEN**2) * variance)
    return _spread(np.where(stands_out, np.sqrt(distance / np.float32(3)), 0), places, map)


def _without_gaps(map: Pixels) -> Pixels:
    """A map whose edge has no notches of up to GAP pixels."""
    round_ = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (GAP, GAP))
    return cv2.morphologyEx(map.astype(np.uint8), cv2.MORPH_CLOSE, round_) > 0


_SQUARE = np.ones((3, 3), np.uint8)


def _dilated(map: Pixels, times: int = 1) -> Pixels:
    return cv2.dilate(map.astype(np.uint8), _SQUARE, iterations=times) > 0


def _far(map: Pixels, beside: int) -> Pixels:
    """What lies at least so many pixels from a map."""
    return ~_dilated(map, beside - 1)


Places = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns of N pixels."""


def _places(map: Pixels, at: Pixels | None) -> Places:
    rows, columns = np.nonzero(np.ones_like(map) if at is None else at)
    return rows, columns


def _spread(values: NDArray[np.float32], places: Places, map: Pixels) -> NDArray[np.float32]:
    """(N,) values at their places in (H, W), 0 elsewhere."""
    spread = np.zeros(map.shape, np.float32)
    spread[places] = values
    return spread


def _local(
    values: Values, part: Pixels, places: Places, window: int = WINDOW
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The mean (N, C) of (H, W, C) values in a part of the pixels around places, and how many they are.

    Sums are those of whole numbers, so that the order in which they are added does not matter.
    """
    weight = part.view(np.uint8)
    count = _total(weight, window)[places]
    kept = cast(Values, cv2.bitwise_and(values, values, mask=weight))
    total = _total(kept, window)[places].reshape(len(count), values.shape[2])
    mean = total / np.maximum(count, np.float32(1))[:, None]
    return mean.astype(np.float32, copy=False), count


def _total(values: Values, window: int) -> NDArray[np.float32]:
    """Sums over the square with that side around every pixel."""
    summed = cv2.boxFilter(values, cv2.CV_32F, (window, window), normalize=False)
    return summed.astype(np.float32, copy=False)


def _dot(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of colours (..., 3), added in one order: a sum over an axis may take any."""
    red, green, blue = (one[..., index] * other[..., index] for index in range(3))
    return np.asarray(red + green + blue, np.float32)

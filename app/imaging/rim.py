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
"""The same as BESIDE for what shadows and halos are compared with: they reach further."""

EVEN = 2.0
"""How many times as far from its surroundings' mean as these are themselves, a pixel has to be to
stand out of them."""

GAP = 5
"""Side, in pixels, of the gaps along an edge that are filled: what is left in them is seen as dashes."""

Pixels = NDArray[np.bool_]


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
        taken = levels_of_mask(inside, seen) > step.mask
        if math.isfinite(step.shadow):
            taken |= levels_of_shadow(inside, seen) > step.shadow
        if math.isfinite(step.halo):
            taken |= levels_of_halo(inside, seen) > step.halo
        inside |= _dilated(inside) & taken
    if any(step.beside for step in steps):
        inside |= _without_gaps(inside) & _dilated(map[part], len(steps) + 1)
    return grown


def levels_of_mask(map: Pixels, photo_rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """By how much the mask's colour changes every pixel at the edge of a map.

    Args:
        map: (H, W) bool.
        photo_rgb: (H, W, 3) uint8.

    Returns:
        (H, W) float32, a distance of colours of which black and pure red are 255 apart: from
        the surroundings nearby to the mixture of them and the mask that is nearest to the pixel. At most
        the distance of mask and surroundings; negative where a pixel is unlike the mask; 0 where either
        is not seen nearby. Bit for bit the same for any number of threads and wherever the arrays
        lie in memory.
    """
    colours = photo_rgb.astype(np.float32)
    core = cv2.erode(map.astype(np.uint8), _SQUARE) > 0
    far = ~_dilated(map, BESIDE - 1)
    (mask, near_mask), (other, near_other) = (_local(colours, part) for part in (core, far))
    line = mask - other
    length = np.sqrt(_dot(line, line))
    levels = _dot(colours - other, line) / np.maximum(length, np.float32(1))
    known = (near_mask >= SEEN) & (near_other >= SEEN)
    return np.where(known, np.minimum(levels, length), np.float32(0)).astype(np.float32)


def levels_of_shadow(map: Pixels, photo_rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """By how much every pixel at the edge of a map is darker than the surroundings nearby.

    Args:
        map: (H, W) bool.
        photo_rgb: (H, W, 3) uint8.

    Returns:
        (H, W) float32 in grey levels (ITU-R BT.601), negative where a pixel is brighter; 0 where no
        surroundings are seen nearby. A dark thing that is broader than a shadow is its own
        surroundings. As exact as :func:`levels_of_mask`.
    """
    grey = cv2.cvtColor(photo_rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    far = (~_dilated(map, SHADOW_BESIDE - 1)).astype(np.float32)
    near = _total(far)
    other = _total(grey * far) / np.maximum(near, np.float32(1))
    return np.where(near > SEEN, other - grey, np.float32(0)).astype(np.float32)


def levels_of_halo(map: Pixels, photo_rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """By how much every pixel at the edge of a map stands out of the surroundings nearby.

    Args:
        map: (H, W) bool.
        photo_rgb: (H, W, 3) uint8.

    Returns:
        (H, W) float32, the root mean square of the channels' distances from the surroundings' mean
        colour; 0 where that is less than EVEN times the surroundings' own (hair, glasses, the edge of
        something behind), and where no surroundings are seen nearby. As exact as
        :func:`levels_of_mask`.
    """
    colours = photo_rgb.astype(np.float32)
    far = ~_dilated(map, SHADOW_BESIDE - 1)
    mean, near = _local(colours, far)
    # Whole numbers below 2 ** 24, which 32 bits hold exactly.
    squares = _total(_dot(colours, colours) * far) / np.maximum(near, np.float32(1))
    variance = np.maximum(squares - _dot(mean, mean), np.float32(0))
    away = colours - mean
    distance = _dot(away, away)
    stands_out = (near >= SEEN) & (distance > np.float32(EVEN**2) * variance)
    return np.where(stands_out, np.sqrt(distance / np.float32(3)), np.float32(0)).astype(np.float32)


def _without_gaps(map: Pixels) -> Pixels:
    """A map whose edge has no notches of up to GAP pixels."""
    round_ = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (GAP, GAP))
    return cv2.morphologyEx(map.astype(np.uint8), cv2.MORPH_CLOSE, round_) > 0


_SQUARE = np.ones((3, 3), np.uint8)


def _dilated(map: Pixels, times: int = 1) -> Pixels:
    return cv2.dilate(map.astype(np.uint8), _SQUARE, iterations=times) > 0


def _local(
    colours: NDArray[np.float32], part: Pixels
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The mean colour of a part of the pixels around every pixel, and how many of them there are."""

    weight = part.astype(np.float32)
    count = _total(weight)
    mean = _total(colours * weight[..., None]) / np.maximum(count, np.float32(1))[..., None]
    return mean.astype(np.float32, copy=False), count


def _total(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums over the square around every pixel.

    Of whole numbers, so that the order in which they are added does not matter.
    """
    summed = cv2.boxFilter(values, cv2.CV_32F, (WINDOW, WINDOW), normalize=False)
    return summed.astype(np.float32, copy=False)


def _dot(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of colours (H, W, 3), added in one order: a sum over an axis may take any."""
    red, green, blue = (one[..., index] * other[..., index] for index in range(3))
    return np.asarray(red + green + blue, np.float32)

"""A brush stroke while it is drawn: cheap at every mouse event, one edit at its end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.imaging.edit import EMPTY, Edit, Rectangle, bounding_rectangle, join
from app.imaging.spans import capsule

if TYPE_CHECKING:
    from app.imaging.map import BinaryMap

LEAST_PRESSURE = 0.05
"""A pen that barely touches still draws with this share of the radius."""

_TAPER = 0.5
"""A brush that changes its radius does so in steps of this many pixels: too fine to be seen."""

_MOST_TAPERS = 24

_TILE = 256
"""Side of the squares whose original bits are kept; a multiple of 8, so that tiles pack bytewise."""


class StrokeSession:
    """One stroke of a round brush or eraser on a map, extended point by point.

    The original bits are kept tile by tile, when the stroke first reaches a tile: neither the start
    of a stroke nor an event costs more on a large map than on a small one.
    """

    def __init__(self, map_: BinaryMap, radius: float, value: bool) -> None:
        """Begin a stroke; nothing changes before the first point.

        Args:
            map_: the map to draw on; nothing else may edit it until :meth:`finish`.
            radius: of the brush, in photo pixels.
            value: True paints, False erases.
        """
        self._map = map_
        self._radius = float(radius)
        self._value = bool(value)
        self._last: tuple[float, float] | None = None
        self._last_radius = self._radius
        self._kept: dict[tuple[int, int], NDArray[np.bool_]] = {}

    def extend(self, x: float, y: float, pressure: float = 1.0) -> Rectangle:
        """Draw on to a point in photo coordinates, which may lie outside the photo.

        Args:
            x, y: the point.
            pressure: 0..1 of a pen; scales the radius, which changes evenly since the last point.

        Returns:
            The rectangle to redraw; empty when the step lies outside the photo.
        """
        point = (float(x), float(y))
        radius = self._radius * min(max(pressure, LEAST_PRESSURE), 1.0)
        start, first = (point, radius) if self._last is None else (self._last, self._last_radius)
        steps = min(max(math.ceil(abs(radius - first) / _TAPER), 1), _MOST_TAPERS)
        around = EMPTY
        for number in range(steps):
            end = _between(start, point, (number + 1) / steps)
            spans = capsule(
                _between(start, point, number / steps),
                end,
                radius=first + (radius - first) * (number + 1) / steps,
                width=self._map.width,
                height=self._map.height,
            )
            rectangle = spans.rectangle
            self._keep(rectangle)
            spans.fill(self._map.pixels, self._value)
            around = join(around, rectangle)
        self._last, self._last_radius = point, radius
        return around

    def finish(self) -> Edit | None:
        """End the stroke.

        Returns:
            What the whole stroke changed, or None when it changed nothing. The session is empty
            afterwards and may be used for another stroke.
        """
        differences: dict[tuple[int, int], NDArray[np.bool_]] = {}
        around = EMPTY
        for (x, y), before in self._kept.items():
            now = self._map.pixels[y : y + _TILE, x : x + _TILE]
            difference = np.logical_xor(before, now)
            rectangle = bounding_rectangle(difference, x=x, y=y)
            if rectangle != EMPTY:
                differences[x, y] = difference
                around = join(around, rectangle)
        self._kept.clear()
        self._last = None
        if not differences:
            return None
        # Packed tile by tile: starting on a whole byte, every tile lands on whole bytes.
        x0, y0, x1, y1 = around[0] // 8 * 8, around[1], around[2], around[3]
        packed = np.zeros((y1 - y0, (x1 - x0 + 7) // 8), np.uint8)
        for (x, y), difference in differences.items():
            left, top = max(x, x0), max(y, y0)
            part = difference[top - y : y1 - y, left - x : x1 - x]
            bits = np.packbits(part, axis=1)
            column = (left - x0) // 8
            packed[top - y0 : top - y0 + len(bits), column : column + bits.shape[1]] = bits
        return Edit(rectangle=(x0, y0, x1, y1), packed=packed)

    def cancel(self) -> Rectangle:
        """Take the stroke back.

        Returns:
            The rectangle to redraw.
        """
        edit = self.finish()
        if edit is None:
            return EMPTY
        edit.apply(self._map)
        return edit.rectangle

    def _keep(self, rectangle: Rectangle) -> None:
        """Remember the original bits of every tile that a step is about to touch."""
        x0, y0, x1, y1 = rectangle
        for y in range(y0 // _TILE * _TILE, y1, _TILE):
            for x in range(x0 // _TILE * _TILE, x1, _TILE):
                if (x, y) not in self._kept:
                    self._kept[x, y] = self._map.pixels[y : y + _TILE, x : x + _TILE].copy()


def _between(
    start: tuple[float, float], end: tuple[float, float], part: float
) -> tuple[float, float]:
    """The point that lies a part 0..1 of the way from start to end; exactly the end at 1."""
    if part >= 1:
        return end
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part

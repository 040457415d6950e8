"""One change of a map: a rectangle and the packed bits that differ in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.errors import MapError

if TYPE_CHECKING:
    from app.imaging.map import BinaryMap

Rectangle = tuple[int, int, int, int]
"""x0, y0, x1, y1 in photo pixels; x1 and y1 lie one past the last pixel. Empty when x1 <= x0."""

EMPTY: Rectangle = (0, 0, 0, 0)

_BAND_PIXELS = 1 << 18
"""Rows are worked on in bands of so many pixels, which stay in the processor's cache."""

_PART_ROWS = 256
"""Rows of one of an edit's parts before it is joined to the one above."""

_JOINED = 1.25
"""Parts are joined while they become no larger than so many times what they hold by themselves."""


def join(first: Rectangle, second: Rectangle) -> Rectangle:
    """The smallest rectangle around two; an empty one adds nothing."""
    if first[2] <= first[0] or first[3] <= first[1]:
        return second
    if second[2] <= second[0] or second[3] <= second[1]:
        return first
    return (
        min(first[0], second[0]),
        min(first[1], second[1]),
        max(first[2], second[2]),
        max(first[3], second[3]),
    )


def bounding_rectangle(pixels: NDArray[np.bool_], *, x: int = 0, y: int = 0) -> Rectangle:
    """The tight rectangle around the true pixels of (H, W) bool whose top left lies at x, y."""
    left, top, width, height = cv2.boundingRect(pixels.view(np.uint8))
    if width == 0 or height == 0:
        return EMPTY
    return (x + left, y + top, x + left + width, y + top + height)


def _area(rectangle: Rectangle) -> int:
    return (rectangle[2] - rectangle[0]) * (rectangle[3] - rectangle[1])


def bands(height: int, width: int) -> Iterator[tuple[int, int]]:
    """First and last + 1 of the rows of each band, from the top."""
    rows = max(1, _BAND_PIXELS // max(width, 1))
    for top in range(0, height, rows):
        yield top, min(top + rows, height)


@dataclass(frozen=True, kw_only=True, eq=False)
class Edit:
    """The difference an operation made to a map. Applying it twice changes nothing.

    Attributes:
        rectangle: where the map differs.
        packed: (h, ceil(w / 8)) uint8, the rows of the rectangle's XOR by ``np.packbits``.
    """

    rectangle: Rectangle
    packed: NDArray[np.uint8]

    @classmethod
    def between(
        cls, before: NDArray[np.bool_], after: NDArray[np.bool_], *, x: int, y: int
    ) -> Edit | None:
        """The edit that leads from one (h, w) bool to the other; None when they are equal.

        Args:
            before, after: the same part of the map, its top left at x, y.
        """
        height, width = before.shape
        changes = Changes((x, y, x + width, y + height))
        for top, bottom in bands(height, width):
            changes.add(top, np.logical_xor(before[top:bottom], after[top:bottom]))
        return changes.edit()

    @property
    def nbytes(self) -> int:
        """Memory the edit holds, in bytes."""
        return int(self.packed.nbytes)

    def apply(self, map_: BinaryMap) -> None:
        """Change the map in place; the same call undoes and redoes.

        Raises:
            MapError: the edit belongs to a larger map.
        """
        x0, y0, x1, y1 = self.rectangle
        if x1 > map_.width or y1 > map_.height:
            raise MapError(
                f"This edit reaches to {x1} x {y1}, but the map has {map_.width} x {map_.height}"
                " pixels; clear the history when the photo changes."
            )
        for left, top, right, bottom in self.parts:
            width, first = right - left, (left - x0) // 8
            columns = slice(first, first + (width + 7) // 8)
            for upper, lower in bands(bottom - top, width):
                packed = self.packed[top - y0 + upper : top - y0 + lower, columns]
                part = map_.pixels[top + upper : top + lower, left:right]
                if packed.min() == 255:  # all of it, as after an inversion: no bits to unpack
                    np.logical_not(part, out=part)
                else:
                    difference = np.unpackbits(packed, axis=1, count=width).view(np.bool_)
                    np.logical_xor(part, difference, out=part)

    @cached_property
    def parts(self) -> tuple[Rectangle, ...]:
        """Rectangles one below the other that hold all that differs.

        Of a long stroke's own rectangle most holds nothing; an edit of the whole map is one part, so
        that who hears of it has one rectangle to redraw.
        """
        x0, y0, x1, y1 = self.rectangle
        parts: list[Rectangle] = []
        held = 0  # pixels of what the last part was joined from
        for top in range(0, y1 - y0, _PART_ROWS):
            rows = self.packed[top : top + _PART_ROWS]
            columns = np.flatnonzero(rows.any(axis=0))
            if not len(columns):
                continue
            left, right = x0 + 8 * int(columns[0]), min(x0 + 8 * int(columns[-1]) + 8, x1)
            part = (left, y0 + top, right, y0 + top + len(rows))
            both = join(parts[-1], part) if parts else part
            if parts and _area(both) <= _JOINED * (held + _area(part)):
                parts[-1], held = both, held + _area(part)
            else:
                parts.append(part)
                held = _area(part)
        return tuple(parts)


class Changes:
    """Gathers what differs in a rectangle, band by band, into one edit.

    Only packed bits are kept: an edit of 60 megapixels needs 8 MB and not three times 60.
    """

    def __init__(self, rectangle: Rectangle) -> None:
        """
        Args:
            rectangle: of the map, not empty.
        """
        self._rectangle = rectangle
        x0, y0, x1, y1 = rectangle
        self._packed: NDArray[np.uint8] = np.zeros((y1 - y0, (x1 - x0 + 7) // 8), np.uint8)
        self._around = EMPTY

    def add(self, top: int, difference: NDArray[np.bool_]) -> None:
        """Take in the rows from the `top`-th on: (h, w) bool, True where the map differs."""
        around = bounding_rectangle(difference, x=self._rectangle[0], y=self._rectangle[1] + top)
        if around != EMPTY:
            self._packed[top : top + len(difference)] = np.packbits(difference, axis=1)
            self._around = join(self._around, around)

    def edit(self) -> Edit | None:
        """All of it; None when nothing differs."""
        if self._around == EMPTY:
            return None
        x0, y0, x1, y1 = self._around
        left, top = self._rectangle[:2]
        # Cut to the tight rectangle; bits are moved only where it does not begin with a whole byte.
        first, shift = divmod(x0 - left, 8)
        rows = self._packed[y0 - top : y1 - top, first : (x1 - left + 7) // 8]
        if shift == 0:
            return Edit(rectangle=self._around, packed=rows.copy())
        moved = rows << np.uint8(shift)
        moved[:, :-1] |= rows[:, 1:] >> np.uint8(8 - shift)
        return Edit(rectangle=self._around, packed=moved[:, : (x1 - x0 + 7) // 8].copy())

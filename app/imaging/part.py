"""A rectangle of a picture, kept in place of the whole picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast, overload

import numpy as np
from numpy.typing import NDArray

from app.imaging.edit import Rectangle
from app.imaging.errors import CompositeError

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, kw_only=True, eq=False)
class Part(Generic[Value]):
    """What lies in one rectangle of a picture.

    Attributes:
        origin: x and y of the rectangle's upper left pixel in the picture.
        pixels: (h, w) or (h, w, C), read-only.
    """

    origin: tuple[int, int]
    pixels: NDArray[Value]

    @classmethod
    def cut(cls, picture: NDArray[Value], rectangle: Rectangle) -> Part[Value]:
        """Copy a rectangle (x0, y0, x1, y1) out of a picture (H, W) or (H, W, C)."""
        x0, y0, x1, y1 = rectangle
        pixels = picture[y0:y1, x0:x1].copy()
        pixels.flags.writeable = False
        return cls(origin=(x0, y0), pixels=pixels)

    @property
    def rectangle(self) -> Rectangle:
        """Where it lies: x0, y0, x1, y1."""
        x0, y0 = self.origin
        return x0, y0, x0 + self.pixels.shape[1], y0 + self.pixels.shape[0]

    def over(self, ground: NDArray[Value]) -> NDArray[Value]:
        """A copy of a picture with this part in its place."""
        whole = ground.copy()
        x0, y0, x1, y1 = self.rectangle
        whole[y0:y1, x0:x1] = self.pixels
        return whole

    def inside(self, rectangle: Rectangle, ground: NDArray[Value]) -> NDArray[Value]:
        """A copy of one rectangle (x0, y0, x1, y1) of :meth:`over`, without composing all of it."""
        x0, y0, x1, y1 = rectangle
        window = ground[y0:y1, x0:x1].copy()
        a0, b0, a1, b1 = self.rectangle
        left, top, right, bottom = max(a0, x0), max(b0, y0), min(a1, x1), min(b1, y1)
        if right > left and bottom > top:
            here = self.pixels[top - b0 : bottom - b0, left - a0 : right - a0]
            window[top - y0 : bottom - y0, left - x0 : right - x0] = here
        return window

    def over_zeros(self, height: int, width: int) -> NDArray[Value]:
        """A picture (height, width[, C]) that is zero but for this part."""
        whole = np.zeros((height, width, *self.pixels.shape[2:]), self.pixels.dtype)
        x0, y0, x1, y1 = self.rectangle
        whole[y0:y1, x0:x1] = self.pixels
        return whole


class Composites(Sequence[NDArray[np.unsignedinteger[Any]]]):
    """Pictures that differ from one ground inside one rectangle only, each composed when asked for.

    Four results of a photo of 24 megapixels would take 290 MB; the parts of their faces take a tenth.

    Attributes:
        ground: (H, W) or (H, W, C): the photo, or the drawing of it that sketches share.
        parts: one per picture.
    """

    def __init__(
        self,
        ground: NDArray[np.unsignedinteger[Any]],
        parts: Sequence[Part[np.unsignedinteger[Any]]],
    ) -> None:
        self.ground = ground
        self.parts = tuple(parts)

    def __len__(self) -> int:
        return len(self.parts)

    @overload
    def __getitem__(self, index: int) -> NDArray[np.unsignedinteger[Any]]: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[NDArray[np.unsignedinteger[Any]], ...]: ...

    def __getitem__(
        self, index: int | slice
    ) -> NDArray[np.unsignedinteger[Any]] | tuple[NDArray[np.unsignedinteger[Any]], ...]:
        """One picture in full, or several."""
        if isinstance(index, slice):
            return tuple(part.over(self.ground) for part in self.parts[index])
        return self.parts[index].over(self.ground)

    @property
    def nbytes(self) -> int:
        """Memory of the parts, in bytes."""
        return sum(part.pixels.nbytes for part in self.parts)


def check_same_outside(
    first: NDArray[np.generic], second: NDArray[np.generic], rectangle: Rectangle
) -> None:
    """Verify that two pictures are equal outside a rectangle (x0, y0, x1, y1).

    Raises:
        CompositeError: they are not. It cannot happen, and is checked.
    """
    x0, y0, x1, y1 = rectangle
    strips = (
        (slice(0, y0), slice(None)),
        (slice(y1, None), slice(None)),
        (slice(y0, y1), slice(0, x0)),
        (slice(y0, y1), slice(x1, None)),
    )
    for strip in strips:
        if not np.array_equal(cast(Any, first[strip]), cast(Any, second[strip])):
            raise CompositeError(
                "Two hypotheses would have differed outside the map, so they were thrown away; "
                "please report this."
            )

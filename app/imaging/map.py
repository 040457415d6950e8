"""The binary map: which pixels of a photo are hidden by the mask, and how an analyst corrects it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.edit import EMPTY, Changes, Edit, Rectangle, bands, bounding_rectangle
from app.imaging.errors import MapError, PhotoError
from app.imaging.history import FacesChange, History, Step
from app.imaging.photo import read_photo
from app.imaging.spans import polygon
from app.imaging.stroke import StrokeSession

__all__ = [
    "BinaryMap",
    "Edit",
    "FacesChange",
    "History",
    "Rectangle",
    "Step",
    "StrokeSession",
    "read_map_png",
]

SMOOTHING = 0.006
"""How much a map is smoothed, in longer sides of its rectangle."""


class BinaryMap:
    """A raster of the photo's size, edited in place.

    Every operation returns the :class:`Edit` it made, or None when nothing changed, and works only
    in the rectangle it concerns. Hand the edit to a :class:`History` to be able to undo it.

    Attributes:
        pixels: (H, W) bool, True where the mask hides the face.
    """

    def __init__(self, width: int, height: int) -> None:
        """An empty map.

        Args:
            width, height: the photo's size in pixels.

        Raises:
            MapError: the size is not positive.
        """
        if width < 1 or height < 1:
            raise MapError(
                f"A map of {width} x {height} pixels is not possible; open a photo first."
            )
        self.pixels: NDArray[np.bool_] = np.zeros((height, width), np.bool_)

    @classmethod
    def from_pixels(cls, pixels: NDArray[np.bool_]) -> BinaryMap:
        """A map that starts as a copy of (H, W) bool."""
        map_ = cls(pixels.shape[1], pixels.shape[0])
        map_.pixels[:] = pixels
        return map_

    @property
    def width(self) -> int:
        """The photo's width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """The photo's height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def rectangle(self) -> Rectangle:
        """The tight rectangle around the map; empty when nothing is mapped."""
        return bounding_rectangle(self.pixels)

    @property
    def empty(self) -> bool:
        """Whether no pixel is mapped."""
        return not self.pixels.any()

    def paint_stroke(
        self, points: NDArray[np.floating], radius: float, value: bool = True
    ) -> Edit | None:
        """Draw with a round brush along points, all at once.

        Args:
            points: (N, 2) photo coordinates; a single point gives a disc.
            radius: of the brush, in photo pixels.
            value: True paints, False erases.
        """
        session = StrokeSession(self, radius, value)
        for x, y in np.asarray(points, dtype=np.float64).reshape(-1, 2).tolist():
            session.extend(x, y)
        return session.finish()

    def fill_polygon(self, points: NDArray[np.floating], value: bool = True) -> Edit | None:
        """Fill a lasso's or polygon's inside by the even-odd rule.

        Args:
            points: (N, 2) photo coordinates, closed from the last to the first.
            value: True paints, False erases.
        """
        spans = polygon(points, width=self.width, height=self.height)
        x, y = spans.rectangle[:2]

        def fill(part: NDArray[np.bool_], top: int) -> None:
            spans.between(y + top, y + top + len(part)).fill(part, value, x=x, y=y + top)

        return self._change_rows(spans.rectangle, fill)

    def fill_holes(self) -> Edit | None:
        """Map every part that the map encloses. Parts open to the photo's edge are no holes."""
        rectangle = self.rectangle

        def fill(part: NDArray[np.bool_]) -> None:
            outside = cv2.copyMakeBorder(
                part.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0
            )
            cv2.floodFill(outside, None, (0, 0), 2, flags=4)
            np.not_equal(outside[1:-1, 1:-1], 2, out=part)

        return self._change(rectangle, fill)

    def grow(self, px: float = 1.0) -> Edit | None:
        """Map everything within `px` photo pixels of the map."""
        x0, y0, x1, y1 = self.rectangle
        if x1 <= x0 or px <= 0:
            return None
        reach = math.ceil(px)
        rectangle = (
            max(0, x0 - reach),
            max(0, y0 - reach),
            min(self.width, x1 + reach),
            min(self.height, y1 + reach),
        )
        return self._change(rectangle, lambda part: _grow(part, px))

    def shrink(self, px: float = 1.0) -> Edit | None:
        """Unmap everything within `px` photo pixels of the unmapped.

        The photo's edge is no border of the map: a mask that leaves the photo keeps its cut side.
        """
        x0, y0, x1, y1 = self.rectangle
        if x1 <= x0 or px <= 0:
            return None
        # One pixel more on every side, so that the map's own border is seen.
        rectangle = (
            max(0, x0 - 1),
            max(0, y0 - 1),
            min(self.width, x1 + 1),
            min(self.height, y1 + 1),
        )

        def shrink(part: NDArray[np.bool_]) -> None:
            if part.all():
                return
            np.logical_not(part, out=part)
            _grow(part, px)
            np.logical_not(part, out=part)

        return self._change(rectangle, shrink)

    def smooth(self, px: float) -> Edit | None:
        """Round off what is narrower than about `px` photo pixels: specks, notches, jagged edges.

        A Gaussian of that standard deviation, cut at one half: a straight edge stays where it is. The
        photo's edge is no border of the map.
        """
        x0, y0, x1, y1 = self.rectangle
        if x1 <= x0 or px <= 0:
            return None
        # The map cannot grow by more than a pixel or two; the blur sees everything it weighs.
        reach = math.ceil(3 * px)
        rectangle = (
            max(0, x0 - reach),
            max(0, y0 - reach),
            min(self.width, x1 + reach),
            min(self.height, y1 + reach),
        )

        def smooth(part: NDArray[np.bool_]) -> None:
            levels = part.view(np.uint8) * np.uint8(255)
            blurred = cv2.GaussianBlur(levels, (0, 0), px, borderType=cv2.BORDER_REPLICATE)
            np.greater_equal(blurred, 128, out=part)

        return self._change(rectangle, smooth)

    def smooth_edges(self) -> Edit | None:
        """Smooth by what suits the map's size: what is small beside it is roughness, not shape."""
        x0, y0, x1, y1 = self.rectangle
        return self.smooth(max(1.0, SMOOTHING * max(x1 - x0, y1 - y0)))

    def combine(
        self, rectangle: Rectangle, pixels: NDArray[np.bool_], value: bool = True
    ) -> Edit | None:
        """Map (True) or unmap (False) the set pixels of a part of the photo.

        Args:
            rectangle: the part, inside the photo.
            pixels: (h, w) bool of its size.
            value: what the set pixels become.
        """

        def combine(part: NDArray[np.bool_], top: int) -> None:
            np.copyto(part, value, where=pixels[top : top + len(part)])

        return self._change_rows(rectangle, combine)

    def invert(self, rectangle: Rectangle | None = None) -> Edit | None:
        """Exchange mapped and unmapped in a rectangle (default: everywhere), clipped to the photo."""

        def invert(part: NDArray[np.bool_], _top: int) -> None:
            np.logical_not(part, out=part)

        return self._change_rows(rectangle or (0, 0, self.width, self.height), invert)

    def replace(self, new_pixels: NDArray[np.bool_]) -> Edit | None:
        """Take over another raster, such as an automatic or imported map.

        Args:
            new_pixels: (H, W) bool.

        Raises:
            MapError: the raster has another size.
        """
        if new_pixels.shape != self.pixels.shape:
            raise MapError(
                f"A map of {new_pixels.shape[1]} x {new_pixels.shape[0]} pixels does not fit a photo"
                f" of {self.width} x {self.height}; use the map made for this photo."
            )
        edit = Edit.between(self.pixels, new_pixels, x=0, y=0)
        if edit is not None:
            self.pixels[:] = new_pixels
        return edit

    def clear(self) -> Edit | None:
        """Unmap everything."""

        def clear(part: NDArray[np.bool_], _top: int) -> None:
            part[:] = False

        return self._change_rows(self.rectangle, clear)

    def _change_rows(
        self, rectangle: Rectangle, operation: Callable[[NDArray[np.bool_], int], None]
    ) -> Edit | None:
        """Run an operation that looks at each pixel alone, and record what it changed.

        Args:
            rectangle: where.
            operation: changes some rows of the part inside the rectangle and the photo; its second
                argument is the first of them, counted from the part's top.
        """
        x0, y0, x1, y1 = inside = self._inside(rectangle)
        if inside == EMPTY:
            return None
        changes = Changes(inside)
        for top, bottom in bands(y1 - y0, x1 - x0):
            part = self.pixels[y0 + top : y0 + bottom, x0:x1]
            before = part.copy()
            operation(part, top)
            changes.add(top, np.logical_xor(before, part))
        return changes.edit()

    def _change(
        self, rectangle: Rectangle, operation: Callable[[NDArray[np.bool_]], None]
    ) -> Edit | None:
        """Run an operation on the part inside a rectangle and record what it changed."""
        x0, y0, x1, y1 = inside = self._inside(rectangle)
        if inside == EMPTY:
            return None
        part = self.pixels[y0:y1, x0:x1]
        before = part.copy()
        operation(part)
        return Edit.between(before, part, x=x0, y=y0)

    def _inside(self, rectangle: Rectangle) -> Rectangle:
        """A rectangle cut off at the photo's edges."""
        x0, y0 = max(0, rectangle[0]), max(0, rectangle[1])
        x1, y1 = min(self.width, rectangle[2]), min(self.height, rectangle[3])
        return EMPTY if x1 <= x0 or y1 <= y0 else (x0, y0, x1, y1)


def _grow(part: NDArray[np.bool_], px: float) -> None:
    """Set every pixel whose centre lies within px of a set pixel's centre, in place."""
    distance = cv2.distanceTransform(
        np.logical_not(part).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
    )
    np.less_equal(distance, px + 1e-3, out=part)


def read_map_png(path: str | Path, width: int, height: int) -> NDArray[np.bool_]:
    """Read a map that was exported or drawn elsewhere.

    Args:
        path: a PNG (any photo format is read) of the photo's size; half brightness and above is
            mask.
        width, height: the photo's size in pixels.

    Returns:
        (H, W) bool.

    Raises:
        MapError: the file cannot be read, or has another size than the photo.
    """
    try:
        photo = read_photo(path)
    except PhotoError as error:
        raise MapError(f"The map was not read: {error}") from error
    if (photo.width, photo.height) != (width, height):
        raise MapError(
            f"The map {path} has {photo.width} x {photo.height} pixels, but the photo has"
            f" {width} x {height}; use the map made for this photo."
        )
    if photo.grey:
        values = photo.pixels[..., 0]
        return np.greater_equal(values, (int(np.iinfo(values.dtype).max) + 1) // 2)
    return np.greater_equal(cv2.cvtColor(photo.rgb, cv2.COLOR_RGB2GRAY), 128)

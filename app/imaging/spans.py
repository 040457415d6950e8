"""Runs of pixels per row: how strokes and polygons become pixels.

A pixel belongs to a shape when its centre lies in it. OpenCV's own drawing adds the pixels its outline
passes through and rounds a brush to whole pixels, which makes a map creep outwards with every stroke.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.imaging.edit import EMPTY, Rectangle

_SMALLEST_RADIUS = 0.7072
"""Half a pixel's diagonal: a smaller disc may lie between all pixel centres and paint nothing."""


@dataclass(frozen=True, eq=False)
class Spans:
    """Horizontal runs of pixels inside a photo.

    Attributes:
        rows, starts, ends: (N,) int64; run k covers the pixels starts[k]..ends[k]-1 of row rows[k].
            No run is empty and none leaves the photo; the rows ascend.
    """

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def rectangle(self) -> Rectangle:
        """The tight rectangle around all runs."""
        if len(self.rows) == 0:
            return EMPTY
        return (
            int(self.starts.min()),
            int(self.rows.min()),
            int(self.ends.max()),
            int(self.rows.max()) + 1,
        )

    def between(self, top: int, bottom: int) -> Spans:
        """The runs of the rows top..bottom-1."""
        first, last = np.searchsorted(self.rows, (top, bottom))
        part = slice(int(first), int(last))
        return Spans(self.rows[part], self.starts[part], self.ends[part])

    def fill(self, pixels: NDArray[np.bool_], value: bool, *, x: int = 0, y: int = 0) -> None:
        """Set the runs in (H, W) bool whose top left lies at x, y and which holds all runs."""
        rows, starts, ends = (self.rows - y).tolist(), self.starts - x, self.ends - x
        for row, start, end in zip(rows, starts.tolist(), ends.tolist(), strict=True):
            pixels[row, start:end] = value


def capsule(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    radius: float,
    width: int,
    height: int,
) -> Spans:
    """The pixels within a radius of a line segment: one step of a round brush.

    Args:
        start, end: the segment's ends in photo coordinates (pixel i spans i..i+1).
        radius: in photo pixels; a brush smaller than a pixel paints the pixels it passes through.
        width, height: the photo's size.
    """
    if radius < _SMALLEST_RADIUS:
        start = (np.floor(start[0]) + 0.5, np.floor(start[1]) + 0.5)
        end = (np.floor(end[0]) + 0.5, np.floor(end[1]) + 0.5)
        radius = _SMALLEST_RADIUS
    (xa, ya), (xb, yb) = start, end
    first = int(np.clip(np.ceil(min(ya, yb) - radius - 0.5), 0, height))
    last = int(np.clip(np.floor(max(ya, yb) + radius - 0.5), -1, height - 1))
    rows = np.arange(first, last + 1, dtype=np.int64)
    centres = rows.astype(np.float64) + 0.5
    left = np.full(len(rows), np.inf)
    right = np.full(len(rows), -np.inf)
    for x, y in ((xa, ya), (xb, yb)):
        rest = radius * radius - (centres - y) ** 2
        half = np.sqrt(np.maximum(rest, 0))
        inside = rest >= 0
        left = np.where(inside, np.minimum(left, x - half), left)
        right = np.where(inside, np.maximum(right, x + half), right)
    dx, dy = xb - xa, yb - ya
    length = float(np.hypot(dx, dy))
    if length > 0:
        # Between the discs: |distance to the line| <= radius and 0 <= position along it <= length.
        across = _interval(-dy / length, dx / length * (centres - ya), -radius, radius)
        along = _interval(dx / length, dy / length * (centres - ya), 0.0, length)
        low = np.maximum(across[0], along[0]) + xa
        high = np.minimum(across[1], along[1]) + xa
        inside = low <= high
        left = np.where(inside, np.minimum(left, low), left)
        right = np.where(inside, np.maximum(right, high), right)
    starts = np.clip(np.ceil(left - 0.5), 0, width).astype(np.int64)
    ends = np.clip(np.floor(right - 0.5) + 1, 0, width).astype(np.int64)
    keep = ends > starts
    return Spans(rows[keep], starts[keep], ends[keep])


def _interval(
    slope: float, offset: NDArray[np.float64], low: float, high: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per row the u for which low <= slope * u + offset <= high; empty ones come as (inf, -inf)."""
    if abs(slope) < 1e-12:
        inside = (offset >= low) & (offset <= high)
        return np.where(inside, -np.inf, np.inf), np.where(inside, np.inf, -np.inf)
    first, second = (low - offset) / slope, (high - offset) / slope
    return np.minimum(first, second), np.maximum(first, second)


def polygon(points: NDArray[np.floating], *, width: int, height: int) -> Spans:
    """The pixels inside a closed polygon by the even-odd rule, self-crossing ones included.

    Args:
        points: (N, 2) photo coordinates; the last point is joined to the first. Fewer than three
            points enclose nothing.
        width, height: the photo's size.
    """
    nothing = np.zeros(0, np.int64)
    if len(points) < 3:
        return Spans(nothing, nothing, nothing)
    here = np.asarray(points, dtype=np.float64)
    there = np.roll(here, -1, axis=0)
    upper = np.where((here[:, 1] <= there[:, 1])[:, None], here, there)
    lower = np.where((here[:, 1] <= there[:, 1])[:, None], there, here)
    # An edge crosses a row's centre line when it starts on or above it and ends strictly below it,
    # so that a corner on the line counts once.
    first = np.clip(np.ceil(upper[:, 1] - 0.5), 0, height).astype(np.int64)
    last = np.clip(np.ceil(lower[:, 1] - 0.5), 0, height).astype(np.int64)
    counts = last - first
    edge = np.repeat(np.arange(len(here)), counts)
    rows = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    slope = (lower[edge, 0] - upper[edge, 0]) / (lower[edge, 1] - upper[edge, 1])
    crossings = upper[edge, 0] + (rows + 0.5 - upper[edge, 1]) * slope
    order = np.lexsort((crossings, rows))
    columns = np.clip(np.ceil(crossings[order] - 0.5), 0, width).astype(np.int64)
    rows = rows[order][::2]
    starts, ends = columns[::2], columns[1::2]
    keep = ends > starts
    return Spans(rows[keep], starts[keep], ends[keep])

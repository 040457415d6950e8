"""The map as coloured tiles: only what changed is made again, and only where it is seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QImage

from app.imaging.edit import Rectangle, join
from app.ui.canvas.outline import as_lines, pixel_edges, smooth_edges

TILE = 256
"""Side of a tile in pixels of its level."""

SAMPLES = 4
"""Samples along each side of a tile's pixel where it stands for at least so many photo pixels."""

_SHARES = np.zeros(256, np.uint8)
_SHARES[: SAMPLES**2 + 1] = np.round(np.arange(SAMPLES**2 + 1) * 255 / SAMPLES**2)
"""The share covered, 0..255, by how many samples are set; in OpenCV's form of a table."""

_WORDS = {4: np.uint32, 8: np.uint64}
"""The word whose bytes are the pixels of a row that one pixel of the level stands for."""

MOST_TILES = 512
"""Tiles kept; at 256 KB each more than a 4K screen shows."""


@dataclass(eq=False)
class Tile:
    """A part of the map at one level.

    Attributes:
        rectangle: the part of the photo it covers, in photo pixels, cut off at the photo's edge.
        cover: (h, w) uint8, 255 where the map is set, in between where it is so in part.
        colours: (h, w) uint32, premultiplied ARGB.
        image: looks at `colours`.
        stale: the part of the photo that has changed since the tile was made.
        lines: the map's outline in photo coordinates, exact or smooth; None when it must be found
            again.
        smooth: which of the two.
        empty: nothing of the map lies here.
    """

    rectangle: Rectangle
    cover: NDArray[np.uint8]
    colours: NDArray[np.uint32]
    image: QImage
    stale: Rectangle | None
    lines: list[QLineF] | None = None
    smooth: bool = False
    empty: bool = field(default=False)

    def outlined(self, *, smooth: bool) -> bool:
        """Whether the outline is known."""
        return self.lines is not None and self.smooth == smooth


class MapTiles:
    """The tiles of one map.

    Attributes:
        raster: (H, W) bool, the map itself; edited elsewhere, then :meth:`touch` is called.
    """

    def __init__(
        self, raster: NDArray[np.bool_], rgb: tuple[int, int, int], bounds: Rectangle
    ) -> None:
        """
        Args:
            raster: the map.
            rgb: the colour to paint it in.
            bounds: nothing is mapped outside; tiles are made inside only.
        """
        self.raster = raster
        self._bounds = bounds
        self._bytes = raster.view(np.uint8)
        self._tiles: OrderedDict[tuple[int, int, int], Tile] = OrderedDict()
        self._colours = _colour_table(rgb)

    def set_colour(self, rgb: tuple[int, int, int]) -> None:
        """Paint in another colour."""
        self._colours = _colour_table(rgb)
        for tile in self._tiles.values():
            np.take(self._colours, tile.cover, out=tile.colours, mode="clip")

    def touch(self, rectangle: Rectangle) -> None:
        """Say that a part of the map has changed."""
        self._bounds = join(self._bounds, rectangle)
        for (level, column, row), tile in self._tiles.items():
            side = TILE << level
            if (
                rectangle[0] <= (column + 1) * side
                and rectangle[2] >= column * side
                and rectangle[1] <= (row + 1) * side
                and rectangle[3] >= row * side
            ):
                # Outlines depend on the neighbours' edge pixels too, hence <= and >= above.
                tile.lines = None
                tile.stale = rectangle if tile.stale is None else join(tile.stale, rectangle)

    def visible(
        self,
        level: int,
        area: QRectF,
        *,
        late: Callable[[], bool] = lambda: False,
        behind: list[QRectF] | None = None,
    ) -> Iterator[Tile]:
        """The tiles that cover a part of the photo, up to date; empty ones are left out.

        Args:
            level: halvings of the photo.
            area: in photo pixels.
            late: whether there is no time left; tiles then come as they were, and new ones not at all.
            behind: takes in the rectangles of those tiles.
        """
        height, width = self.raster.shape
        side = TILE << level
        x0, y0, x1, y1 = self._bounds
        left, right = max(area.left(), x0), min(area.right(), x1)
        top, bottom = max(area.top(), y0), min(area.bottom(), y1)
        if right <= left or bottom <= top:
            return
        columns = range(max(int(left) // side, 0), _last(right, width, side) + 1)
        rows = range(max(int(top) // side, 0), _last(bottom, height, side) + 1)
        for row in rows:
            for column in columns:
                tile = self._tile(level, column, row, late)
                if tile is not None and not tile.empty:
                    yield tile
                if behind is not None and (tile is None or tile.stale is not None):
                    behind.append(QRectF(column * side, row * side, side, side))

    def lines(self, level: int, tile: Tile, *, smooth: bool) -> list[QLineF]:
        """The outline of the map inside a tile, its left and upper edge included.

        Args:
            level: of the tile.
            tile: one that :meth:`visible` gave.
            smooth: cut the corners of the pixels.
        """
        if tile.lines is None or tile.smooth != smooth:
            tile.lines, tile.smooth = self._find_lines(level, tile, smooth=smooth), smooth
        return tile.lines

    def _tile(
        self, level: int, column: int, row: int, late: Callable[[], bool]
    ) -> Tile | None:
        key = (level, column, row)
        tile = self._tiles.get(key)
        if tile is None:
            if late():
                return None
            tile = self._new_tile(level, column, row)
            self._tiles[key] = tile
            while len(self._tiles) > MOST_TILES:
                self._tiles.popitem(last=False)
        else:
            self._tiles.move_to_end(key)
        if tile.stale is not None and not late():
            self._refresh(level, tile)
        return tile

    def _new_tile(self, level: int, column: int, row: int) -> Tile:
        side = TILE << level
        height, width = self.raster.shape
        x0, y0 = column * side, row * side
        rectangle = (x0, y0, min(x0 + side, width), min(y0 + side, height))
        factor = 1 << level
        columns = -(-(rectangle[2] - x0) // factor)
        rows = -(-(rectangle[3] - y0) // factor)
        colours = np.zeros((rows, columns), dtype=np.uint32)
        image = QImage(
            colours.data,
            columns,
            rows,
            colours.strides[0],
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        cover = np.zeros((rows, columns), dtype=np.uint8)
        return Tile(rectangle, cover, colours, image, rectangle)

    def _refresh(self, level: int, tile: Tile) -> None:
        """Make the stale part of a tile again."""
        assert tile.stale is not None
        factor = 1 << level
        tx, ty = tile.rectangle[:2]
        x0, y0, x1, y1 = _cut(tile.stale, tile.rectangle)
        tile.stale = None
        if x1 <= x0 or y1 <= y0:
            return
        # Whole pixels of the level.
        left, top = (x0 - tx) // factor, (y0 - ty) // factor
        right, bottom = -(-(x1 - tx) // factor), -(-(y1 - ty) // factor)
        x1, y1 = min(tx + right * factor, tile.rectangle[2]), min(
            ty + bottom * factor, tile.rectangle[3]
        )
        part = self._bytes[ty + top * factor : y1, tx + left * factor : x1]
        tile.cover[top:bottom, left:right] = _reduce(part, factor)
        # No cover lies beyond the table; "clip" spares NumPy looking for one that does.
        tile.colours[top:bottom, left:right] = np.take(
            self._colours, tile.cover[top:bottom, left:right], mode="clip"
        )
        tile.empty = not tile.cover.any()

    def _find_lines(self, level: int, tile: Tile, *, smooth: bool) -> list[QLineF]:
        inside = np.zeros((tile.cover.shape[0] + 2, tile.cover.shape[1] + 2), dtype=bool)
        inside[1:-1, 1:-1] = tile.cover >= 128
        self._fill_neighbours(level, tile, inside)
        segments = smooth_edges(inside) if smooth else pixel_edges(inside)
        x0, y0 = tile.rectangle[:2]
        return as_lines(segments, x=x0, y=y0, scale=1 << level)

    def _fill_neighbours(self, level: int, tile: Tile, inside: NDArray[np.bool_]) -> None:
        """Put one sample of the map for each pixel that adjoins a tile around it."""
        factor = 1 << level
        half = factor // 2
        x0, y0 = tile.rectangle[:2]
        height, width = self.raster.shape
        rows, columns = tile.cover.shape
        xs = x0 + half + factor * np.arange(-1, columns + 1)
        ys = y0 + half + factor * np.arange(-1, rows + 1)
        # Outside the photo nothing is mapped; a last pixel of the level may be cut off by its edge.
        for row in (0, rows + 1):
            if 0 <= ys[row] < height:
                known = (xs >= 0) & (xs < width)
                inside[row, known] = self.raster[ys[row], xs[known]]
        for column in (0, columns + 1):
            if 0 <= xs[column] < width:
                known = (ys >= 0) & (ys < height)
                inside[known, column] = self.raster[ys[known], xs[column]]


def _reduce(part: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """0/1 pixels to the share covered, 0..255, of every factor x factor of them.

    What the photo's edge cuts off of the last ones does not count.
    """
    if factor == 1:
        return np.multiply(part, np.uint8(255), dtype=np.uint8)
    height, width = part.shape
    rows, columns = -(-height // factor), -(-width // factor)
    if factor < SAMPLES:
        small = cv2.resize(part * np.uint8(255), (columns, rows), interpolation=cv2.INTER_AREA)
        return np.asarray(small, dtype=np.uint8).reshape(rows, columns)
    whole_rows, whole_columns = height // factor, width // factor
    cover = np.empty((rows, columns), dtype=np.uint8)
    cover[:whole_rows, :whole_columns] = _sample(
        part[: whole_rows * factor, : whole_columns * factor], factor
    )
    if whole_columns < columns:
        cover[:, -1] = _shares(part[:, whole_columns * factor :], factor)
    if whole_rows < rows:
        cover[-1] = _shares(part[whole_rows * factor :].T, factor)
    return cover


def _shares(strip: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """The share covered, 0..255, of every `factor` rows of a strip; fewer of them count at its end."""
    begins = np.arange(0, strip.shape[0], factor)
    counts = np.diff(begins, append=strip.shape[0]) * strip.shape[1]
    sums = np.add.reduceat(strip.sum(axis=1, dtype=np.int64), begins)
    return np.asarray(np.round(255 * sums / counts), dtype=np.uint8)


def _sample(part: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """The same from 4 x 4 even samples of every factor x factor pixels.

    Whole rows are added first, which the processor does many at a time, and then all samples of a row
    that lie in one word by one multiplication: ten times as quick as an average over areas, and what
    is seen of a whole photo of 60 megapixels is made in a few milliseconds.
    """
    step = factor // SAMPLES
    total = part[step // 2 :: factor].copy()
    for number in range(1, SAMPLES):
        total += part[step // 2 + number * step :: factor]
    if factor in _WORDS:
        word = _WORDS[factor]
        samples = np.zeros(factor, np.uint8)
        samples[step // 2 :: step] = 255
        words = total.view(word)
        words &= samples.view(word)[0]
        # The highest byte of the product is the sum of all bytes, and no sum of them exceeds a byte.
        words *= np.ones(factor, np.uint8).view(word)[0]
        words >>= word(8 * (factor - 1))
        across = words.astype(np.uint8)
    else:
        across = total[:, step // 2 :: factor].copy()
        for number in range(1, SAMPLES):
            across += total[:, step // 2 + number * step :: factor]
    return np.asarray(cv2.LUT(across, _SHARES), dtype=np.uint8)


def _colour_table(rgb: tuple[int, int, int]) -> NDArray[np.uint32]:
    """(256,) premultiplied ARGB for each cover value."""
    alpha = np.arange(256, dtype=np.uint32)
    red, green, blue = ((alpha * value + 127) // 255 for value in rgb)
    colours = (alpha << 24) | (red << 16) | (green << 8) | blue
    return colours.astype(np.uint32)


def _cut(a: Rectangle, b: Rectangle) -> Rectangle:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _last(edge: float, size: int, side: int) -> int:
    """Index of the last tile that begins before `edge` and inside the photo."""
    return min(max(int(np.ceil(edge)) - 1, 0), size - 1) // side

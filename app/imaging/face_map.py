"""One face's part of a map: drawn anew, or taken out with its face, without touching the others'."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment
from app.imaging.edit import Edit, Rectangle
from app.imaging.face import Box
from app.imaging.faces_in_map import share_map
from app.imaging.map import BinaryMap

AROUND = 0.1
"""How far a mask may reach out of its face's box, in sides of the box."""


def redraw_face(
    map_: BinaryMap,
    alignments: Sequence[Alignment],
    index: int | None,
    rectangle: Rectangle,
    pixels: NDArray[np.bool_],
) -> Edit | None:
    """Give one face another part of the map.

    Args:
        map_: the map, edited in place.
        alignments: the widest crop of every face that the photo has so far.
        index: the face whose part is drawn anew; None for a face that is new.
        rectangle: where its new part lies, inside the photo; may be empty.
        pixels: (h, w) bool of that size, the new part.
    """
    wanted = map_.pixels.copy()
    mine = share_map(wanted, alignments)[index] if index is not None and wanted.any() else None
    if mine is not None:
        wanted &= ~mine
    x0, y0, x1, y1 = rectangle
    if x1 > x0 and y1 > y0:
        wanted[y0:y1, x0:x1] |= pixels
    return map_.replace(wanted)


def remove_face(
    map_: BinaryMap, alignments: Sequence[Alignment], boxes: Sequence[Box], index: int
) -> Edit | None:
    """Unmap a face's part, except where another face is: a face found twice keeps its map.

    Args:
        map_: the map, edited in place.
        alignments, boxes: the widest crop and the box of every face, the one that goes among them.
        index: the one that goes.
    """
    if map_.empty:
        return None
    mine = share_map(map_.pixels, alignments)[index]
    if mine is None:
        return None
    for number, (x0, y0, x1, y1) in enumerate(boxes):
        if number != index:
            dx, dy = AROUND * (x1 - x0), AROUND * (y1 - y0)
            rows = slice(max(int(y0 - dy), 0), max(int(y1 + dy), 0))
            mine[rows, max(int(x0 - dx), 0) : max(int(x1 + dx), 0)] = False
    return map_.replace(map_.pixels & ~mine)

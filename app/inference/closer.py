"""A closer look at large photos: people far away in a still, faces in a panorama.

The locator sees a photo 640 pixels long. Of one of 24 megapixels that leaves a tenth of every side,
and of a face 80 pixels high too little to be sure of.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.inference.boxes import Candidates, clip, seen_at, suppress
from app.inference.session import CancelToken, ModelSession

DOUBTFUL = 0.75
"""A photo whose best face scores less is looked at more closely. Where one face is near enough to be
certain, the others mostly are, and a closer look would only take long."""

LARGE = 3
"""Only photos this many times longer than the locator's largest input lose what is worth looking for."""

MOST_TILES = 12
"""How many tiles there are about at most; they grow with the photo, so that the time does not."""

SHARED = 0.25
"""Share of a tile's side that its neighbour has, too."""

LARGEST = SHARED
"""Side of a face, at most, in sides of a tile: so it is whole in one of them. Larger ones are found in
the photo as a whole, and a tile may hold a part of them that looks like a face."""


def closer_boxes(
    photo_rgb: NDArray[np.uint8],
    found: Candidates,
    locator: ModelSession,
    cancel: CancelToken | None = None,
) -> Candidates:
    """The faces of a photo, those among them that are too small in the photo as a whole.

    Args:
        photo_rgb: (H, W, 3) uint8.
        found: what was found in the photo as a whole.
        locator: a session of a ``locate`` model.
        cancel: stops the work.

    Returns:
        `found` where it is certain or the photo is small; else with what its tiles show.

    Raises:
        Cancelled, ModelError: see :meth:`ModelSession.run`.
    """
    height, width = photo_rgb.shape[:2]
    card = locator.model.card.input
    size = max(card.sizes or (card.size,))
    if max(height, width) <= LARGE * size or found.scores.max(initial=0) >= DOUBTFUL:
        return found
    side = _side(width, height, LARGE * size)
    parts = [found]
    for y0, y1 in _spans(height, side):
        for x0, x1 in _spans(width, side):
            tile = np.ascontiguousarray(photo_rgb[y0:y1, x0:x1])
            seen = clip(
                seen_at(tile, 1, locator, size, card.score_threshold, cancel), x1 - x0, y1 - y0
            )
            x_cut, y_cut = (x0 > 0, x1 < width), (y0 > 0, y1 < height)
            whole = seen.take(_whole(seen.boxes, (x1 - x0, y1 - y0), x_cut, y_cut, side))
            moved = whole.boxes + np.array([x0, y0, x0, y0], np.float32)
            parts.append(Candidates(moved.astype(np.float32), whole.scores, whole.masked))
    return suppress(
        Candidates(
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.masked for part in parts]),
        )
    )


def _side(width: int, height: int, least: int) -> int:
    """The side of the tiles: as small as useful, unless there were too many."""
    side = least
    while len(_spans(width, side)) * len(_spans(height, side)) > MOST_TILES:
        side = round(side * 1.1)
        if side >= max(width, height):
            break
    return side


def _spans(length: int, side: int) -> list[tuple[int, int]]:
    """Where tiles begin and end along one side of the photo, evenly and with a share in common."""
    if length <= side:
        return [(0, length)]
    step = side * (1 - SHARED)
    count = 1 + int(np.ceil((length - side) / step))
    starts = [round(index * (length - side) / (count - 1)) for index in range(count)]
    return [(start, start + side) for start in starts]


def _whole(
    boxes: NDArray[np.float32],
    tile: tuple[int, int],
    x_cut: tuple[bool, bool],
    y_cut: tuple[bool, bool],
    side: int,
) -> NDArray[np.bool_]:
    """Which boxes are small, and not cut by an edge of the tile where the photo goes on."""
    small = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0) <= LARGEST * side
    low = np.where([x_cut[0], y_cut[0]], 1.0, -np.inf)
    high = np.where([x_cut[1], y_cut[1]], np.array(tile) - 1.0, np.inf)
    inside = np.all(boxes[:, :2] >= low, axis=1) & np.all(boxes[:, 2:] <= high, axis=1)
    return np.asarray(small & inside, np.bool_)

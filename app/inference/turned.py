"""Which way up faces are: scanned prints lie on their side, cameras hang, people lie down.

The locator knows upright faces. Of one that lies on its side it sees little, so that the turn in which
it sees most is the right one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, align_box
from app.imaging.face import Box
from app.inference.boxes import Candidates, find_boxes, reduced, seen_at
from app.inference.session import CancelToken, ModelSession

TURNS = (1, 3, 2)
"""Quarter turns against the clock that are tried; a photo stands on its head most rarely."""

DOUBTFUL = 0.75
"""A photo whose best face scores less may lie on its side: one of nine upright ones does."""

CERTAIN = 0.75
"""Score of a face, at least, for whose sake a whole photo is turned. Of fourteen pictures without
people one had one in some turn."""

AHEAD = 0.1
"""By how much that face has to score better than upright ones."""

AROUND = 2.5
"""Side of what is looked at around a box that was drawn by hand, in sides of the box."""

LOOK = 320
"""Side, in pixels, at which it is looked at."""

AT_BOX = 0.35
"""Overlap of a face with the drawn box, at least, to be the one that was meant."""


def turned_boxes(
    photo_rgb: NDArray[np.uint8],
    upright: Candidates,
    locator: ModelSession,
    cancel: CancelToken | None = None,
) -> tuple[int, Candidates]:
    """The faces of a photo that may lie on its side.

    Args:
        photo_rgb: (H, W, 3) uint8.
        upright: what was found without turning.
        locator: a session of a ``locate`` model.
        cancel: stops the work.

    Returns:
        How many quarter turns against the clock make the faces upright, and their boxes in pixels of
        the photo as it is; 0 and `upright` where nothing speaks for another turn.

    Raises:
        Cancelled, ModelError: see :meth:`ModelSession.run`.
    """
    best = _best(upright)
    if best >= DOUBTFUL:
        return 0, upright
    card = locator.model.card.input
    sizes = card.sizes or (card.size,)
    small, factor = reduced(photo_rgb, max(sizes))
    # The largest size costs most, and shows faces too small to tell a photo's turn by.
    looks = sorted(set(sizes))[:2]
    scores = {}
    for turns in TURNS:
        turned = np.ascontiguousarray(np.rot90(small, turns))
        found = [seen_at(turned, 1, locator, size, card.score_threshold, cancel) for size in looks]
        scores[turns] = max(map(_best, found))
    turns = max(TURNS, key=lambda each: scores[each])
    if scores[turns] < max(CERTAIN, best + AHEAD):
        return 0, upright
    found_boxes = find_boxes(np.ascontiguousarray(np.rot90(small, turns)), locator, cancel)
    back = turned_back(found_boxes.boxes, turns, small.shape[1], small.shape[0])
    return turns, Candidates(
        (back * factor).astype(np.float32), found_boxes.scores, found_boxes.masked
    )


def turns_of_box(
    photo_rgb: NDArray[np.uint8],
    box: Box,
    locator: ModelSession,
    cancel: CancelToken | None = None,
) -> int:
    """How many quarter turns against the clock make the face in a box upright.

    Args:
        photo_rgb: (H, W, 3) uint8.
        box: around the face, in photo pixels.
        locator: a session of a ``locate`` model.
        cancel: stops the work.

    Raises:
        Cancelled, ModelError: see :meth:`ModelSession.run`.
    """
    cut = align_box(box, margin=AROUND).crop(photo_rgb, LOOK)
    side = LOOK / AROUND
    low, high = (LOOK - side) / 2, (LOOK + side) / 2
    meant = np.array([low, low, high, high], np.float32)
    scores = []
    for turns in range(4):
        found = seen_at(np.ascontiguousarray(np.rot90(cut, turns)), 1, locator, LOOK, 0.1, cancel)
        scores.append(_best(found.take(_overlaps(found.boxes, meant) > AT_BOX)))
    return int(np.argmax(scores))  # the first one of equals: upright where nothing is seen


def turned(alignment: Alignment, turns: int) -> Alignment:
    """A crop turned by quarters against the clock, as :func:`numpy.rot90` turns pictures."""
    matrix = alignment.matrix
    for _ in range(turns % 4):
        matrix = np.stack([matrix[1], np.array([0.0, 0.0, 1.0]) - matrix[0]])
    return Alignment(matrix)


def turned_back(
    boxes: NDArray[np.floating], turns: int, width: int, height: int
) -> NDArray[np.float64]:
    """Boxes of a turned picture in pixels of the picture as it was.

    Args:
        boxes: (N, 4) x0, y0, x1, y1 in the picture after :func:`numpy.rot90` by `turns`.
        turns: quarters against the clock.
        width, height: of the picture as it was.
    """
    x0, y0, x1, y1 = np.asarray(boxes, np.float64).reshape(-1, 4).T
    for number in range(turns % 4):
        # Undone one quarter at a time; the sides change places with every one.
        before = width if (turns - number) % 2 else height
        x0, y0, x1, y1 = before - y1, x0, before - y0, x1
    return np.stack([x0, y0, x1, y1], axis=1)


def _best(candidates: Candidates) -> float:
    return float(candidates.scores.max(initial=0))


def _overlaps(boxes: NDArray[np.floating], other: NDArray[np.floating]) -> NDArray[np.float64]:
    """Intersection over union of boxes (N, 4) with one (4,)."""
    low, high = np.maximum(boxes[:, :2], other[:2]), np.minimum(boxes[:, 2:], other[2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1, dtype=np.float64)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1, dtype=np.float64)
    return np.asarray(shared / (areas + float(np.prod(other[2:] - other[:2])) - shared))

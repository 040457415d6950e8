"""Smart select: from rough strokes to the edges of what they lie on.

GrabCut (Rother, Kolmogorov, Blake 2004) over a part of the photo: strokes say what belongs and what
does not, two colour models and a cut along the strongest edges say the rest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.edit import EMPTY, Rectangle
from app.imaging.spans import capsule

WORKING_SIDE = 320
"""Longer side of the part that GrabCut sees, in pixels: a fifth of a second on one core, whatever the
photo's size."""

ROUNDS = 3
"""Rounds of colour models and cut; the first already comes close, because the start is informed."""

SURROUNDINGS = 0.6
"""How far the box reaches around the strokes, in longer sides of their own box."""

LEAST_SURROUNDINGS = 24
"""The same for a dot, in photo pixels."""

NEAR = 9.0
"""Squared Mahalanobis distance in Lab within which a colour probably belongs to the strokes' thing."""


@dataclass(frozen=True, eq=False)
class RoughStroke:
    """A stroke over something, or over what is not part of it.

    Attributes:
        points: (N, 2) photo coordinates, N at least 1.
        radius: of the brush in photo pixels.
        belongs: whether what it covers is part of the selection.
    """

    points: NDArray[np.float64]
    radius: float
    belongs: bool = True


@dataclass(frozen=True, eq=False)
class Selection:
    """A proposal, not yet in the map.

    Attributes:
        rectangle: the part of the photo, in photo pixels.
        pixels: (h, w) bool of its size.
    """

    rectangle: Rectangle
    pixels: NDArray[np.bool_]

    @property
    def empty(self) -> bool:
        """Whether nothing is selected."""
        return not self.pixels.any()


def box_around(strokes: Sequence[RoughStroke], *, width: int, height: int) -> Rectangle:
    """Where the selection may reach: the box of the strokes that belong, and its surroundings.

    Args:
        strokes: at least one of them belongs, else the box is empty.
        width, height: the photo's size.
    """
    ours = [stroke for stroke in strokes if stroke.belongs]
    if not ours:
        return EMPTY
    low = np.min([stroke.points.min(axis=0) - stroke.radius for stroke in ours], axis=0)
    high = np.max([stroke.points.max(axis=0) + stroke.radius for stroke in ours], axis=0)
    around = max(SURROUNDINGS * float((high - low).max()), LEAST_SURROUNDINGS)
    x0, y0 = (max(0, math.floor(value - around)) for value in low.tolist())
    x1, y1 = (high + around).tolist()
    box = (x0, y0, min(width, math.ceil(x1)), min(height, math.ceil(y1)))
    return box if box[2] > box[0] and box[3] > box[1] else EMPTY


def smart_select(photo_rgb: NDArray[np.uint8], strokes: Sequence[RoughStroke]) -> Selection:
    """Select what the strokes lie on. The same strokes give the same selection.

    Args:
        photo_rgb: (H, W, 3) uint8.
        strokes: what belongs and what does not; a later one wins where they overlap.

    Returns:
        A selection inside :func:`box_around`; everything in it is connected to a stroke.
    """
    height, width = photo_rgb.shape[:2]
    box = box_around(strokes, width=width, height=height)
    x0, y0, x1, y1 = box
    if box == EMPTY:
        return Selection(EMPTY, np.zeros((0, 0), np.bool_))
    scale = min(1.0, WORKING_SIDE / max(x1 - x0, y1 - y0))
    size = max(round((x1 - x0) * scale), 4), max(round((y1 - y0) * scale), 4)
    small = cv2.resize(photo_rgb[y0:y1, x0:x1], size, interpolation=cv2.INTER_AREA)
    ratio = np.array([size[0] / (x1 - x0), size[1] / (y1 - y0)])
    drawn = _draw(strokes, box, ratio, size)
    small_map = _cut(np.asarray(small, np.uint8), drawn, _frame(box, size, width, height))
    pixels = _enlarge(small_map, x1 - x0, y1 - y0)
    _obey(pixels, strokes, box)
    return Selection(box, pixels)


def _draw(
    strokes: Sequence[RoughStroke],
    box: Rectangle,
    ratio: NDArray[np.float64],
    size: tuple[int, int],
) -> NDArray[np.uint8]:
    """The strokes in the small part: 0 nothing, 1 belongs, 2 does not."""
    drawn = np.zeros((size[1], size[0]), np.uint8)
    for stroke in strokes:
        points = (stroke.points - box[:2]) * ratio
        radius = stroke.radius * float(ratio.mean())
        for start, end in zip(points, points[1:] if len(points) > 1 else points, strict=False):
            spans = capsule(
                (float(start[0]), float(start[1])),
                (float(end[0]), float(end[1])),
                radius=radius,
                width=size[0],
                height=size[1],
            )
            inside = np.zeros(drawn.shape, np.bool_)
            spans.fill(inside, True)
            drawn[inside] = 1 if stroke.belongs else 2
    return drawn


def _frame(box: Rectangle, size: tuple[int, int], width: int, height: int) -> NDArray[np.bool_]:
    """The sides of the box that are not the photo's own: what is seen there lies outside."""
    frame = np.zeros((size[1], size[0]), np.bool_)
    frame[0], frame[-1] = box[1] > 0, box[3] < height
    frame[:, 0] |= box[0] > 0
    frame[:, -1] |= box[2] < width
    return frame


def _cut(
    small: NDArray[np.uint8], drawn: NDArray[np.uint8], frame: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """GrabCut, begun with the colours near those under the strokes."""
    belongs = drawn == 1
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0), cv2.COLOR_RGB2LAB).astype(np.float32)
    colours = lab[belongs]
    if not len(colours):
        return np.asarray(belongs, np.bool_)
    # A little variance everywhere: a stroke over one flat colour would else be near to nothing.
    spread = np.cov(colours.T) if len(colours) > 1 else np.zeros((3, 3))
    inverse = np.linalg.inv(spread + np.eye(3) * 12.0).astype(np.float32)
    offset = lab - colours.mean(axis=0)
    near = np.einsum("hwi,ij,hwj->hw", offset, inverse, offset) < NEAR
    trimap = np.where(near, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    trimap[frame] = cv2.GC_BGD
    trimap[drawn == 2] = cv2.GC_BGD
    trimap[belongs] = cv2.GC_FGD
    away = (trimap == cv2.GC_BGD) | (trimap == cv2.GC_PR_BGD)
    if not away.any():
        return np.ones(belongs.shape, np.bool_)
    cv2.setRNGSeed(1)  # the colour models begin at random; a selection must be repeatable
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    ours, others = np.zeros((1, 65)), np.zeros((1, 65))
    no_box = (0, 0, 0, 0)  # the start says it all
    cv2.grabCut(bgr, trimap, no_box, others, ours, ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = (trimap == cv2.GC_FGD) | (trimap == cv2.GC_PR_FGD)
    return _connected(found, belongs)


def _connected(found: NDArray[np.bool_], seeds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pieces that a stroke touches, without their specks of holes."""
    _, labels = cv2.connectedComponents(found.view(np.uint8), connectivity=4)
    keep = np.unique(labels[seeds & found])
    kept = np.isin(labels, keep[keep > 0])
    _, holes, stats, _ = cv2.connectedComponentsWithStats(
        np.logical_not(kept).view(np.uint8), connectivity=4
    )
    small = stats[:, cv2.CC_STAT_AREA] <= max(4, kept.size // 4000)
    small[0] = False
    return np.asarray(kept | small[holes], np.bool_)


def _enlarge(small: NDArray[np.bool_], width: int, height: int) -> NDArray[np.bool_]:
    """To full size, with smooth edges instead of steps."""
    levels = small.view(np.uint8) * np.uint8(255)
    if (width, height) == small.shape[::-1]:
        return small.copy()
    smooth = cv2.GaussianBlur(levels, (0, 0), 0.7, borderType=cv2.BORDER_REPLICATE)
    large = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.greater_equal(np.asarray(large).reshape(height, width), 128)


def _obey(
    pixels: NDArray[np.bool_],
    strokes: Sequence[RoughStroke],
    box: Rectangle,
) -> None:
    """At full size too, what a stroke covers is as the stroke says."""
    x0, y0, x1, y1 = box
    for stroke in strokes:
        points = stroke.points - np.array([x0, y0])
        for start, end in zip(points, points[1:] if len(points) > 1 else points, strict=False):
            capsule(
                (float(start[0]), float(start[1])),
                (float(end[0]), float(end[1])),
                radius=stroke.radius,
                width=x1 - x0,
                height=y1 - y0,
            ).fill(pixels, stroke.belongs)

"""Boxes of the faces in a photo, as a locator sees them at its sizes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.inference.card import LOCATE_STRIDE
from app.inference.contract import output, to_tensor
from app.inference.session import CancelToken, ModelSession

OVERLAP = 0.45
"""Two boxes that share more than this (intersection over union) are the same face."""

INSIDE = 0.9
"""A box of which this share lies inside another is the same face, seen at another size..."""

LEAST_PART = 0.15
"""...unless it is smaller than this share of the other: then it may be a picture or a mirror in it."""

PADDING = 0.5
"""Grey of the letterbox, as in training."""

LEAST_SIDE = 8.0
"""Boxes with a side below this many photo pixels hold nothing that could be reconstructed."""


@dataclass(frozen=True, eq=False)
class Letterbox:
    """A photo fitted into the locator's input.

    Attributes:
        tensor: (1, 3, H, W) float32 RGB 0..1; H and W are multiples of 64.
        scale_x, scale_y: input pixels per photo pixel.
    """

    tensor: NDArray[np.float32]
    scale_x: float
    scale_y: float


@dataclass(frozen=True, eq=False)
class Candidates:
    """Boxes before or after suppression.

    Attributes:
        boxes: (A, 4) float32, x0, y0, x1, y1 in photo pixels.
        scores, masked: (A,) float32, 0..1.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    masked: NDArray[np.float32]

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> Candidates:
        """The chosen boxes, in that order."""
        return Candidates(self.boxes[index], self.scores[index], self.masked[index])


def find_boxes(
    photo_rgb: NDArray[np.uint8],
    locator: ModelSession,
    cancel: CancelToken | None = None,
    *,
    least_score: float | None = None,
) -> Candidates:
    """The boxes of a photo's faces, in its pixels, without landmarks.

    Args:
        photo_rgb: (H, W, 3) uint8.
        locator: a session of a ``locate`` model.
        cancel: stops the work.
        least_score: of a box that counts; None takes the card's. Fainter boxes displace no stronger one.

    Raises:
        Cancelled, ModelError: see :meth:`ModelSession.run`.
    """
    height, width = photo_rgb.shape[:2]
    card = locator.model.card.input
    least = card.score_threshold if least_score is None else least_score
    sizes = tuple(dict.fromkeys(card.sizes or (card.size,)))
    small, factor = reduced(photo_rgb, max(sizes))
    found = [seen_at(small, factor, locator, size, least, cancel) for size in sizes]
    candidates = Candidates(
        np.concatenate([part.boxes for part in found]),
        np.concatenate([part.scores for part in found]),
        np.concatenate([part.masked for part in found]),
    )
    return suppress(clip(candidates, width, height))


def reduced(photo_rgb: NDArray[np.uint8], long_side: int) -> tuple[NDArray[np.uint8], int]:
    """A smaller photo that is still at least twice as large as the locator's largest input.

    Reducing tens of megapixels takes longer than the locator itself; so it is done once, by a whole
    number, for all input sizes.

    Args:
        photo_rgb: (H, W, 3) uint8.
        long_side: of the largest input.

    Returns:
        The photo and the factor by which it was reduced. Less than a factor of pixels at the right and
        the bottom may be missing from it.
    """
    height, width = photo_rgb.shape[:2]
    factor = min(max(height, width) // (2 * long_side), height, width)
    if factor < 2:
        return photo_rgb, 1
    rows, columns = height // factor, width // factor
    whole = photo_rgb[: rows * factor, : columns * factor]
    small = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), factor


def letterbox(photo_rgb: NDArray[np.uint8], long_side: int) -> Letterbox:
    """Fit a photo into the locator's input: its longer side is `long_side`, the rest is grey.

    Args:
        photo_rgb: (H, W, 3) uint8 of any size and proportion.
        long_side: a multiple of 64.
    """
    height, width = photo_rgb.shape[:2]
    scale = long_side / max(height, width)
    inner = max(1, round(width * scale)), max(1, round(height * scale))
    # Averaging areas keeps small faces of a large photo free of aliasing; it would blur enlargements.
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(photo_rgb, inner, interpolation=method)
    rows, columns = (-(-side // LOCATE_STRIDE) * LOCATE_STRIDE for side in (inner[1], inner[0]))
    tensor = np.full((1, 3, rows, columns), PADDING, np.float32)
    tensor[:, :, : inner[1], : inner[0]] = to_tensor(small[None])
    return Letterbox(tensor, inner[0] / width, inner[1] / height)


def seen_at(
    small: NDArray[np.uint8],
    factor: int,
    locator: ModelSession,
    size: int,
    least_score: float,
    cancel: CancelToken | None,
) -> Candidates:
    """What the locator sees at one size, of this score at least, in pixels of the unreduced photo."""
    box = letterbox(small, size)
    outputs = locator.run({"photo": box.tensor}, cancel)
    scale = np.array([box.scale_x, box.scale_y, box.scale_x, box.scale_y], np.float32) / factor
    every = Candidates(
        output(locator.model, outputs, "boxes")[0] / scale,
        output(locator.model, outputs, "scores")[0],
        output(locator.model, outputs, "masked")[0],
    )
    return every.take(every.scores >= least_score)


def clip(candidates: Candidates, width: int, height: int) -> Candidates:
    """Cut boxes at the photo's edges and drop what is then too small to be a face."""
    limits = np.array([width, height, width, height], np.float32)
    boxes = np.clip(candidates.boxes, 0, limits)
    sides = boxes[:, 2:] - boxes[:, :2]
    keep = np.asarray(np.all(sides >= LEAST_SIDE, axis=1), np.bool_)
    clipped = Candidates(boxes, np.clip(candidates.scores, 0, 1), np.clip(candidates.masked, 0, 1))
    return clipped.take(keep)


def suppress(
    candidates: Candidates, overlap: float = OVERLAP, inside: float = INSIDE
) -> Candidates:
    """Keep the best-scored of boxes that overlap or lie in each other (greedy non-maximum suppression).

    The locator may find one face as two boxes, in one size of the photo or in two, of which one holds
    the other: the whole face and the part around an eye. They share too little of their union for the
    overlap to tell. In 368 photos of masked people all seven such pairs were one face, the smaller box
    wholly inside, and no two faces came nearer than three quarters inside. A face right before another,
    of a child on an arm, is lost only where less than a tenth of its box stands out; a box drawn by hand
    brings it back.

    Args:
        candidates: the boxes.
        overlap: see :data:`OVERLAP`.
        inside: see :data:`INSIDE`; 1 lets boxes lie in each other.
    """
    order = np.argsort(-candidates.scores, kind="stable")
    boxes = candidates.boxes.astype(np.float64)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    keep: list[int] = []
    while order.size:
        best, rest = order[0], order[1:]
        keep.append(int(best))
        low = np.maximum(boxes[best, :2], boxes[rest, :2])
        high = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        shared = np.prod(np.clip(high - low, 0, None), axis=1)
        union = areas[best] + areas[rest] - shared
        smaller, larger = np.minimum(areas[best], areas[rest]), np.maximum(areas[best], areas[rest])
        nested = (shared > inside * smaller) & (smaller >= LEAST_PART * larger)
        order = rest[(shared <= overlap * union) & ~nested]
    return candidates.take(np.array(keep, np.intp))

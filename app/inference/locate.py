"""The first stage: every face of a photo, with its landmarks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import align_box
from app.imaging.face import Box, Face
from app.inference.boxes import find_boxes
from app.inference.closer import closer_boxes
from app.inference.contract import output, to_tensor
from app.inference.session import CancelToken, ModelSession
from app.inference.turned import turned, turned_boxes

ALIGN_BATCH = 16
"""Faces per run of the aligner; bounds the memory of group photos."""


def locate(
    photo_rgb: NDArray[np.uint8],
    locator: ModelSession,
    aligner: ModelSession,
    cancel: CancelToken | None = None,
    *,
    turning: bool = True,
) -> list[Face]:
    """Find the faces of a photo.

    Args:
        photo_rgb: (H, W, 3) uint8.
        locator: a session of a ``locate`` model.
        aligner: a session of an ``align`` model.
        cancel: stops the work.
        turning: whether to look more closely at large photos, and for faces that lie on their side or
            upside down, where no upright one is certain; that takes as long again, or longer.

    Returns:
        The faces, largest first; an empty list when there are none.

    Raises:
        Cancelled, ModelError: see :meth:`ModelSession.run`.
    """
    candidates, turns = find_boxes(photo_rgb, locator, cancel), 0
    if turning:
        candidates = closer_boxes(photo_rgb, candidates, locator, cancel)
        turns, candidates = turned_boxes(photo_rgb, candidates, locator, cancel)
    landmarks = find_landmarks(photo_rgb, candidates.boxes, aligner, cancel, turns=turns)
    faces = [
        Face(
            box=_box(box),
            landmarks=points,
            score=float(score),
            masked=float(masked),
        )
        for box, points, score, masked in zip(
            candidates.boxes, landmarks, candidates.scores, candidates.masked, strict=True
        )
    ]
    return sorted(faces, key=_area, reverse=True)


def find_landmarks(
    photo_rgb: NDArray[np.uint8],
    boxes: NDArray[np.floating],
    aligner: ModelSession,
    cancel: CancelToken | None = None,
    *,
    turns: int = 0,
) -> NDArray[np.float32]:
    """The 68 landmarks inside face boxes, also for a box that a hand has drawn.

    Args:
        photo_rgb: (H, W, 3) uint8.
        boxes: (F, 4) x0, y0, x1, y1 in photo pixels.
        aligner: a session of an ``align`` model.
        cancel: stops the work.
        turns: how many quarter turns against the clock make the faces upright.

    Returns:
        (F, 68, 2) float32 in photo pixels.
    """
    card = aligner.model.card.input
    landmarks = np.zeros((len(boxes), 68, 2), np.float32)
    for start in range(0, len(boxes), ALIGN_BATCH):
        alignments = [
            turned(align_box(_box(box), margin=card.margin), turns)
            for box in boxes[start : start + ALIGN_BATCH]
        ]
        crops = np.stack([alignment.crop(photo_rgb, card.size) for alignment in alignments])
        tensor = to_tensor(crops)
        result = output(aligner.model, aligner.run({"face": tensor}, cancel), "landmarks")
        for offset, (alignment, points) in enumerate(zip(alignments, result, strict=True)):
            landmarks[start + offset] = alignment.to_photo(points)
    return landmarks


def _box(values: NDArray[np.floating]) -> Box:
    x0, y0, x1, y1 = (float(value) for value in values)
    return x0, y0, x1, y1


def _area(face: Face) -> float:
    x0, y0, x1, y1 = face.box
    return (x1 - x0) * (y1 - y0)

"""Photos with several mapped faces: which part of the map is whose, and one picture of all.

A composite of one face leaves every other face's part of the map as it is; all are filled in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment
from app.imaging.composite import Composite, composite, sketch_composite, sketched_part
from app.imaging.edit import bounding_rectangle
from app.imaging.photo import Photo
from app.imaging.uncertainty import spread, uncertainty_picture

LEAST_SHARE = 0.01
"""A face that gets less than this share of its crop, beside faces that get more, only borders on their
masks; what it would have got goes to them where their crops reach."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FacePart:
    """One face's share of the map, and what a model made of it.

    Attributes:
        map: (H, W) bool, this face's part.
        pictures: (K, S, S, C) float32 0..1, one per hypothesis, aligned; C is 3 or 1.
        alignment: of the pictures.
        error: (S, S) float32, the uncertainty that the model states; None where it states none.
        finer: (K, F, F, C) float32 0..1, the pictures in more detail; None where there is no more.
    """

    map: NDArray[np.bool_]
    pictures: NDArray[np.float32]
    alignment: Alignment
    error: NDArray[np.float32] | None = None
    finer: NDArray[np.float32] | None = None


def fill_faces(
    photo: Photo, map: NDArray[np.bool_], parts: Sequence[FacePart], number: int
) -> Composite:
    """One hypothesis of every face put into the photo.

    Args:
        photo: the photo.
        map: (H, W) bool, the whole map: all that is unknown in the photo.
        parts: the faces, at least one.
        number: the hypothesis, counted from 0.

    Raises:
        CompositeError: something outside the map changed. It cannot happen, and is checked.
    """
    filled = photo
    for part in parts:
        each = composite(
            filled,
            part.map,
            part.pictures[number],
            part.alignment,
            hidden=map,
            finer=None if part.finer is None else part.finer[number],
        )
        filled = replace(filled, pixels=each.pixels)
    return Composite(pixels=filled.pixels, uncovered=_uncovered(map, parts))


def sketch_faces(
    photo: Photo, map: NDArray[np.bool_], parts: Sequence[FacePart], number: int
) -> Composite:
    """As :func:`fill_faces`, but a sketch (H, W) of the photo; line weight follows the first face.

    The rims around the map are the first hypothesis's in all of them.
    """
    drawing: NDArray[np.unsignedinteger[Any]] | None = None
    for part in parts:
        each = sketch_composite(
            photo,
            part.map,
            part.pictures[number],
            part.alignment,
            hidden=map,
            around=part.pictures[0],
        )
        if drawing is None:
            drawing = each
        else:
            rim = sketched_part(part.map, part.alignment) & ~map
            np.copyto(drawing, each, where=part.map | rim)
    assert drawing is not None
    return Composite(pixels=drawing, uncovered=_uncovered(map, parts))


def uncertainty_of_faces(parts: Sequence[FacePart]) -> NDArray[np.uint8]:
    """(H, W) uint8: what the model states, or how much the hypotheses differ.

    Every face is drawn in its own part of the map;
    see :func:`app.imaging.uncertainty.uncertainty_picture`.
    """
    heat = np.zeros(parts[0].map.shape, np.uint8)
    for part in parts:
        values = spread(part.pictures) if part.error is None else part.error
        each = uncertainty_picture(values, part.map, part.alignment)
        np.maximum(heat, each, out=heat)
    return heat


def _uncovered(map: NDArray[np.bool_], parts: Sequence[FacePart]) -> int:
    """Mapped pixels that lie in no face's crop."""
    shared = sum(int(np.count_nonzero(part.map)) for part in parts)
    return int(np.count_nonzero(map)) - shared


def share_map(
    map: NDArray[np.bool_], alignments: Sequence[Alignment]
) -> tuple[NDArray[np.bool_] | None, ...]:
    """Share a map out among faces: a pixel goes to the face in whose crop it lies most centrally.

    Args:
        map: (H, W) bool of the whole photo.
        alignments: one per face.

    Returns:
        Per face (H, W) bool, or None where the face has no part in the map. The parts do not overlap;
        mapped pixels outside every crop are in none.
    """
    height, width = map.shape
    areas = [alignment.crop_size_in_photo**2 for alignment in alignments]
    owner = _owners(map, alignments, [0.0] * len(alignments))
    counts = [int(np.count_nonzero(owner == index)) for index in range(len(alignments))]
    small = [count < LEAST_SHARE * area for count, area in zip(counts, areas, strict=True)]
    if any(small) and not all(small):
        # A crop's farthest point is 0.71 from its middle, so a handicap of 1 yields to every other.
        owner = _owners(map, alignments, [1.0 if each else 0.0 for each in small])
    rectangle = bounding_rectangle(map)
    parts: list[NDArray[np.bool_] | None] = []
    for index in range(len(alignments)):
        mine = owner == index
        if not mine.any():
            parts.append(None)
            continue
        part = np.zeros((height, width), np.bool_)
        part[rectangle[1] : rectangle[3], rectangle[0] : rectangle[2]] = mine
        parts.append(part)
    return tuple(parts)


def _owners(
    map: NDArray[np.bool_], alignments: Sequence[Alignment], handicaps: Sequence[float]
) -> NDArray[np.int16]:
    """The index of each pixel's face, -1 for none, in the map's bounding rectangle."""
    height, width = map.shape
    left, top, right, bottom = bounding_rectangle(map)
    owner = np.full((bottom - top, right - left), -1, np.int16)
    nearest = np.full(owner.shape, np.inf, np.float32)
    for index, (alignment, handicap) in enumerate(zip(alignments, handicaps, strict=True)):
        x0, y0, x1, y1 = alignment.rectangle(width, height)
        x0, y0, x1, y1 = max(x0, left), max(y0, top), min(x1, right), min(y1, bottom)
        if x1 <= x0 or y1 <= y0:
            continue
        here = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
        across, down = _from_middle(alignment, (x0, y0, x1, y1))
        inside = (np.abs(across) <= 0.5) & (np.abs(down) <= 0.5) & map[y0:y1, x0:x1]
        distance = np.hypot(across, down) + np.float32(handicap)
        closer = inside & (distance < nearest[here])
        np.copyto(nearest[here], distance, where=closer)
        np.copyto(owner[here], np.int16(index), where=closer)
    return owner


def _from_middle(
    alignment: Alignment, rectangle: tuple[int, int, int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where the pixel centres of a rectangle lie from the crop's middle, in crop sides."""
    x0, y0, x1, y1 = rectangle
    x = (np.arange(x0, x1) + 0.5)[None, :]
    y = (np.arange(y0, y1) + 0.5)[:, None]
    (a, b, c), (d, e, f) = alignment.matrix
    across = (a * x + (b * y + c - 0.5)).astype(np.float32)
    down = (d * x + (e * y + f - 0.5)).astype(np.float32)
    return across, down

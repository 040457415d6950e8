"""The second stage: the binary map of what hides the faces, in the photo's own resolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, align, widened
from app.imaging.face import Face
from app.imaging.guided import explain
from app.imaging.rim import Step, with_rim
from app.inference.contract import output, to_tensor
from app.inference.session import CancelToken, ModelSession

BATCH = 8
"""Faces per run; each is seen both ways round."""

LEAST_MAP = 0.01
"""A map below this share of the crop is no mask: a shadow or a hand's edge."""

LEAST_ISLAND = 0.02
"""Pieces below this share of the largest one are noise."""


WIDER = 1.4
"""By how much the crop grows for a mask that goes on beyond it."""

LEAST_CUT = 0.03
"""Part of an edge of the crop that is mask when a mask goes on beyond it."""

FINEST = 384
"""Side, in pixels, of the finest crop on which edges are looked for."""

REACH = 0.06
"""How far an edge may be brought to the photo's, as a fraction of the crop."""

EVENNESS = 1e-4
"""Squared contrast, of a full range of 1, below which the photo shows no edge."""

RIM = (
    (0, ()),
    (80, (Step(60, halo=20),)),
    (130, (Step(35, halo=12),)),
    (180, 2 * (Step(35, halo=12),)),
    (250, 2 * (Step(35, shadow=14, halo=12),)),
    (400, 3 * (Step(35, shadow=14, halo=12),)),
)
"""From which side of the crop on, in photo pixels, the map takes pixels along in which the mask, its
shadow or a halo is seen, see :func:`app.imaging.rim.with_rim`: the blur of an edge grows with the face,
and of a small one a pixel is much."""

LARGE = 1.5 * FINEST
"""Side of the crop, in photo pixels, above which the rim is not looked for in the photo, where it would
take longer than the model: the map is grown by one of FINEST pixels, and by LARGE_RIM."""

LARGE_RIM = 3 * (Step(35, shadow=14, halo=12),)
"""The rim of large faces, in a crop with a side of FINEST pixels."""

SURE = 0.1
"""What stands for mask, of -.5 to .5, in pixels that the rim adds: as much as puts the edge, which is
where the values change sign, beside them."""

LEANING = 1.0
"""Added to the logit: where the model doubts, it is mask. A rim of the mask that is left outside the map
stays in the composite as a dark line, while a pixel of skin too much is drawn anew unseen."""


@dataclass(frozen=True, eq=False)
class FaceMap:
    """One face's map, only where its crop lies.

    Attributes:
        rectangle: x0, y0, x1, y1 in photo pixels, clipped to the photo; may be empty.
        pixels: (y1 - y0, x1 - x0) bool, True is mask.
    """

    rectangle: tuple[int, int, int, int]
    pixels: NDArray[np.bool_]


def map_faces(
    photo_rgb: NDArray[np.uint8],
    faces: Sequence[Face],
    session: ModelSession,
    cancel: CancelToken | None = None,
) -> NDArray[np.bool_]:
    """The map of a whole photo.

    Args:
        photo_rgb: (H, W, 3) uint8.
        faces: the faces to look at, masked or not; the model decides.
        session: a session of a ``map`` model.
        cancel: stops the work.

    Returns:
        (H, W) bool, True is mask; all False when no face wears one.

    Raises:
        Cancelled, ModelError: see :meth:`ModelSession.run`.
    """
    whole = np.zeros(photo_rgb.shape[:2], np.bool_)
    for part in map_each(photo_rgb, faces, session, cancel):
        x0, y0, x1, y1 = part.rectangle
        whole[y0:y1, x0:x1] |= part.pixels
    return whole


def map_each(
    photo_rgb: NDArray[np.uint8],
    faces: Sequence[Face],
    session: ModelSession,
    cancel: CancelToken | None = None,
) -> list[FaceMap]:
    """As :func:`map_faces`, one map per face in the faces' order.

    The model sees every face and its mirror image, and the mean of both answers counts: on the
    hand-drawn real masks that is worth about half a hundredth of overlap.
    """
    spec = session.model.card.input.alignment
    maps: list[FaceMap] = []
    for start in range(0, len(faces), BATCH):
        alignments = [align(face, spec) for face in faces[start : start + BATCH]]
        logits = _logits(photo_rgb, alignments, session, cancel)
        found = [
            _found(photo_rgb, logit, alignment)
            for logit, alignment in zip(logits, alignments, strict=True)
        ]
        cut = [index for index, logit in enumerate(logits) if is_cut(logit)]
        if cut:
            wide = [widened(alignments[index], spec, WIDER) for index in cut]
            answers = _logits(photo_rgb, wide, session, cancel)
            for index, logit, alignment in zip(cut, answers, wide, strict=True):
                further = _found(photo_rgb, logit, alignment)
                found[index] = _joined(found[index], alignments[index], further)
        maps.extend(found)
    return maps


def is_cut(logit: NDArray[np.float32]) -> bool:
    """Whether the mask goes on beyond the crop: gaiters, scarves, turned heads.

    Args:
        logit: (S, S) float32; above 0 is mask.
    """
    piece = largest_piece(logit > 0)
    edges = (piece[-2:], piece[:, :2], piece[:, -2:])
    return any(float(edge.mean()) > LEAST_CUT for edge in edges)


def largest_piece(pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest of the pieces of (H, W) bool; in a face's crop that is its mask, not a neighbour's."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(pixels.view(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    return np.asarray((labels == int(areas.argmax())) & pixels, np.bool_)


def _logits(
    photo_rgb: NDArray[np.uint8],
    alignments: Sequence[Alignment],
    session: ModelSession,
    cancel: CancelToken | None,
) -> NDArray[np.float32]:
    """The model's answers (N, S, S), the means of crop and mirror image."""
    size = session.model.card.input.size
    crops = np.stack([alignment.crop(photo_rgb, size) for alignment in alignments])
    both = np.concatenate([crops, crops[:, :, ::-1]])
    result = session.run({"face": to_tensor(both)}, cancel)
    straight, mirrored = np.split(output(session.model, result, "logit")[:, 0], 2)
    return np.ascontiguousarray((straight + mirrored[:, :, ::-1]) / 2)


def _found(
    photo_rgb: NDArray[np.uint8], logit: NDArray[np.float32], alignment: Alignment
) -> FaceMap:
    height, width = photo_rgb.shape[:2]
    snapped = snap_to_edges(logit, photo_rgb, alignment)
    found = map_of_logit(snapped, alignment, width, height)
    if (side := alignment.crop_size_in_photo) > LARGE:
        return found
    x0, y0, x1, y1 = found.rectangle
    steps = [steps for least, steps in RIM if side >= least][-1]
    return FaceMap(found.rectangle, with_rim(found.pixels, photo_rgb[y0:y1, x0:x1], steps=steps))


def _joined(near: FaceMap, alignment: Alignment, far: FaceMap) -> FaceMap:
    """The map of a crop, and around that crop what a wider one shows.

    Args:
        near: of the crop with this alignment.
        far: of a wider crop, whose rectangle holds that of `near`.
    """
    x0, y0 = far.rectangle[:2]
    a0, b0, a1, b1 = near.rectangle
    if not near.pixels.size:
        return far
    pixels = far.pixels.copy()
    here = (slice(b0 - y0, b1 - y0), slice(a0 - x0, a1 - x0))
    np.copyto(pixels[here], near.pixels, where=_inside_crop(alignment, near.rectangle))
    # What does not hang together with this face's mask is a neighbour's.
    _, labels = cv2.connectedComponents(pixels.view(np.uint8), connectivity=8)
    own = np.zeros(int(labels.max()) + 1, np.bool_)
    own[labels[here][largest_piece(near.pixels)]] = True
    own[0] = False
    joined = np.asarray(own[labels], np.bool_)
    joined[here] |= near.pixels
    return FaceMap(far.rectangle, joined)


def snap_to_edges(
    logit: NDArray[np.float32], photo_rgb: NDArray[np.uint8], alignment: Alignment
) -> NDArray[np.float32]:
    """Bring the edges of a model's answer onto the photo's own edges, at the photo's resolution.

    On the hand-drawn real masks that is worth a hundredth of overlap and four of the overlap of edges.

    Args:
        logit: (S, S) float32; above 0 is mask.
        photo_rgb: (H, W, 3) uint8.
        alignment: of the crop that the model saw.

    Returns:
        (T, T) float32, above 0 is mask; T is what the photo offers, between S and FINEST.
    """
    size = logit.shape[0]
    fine = int(np.clip(round(alignment.crop_size_in_photo), size, max(size, FINEST)))
    crop = alignment.crop(photo_rgb, fine)
    guide = crop.astype(np.float32) / np.float32(255)
    coarse = guide
    if fine != size:
        coarse = np.asarray(
            cv2.resize(guide, (size, size), interpolation=cv2.INTER_AREA), np.float32
        )
    probability = 1 / (1 + np.exp(-np.clip(logit + np.float32(LEANING), -12, 12)))
    radius = max(1, round(REACH * size))
    model = explain(coarse, probability.astype(np.float32), radius=radius, smoothness=EVENNESS)
    snapped = np.ascontiguousarray(model.apply(guide) - np.float32(0.5))
    # Prints on the cloth leave specks along the edge.
    clean = cv2.medianBlur(snapped, 3 if fine == size else 5)
    if alignment.crop_size_in_photo > LARGE:
        clean = cv2.dilate(clean, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
        seen = clean > 0
        clean[with_rim(seen, crop, steps=LARGE_RIM) & ~seen] = SURE
    return np.asarray(clean, np.float32)


def map_of_logit(
    logit: NDArray[np.float32], alignment: Alignment, width: int, height: int
) -> FaceMap:
    """Bring a model's answer to the photo and cut it there.

    The logit is warped, not the map, so that the edge is as smooth as the photo is large.

    Args:
        logit: (S, S) float32; above 0 is mask.
        alignment: of the crop that the model saw.
        width, height: the photo's size in pixels.
    """
    seen = logit > 0
    # In the model's answer, not in the photo: of a face of many megapixels that saves most of the time.
    logit = np.where(seen & ~drop_islands(seen), -np.abs(logit), logit)
    region, rectangle = alignment.paste(logit, width, height)
    pixels = np.asarray(region, np.float32) > 0
    if not pixels.any():
        return FaceMap(rectangle, np.zeros(pixels.shape, np.bool_))
    pixels &= _inside_crop(alignment, rectangle)
    if np.count_nonzero(pixels) < LEAST_MAP * alignment.crop_size_in_photo**2:
        pixels = np.zeros(pixels.shape, np.bool_)
    return FaceMap(rectangle, pixels)


def _inside_crop(alignment: Alignment, rectangle: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    """Where the crop itself lies in its rectangle: of what is outside the model knows nothing."""
    x0, y0, x1, y1 = rectangle
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    # OpenCV counts from pixel centres; four more bits keep the corners' fractions.
    corners = (alignment.corners() - [x0 + 0.5, y0 + 0.5]) * 16
    cv2.fillConvexPoly(inside, np.round(corners).astype(np.int32), 1, shift=4)
    return inside.astype(np.bool_)


def drop_islands(pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Remove pieces below :data:`LEAST_ISLAND` of the largest one (eight neighbours connect)."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        pixels.view(np.uint8), connectivity=8
    )
    if count <= 2:  # the background and at most one piece
        return pixels
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    keep = areas >= LEAST_ISLAND * areas.max()
    keep[0] = False
    return np.asarray(keep[labels], np.bool_)

"""Finer detail in what a model draws, as much of it as the visible face has.

A model works at a fixed number of pixels for the whole crop of a face, and most photos have more. Some
models give a finer picture besides. How much of its detail belongs into a photo is measured where the
photo shows the face: a blurred photo gets none, since a sharp mouth below blurred eyes would claim what
nobody can know.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment
from app.imaging.grain import FACE
from app.imaging.visible import visible_crop

SOFTNESS = 0.9
"""The Gaussian, in pixels of its picture, under which a model sees the visible face as it draws the
finer picture: what it has drawn itself is about as soft, so that both gain as much."""

LARGER = 1.6
"""By how much the crop of a face must be larger than a model's picture. Below that a photo hardly has
detail that the picture has not, and sharpening costs more than it gains."""

BESIDE = 0.02
"""How near to hidden pixels nothing is measured, as a fraction of the crop's side."""

ENOUGH = 0.01
"""Part of the crop that must be visible there for anything to be measured."""

MOST = 0.6
"""Of the detail of the finer picture, at most: it sharpens the faults of what is drawn as well."""


def with_detail(
    picture: NDArray[np.float32],
    finer: NDArray[np.float32],
    photo: NDArray[np.unsignedinteger[Any]],
    hidden: NDArray[np.bool_],
    alignment: Alignment,
) -> NDArray[np.float32]:
    """A model's picture with as much finer detail as the photo's visible part has.

    Args:
        picture: (S, S, C) float32 0..1, aligned.
        finer: (F, F, C) float32 0..1, the same with more detail; F > S. The visible face in it was seen
            under a Gaussian of SOFTNESS.
        photo: (H, W, C) uint8 or uint16, C as in `picture`.
        hidden: (H, W) bool; nothing in the result depends on the photo's pixels there.
        alignment: of the pictures.

    Returns:
        (F, F, C) float32, about 0..1; `picture` as it is where the photo shows no such detail, or too
        little of the face to tell.
    """
    side = finer.shape[0]
    if alignment.crop_size_in_photo < LARGER * picture.shape[0]:
        return picture
    soft = cv2.GaussianBlur(picture, (0, 0), SOFTNESS, borderType=cv2.BORDER_REPLICATE)
    ground = enlarged(np.asarray(soft, np.float32), side)
    amount = _amount(finer, ground, photo, hidden, alignment)
    if amount <= 0:
        return picture
    plain = enlarged(picture, side)
    return plain + np.float32(amount) * (finer - plain)


def _amount(
    finer: NDArray[np.float32],
    soft: NDArray[np.float32],
    photo: NDArray[np.unsignedinteger[Any]],
    hidden: NDArray[np.bool_],
    alignment: Alignment,
) -> float:
    """How many times what was added to the soft picture is nearest to what the photo has besides.

    By least squares, in the visible face. Noise is unlike anything drawn, so that it counts for nothing.
    """
    side = finer.shape[0]
    visible, share = visible_crop(photo, hidden, alignment, side)
    beside = 2 * max(1, round(BESIDE * side)) + 1
    unknown = cv2.dilate((share < 1).astype(np.uint8), np.ones((beside, beside), np.uint8))
    known = unknown == 0
    left, top, right, bottom = (round(place * side) for place in FACE)
    face = np.zeros_like(known)
    face[top:bottom, left:right] = True
    chosen = known & face if np.count_nonzero(known & face) >= ENOUGH * known.size else known
    if np.count_nonzero(chosen) < ENOUGH * known.size:
        return 0.0
    ground = soft[chosen].astype(np.float64)
    drawn, seen = finer[chosen] - ground, visible[chosen] - ground
    energy = float(np.square(drawn).sum())
    if energy <= 0:
        return 0.0
    return float(np.clip((seen * drawn).sum() / energy, 0, MOST))


def enlarged(picture: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """(S, S, C) to (side, side, C) float32."""
    larger = cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)
    # OpenCV drops a single channel's axis.
    return np.asarray(larger, np.float32).reshape(side, side, -1)

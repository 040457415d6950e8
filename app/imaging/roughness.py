"""Skin that is drawn, no rougher than the skin that is seen.

A model draws the texture of the photos it has learned from, which is that of small and compressed ones.
On the skin of a large, even photo it looks like stains. How rough skin is in each octave is measured
where the photo shows the face, and what is drawn rougher is brought down to that. Lips, nostrils and
folds stand out of the skin around them and stay; skin that is drawn more even stays as well.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment
from app.imaging.detail import LARGER
from app.imaging.grain import FACE
from app.imaging.visible import visible_crop

OCTAVES = ((0.5, 1.0), (1.0, 2.0), (2.0, 4.0))
"""Standard deviations of the two Gaussians between which detail is compared, in pixels of the model's
picture. Finer is grain; coarser are shadow and form, which differ between forehead and chin."""

AROUND = 1.0
"""The Gaussian over which detail is averaged, as a multiple of its octave's coarser one."""

EVENEST = 25
"""The percentile of places that stands for skin, in per cent. Eyes, brows, hair, lips and nostrils are
rougher."""

STANDS_OUT = (1.5, 3.5)
"""How many times as rough as the skin around it something is that is partly, and wholly, let be."""

LEAST = 0.5
"""Of an octave, at least that much stays: what is smoother still is a drawing or a doll."""

BESIDE = 3
"""Pixels of the picture from the map's edge in which neither side is measured."""

ENOUGH = 0.02
"""Part of the crop that must be visible in the face, and hidden, for anything to be measured."""


def no_rougher(
    picture: NDArray[np.float32],
    photo: NDArray[np.unsignedinteger[Any]],
    hidden: NDArray[np.bool_],
    alignment: Alignment,
) -> NDArray[np.float32]:
    """A model's picture whose skin is no rougher than the photo's.

    Luminance and the two differences of colour (ITU-R BT.601) are compared each by itself.

    Args:
        picture: (S, S, C) float32 0..1, aligned; C is 1 or 3.
        photo: (H, W, C) uint8 or uint16.
        hidden: (H, W) bool; nothing in the result depends on the photo's pixels there.
        alignment: of the picture.

    Returns:
        (S, S, C) float32, about 0..1; `picture` as it is where the crop is not much larger than it (see
        :data:`app.imaging.detail.LARGER`), and where too little can be compared.
    """
    side = picture.shape[0]
    if alignment.crop_size_in_photo < LARGER * side:
        return picture
    visible, share = visible_crop(photo, hidden, alignment, side)
    unknown = (share < 1).astype(np.uint8)
    seen, drawn = _compared(unknown)
    if min(np.count_nonzero(seen), np.count_nonzero(drawn)) < ENOUGH * unknown.size:
        return picture
    shown, made = _split(visible), _split(picture)
    result = made.copy()
    for finer, coarser in OCTAVES:
        skin = np.percentile(_octave(shown, finer, coarser)[1][seen], EVENEST, axis=0)
        detail, strength = _octave(made, finer, coarser)
        rough = np.maximum(np.percentile(strength[drawn], EVENEST, axis=0), 1e-6)
        kept = np.clip(skin / rough, LEAST, 1)
        low, high = STANDS_OUT
        is_skin = np.clip((high * rough - strength) / ((high - low) * rough), 0, 1)
        result -= ((1 - kept) * is_skin * detail).astype(np.float32)
    changed = _joined(result) - _joined(made)
    return picture + changed * unknown[..., None].astype(np.float32)


def _compared(unknown: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The visible and the hidden part of the face, without what is near the other."""
    side = len(unknown)
    left, top, right, bottom = (round(place * side) for place in FACE)
    face = np.zeros(unknown.shape, np.bool_)
    face[top:bottom, left:right] = True
    square = np.ones((2 * BESIDE + 1, 2 * BESIDE + 1), np.uint8)
    seen = cv2.dilate(unknown, square) == 0
    drawn = cv2.erode(unknown, square) > 0
    return seen & face, drawn & face


def _octave(
    channels: NDArray[np.float32], finer: float, coarser: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What (S, S, C) has between two Gaussians, and its root mean square around each pixel."""
    detail = _blurred(channels, finer) - _blurred(channels, coarser)
    return detail, np.sqrt(_blurred(detail * detail, AROUND * coarser))


def _blurred(channels: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    blurred = cv2.GaussianBlur(channels, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    # OpenCV drops a single channel's axis.
    return np.asarray(blurred, np.float32).reshape(channels.shape)


def _split(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Luminance and differences of colour; grey stays."""
    if rgb.shape[2] == 1:
        return rgb
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2YCrCb), np.float32)


def _joined(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    if channels.shape[2] == 1:
        return channels
    return np.asarray(cv2.cvtColor(channels, cv2.COLOR_YCrCb2RGB), np.float32)

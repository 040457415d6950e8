"""The pencil sketch of a picture: what the sketch models are taught and what the window draws.

Sivakumar's recipe (RGB2SKETCH): grey, inversion, Gaussian blur, colour dodge and a sharpening kernel.
"""

from __future__ import annotations

import math
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Picture = NDArray[np.unsignedinteger[Any] | np.floating[Any]]

BLUR_FRACTION = 0.03
"""Standard deviation of the blur as a fraction of the face crop's side: line weight follows the face,
not the photo's resolution."""

SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=np.float32)
NEIGHBOURS = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=np.float32)

FINEST = 192.0
"""Side of the largest face crop in pixels that is sharpened from pixel to pixel. In larger ones the
lines would be hairs beside those that a model draws, and the photo's grain would be drawn as well."""

SHARPENED, SMOOTHED = math.sqrt(0.5), 0.35
"""Standard deviations of the Gaussians that stand for the sharpening kernel's neighbours and keep grain
out, in 192nds of the crop. The first has the kernel's own second moment."""

_STEPS = 1.6
"""Pixels per 192nd of a crop at which lines are smooth; photos with more are drawn reduced."""

_BAND_PIXELS = 1 << 21
"""Pixels drawn at a time: a 60-megapixel photo in 32-bit floats would not fit everywhere."""


def sketch(picture: Picture, *, face_size: float, hidden: NDArray[np.bool_] | None = None) -> Grey:
    """Draw a picture as a pencil sketch.

    Args:
        picture: (H, W, 3) RGB or (H, W) grey, uint8 0..255, uint16 0..65535 or float32 0..1.
        face_size: side of the aligned face crop in this picture's pixels; sets the line weight.
        hidden: (H, W) bool; pixels that must not be seen. They come out as paper, and nothing
            beside them depends on them.

    Returns:
        (H, W) float32, 0 black .. 1 paper white.
    """
    height, width = picture.shape[:2]
    factor = int(face_size / FINEST / _STEPS)
    if factor > 1:
        small, gone = _reduced(picture, hidden, factor)
        drawn = sketch(small, face_size=face_size / factor, hidden=gone)
        drawn = _enlarged(drawn, factor, height, width)
        if hidden is not None:
            drawn[hidden] = 1
        return drawn
    sigma, scale = max(0.8, BLUR_FRACTION * face_size), max(1.0, face_size / FINEST)
    drawn = np.empty((height, width), np.float32)
    # A band is drawn with as many rows around it as its blurs and its sharpening look at.
    around = math.ceil(4 * (sigma + (SMOOTHED + SHARPENED) * scale)) + 2
    rows = max(4 * around, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        first, last = max(0, top - around), min(height, bottom + around)
        band = slice(first, last)
        grey = _grey(picture[band])
        part = None if hidden is None or not hidden[band].any() else hidden[band]
        drawn[top:bottom] = _draw(grey, part, sigma, scale)[top - first : bottom - first]
    return drawn


def _grey(picture: Picture) -> Grey:
    """(H, W) float32 0..1 of a picture of any kind."""
    full = {"uint8": 255.0, "uint16": 65535.0}.get(picture.dtype.name, 1.0)
    colour = picture.astype(np.float32) / np.float32(full)
    return cast(Grey, cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY) if colour.ndim == 3 else colour)


def _draw(grey: Grey, hidden: NDArray[np.bool_] | None, sigma: float, scale: float) -> Grey:
    """Dodge by a blur of `sigma` pixels and sharpen, in steps of `scale` pixels."""
    # Colour dodge of the grey by its blurred negative: grey / (1 - blur(1 - grey)) = grey / blur(grey).
    below = np.maximum(_blur(grey, hidden, sigma), np.float32(1 / 255))
    fine = _blur(grey, hidden, SMOOTHED * scale) if scale > 1 else grey
    dodged = np.minimum(fine / below, np.float32(1))
    if scale > 1:
        around = _blur(dodged, hidden, SHARPENED * scale)
        drawn = np.clip(5 * dodged - 4 * around, 0, 1)
    elif hidden is None:
        sharpened = cv2.filter2D(dodged, -1, SHARPEN, borderType=cv2.BORDER_REFLECT)
        drawn = np.clip(sharpened, 0, 1)
    else:
        # The kernel is 5 c - (sum of four); where a neighbour is hidden, the pixel stands in for it.
        known = np.logical_not(hidden).astype(np.float32)
        count = cv2.filter2D(known, -1, NEIGHBOURS, borderType=cv2.BORDER_REFLECT)
        four = cv2.filter2D(dodged * known, -1, NEIGHBOURS, borderType=cv2.BORDER_REFLECT)
        drawn = np.clip(dodged * (1 + count) - four, 0, 1)
    if hidden is not None:
        drawn[hidden] = 1
    return np.asarray(drawn, np.float32)


def _blur(grey: Grey, hidden: NDArray[np.bool_] | None, sigma: float) -> Grey:
    """Gaussian blur over the visible pixels only."""
    if hidden is None:
        return cast(Grey, cv2.GaussianBlur(grey, (0, 0), sigma, borderType=cv2.BORDER_REFLECT))
    known = np.logical_not(hidden).astype(np.float32)
    blurred = cv2.GaussianBlur(grey * known, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    share = cv2.GaussianBlur(known, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    return cast(Grey, blurred / np.maximum(share, np.float32(1e-6)))


def _reduced(
    picture: Picture, hidden: NDArray[np.bool_] | None, factor: int
) -> tuple[Grey, NDArray[np.bool_] | None]:
    """Averages of the visible pixels in squares of `factor` pixels, and where there are none."""
    height, width = picture.shape[:2]
    columns, bands = math.ceil(width / factor), math.ceil(height / factor)
    small = np.empty((bands, columns), np.float32)
    share = np.ones((bands, columns), np.float32)
    rows = factor * max(1, _BAND_PIXELS // (width * factor))
    for top in range(0, height, rows):
        grey = _grey(picture[top : top + rows])
        here = slice(top // factor, top // factor + math.ceil(len(grey) / factor))
        if hidden is not None and hidden[top : top + rows].any():
            known = np.logical_not(hidden[top : top + rows]).astype(np.float32)
            grey = grey * known
            share[here] = _averages(known, factor)
        small[here] = _averages(grey, factor)
    gone = None if hidden is None else np.asarray(share <= 0, np.bool_)
    return np.asarray(small / np.where(share > 0, share, 1), np.float32), gone


def _averages(grey: Grey, factor: int) -> Grey:
    """Averages over squares of `factor` pixels; those that the edge cuts repeat its pixels."""
    bottom, right = -grey.shape[0] % factor, -grey.shape[1] % factor
    if bottom or right:
        grey = cast(Grey, cv2.copyMakeBorder(grey, 0, bottom, 0, right, cv2.BORDER_REPLICATE))
    size = (grey.shape[1] // factor, grey.shape[0] // factor)
    return cast(Grey, cv2.resize(grey, size, interpolation=cv2.INTER_AREA))


def _enlarged(drawn: Grey, factor: int, height: int, width: int) -> Grey:
    """The reduced drawing in the picture's size."""
    rows, columns = drawn.shape
    # Not by a warp: OpenCV warps no picture with a side of 32768 pixels or more.
    enlarged = cv2.resize(drawn, (columns * factor, rows * factor), interpolation=cv2.INTER_CUBIC)[
        :height, :width
    ]
    return np.asarray(np.clip(enlarged, 0, 1), np.float32)

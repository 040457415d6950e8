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

_WIDE_SIGMA = 16.0
"""Wider blurs are made on a reduced picture: a large face's would take most of a minute. No crop that
a model sees comes near it."""

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
    sigma = max(0.8, BLUR_FRACTION * face_size)
    wide = _WideBlur(picture, hidden, sigma) if sigma > _WIDE_SIGMA else None
    drawn = np.empty((height, width), np.float32)
    # A band is drawn with as many rows around it as its blur and its sharpening look at.
    around = 1 if wide is not None else math.ceil(4 * sigma) + 2
    rows = max(4 * around, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        first, last = max(0, top - around), min(height, bottom + around)
        band = slice(first, last)
        grey = _grey(picture[band])
        part = None if hidden is None or not hidden[band].any() else hidden[band]
        if part is not None:
            grey[part] = 0
        blurred = _blur(grey, part, sigma) if wide is None else wide.rows(first, last)
        drawn[top:bottom] = _draw(grey, part, blurred)[top - first : bottom - first]
    return drawn


def _grey(picture: Picture) -> Grey:
    """(H, W) float32 0..1 of a picture of any kind."""
    full = {"uint8": 255.0, "uint16": 65535.0}.get(picture.dtype.name, 1.0)
    colour = picture.astype(np.float32) / np.float32(full)
    return cast(Grey, cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY) if colour.ndim == 3 else colour)


def _draw(grey: Grey, hidden: NDArray[np.bool_] | None, blurred: Grey) -> Grey:
    """Dodge and sharpen."""
    # Colour dodge of the grey by its blurred negative: grey / (1 - blur(1 - grey)) = grey / blur(grey).
    dodged = np.minimum(grey / np.maximum(blurred, np.float32(1 / 255)), np.float32(1))
    if hidden is None:
        sharpened = cv2.filter2D(dodged, -1, SHARPEN, borderType=cv2.BORDER_REFLECT)
        return np.asarray(np.clip(sharpened, 0, 1), np.float32)
    # The kernel is 5 c - (sum of four); where a neighbour is hidden, the pixel stands in for it.
    known = np.logical_not(hidden).astype(np.float32)
    count = cv2.filter2D(known, -1, NEIGHBOURS, borderType=cv2.BORDER_REFLECT)
    four = cv2.filter2D(dodged * known, -1, NEIGHBOURS, borderType=cv2.BORDER_REFLECT)
    drawn = np.asarray(np.clip(dodged * (1 + count) - four, 0, 1), np.float32)
    drawn[hidden] = 1
    return drawn


def _blur(grey: Grey, hidden: NDArray[np.bool_] | None, sigma: float) -> Grey:
    """Gaussian blur of a grey picture that is 0 where it is hidden, over its visible pixels only."""
    blurred = cv2.GaussianBlur(grey, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    if hidden is not None:
        known = np.logical_not(hidden).astype(np.float32)
        share = cv2.GaussianBlur(known, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        blurred = blurred / np.maximum(share, np.float32(1e-6))
    return cast(Grey, blurred)


class _WideBlur:
    """As :func:`_blur` for a blur so wide that it can be made on a reduced picture."""

    def __init__(self, picture: Picture, hidden: NDArray[np.bool_] | None, sigma: float) -> None:
        self._factor = int(sigma / (_WIDE_SIGMA / 2))
        self._width = picture.shape[1]
        factor = self._factor
        height, width = picture.shape[:2]
        columns, bands = math.ceil(width / factor), math.ceil(height / factor)
        small = np.empty((bands, columns), np.float32)
        share = np.ones((bands, columns), np.float32)
        rows = factor * max(1, _BAND_PIXELS // (width * factor))
        for top in range(0, height, rows):
            grey = _grey(picture[top : top + rows])
            here = slice(top // factor, top // factor + math.ceil(len(grey) / factor))
            if hidden is not None and hidden[top : top + rows].any():
                part = hidden[top : top + rows]
                grey[part] = 0
                share[here] = self._reduce(np.logical_not(part).astype(np.float32))
            small[here] = self._reduce(grey)
        border = cv2.BORDER_REFLECT
        blurred = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=border)
        share = cast(Grey, cv2.GaussianBlur(share, (0, 0), sigma / factor, borderType=border))
        self._blurred = cast(Grey, blurred / np.maximum(share, np.float32(1e-6)))

    def rows(self, first: int, last: int) -> Grey:
        """The blurred picture's rows first..last-1 in full size."""
        # Pixel centre u of the picture lies at (u + 0.5) / factor - 0.5 in the reduced one.
        scale = 1 / self._factor
        shift = scale / 2 - 0.5
        matrix = np.array([[scale, 0, shift], [0, scale, shift + first * scale]])
        enlarged = cv2.warpAffine(
            self._blurred,
            matrix,
            (self._width, last - first),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return cast(Grey, enlarged)

    def _reduce(self, grey: Grey) -> Grey:
        """Averages over squares of `factor` pixels; those that the edge cuts repeat its pixels."""
        factor = self._factor
        height, width = grey.shape
        bottom, right = -height % factor, -width % factor
        if bottom or right:
            grey = cast(Grey, cv2.copyMakeBorder(grey, 0, bottom, 0, right, cv2.BORDER_REPLICATE))
        size = (grey.shape[1] // factor, grey.shape[0] // factor)
        return cast(Grey, cv2.resize(grey, size, interpolation=cv2.INTER_AREA))

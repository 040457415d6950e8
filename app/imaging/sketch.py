"""The pencil sketch of a picture: what the sketch models are taught and what the window draws.

Sivakumar's recipe (RGB2SKETCH): grey, inversion, Gaussian blur, colour dodge and a sharpening kernel.
"""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

BLUR_FRACTION = 0.03
"""Standard deviation of the blur as a fraction of the face crop's side: line weight follows the face,
not the photo's resolution."""

SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=np.float32)
NEIGHBOURS = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=np.float32)

_EXACT_SIGMA = 16.0
"""Wider blurs are made on a reduced picture: a large face's would take most of a minute. No crop that
a model sees comes near it."""


def sketch(
    picture: NDArray[np.unsignedinteger[Any] | np.floating[Any]],
    *,
    face_size: float,
    hidden: NDArray[np.bool_] | None = None,
) -> Grey:
    """Draw a picture as a pencil sketch.

    Args:
        picture: (H, W, 3) RGB or (H, W) grey, uint8 0..255, uint16 0..65535 or float32 0..1.
        face_size: side of the aligned face crop in this picture's pixels; sets the line weight.
        hidden: (H, W) bool; pixels that must not be seen. They come out as paper, and nothing
            beside them depends on them.

    Returns:
        (H, W) float32, 0 black .. 1 paper white.
    """
    full = {"uint8": 255.0, "uint16": 65535.0}.get(picture.dtype.name, 1.0)
    colour = picture.astype(np.float32) / np.float32(full)
    grey = cast(Grey, cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY) if colour.ndim == 3 else colour)
    sigma = max(0.8, BLUR_FRACTION * face_size)
    if hidden is not None and hidden.any():
        return _sketch_visible(grey, hidden, sigma)
    # Colour dodge of the grey by its blurred negative: grey / (1 - blur(1 - grey)) = grey / blur(grey).
    dodged = np.minimum(grey / np.maximum(_blur(grey, sigma), np.float32(1 / 255)), np.float32(1))
    sharpened = cv2.filter2D(dodged, -1, SHARPEN, borderType=cv2.BORDER_REFLECT)
    return np.clip(sharpened, 0, 1).astype(np.float32)


def _sketch_visible(grey: Grey, hidden: NDArray[np.bool_], sigma: float) -> Grey:
    """The same with every average taken over visible pixels only."""
    known = np.logical_not(hidden).astype(np.float32)
    seen = np.where(hidden, np.float32(0), grey)
    blurred = _blur(seen, sigma) / np.maximum(_blur(known, sigma), np.float32(1e-6))
    dodged = np.minimum(seen / np.maximum(blurred, np.float32(1 / 255)), np.float32(1))
    # The kernel is 5 c - (sum of four); where a neighbour is hidden, the pixel stands in for it.
    count = cv2.filter2D(known, -1, NEIGHBOURS, borderType=cv2.BORDER_REFLECT)
    around = cv2.filter2D(dodged * known, -1, NEIGHBOURS, borderType=cv2.BORDER_REFLECT)
    sharpened = np.clip(dodged * (1 + count) - around, 0, 1)
    return np.where(hidden, np.float32(1), sharpened).astype(np.float32)


def _blur(grey: Grey, sigma: float) -> Grey:
    """Gaussian blur, on a reduced picture where that cannot be told apart."""
    factor = int(sigma / (_EXACT_SIGMA / 2)) if sigma > _EXACT_SIGMA else 1
    if factor < 2:
        return cast(Grey, cv2.GaussianBlur(grey, (0, 0), sigma, borderType=cv2.BORDER_REFLECT))
    height, width = grey.shape
    small_size = (max(1, round(width / factor)), max(1, round(height / factor)))
    small = cv2.resize(grey, small_size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(
        small,
        (0, 0),
        sigmaX=sigma * small_size[0] / width,
        sigmaY=sigma * small_size[1] / height,
        borderType=cv2.BORDER_REFLECT,
    )
    return cast(Grey, cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))

"""The pencil sketch of a picture: what the sketch models are taught and what the window draws.

Sivakumar's recipe (RGB2SKETCH): grey, inversion, Gaussian blur, colour dodge and a sharpening kernel.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

BLUR_FRACTION = 0.03
"""Standard deviation of the blur as a fraction of the face crop's side: line weight follows the face,
not the photo's resolution."""

SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=np.float32)


def sketch(picture: NDArray[np.generic], *, face_size: float) -> NDArray[np.float32]:
    """Draw a picture as a pencil sketch.

    Args:
        picture: (H, W, 3) RGB or (H, W) grey, uint8 0..255, uint16 0..65535 or float32 0..1.
        face_size: side of the aligned face crop in this picture's pixels; sets the line weight.

    Returns:
        (H, W) float32, 0 black .. 1 paper white.
    """
    full = float(np.iinfo(picture.dtype).max) if picture.dtype.kind == "u" else 1.0
    colour = picture.astype(np.float32) / np.float32(full)
    grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY) if colour.ndim == 3 else colour
    sigma = max(0.8, BLUR_FRACTION * face_size)
    # Colour dodge of the grey by its blurred negative: grey / (1 - blur(1 - grey)) = grey / blur(grey).
    blurred = cv2.GaussianBlur(grey, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    dodged = np.minimum(grey / np.maximum(blurred, np.float32(1 / 255)), np.float32(1))
    sharpened = cv2.filter2D(dodged, -1, SHARPEN, borderType=cv2.BORDER_REFLECT)
    return np.clip(sharpened, 0, 1).astype(np.float32)

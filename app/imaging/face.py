"""A located face: where it is in the photo, and how sure the locator was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels of the displayed photo, x to the right, y down."""

RIGHT_EYE = slice(36, 42)
LEFT_EYE = slice(42, 48)
MOUTH = slice(48, 68)
JAW = slice(0, 17)


@dataclass(frozen=True, kw_only=True, eq=False)
class Face:
    """One face of one photo.

    Attributes:
        box: x0, y0, x1, y1 in photo pixels; forehead to chin, not the whole head.
        landmarks: (68, 2) float32 in photo pixels, iBUG-68 order (Sagonas et al. 2013). Under a
            mask the nose, mouth and jaw are estimates; never align on them.
        score: detection confidence, 0..1; 1.0 for a face added by hand.
        masked: probability that the face wears a mask, 0..1.
    """

    box: Box
    landmarks: NDArray[np.float32]
    score: float = 1.0
    masked: float = 1.0

    @property
    def eyes(self) -> NDArray[np.float64]:
        """(2, 2) float64: the centres of the eye at the viewer's left and at the viewer's right."""
        points = self.landmarks.astype(np.float64)
        return np.stack([points[RIGHT_EYE].mean(axis=0), points[LEFT_EYE].mean(axis=0)])


FOREHEAD = 0.37
"""How far the locator's box reaches above the brows, in brow-to-chin heights: the LFW photos' median."""


def box_of_landmarks(landmarks: NDArray[np.floating]) -> Box:
    """The face box, as the locator draws it, that belongs to 68 landmarks.

    Args:
        landmarks: (68, 2) in photo pixels.

    Returns:
        Their bounding box with the forehead that the 68 points leave out.
    """
    x0, y0 = landmarks.min(axis=0)
    x1, y1 = landmarks.max(axis=0)
    return float(x0), float(y0 - FOREHEAD * (y1 - y0)), float(x1), float(y1)

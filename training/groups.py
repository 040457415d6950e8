"""Which group a face belongs to, as far as a photo alone can tell: skin tone, pose, how a mask is worn.

Sex and age band are not told from a photo here, and nobody has noted them.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.face import LEFT_EYE, RIGHT_EYE

SKIN_BANDS = ((41.0, "skin light"), (28.0, "skin intermediate"), (10.0, "skin tan"))
"""Lower ends of the bands of the individual typology angle in degrees (Chardon et al. 1991; Del Bino et
al. 2006); what is below the last is "skin brown or dark"."""

FRONTAL = 0.15
"""How far the nose may lie off the middle of the cheeks, as a part of their distance."""

CHEEKS = ((1, 31), (15, 35))
"""Per side the landmarks of jaw and nose's wing, half-way between which a cheek lies."""


TO_THE_NECK = 0.4
"""How far below the chin, in distances of the eyes, a mask reaches that is a gaiter or a scarf."""


def groups_of(photo: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> tuple[str, str]:
    """The skin tone's and the pose's group of a face.

    Args:
        photo: (H, W, 3) uint8 RGB; nothing hides the face.
        landmarks: (68, 2) in its pixels.
    """
    return skin_tone(photo, landmarks), pose(landmarks)


def typology_angle(photo: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> float:
    """Individual typology angle of the cheeks in degrees: arctan((L* - 50) / b*).

    The camera and the light move it: it tells how the skin looks in this photo.

    Args:
        photo, landmarks: as in :func:`groups_of`.
    """
    eyes = landmarks[LEFT_EYE].mean(axis=0) - landmarks[RIGHT_EYE].mean(axis=0)
    radius = max(2, round(0.12 * float(np.hypot(*eyes))))
    region = np.zeros(photo.shape[:2], np.uint8)
    for jaw, wing in CHEEKS:
        middle = (landmarks[jaw] + landmarks[wing]) / 2
        centre = (round(float(middle[0])), round(float(middle[1])))
        cv2.circle(region, centre, radius, 1, -1)
    values = cv2.cvtColor(photo.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab)
    skin = values[region > 0]
    if not len(skin):
        return float("nan")
    lightness, _, yellow = np.median(skin, axis=0)
    return float(np.degrees(np.arctan2(lightness - 50, max(float(yellow), 1e-3))))


def skin_tone(photo: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> str:
    """The band of :func:`typology_angle`."""
    angle = typology_angle(photo, landmarks)
    for least, name in SKIN_BANDS:
        if angle > least:
            return name
    return "skin brown or dark"


def pose(landmarks: NDArray[np.floating]) -> str:
    """Whether the head is turned: how far the nose's tip is from the middle between the cheeks.

    Args:
        landmarks: (68, 2).
    """
    right, left, nose = landmarks[1], landmarks[15], landmarks[30]
    across = left - right
    place = float((nose - right) @ across) / max(float(across @ across), 1e-9)
    return "head frontal" if abs(place - 0.5) < FRONTAL else "head turned"


def wearing(covered: NDArray[np.bool_], landmarks: NDArray[np.floating]) -> str:
    """How a mask is worn.

    Args:
        covered: (H, W) bool, the map.
        landmarks: (68, 2) in its pixels.
    """

    def hidden(point: NDArray[np.floating]) -> bool:
        x, y = (round(float(value)) for value in point)
        height, width = covered.shape
        return bool(covered[min(max(y, 0), height - 1), min(max(x, 0), width - 1)])

    if not hidden(landmarks[48:68].mean(axis=0)):
        return "nose and mouth free"
    if not hidden(landmarks[30]):
        return "nose free"
    eyes = landmarks[LEFT_EYE].mean(axis=0) - landmarks[RIGHT_EYE].mean(axis=0)
    down = landmarks[8] - landmarks[27]
    below = TO_THE_NECK * float(np.hypot(*eyes)) / max(float(np.hypot(*down)), 1e-6)
    return "mask to the neck" if hidden(landmarks[8] + down * below) else "mask to the chin"

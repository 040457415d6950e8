"""Groups of faces that a photo alone can tell."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from training.groups import groups_of, pose, typology_angle, wearing


@pytest.fixture
def landmarks() -> NDArray[np.float64]:
    """Cheeks, nose and eyes of a frontal face in 200 px; the other points play no part."""
    points = np.full((68, 2), 100.0)
    points[1], points[15] = (40, 100), (160, 100)
    points[31], points[35], points[30] = (85, 120), (115, 120), (100, 115)
    points[36:42], points[42:48] = (70, 80), (130, 80)
    return points


def picture_of(lab: tuple[float, float, float]) -> NDArray[np.uint8]:
    """200 x 200 px of one CIE L*a*b* colour."""
    colour = cv2.cvtColor(np.full((200, 200, 3), lab, np.float32), cv2.COLOR_Lab2RGB)
    return np.asarray(np.clip(colour, 0, 1) * 255 + 0.5, np.uint8)


@pytest.mark.parametrize(
    ("lab", "angle", "name"),
    [
        ((70.0, 12.0, 14.0), 55.0, "skin light"),
        ((65.0, 12.0, 20.0), 36.9, "skin intermediate"),
        ((55.0, 14.0, 14.0), 19.7, "skin tan"),
        ((35.0, 12.0, 14.0), -47.0, "skin brown or dark"),
    ],
)
def test_skin_tone_is_the_typology_angle_of_the_cheeks(
    landmarks: NDArray[np.float64], lab: tuple[float, float, float], angle: float, name: str
) -> None:
    picture = picture_of(lab)
    assert typology_angle(picture, landmarks) == pytest.approx(angle, abs=2.5)
    assert groups_of(picture, landmarks) == (name, "head frontal")


@pytest.mark.parametrize("side", [-1, 1])
def test_a_nose_far_from_the_middle_is_a_turned_head(
    landmarks: NDArray[np.float64], side: int
) -> None:
    landmarks[30, 0] = 100 + side * 16
    assert pose(landmarks) == "head frontal"
    landmarks[30, 0] = 100 + side * 20
    assert pose(landmarks) == "head turned"


@pytest.mark.parametrize(
    ("top", "bottom", "name"),
    [
        (90, 172, "mask to the chin"),
        (90, 199, "mask to the neck"),
        (130, 172, "nose free"),
        (160, 199, "nose and mouth free"),
        (0, 0, "nose and mouth free"),
    ],
)
def test_how_a_mask_is_worn(
    landmarks: NDArray[np.float64], top: int, bottom: int, name: str
) -> None:
    landmarks[27], landmarks[8], landmarks[48:68] = (100, 85), (100, 170), (100, 145)
    covered = np.zeros((200, 200), np.bool_)
    covered[top:bottom] = True
    assert wearing(covered, landmarks) == name

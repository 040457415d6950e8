"""What follows from landmarks: eyes and box."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.face import Face, box_of_landmarks


def test_eyes_are_the_means_of_their_six_points() -> None:
    landmarks = np.zeros((68, 2), np.float32)
    landmarks[36:42] = [[0, 0], [1, 2], [2, 2], [3, 0], [2, -2], [1, -2]]
    landmarks[42:48] = [[10, 5]] * 6
    face = Face(box=(0, 0, 1, 1), landmarks=landmarks)
    np.testing.assert_allclose(face.eyes, [[1.5, 0.0], [10.0, 5.0]])
    assert face.eyes.dtype == np.float64


def test_box_bounds_the_landmarks_and_the_forehead() -> None:
    landmarks = np.full((68, 2), 50, np.float32)
    landmarks[0], landmarks[8] = (10, 40), (90, 140)
    assert box_of_landmarks(landmarks) == pytest.approx((10.0, 3.0, 90.0, 140.0))

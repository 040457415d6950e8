"""Aligned training crops: jitter, flips and what a batch holds."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.imaging.alignment import AlignmentSpec, align
from app.imaging.face import LEFT_EYE, RIGHT_EYE, Face, box_of_landmarks
from tests.support.training_data import placed_face, standard_face
from training.data.crops import FLIP, Jitter, aligned, jittered

FACE = placed_face((60, 70, 190, 220))
SPEC = AlignmentSpec(eye_distance=0.3, eye_y=0.42)


def test_flipping_twice_changes_nothing() -> None:
    assert sorted(FLIP.tolist()) == list(range(68))
    assert FLIP[FLIP].tolist() == list(range(68))


def test_the_mirrored_landmarks_are_those_of_the_mirrored_face() -> None:
    face = standard_face()
    mirrored = face[FLIP]
    mirrored[:, 0] = 1 - mirrored[:, 0]
    assert mirrored == pytest.approx(face, abs=1e-6)


def test_eyes_brows_and_lips_change_sides() -> None:
    assert FLIP[0] == 16
    assert FLIP[8] == 8
    assert FLIP[17:22].tolist() == [26, 25, 24, 23, 22]
    assert FLIP[27:31].tolist() == [27, 28, 29, 30]
    assert FLIP[36] == 45
    assert FLIP[39] == 42
    assert FLIP[48] == 54
    assert FLIP[60] == 64
    assert {int(FLIP[i]) for i in range(36, 42)} == set(range(42, 48))


def test_without_jitter_the_alignment_stays() -> None:
    exact = aligned(FACE, SPEC)
    still = jittered(exact, Jitter(degrees=0, scale=0, shift=0), np.random.default_rng(0))
    assert still.matrix == pytest.approx(exact.matrix, abs=1e-12)


def test_training_and_application_align_alike() -> None:
    face = Face(box=box_of_landmarks(FACE), landmarks=FACE)
    assert aligned(FACE, SPEC).matrix == pytest.approx(align(face, SPEC).matrix, abs=1e-6)
    eyes = aligned(FACE, SPEC).to_crop(
        np.stack([FACE[RIGHT_EYE].mean(axis=0), FACE[LEFT_EYE].mean(axis=0)])
    )
    assert eyes[:, 1] == pytest.approx([0.42, 0.42], abs=1e-6)
    assert eyes[:, 0].mean() == pytest.approx(0.5, abs=1e-6)


def test_jitter_stays_within_its_limits() -> None:
    jitter = Jitter(degrees=5, scale=0.06, shift=0.025)
    exact = aligned(FACE, SPEC)
    centre = exact.to_photo(np.array([[0.5, 0.5]]))
    angles, scales, shifts = [], [], []
    for seed in range(300):
        moved = jittered(exact, jitter, np.random.default_rng(seed))
        linear = moved.matrix[:, :2] @ np.linalg.inv(exact.matrix[:, :2])
        scales.append(np.log(np.hypot(linear[0, 0], linear[0, 1])))
        angles.append(np.degrees(np.arctan2(linear[0, 1], linear[0, 0])))
        shifts.append(moved.to_crop(centre)[0] - 0.5)
        # Still a similarity: turned and scaled, never sheared or mirrored.
        assert linear[0, 0] == pytest.approx(linear[1, 1])
        assert linear[0, 1] == pytest.approx(-linear[1, 0])
    for values, limit in ((angles, 5), (scales, 0.06), (np.ravel(shifts), 0.025)):
        assert np.abs(values).max() <= limit + 1e-9
        assert np.abs(values).max() > 0.9 * limit


def test_crops_and_landmarks_move_together() -> None:
    photo = np.zeros((250, 250), np.uint8)
    x, y = 120, 150
    cv2.circle(photo, (x, y), 4, 255, -1)
    for seed in range(20):
        alignment = jittered(aligned(FACE, SPEC), Jitter(degrees=25), np.random.default_rng(seed))
        crop = alignment.crop(photo, 200).astype(np.float64)
        ys, xs = np.mgrid[:200, :200] + 0.5
        found = [float((crop * axis).sum() / crop.sum()) for axis in (xs, ys)]
        expected = alignment.to_crop(np.array([[x + 0.5, y + 0.5]]), 200)[0]
        assert found == pytest.approx(expected, abs=0.2)

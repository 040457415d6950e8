"""Heads turned further: the mean head, and photos that follow it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.support.training_data import standard_face
from training.data.turning import FARTHEST, MOST, Points, drawn_turn, fitted, mean_head, turned

DOWN, ACROSS = np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0])


def rotation(yaw: float, pitch: float = 0.0) -> Points:
    """The nose goes to the right by `yaw`, down by `pitch`."""
    about_down = cv2.Rodrigues(-yaw * DOWN)[0]
    about_across = cv2.Rodrigues(pitch * ACROSS)[0]
    return np.asarray(about_across @ about_down)


@pytest.fixture(scope="module")
def truth() -> Points:
    """The standard face bent around an upright cylinder, its nose in front; eyes at a distance of 1."""
    face = standard_face().astype(np.float64)
    face = face - face.mean(axis=0)
    face /= np.linalg.norm(face[42:48].mean(axis=0) - face[36:42].mean(axis=0))
    depth = 0.6 * np.square(face[:, 0])
    depth[27:36] -= 0.4
    shape = np.column_stack([face, depth])
    return np.asarray(shape - shape.mean(axis=0))


def seen(shape: Points, yaw: float, pitch: float = 0.0, size: float = 50.0) -> Points:
    """Its landmarks in a photo of 250 px."""
    return np.asarray((shape @ rotation(yaw, pitch).T)[:, :2] * size + 125)


@pytest.fixture(scope="module")
def mean(truth: Points) -> Points:
    """What many photos of that head tell."""
    rng = np.random.default_rng(0)
    photos = [
        seen(truth, rng.normal(0, 0.35), rng.normal(0, 0.15), rng.uniform(30, 70))
        for _ in range(200)
    ]
    return mean_head(np.stack(photos).astype(np.float32))


def test_photos_of_turned_heads_tell_their_depth(truth: Points, mean: Points) -> None:
    # Which way is straight ahead is not told by landmarks: the mouth lies below the eyes, by definition.
    for left, right in ((36, 45), (30, 8), (30, 0), (27, 30), (48, 30), (4, 12)):
        found = np.linalg.norm(mean[left] - mean[right])
        assert found == pytest.approx(np.linalg.norm(truth[left] - truth[right]), rel=0.02)
    assert mean[30, 2] < mean[[0, 16], 2].mean() - 0.5


@pytest.mark.parametrize("yaw", [-0.6, 0.0, 0.3])
def test_a_fitted_head_knows_how_far_it_is_turned(truth: Points, mean: Points, yaw: float) -> None:
    assert fitted(mean, seen(truth, yaw)).yaw == pytest.approx(yaw, abs=0.05)


@pytest.mark.parametrize(("yaw", "angle"), [(0.0, 0.5), (0.4, 0.5), (-0.4, -0.3)])
def test_landmarks_go_where_the_turned_head_has_them(
    truth: Points, mean: Points, yaw: float, angle: float
) -> None:
    landmarks = seen(truth, yaw)
    photo = np.zeros((250, 250, 3), np.uint8)
    _, after = turned(photo, landmarks, fitted(mean, landmarks), angle)
    expected = seen(truth, yaw + angle)
    # The head turns about its ears and not about the middle of its landmarks.
    moved = after - expected
    assert np.abs(moved - moved.mean(axis=0)).max() < 2.0


def test_the_photo_follows_the_landmarks(truth: Points, mean: Points) -> None:
    landmarks = seen(truth, 0.2)
    for landmark in (30, 48, 8, 54):
        photo = np.zeros((250, 250), np.uint8)
        x, y = landmarks[landmark]
        cv2.circle(photo, (round(x * 16), round(y * 16)), 3 * 16, 255, -1, cv2.LINE_AA, 4)
        picture, after = turned(photo, landmarks, fitted(mean, landmarks), 0.3)
        rows, columns = np.nonzero(picture > 127)
        assert [columns.mean(), rows.mean()] == pytest.approx(after[landmark].tolist(), abs=1.5)


def test_a_turn_by_nothing_changes_nothing(truth: Points, mean: Points) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (250, 250, 3), dtype=np.uint8)
    landmarks = seen(truth, 0.2)
    picture, after = turned(photo, landmarks, fitted(mean, landmarks), 0.0)
    assert after == pytest.approx(landmarks, abs=1e-3)
    assert np.abs(picture.astype(int) - photo).max() <= 8


@pytest.mark.parametrize("yaw", [-1.2, -0.5, 0.0, 0.5, 1.2])
def test_a_turned_head_turns_further_and_not_too_far(
    truth: Points, mean: Points, yaw: float
) -> None:
    head = fitted(mean, seen(truth, yaw))
    rng = np.random.default_rng(0)
    angles = np.array([drawn_turn(head, rng) for _ in range(200)])
    assert np.abs(angles).max() <= MOST
    assert np.abs(angles + head.yaw).max() <= FARTHEST + 1e-9
    if yaw:
        assert (np.sign(angles) == np.sign(yaw)).all()
    else:
        assert 40 < (angles > 0).sum() < 160


def test_faces_that_all_look_ahead_still_give_a_head() -> None:
    rng = np.random.default_rng(0)
    faces = standard_face()[None] * 100 + rng.normal(0, 0.2, (30, 68, 2))
    assert np.isfinite(mean_head(faces)).all()

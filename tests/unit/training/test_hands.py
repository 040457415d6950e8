"""Hands before the face, and templates that bend onto it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.training_data import drawn_face
from training.masks.hands import hold_hand
from training.masks.outline import STYLES, random_outline
from training.masks.templates import thin_plate


@pytest.mark.parametrize("seed", range(6))
def test_a_hand_covers_what_it_says_and_little_else(seed: int) -> None:
    photo, landmarks = drawn_face(seed)
    picture, hand = hold_hand(np.random.default_rng(seed), photo, landmarks)
    assert picture.shape == photo.shape
    assert 0.01 < hand.mean() < 0.35
    changed = np.abs(picture.astype(int) - photo).max(axis=2)
    assert (changed[hand] > 3).mean() > 0.8
    far = landmarks[[19, 24]].astype(int)
    assert not hand[far[:, 1], far[:, 0]].any()


def test_a_thin_plate_brings_points_to_points() -> None:
    rng = np.random.default_rng(3)
    picture = np.zeros((80, 120, 4), np.uint8)
    picture[..., 3] = 255
    source = np.array(
        [[10.5, 12.5], [60.5, 8.5], [110.5, 12.5], [20.5, 65.5], [60.5, 70.5], [100.5, 65.5]]
    )
    for x, y in source.astype(int):
        picture[y - 1 : y + 2, x - 1 : x + 2, 0] = 255
    target = source * 1.5 + [20, 30] + rng.normal(0, 3, source.shape)
    bent = thin_plate(picture, source, target, (200, 240))
    assert bent.shape == (200, 240, 4)
    ys, xs = np.mgrid[:200, :240] + 0.5
    for x, y in target:
        near = bent[..., 0] * (np.hypot(xs - x, ys - y) < 6)
        centre = [(near * xs).sum() / near.sum(), (near * ys).sum() / near.sum()]
        assert centre == pytest.approx([x, y], abs=0.3)
    assert bent[0, 0, 3] == 0


def test_a_thin_plate_of_a_similarity_bends_nothing() -> None:
    rng = np.random.default_rng(4)
    picture = np.full((40, 40, 4), 255, np.uint8)
    picture[..., :3] = np.kron(rng.integers(0, 256, (4, 4, 3)), np.ones((10, 10, 1)))
    corners = np.array([[0, 0], [40, 0], [0, 40], [40, 40], [20, 13]], float)
    moved = thin_plate(picture, corners, corners + np.array([7, 5]), (60, 60))
    assert np.abs(moved[6:44, 8:46] * 255 - picture[1:39, 1:39]).max() < 1.5


def test_all_styles_are_worn() -> None:
    _, landmarks = drawn_face(0)
    worn = {
        random_outline(np.random.default_rng(seed), landmarks, (250, 250)).style
        for seed in range(150)
    }
    assert worn == set(STYLES)

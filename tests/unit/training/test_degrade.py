"""Camera and messenger damage."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.training_data import astronaut_face
from training.degrade import degrade

PHOTO, _ = astronaut_face(1)


@pytest.mark.parametrize("shape", [(250, 250), (32, 32), (17, 40)])
def test_shape_and_depth_stay(shape: tuple[int, int]) -> None:
    photo = np.ascontiguousarray(PHOTO[: shape[0], : shape[1]])
    for seed in range(40):
        seen = degrade(np.random.default_rng(seed), photo)
        assert seen.shape == photo.shape
        assert seen.dtype == np.uint8


def test_the_same_seed_gives_the_same_photo() -> None:
    for seed in range(20):
        first = degrade(np.random.default_rng(seed), PHOTO)
        assert np.array_equal(first, degrade(np.random.default_rng(seed), PHOTO.copy()))
    assert not np.array_equal(
        degrade(np.random.default_rng(1), PHOTO), degrade(np.random.default_rng(2), PHOTO)
    )


def test_the_photo_that_is_given_is_left_alone() -> None:
    before = PHOTO.copy()
    for seed in range(20):
        degrade(np.random.default_rng(seed), PHOTO)
    assert np.array_equal(PHOTO, before)


def test_without_strength_only_colour_may_go() -> None:
    grey = np.repeat(PHOTO.astype(np.float32).mean(axis=2, keepdims=True), 3, axis=2)
    kept = 0
    for seed in range(60):
        seen = degrade(np.random.default_rng(seed), PHOTO, strength=0).astype(int)
        near_photo = np.abs(seen - PHOTO).max() <= 1
        assert near_photo or np.abs(seen - grey).max() <= 1
        kept += bool(near_photo)
    assert 45 < kept < 60


def test_more_strength_changes_more() -> None:
    def change(strength: float) -> float:
        seen = [
            degrade(np.random.default_rng(seed), PHOTO, strength=strength).astype(int)
            for seed in range(40)
        ]
        return float(np.mean([np.abs(photo - PHOTO).mean() for photo in seen]))

    assert change(0.3) < change(0.7) < change(1.0)


def test_as_many_become_grey_as_asked_for() -> None:
    def colourless(share: float) -> int:
        seen = [
            degrade(np.random.default_rng(seed), PHOTO, strength=0, grey=share)
            for seed in range(60)
        ]
        return sum(int(np.ptp(photo, axis=2).max() == 0) for photo in seen)

    assert colourless(0.0) == 0
    assert 20 < colourless(0.5) < 40
    assert colourless(1.0) == 60

"""Holes for training and for the figures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.training_data import placed_face
from training.masks.shapes import evaluation_polygon, mask_polygon, random_blobs, random_hole

FACE = placed_face((60, 70, 190, 220))


def test_the_evaluation_hole_is_the_dilated_polygon() -> None:
    hole = evaluation_polygon(FACE, 250)
    assert hole.shape == (250, 250)
    assert hole.dtype == np.bool_
    points = np.round(np.concatenate([FACE[1:16], FACE[28:29]])).astype(np.int32)
    plain = np.zeros((250, 250), np.uint8)
    cv2.fillPoly(plain, [points], 1)
    kernel = np.ones((7, 7), np.uint8)
    assert np.array_equal(hole, cv2.dilate(plain, kernel) > 0)
    x, y = FACE[48:68].mean(axis=0).astype(int)
    assert hole[y, x]
    eye_x, eye_y = FACE[36:42].mean(axis=0).astype(int)
    assert not hole[eye_y, eye_x]


def test_the_evaluation_hole_scales_with_the_frame() -> None:
    small, large = evaluation_polygon(FACE, 250), evaluation_polygon(FACE * 2, 500)
    assert large.mean() == pytest.approx(small.mean(), rel=0.02)


@pytest.mark.parametrize("size", [32, 96, 192])
def test_random_holes_are_never_empty_nor_everything(size: int) -> None:
    shares = []
    for seed in range(150):
        hole = random_hole(np.random.default_rng(seed), FACE * size / 250, size)
        assert hole.shape == (size, size)
        assert hole.dtype == np.bool_
        shares.append(hole.mean())
    assert min(shares) > 0.01
    assert max(shares) < 0.66
    assert np.ptp(shares) > 0.2


@pytest.mark.parametrize("shift", [-60.0, 60.0])
def test_faces_at_the_edge_get_a_hole_too(shift: float) -> None:
    for seed in range(50):
        hole = random_hole(np.random.default_rng(seed), FACE + np.float32(shift), 250)
        assert 0 < hole.mean() < 0.66


def test_random_holes_depend_on_the_seed_alone() -> None:
    def draw(seed: int) -> NDArray[np.bool_]:
        return random_hole(np.random.default_rng(seed), FACE, 250)

    assert np.array_equal(draw(7), draw(7))
    assert not np.array_equal(draw(7), draw(8))


def test_mask_polygons_cover_the_mouth_and_leave_the_eyes() -> None:
    eyes = FACE[36:48].astype(int)
    x, y = FACE[48:68].mean(axis=0).astype(int)
    covered = [mask_polygon(np.random.default_rng(seed), FACE, 250) for seed in range(100)]
    assert all(hole[y, x] for hole in covered)
    free = [not hole[eyes[:, 1], eyes[:, 0]].any() for hole in covered]
    assert np.mean(free) > 0.6


def test_blobs_are_somewhere() -> None:
    shares = [random_blobs(np.random.default_rng(seed), 96).mean() for seed in range(50)]
    assert np.mean(shares) > 0.05

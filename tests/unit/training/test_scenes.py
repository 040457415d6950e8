"""Scenes: boxes that sit where the faces are, and what two detectors say together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.data.scenes import DOUBTED, SURE, _framed, merged


def centre_of(tile: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The middle of what is bright, in pixels counted from the tile's edge."""
    weight = tile.astype(np.float64).sum(axis=2)
    weight[weight < 0.5 * weight.max()] = 0
    rows, columns = np.indices(weight.shape) + 0.5
    total = weight.sum()
    return np.array([(columns * weight).sum() / total, (rows * weight).sum() / total])


def test_boxes_stay_on_the_face_at_every_zoom() -> None:
    photo = np.zeros((250, 250, 3), np.uint8)
    photo[100:140, 110:150] = 255
    boxes = np.array([[110, 100, 150, 140, 1]], np.float32)
    sides = []
    for seed in range(80):
        tile, seen = _framed(np.random.default_rng(seed), photo, boxes, 320, 320)
        whole = len(seen) and (seen[0, :4] > 1).all() and (seen[0, :4] < 319).all()
        framed = np.concatenate([tile[0], tile[-1], tile[:, 0], tile[:, -1]]).max() > 0
        if not whole or framed or np.isnan(seen[0, 4]):
            continue  # cut off by the tile's edge, or beside a bright border
        middle = (seen[0, :2] + seen[0, 2:4]) / 2
        assert np.abs(middle - centre_of(tile)).max() < 0.5
        sides.append(float(seen[0, 2] - seen[0, 0]))
    assert len(sides) > 10
    assert min(sides) < 40 < 120 < max(sides)


YUNET = np.array([[0, 0, 100, 100]], np.float32)


def own(*rows: tuple[float, ...]) -> NDArray[np.float32]:
    return np.array(rows, np.float32).reshape(-1, 6)


def test_a_sure_box_that_the_other_detector_missed_is_a_face() -> None:
    faces = merged(YUNET, own((200, 200, 300, 300, SURE, 0.99)))
    assert faces[:, 4].tolist() == [-1, 1]


def test_a_doubted_box_is_left_alone_and_a_fainter_one_is_background() -> None:
    faces = merged(
        YUNET, own((200, 200, 300, 300, DOUBTED, 0.99), (400, 0, 500, 90, DOUBTED - 0.01, 0.99))
    )
    assert len(faces) == 2
    assert np.isnan(faces[1, 4])


def test_a_face_that_both_found_learns_whether_it_is_masked() -> None:
    for masked, label in ((0.97, 1), (0.02, 0), (0.5, -1)):
        faces = merged(YUNET, own((5, 5, 100, 100, 0.8, masked)))
        assert faces.tolist() == [[0, 0, 100, 100, label]]


def test_half_overlapping_boxes_add_nothing() -> None:
    assert len(merged(YUNET, own((50, 0, 150, 100, 0.9, 0.99)))) == 1

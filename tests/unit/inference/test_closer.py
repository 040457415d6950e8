"""Faces that are too small in a large photo as a whole, with the shipped models."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.imaging.photo import Photo, photo_from_array
from app.inference.boxes import Candidates
from app.inference.closer import LARGEST, MOST_TILES, _side, _spans, _whole, closer_boxes
from app.sample import FACE_BOX, sample_photo
from app.workbench import Workbench


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return Workbench(device="cpu", threads=1)


def far_away(width: int, height: int, x: int) -> tuple[Photo, NDArray[np.float64]]:
    """The sample somewhere in a wide photo, as high as that, and where its face is."""
    pixels = sample_photo().pixels
    small = cv2.resize(pixels, (height, height), interpolation=cv2.INTER_AREA)
    photo = np.full((height, width, 3), 120, np.uint8)
    photo[:, x : x + height] = small
    box = np.array(FACE_BOX, np.float64) * height / pixels.shape[0] + [x, 0, x, 0]
    return photo_from_array(photo), box


@pytest.mark.parametrize("x", [0, 1400, 7000, 11800])
def test_a_face_in_a_panorama_is_found(bench: Workbench, x: int) -> None:
    photo, box = far_away(12_000, 200, x)
    (face,) = bench.locate(photo)
    assert face.masked > 0.5
    seen, around = np.array(face.box), np.array([-12, -16, 12, 12])
    assert (np.sign(around) * (seen - box) >= -2).all()  # the locator's boxes hold the hair, too
    assert (np.sign(around) * (seen - box - around) <= 0).all()
    assert bench.locate(photo, turning=False) == []  # as the frames of a video


def test_a_photo_without_anybody_stays_without(bench: Workbench) -> None:
    empty = np.random.default_rng(0).integers(90, 150, (200, 6000, 3), np.uint8)
    assert bench.locate(photo_from_array(empty)) == []


def found(score: float) -> Candidates:
    boxes = np.array([[0, 0, 900, 900]], np.float32)
    return Candidates(boxes, np.array([score], np.float32), np.ones(1, np.float32))


@pytest.mark.parametrize(("width", "score"), [(4000, 0.8), (1900, 0.6)])
def test_what_is_certain_or_small_takes_no_longer(
    bench: Workbench, width: int, score: float
) -> None:
    before = found(score)
    photo = np.zeros((100, width, 3), np.uint8)
    assert closer_boxes(photo, before, bench.session("locate")) is before


@given(width=st.integers(1, 30_000), height=st.integers(1, 30_000))
def test_every_face_small_enough_is_whole_in_some_tile(width: int, height: int) -> None:
    side = _side(width, height, 1920)
    for length in (width, height):
        spans = _spans(length, side)
        assert (spans[0][0], spans[-1][1]) == (0, length)
        for (_, end), (start, _) in itertools.pairwise(spans):
            assert end - start >= int(side * LARGEST) - 1
    assert len(_spans(width, side)) * len(_spans(height, side)) <= max(MOST_TILES, 4)


def test_what_an_edge_cuts_or_what_is_large_does_not_count() -> None:
    boxes = np.array(
        [
            [0, 10, 50, 60],  # at an edge where the photo goes on
            [10, 0, 60, 50],  # at an edge where it ends
            [40, 40, 100, 100],  # at the far edges, of which one goes on
            [5, 5, 95, 40],  # as wide as the tile
            [20, 20, 60, 60],
        ],
        np.float32,
    )
    kept = _whole(boxes, (100, 100), (True, False), (False, True), 400)
    assert kept.tolist() == [False, True, False, True, True]
    assert _whole(boxes, (100, 100), (False, False), (False, False), 200)[3] == np.False_
    assert _whole(boxes[:0], (100, 100), (True, True), (True, True), 100).shape == (0,)

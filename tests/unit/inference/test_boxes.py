"""Boxes of faces: the locator's input, and which of its answers stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.inference.boxes import PADDING, Candidates, clip, letterbox, reduced, suppress
from tests.support.tiny_models import LONG_SIDE, draw_photo


@given(width=st.integers(1, 700), height=st.integers(1, 700))
def test_letterbox(width: int, height: int) -> None:
    photo = np.full((height, width, 3), 255, np.uint8)
    box = letterbox(photo, 64)
    _, channels, rows, columns = box.tensor.shape
    assert (channels, rows % 32, columns % 32) == (3, 0, 0)
    inner = round(width * box.scale_x), round(height * box.scale_y)
    assert max(inner) == 64
    assert (box.tensor[:, :, : inner[1], : inner[0]] == 1).all()
    assert (box.tensor[:, :, inner[1] :] == PADDING).all()
    assert (box.tensor[:, :, :, inner[0] :] == PADDING).all()


def test_letterbox_averages_when_it_reduces() -> None:
    stripes = np.zeros((640, 640, 3), np.uint8)
    stripes[:, ::2] = 255
    assert abs(letterbox(stripes, 64).tensor - 0.5).max() < 0.01


def candidates(boxes: NDArray[np.float32], scores: NDArray[np.float32]) -> Candidates:
    return Candidates(boxes, scores, np.zeros_like(scores))


@given(seed=st.integers(0, 10_000), count=st.integers(0, 40))
def test_suppress_as_opencv_does(seed: int, count: int) -> None:
    random = np.random.Generator(np.random.PCG64(seed))
    corners = random.uniform(0, 60, (count, 2))
    boxes = np.hstack([corners, corners + random.uniform(5, 40, (count, 2))]).astype(np.float32)
    scores = (random.permutation(count) / max(1, count)).astype(np.float32)
    kept = suppress(candidates(boxes, scores), inside=1.0)
    as_opencv = [[x0, y0, x1 - x0, y1 - y0] for x0, y0, x1, y1 in boxes.astype(float).tolist()]
    index = cv2.dnn.NMSBoxes(as_opencv, scores.tolist(), 0.0, 0.45) if count else []
    best = scores[np.array(index, int)] if len(index) else scores[:0]
    # OpenCV leaves out a score of exactly zero.
    np.testing.assert_array_equal(kept.scores[kept.scores > 0], best)


@pytest.mark.parametrize("stronger", ["the inner", "the outer"])
def test_of_a_box_in_a_box_the_better_one_stays(stronger: str) -> None:
    boxes = np.array([[0, 0, 100, 100], [30, 40, 80, 90], [200, 0, 300, 100]], np.float32)
    scores = np.array([0.6, 0.7 if stronger == "the inner" else 0.5, 0.4], np.float32)
    kept = suppress(candidates(boxes, scores))
    np.testing.assert_array_equal(kept.boxes, boxes[[1 if stronger == "the inner" else 0, 2]])


@pytest.mark.parametrize(
    ("inner", "stays"),
    [
        ((10, 10, 40, 40), True),  # small, as a face on a badge or in a mirror
        ((10, 10, 48, 48), True),  # 14 hundredths
        ((10, 10, 50, 50), False),  # 16
        ((70, 40, 130, 100), True),  # half of it lies outside, as of a face beside the first one
        ((50, 56, 100, 106), True),  # 12 hundredths lie outside, as of a child held before a parent
        ((50, 54, 100, 104), False),  # 8
    ],
)
@pytest.mark.parametrize("scores", [(0.9, 0.8), (0.8, 0.9)])
def test_another_face_inside_or_beside_stays(
    inner: tuple[int, int, int, int], stays: bool, scores: tuple[float, float]
) -> None:
    boxes = np.array([[0, 0, 100, 100], inner], np.float32)
    kept = suppress(candidates(boxes, np.array(scores, np.float32)))
    best_first = boxes if scores[0] > scores[1] else boxes[::-1]
    np.testing.assert_array_equal(kept.boxes, best_first if stays else best_first[:1])


def test_clip_drops_what_is_no_face() -> None:
    boxes = np.array([[-50, -50, -10, -10], [0, 0, 30, 4], [90, 90, 200, 200]], np.float32)
    kept = clip(candidates(boxes, np.array([0.9, 0.8, 1.2], np.float32)), 120, 110)
    np.testing.assert_array_equal(kept.boxes, [[90, 90, 120, 110]])
    np.testing.assert_array_equal(kept.scores, [1.0])


def test_small_photos_stay_as_they_are() -> None:
    photo = draw_photo(3 * LONG_SIDE, 40, [])
    assert reduced(photo, LONG_SIDE) == (photo, 1)
    thin = draw_photo(8 * LONG_SIDE, 1, [])
    assert reduced(thin, LONG_SIDE)[0] is thin

"""Faces that lie on their side or stand on their head, with the shipped models."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.imaging.alignment import align_box
from app.imaging.face import Box
from app.imaging.photo import Photo, photo_from_array
from app.inference.boxes import Candidates
from app.inference.turned import DOUBTFUL, turned, turned_back, turned_boxes
from app.sample import FACE_BOX, sample_map, sample_photo
from app.workbench import Workbench
from training.metrics import intersection_over_union

Points = NDArray[np.floating]


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return Workbench(device="cpu", threads=1)


def with_turns(points: Points, turns: int, side: int) -> Points:
    """Points (N, 2) of a square picture in the one that :func:`numpy.rot90` makes of it."""
    for _ in range(turns):
        points = np.stack([points[:, 1], side - points[:, 0]], axis=1)
    return points


def lying(turns: int) -> Photo:
    return photo_from_array(np.ascontiguousarray(np.rot90(sample_photo().pixels, turns)))


@given(
    turns=st.integers(0, 3),
    x0=st.integers(0, 40), y0=st.integers(0, 20), wide=st.integers(1, 20), high=st.integers(1, 20),
)  # fmt: skip
def test_boxes_come_back(turns: int, x0: int, y0: int, wide: int, high: int) -> None:
    picture = np.zeros((40, 60), np.bool_)
    picture[y0 : y0 + high, x0 : x0 + wide] = True
    rows, columns = np.nonzero(np.rot90(picture, turns))
    box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]])
    (back,) = turned_back(box, turns, width=60, height=40)
    assert tuple(back) == (x0, y0, min(60, x0 + wide), min(40, y0 + high))


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_crop_is_the_turned_picture_of_the_crop(turns: int) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
    # As large as the crop, so that no pixel is a mixture whose rounding could differ.
    alignment = align_box((30, 10, 94, 74), margin=1)
    crop = turned(alignment, turns).crop(photo, 64)
    assert np.array_equal(crop, np.rot90(alignment.crop(photo, 64), turns))
    assert np.array_equal(crop, np.rot90(photo[10:74, 30:94], turns))


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_a_face_on_its_side_is_found_and_mapped(bench: Workbench, turns: int) -> None:
    upright, photo = bench.locate(sample_photo())[0], lying(turns)
    (face, *others) = bench.locate(photo)
    assert not others
    expected = with_turns(upright.eyes, turns, 512)
    assert np.abs(face.eyes - expected).max() < 3
    truth = np.rot90(sample_map(), turns)
    found = bench.map(photo, [face])
    assert intersection_over_union(found, truth) > 0.9
    outcome = bench.reconstruct(photo, [face], found, model="rgb")
    standing = bench.reconstruct(
        sample_photo(), [upright], np.rot90(found, -turns).copy(), model="rgb"
    )
    drawn = np.rot90(outcome.composites[0], -turns).astype(int)
    difference = np.abs(drawn - standing.composites[0])[np.rot90(found, -turns)]
    # The eyes are found some pixels aside, and the grain is drawn anew.
    assert difference.mean() < 6


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_box_drawn_by_hand_holds_a_face_of_any_turn(bench: Workbench, turns: int) -> None:
    corners = np.array(FACE_BOX).reshape(2, 2)
    turned_corners = with_turns(corners, turns, 512)
    low, high = turned_corners.min(axis=0), turned_corners.max(axis=0)
    box: Box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    face = bench.face_in_box(lying(turns), box)
    upright = bench.face_in_box(sample_photo(), FACE_BOX)
    assert np.abs(face.eyes - with_turns(upright.eyes, turns, 512)).max() < 3


def test_a_film_is_upright(bench: Workbench) -> None:
    assert not any(face.masked > 0.5 for face in bench.locate(lying(1), turning=False))


def test_where_a_face_is_certain_nothing_is_turned(bench: Workbench) -> None:
    certain = Candidates(
        np.array([[1, 2, 30, 40]], np.float32),
        np.array([DOUBTFUL], np.float32),
        np.ones(1, np.float32),
    )
    turns, found = turned_boxes(lying(1).rgb, certain, bench.session("locate"))
    assert turns == 0
    assert found is certain


def test_a_photo_without_faces_stays_as_it_is(bench: Workbench) -> None:
    y, x = np.mgrid[:300, :400]
    photo = np.stack([x % 256, y % 256, (x + y) % 256], axis=-1).astype(np.uint8)
    nothing = Candidates(np.zeros((0, 4), np.float32), *np.zeros((2, 0), np.float32))
    assert turned_boxes(photo, nothing, bench.session("locate")) == (0, nothing)

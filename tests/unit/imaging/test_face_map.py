"""One face's part of the map goes or changes; every other pixel stays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, align_box
from app.imaging.face_map import redraw_face, remove_face
from app.imaging.map import BinaryMap

WIDTH, HEIGHT = 120, 60


def two_faces() -> tuple[Alignment, Alignment]:
    """Crops of 60 x 60 that overlap in the columns 45 to 60."""
    return (
        align_box((0, 0, 60, 60), margin=1.0),
        align_box((45, 0, 105, 60), margin=1.0),
    )


def mapped(*columns: tuple[int, int]) -> NDArray[np.bool_]:
    pixels = np.zeros((HEIGHT, WIDTH), np.bool_)
    for start, end in columns:
        pixels[20:40, start:end] = True
    return pixels


def test_a_new_face_adds_its_part() -> None:
    map_ = BinaryMap.from_pixels(mapped((10, 30)))
    edit = redraw_face(map_, two_faces()[:1], None, (70, 20, 80, 40), np.ones((20, 10), np.bool_))
    assert edit is not None
    np.testing.assert_array_equal(map_.pixels, mapped((10, 30), (70, 80)))


def test_a_face_drawn_anew_leaves_the_others_part() -> None:
    map_ = BinaryMap.from_pixels(mapped((10, 30), (70, 90)))
    redraw_face(map_, two_faces(), 0, (12, 20, 18, 40), np.ones((20, 6), np.bool_))
    np.testing.assert_array_equal(map_.pixels, mapped((12, 18), (70, 90)))


def test_a_face_without_a_mask_loses_its_part() -> None:
    map_ = BinaryMap.from_pixels(mapped((10, 30), (70, 90)))
    redraw_face(map_, two_faces(), 1, (0, 0, 0, 0), np.zeros((0, 0), np.bool_))
    np.testing.assert_array_equal(map_.pixels, mapped((10, 30)))


BOXES = [(5.0, 10.0, 45.0, 50.0), (50.0, 10.0, 100.0, 50.0)]


def test_a_face_takes_its_part_along_but_not_what_lies_on_another_face() -> None:
    map_ = BinaryMap.from_pixels(mapped((10, 40), (46, 52), (70, 90)))
    edit = remove_face(map_, two_faces(), BOXES, 0)
    assert edit is not None
    np.testing.assert_array_equal(map_.pixels, mapped((46, 52), (70, 90)))
    edit.apply(map_)
    np.testing.assert_array_equal(map_.pixels, mapped((10, 40), (46, 52), (70, 90)))


def test_a_face_that_was_found_twice_keeps_its_map() -> None:
    map_ = BinaryMap.from_pixels(mapped((10, 30)))
    twice = [*two_faces()[:1], *two_faces()[:1]]
    assert remove_face(map_, twice, [BOXES[0], BOXES[0]], 0) is None


def test_the_last_face_takes_its_map_along_and_an_empty_map_stays_empty() -> None:
    map_ = BinaryMap.from_pixels(mapped((10, 30), (100, 110)))
    remove_face(map_, two_faces()[:1], BOXES[:1], 0)
    np.testing.assert_array_equal(map_.pixels, mapped((100, 110)))
    empty = BinaryMap(WIDTH, HEIGHT)
    assert remove_face(empty, two_faces(), BOXES, 0) is None
    assert redraw_face(empty, two_faces(), 0, (0, 0, 0, 0), np.zeros((0, 0), np.bool_)) is None

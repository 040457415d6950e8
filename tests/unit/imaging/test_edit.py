"""Edits: what they hold, and that applying one twice changes nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imaging import edit as module
from app.imaging.edit import EMPTY, Edit, bounding_rectangle, join
from app.imaging.errors import MapError
from app.imaging.map import BinaryMap


@given(
    st.integers(1, 20), st.integers(1, 30), st.integers(0, 10_000), st.sampled_from([0, 0.01, 0.5])
)
def test_edit_leads_there_and_back(height: int, width: int, seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    before = rng.random((height, width)) < 0.5
    after = before ^ (rng.random((height, width)) < share)
    edit = Edit.between(before, after, x=0, y=0)
    map_ = BinaryMap.from_pixels(before)
    if edit is None:
        np.testing.assert_array_equal(before, after)
        return
    edit.apply(map_)
    np.testing.assert_array_equal(map_.pixels, after)
    edit.apply(map_)
    np.testing.assert_array_equal(map_.pixels, before)


def test_edit_holds_no_more_than_its_rectangle() -> None:
    before = np.zeros((100, 200), np.bool_)
    after = before.copy()
    after[30:40, 50:61] = True
    edit = Edit.between(before, after, x=1000, y=2000)
    assert edit is not None
    assert edit.rectangle == (1050, 2030, 1061, 2040)
    assert edit.nbytes == 10 * 2


def test_bands_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BAND_PIXELS", 70)
    after = np.random.default_rng(0).random((41, 33)) < 0.3
    after[10:20] = False
    edit = Edit.between(np.zeros_like(after), after, x=0, y=0)
    assert edit is not None
    map_ = BinaryMap(33, 41)
    edit.apply(map_)
    np.testing.assert_array_equal(map_.pixels, after)


def test_edit_of_a_larger_map_is_refused() -> None:
    edit = Edit.between(np.zeros((9, 9), bool), np.ones((9, 9), bool), x=0, y=0)
    assert edit is not None
    with pytest.raises(MapError, match="9 x 9"):
        edit.apply(BinaryMap(9, 8))


def test_join() -> None:
    assert join(EMPTY, (3, 4, 5, 6)) == (3, 4, 5, 6)
    assert join((3, 4, 5, 6), EMPTY) == (3, 4, 5, 6)
    assert join((3, 4, 5, 6), (0, 5, 4, 9)) == (0, 4, 5, 9)


def test_bounding_rectangle() -> None:
    pixels = np.zeros((10, 12), np.bool_)
    assert bounding_rectangle(pixels, x=5, y=5) == EMPTY
    pixels[3, 4] = pixels[6, 2] = True
    assert bounding_rectangle(pixels, x=100, y=200) == (102, 203, 105, 207)


@pytest.mark.parametrize("left", [0, 3, 8, 517])
def test_changes_of_several_bands_are_one_tight_edit(left: int) -> None:
    height, width = 900, 1200
    assert len(list(module.bands(height, width))) > 3
    before = np.zeros((height, width), np.bool_)
    after = before.copy()
    after[100, left] = after[430, 700:703] = after[800, 1111] = True
    edit = Edit.between(before, after, x=0, y=0)
    assert edit is not None
    assert edit.rectangle == (left, 100, 1112, 801)
    assert edit.packed.shape == (701, (1112 - left + 7) // 8)
    map_ = BinaryMap.from_pixels(before)
    edit.apply(map_)
    np.testing.assert_array_equal(map_.pixels, after)


def test_bands_cover_every_row_once() -> None:
    rows = [row for top, bottom in module.bands(1001, 2000) for row in range(top, bottom)]
    assert rows == list(range(1001))
    assert list(module.bands(3, 10**9)) == [(0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize(("width", "height"), [(3000, 2000), (2993, 1001)])
def test_an_edit_of_the_whole_map_is_one_part(width: int, height: int) -> None:
    map_ = BinaryMap(width, height)
    map_.fill_polygon(np.array([[200.0, 300.0], [2500.0, 400.0], [1800.0, 900.0]]))
    before = map_.pixels.copy()
    edit = map_.invert()
    assert edit is not None
    assert edit.parts == ((0, 0, width, height),)
    edit.apply(map_)
    np.testing.assert_array_equal(map_.pixels, before)
    edit.apply(map_)
    np.testing.assert_array_equal(map_.pixels, ~before)


def test_the_parts_of_an_edit_hold_all_of_it_and_little_else() -> None:
    before = np.zeros((2000, 3000), np.bool_)
    map_ = BinaryMap.from_pixels(before)
    edit = map_.paint_stroke(np.array([[100.0, 100.0], [2900.0, 1900.0]]), 20)
    assert edit is not None
    parts = list(edit.parts)
    held = np.zeros_like(before)
    for x0, y0, x1, y1 in parts:
        assert 0 <= x0 < x1 <= 3000
        assert 0 <= y0 < y1 <= 2000
        held[y0:y1, x0:x1] = True
    assert not (map_.pixels & ~held).any()
    assert np.count_nonzero(held) < 0.3 * held.size
    assert all(upper[3] <= lower[1] for upper, lower in itertools.pairwise(parts))
    edit.apply(map_)
    assert map_.empty

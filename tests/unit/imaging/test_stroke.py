"""The brush while it moves: right pixels, one edit, cheap events."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.map import BinaryMap, StrokeSession
from app.imaging.spans import capsule

POINT = st.tuples(st.floats(-80, 700), st.floats(-80, 600))


@settings(deadline=None, max_examples=60)
@given(st.lists(POINT, min_size=1, max_size=8), st.floats(0, 120), st.booleans(), st.integers(0, 9))
def test_stroke_is_its_capsules_and_one_edit_undoes_it(
    points: list[tuple[float, float]], radius: float, value: bool, seed: int
) -> None:
    before = np.random.default_rng(seed).random((530, 610)) < 0.5
    expected = before.copy()
    for start, end in zip([points[0], *points], points, strict=False):
        capsule(start, end, radius=radius, width=610, height=530).fill(expected, value)
    map_ = BinaryMap.from_pixels(before)
    edit = map_.paint_stroke(np.array(points), radius, value)
    np.testing.assert_array_equal(map_.pixels, expected)
    assert (edit is None) == np.array_equal(before, expected)
    if edit is not None:
        x0, y0, x1, y1 = edit.rectangle
        changed = np.argwhere(before != expected)
        assert (changed >= [y0, x0]).all()
        assert (changed < [y1, x1]).all()
        edit.apply(map_)
        np.testing.assert_array_equal(map_.pixels, before)
        edit.apply(map_)
        np.testing.assert_array_equal(map_.pixels, expected)


def test_every_event_says_what_to_redraw() -> None:
    map_ = BinaryMap(300, 200)
    session = StrokeSession(map_, 10, True)
    for x, y in ((50, 50), (80, 60), (80, 60), (400, 90)):
        before = map_.pixels.copy()
        x0, y0, x1, y1 = session.extend(x, y)
        changed = np.argwhere(before != map_.pixels)
        assert (changed >= [y0, x0]).all()
        assert (changed < [y1, x1]).all()
    x0, y0, x1, y1 = session.extend(3000, 2000)
    assert x1 <= x0


def test_stroke_that_changes_nothing_is_no_edit() -> None:
    map_ = BinaryMap(100, 100)
    assert map_.paint_stroke(np.array([[50, 50]]), 10, False) is None
    assert map_.paint_stroke(np.array([[-500, 50]]), 10, True) is None
    assert map_.paint_stroke(np.zeros((0, 2)), 10, True) is None


def test_stroke_taken_back_while_drawing() -> None:
    before = np.random.default_rng(0).random((300, 300)) < 0.5
    map_ = BinaryMap.from_pixels(before)
    session = StrokeSession(map_, 40, True)
    session.extend(100, 100)
    session.extend(280, 290)
    assert session.cancel() != (0, 0, 0, 0)
    np.testing.assert_array_equal(map_.pixels, before)
    assert session.cancel() == (0, 0, 0, 0)


def test_session_serves_another_stroke() -> None:
    map_ = BinaryMap(400, 100)
    session = StrokeSession(map_, 5, True)
    session.extend(20, 50)
    first = session.finish()
    session.extend(380, 50)
    second = session.finish()
    assert first is not None
    assert second is not None
    assert not map_.pixels[:, 100:300].any(), "the second stroke starts where it starts"


def test_pressure_scales_the_radius_evenly_from_point_to_point() -> None:
    map_ = BinaryMap(200, 100)
    session = StrokeSession(map_, 20, True)
    session.extend(40, 50, 0.25)
    session.extend(160, 50, 1.0)
    session.finish()
    widths = map_.pixels.sum(axis=0)
    assert widths[40] == pytest.approx(10, abs=2)
    assert widths[100] == pytest.approx(25, abs=3)
    assert widths[160] == pytest.approx(40, abs=2)
    assert (np.diff(widths[40:161].astype(int)) >= 0).all()


def test_a_pen_that_barely_touches_still_draws_and_a_mouse_draws_as_before() -> None:
    light, full, mouse = (BinaryMap(60, 60) for _ in range(3))
    for map_, pressures in ((light, (0.0, 0.0)), (full, (1.0, 1.0))):
        session = StrokeSession(map_, 10, True)
        for x, pressure in zip((20, 40), pressures, strict=True):
            session.extend(x, 30, pressure)
    mouse.paint_stroke(np.array([[20, 30], [40, 30]]), 10)
    assert light.pixels[30, 20:40].all()
    np.testing.assert_array_equal(full.pixels, mouse.pixels)

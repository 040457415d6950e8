"""Strokes and polygons against the definition: a pixel is in when its centre is in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.imaging.spans import Spans, capsule, polygon

WIDTH, HEIGHT = 40, 30
COORDINATE = st.floats(-60, 100, allow_nan=False).map(lambda value: round(value, 2))
POINT = st.tuples(COORDINATE, COORDINATE)


def raster(spans: Spans) -> NDArray[np.bool_]:
    pixels = np.zeros((HEIGHT, WIDTH), np.bool_)
    spans.fill(pixels, True)
    return pixels


def centres() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)


@settings(deadline=None, max_examples=200)
@given(POINT, POINT, st.floats(0.75, 50))
def test_capsule_is_all_within_the_radius(
    start: tuple[float, float], end: tuple[float, float], radius: float
) -> None:
    distance = distance_to_segment(*centres(), start, end)
    drawn = raster(capsule(start, end, radius=radius, width=WIDTH, height=HEIGHT))
    wrong = (drawn != (distance <= radius)) & (np.abs(distance - radius) > 1e-6)
    assert not wrong.any()


@pytest.mark.parametrize("radius", [0.0, 0.1, 0.5, 0.7])
@pytest.mark.parametrize("point", [(7.0, 5.0), (7.5, 5.5), (7.99, 5.01)])
def test_small_brush_paints_the_pixel_under_it(point: tuple[float, float], radius: float) -> None:
    drawn = raster(capsule(point, point, radius=radius, width=WIDTH, height=HEIGHT))
    assert np.argwhere(drawn).tolist() == [[5, 7]]


def test_small_brush_leaves_no_gaps() -> None:
    drawn = raster(capsule((3.2, 4.1), (33.7, 21.9), radius=0.3, width=WIDTH, height=HEIGHT))
    assert drawn[:, 3:34].any(axis=0).all()
    assert drawn[4:22].any(axis=1).all()


def inside_even_odd(points: list[tuple[float, float]]) -> NDArray[np.bool_]:
    """Ray casting, pixel by pixel."""
    x, y = centres()
    inside = np.zeros(x.shape, np.bool_)
    for (xa, ya), (xb, yb) in zip(points, points[1:] + points[:1], strict=True):
        if ya == yb:
            continue
        crosses = (ya > y) != (yb > y)
        inside ^= crosses & (x >= xa + (y - ya) * (xb - xa) / (yb - ya))
    return inside


def distance_to_outline(points: list[tuple[float, float]]) -> NDArray[np.float64]:
    """(HEIGHT, WIDTH): from each pixel's centre, in pixels."""
    x, y = centres()
    nearest = np.full(x.shape, np.inf)
    for start, end in zip(points, points[1:] + points[:1], strict=True):
        nearest = np.minimum(nearest, distance_to_segment(x, y, start, end))
    return nearest


def distance_to_segment(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    start: tuple[float, float],
    end: tuple[float, float],
) -> NDArray[np.float64]:
    along = np.array(end) - np.array(start)
    length = max(float(along @ along), 1e-12)
    share = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length, 0, 1)
    distance = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
    return np.asarray(distance, np.float64)


@settings(deadline=None, max_examples=200)
@given(st.lists(POINT, min_size=3, max_size=9))
def test_polygon_is_the_even_odd_inside(points: list[tuple[float, float]]) -> None:
    drawn = raster(polygon(np.array(points), width=WIDTH, height=HEIGHT))
    expected = inside_even_odd(points)
    # A centre on the outline itself may fall to either side by rounding.
    wrong = (drawn != expected) & (distance_to_outline(points) > 1e-6)
    assert not wrong.any()


def test_polygon_on_the_grid_is_exact() -> None:
    drawn = raster(
        polygon(np.array([[3, 2], [10, 2], [10, 7], [3, 7]]), width=WIDTH, height=HEIGHT)
    )
    assert drawn.sum() == 35
    assert drawn[2:7, 3:10].all()


def test_neighbouring_polygons_neither_overlap_nor_leave_gaps() -> None:
    corner = [17.3, 11.8]
    total = np.zeros((HEIGHT, WIDTH), int)
    frame = [[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]]
    for here, there in zip(frame, frame[1:] + frame[:1], strict=True):
        total += raster(polygon(np.array([here, there, corner]), width=WIDTH, height=HEIGHT))
    np.testing.assert_array_equal(total, 1)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_points_enclose_nothing(count: int) -> None:
    points = np.array([[1.0, 1.0], [20.0, 20.0]])[:count]
    spans = polygon(points, width=WIDTH, height=HEIGHT)
    assert spans.rectangle == (0, 0, 0, 0)


def test_rectangle_is_tight() -> None:
    spans = capsule((10, 10), (20, 12), radius=3, width=WIDTH, height=HEIGHT)
    rows, columns = np.nonzero(raster(spans))
    x0, y0, x1, y1 = spans.rectangle
    assert (x0, y0, x1, y1) == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)

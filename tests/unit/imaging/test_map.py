"""The map's operations, and maps from files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.imaging.errors import MapError
from app.imaging.map import BinaryMap, read_map_png
from app.imaging.spans import polygon
from tests.support.pictures import picture, png


def disc(radius: float = 20, width: int = 120, height: int = 100) -> BinaryMap:
    map_ = BinaryMap(width, height)
    map_.paint_stroke(np.array([[60, 50]]), radius)
    return map_


def within(pixels: NDArray[np.bool_], px: float) -> NDArray[np.bool_]:
    """All pixels whose centre lies within px of a set one, pair by pair."""
    grown = np.zeros_like(pixels)
    reach = int(px) + 1
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            if dx * dx + dy * dy <= px * px + 1e-9:
                matrix = np.array([[1.0, 0, dx], [0, 1.0, dy]])
                moved = cv2.warpAffine(
                    pixels.astype(np.uint8), matrix, pixels.shape[::-1], flags=cv2.INTER_NEAREST
                )
                grown |= moved > 0
    return grown


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000), st.sampled_from([0.5, 1, 1.5, 2, 3, 4.3, 5]))
def test_grow_and_shrink_reach_as_far_as_asked(seed: int, px: float) -> None:
    pixels = np.random.default_rng(seed).random((30, 40)) < 0.03
    pixels[10:22, 12:30] = True
    grown = BinaryMap.from_pixels(pixels)
    grown.grow(px)
    np.testing.assert_array_equal(grown.pixels, within(pixels, px))
    shrunk = BinaryMap.from_pixels(pixels)
    shrunk.shrink(px)
    np.testing.assert_array_equal(shrunk.pixels, ~within(~pixels, px))


def test_shrinking_keeps_the_side_that_the_photo_cuts() -> None:
    map_ = BinaryMap(50, 40)
    map_.pixels[20:, :] = True
    map_.shrink(5)
    expected = np.zeros((40, 50), np.bool_)
    expected[25:] = True
    np.testing.assert_array_equal(map_.pixels, expected)
    full = BinaryMap.from_pixels(np.ones((5, 6), np.bool_))
    assert full.shrink(2) is None


def test_fill_holes() -> None:
    map_ = disc()
    map_.paint_stroke(np.array([[60, 50]]), 5, False)
    map_.paint_stroke(np.array([[70, 58]]), 2, False)
    edit = map_.fill_holes()
    assert edit is not None
    np.testing.assert_array_equal(map_.pixels, disc().pixels)
    assert map_.fill_holes() is None


def test_bay_and_pocket_at_the_photos_edge_are_no_holes() -> None:
    map_ = BinaryMap(60, 60)
    map_.pixels[0:30, 10:50] = True
    map_.pixels[0:20, 20:40] = False
    map_.pixels[40:50, 10:50] = True
    map_.pixels[43:47, 12:52] = False
    assert map_.fill_holes() is None


def test_hole_open_by_a_corner_only_is_a_hole() -> None:
    map_ = BinaryMap(7, 7)
    map_.pixels[1:5, 1:5] = True
    map_.pixels[2:4, 2:4] = False
    map_.pixels[1, 1] = False
    map_.fill_holes()
    assert map_.pixels[2:4, 2:4].all()


def test_polygon_paints_and_erases() -> None:
    square = np.array([[10.0, 10.0], [30.0, 10.0], [30.0, 20.0], [10.0, 20.0]])
    map_ = BinaryMap(50, 40)
    edit = map_.fill_polygon(square)
    assert edit is not None
    assert edit.rectangle == (10, 10, 30, 20)
    assert map_.rectangle == (10, 10, 30, 20)
    assert map_.fill_polygon(square) is None
    assert map_.fill_polygon(square + 1000) is None
    map_.fill_polygon(square, False)
    assert map_.empty


def test_a_large_polygon_is_the_same_as_its_rows_and_one_edit() -> None:
    angles = np.linspace(0, 4 * np.pi, 5, endpoint=False)  # a star, which crosses itself
    points = np.column_stack([600 + 590 * np.cos(angles), 500 + 480 * np.sin(angles)])
    map_ = BinaryMap(1201, 1003)
    map_.paint_stroke(np.array([[300.0, 300.0], [900.0, 700.0]]), 150)
    before = map_.pixels.copy()
    spans = polygon(points, width=1201, height=1003)
    expected = before.copy()
    spans.fill(expected, False)
    edit = map_.fill_polygon(points, False)
    assert edit is not None
    np.testing.assert_array_equal(map_.pixels, expected)
    edit.apply(map_)
    np.testing.assert_array_equal(map_.pixels, before)


def test_invert_is_clipped() -> None:
    map_ = BinaryMap(10, 8)
    edit = map_.invert((-5, 6, 3, 100))
    assert edit is not None
    assert edit.rectangle == (0, 6, 3, 8)
    assert map_.invert((20, 20, 30, 30)) is None
    assert map_.invert((0, 0, 0, 0)) is None
    map_.invert()
    assert map_.pixels.sum() == 80 - 6


def test_replace_and_clear() -> None:
    map_ = disc()
    other = disc(10).pixels
    assert map_.replace(other) is not None
    other[0, 0] = True
    assert not map_.pixels[0, 0], "a copy"
    assert map_.clear() is not None
    assert map_.clear() is None
    with pytest.raises(MapError, match="120 x 100"):
        map_.replace(other[:, :7])


def test_nothing_to_grow() -> None:
    map_ = BinaryMap(10, 10)
    assert map_.grow(3) is None
    assert map_.shrink(3) is None
    assert map_.fill_holes() is None
    assert disc().grow(0) is None
    assert disc().shrink(-1) is None


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (-1, 5)])
def test_map_without_size(width: int, height: int) -> None:
    with pytest.raises(MapError):
        BinaryMap(width, height)


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("bits", [8, 16])
def test_half_brightness_is_mask(tmp_path: Path, channels: int, bits: int) -> None:
    half = 2 ** (bits - 1)
    values = np.array([[0, half - 1, half, 2**bits - 1]])
    pixels = np.repeat(values[..., None], channels, axis=2)
    if channels in (2, 4):
        pixels[..., -1] = 2**bits - 1
    dtype = np.uint8 if bits == 8 else np.uint16
    (tmp_path / "map.png").write_bytes(png(pixels.astype(dtype)))
    np.testing.assert_array_equal(
        read_map_png(tmp_path / "map.png", 4, 1), [[False, False, True, True]]
    )


def test_map_of_another_size(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(png(picture(20, 30, 1)))
    with pytest.raises(MapError, match=r"map\.png has 30 x 20 pixels.*31 x 20") as caught:
        read_map_png(tmp_path / "map.png", 31, 20)
    assert str(caught.value).endswith(".")


def test_map_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MapError, match="not found"):
        read_map_png(tmp_path / "none.png", 3, 3)
    (tmp_path / "a.png").write_text("no map")
    with pytest.raises(MapError, match="not an image"):
        read_map_png(tmp_path / "a.png", 3, 3)


def test_smoothing_takes_specks_and_notches_and_leaves_straight_edges() -> None:
    map_ = BinaryMap(120, 100)
    map_.pixels[20:80, 20:90] = True
    clean = map_.pixels.copy()
    map_.pixels[50, 40] = False  # a hole of one pixel
    map_.pixels[20, 55] = False  # a notch
    map_.pixels[10, 105] = True  # a speck
    assert map_.smooth(1.5) is not None
    different = np.argwhere(map_.pixels != clean)
    corners = np.array([[20, 20], [20, 89], [79, 20], [79, 89]])
    away = np.abs(different[:, None] - corners[None]).max(axis=2).min(axis=1)
    assert (away <= 2).all()  # corners become round, nothing else has moved


def test_smoothing_keeps_the_side_that_the_photo_cuts() -> None:
    map_ = BinaryMap(50, 40)
    map_.pixels[20:, :] = True
    assert map_.smooth(3) is None
    assert BinaryMap(50, 40).smooth_edges() is None


def test_combine_maps_and_unmaps_the_set_pixels_only() -> None:
    map_ = disc()
    before = map_.pixels.copy()
    part = np.zeros((10, 12), np.bool_)
    part[2:5, 3:9] = True
    map_.combine((0, 0, 12, 10), part)
    assert np.count_nonzero(map_.pixels) == np.count_nonzero(before) + 18
    map_.combine((0, 0, 12, 10), part, False)
    np.testing.assert_array_equal(map_.pixels, before)

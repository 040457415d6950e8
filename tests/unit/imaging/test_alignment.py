"""The crop and its inverse: where the eyes go, and that nothing moves on the way there and back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.alignment import (
    Alignment,
    AlignmentSpec,
    align,
    align_box,
    align_eyes,
    widen_to_map,
)
from app.imaging.face import LEFT_EYE, RIGHT_EYE, Face
from tests.support.pictures import picture, tilted


def face_at(right: tuple[float, float], left: tuple[float, float], box_height: float) -> Face:
    """A face with its eye centres at two points; the other landmarks lie between them."""
    landmarks = np.tile(np.mean([right, left], axis=0), (68, 1)).astype(np.float32)
    landmarks[RIGHT_EYE] = right
    landmarks[LEFT_EYE] = left
    x, y = (float(value) for value in landmarks[0])
    wide, high = 50.0, box_height / 2
    if abs(left[0] - right[0]) < abs(left[1] - right[1]):  # a face that lies on its side
        wide, high = high, wide
    return Face(box=(x - wide, y - high, x + wide, y + high), landmarks=landmarks)


@given(
    st.floats(-0.8, 0.8),
    st.floats(10, 900),
    st.floats(0.2, 0.45),
    st.floats(0.3, 0.6),
)
def test_eyes_come_where_the_card_wants_them(
    angle: float, distance: float, eye_distance: float, eye_y: float
) -> None:
    right = (500.0, 400.0)
    left = (500 + distance * float(np.cos(angle)), 400 + distance * float(np.sin(angle)))
    spec = AlignmentSpec(eye_distance=eye_distance, eye_y=eye_y)
    alignment = align(face_at(right, left, box_height=distance), spec)
    eyes = alignment.to_crop(np.array([right, left]))
    expected = [[0.5 - eye_distance / 2, eye_y], [0.5 + eye_distance / 2, eye_y]]
    np.testing.assert_allclose(eyes, expected, atol=1e-6)


def test_turned_head_keeps_its_box_in_the_crop() -> None:
    eyes = np.array([[100.0, 100.0], [110.0, 100.0]])
    narrow = align_eyes(eyes, box_height=0, spec=AlignmentSpec())
    by_box = align_eyes(eyes, box_height=310, spec=AlignmentSpec())
    assert narrow.crop_size_in_photo == pytest.approx(10 / 0.3)
    assert by_box.crop_size_in_photo == pytest.approx(0.9 * 100 / 0.3)


@given(st.floats(3, 5000), st.floats(-500, 5000), st.floats(-500, 5000), st.floats(-180, 180))
def test_points_return(side: float, x: float, y: float, degrees: float) -> None:
    alignment = tilted(side, x=x, y=y, degrees=degrees)
    points = np.array([[0.0, 0.0], [123.4, 5.6], [-7.0, 4000.0]])
    back = alignment.to_photo(alignment.to_crop(points, 96), 96)
    np.testing.assert_allclose(back, points, atol=1e-4)
    np.testing.assert_allclose(
        alignment.to_crop(alignment.corners()), [[0, 0], [1, 0], [1, 1], [0, 1]], atol=1e-6
    )
    assert alignment.crop_size_in_photo == pytest.approx(side)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_crop_on_the_pixel_grid_is_the_slice(bits: int, channels: int) -> None:
    photo = picture(90, 120, channels, bits=bits)
    crop = align_box((20, 10, 84, 74), margin=1).crop(photo, 64)
    assert crop.dtype == photo.dtype
    np.testing.assert_array_equal(crop, photo[10:74, 20:84])


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_reduced_crop_on_the_grid_is_the_block_average(factor: int) -> None:
    photo = picture(300, 400, detail=1)
    size = 40
    side = factor * size
    crop = align_box((30, 20, 30 + side, 20 + side), margin=1).crop(photo, size)
    blocks = photo[20 : 20 + side, 30 : 30 + side].reshape(size, factor, size, factor, 3)
    np.testing.assert_allclose(crop, blocks.mean(axis=(1, 3)), atol=1.01)


@pytest.mark.parametrize("degrees", [0.0, 17.0, -60.0])
@pytest.mark.parametrize("reduction", [2.6, 4.0, 7.3])
def test_reduced_crop_is_the_area_average(degrees: float, reduction: float) -> None:
    photo = picture(700, 700, detail=12)
    size = 64
    alignment = tilted(reduction * size, x=345, y=357, degrees=degrees)
    finer = 16
    fine = alignment.crop(photo.astype(np.float32), size * finer)
    reference = fine.reshape(size, finer, size, finer, 3).mean(axis=(1, 3))
    difference = alignment.crop(photo, size) - reference
    assert np.abs(difference).mean() < 1.5
    assert np.abs(difference).max() < 8
    # A crop that was shifted by half a pixel would be brighter on every falling slope.
    assert np.abs(difference.mean(axis=(0, 1))).max() < 0.3


def test_fine_pattern_becomes_flat_grey_and_not_a_coarse_pattern() -> None:
    pattern = np.indices((900, 900)).sum(axis=0) % 2 * 255
    photo = pattern.astype(np.uint8)
    crop = tilted(800, x=450, y=450, degrees=3).crop(photo, 100)
    assert np.ptp(crop[5:-5, 5:-5]) <= 12


@pytest.mark.parametrize("size", [32, 128])
@pytest.mark.parametrize(("x", "y"), [(0, 0), (200, 150), (-30, 75), (100, 170)])
def test_crop_beyond_the_photo_repeats_its_edge(size: int, x: float, y: float) -> None:
    photo = picture(150, 200, detail=15)
    alignment = tilted(120, x=x, y=y, degrees=20)
    padded = cv2.copyMakeBorder(photo, 300, 300, 300, 300, cv2.BORDER_REPLICATE)
    moved = tilted(120, x=x + 300, y=y + 300, degrees=20)
    difference = alignment.crop(photo, size).astype(int) - moved.crop(padded, size).astype(int)
    assert np.abs(difference).mean() < 1.5


@pytest.mark.parametrize(("x", "y"), [(-5000, 40), (90, 9000), (30000, -30000)])
@pytest.mark.parametrize("side", [10, 700])
def test_crop_and_paste_far_outside_are_harmless(x: float, y: float, side: float) -> None:
    photo = picture(60, 80)
    alignment = tilted(side, x=x, y=y)
    assert alignment.crop(photo, 48).shape == (48, 48, 3)
    region, (x0, y0, x1, y1) = alignment.paste(np.zeros((48, 48, 3), np.float32), 80, 60)
    assert region.shape == (0, 0, 3)
    assert x1 <= x0 or y1 <= y0


def test_nearest_keeps_maps_binary() -> None:
    map_ = (picture(200, 200, 1) > 127).astype(np.uint8)[..., 0]
    crop = tilted(150, x=90, y=110, degrees=31).crop(map_, 32, interpolation=cv2.INTER_NEAREST)
    assert set(np.unique(crop)) == {0, 1}


def test_very_wide_photo() -> None:
    photo = np.zeros((40, 40_000), np.uint8)
    photo[:, 39_000:] = 200
    crop = tilted(30, x=39_500, y=20).crop(photo, 64)
    np.testing.assert_array_equal(crop, 200)


@settings(deadline=None, max_examples=30)
@given(st.floats(40, 220), st.floats(60, 240), st.floats(60, 180), st.floats(-180, 180))
def test_crop_pasted_back_is_the_photo(side: float, x: float, y: float, degrees: float) -> None:
    photo = picture(240, 300, detail=12).astype(np.float32) / 255
    alignment = tilted(side, x=x, y=y, degrees=degrees)
    region, (x0, y0, x1, y1) = alignment.paste(alignment.crop(photo, 200), 300, 240)
    rows, columns = np.mgrid[y0:y1, x0:x1]
    unit = alignment.to_crop(np.stack([columns + 0.5, rows + 0.5], axis=-1).reshape(-1, 2))
    inside = ((unit > 0.03) & (unit < 0.97)).all(axis=1).reshape(y1 - y0, x1 - x0)
    difference = np.abs(region - photo[y0:y1, x0:x1])[inside]
    assert difference.max() < 0.03


@pytest.mark.parametrize("channels", [(), (1,), (3,)])
def test_paste_in_bands_is_the_whole_paste(channels: tuple[int, ...]) -> None:
    crop = np.random.default_rng(1).random((32, 32, *channels), np.float32)
    alignment = tilted(170, x=100, y=90, degrees=12)
    region, (x0, y0, x1, y1) = alignment.paste(crop, 260, 200)
    middle = (y0 + y1) // 2
    upper = alignment.paste_into(crop, (x0, y0, x1, middle))
    lower = alignment.paste_into(crop, (x0, middle, x1, y1))
    np.testing.assert_allclose(np.concatenate([upper, lower]), region, atol=2e-2)


def test_paste_of_a_fine_crop_is_averaged() -> None:
    pattern = (np.indices((256, 256)).sum(axis=0) % 2).astype(np.float32)
    region, _ = tilted(40, x=50, y=50).paste(pattern, 100, 100)
    np.testing.assert_allclose(region, 0.5, atol=0.1)


def test_box_crop_is_the_square_around_the_box() -> None:
    alignment: Alignment = align_box((10, 20, 30, 60), margin=1.5)
    assert alignment.crop_size_in_photo == pytest.approx(60)
    np.testing.assert_allclose(alignment.to_crop(np.array([[20.0, 40.0]])), [[0.5, 0.5]])


def test_surroundings_hold_all_that_a_crop_looks_at() -> None:
    photo = picture(400, 500)
    alignment = tilted(90, x=250, y=180, degrees=40)
    near, moved = alignment.surroundings(photo, 64)
    assert near.shape[0] < 200
    assert near.base is photo
    difference = moved.crop(near, 64).astype(int) - alignment.crop(photo, 64).astype(int)
    assert np.abs(difference).max() <= 1


def test_crop_widens_to_its_map_and_no_further_than_allowed() -> None:
    spec = AlignmentSpec()
    eyes = np.array([[170.0, 200.0], [230.0, 200.0]])
    base = align_eyes(eyes, box_height=0, spec=spec)
    _, bottom = base.to_photo(np.array([[0.0, 1.0]]))[0]
    inside, below, far = (np.zeros((600, 600), np.bool_) for _ in range(3))
    inside[220 : int(bottom) - 6, 150:250] = True
    below[220 : int(bottom) + 12, 150:250] = True
    far[220:590, 150:250] = True
    assert widen_to_map(base, inside, spec) is base
    assert widen_to_map(base, np.zeros_like(inside), spec) is base
    widened = widen_to_map(base, below, spec)
    corner = widened.to_crop(np.array([[200.0, bottom + 12]]))[0]
    assert corner[1] <= 1.0 < base.to_crop(np.array([[200.0, bottom + 12]]))[0][1]
    most = widen_to_map(base, far, spec)
    assert most.crop_size_in_photo == pytest.approx(1.25 * base.crop_size_in_photo)
    for alignment in (widened, most):  # the eyes' midpoint stays where the model wants it
        np.testing.assert_allclose(alignment.to_crop(eyes).mean(axis=0), [0.5, spec.eye_y])

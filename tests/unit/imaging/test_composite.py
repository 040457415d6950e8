"""The composite: the photo's own bits outside the map, nothing of the mask inside it."""

from __future__ import annotations

import time
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.imaging import composite as module
from app.imaging.alignment import Alignment
from app.imaging.composite import (
    check_outside,
    composite,
    prepare_face_input,
    sketch_composite,
)
from app.imaging.errors import CompositeError, MapError
from app.imaging.photo import Photo, photo_from_array
from tests.support.pictures import picture, tilted

HEIGHT, WIDTH = 150, 200


def hole() -> NDArray[np.bool_]:
    """A map on a face in the middle of the photo."""
    hidden = np.zeros((HEIGHT, WIDTH), np.bool_)
    hidden[80:120, 70:130] = True
    return hidden


def middle(degrees: float = 10.0) -> Alignment:
    """The face's alignment."""
    return tilted(120, x=100, y=85, degrees=degrees)


def model_picture(size: int = 64, channels: int = 3, seed: int = 5) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random((size, size, channels), np.float32)


def cropped(pixels: NDArray[np.unsignedinteger[Any]], size: int) -> NDArray[np.float32]:
    """What a perfect model would answer."""
    return np.asarray(middle().crop(pixels, size) / 255, np.float32)


@pytest.mark.parametrize("reach", [0.0, 0.15])
@pytest.mark.parametrize("output", [1, 3])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_photo_is_untouched_outside_the_map(
    channels: int, bits: int, output: int, reach: float
) -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, channels, bits=bits))
    before = photo.pixels.copy()
    made = composite(photo, hole(), model_picture(channels=output), middle(), reach=reach)
    assert made.pixels.dtype == photo.pixels.dtype
    assert made.pixels.shape == photo.pixels.shape
    np.testing.assert_array_equal(made.pixels[~hole()], before[~hole()])
    np.testing.assert_array_equal(photo.pixels, before)
    assert made.uncovered == 0
    if channels in (2, 4):
        np.testing.assert_array_equal(made.pixels[..., -1], before[..., -1])
    colours = 1 if channels < 3 else 3
    changed = (made.pixels[..., :colours] != before[..., :colours]).any(axis=2)
    assert changed[hole()].mean() > 0.9


@pytest.mark.parametrize("bits", [8, 16])
def test_flat_picture_gives_its_exact_value(bits: int) -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3, bits=bits))
    flat = np.full((64, 64, 3), 0.4, np.float32)
    made = composite(photo, hole(), flat, middle(), reach=0, grain=False)
    np.testing.assert_array_equal(made.pixels[hole()], round(0.4 * (2**bits - 1)))


def test_the_picture_gets_the_photos_grain() -> None:
    rng = np.random.default_rng(5)
    even = 120 + 5 * rng.standard_normal((HEIGHT, WIDTH, 3))
    photo = photo_from_array((even + 0.5).astype(np.uint8))
    flat = np.full((64, 64, 3), 0.4, np.float32)
    plain = composite(photo, hole(), flat, middle(), reach=0, grain=False)
    made = composite(photo, hole(), flat, middle(), reach=0)
    assert plain.pixels[hole()].std() == 0
    assert made.pixels[hole()].std() == pytest.approx(5, rel=0.4)
    assert made.pixels[hole()].mean() == pytest.approx(102, abs=1)
    again = composite(photo, hole(), flat, middle(), reach=0)
    np.testing.assert_array_equal(again.pixels, made.pixels)


def test_grey_photo_takes_the_luminance() -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 1))
    flat = np.broadcast_to(np.array([0.8, 0.4, 0.2], np.float32), (64, 64, 3))
    made = composite(photo, hole(), np.ascontiguousarray(flat), middle(), reach=0, grain=False)
    expected = round(255 * (0.299 * 0.8 + 0.587 * 0.4 + 0.114 * 0.2))
    np.testing.assert_allclose(made.pixels[hole()], expected, atol=1)


def test_values_out_of_range_are_cut_and_do_not_wrap() -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3))
    steps = (np.indices((64, 64)).sum(axis=0) // 6 % 2).astype(np.float32)[..., None]
    made = composite(photo, hole(), np.repeat(steps * 1.5 - 0.2, 3, axis=2), middle(), reach=0)
    values = made.pixels[hole()].astype(int)
    # Cubic interpolation and the model both overshoot; wrapped values would lie between.
    assert ((values < 110) | (values > 145)).mean() > 0.8
    assert values.min() == 0
    assert values.max() == 255


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 1000),
    side=st.floats(5, 500),
    x=st.floats(-100, 300),
    y=st.floats(-100, 250),
    degrees=st.floats(-180, 180),
    share=st.sampled_from([0.0, 0.02, 0.5, 1.0]),
    bits=st.sampled_from([8, 16]),
    channels=st.integers(1, 4),
)
def test_any_map_and_any_crop(
    seed: int,
    side: float,
    x: float,
    y: float,
    degrees: float,
    share: float,
    bits: int,
    channels: int,
) -> None:
    rng = np.random.default_rng(seed)
    photo = photo_from_array(picture(60, 80, channels, bits=bits, seed=seed))
    hidden = rng.random((60, 80)) < share
    alignment = tilted(side, x=x, y=y, degrees=degrees)
    made = composite(photo, hidden, model_picture(16, seed=seed), alignment)
    np.testing.assert_array_equal(made.pixels[~hidden], photo.pixels[~hidden])
    rows, columns = np.nonzero(hidden)
    unit = alignment.to_crop(np.stack([columns + 0.5, rows + 0.5], axis=1))
    outside = ~((unit >= 0) & (unit < 1)).all(axis=1)
    assert abs(made.uncovered - np.count_nonzero(outside)) <= 2
    far = ~((unit >= -0.01) & (unit < 1.01)).all(axis=1)
    np.testing.assert_array_equal(
        made.pixels[rows[far], columns[far]], photo.pixels[rows[far], columns[far]]
    )


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1000), side=st.floats(20, 400), bits=st.sampled_from([8, 16]))
def test_nothing_depends_on_what_the_mask_looks_like(seed: int, side: float, bits: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = picture(HEIGHT, WIDTH, 3, bits=bits, seed=seed)
    hidden = hole() | (rng.random((HEIGHT, WIDTH)) < 0.01)
    other = pixels.copy()
    other[hidden] = rng.integers(0, 2**bits, (int(hidden.sum()), 3))
    first, second = photo_from_array(pixels), photo_from_array(other)
    alignment = tilted(side, x=100, y=90, degrees=-8)
    for one, two in zip(
        prepare_face_input(first.rgb, hidden, alignment, 48),
        prepare_face_input(second.rgb, hidden, alignment, 48),
        strict=True,
    ):
        np.testing.assert_array_equal(one, two)
    covered = tilted(600, x=100, y=90)
    picture_ = model_picture(seed=seed)
    np.testing.assert_array_equal(
        composite(first, hidden, picture_, covered).pixels,
        composite(second, hidden, picture_, covered).pixels,
    )
    np.testing.assert_array_equal(
        sketch_composite(first, hidden, picture_[..., :1], covered),
        sketch_composite(second, hidden, picture_[..., :1], covered),
    )


def test_pixels_beyond_the_crop_stay_and_are_counted() -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3))
    everything = np.ones((HEIGHT, WIDTH), np.bool_)
    made = composite(photo, everything, model_picture(), tilted(60, x=100, y=80), reach=0)
    assert made.uncovered == HEIGHT * WIDTH - 60 * 60
    np.testing.assert_array_equal(made.pixels[:, :70], photo.pixels[:, :70])
    far = composite(photo, hole(), model_picture(), tilted(60, x=-500, y=80))
    assert far.uncovered == hole().sum()
    np.testing.assert_array_equal(far.pixels, photo.pixels)


def test_empty_map_changes_nothing() -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3))
    made = composite(photo, np.zeros((HEIGHT, WIDTH), np.bool_), model_picture(), middle())
    np.testing.assert_array_equal(made.pixels, photo.pixels)
    assert made.uncovered == 0


def test_true_picture_restores_the_photo() -> None:
    pixels = picture(HEIGHT, WIDTH, 3, detail=6)
    truth = cropped(pixels, 256)
    masked = pixels.copy()
    masked[hole()] = (150, 200, 240)
    made = composite(photo_from_array(masked), hole(), truth, middle())
    assert np.abs(made.pixels.astype(int) - pixels.astype(int)).max() <= 6


def test_seam_correction_brings_a_dark_picture_closer() -> None:
    pixels = picture(HEIGHT, WIDTH, 3, detail=6)
    dark = cropped(pixels, 256) - np.float32(0.1)
    photo = photo_from_array(pixels)

    def error(reach: float) -> float:
        made = composite(photo, hole(), dark, middle(), reach=reach)
        return float(np.abs(made.pixels.astype(int) - pixels.astype(int))[hole()].mean())

    assert error(0.15) < 0.6 * error(0)


def test_other_faces_masks_are_no_seam() -> None:
    pixels = picture(HEIGHT, WIDTH, 3, detail=6)
    truth = cropped(pixels, 128)
    other = np.zeros((HEIGHT, WIDTH), np.bool_)
    other[75:125, 130:150] = True
    pixels = pixels.copy()
    pixels[other] = 255
    photo = photo_from_array(pixels)
    aware = composite(photo, hole(), truth, middle(), hidden=hole() | other).pixels
    plain = composite(photo, hole(), truth, middle(), reach=0).pixels
    assert np.abs(aware.astype(int) - plain.astype(int)).max() <= 3


def test_map_of_another_size_is_refused() -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3))
    wrong = np.zeros((HEIGHT, WIDTH - 1), np.bool_)
    for call in (composite, sketch_composite):
        with pytest.raises(MapError, match="199 x 150"):
            call(photo, wrong, model_picture(channels=1), middle())
    with pytest.raises(MapError):
        prepare_face_input(photo.rgb, wrong, middle(), 32)


# --- the check -----------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [(0, 0), (HEIGHT - 1, WIDTH - 1), (79, 100), (100, 130)])
@pytest.mark.parametrize("bits", [8, 16])
def test_one_wrong_bit_anywhere_is_found(where: tuple[int, int], bits: int) -> None:
    pixels = picture(HEIGHT, WIDTH, 4, bits=bits)
    changed = pixels.copy()
    changed[hole()] = 0
    check_outside(pixels, changed, hole())
    changed[(*where, 3)] ^= 1
    with pytest.raises(CompositeError, match="1 pixels outside the map"):
        check_outside(pixels, changed, hole())


def test_wrong_shape_or_depth_is_found() -> None:
    pixels = picture(HEIGHT, WIDTH, 3)
    with pytest.raises(CompositeError):
        check_outside(pixels, pixels[:-1], hole())
    with pytest.raises(CompositeError):
        check_outside(pixels, pixels.astype(np.uint16), hole())


def test_composite_that_strays_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    paint = module._paint

    def stray(pixels: NDArray[Any], *rest: Any, **named: Any) -> int:
        pixels[0, 0] ^= 1
        return paint(pixels, *rest, **named)

    monkeypatch.setattr(module, "_paint", stray)
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3))
    with pytest.raises(CompositeError, match="outside the map"):
        composite(photo, hole(), model_picture(), middle())


# --- the model's input ---------------------------------------------------------------------------


def test_face_input_is_zero_under_the_map_and_the_crop_elsewhere() -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3))
    face, hidden = prepare_face_input(photo.rgb, hole(), middle(), 96)
    assert face.dtype == hidden.dtype == np.float32
    assert face.shape == (96, 96, 3)
    assert set(np.unique(hidden)) == {0, 1}
    assert not face[hidden == 1].any()
    plain = middle().crop(photo.rgb, 96).astype(np.float32) / 255
    assert np.abs(face - plain)[hidden == 0].max() < 0.02


def test_dilation_is_in_crop_pixels() -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3))
    widths = []
    for dilation in (0, 1, 3):
        _, hidden = prepare_face_input(photo.rgb, hole(), middle(0), 96, dilation=dilation)
        widths.append(int(hidden[64].sum()))
    assert widths[1] - widths[0] == 2
    assert widths[2] - widths[0] == 6


def test_unmasked_face_is_given_whole() -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3))
    nothing = np.zeros((HEIGHT, WIDTH), np.bool_)
    face, hidden = prepare_face_input(photo.rgb, nothing, middle(), 96)
    assert not hidden.any()
    np.testing.assert_allclose(face, middle().crop(photo.rgb, 96) / np.float32(255), atol=0.01)


# --- the sketch ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sketch_of_every_kind_of_photo(channels: int, bits: int) -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, channels, bits=bits))
    drawing = sketch_composite(photo, hole(), np.full((64, 64), 0.4, np.float32), middle(), reach=0)
    assert drawing.shape == (HEIGHT, WIDTH)
    assert drawing.dtype == photo.pixels.dtype
    np.testing.assert_array_equal(drawing[hole()], round(0.4 * (2**bits - 1)))


def test_sketch_of_the_true_face_is_the_sketch_of_the_photo() -> None:
    from app.imaging.sketch import sketch

    pixels = picture(HEIGHT, WIDTH, 3, detail=5)
    whole = sketch(pixels, face_size=120)
    truth = middle().crop(whole, 240)
    drawing = sketch_composite(photo_from_array(pixels), hole(), truth, middle())
    assert np.abs(drawing / 255 - whole).mean() < 0.01
    assert np.abs(drawing / 255 - whole)[hole()].mean() < 0.02


def test_sixteen_bits_are_the_same_every_time() -> None:
    rng = np.random.default_rng(368)
    photo = photo_from_array(picture(HEIGHT, WIDTH, 3, bits=16, seed=368))
    hidden = hole() | (rng.random((HEIGHT, WIDTH)) < 0.01)
    covered, drawn = tilted(600, x=100, y=90), model_picture(seed=368)[..., :1]
    # Other arrays come and go between, so that none lies where its predecessor lay.
    made, others = [], []
    for number in range(40):
        others.append(np.zeros(1000 + 8 * number))
        made.append(sketch_composite(photo, hidden, drawn, covered))
    assert all(np.array_equal(made[0], each) for each in made)


def test_the_blurred_edge_of_a_mask_is_no_line_in_the_sketch() -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (5, 5))
    around = cv2.dilate(hole().view(np.uint8), cross) > 0
    pixels[around] = 60
    paper = np.ones((64, 64), np.float32)
    drawing = sketch_composite(photo_from_array(pixels), hole(), paper, middle(), reach=0)
    assert drawing.min() == 255


# --- size ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", [8, 16])
def test_sixty_megapixels(bits: int) -> None:
    width, height = 9000, 6700
    pixels = np.full((height, width, 3), 90, np.uint8 if bits == 8 else np.uint16)
    pixels[::7] = 130
    photo: Photo = photo_from_array(pixels)
    hidden = np.zeros((height, width), np.bool_)
    hidden[3400:4700, 3500:5300] = True
    start = time.process_time()
    made = composite(photo, hidden, model_picture(256), tilted(2600, x=4400, y=3700, degrees=4))
    seconds = time.process_time() - start
    assert made.uncovered == 0
    assert made.pixels[3400:4700, 3500:5300].std() > 10
    for band in (slice(0, 3400), slice(4700, height)):
        assert np.array_equal(made.pixels[band], pixels[band])
    # Measured 0.6 s of processor time; the machine may be busy.
    assert seconds < 10

"""The sketch: the recipe as published, whatever the photo's size, and blind to what is hidden."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging import sketch as module
from app.imaging.sketch import BLUR_FRACTION, SHARPEN, sketch
from app.sample import unmasked_photo
from tests.support.pictures import picture


def reference(photo: NDArray[np.unsignedinteger[Any]], face_size: float) -> NDArray[np.float32]:
    """Grey, inversion, blur, colour dodge, sharpening, written out step by step."""
    grey = cv2.cvtColor(photo.astype(np.float32) / 255, cv2.COLOR_RGB2GRAY)
    negative = 1 - grey
    blurred = cv2.GaussianBlur(
        negative, (0, 0), BLUR_FRACTION * face_size, borderType=cv2.BORDER_REFLECT
    )
    dodged = np.minimum(grey / np.maximum(1 - blurred, 1 / 255), 1)
    return np.clip(cv2.filter2D(dodged, -1, SHARPEN, borderType=cv2.BORDER_REFLECT), 0, 1)


def test_recipe() -> None:
    photo = picture(200, 260)
    np.testing.assert_allclose(sketch(photo, face_size=150), reference(photo, 150), atol=2e-5)


@pytest.mark.parametrize("face_size", [128, 900])
def test_bands_join_without_a_trace(face_size: float, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = picture(700, 160)
    whole = sketch(photo, face_size=face_size)
    monkeypatch.setattr(module, "_BAND_PIXELS", 1)
    np.testing.assert_allclose(sketch(photo, face_size=face_size), whole, atol=1e-6)


def enlarged_and_drawn(more: int) -> NDArray[np.float32]:
    """(201, 263), the sketch of a photo so many times as large."""
    photo = unmasked_photo().pixels[:201, 100:363]
    size = (263 * more, 201 * more)
    large = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    drawn = sketch(large, face_size=192 * more)
    return np.asarray(cv2.resize(drawn, (263, 201), interpolation=cv2.INTER_AREA), np.float32)


def test_larger_photos_are_drawn_with_the_same_lines() -> None:
    # The first is not reduced; 201 and 263 are no multiples of what the others are reduced by.
    drawn = [enlarged_and_drawn(more) for more in (2, 4, 8, 13)]
    for other in drawn[1:]:
        assert np.abs(other - drawn[0]).mean() < 0.1 * (1 - drawn[0]).mean()
    # As dark as the published recipe, whose kernel ends sharply.
    assert (1 - drawn[0]).mean() == pytest.approx((1 - enlarged_and_drawn(1)).mean(), rel=0.15)


@pytest.mark.parametrize("shape", [(90, 70_000), (70_000, 90)])
def test_panoramas_are_drawn(shape: tuple[int, int]) -> None:
    """OpenCV warps no picture with such a side."""
    photo = np.full(shape, 200, np.uint8)
    photo[40:50, 40:50] = 20
    drawn = sketch(photo, face_size=800)
    assert drawn.shape == shape
    assert drawn[40:50, 40:50].mean() < 0.5
    np.testing.assert_allclose(drawn[-10:, -10:], 1, atol=1e-3)


def test_the_grain_of_a_large_photo_is_not_drawn() -> None:
    grain = np.random.default_rng(0).normal(0, 6, (500, 500))
    photo = np.clip(150 + grain, 0, 255).astype(np.uint8)
    assert 1 - sketch(photo, face_size=150).mean() > 0.05
    assert 1 - sketch(photo, face_size=1500).mean() < 0.02


def test_lines_of_a_reduced_photo_are_smooth() -> None:
    """A slanting edge, drawn reduced and enlarged again, has no steps."""
    y, x = np.mgrid[:600, :600]
    photo = np.where(y > 200 + 0.3 * x, 60, 200).astype(np.uint8)
    drawn = sketch(photo, face_size=192 * 6)
    middles = [
        float(np.average(y[:, column], weights=1 - drawn[:, column])) for column in range(150, 450)
    ]
    fitted = np.polynomial.Polynomial.fit(np.arange(300), middles, 1)
    assert np.abs(fitted(np.arange(300)) - middles).max() < 0.5


def test_depths_agree() -> None:
    photo = picture(80, 90)
    eight = sketch(photo, face_size=90)
    np.testing.assert_allclose(
        sketch(photo.astype(np.uint16) * 257, face_size=90), eight, atol=1e-5
    )
    floating = photo.astype(np.float32) / 255
    np.testing.assert_allclose(sketch(floating, face_size=90), eight, atol=1e-5)


def test_grey_photo_and_flat_photo() -> None:
    grey = picture(50, 60, 1)[..., 0]
    assert sketch(grey, face_size=60).shape == (50, 60)
    for value in (0, 7, 255):
        flat = np.full((50, 60), value, np.uint8)
        expected = 0 if value == 0 else 1
        np.testing.assert_allclose(sketch(flat, face_size=60), expected, atol=1e-5)


@pytest.mark.parametrize("face_size", [60, 1200])
@pytest.mark.parametrize("bits", [8, 16])
def test_hidden_pixels_leave_no_trace(face_size: float, bits: int) -> None:
    photo = picture(240, 200, bits=bits)
    hidden = np.zeros((240, 200), np.bool_)
    hidden[100:180, 40:150] = True
    drawn = sketch(photo, face_size=face_size, hidden=hidden)
    changed = photo.copy()
    changed[hidden] = picture(240, 200, bits=bits, seed=9)[hidden]
    np.testing.assert_array_equal(sketch(changed, face_size=face_size, hidden=hidden), drawn)
    np.testing.assert_array_equal(drawn[hidden], 1)


def test_black_mask_draws_no_line_along_its_edge() -> None:
    photo = np.full((120, 120), 180, np.uint8)
    photo[60:] = 5
    hidden = np.zeros((120, 120), np.bool_)
    hidden[60:] = True
    np.testing.assert_allclose(sketch(photo, face_size=100, hidden=hidden), 1, atol=1e-4)


def test_nothing_hidden_changes_nothing() -> None:
    photo = picture(100, 110)
    hidden = np.zeros((100, 110), np.bool_)
    np.testing.assert_array_equal(
        sketch(photo, face_size=100, hidden=hidden), sketch(photo, face_size=100)
    )

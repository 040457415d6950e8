"""Finer detail: as much of it as the visible face has, and nothing of what is hidden."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.alignment import Alignment
from app.imaging.composite import composite
from app.imaging.detail import LARGER, MOST, with_detail
from app.imaging.photo import photo_from_array
from tests.support.pictures import Pixels, picture, tilted

SIZE, FINE = 64, 128
"""Sides of a model's picture and of its finer one."""

HEIGHT, WIDTH = 300, 320

SIDE = 200
"""Of the face's crop, in photo pixels."""


def face() -> Alignment:
    return tilted(SIDE, x=160, y=150, degrees=5)


def hole() -> NDArray[np.bool_]:
    hidden = np.zeros((HEIGHT, WIDTH), np.bool_)
    hidden[160:230, 110:210] = True
    return hidden


def detailed(**kind: Any) -> Pixels:
    """A photo with detail that a picture of SIZE cannot show."""
    return picture(HEIGHT, WIDTH, detail=1.2, **kind)


def drawn(photo: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A model that knows the truth: its picture and the finer one."""
    full = np.float32(np.iinfo(photo.dtype).max)
    finer = face().crop(photo, FINE).astype(np.float32).reshape(FINE, FINE, -1) / full
    coarse = cv2.resize(finer, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(coarse, np.float32).reshape(SIZE, SIZE, -1), finer


def blurred(photo: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(photo, (0, 0), 4), photo.dtype).reshape(photo.shape)


def added(values: NDArray[np.float32], coarse: NDArray[np.float32]) -> float:
    """How much a finer picture has beside the coarse one."""
    enlarged = cv2.resize(coarse, (FINE, FINE), interpolation=cv2.INTER_CUBIC)
    return float(np.std(cv2.resize(values, (FINE, FINE), interpolation=cv2.INTER_CUBIC) - enlarged))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("bits", [8, 16])
def test_a_sharp_photo_gets_the_most_of_it(bits: int, channels: int) -> None:
    photo = picture(HEIGHT, WIDTH, channels, bits=bits, detail=1.2)
    coarse, finer = drawn(photo)
    made = with_detail(coarse, finer, photo, hole(), face())
    assert made.shape == finer.shape
    assert added(made, coarse) == pytest.approx(MOST * added(finer, coarse), rel=1e-3)
    enlarged = cv2.resize(coarse, (FINE, FINE), interpolation=cv2.INTER_CUBIC)
    wanted = MOST * finer + (1 - MOST) * enlarged.reshape(finer.shape)
    assert np.abs(made - wanted).max() < 1e-5


def test_a_blurred_photo_gets_hardly_any() -> None:
    photo = detailed()
    coarse, finer = drawn(photo)
    made = with_detail(coarse, finer, blurred(photo), hole(), face())
    assert added(made, coarse) < 0.1 * added(finer, coarse)


def test_detail_that_is_unlike_the_photo_is_left_out() -> None:
    photo = detailed()
    coarse, finer = drawn(photo)
    _, other = drawn(detailed(seed=9))
    elsewhere = finer + (other - cv2.GaussianBlur(other, (0, 0), 2))
    made = with_detail(coarse, np.asarray(elsewhere, np.float32), blurred(photo), hole(), face())
    assert added(made, coarse) < 0.1 * added(np.asarray(elsewhere, np.float32), coarse)


def test_noise_counts_for_nothing() -> None:
    photo = detailed()
    coarse, finer = drawn(photo)
    noise = np.random.default_rng(3).normal(0, 12, photo.shape)
    noisy = np.clip(photo + noise, 0, 255).astype(np.uint8)
    plain = with_detail(coarse, finer, photo, hole(), face())
    made = with_detail(coarse, finer, noisy, hole(), face())
    assert abs(added(made, coarse) / added(plain, coarse) - 1) < 0.1


def test_nothing_depends_on_hidden_pixels() -> None:
    photo = detailed()
    coarse, finer = drawn(photo)
    other = photo.copy()
    other[hole()] = np.random.default_rng(4).integers(0, 255, other[hole()].shape)
    made = with_detail(coarse, finer, photo, hole(), face())
    np.testing.assert_array_equal(made, with_detail(coarse, finer, other, hole(), face()))


def test_a_face_of_few_pixels_is_left_as_it_is() -> None:
    photo = detailed()
    coarse, finer = drawn(photo)
    small = tilted(LARGER * SIZE - 1, x=160, y=150)
    assert with_detail(coarse, finer, photo, hole(), small) is coarse


def test_where_nothing_is_visible_nothing_is_known() -> None:
    photo = detailed()
    coarse, finer = drawn(photo)
    everything = np.ones((HEIGHT, WIDTH), np.bool_)
    assert with_detail(coarse, finer, photo, everything, face()) is coarse


def test_a_hidden_face_is_as_sharp_as_what_is_around_it() -> None:
    photo = detailed()
    coarse, finer = drawn(photo)
    hidden = np.zeros((HEIGHT, WIDTH), np.bool_)
    hidden[75:235, 90:230] = True
    made = with_detail(coarse, finer, photo, hidden, face())
    assert added(made, coarse) > 0.8 * MOST * added(finer, coarse)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_composite_shows_it_and_leaves_the_rest_alone(channels: int) -> None:
    photo = photo_from_array(picture(HEIGHT, WIDTH, channels, detail=1.2))
    coarse, finer = drawn(photo.colour)
    plain = composite(photo, hole(), coarse, face(), grain=False)
    made = composite(photo, hole(), coarse, face(), grain=False, finer=finer)
    np.testing.assert_array_equal(made.pixels[~hole()], photo.pixels[~hole()])
    truth = photo.pixels[hole()].astype(float)
    error = np.abs(made.pixels[hole()] - truth).mean()
    assert error < 0.7 * np.abs(plain.pixels[hole()] - truth).mean()

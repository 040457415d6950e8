"""Grain: measured where the photo is visible, laid over what a model draws, always the same."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.grain import FIELD, Grain, measure_grain

WHOLE = (0, 0, 320, 300)
NOTHING = np.zeros((300, 320), np.bool_)


def noisy(strength: float, *, blur: float = 0.0, grey: bool = False) -> NDArray[np.uint8]:
    """A soft gradient with noise of this standard deviation, (300, 320, 3) or (300, 320, 1)."""
    rng = np.random.default_rng(3)
    noise = rng.standard_normal((300, 320, 1 if grey else 3))
    if blur:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), blur), np.float64).reshape(noise.shape)
        noise /= noise.std()
    soft = np.linspace(0.35, 0.6, 320)[None, :, None]
    values = soft + strength * noise
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)


def measured(photo: NDArray[np.uint8], *, finest: float = 3.0) -> Grain:
    grain = measure_grain(photo, NOTHING, WHOLE, finest=finest)
    assert grain is not None
    return grain


@pytest.mark.parametrize("strength", [0.01, 0.03])
def test_the_strength_is_the_photos(strength: float) -> None:
    assert measured(noisy(strength)).field.std() == pytest.approx(strength, rel=0.25)


def neighbours(field: NDArray[np.float32]) -> float:
    return float((field[:, 1:] * field[:, :-1]).mean() / np.square(field).mean())


def test_coarse_grain_stays_coarse() -> None:
    fine, coarse = measured(noisy(0.03)), measured(noisy(0.03, blur=1.0))
    assert neighbours(fine.field) < 0.1
    assert neighbours(coarse.field) > 0.4


def test_grey_photos_have_grey_grain() -> None:
    assert measured(noisy(0.02, grey=True)).field.shape == (FIELD, FIELD, 1)


def test_colour_noise_that_is_the_same_in_all_channels_stays_so() -> None:
    grain = measured(np.repeat(noisy(0.03, grey=True), 3, axis=2))
    spread = grain.field - grain.field.mean(axis=2, keepdims=True)
    assert spread.std() < 0.1 * grain.field.std()


def test_a_clean_photo_has_no_grain() -> None:
    assert measure_grain(noisy(0.0), NOTHING, WHOLE, finest=3.0) is None


def test_nothing_hidden_is_looked_at() -> None:
    photo = noisy(0.02)
    hidden = NOTHING.copy()
    hidden[120:] = True
    before = measure_grain(photo, hidden, WHOLE, finest=3.0)
    photo[hidden] = 7
    after = measure_grain(photo, hidden, WHOLE, finest=3.0)
    assert before is not None
    assert after is not None
    assert np.array_equal(before.field, after.field)


def test_with_next_to_nothing_visible_there_is_no_grain() -> None:
    hidden = ~NOTHING
    hidden[:12] = False
    assert measure_grain(noisy(0.02), hidden, (0, 0, 60, 60), finest=3.0) is None
    assert measure_grain(noisy(0.02), NOTHING, (10, 10, 14, 14), finest=3.0) is None


def test_texture_is_not_taken_for_grain() -> None:
    rng = np.random.default_rng(1)
    photo = (rng.random((300, 320, 3)) > 0.5).astype(np.uint8) * np.uint8(120) + np.uint8(60)
    assert measured(photo).field.std() <= 0.065


def test_a_blurred_background_is_not_the_faces_grain() -> None:
    photo, blurred = noisy(0.009), noisy(0.0)
    face = (slice(30, 245), slice(60, 260))
    blurred[face] = photo[face]
    assert measured(blurred).field.std() == pytest.approx(0.009, rel=0.25)


def test_strong_grain_is_everywhere_or_it_is_texture() -> None:
    """A freckled face, or a small one that was sharpened, before a wall."""
    photo, freckled = noisy(0.006), noisy(0.04)
    face = (slice(30, 245), slice(60, 260))
    photo[face] = freckled[face]
    assert measured(photo).field.std() == pytest.approx(0.01, rel=0.1)
    assert measured(freckled).field.std() == pytest.approx(0.04, rel=0.25)


def test_small_faces_have_grain_too() -> None:
    """Of a crop of 64 pixels whose lower half is hidden."""
    hidden = NOTHING.copy()
    hidden[232:] = True
    grain = measure_grain(noisy(0.02), hidden, (200, 200, 264, 264), finest=1.0)
    assert grain is not None
    assert grain.field.std() == pytest.approx(0.02, rel=0.35)


def test_the_field_repeats_and_belongs_to_the_photo() -> None:
    grain = measured(noisy(0.02))
    whole = grain.over((0, 0, 700, 40))
    assert np.array_equal(whole[:, :FIELD], whole[:, FIELD : 2 * FIELD])
    # Drawn in bands or at once, a pixel gets the same noise.
    assert np.array_equal(grain.over((100, 10, 200, 30)), whole[10:30, 100:200])

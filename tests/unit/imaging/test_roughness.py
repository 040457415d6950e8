"""Skin that is drawn is no rougher than skin that is seen; nothing of it comes from what is hidden."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.composite import composite
from app.imaging.detail import LARGER, enlarged
from app.imaging.photo import photo_from_array
from app.imaging.roughness import LEAST, no_rougher
from tests.support.pictures import Pixels, tilted

SIDE = 64
"""Of a model's picture."""

HEIGHT, WIDTH = 300, 320
FACE = tilted(200, x=160, y=150, degrees=5)


def hole() -> NDArray[np.bool_]:
    hidden = np.zeros((HEIGHT, WIDTH), np.bool_)
    hidden[150:240, 90:230] = True
    return hidden


def skin(roughness: float, *, channels: int = 3, seed: int = 0) -> NDArray[np.float32]:
    """(HEIGHT, WIDTH, channels) 0..1: light above, dark below, with spots of some pixels."""
    shading = np.linspace(0.7, 0.4, HEIGHT, dtype=np.float32)[:, None, None]
    noise = np.random.default_rng(seed).standard_normal((HEIGHT, WIDTH, channels)).astype(np.float32)
    spots = cv2.GaussianBlur(noise, (0, 0), 2.5).reshape(noise.shape)
    return np.asarray(shading + roughness * spots / spots.std(), np.float32)


def photo(roughness: float, *, channels: int = 3, bits: int = 8) -> Pixels:
    full = 2**bits - 1
    values = np.rint(skin(roughness, channels=channels) * full)
    return np.asarray(values, np.uint8 if bits == 8 else np.uint16)


def drawn(roughness: float, *, channels: int = 3) -> NDArray[np.float32]:
    """What a model draws of such a face."""
    whole = skin(roughness, channels=channels, seed=1)
    return np.asarray(FACE.crop(whole, SIDE), np.float32).reshape(SIDE, SIDE, channels)


def spots(picture: NDArray[np.float32], *, at: tuple[slice, slice] = np.s_[40:52, 20:44]) -> float:
    """How strong spots are in a part of the picture, which the hole covers."""
    fine = picture - cv2.GaussianBlur(picture, (0, 0), 4).reshape(picture.shape)
    return float(fine[at].std())


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("bits", [8, 16])
def test_rough_skin_is_drawn_as_even_as_it_is_seen(bits: int, channels: int) -> None:
    rough = drawn(0.03, channels=channels)
    made = no_rougher(rough, photo(0.02, channels=channels, bits=bits), hole(), FACE)
    assert made.shape == rough.shape
    assert made.dtype == np.float32
    # Nearly two thirds: the strongest spots count as something else.
    assert 0.62 < spots(made) / spots(rough) < 0.8


def test_no_more_than_half_of_it_is_taken() -> None:
    rough = drawn(0.03)
    made = no_rougher(rough, photo(0.001), hole(), FACE)
    assert LEAST * spots(rough) < spots(made) < (LEAST + 0.15) * spots(rough)


def test_even_skin_stays_as_it_is() -> None:
    even = drawn(0.01)
    np.testing.assert_allclose(no_rougher(even, photo(0.03), hole(), FACE), even, atol=1e-6)


def test_form_and_shading_stay() -> None:
    rough = drawn(0.03)
    made = no_rougher(rough, photo(0.005), hole(), FACE)
    for each in (cv2.GaussianBlur(made - rough, (0, 0), 8), (made - rough).mean(axis=(0, 1))):
        assert np.abs(each).max() < 0.004


def test_what_stands_out_of_the_skin_stays() -> None:
    """A mouth: a dark line, a dozen times as strong as the skin's spots."""
    rough = drawn(0.01)
    rough[46:49, 22:42] -= 0.3
    made = no_rougher(rough, photo(0.002), hole(), FACE)

    def depth(picture: NDArray[np.float32]) -> float:
        return float(picture[41:44, 24:40].mean() - picture[46:49, 24:40].mean())

    assert depth(made) > 0.95 * depth(rough) > 0.2
    assert spots(made, at=np.s_[34:40, 20:44]) < 0.75 * spots(rough, at=np.s_[34:40, 20:44])


def test_each_colour_is_compared_by_itself() -> None:
    """Red and green spots on skin whose luminance alone is rough."""
    grey = np.repeat(skin(0.03, channels=1), 3, axis=2)
    seen = np.rint(grey * 255).astype(np.uint8)
    rough = drawn(0.03)
    made = no_rougher(rough, seen, hole(), FACE)

    def of(picture: NDArray[np.float32], channel: int) -> float:
        split = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb), np.float32)
        return spots(split[..., channel : channel + 1])

    assert of(made, 0) == pytest.approx(of(rough, 0), rel=0.02)
    assert of(made, 1) < 0.7 * of(rough, 1)
    assert of(made, 2) < 0.7 * of(rough, 2)


def test_nothing_depends_on_hidden_pixels_and_nothing_visible_changes() -> None:
    seen, rough = photo(0.01), drawn(0.03)
    other = seen.copy()
    other[hole()] = np.random.default_rng(4).integers(0, 255, other[hole()].shape)
    made = no_rougher(rough, seen, hole(), FACE)
    np.testing.assert_array_equal(made, no_rougher(rough, other, hole(), FACE))
    assert np.any(made != rough)
    above = np.s_[: SIDE // 4]
    np.testing.assert_array_equal(made[above], rough[above])


def test_a_face_of_few_pixels_is_left_as_it_is() -> None:
    rough = drawn(0.03)
    small = tilted(LARGER * SIDE - 1, x=160, y=150)
    assert no_rougher(rough, photo(0.005), hole(), small) is rough


@pytest.mark.parametrize("everything", [True, False])
def test_where_nothing_can_be_compared_nothing_changes(everything: bool) -> None:
    rough = drawn(0.03)
    hidden = np.full((HEIGHT, WIDTH), everything)
    hidden[150, 160] = True
    assert no_rougher(rough, photo(0.005), hidden, FACE) is rough


@pytest.mark.parametrize("finer", [False, True])
def test_a_composite_shows_it_and_leaves_the_rest_alone(finer: bool) -> None:
    whole, rough = photo_from_array(np.asarray(photo(0.005), np.uint8)), drawn(0.03)
    larger = enlarged(rough, 2 * SIDE) if finer else None
    plain = composite(whole, hole(), rough, FACE, grain=False, finer=larger)
    made = composite(whole, hole(), rough, FACE, finer=larger)
    np.testing.assert_array_equal(made.pixels[~hole()], whole.pixels[~hole()])

    def roughness(pixels: NDArray[np.unsignedinteger]) -> float:
        part = pixels[170:220, 110:210].astype(np.float32)
        return float((part - cv2.GaussianBlur(part, (0, 0), 12)).std())

    assert roughness(made.pixels) < 0.75 * roughness(plain.pixels)

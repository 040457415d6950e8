"""Smart select finds the edges of what a rough stroke lies on, inside its box and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.edit import EMPTY
from app.imaging.smart_select import RoughStroke, box_around, smart_select


def block_photo(scale: int = 1) -> NDArray[np.uint8]:
    """A blue block of 80 x 60 at (100, 80) on a brown, noisy ground, and another one far away."""
    photo = np.full((240 * scale, 320 * scale, 3), (120, 90, 60), np.uint8)
    photo[80 * scale : 140 * scale, 100 * scale : 180 * scale] = (70, 110, 190)
    photo[10 * scale : 40 * scale, 280 * scale : 310 * scale] = (70, 110, 190)
    noise = np.random.default_rng(3).integers(-12, 13, photo.shape)
    noisy: NDArray[np.uint8] = np.clip(photo.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    return noisy


def stroke(*points: tuple[float, float], radius: float = 3, belongs: bool = True) -> RoughStroke:
    return RoughStroke(np.array(points, np.float64), radius, belongs)


def whole(photo: NDArray[np.uint8], strokes: list[RoughStroke]) -> NDArray[np.bool_]:
    found = smart_select(photo, strokes)
    pixels = np.zeros(photo.shape[:2], np.bool_)
    x0, y0, x1, y1 = found.rectangle
    pixels[y0:y1, x0:x1] = found.pixels
    return pixels


@pytest.mark.parametrize("scale", [1, 6])
def test_a_stroke_grows_to_the_edges_whatever_the_size(scale: int) -> None:
    drawn = stroke((120 * scale, 110 * scale), (160 * scale, 112 * scale), radius=3 * scale)
    pixels = whole(block_photo(scale), [drawn])
    expected = np.zeros(pixels.shape, np.bool_)
    expected[80 * scale : 140 * scale, 100 * scale : 180 * scale] = True
    overlap = np.count_nonzero(pixels & expected) / np.count_nonzero(pixels | expected)
    assert overlap > 0.95


def test_nothing_outside_the_box_and_nothing_apart_from_the_stroke() -> None:
    photo = block_photo()
    strokes = [stroke((110, 110), (170, 110))]
    x0, y0, x1, y1 = box_around(strokes, width=320, height=240)
    pixels = whole(photo, strokes)
    outside = np.ones(pixels.shape, np.bool_)
    outside[y0:y1, x0:x1] = False
    assert not pixels[outside].any()
    assert not pixels[10:40, 280:310].any()


def test_a_stroke_over_what_does_not_belong_is_obeyed() -> None:
    pixels = whole(
        block_photo(), [stroke((120, 110), (160, 110)), stroke((170, 84), (170, 136), belongs=False)]
    )
    assert not pixels[84:136, 168:173].any()
    assert pixels[110, 120:160].all()


def test_the_same_strokes_give_the_same_selection() -> None:
    strokes = [stroke((120, 110), (160, 112))]
    np.testing.assert_array_equal(whole(block_photo(), strokes), whole(block_photo(), strokes))


def test_a_dot_at_the_photos_corner_and_a_stroke_outside() -> None:
    photo = block_photo()
    found = smart_select(photo, [stroke((0.5, 0.5), radius=1)])
    assert found.rectangle[:2] == (0, 0)
    assert found.pixels[0, 0]
    assert smart_select(photo, [stroke((-500, -500))]).rectangle == EMPTY
    assert smart_select(photo, [stroke((50, 50), belongs=False)]).empty


def test_one_flat_colour_is_selected_as_a_whole_box_or_less() -> None:
    flat = np.full((100, 100, 3), 128, np.uint8)
    found = smart_select(flat, [stroke((50, 50), (60, 50))])
    assert found.pixels[50 - found.rectangle[1], 55 - found.rectangle[0]]

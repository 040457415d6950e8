"""The difference of two pictures: its values, its colours, its size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.ui.difference import FULL, Difference, Kind, coloured, colours, difference_of
from app.ui.session import Hypothesis
from tests.gui.conftest import Hand


@pytest.fixture
def made(hand: Hand, photo_file: Path) -> tuple[Hypothesis, ...]:
    """RGB, sketch, and two of the GAN."""
    hand.open(photo_file)
    hand.window.inspector.reconstruct.hypotheses.setValue(2)
    hand.run("tiny_rgb", "tiny_sketch", "tiny_gan")
    return hand.photo.hypotheses


def whole(found: Difference) -> np.typing.NDArray[np.float64]:
    """The values over all of the photo, 1 is the whole range."""
    width, height = found.size
    values = np.zeros((height, width))
    x0, y0, x1, y1 = found.area
    values[y0:y1, x0:x1] = found.levels[0] / FULL
    return values


def picture(hypothesis: Hypothesis) -> np.typing.NDArray[np.float64]:
    pixels = hypothesis.outcome.composites[hypothesis.number - 1] / 255
    return pixels.reshape(*pixels.shape[:2], -1) * np.ones(3)


def test_it_is_b_minus_a_on_every_pixel(made: tuple[Hypothesis, ...]) -> None:
    photo = made[0].outcome.photo.pixels / 255
    pairs = [(None, made[0]), (made[0], made[3]), (None, made[1]), (made[1], made[2])]
    for first, second in pairs:
        a = photo if first is None else picture(first)
        b = picture(second)
        signed = whole(difference_of(first, second, "signed"))
        assert signed == pytest.approx((b - a).mean(axis=2), abs=2 / FULL)
        absolute = difference_of(first, second, "absolute")
        assert whole(absolute) == pytest.approx(np.abs(b - a).mean(axis=2), abs=2 / FULL)
        assert absolute.largest == pytest.approx(np.abs(b - a).mean(axis=2).max(), abs=2 / FULL)


def test_outside_the_maps_there_is_nothing_to_compute(made: tuple[Hypothesis, ...]) -> None:
    found = difference_of(None, made[0], "signed")
    assert found.area == made[0].outcome.area
    assert difference_of(None, made[1], "signed").area == (0, 0, 320, 240)
    with pytest.raises(ValueError, match="photo"):
        difference_of(None, None, "signed")


def test_levels_halve_down_to_a_small_one(made: tuple[Hypothesis, ...]) -> None:
    levels = difference_of(None, made[1], "absolute").levels
    assert [level.shape for level in levels] == [(240, 320), (120, 160)]
    assert levels[1].mean() == pytest.approx(levels[0].mean(), abs=1)


def test_black_is_no_difference_and_the_least_one_is_not_black() -> None:
    values = np.array([[0, 1, -1, FULL, -FULL]], np.int16)
    signed = coloured(values, "signed", 1)[0].astype(int)
    assert signed[0].sum() == 0
    assert signed[1].sum() > 0
    assert signed[2].sum() > 0
    assert signed[3][0] > signed[3][2]  # orange
    assert signed[4][2] > signed[4][0]  # blue
    absolute = coloured(np.abs(values), "absolute", 1)[0].astype(int)
    assert absolute[0].sum() == 0
    assert absolute[1].sum() > 0


@pytest.mark.parametrize("kind", ["signed", "absolute"])
def test_the_gain_narrows_the_range(kind: Kind) -> None:
    quarter = np.array([[FULL // 4]], np.int16)
    full = np.array([[FULL]], np.int16)
    assert np.array_equal(coloured(quarter, kind, 4), coloured(full, kind, 1))
    assert np.array_equal(coloured(full, kind, 32), coloured(full, kind, 1))


def test_colours_rise_in_lightness_from_no_difference() -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = colours("signed") @ weights
    assert (np.diff(light[128:]) >= 0).all()
    assert (np.diff(light[:128]) <= 0).all()
    assert (np.diff(colours("absolute") @ weights) >= -2).all()

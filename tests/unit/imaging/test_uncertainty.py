"""The spread of hypotheses, and its picture."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.errors import MapError
from app.imaging.uncertainty import FULL_SPREAD, spread, uncertainty_picture
from tests.support.pictures import tilted


def test_spread_is_the_mean_standard_deviation() -> None:
    hypotheses = np.random.default_rng(0).random((5, 8, 8, 3), np.float32)
    expected = hypotheses.std(axis=0).mean(axis=-1)
    np.testing.assert_allclose(spread(hypotheses), expected, rtol=1e-4)
    assert spread(hypotheses).dtype == np.float32


def test_one_hypothesis_or_equal_ones_have_no_spread() -> None:
    picture = np.random.default_rng(0).random((1, 8, 8, 1), np.float32)
    assert not spread(picture).any()
    np.testing.assert_allclose(spread(np.repeat(picture, 4, axis=0)), 0, atol=1e-7)


def test_picture_is_drawn_in_the_map_only() -> None:
    map_ = np.zeros((100, 120), np.bool_)
    map_[40:60, 30:90] = True
    heat = uncertainty_picture(
        np.full((32, 32), FULL_SPREAD / 2, np.float32), map_, tilted(80, x=60, y=50)
    )
    assert heat.dtype == np.uint8
    np.testing.assert_array_equal(heat[map_], 128)
    assert not heat[~map_].any()


def test_full_scale_is_not_exceeded() -> None:
    map_ = np.ones((40, 40), np.bool_)
    heat = uncertainty_picture(np.full((16, 16), 0.5, np.float32), map_, tilted(90, x=20, y=20))
    np.testing.assert_array_equal(heat, 255)


@pytest.mark.parametrize("x", [-500.0, 60.0])
def test_outside_the_crop_there_is_none(x: float) -> None:
    map_ = np.ones((100, 120), np.bool_)
    heat = uncertainty_picture(
        np.full((32, 32), 0.1, np.float32), map_, tilted(20, x=x, y=50, degrees=45)
    )
    assert np.count_nonzero(heat) == pytest.approx(0 if x < 0 else 420, abs=4)


def test_map_without_two_axes() -> None:
    with pytest.raises(MapError):
        uncertainty_picture(
            np.zeros((8, 8), np.float32), np.zeros((8, 8, 1), np.bool_), tilted(8, x=4, y=4)
        )

"""The crop of what may be seen."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.visible import visible_crop
from tests.support.pictures import picture, tilted


@pytest.mark.parametrize("side", [40, 150, 900])
@pytest.mark.parametrize("bits", [8, 16])
def test_nothing_hidden_is_the_plain_crop(side: float, bits: int) -> None:
    photo = picture(300, 360, bits=bits)
    alignment = tilted(side, x=150, y=160, degrees=15)
    crop, share = visible_crop(photo, np.zeros((300, 360), np.bool_), alignment, 64)
    plain = alignment.crop(photo, 64).astype(np.float32) / (2**bits - 1)
    np.testing.assert_allclose(crop, plain, atol=0.03)
    assert np.abs(crop - plain).mean() < 0.003
    np.testing.assert_array_equal(share, 1)


@pytest.mark.parametrize("side", [40, 150, 900])
def test_hidden_colour_never_shines_through(side: float) -> None:
    alignment = tilted(side, x=150, y=160, degrees=15)
    hidden = np.zeros((300, 360), np.bool_)
    hidden[150:, 100:200] = True
    photo = np.full((300, 360, 3), 100, np.uint8)
    photo[hidden] = 255
    crop, share = visible_crop(photo, hidden, alignment, 64)
    np.testing.assert_allclose(crop[share >= 0.5], 100 / 255, atol=2.5 / 255)
    np.testing.assert_array_equal(crop[share == 0], 0)
    assert (share == 0).any()
    assert (share == 1).any()
    photo[hidden] = 3
    again, _ = visible_crop(photo, hidden, alignment, 64)
    np.testing.assert_array_equal(again, crop)


def test_map_that_meets_the_photos_edge_goes_on_beyond_it() -> None:
    hidden = np.zeros((100, 100), np.bool_)
    hidden[60:] = True
    _, share = visible_crop(picture(100, 100), hidden, tilted(80, x=50, y=90), 32)
    assert share[:3].min() == 1
    np.testing.assert_array_equal(share[-10:], 0)


def test_all_hidden() -> None:
    hidden = np.ones((50, 50), np.bool_)
    crop, share = visible_crop(picture(50, 50), hidden, tilted(40, x=25, y=25), 32)
    assert not crop.any()
    assert not share.any()

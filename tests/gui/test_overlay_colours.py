"""The map's colours are told apart with every common colour blindness."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.ui.canvas.layers import HALO
from app.ui.theme.tokens import OVERLAY_COLOURS

SIGHTS = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
"""Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB."""


def lab(rgb: tuple[int, int, int], sight: NDArray[np.float64]) -> NDArray[np.float32]:
    """CIE Lab of an sRGB colour as it is seen."""
    value = np.array(rgb) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    seen = np.clip(sight @ linear, 0, 1)
    coded = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    pixel = coded.astype(np.float32).reshape(1, 1, 3)
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_RGB2LAB)[0, 0], np.float32)


@pytest.mark.parametrize("sight", SIGHTS)
def test_no_two_colours_look_alike(sight: str) -> None:
    seen = [lab(colour.rgb, SIGHTS[sight]) for colour in OVERLAY_COLOURS]
    apart = [float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)]
    assert min(apart) > 15  # six times what two patches side by side need


GROUNDS = {
    "light skin": (234, 192, 170),
    "brown skin": (190, 135, 105),
    "dark skin": (92, 60, 44),
    "black cloth": (20, 20, 22),
    "white cloth": (240, 240, 240),
    "surgical blue": (158, 197, 214),
    "navy blue": (35, 65, 130),
    "grey": (128, 128, 128),
}
"""What lies below the map, or beside its edge."""

USUAL_OPACITY = 0.4


def over(
    top: tuple[int, int, int], below: tuple[int, int, int], opacity: float
) -> tuple[int, int, int]:
    """The colour that is painted."""
    red, green, blue = (round(opacity * a + (1 - opacity) * b) for a, b in zip(top, below, strict=True))
    return red, green, blue


def apart(first: tuple[int, int, int], second: tuple[int, int, int], sight: str) -> float:
    """CIE 1976 distance; two patches side by side are told apart from 2.3 on."""
    return float(np.linalg.norm(lab(first, SIGHTS[sight]) - lab(second, SIGHTS[sight])))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_outline_is_seen_on_every_ground(sight: str, ground: str) -> None:
    below = GROUNDS[ground]
    halo = over((0, 0, 0), below, HALO.alphaF())
    for colour in OVERLAY_COLOURS:
        # Line and halo lie side by side: one of them differs from what is around.
        seen = max(apart(colour.rgb, below, sight), apart(halo, below, sight))
        assert seen > 20, colour.key


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_for_every_ground_there_is_a_colour_whose_fill_is_seen(sight: str, ground: str) -> None:
    below = GROUNDS[ground]
    fills = [apart(over(each.rgb, below, USUAL_OPACITY), below, sight) for each in OVERLAY_COLOURS]
    assert max(fills) > 18
    assert fills[0] > 3, "the first one is what a new user gets"

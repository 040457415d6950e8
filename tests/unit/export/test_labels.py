"""Labels: below the picture, readable, never cut, on pictures of every size and shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import ImageFont

from app.export.labels import (
    LEAST_FONT,
    LEAST_WIDTH,
    add_border,
    hypothesis_label,
    label_strip,
    lay_out,
    uncertainty_label,
    wrap,
)
from tests.support.records import model, result

LABEL = hypothesis_label(model(name="rgb_residual_96"), number=2, made=3, seed=1234)


def test_the_sentence() -> None:
    assert LABEL == (
        "Revisage hypothesis, not an identification - model rgb_residual_96 v1 - "
        "hypothesis 2 of 3 - seed 1234"
    )
    said = uncertainty_label(result())
    assert said.startswith("Revisage uncertainty of 3 hypotheses, not an identif")


def assert_whole(strip: NDArray[np.uint8], label: str, area: int) -> None:
    """Every letter is on the strip: it holds as much ink as the lines' letters have."""
    layout = lay_out(label, width=strip.shape[1], area=area)
    assert "".join(layout.lines).replace(" ", "") == label.replace(" ", "")
    letters = [np.asarray(layout.font.getmask(line)).sum() for line in layout.lines]
    ink = int((255 - strip.astype(int)).sum())
    assert ink == pytest.approx(sum(letters), rel=0.002)
    edges = [strip[:2], strip[-2:], strip[:, :2].T, strip[:, -2:].T]
    assert all((edge == 255).all() for edge in edges)


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (1, 1), (20, 2000), (160, 160), (200, 200), (200, 9000), (640, 480), (1200, 40),
        (6000, 4000), (9500, 6300), (4000, 15000), (15000, 400),
    ],
)  # fmt: skip
def test_never_cut(width: int, height: int) -> None:
    strip = label_strip(LABEL, width=max(width, LEAST_WIDTH), area=width * height)
    assert strip.shape[1] == max(width, LEAST_WIDTH)
    assert_whole(strip, LABEL, width * height)
    size = lay_out(LABEL, width=strip.shape[1], area=width * height).font.size
    assert size >= LEAST_FONT
    # Readable when the whole picture fits a screen, yet no larger than it needs to be.
    if min(width, height) >= 400:
        assert 0.01 * min(width, height) < size < 0.05 * max(width, height)


@given(
    width=st.integers(LEAST_WIDTH, 3000),
    area=st.integers(1, 60_000_000),
    name=st.text("abcdefgh_-.0123456789", min_size=1, max_size=120),
)
@settings(deadline=None, max_examples=40)
def test_every_letter_is_on_the_strip(width: int, area: int, name: str) -> None:
    label = hypothesis_label(model(name=name), number=1, made=1, seed=2**63)
    assert_whole(label_strip(label, width=width, area=area), label, area)


@given(label=st.text("abc de", min_size=1), width=st.integers(20, 200))
def test_wrapping_loses_nothing(label: str, width: int) -> None:
    font = ImageFont.load_default(11)
    assert isinstance(font, ImageFont.FreeTypeFont)
    lines = wrap(label, font, width)
    assert "".join(lines).replace(" ", "") == label.replace(" ", "")
    assert all(font.getlength(line) <= width for line in lines)


def test_a_letter_wider_than_the_line_still_stands() -> None:
    font = ImageFont.load_default(40)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert wrap("WWW", font, 10) == ["W", "W", "W"]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("width", [50, 300])
def test_the_picture_is_untouched(dtype: Any, channels: int, width: int) -> None:
    full = np.iinfo(dtype).max
    random = np.random.Generator(np.random.PCG64(1))
    pixels = random.integers(0, full, (90, width, channels), dtype, endpoint=True)
    bordered = add_border(pixels, LABEL)
    assert bordered.dtype == dtype
    np.testing.assert_array_equal(bordered[:90, :width], pixels)
    assert bordered.shape[1] == max(width, LEAST_WIDTH)
    border = bordered[90:]
    assert border.shape[0] > LEAST_FONT
    colours = channels - 1 if channels in (2, 4) else channels
    assert border[..., :colours].max() == full
    assert border[..., :colours].min() < full // 4
    if colours < channels:
        assert (border[..., -1] == full).all()
        assert (bordered[:90, width:] == full).all()


def test_letters_grow_with_the_picture() -> None:
    heights = [
        len(label_strip(LABEL, width=width, area=width * width)) for width in (1000, 2000, 8000)
    ]
    assert heights[0] * 1.7 < heights[1]
    assert heights[1] * 3 < heights[2]

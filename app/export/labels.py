"""The sentence that every generated picture carries, and the border that shows it.

The border lies below the picture and never covers a pixel of it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from app.case.records import ModelRecord, ReconstructionResult

LEAST_FONT = 12
"""Font size in pixels below which the label is hard to read."""

FONT_SHARE = 0.02
"""Font size over the square root of the picture's area: readable when the picture fits a screen."""

LETTERS_PER_LINE = 26
"""A narrow picture gets a smaller font rather than lines shorter than about this."""

LEAST_WIDTH = 160
"""Narrower pictures get white to their right, so that the label stays readable."""

GAP = "  "
"""Between words: one space of this font is too narrow to be seen at small sizes."""

LETTER_WIDTH = 0.55
"""Typical width of a letter over the font size."""


@dataclass(frozen=True)
class Layout:
    """A label in lines.

    Attributes:
        font: its size is in pixels.
        margin: white around the lines, in pixels.
        lines: from top to bottom.
    """

    font: ImageFont.FreeTypeFont
    margin: int
    lines: tuple[str, ...]


def hypothesis_label(model: ModelRecord, *, number: int, made: int, seed: int) -> str:
    """The label of a composite or sketch.

    Args:
        model: the model that made it.
        number: which hypothesis, counted from 1.
        made: of how many.
        seed: of the run.
    """
    return (
        f"Revisage hypothesis, not an identification - model {model.name} v{model.version} - "
        f"hypothesis {number} of {made} - seed {seed}"
    )


def label_of(result: ReconstructionResult, number: int) -> str:
    """The label of one hypothesis of a run, counted from 1."""
    request = result.request
    return hypothesis_label(request.model, number=number, made=result.made, seed=request.seed)


def sketch_label(result: ReconstructionResult, number: int) -> str:
    """The label of a drawing made from a hypothesis."""
    label = label_of(result, number)
    return label if result.request.model.kind == "sketch" else f"{label} - drawn as a sketch"


def sheet_label(result: ReconstructionResult, numbers: Sequence[int]) -> str:
    """The label of a sheet that shows several hypotheses of one run."""
    if len(numbers) == 1:
        return label_of(result, numbers[0])
    model = result.request.model
    listed = ", ".join(str(number) for number in numbers)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        listed = f"{numbers[0]} to {numbers[-1]}"
    return (
        f"Revisage hypotheses, not an identification - model {model.name} v{model.version} - "
        f"hypotheses {listed} of {result.made} - seed {result.request.seed}"
    )


def uncertainty_label(result: ReconstructionResult) -> str:
    """The label of a run's uncertainty picture."""
    made, model = result.made, result.request.model
    hypotheses = "1 hypothesis" if made == 1 else f"{made} hypotheses"
    return (
        f"Revisage uncertainty of {hypotheses}, not an identification - "
        f"model {model.name} v{model.version} - seed {result.request.seed}"
    )


def add_border(pixels: NDArray[np.generic], label: str) -> NDArray[np.generic]:
    """Put a white border with the label below a picture.

    Args:
        pixels: (H, W, C) uint8 or uint16; C is 1 to 4, with an even number the last one is alpha.
        label: the sentence; wrapped, never cut.

    Returns:
        (H + border, max(W, LEAST_WIDTH), C) of the same depth; its first H rows and W columns are
        the picture, unchanged.
    """
    height, width, channels = pixels.shape
    strip = label_strip(label, width=max(width, LEAST_WIDTH), area=height * width)
    full = 65535 if pixels.dtype == np.uint16 else 255
    canvas = np.full((height + len(strip), strip.shape[1], channels), full, pixels.dtype)
    canvas[:height, :width] = pixels
    colours = channels - 1 if channels in (2, 4) else channels
    canvas[height:, :, :colours] = strip[..., None].astype(pixels.dtype) * (full // 255)
    return canvas


def label_strip(label: str, *, width: int, area: int) -> NDArray[np.uint8]:
    """The border alone: black on white, (h, width) uint8.

    Args:
        label: the sentence.
        width: of the border in pixels, at least :data:`LEAST_WIDTH`.
        area: of the picture in pixels; sets the size of the letters.
    """
    layout = lay_out(label, width=width, area=area)
    ascent, descent = layout.font.getmetrics()
    step = round(1.15 * (ascent + descent))
    strip = Image.new("L", (width, 2 * layout.margin + step * len(layout.lines)), 255)
    draw = ImageDraw.Draw(strip)
    for number, line in enumerate(layout.lines):
        place = (layout.margin, layout.margin + number * step)
        draw.text(place, line, fill=0, font=layout.font)
    return np.asarray(strip)


def lay_out(label: str, *, width: int, area: int) -> Layout:
    """Choose the size of the letters and the lines; arguments as for :func:`label_strip`."""
    wished = FONT_SHARE * math.sqrt(area)
    widest = width / (LETTERS_PER_LINE * LETTER_WIDTH)
    size = max(LEAST_FONT, round(min(wished, widest)))
    font = _font(size)
    margin = max(3, size // 2)
    return Layout(font, margin, tuple(wrap(label, font, width - 2 * margin)))


def wrap(label: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break a sentence into lines that fit; a word that is too long alone is broken as well."""
    lines: list[str] = []
    line = ""
    for word in label.split():
        longer = f"{line}{GAP}{word}" if line else word
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width and len(line) > 1:
            cut = _fitting(line, font, width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line]


def _fitting(word: str, font: ImageFont.FreeTypeFont, width: int) -> int:
    """How many letters of a word fit, at least one."""
    for count in range(len(word) - 1, 1, -1):
        if font.getlength(word[:count]) <= width:
            return count
    return 1


@functools.lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own scalable font: the label looks the same on every machine."""
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, which the label needs")
    return font

"""The typeface of everything that is printed or laid out: Inter, or the nearest on this computer."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

from app.export.errors import ExportError
from app.fonts import font_file

Weight = Literal["regular", "medium", "semibold"]

FILES: dict[Weight, tuple[str, ...]] = {
    "regular": ("Inter-Regular", "NotoSans-Regular", "DejaVuSans", "Arial"),
    "medium": ("Inter-Medium", "NotoSans-Medium", "NotoSans-Regular", "DejaVuSans", "Arial"),
    "semibold": (
        "Inter-SemiBold",
        "NotoSans-SemiBold",
        "NotoSans-Bold",
        "DejaVuSans-Bold",
        "Arial Bold",
        "arialbd",
    ),
}
"""The font files of each weight, the best first."""

POINT = 25.4 / 72
"""A typographic point in millimetres."""

_MEASURE = 200
"""Size at which widths are measured; a line's width grows with its size."""


@cache
def font_path(weight: Weight) -> Path:
    """The font's file.

    Raises:
        ExportError: the computer has none of :data:`FILES`.
    """
    for name in FILES[weight]:
        path = font_file(name)
        if path is not None:
            return path
    raise ExportError(
        f"The label needs the font {FILES[weight][0]}, which is not installed; "
        "install Inter (Debian: fonts-inter) and export again."
    )


@lru_cache(maxsize=32)
def pillow_font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """For drawing into pixels; `size` in pixels.

    One letter after the other, as the PDF files are set: Inter's own rules would draw the x of a name
    such as "4000x3000" as a multiplication sign, and only where Pillow finds the library for them.
    """
    return ImageFont.truetype(str(font_path(weight)), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _letters(weight: Weight) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font_path(weight), lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str, weight: Weight = "regular") -> str:
    """One line of text with a question mark for every letter that the typeface does not have.

    It has Latin, Greek and Cyrillic. Metadata and records hold the text as it was written. An accent
    that stands by itself, as in file names on macOS, goes onto its letter.
    """
    letters = _letters(weight)
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(mark if ord(mark) in letters else "?" for mark in line)


def text_width(text: str, *, size: float, weight: Weight = "regular") -> float:
    """Width of one line in millimetres; `size` in points."""
    return float(pillow_font(weight, _MEASURE).getlength(text)) / _MEASURE * size * POINT


def wrap(text: str, *, width: float, size: float, weight: Weight = "regular") -> list[str]:
    """Break text into lines of at most `width` millimetres; words that are too long are broken too."""
    lines: list[str] = []
    line = ""
    for word in printable(text, weight).split():
        longer = f"{line} {word}".strip()
        if text_width(longer, size=size, weight=weight) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while len(line) > 1 and text_width(line, size=size, weight=weight) > width:
            cut = len(line) - 1
            while cut > 1 and text_width(line[:cut], size=size, weight=weight) > width:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines

"""The fonts of a report, embedded in it: Noto Sans, and further scripts only where a text needs them.

They are the computer's own; a bundle brings those of the computer it was built on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.export.errors import ExportError
from app.fonts import font_file

if TYPE_CHECKING:
    from fpdf import FPDF

TEXT, MONO = "NotoSans", "NotoSansMono"

STYLES = {"": "NotoSans-Regular", "B": "NotoSans-Bold", "I": "NotoSans-Italic"}

SCRIPTS = (
    "NotoSansArabic-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansThai-Regular",
    "NotoSansArmenian-Regular",
    "NotoSansGeorgian-Regular",
    "DroidSansFallbackFull",
)


MONO_FILE = "NotoSansMono-Regular"

PACKAGES = "fonts-noto-core fonts-noto-mono"
"""The Debian packages of the fonts that every report needs."""


def needed_file(name: str) -> Path:
    """A font's file.

    Raises:
        ExportError: this computer does not have it.
    """
    path = font_file(name)
    if path is None:
        raise ExportError(
            f"The report needs the font {name}.ttf, which is not installed; "
            f"install Noto Sans (Debian: {PACKAGES}) and write the report again."
        )
    return path


@cache
def covered(name: str) -> frozenset[int]:
    """The characters that a font has; none if it is not installed."""
    from fontTools.ttLib import TTFont

    path = font_file(name)
    if path is None:
        return frozenset()
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def add_fonts(pdf: FPDF, marks: Set[str]) -> None:
    """Make the text fonts known to a document, and those of other scripts that its characters need.

    Args:
        pdf: the document.
        marks: every character that it will show.

    Raises:
        ExportError: the text fonts are not installed.
    """
    for style, name in STYLES.items():
        pdf.add_font(TEXT, style, needed_file(name))
    pdf.add_font(MONO, "", needed_file(MONO_FILE))
    missing = {ord(mark) for mark in marks} - covered(STYLES[""])
    further = []
    for name in SCRIPTS:
        if missing & covered(name):
            missing -= covered(name)
            pdf.add_font(name, "", needed_file(name))
            further.append(name)
    if further:
        pdf.set_fallback_fonts(further, exact_match=False)
        # Only other scripts need it, and it takes twice the time.
        pdf.set_text_shaping(True)


@cache
def readable(mark: str) -> str:
    """A character as it can be shown: itself, or its code where it has no glyph or only acts on others.

    A right-to-left override can make a file name look like another; here it is seen.
    """
    if mark == "\n":
        return mark
    if mark == "\t":
        return "    "
    kind = unicodedata.category(mark)
    # Joiners belong to the writing of Arabic and Devanagari.
    if kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and mark not in "\u200c\u200d":
        return f"\\u{ord(mark):04x}"
    if any(ord(mark) in covered(name) for name in (STYLES[""], *SCRIPTS)):
        return mark
    return f"\\u{ord(mark):04x}"


def plain(text: str) -> str:
    """A text in which every character can be shown; see :func:`readable`."""
    return "".join(readable(mark) for mark in text.replace("\r\n", "\n").replace("\r", "\n"))

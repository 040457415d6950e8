"""The fonts of a report, embedded in it: Noto Sans, and further scripts only where a text needs them."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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


@cache
def font_folder() -> Path:
    """Where the fonts lie: beside the package, inside it, or in a bundle.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = Path(__file__).resolve().parents[2]
    bundle = Path(getattr(sys, "_MEIPASS", package.parent))
    for place in (bundle, package.parent, package):
        folder = place / "resources" / "fonts" / "report"
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"The folder 'resources/fonts/report' is missing beside {package}; install Revisage again."
    )


@cache
def covered(name: str) -> frozenset[int]:
    """The characters that a font has."""
    from fontTools.ttLib import TTFont

    with TTFont(font_folder() / f"{name}.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def add_fonts(pdf: FPDF, marks: Set[str]) -> None:
    """Make the text fonts known to a document, and those of other scripts that its characters need.

    Args:
        pdf: the document.
        marks: every character that it will show.
    """
    folder = font_folder()
    for style, name in STYLES.items():
        pdf.add_font(TEXT, style, folder / f"{name}.ttf")
    pdf.add_font(MONO, "", folder / "NotoSansMono-Regular.ttf")
    missing = {ord(mark) for mark in marks} - covered(STYLES[""])
    further = []
    for name in SCRIPTS:
        if missing & covered(name):
            missing -= covered(name)
            pdf.add_font(name, "", folder / f"{name}.ttf")
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

"""The fonts of this computer. Revisage holds none itself; a bundle brings those it was built with."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

WINDOW = ("Inter-Regular", "Inter-Medium", "Inter-SemiBold")
"""The typeface of the window and of sheets, by weight (Debian: fonts-inter)."""

SUFFIXES = (".otf", ".ttf")


@cache
def font_folders() -> tuple[Path, ...]:
    """Where fonts may lie: in a bundle, which brings its own, or in a folder of the system or user."""
    bundle = bundled_fonts()
    places = [bundle] if bundle else []
    places += [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path("/Library/Fonts"),
        Path("/System/Library/Fonts/Supplemental"),
        Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",
        Path.home() / ".local" / "share" / "fonts",
        Path.home() / "Library" / "Fonts",
    ]
    return tuple(place for place in places if place.is_dir())


def bundled_fonts() -> Path | None:
    """The folder of a built program's own fonts; None where the program runs from its source."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) / "resources" / "fonts" if bundle else None


@cache
def _files() -> dict[str, Path]:
    """Every font file by its name without suffix, in small letters; the first folder's counts."""
    found: dict[str, Path] = {}
    for folder in font_folders():
        for place, _, names in os.walk(folder):
            for name in sorted(names):
                path = Path(place) / name
                if path.suffix.lower() in SUFFIXES:
                    found.setdefault(path.stem.lower(), path)
    return found


def font_file(name: str) -> Path | None:
    """A font's file by its name without suffix, if this computer has it."""
    return _files().get(name.lower())

"""Fonts are looked up on the computer; none is in the repository."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import fonts
from app.export import fonts as labels
from app.export.errors import ExportError


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What was looked up is forgotten before and after."""
    cached = (fonts.font_folders, fonts._files, labels.font_path)
    for one in cached:
        one.cache_clear()
    yield
    for one in cached:
        one.cache_clear()


def test_a_bundle_brings_its_own_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "resources" / "fonts"
    folder.mkdir(parents=True)
    (folder / "Inter-Regular.otf").write_bytes(b"a font")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert fonts.bundled_fonts() == folder
    assert fonts.font_file("Inter-Regular") == folder / "Inter-Regular.otf"
    assert labels.font_path("regular") == folder / "Inter-Regular.otf"


def test_names_are_compared_without_case(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deep = tmp_path / "truetype" / "some"
    deep.mkdir(parents=True)
    (deep / "ARIAL.TTF").write_bytes(b"a font")
    (deep / "arial.txt").write_bytes(b"no font")
    monkeypatch.setattr(fonts, "font_folders", lambda: (tmp_path,))
    assert fonts.font_file("Arial") == deep / "ARIAL.TTF"
    assert fonts.font_file("Inter-Regular") is None
    assert labels.font_path("regular") == deep / "ARIAL.TTF"


def test_without_any_font_a_label_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "font_folders", tuple)
    with pytest.raises(ExportError, match="install Inter"):
        labels.font_path("semibold")

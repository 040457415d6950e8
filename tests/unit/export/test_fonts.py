"""The typeface: names are printed as they are written."""

from __future__ import annotations

import unicodedata

import pytest

from app.export.fonts import pillow_font, printable


@pytest.mark.parametrize("name", ["4000x3000", "a->b", "10:30"])
def test_letters_are_drawn_one_after_the_other(name: str) -> None:
    font = pillow_font("regular", 40)
    # Nothing stands for several letters, and none looks different beside others.
    assert font.getlength(name) == sum(font.getlength(letter) for letter in name)


def test_an_x_between_digits_stays_an_x() -> None:
    font = pillow_font("regular", 40)
    written, times = font.getmask("0x0"), font.getmask("0\N{MULTIPLICATION SIGN}0")
    assert (written.size, bytes(written)) != (times.size, bytes(times))


def test_an_accent_by_itself_goes_onto_its_letter() -> None:
    name = "Überwachung É"
    assert printable(unicodedata.normalize("NFD", name)) == name


def test_letters_that_the_typeface_lacks_are_question_marks() -> None:
    assert printable("漢字.png") == "??.png"

"""A few letters find a command."""

from __future__ import annotations

import pytest

from app.ui.fuzzy import fit, folded

NAMES = ("Grow by one pixel", "Show landmarks", "Zoom to face", "Fill holes", "Export hypotheses")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("grow", "Grow by one pixel"),
        ("gp", "Grow by one pixel"),
        ("slm", "Show landmarks"),
        ("ztf", "Zoom to face"),
        ("fh", "Fill holes"),
        ("EXPORT", "Export hypotheses"),
        ("ex hy", "Export hypotheses"),
    ],
)
def test_the_name_that_was_meant_comes_first(typed: str, name: str) -> None:
    scores = {each: score for each in NAMES if (score := fit(typed, each)) is not None}
    assert max(scores, key=lambda each: scores[each]) == name


def test_letters_in_another_order_do_not_fit() -> None:
    assert fit("worg", "Grow") is None
    assert fit("growx", "Grow") is None


def test_nothing_typed_fits_everything_alike() -> None:
    assert {fit("", name) for name in NAMES} == {0}


def test_case_and_accents_do_not_count() -> None:
    assert folded("Rückgängig") == "ruckgangig"
    assert fit("ruck", "Rückgängig") == fit("rück", "Rückgängig")


def test_whole_words_beat_scattered_letters() -> None:
    together, scattered = fit("map", "Show map"), fit("map", "Make a copy")
    assert together is not None
    assert scattered is not None
    assert together > scattered

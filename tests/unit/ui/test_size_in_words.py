"""Sizes of files in the case's tables."""

from __future__ import annotations

import pytest

from app.ui.case.tables import size_in_words


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0.0 kB"),
        (2791, "2.8 kB"),
        (29_066, "29.1 kB"),
        (401_853, "0.4 MB"),
        (52_000_000, "52.0 MB"),
    ],
)
def test_a_small_file_has_a_size(size: int, said: str) -> None:
    assert size_in_words(size) == said

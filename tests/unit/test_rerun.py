"""A run done again; with a whole case in test_casework.py and tests/e2e."""

from __future__ import annotations

from app.rerun import setup


def test_the_setup_is_plain_text() -> None:
    made = setup("CPUExecutionProvider")
    assert made == setup("CPUExecutionProvider")
    assert all(made.values())

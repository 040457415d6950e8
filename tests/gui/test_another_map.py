"""Hypotheses beside a map that they were not made with say so."""

from __future__ import annotations

from pathlib import Path

from tests.gui.conftest import Hand

MARK = "another map"


def panes(hand: Hand) -> list[str]:
    """What the captions of the hypotheses in the grid say."""
    return [
        pane.details.full_text()
        for pane in hand.window.compare.grid.panes
        if pane.hypothesis is not None
    ]


def rows(hand: Hand) -> list[str]:
    """What their rows in the inspector say."""
    return [row.more.full_text() for row in hand.window.inspector.results.rows]


def marked(texts: list[str]) -> list[bool]:
    """Which of them carry the mark."""
    return [text.startswith(MARK) for text in texts]


def test_an_edit_after_the_run_marks_what_it_made(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.run("tiny_rgb")
    hand.trigger("view_compare")
    hand.settle()
    assert marked(panes(hand)) == marked(rows(hand)) == [False]
    hand.trigger("grow")
    hand.settle()
    hand.wait(lambda: marked(panes(hand)) == marked(rows(hand)) == [True])
    hand.trigger("undo")
    hand.settle()
    hand.wait(lambda: marked(panes(hand)) == marked(rows(hand)) == [False])


def test_only_runs_of_the_map_that_is_shown_are_unmarked(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.run("tiny_rgb")
    hand.drag((20, 20), (60, 20))  # far from what the run saw: its part of the map is the same
    hand.settle()
    hand.run("tiny_rgb")
    hand.trigger("view_compare")
    hand.settle()
    assert marked(panes(hand)) == marked(rows(hand)) == [True, False]

"""Undo and redo ordered quicker than a map can follow: nothing is lost, nobody sees half of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.case.case_file import CaseFile
from app.imaging.edit import Edit
from app.imaging.map import BinaryMap
from app.ui import map_document
from tests.gui.conftest import Hand

STEPS = 6


@pytest.fixture
def walked(hand: Hand, photo_file: Path, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """A map with several steps, of which one turn of the window's loop has time for no more than one."""
    hand.open(photo_file)
    for step in range(STEPS):
        hand.document.push(hand.document.map.combine(*patch(step)), tool="brush")
    monkeypatch.setattr(map_document, "WALK_S", 0.0)
    hand.wait(lambda: not hand.window.controller.keeping.writer.pending)
    return hand


def patch(step: int) -> tuple[tuple[int, int, int, int], NDArray[np.bool_]]:
    """A square of its own for every step."""
    return (2 + 7 * step, 2, 7 + 7 * step, 7), np.ones((5, 5), np.bool_)


def done(hand: Hand) -> int:
    """How many steps are in force."""
    return sum(1 for _ in hand.document.history.done)


def mapped(hand: Hand) -> list[bool]:
    """Which steps can be seen in the map."""
    pixels = hand.document.map.pixels
    return [bool(pixels[4, 4 + 7 * step]) for step in range(STEPS)]


def test_orders_wait_for_the_loop_and_none_is_lost(walked: Hand) -> None:
    for _ in range(4):
        walked.document.undo()
    assert done(walked) == STEPS - 1  # the first at once
    walked.wait(lambda: done(walked) == STEPS - 4)
    assert mapped(walked) == [True, True, False, False, False, False]
    assert walked.window.actions_["redo"].isEnabled()


def test_whoever_reads_the_map_has_every_order_carried_out(walked: Hand) -> None:
    document, all_steps = walked.document, walked.document.mapped
    readers: tuple[Callable[[], object], ...] = (
        lambda: np.count_nonzero(document.map.pixels),
        lambda: np.count_nonzero(document.snapshot().pixels()),
        lambda: document.mapped,
        lambda: round(document.share() * document.map.pixels.size),
    )
    for read in readers:
        for _ in range(5):
            document.undo()
        assert read() == all_steps - 5 * 25
        assert done(walked) == 1
        for _ in range(5):
            document.redo()
        assert read() == all_steps


def test_each_order_is_an_edit_of_its_own_in_their_order(walked: Hand) -> None:
    kept: list[str] = []
    raster = BinaryMap.from_pixels(walked.document.map.pixels)

    def keep(edit: Edit, tool: str) -> None:
        kept.append(tool)
        edit.apply(raster)

    walked.document.applied.connect(keep)
    ways = ["undo", "undo", "redo", "undo", "undo", "redo"]
    for way in ways:
        getattr(walked.document, way)()
    pixels = walked.document.map.pixels
    assert kept == ways
    assert (raster.pixels == pixels).all()
    assert mapped(walked) == [True] * 4 + [False] * 2


def test_an_edit_comes_after_every_order_before_it(walked: Hand) -> None:
    for _ in range(3):
        walked.document.undo()
    walked.document.begin_stroke(radius=3, value=True)
    walked.document.extend_stroke(200, 230)
    walked.document.end_stroke()
    assert done(walked) == STEPS - 3 + 1
    assert mapped(walked) == [True] * 3 + [False] * 3
    assert not walked.document.history.can_redo


def test_a_worker_gets_the_map_with_every_order_carried_out(walked: Hand) -> None:
    for _ in range(3):
        walked.document.undo()
    walked.trigger("invert")
    walked.settle()
    assert mapped(walked) == [False] * 3 + [True] * 3


def test_what_was_counted_while_a_worker_edits_does_not_stay(walked: Hand) -> None:
    document = walked.document
    before = document.mapped
    document.lock()
    document.map.pixels[100:110, 100:110] = True  # as half of an edit that is taken back
    assert document.mapped in (before, before + 100)
    document.map.pixels[100:110, 100:110] = False
    document.unlock()
    assert document.mapped == before


def test_a_click_into_the_history_ends_at_that_step(walked: Hand) -> None:
    for _ in range(3):
        walked.document.undo()
    walked.document.go_to(5)
    walked.wait(lambda: done(walked) == 5)
    assert mapped(walked) == [True] * 5 + [False]


def test_closing_a_photo_keeps_what_was_ordered(walked: Hand, tmp_path: Path) -> None:
    keeping = walked.window.controller.keeping
    path = tmp_path / "held.rvcase"
    keeping.create_case(path, title="Held", number="1", examiner="A. Examiner", keep=True)
    walked.wait(lambda: keeping.case is not None and not keeping.writer.pending)
    for _ in range(3):
        walked.document.undo()
    keeping.close_case()
    walked.wait(lambda: not keeping.writer.pending)
    with CaseFile.open(path, read_only=True) as case:
        row = case.maps.of_photo(1)
        assert row is not None
        pixels = case.maps.pixels(row.id, edits=row.edits)
        assert [bool(pixels[4, 4 + 7 * step]) for step in range(STEPS)] == [True] * 3 + [False] * 3

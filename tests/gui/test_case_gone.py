"""A case whose file is taken away while it is open: nothing is called saved, and nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.case.case_file import CaseFile
from app.case.verify import verify
from tests.gui.conftest import Hand

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="Windows lets nobody take an open file away"
)


@pytest.fixture
def folder(hand: Hand, photo_file: Path, tmp_path: Path) -> Path:
    """The folder of a case that is open in the window, with a photo in it."""
    folder = tmp_path / "drive"
    folder.mkdir()
    hand.open(photo_file)
    keeping = hand.window.controller.keeping
    keeping.create_case(
        folder / "a.rvcase", title="Harbour", number="", examiner="A. Example", keep=True
    )
    hand.wait(lambda: keeping.case is not None)
    hand.wait(lambda: keeping.writer.pending == 0)
    return folder


def draw(hand: Hand, y: float) -> None:
    """A stroke across the photo."""
    hand.drag((20, y), (60, y))
    hand.settle()


def test_deleted_it_is_not_called_saved(hand: Hand, folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    draw(hand, 20)
    window, keeping = hand.window, hand.window.controller.keeping
    hand.wait(lambda: keeping.writer.failure is not None)
    assert window.case_panel.saved.text() == "Not saved"
    said = window.banner.said("saving")
    assert "a.rvcase" in said
    assert "moved, replaced or deleted" in said
    assert [each.text() for each in window.banner.buttons] == ["Try again", "Save case as…"]


def test_all_of_it_goes_on_in_another_file(
    hand: Hand, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(hand, 20)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    draw(hand, 220)
    window, keeping = hand.window, hand.window.controller.keeping
    hand.wait(lambda: keeping.writer.failure is not None)
    keeping.change(lambda case: case.notes.add("Seen at the harbour."))
    other = tmp_path / "b.rvcase"
    monkeypatch.setattr(
        "app.ui.case.commands.QFileDialog.getSaveFileName", lambda *_: (str(other), "")
    )
    QTest.mouseClick(window.banner.buttons[1], Qt.MouseButton.LeftButton)
    hand.wait(lambda: keeping.case is not None and keeping.case.path == other)
    hand.wait(lambda: keeping.writer.pending == 0)
    assert keeping.writer.failure is None
    assert window.banner.said("saving") == ""
    # The saving thread is done a moment before the window hears of it.
    hand.wait(lambda: window.case_panel.saved.text() == "Saved")
    draw(hand, 120)
    drawn = hand.document.map.pixels.copy()
    hand.trigger("close_case")
    hand.wait(lambda: keeping.writer.pending == 0)
    assert verify(other).problems == ()
    with CaseFile.open(other, read_only=True) as case:
        row = case.maps.of_photo(1)
        assert row is not None
        assert np.array_equal(case.maps.pixels(row.id), drawn)
        assert [note.text for note in case.notes.all()] == ["Seen at the harbour."]


def test_put_back_it_goes_on_where_it_was(hand: Hand, folder: Path) -> None:
    away = folder.with_name("away")
    folder.rename(away)
    draw(hand, 20)
    keeping = hand.window.controller.keeping
    hand.wait(lambda: keeping.writer.failure is not None)
    away.rename(folder)
    QTest.mouseClick(hand.window.banner.buttons[0], Qt.MouseButton.LeftButton)
    hand.wait(lambda: keeping.writer.pending == 0)
    hand.trigger("close_case")
    hand.wait(lambda: keeping.writer.pending == 0)
    assert verify(folder / "a.rvcase").problems == ()

"""One case after another in the same window, and what is said meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import Hand


def keep(hand: Hand, path: Path) -> None:
    """Make a case of what is open."""
    keeping = hand.window.controller.keeping
    keeping.create_case(path, title=path.stem, number="", examiner="A. Example", keep=True)
    hand.wait(lambda: keeping.case is not None and keeping.case.path == path)
    hand.wait(lambda: not keeping.writer.pending and not hand.window.controller.jobs.jobs)


def test_the_case_panel_comes_with_the_case(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    hand.open(photo_file)
    assert not hand.window.case_dock.isVisible()
    keep(hand, tmp_path / "first.rvcase")
    assert hand.window.case_dock.isVisible()
    hand.trigger("close_case")
    hand.wait(lambda: not hand.window.case_dock.isVisible())


def test_what_was_said_of_one_case_is_gone_with_it(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    hand.open(photo_file)
    first, second = tmp_path / "first.rvcase", tmp_path / "second.rvcase"
    keep(hand, first)
    copy = tmp_path / "copy.png"
    shutil.copyfile(photo_file, copy)
    hand.window.controller.open_paths([copy])
    messages = hand.window.messages
    hand.wait(lambda: "holds the same bytes" in messages.text.text())
    hand.window.controller.keeping.create_case(
        second, title="second", number="", examiner="A. Example", keep=False
    )
    keeping = hand.window.controller.keeping
    hand.wait(lambda: keeping.case is not None and keeping.case.path == second)
    assert not messages.isVisible()


def test_what_was_said_before_any_case_stays(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    """Of a model that cannot be read, say: the next one to look is in a case already."""
    hand.open(photo_file)
    hand.window.messages.show_warning("The model old cannot be read.")
    keep(hand, tmp_path / "first.rvcase")
    assert hand.window.messages.isVisible()
    assert hand.window.messages.text.text() == "The model old cannot be read."
    hand.trigger("close_case")
    hand.wait(lambda: not hand.window.messages.isVisible())


def test_many_messages_are_closed_at_once(hand: Hand) -> None:
    messages = hand.window.messages
    messages.show_warning("first.png was left out.")
    hand.wait(messages.isVisible)
    assert not messages.close_all.isVisible()
    messages.show_warning("second.png was left out.")
    assert messages.close_all.isVisible()
    QTest.mouseClick(messages.close_all, Qt.MouseButton.LeftButton)
    assert not messages.isVisible()

"""Every command by a few letters, and every step of the map by one click."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.dialogs.palette import CommandPalette
from app.ui.dialogs.settings import SettingsDialog
from app.ui.history_popup import HistoryPopup
from app.ui.main_window import MainWindow
from tests.gui.conftest import Hand

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def palette(window: MainWindow) -> CommandPalette:
    """The palette, opened by its shortcut."""
    QTest.keyClick(window, Qt.Key.Key_P, BOTH)
    found = window.findChild(CommandPalette)
    assert isinstance(found, CommandPalette)
    return found


def names(shown: CommandPalette) -> list[str]:
    return [
        shown.list.topLevelItem(row).text(0)  # type: ignore[union-attr]
        for row in range(shown.list.topLevelItemCount())
    ]


def test_the_palette_has_every_action_but_itself(window: MainWindow) -> None:
    shown = palette(window)
    assert len(names(shown)) == len(window.actions_.by_key) - 1
    shown.reject()


def test_typing_and_return_do_a_command(window: MainWindow) -> None:
    shown = palette(window)
    QTest.keyClicks(shown.field, "settin")
    assert names(shown)[0] == "Settings"
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert isinstance(window.findChild(SettingsDialog), SettingsDialog)


def test_the_arrows_move_in_the_list_while_the_field_has_the_letters(window: MainWindow) -> None:
    shown = palette(window)
    first = shown.list.currentItem()
    QTest.keyClick(shown.field, Qt.Key.Key_Down)
    assert shown.list.currentItem() is not first
    shown.reject()


def test_what_cannot_be_done_comes_last_and_does_nothing(window: MainWindow) -> None:
    shown = palette(window)
    QTest.keyClicks(shown.field, "fill holes")
    item = shown.list.topLevelItem(0)
    assert item is not None
    assert item.isDisabled()
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert shown.isVisible()
    QTest.keyClicks(shown.field, "qqqq")
    assert names(shown) == []
    shown.reject()


@pytest.fixture
def drawn(hand: Hand, photo_file: Path) -> Hand:
    """A photo with three steps in its history."""
    hand.open(photo_file)
    hand.drag((20, 20), (40, 20))
    hand.trigger("grow")
    hand.settle()
    hand.trigger("invert")
    hand.settle()
    return hand


def popup(hand: Hand) -> HistoryPopup:
    """The history, opened by its action."""
    hand.trigger("history")
    found = hand.window.findChild(HistoryPopup)
    assert isinstance(found, HistoryPopup)
    return found


def test_the_history_names_every_step(drawn: Hand) -> None:
    shown = popup(drawn)
    texts = [shown.list.item(row).text() for row in range(shown.list.count())]
    assert texts == ["As found", "1   Brush", "2   Grow by one pixel", "3   Invert"]
    assert shown.list.currentRow() == 3
    shown.close()


def test_a_click_goes_to_that_state_and_back(drawn: Hand) -> None:
    latest = drawn.document.snapshot().pixels()
    shown = popup(drawn)
    found = drawn.document.automatic()
    # Several steps are gone over in several turns of the loop where they take long.
    shown.list.setCurrentRow(0)
    drawn.wait(lambda: not drawn.document.history.can_undo)
    assert (drawn.document.snapshot().pixels() == found).all()
    assert shown.list.count() == 4
    shown.list.setCurrentRow(3)
    drawn.wait(lambda: not drawn.document.history.can_redo)
    assert (drawn.document.snapshot().pixels() == latest).all()
    shown.close()


def test_the_history_follows_what_is_done_meanwhile(drawn: Hand) -> None:
    shown = popup(drawn)
    drawn.document.undo()
    assert shown.list.currentRow() == 2
    assert shown.list.item(3).toolTip()
    shown.close()


def test_closing_the_photo_closes_its_history(drawn: Hand) -> None:
    popup(drawn)
    drawn.trigger("close_photo")
    drawn.wait(lambda: not isinstance(QApplication.activePopupWidget(), HistoryPopup))

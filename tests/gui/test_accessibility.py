"""Everybody can use the window: every control has a name, and every one is reached by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from app.ui.main_window import MainWindow
from tests.gui.conftest import Hand

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTextEdit,
)
"""What a screen reader stops at, beside everything else that takes the focus."""

OPENED = (
    *("new_case", "keep_in_case", "export", "settings", "palette", "model_card"),
    *("shortcuts", "about"),
)
"""Actions that open a dialog, with a photo and its hypotheses on the screen."""


def said(widget: QWidget) -> str:
    """What a screen reader says of a widget: its own name, its text, or the label that names it."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.text()
    if isinstance(widget, QMenu):
        return widget.title()
    return widget.windowTitle()


def inner(widget: QWidget) -> bool:
    """Whether it is a part of a control and not one by itself."""
    parent = widget.parent()
    if isinstance(widget, QScrollBar | QHeaderView) or widget.objectName().startswith("qt_"):
        return True
    if isinstance(widget, QLineEdit) and isinstance(parent, QAbstractSpinBox | QComboBox):
        return True
    # The list that a box opens, and the corner of a table.
    while parent is not None:
        if isinstance(parent, QComboBox) or (
            isinstance(parent, QAbstractItemView) and isinstance(widget, QAbstractButton)
        ):
            return True
        parent = parent.parent()
    return False


def nameless(root: QWidget) -> list[str]:
    """Every control below a widget of which a screen reader says nothing."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        takes_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        stops = isinstance(widget, CONTROLS) or bool(takes_focus and not isinstance(widget, QLabel))
        if stops and not inner(widget) and not said(widget).strip():
            parent = widget.parent()
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(parent).__name__}")
    return found


def dialogs(window: MainWindow) -> Iterator[QDialog]:
    """The dialogs that are open."""
    return (each for each in window.findChildren(QDialog) if each.isVisible())


@pytest.fixture
def full(hand: Hand, photo_file: Path) -> Hand:
    """A window with a photo, a map and hypotheses."""
    hand.open(photo_file)
    hand.run("tiny_gan")
    return hand


def test_every_control_of_the_window_has_a_name(full: Hand) -> None:
    assert nameless(full.window) == []


@pytest.mark.parametrize("key", OPENED)
def test_every_control_of_every_dialog_has_a_name(full: Hand, key: str) -> None:
    dialog = full.ask(key)
    assert [dialog] == list(dialogs(full.window))
    assert dialog.windowTitle()
    assert nameless(dialog) == []
    dialog.reject()


def test_the_history_has_names(full: Hand) -> None:
    full.trigger("grow")
    full.settle()
    full.trigger("history")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert nameless(popup) == []
    popup.close()


def test_every_button_of_the_window_is_reached_by_the_keyboard(full: Hand) -> None:
    """By Tab, by its shortcut, or because a menu has the same."""
    in_menus = {action.text() for action in menu_actions(full.window)}
    unreachable = []
    for button in full.window.findChildren(QAbstractButton):
        if inner(button) or not button.isVisibleTo(full.window):
            continue
        action = getattr(button, "defaultAction", lambda: None)()
        known = action is not None and action.text() in in_menus
        if not (button.focusPolicy() & Qt.FocusPolicy.TabFocus) and not known:
            unreachable.append(said(button))
    assert unreachable == []


def test_tab_walks_through_the_window_and_comes_back(full: Hand) -> None:
    window = full.window
    window.inspector.reconstruct.seed.setFocus()
    walked: list[QWidget] = []
    for _ in range(400):
        before = QApplication.focusWidget()
        assert before is not None
        QTest.keyClick(before, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        if now in walked:
            break
        walked.append(now)
    parts = (window.top, window.rail, window.options, window.inspector, window.compare)
    reached = [part for part in parts if any(part.isAncestorOf(each) for each in walked)]
    visible = [part for part in parts if part.isVisibleTo(window)]
    assert reached == visible
    assert any(window.strip.isAncestorOf(each) or each is window.strip for each in walked)


def test_every_menu_entry_has_a_text(window: MainWindow) -> None:
    for action in menu_actions(window):
        assert action.text().strip() or action.isSeparator()


def test_no_two_menus_share_a_letter(window: MainWindow) -> None:
    letters = [
        action.text()[action.text().index("&") + 1].lower() for action in window.menuBar().actions()
    ]
    assert len(set(letters)) == len(letters)


def menu_actions(window: MainWindow) -> list[QAction]:
    """Everything in the menu bar, submenus included."""
    found: list[QAction] = []

    def walk(menu: QMenu) -> None:
        for action in menu.actions():
            found.append(action)
            below = action.menu()
            if isinstance(below, QMenu):
                walk(below)

    for top in window.menuBar().actions():
        below = top.menu()
        assert isinstance(below, QMenu)
        walk(below)
    return found

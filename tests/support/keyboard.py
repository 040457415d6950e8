"""A user without a mouse: key events to whatever has the focus, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QKeyCombination, QObject, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLineEdit,
    QWidget,
)

LONGEST_WALK = 150
"""Presses of Tab after which something counts as not reachable."""

LOOK_MS = 50
MOMENTS = 200


def focus() -> QWidget:
    """What the next key goes to; between two windows there is nothing for a moment."""
    for _ in range(MOMENTS):
        target = QApplication.activePopupWidget() or QApplication.focusWidget()
        target = target or QApplication.activeModalWidget() or QApplication.activeWindow()
        if target is not None:
            return target
        activate()
        QTest.qWait(LOOK_MS)
    raise AssertionError("nothing takes the keys")


def activate() -> None:
    """Do what a desktop does when a window closes, and Qt's own test platform does not."""
    shown = [
        each for each in QApplication.topLevelWidgets() if each.isVisible() and each.isWindow()
    ]
    dialogs = [each for each in shown if each.isModal()]
    for window in dialogs[-1:] or shown[:1]:
        window.activateWindow()


def press(*keys: str, times: int = 1) -> None:
    """Press keys, each written like ``Ctrl+N``."""
    for key in keys:
        combination = QKeyCombination(QKeySequence(key)[0])  # type: ignore[index]
        for _ in range(times):
            QTest.keyClick(focus(), combination.key(), combination.keyboardModifiers())


def type_text(text: str, *, replace: bool = False) -> None:
    """Type a text; where the focus is, there must be something to type into."""
    if replace:
        press("Ctrl+A")
    QTest.keyClicks(focus(), text)


def name_of(widget: QWidget) -> str:
    """What a screen reader says of a widget."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def tab_to(name: str, *, back: bool = False) -> QWidget:
    """Press Tab until the focus is on what has a name; fails where it never comes there."""
    passed = []
    for _ in range(LONGEST_WALK):
        widget = QApplication.focusWidget()
        if widget is not None:
            passed.append(name_of(widget))
            if name_of(widget).startswith(name):
                assert widget.isVisible()
                return widget
        press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not come to {name!r}; it passed {passed[-40:]}")


class FileDialogs(QObject):
    """Types a path into the file dialog that comes next.

    Attributes:
        answered: how many dialogs there were.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.answered = 0
        self._path: Path | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def during(self, path: Path, action: Callable[[], None]) -> None:
        """Do something that opens a file dialog, and answer it by keys."""
        before = self.answered
        self._path = path
        self._timer.start()
        action()  # returns once the dialog has closed, because a file dialog waits
        self._timer.stop()
        assert self.answered == before + 1, "no file dialog came"

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog) or self._path is None:
            return
        field = QApplication.focusWidget()
        if field is None or field.window() is not dialog:
            dialog.activateWindow()
            return
        path, self._path = self._path, None
        if not isinstance(field, QLineEdit):  # it begins elsewhere than in its name
            dialog.reject()
            return
        self.answered += 1
        press("Ctrl+A")
        QTest.keyClicks(field, str(path))
        press("Return")

"""The window in German: real, complete, and nothing cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from app.ui.language import number, set_language, spoken
from app.ui.main import make_application
from app.ui.main_window import MainWindow
from app.ui.widgets import ElidedLabel
from tests.gui.conftest import Hand


@pytest.fixture
def german() -> Iterator[QApplication]:
    """The application speaks German for one test."""
    application = make_application()
    before = QLocale()
    assert set_language(application, "de") == "de"
    yield application
    set_language(application, "en")
    QLocale.setDefault(before)


def test_the_whole_window_speaks_german(
    german: QApplication, make: Callable[[Path], MainWindow], zoo: Path, qtbot: QtBot, photo_file: Path
) -> None:
    window = make(zoo)
    hand = Hand(window, qtbot)
    menus = [action.text() for action in window.menuBar().actions()]
    assert menus == ["&Datei", "&Bearbeiten", "&Ansicht", "&Karte", "&Rekonstruktion", "&Hilfe"]
    assert "(Strg+O)" in window.actions_["open"].toolTip()
    hand.open(photo_file)
    hand.run("tiny_gan")
    assert window.inspector.faces.title.text() == "Gesichter"
    assert window.inspector.map.aside.text().endswith("% des Fotos")
    assert "." not in window.inspector.map.aside.text().split("%")[0]


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800)])
def test_no_german_button_or_label_is_cut_off(
    german: QApplication,
    make: Callable[[Path], MainWindow],
    zoo: Path,
    qtbot: QtBot,
    photo_file: Path,
    size: tuple[int, int],
) -> None:
    window = make(zoo)
    window.resize(*size)
    hand = Hand(window, qtbot)
    hand.open(photo_file)
    hand.run("tiny_gan")
    for key in ("view_map", "view_compare"):
        hand.trigger(key)
        qtbot.wait(50)
        cut = []
        for widget in window.findChildren(QLabel) + window.findChildren(QAbstractButton):
            if isinstance(widget, ElidedLabel) or not widget.isVisible() or not widget.text():
                continue
            wraps = isinstance(widget, QLabel) and widget.wordWrap()
            style = getattr(widget, "toolButtonStyle", lambda: None)()
            if style == Qt.ToolButtonStyle.ToolButtonIconOnly:
                continue
            if not wraps and widget.sizeHint().width() > widget.width() + 1:
                cut.append(f"{widget.text()}: {widget.sizeHint().width()} > {widget.width()}")
        assert cut == []
        assert window.width() == size[0]


def test_qt_speaks_german_too(german: QApplication, qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen"


def test_numbers_are_written_as_the_language_does(german: QApplication) -> None:
    assert number(1234.56, 1) == "1234,6"
    set_language(german, "en")
    assert number(1234.56, 1) == "1234.6"


def test_a_choice_is_obeyed_whatever_the_system_says() -> None:
    assert spoken("en") == "en"
    assert spoken("de") == "de"
    assert spoken("system") in ("en", "de")

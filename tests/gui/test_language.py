"""The window in German: real, complete, and nothing cut off."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.ui.language import Language, number, set_language, spoken
from app.ui.main import make_application
from app.ui.main_window import MainWindow
from tests.gui.conftest import Hand
from tests.support.fits import cut_off


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
    german: QApplication,
    make: Callable[[Path], MainWindow],
    zoo: Path,
    qtbot: QtBot,
    photo_file: Path,
) -> None:
    window = make(zoo)
    hand = Hand(window, qtbot)
    menus = [action.text() for action in window.menuBar().actions()]
    assert menus[:5] == ["&Datei", "&Bearbeiten", "&Ansicht", "&Karte", "&Rekonstruktion"]
    assert menus[-2:] == ["&Fall", "&Hilfe"]
    assert "(Strg+O)" in window.actions_["open"].toolTip()
    hand.open(photo_file)
    hand.run("tiny_gan")
    assert window.inspector.faces.title.text() == "Gesichter"
    assert window.inspector.map.aside.text().endswith("% des Fotos")
    assert "." not in window.inspector.map.aside.text().split("%")[0]


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800)])
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_text_of_the_window_is_cut_off(
    german: QApplication,
    make: Callable[[Path], MainWindow],
    zoo: Path,
    qtbot: QtBot,
    photo_file: Path,
    tmp_path: Path,
    size: tuple[int, int],
    language: Language,
) -> None:
    set_language(german, language)
    window = make(zoo)
    window.resize(*size)
    hand = Hand(window, qtbot)
    assert cut_off(window) == []
    hand.open(photo_file)
    hand.run("tiny_gan")
    keeping = window.controller.keeping
    keeping.create_case(
        tmp_path / "a.rvcase", title="A", number="1", examiner="A. Examiner", keep=True
    )
    hand.wait(lambda: keeping.case is not None and keeping.writer.pending == 0)
    for key in ("view_map", "view_compare", "compare_wipe", "compare_blink", "compare_difference"):
        hand.trigger(key)
        hand.wait(lambda: not window.controller.jobs.jobs)
        qtbot.wait(50)
        assert cut_off(window) == [], key
    panel = window.case_panel
    for page in (panel.overview, panel.notes, panel.log, panel.checks, panel.report):
        panel.show_page(page)
        qtbot.wait(50)
        assert cut_off(page) == [], type(page).__name__
    assert window.width() == size[0]


DIALOGS = ("keep_in_case", "export", "settings", "palette", "model_card", "shortcuts", "about")


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_text_of_a_dialog_is_cut_off(
    german: QApplication,
    make: Callable[[Path], MainWindow],
    zoo: Path,
    qtbot: QtBot,
    photo_file: Path,
    language: Language,
) -> None:
    set_language(german, language)
    hand = Hand(make(zoo), qtbot)
    hand.open(photo_file)
    hand.run("tiny_gan")
    for key in DIALOGS:
        dialog = hand.ask(key)
        qtbot.wait(50)
        assert cut_off(dialog) == [], key
        dialog.reject()
        dialog.deleteLater()
        qtbot.wait(50)


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


def test_the_checks_of_a_case_and_its_log_speak_german(
    german: QApplication,
    make: Callable[[Path], MainWindow],
    zoo: Path,
    qtbot: QtBot,
    photo_file: Path,
    tmp_path: Path,
) -> None:
    window = make(zoo)
    hand = Hand(window, qtbot)
    path = tmp_path / "a.rvcase"
    keeping = window.controller.keeping
    keeping.create_case(path, title="A", number="1", examiner="A. Examiner", keep=False)
    hand.wait(lambda: keeping.case is not None)
    hand.open(photo_file)
    log = window.case_panel.log.model
    hand.wait(lambda: any(line.action == "map.add" for line in log.lines))
    checks = window.case_panel.checks
    for expected in ("Alles ist so, wie es gespeichert wurde: Protokolleinträge ", None):
        checks.results.clear()
        if expected is None:
            connection = sqlite3.connect(path)
            connection.execute("DROP TRIGGER log_no_update")
            connection.close()
        checks.verify.click()
        hand.wait(lambda: checks.results.count() > 1 and checks.verify.isEnabled())
        lines = [checks.results.item(row).text() for row in range(checks.results.count())]
        if expected is None:
            assert lines[1:] == ["Trigger log_no_update: Trigger log_no_update fehlt."]
        else:
            assert lines[0].startswith(expected)
            assert "Fotos 1" in lines[0]
    shown = [log.cell(line, 4) for line in log.lines]
    assert any(each.endswith("automatisch") for each in shown), shown
    assert not any(each.endswith("automatic") for each in shown)

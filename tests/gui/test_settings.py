"""The settings dialog: every change holds at once, and is there at the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.export.signing import CERTIFICATE_FILE, KEY_FILE, find_signing, signing_folder
from app.inference.devices import NAMES
from app.ui.case.recovery import recovery_folder
from app.ui.dialogs.settings import SettingsDialog
from app.ui.main_window import MainWindow
from app.ui.theme.manager import theme
from app.ui.theme.tokens import OVERLAY_COLOURS
from tests.gui.conftest import WAIT_MS, Hand

Make = Callable[[Path], MainWindow]


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> SettingsDialog:
    """The dialog, opened by its shortcut."""
    QApplication.processEvents()  # a window takes shortcuts only once it is active
    QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(SettingsDialog)), timeout=WAIT_MS)
    found = window.findChild(SettingsDialog)
    assert isinstance(found, SettingsDialog)
    return found


def test_every_device_can_be_chosen_and_says_whether_it_works(
    window: MainWindow, dialog: SettingsDialog, qtbot: QtBot
) -> None:
    page = dialog.processor
    assert [page.device.itemData(index) for index in range(page.device.count())] == list(NAMES)
    qtbot.waitUntil(lambda: bool(window.controller.devices), timeout=WAIT_MS)
    page.device.setCurrentIndex(NAMES.index("coreml"))
    assert window.settings.device == "coreml"
    assert window.controller.bench.device == "coreml"
    assert window.inspector.reconstruct.device.wish == "coreml"
    reason = next(each.reason for each in window.controller.devices if each.name == "coreml")
    assert reason
    assert reason in page.used.text()
    assert reason in window.inspector.reconstruct.used.text()
    window.inspector.reconstruct.device.setCurrentIndex(NAMES.index("cpu"))
    assert page.device.wish == "cpu"


def test_theme_and_menu_go_together(window: MainWindow, dialog: SettingsDialog) -> None:
    box = dialog.general.theme
    box.setCurrentIndex(box.findData("light"))
    assert theme().tokens.name == "light"
    checked = [action.data() for action in window.theme_menu.actions() if action.isChecked()]
    assert checked == ["light"]
    box.setCurrentIndex(box.findData("dark"))


def test_language_and_examiner_are_remembered(window: MainWindow, dialog: SettingsDialog) -> None:
    box = dialog.general.language
    assert {box.itemText(index) for index in range(box.count())} >= {"English", "Deutsch"}
    box.setCurrentIndex(box.findData("de"))
    assert window.settings.language == "de"
    dialog.general.examiner.setText("  B.  Example ")
    dialog.general.examiner.editingFinished.emit()
    assert window.settings.text("examiner") == "B. Example"


def test_colour_and_opacity_of_the_map_are_those_of_the_inspector(
    window: MainWindow, dialog: SettingsDialog
) -> None:
    page = dialog.map
    page.swatches[3].click()
    assert window.settings.overlay_colour == OVERLAY_COLOURS[3].key
    assert window.inspector.map.swatch(3).isChecked()
    page.opacity.setValue(71)
    assert window.inspector.map.opacity.value() == 71
    window.inspector.map.opacity.setValue(12)
    assert page.opacity.value() == 12


def test_only_folders_that_exist_are_taken(
    window: MainWindow, dialog: SettingsDialog, tmp_path: Path
) -> None:
    field = dialog.folders.fields["export"]
    field.setText(str(tmp_path))
    field.editingFinished.emit()
    assert window.settings.text("folders/export") == str(tmp_path)
    field.setText(str(tmp_path / "nowhere"))
    field.editingFinished.emit()
    assert window.settings.text("folders/export") == str(tmp_path)


def test_without_a_recovery_file_nothing_is_written(
    window: MainWindow, dialog: SettingsDialog, make: Make, zoo: Path, photo_file: Path, qtbot: QtBot
) -> None:
    dialog.saving.recovery.setChecked(False)
    window.settings.sync()
    window.close_at_once()
    hand = Hand(make(zoo), qtbot)
    hand.open(photo_file)
    assert not list(recovery_folder().glob("*.rvrecovery"))


def test_half_a_certificate_is_not_taken(
    window: MainWindow, dialog: SettingsDialog, photo_file: Path
) -> None:
    page = dialog.signing
    page.certificate.setText(str(photo_file))
    page.certificate.editingFinished.emit()
    assert window.controller.bench.signing is None
    assert page.state.text() == "Certificate and key belong together; choose both."
    page.key.setText(str(photo_file.with_name("missing.key")))
    page.key.editingFinished.emit()
    assert window.controller.bench.signing is None
    assert "missing.key" in page.state.text()


def test_a_certificate_is_made_and_then_named(
    window: MainWindow, dialog: SettingsDialog, qtbot: QtBot
) -> None:
    page = dialog.signing
    assert not page.make.isEnabled()
    page.organisation.setText("Test laboratory")
    page.make.click()
    qtbot.waitUntil(lambda: str(signing_folder()) in page.state.text(), timeout=WAIT_MS)
    assert find_signing() is not None
    folder = signing_folder()
    page.certificate.setText(str(folder / CERTIFICATE_FILE))
    page.key.setText(str(folder / KEY_FILE))
    page.key.editingFinished.emit()
    assert window.controller.bench.signing is not None
    assert window.controller.bench.signing.key == folder / KEY_FILE


def test_the_layout_comes_back(make: Make, zoo: Path, photo_file: Path, qtbot: QtBot) -> None:
    first = Hand(make(zoo), qtbot)
    first.open(photo_file)
    first.window.resizeDocks([first.window.strip_dock], [280], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: first.window.strip_dock.width() > 260, timeout=WAIT_MS)
    first.trigger("show_inspector")
    first.window.close_at_once()
    second = Hand(make(zoo), qtbot)
    second.open(photo_file)
    assert not second.window.inspector_dock.isVisible()
    qtbot.waitUntil(lambda: second.window.strip_dock.width() > 260, timeout=WAIT_MS)
    second.trigger("reset_layout")
    assert second.window.inspector_dock.isVisible()
    qtbot.waitUntil(lambda: second.window.strip_dock.width() < 240, timeout=WAIT_MS)

"""What holds for the window as a whole: keys, names, words, themes, resources, its end."""

from __future__ import annotations

import re
import threading
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QScrollBar,
)

from app.ui.actions import shown_keys
from app.ui.dialogs.about import AboutDialog
from app.ui.dialogs.shortcuts import ShortcutSheet
from app.ui.main_window import MainWindow
from app.ui.menus.spec import Spec
from app.ui.menus.table import MENUS
from app.ui.theme.manager import theme
from app.ui.theme.stylesheet import style_sheet
from app.ui.theme.tokens import DARK, LIGHT, Tokens
from tests.gui.conftest import Hand

UI = Path(__file__).resolve().parents[2] / "app" / "ui"


def specs() -> list[Spec]:
    return [spec for menu in MENUS for spec in menu.entries if spec is not None]


# --- keys ---------------------------------------------------------------------------------------


def test_no_shortcut_is_taken_twice() -> None:
    keys = Counter(shown_keys(keys) for spec in specs() for keys in spec.keys)
    assert not [key for key, count in keys.items() if count > 1]


def test_every_tool_tip_names_its_shortcut(window: MainWindow) -> None:
    for spec in specs():
        tip = window.actions_[spec.key].toolTip()
        if spec.keys:
            assert f"({shown_keys(spec.keys[0])})" in tip, spec.key


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    shown = {
        action.objectName()
        for menu in window.menuBar().actions()
        for action in menu.menu().actions()  # type: ignore[attr-defined]
    }
    assert set(window.actions_.by_key) <= shown


def test_f1_opens_the_shortcut_sheet_with_every_shortcut(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(ShortcutSheet)
    assert isinstance(sheet, ShortcutSheet)
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    for spec in specs():
        if spec.keys:
            assert spec.text.removesuffix("…") in texts
            assert shown_keys(spec.keys[0]) in texts
    assert "1 … 9" in texts
    sheet.close()


# --- names and words ------------------------------------------------------------------------------


def test_every_control_without_text_has_an_accessible_name(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.run("tiny_gan")
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
    nameless = []
    for kind in kinds:
        for widget in hand.window.findChildren(kind):
            inner = isinstance(widget, QLineEdit) and isinstance(
                widget.parent(), QAbstractSpinBox | QComboBox
            )
            technical = isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_")
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not (inner or technical or widget.accessibleName() or text):
                nameless.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    assert not nameless


def test_no_sentence_promises_to_identify_anyone() -> None:
    allowed = ("identification", "identifies nobody", "identifying a person", "no match score")
    for path in UI.rglob("*.py"):
        for text in re.findall(r'"([^"\n]{4,})"', path.read_text(encoding="utf-8")):
            lowered = text.lower()
            for phrase in allowed:
                lowered = lowered.replace(phrase, "")
            assert "identif" not in lowered, (path.name, text)
            assert not re.search(r"\bmatch(es|ed)?\b", lowered), (path.name, text)


def test_the_about_page_is_honest(window: MainWindow) -> None:
    window.actions_["about"].trigger()
    about = window.findChild(AboutDialog)
    assert isinstance(about, AboutDialog)
    said = " ".join(label.text() for label in about.findChildren(QLabel))
    for words in ("2603.27747", "Cooper and Farid", "not suitable for identification", "witness"):
        assert words in said
    about.close()


def test_the_card_view_shows_what_the_card_says(window: MainWindow) -> None:
    window.commands.show_cards("tiny_gan")
    dialog = next(each for each in window.findChildren(QDialog) if each.isVisible())
    said = " ".join(label.text().replace("\u200b", "") for label in dialog.findChildren(QLabel))
    card = next(card for card in window.controller.bench.models if card.name == "tiny_gan")
    for words in (card.title, card.summary, card.intended_use, card.file.sha256, *card.limits):
        assert words in said
    dialog.close()


# --- themes ---------------------------------------------------------------------------------------


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast of two colours."""

    def luminance(colour: str) -> float:
        named = QColor(colour)
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
            for part in (named.redF(), named.greenF(), named.blueF())
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_every_surface(tokens: Tokens) -> None:
    for text in ("text", "text_soft", "text_faint", "accent_text", "good", "warn", "bad"):
        for surface in ("window", "raised"):
            ratio = contrast(getattr(tokens, text), getattr(tokens, surface))
            assert ratio >= 4.5, (text, surface, round(ratio, 2))
    for surface in ("accent_wash", "good_wash", "warn_wash", "bad_wash", "hover", "canvas"):
        assert contrast(tokens.text, getattr(tokens, surface)) >= 4.5, surface
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    for state in ("good", "warn", "bad"):
        assert contrast(getattr(tokens, state), tokens.accent_wash) >= 4.5, state


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_every_file_of_the_style_sheet_exists(tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    assert "$" not in sheet
    for name in re.findall(r"url\(([^)]+)\)", sheet):
        assert Path(name).is_file(), name


def test_the_theme_changes_at_once_and_is_remembered(window: MainWindow) -> None:
    choices = {action.text(): action for action in window.theme_menu.actions()}
    choices["Light"].trigger()
    assert theme().tokens is LIGHT
    assert window.settings.theme == "light"
    choices["Dark"].trigger()
    assert theme().tokens is DARK


def test_the_window_is_set_in_inter_where_it_is_installed(window: MainWindow) -> None:
    wanted = "Inter" if QFontDatabase.hasFamily("Inter") else QFont().family()
    assert QFontInfo(window.font()).family() == QFontInfo(QFont(wanted)).family()


# --- layout and the end ----------------------------------------------------------------------------


def test_panels_are_hidden_and_come_back(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.trigger("show_strip")
    assert not hand.window.strip_dock.isVisible()
    hand.trigger("show_strip")
    assert hand.window.strip_dock.isVisible()


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
def test_nothing_is_cut_off_in_the_inspector(
    hand: Hand, photo_file: Path, size: tuple[int, int]
) -> None:
    hand.window.resize(*size)
    hand.open(photo_file)
    area = hand.window.inspector.area
    inside = area.widget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= area.viewport().width()
    assert hand.window.width() == size[0]


def test_closing_ends_every_worker(window: MainWindow, photo_file: Path) -> None:
    window.controller.open_paths([photo_file])
    window.close()
    assert not [each for each in threading.enumerate() if each.name.startswith("revisage")]
    window.close()


def test_a_long_name_is_shortened_and_told_in_full(hand: Hand, photo_file: Path) -> None:
    long = photo_file.with_name("a very long name of a case photo " * 5 + ".png")
    photo_file.rename(long)
    hand.open(long)
    assert "…" in hand.window.top.name.text()
    assert hand.window.top.name.toolTip() == long.name
    assert hand.window.width() == 1280

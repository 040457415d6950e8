"""Names that others gave to files are shown as they are, never as markup."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QPushButton

from app.ui.case.questions import stop_question
from app.ui.photo_strip import PhotoStrip
from app.ui.plain import plain_tip
from tests.gui.conftest import FACE, Hand, write_photo
from tests.support.tiny_models import draw_photo

NAME = "a <b>bold & more.png"


@pytest.fixture
def odd_file(tmp_path: Path) -> Path:
    """A photo whose name looks like markup."""
    if os.name == "nt":
        pytest.skip("Windows has no such names")
    plain = write_photo(tmp_path / "plain.png", draw_photo(320, 240, [FACE]))
    return plain.rename(tmp_path / NAME)


def taken_for_markup(label: QLabel) -> bool:
    """Whether Qt shows something else than the text of a label."""
    rich = label.textFormat() is GuiQt.TextFormat.RichText
    guessed = label.textFormat() is GuiQt.TextFormat.AutoText
    return rich or (guessed and GuiQt.mightBeRichText(label.text()))


def test_the_whole_window_shows_the_name_as_it_is(
    hand: Hand, odd_file: Path, tmp_path: Path
) -> None:
    hand.open(odd_file)
    hand.run("tiny_rgb")
    folder = tmp_path / "case <i>1"
    folder.mkdir()
    hand.window.controller.keeping.create_case(
        folder / "a.rvcase", title="", number="", examiner="A <u>B</u>", keep=True
    )
    hand.wait(lambda: hand.window.controller.keeping.case is not None)
    hand.window.actions_["show_case"].setChecked(True)
    hand.trigger("view_compare")
    hand.settle()
    hand.window.messages.show_warning(f"{odd_file} is odd.")
    labels = hand.window.findChildren(QLabel)
    assert [each.text() for each in labels if taken_for_markup(each)] == []
    assert any("<b>" in each.text() for each in labels)
    tips = [each.toolTip() for each in labels if "bold" in each.toolTip()]
    assert all("<b>" not in tip for tip in tips)


def test_a_damaged_photo_of_that_name_is_told_as_it_is(hand: Hand, odd_file: Path) -> None:
    odd_file.write_bytes(b"")
    hand.open(odd_file)
    text = hand.window.page.text
    assert "<b>" in text.text()
    assert not taken_for_markup(text)


def test_tips_show_the_name(hand: Hand, odd_file: Path) -> None:
    hand.open(odd_file)
    strip = hand.window.findChild(PhotoStrip)
    assert isinstance(strip, PhotoStrip)
    tip = strip.list.model().index(0, 0).data(GuiQt.ItemDataRole.ToolTipRole)
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == str(odd_file)
    assert plain_tip("plain.png\nsecond line") == "plain.png\nsecond line"


def test_an_ampersand_in_a_recent_name_is_no_mark_of_a_key(hand: Hand, odd_file: Path) -> None:
    hand.open(odd_file)
    hand.trigger("close_photo")
    (button,) = (
        each for each in hand.window.welcome.findChildren(QPushButton) if "more.png" in each.text()
    )
    assert button.text() == NAME.replace("&", "&&")


def test_questions_show_sentences_as_they_are(hand: Hand) -> None:
    box, _ = stop_question(hand.window)
    assert box.textFormat() is GuiQt.TextFormat.PlainText
    box.deleteLater()

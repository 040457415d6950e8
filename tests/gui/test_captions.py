"""What stands under pictures and in lists tells them apart, in a small window too, and is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QApplication

from app.imaging.face import Face
from app.ui.labels import short_titles
from app.ui.language import set_language
from app.ui.panes import Legend
from app.ui.theme.manager import FAMILY
from app.ui.theme.tokens import Type
from tests.gui.conftest import Hand, write_photo
from tests.support.tiny_models import DrawnFace, draw_photo


@pytest.fixture
def compared(hand: Hand, photo_file: Path) -> Hand:
    """A window with one RGB result and three of the GAN in the grid."""
    hand.open(photo_file)
    hand.window.inspector.reconstruct.hypotheses.setValue(3)
    hand.run("tiny_rgb", "tiny_gan")
    hand.wait(lambda: hand.window.compare.panes[0].width() > 50)
    return hand


def test_titles_are_shortened_only_where_they_stay_apart() -> None:
    plain = {"RGB inpainting, 128 px": "RGB inpainting", "GAN inpainting, 128 px": "GAN inpainting"}
    assert short_titles(plain) == plain
    twice = {"GAN, 128 px", "GAN, 256 px", "Sketch"}
    assert short_titles(twice) == {title: title for title in twice}


def test_a_narrow_pane_says_model_number_and_seed(compared: Hand) -> None:
    compared.window.resize(1280, 800)
    compared.trigger("fit")
    panes = compared.window.compare.panes
    for pane in panes[2:-1]:
        assert pane.title.text() == pane.side.model
        assert pane.details.text() in (pane.side.details, pane.side.short)
        assert str(pane.side.hypothesis.number if pane.side.hypothesis else "") in pane.details.text()


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_the_uncertainty_says_of_which_model_it_is(compared: Hand, size: tuple[int, int]) -> None:
    compared.window.resize(*size)
    pane = compared.window.compare.panes[-1]
    compared.wait(lambda: pane.width() > 50)
    shown = f"{pane.title.text()} {pane.details.text()}"
    assert "Uncertainty" in shown
    assert "Tiny tiny_gan" in shown
    legend = pane.findChild(Legend)
    assert legend is not None
    assert legend.width() >= 40
    compared.wait(lambda: legend.x() > pane.details.geometry().right() or not legend.one_line)


def test_a_choice_that_does_not_fit_is_shortened_not_cut(compared: Hand) -> None:
    compared.trigger("compare_difference")
    bar = compared.window.compare.bar
    for box in (bar.first, bar.second):
        box.setFixedWidth(120)
        shown = box.shown_text()
        assert "…" in shown
        assert box.fontMetrics().horizontalAdvance(shown) <= 120
        QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), QPoint(5, 5)))
        assert box.toolTip() == box.itemData(box.currentIndex(), Qt.ItemDataRole.ToolTipRole)


def test_a_map_that_was_reset_is_the_automatic_one_again(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    document = hand.document

    def edited() -> bool:
        return document.edited_by_hand

    hand.drag((40, 40), (60, 60))
    assert edited()
    hand.trigger("reset")
    hand.wait(lambda: not document.locked)
    assert not edited()
    assert "edited" not in hand.window.inspector.map.aside.text()
    hand.run("tiny_rgb")
    assert hand.photo.hypotheses[0].outcome.result.map_source == "automatic"
    assert hand.window.compare.panes[1].details.full_text() == "automatic"
    hand.trigger("undo")
    assert edited()
    assert hand.window.compare.panes[1].details.full_text() == "edited by hand"


def test_runs_count_the_hypotheses_that_were_made(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    hand.open(photo_file)
    hand.window.inspector.reconstruct.hypotheses.setValue(3)
    keeping = hand.window.controller.keeping
    keeping.create_case(
        tmp_path / "one.rvcase", title="One", number="1", examiner="A. Example", keep=True
    )
    hand.wait(lambda: keeping.case is not None)
    hand.run("tiny_rgb", "tiny_gan")
    runs = hand.window.case_panel.checks.runs
    hand.wait(lambda: len(runs.lines) == 2)
    assert {runs.cell(line, 2): runs.cell(line, 3) for line in runs.lines} == {
        "tiny_rgb": "1",
        "tiny_gan": "3",
    }


def test_no_certainty_is_claimed(hand: Hand, photo_file: Path) -> None:
    photo = hand.open(photo_file)
    assert photo.faces is not None
    sure = Face(
        box=photo.faces[0].box, landmarks=photo.faces[0].landmarks, score=1.0, masked=0.9999
    )
    hand.document.change_faces(photo.faces, (sure,))
    assert hand.window.inspector.faces.list.item(0).text() == "Face 1: masked, > 99 %"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_states_of_photos_fit_into_a_strip_that_scrolls(
    hand: Hand, language: str, request: pytest.FixtureRequest
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    request.addfinalizer(lambda: set_language(application, "en"))
    set_language(application, "de" if language == "de" else "en")
    font = QFont(FAMILY)
    font.setPixelSize(Type.CAPTION)
    metrics = QFontMetrics(font)
    texts = (
        *("Could not be opened", "Opening…", "Looking for faces…", "Reconstructing…"),
        *("No face found", "No mask found", "Map edited", "Map found", "Not fully analysed"),
    )
    for text in texts:
        said = QCoreApplication.translate("PhotoStrip", text)
        assert metrics.horizontalAdvance(said) <= 110, said


def test_far_faces_of_a_wide_photo_are_all_seen(hand: Hand, tmp_path: Path) -> None:
    faces = [DrawnFace((10, 20, 100, 130)), DrawnFace((480, 20, 570, 130), second=True)]
    hand.open(write_photo(tmp_path / "wide.png", draw_photo(600, 150, faces)))
    hand.run("tiny_rgb")
    compare = hand.window.compare
    hand.wait(lambda: compare.panes[0].view.width() > 50)
    compare.camera.fit()
    view = compare.panes[0].view
    area = view.widget_rectangle(compare.camera.whole, margin=0)
    assert view.rect().contains(area)
    assert area.width() > 0.7 * view.width()
    for pane in compare.panes:
        assert pane.title.mapTo(pane, QPoint(0, 0)).y() >= pane.view.geometry().bottom()

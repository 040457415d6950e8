"""The comparison with its one zoom, and what an export writes."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from app.ui.dialogs.export import ExportDialog
from app.ui.panes import Legend
from tests.gui.conftest import Hand


@pytest.fixture
def done(hand: Hand, photo_file: Path) -> Hand:
    """A window with one RGB result and three of the GAN."""
    hand.open(photo_file)
    hand.window.inspector.reconstruct.hypotheses.setValue(3)
    hand.run("tiny_rgb", "tiny_gan")
    return hand


def test_every_picture_is_labelled(done: Hand) -> None:
    panes = done.window.compare.panes
    titles = [pane.title.full_text() for pane in panes]
    assert titles == ["Photo", "Map", "Tiny tiny_rgb", *["Tiny tiny_gan"] * 3, "Uncertainty"]
    details = [pane.details.full_text() for pane in panes[2:]]
    assert details[0] == "hypothesis 1 of 1 · seed 0"
    assert details[3] == "hypothesis 3 of 3 · seed 0"
    assert details[4] == "3 hypotheses of Tiny tiny_gan · seed 0"


def test_the_uncertainty_has_a_legend_and_can_be_left_out(done: Hand) -> None:
    pane = done.window.compare.panes[-1]
    assert pane.findChild(Legend) is not None
    done.trigger("show_spread")
    assert [each.title.full_text() for each in done.window.compare.panes].count("Uncertainty") == 0
    done.trigger("show_spread")
    assert done.window.compare.panes[-1].title.full_text() == "Uncertainty"


def test_one_zoom_and_one_pan_move_every_picture(done: Hand) -> None:
    panes = done.window.compare.panes
    first, last = panes[0].view, panes[-1].view
    done.wait(lambda: first.width() > 50)
    at = QPointF(first.width() / 3, first.height() / 3)
    under = first.to_photo(at)
    event = QWheelEvent(
        at,
        QPointF(first.mapToGlobal(at.toPoint())),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = first.camera.scale
    QApplication.sendEvent(first, event)
    assert first.camera.scale == pytest.approx(before * 1.25**2)
    assert last.to_photo(at).x() == pytest.approx(under.x(), abs=1)
    assert last.camera is first.camera
    centre = first.camera.centre
    first.camera.pan(30, 0)
    assert last.camera.centre != centre


def test_unticking_leaves_a_hypothesis_out(done: Hand) -> None:
    rows = done.window.inspector.results.rows
    rows[1].box.click()
    assert len(done.window.compare.panes) == 6
    rows[1].box.click()
    assert len(done.window.compare.panes) == 7
    done.photo.remove_hypotheses(done.photo.hypotheses[:1])
    assert len(done.window.compare.panes) == 6
    assert len(done.window.inspector.results.rows) == 3


def test_outside_the_map_the_comparison_shows_the_photo(done: Hand) -> None:
    compare = done.window.compare
    compare.camera.zoom_to(1.0)
    photo, composite = compare.panes[0].view, compare.panes[2].view
    original, changed = photo.grab().toImage(), composite.grab().toImage()
    outside = photo.to_widget(QPointF(20, 20)).toPoint()
    inside = photo.to_widget(QPointF(150, 160)).toPoint()
    if original.rect().contains(outside):
        assert original.pixel(outside) == changed.pixel(outside)
    assert original.pixel(inside) != changed.pixel(inside)


def dialog_of(hand: Hand) -> ExportDialog:
    hand.trigger("export")
    found = hand.window.findChild(ExportDialog)
    assert isinstance(found, ExportDialog)
    return found


def test_an_export_writes_labelled_pictures_map_and_record(done: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    dialog = dialog_of(done)
    dialog.folder.setText(str(folder))
    dialog.button.click()
    done.wait(lambda: (folder / "masked.provenance.json").exists())
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "masked.map.png",
        "masked.provenance.json",
        "masked.tiny_gan.h1.png",
        "masked.tiny_gan.h2.png",
        "masked.tiny_gan.h3.png",
        "masked.tiny_gan.uncertainty.png",
        "masked.tiny_rgb.h1.png",
    ]
    written = cv2.imread(str(folder / "masked.tiny_rgb.h1.png"), cv2.IMREAD_UNCHANGED)
    assert written is not None
    assert written.shape[1] == 320
    assert written.shape[0] > 240  # the visible label stands below the picture
    photo = done.photo.photo
    assert photo is not None
    outside = ~done.document.map.pixels
    assert np.array_equal(written[:240, :, ::-1][outside], photo.rgb[outside])
    raw = (folder / "masked.tiny_rgb.h1.png").read_bytes()
    assert b"compositeWithTrainedAlgorithmicMedia" in raw
    record = json.loads((folder / "masked.provenance.json").read_text(encoding="utf-8"))
    assert len(record["files"]) == 6
    assert all(file["visible_label"] for file in record["files"] if file["role"] == "composite")
    done.wait(done.window.messages.isVisible)
    assert "written" in done.window.messages.text.text()


def test_leaving_hypotheses_out_is_recorded(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done)
    dialog.folder.setText(str(tmp_path))
    dialog.list.item(2).setCheckState(Qt.CheckState.Unchecked)
    dialog.button.click()
    path = tmp_path / "masked.provenance.json"
    done.wait(path.exists)
    notes = json.loads(path.read_text(encoding="utf-8"))["notes"]
    assert any("2 of 3 hypotheses" in note for note in notes)


def test_files_that_exist_are_named_before_they_are_replaced(done: Hand, tmp_path: Path) -> None:
    (tmp_path / "masked.map.png").write_bytes(b"older")
    dialog = dialog_of(done)
    dialog.folder.setText(str(tmp_path))
    assert "masked.map.png" in dialog._conflict.text()
    assert dialog.button.text() == "Replace and export"
    dialog.folder.setText(str(tmp_path / "nowhere"))
    assert not dialog.button.isEnabled()
    dialog.reject()


def test_an_export_that_fails_says_why_and_the_window_lives(
    done: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    dialog = dialog_of(done)
    dialog.folder.setText(str(folder))
    request = dialog.request()
    folder.rmdir()
    done.window.controller.export(request)
    done.wait(done.window.messages.isVisible)
    assert str(folder) in done.window.messages.text.text()
    dialog.reject()
    done.window.inspector.reconstruct.seed.setValue(7)
    done.run("tiny_rgb")
    assert len(done.photo.hypotheses) == 5

"""The export dialog: formats, names, reasons, and what is written."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.ui.dialogs.export import ExportDialog
from app.ui.dialogs.export_formats import FormatRow
from app.ui.exporting import SHEETS
from tests.gui.conftest import Hand


@pytest.fixture
def done(hand: Hand, photo_file: Path) -> Hand:
    """A window with one RGB result and three of the GAN."""
    hand.open(photo_file)
    hand.window.inspector.reconstruct.hypotheses.setValue(3)
    hand.run("tiny_rgb", "tiny_gan")
    return hand


def dialog_of(hand: Hand, folder: Path) -> ExportDialog:
    dialog = hand.ask("export")
    assert isinstance(dialog, ExportDialog)
    dialog.folder.setText(str(folder))
    return dialog


def format_row(dialog: ExportDialog, name: str) -> FormatRow:
    return next(row for row in dialog.formats if row.exporter.name == name)


def only(dialog: ExportDialog, *names: str) -> None:
    for row in dialog.formats:
        row.box.setChecked(row.exporter.name in names)
    dialog._refresh()


def listed(dialog: ExportDialog) -> list[str]:
    return [dialog.names.item(index).text() for index in range(dialog.names.count())]


def untick(dialog: ExportDialog, *places: int) -> None:
    for place in places:
        dialog.list.item(place).setCheckState(Qt.CheckState.Unchecked)


def test_what_is_previewed_is_what_is_written(done: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    dialog = dialog_of(done, folder)
    only(dialog, "composite-png", "map-png", "uncertainty-png", "sheet-pdf")
    names = listed(dialog)
    assert names == [
        "masked.tiny_rgb.h1.png",
        "masked.tiny_gan.h1.png",
        "masked.tiny_gan.h2.png",
        "masked.tiny_gan.h3.png",
        "masked.map.png",
        "masked.tiny_gan.uncertainty.png",
        "masked.tiny_rgb.sheet.pdf",
        "masked.tiny_gan.sheet.pdf",
        "masked.provenance.json",
    ] or sorted(names) == sorted(path.name for path in dialog.request().paths(dialog._bench))
    dialog.button.click()
    done.wait(lambda: (folder / "masked.provenance.json").exists())
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
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
    assert len(record["files"]) == len(names) - 1
    done.wait(lambda: "written" in done.window.messages.text.text())


def test_every_format_is_offered_with_its_options(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done, tmp_path)
    offered = [row.exporter.name for row in dialog.formats]
    assert offered == [each.name for each in done.window.controller.bench.formats]
    for row in dialog.formats:
        row.box.setChecked(True)
        assert set(row.fields) == {option.name for option in row.exporter.options}
        assert [row.fields[o.name].count() for o in row.exporter.options] == [
            len(o.choices) for o in row.exporter.options
        ]
    dialog.reject()


def test_a_format_that_cannot_be_had_says_why(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done, tmp_path)
    untick(dialog, 1, 2, 3)
    row = format_row(dialog, "uncertainty-png")
    assert not row.box.isEnabled()
    assert "one hypothesis" in row._lack.text()
    assert not any("uncertainty" in name for name in listed(dialog))
    dialog.reject()


def test_photo_and_map_stand_beside_in_every_export(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done, tmp_path)
    only(dialog, "composite-png")
    assert any(row.wanted and row.exporter.name in SHEETS for row in dialog.formats)
    assert any(".sheet." in name for name in listed(dialog))
    assert "photo and map" in dialog._beside.text()
    dialog.reject()


def test_leaving_hypotheses_out_needs_a_reason_that_is_recorded(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done, tmp_path)
    only(dialog, "map-png", "sheet-png")
    assert not dialog.reason.isVisible()  # the RGB model can only make one
    untick(dialog, 2)
    assert dialog.reason.isVisible()
    assert not dialog.button.isEnabled()
    dialog.reason.setText("The second has no mouth.")
    assert dialog.button.isEnabled()
    dialog.button.click()
    path = tmp_path / "masked.provenance.json"
    done.wait(path.exists)
    notes = json.loads(path.read_text(encoding="utf-8"))["notes"]
    assert any("2 of 3 hypotheses" in note and "no mouth" in note for note in notes)


def test_nothing_is_replaced_that_was_not_agreed_to(done: Hand, tmp_path: Path) -> None:
    older = tmp_path / "masked.map.png"
    older.write_bytes(b"older")
    dialog = dialog_of(done, tmp_path)
    only(dialog, "map-png", "sheet-png")
    assert "masked.map.png  (exists)" in listed(dialog)
    assert not dialog.button.isEnabled()
    dialog.replace.setChecked(True)
    assert dialog.button.isEnabled()
    other = tmp_path / "masked.provenance.json"
    request = dialog.request()
    other.write_bytes(b"came in between")
    done.window.controller.export(request)
    done.wait(lambda: "exists by now" in done.window.messages.text.text())
    assert older.read_bytes() == b"older"
    dialog._refresh()
    assert not dialog.replace.isChecked()  # it was agreed to replace one file, not two
    dialog.replace.setChecked(True)
    dialog.button.click()
    done.wait(lambda: older.read_bytes() != b"older" and other.read_bytes()[:1] == b"{")


def test_a_folder_that_is_not_there_is_said(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done, tmp_path / "nowhere")
    assert not dialog.button.isEnabled()
    assert "does not exist" in dialog._conflict.text()
    dialog.reject()


def test_formats_options_and_folder_are_remembered(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done, tmp_path)
    only(dialog, "sheet-png", "map-png")
    paper = format_row(dialog, "sheet-png").fields["paper"]
    paper.setCurrentIndex(paper.findData("letter"))
    dialog.button.click()
    done.wait((tmp_path / "masked.provenance.json").exists)
    again = done.ask("export")
    assert isinstance(again, ExportDialog)
    assert again.folder.text() == str(tmp_path)
    assert {row.exporter.name for row in again.formats if row.wanted} == {"sheet-png", "map-png"}
    assert format_row(again, "sheet-png").fields["paper"].currentData() == "letter"
    again.reject()


def test_two_maps_give_two_sets_of_names(done: Hand, tmp_path: Path) -> None:
    done.trigger("view_map")
    done.trigger("grow")
    done.settle()
    done.run("tiny_gan")
    dialog = dialog_of(done, tmp_path)
    only(dialog, "map-png", "composite-png", "sheet-png")
    names = listed(dialog)
    assert len(set(names)) == len(names)
    assert "masked.map.png" in names
    assert "masked.map2.map.png" in names
    dialog.button.click()
    done.wait((tmp_path / "masked.provenance.json").exists)
    first = cv2.imread(str(tmp_path / "masked.map.png"), cv2.IMREAD_UNCHANGED)
    second = cv2.imread(str(tmp_path / "masked.map2.map.png"), cv2.IMREAD_UNCHANGED)
    assert first is not None
    assert second is not None
    assert np.count_nonzero(second) > np.count_nonzero(first)


def test_an_export_that_fails_says_why_and_the_window_lives(done: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    dialog = dialog_of(done, folder)
    request = dialog.request()
    folder.rmdir()
    done.window.controller.export(request)
    done.wait(done.window.messages.isVisible)
    assert str(folder) in done.window.messages.text.text()
    dialog.reject()
    done.window.inspector.reconstruct.seed.setValue(7)
    done.run("tiny_rgb")
    assert len(done.photo.hypotheses) == 5


def test_the_rows_of_the_hypotheses_do_not_lie_over_each_other(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done, tmp_path)
    rows = [dialog.list.visualItemRect(dialog.list.item(at)) for at in range(dialog.list.count())]
    assert all(rect.height() > dialog.list.iconSize().height() for rect in rows)
    assert all(above.bottom() < below.top() for above, below in pairwise(rows))
    dialog.reject()


def test_the_options_of_a_format_ticked_late_follow_its_tick(done: Hand, tmp_path: Path) -> None:
    dialog = dialog_of(done, tmp_path)
    only(dialog, "sheet-pdf")
    row = format_row(dialog, "composite-tiff")
    assert row.fields == {}
    row.box.setChecked(True)
    after: list[QWidget] = [row.box]
    while len(after) <= len(row.fields):
        following = after[-1].nextInFocusChain()
        while following is not None and following.focusPolicy() == Qt.FocusPolicy.NoFocus:
            following = following.nextInFocusChain()
        assert following is not None
        after.append(following)
    assert after[1:] == list(row.fields.values())
    dialog.reject()

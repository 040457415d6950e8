"""A case in the real window: everything is kept as it happens, and comes back."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.case.case_file import CaseFile
from app.case.verify import verify
from app.ui.case.dialogs import ExaminerDialog, NewCaseDialog, ReviewDialog
from app.ui.exporting import Chosen, ExportRequest
from app.ui.main_window import MainWindow
from app.ui.session import Stage
from tests.gui.conftest import FACE, Hand, write_photo
from tests.support.tiny_models import DrawnFace, draw_photo

EXAMINER = "A. Examiner"

Make = Callable[[Path], MainWindow]


def asked(window: MainWindow) -> QMessageBox | None:
    """The question that closing the window asks, while it is open."""
    return window.commands.case.question


def saved(hand: Hand) -> None:
    """Wait until everything is in the case and the panel has seen it."""
    keeping = hand.window.controller.keeping
    hand.wait(lambda: keeping.writer.pending == 0)
    case = keeping.case
    if case is not None:
        hand.wait(lambda: hand.window.case_panel.summary.entries == case.head()[0])


def new_case(hand: Hand, path: Path, *, title: str = "Harbour") -> CaseFile:
    """Make a case through its dialog, from what is open in the window or empty."""
    hand.window.settings.set("examiner", EXAMINER)
    keep = bool(hand.window.controller.session.photos)
    hand.trigger("keep_in_case" if keep else "new_case")
    dialog = hand.window.findChild(NewCaseDialog)
    assert isinstance(dialog, NewCaseDialog)
    assert dialog.examiner.text() == EXAMINER
    dialog.title.setText(title)
    dialog.number.setText("2026/17")
    dialog.file.setText(str(path))
    dialog.refresh()
    dialog.button.click()
    return case_in(hand)


def case_in(hand: Hand) -> CaseFile:
    """The case of the window, once it is open."""
    keeping = hand.window.controller.keeping
    hand.wait(lambda: keeping.case is not None)
    assert keeping.case is not None
    return keeping.case


def open_case(hand: Hand, path: Path) -> CaseFile:
    """Open a case as a named path, and wait for its first photo."""
    hand.window.settings.set("examiner", EXAMINER)
    hand.window.commands.files.open_paths([path])
    case = case_in(hand)
    hand.wait(lambda: hand.window.controller.session.current is not None)
    hand.wait(lambda: hand.photo.stage in (Stage.READY, Stage.FAILED, Stage.OPENED))
    return case


def close_case(hand: Hand) -> None:
    """Close the case and wait until the file is one again."""
    case = hand.window.controller.keeping.case
    assert case is not None
    hand.trigger("close_case")
    writer = hand.window.controller.keeping.writer
    hand.wait(lambda: writer.pending == 0)
    assert not case.path.with_name(case.path.name + "-wal").exists()


def test_everything_is_kept_and_comes_back_with_its_undo(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.rvcase"
    new_case(hand, path)
    hand.open(photo_file)
    automatic = hand.document.map.pixels.copy()
    hand.drag((20, 20), (60, 20))
    first = hand.document.map.pixels.copy()
    hand.trigger("grow")
    hand.settle()
    hand.trigger("undo")
    hand.run("tiny_gan")
    hand.drag((20, 200), (60, 200))
    hand.trigger("undo")
    saved(hand)
    made = [each.outcome.result.outputs for each in hand.photo.hypotheses]
    assert hand.window.windowTitle() == "masked.png – Harbour – Revisage"
    assert hand.window.case_panel.saved.text() == "Saved"
    close_case(hand)
    assert hand.window.windowTitle() == "Revisage"
    assert verify(path).problems == ()
    with CaseFile.open(path) as case:
        tools = [each.tool for each in case.maps.edits(1)]
        assert tools == ["brush", "grow", "undo", "brush", "undo"]
        assert {each.author for each in case.maps.edits(1)} == {EXAMINER}
        run = case.runs.get(1)
        assert (run.edits, run.result.map_source) == (3, "hand")
        assert case.notes.properties()["number"] == "2026/17"
    open_case(hand, path)
    np.testing.assert_array_equal(hand.document.map.pixels, first)
    assert [each.outcome.result.outputs for each in hand.photo.hypotheses] == made
    assert hand.window.strip.list.model().rowCount() == 1
    hand.trigger("redo")
    assert hand.document.map.pixels[200, 40]
    hand.trigger("undo")
    hand.trigger("undo")
    np.testing.assert_array_equal(hand.document.map.pixels, automatic)
    assert not hand.window.actions_["undo"].isEnabled()
    saved(hand)
    close_case(hand)
    with CaseFile.open(path) as case:
        np.testing.assert_array_equal(case.maps.pixels(1), automatic)
        assert len(case.runs.all()) == 1
        assert len(case.maps.edits(1)) == 8


def test_work_without_a_case_is_kept_in_one(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    hand.open(photo_file)
    hand.drag((20, 20), (60, 20))
    hand.run("tiny_gan", "tiny_sketch")
    hand.drag((20, 200), (60, 200))
    hand.trigger("undo")
    before = hand.document.map.pixels.copy()
    case = new_case(hand, tmp_path / "kept.rvcase")
    assert len(hand.window.controller.session.photos) == 1
    saved(hand)
    assert [each.tool for each in case.maps.edits(1)] == ["brush", "brush", "undo"]
    # After one edit and after all three the map is the one that the runs were made with.
    assert {(run.map, run.edits) for run in case.runs.all()} == {(1, 3)}
    np.testing.assert_array_equal(case.maps.pixels(1), before)
    hand.drag((100, 200), (140, 200))
    saved(hand)
    assert len(case.maps.edits(1)) == 4
    close_case(hand)
    assert verify(tmp_path / "kept.rvcase").problems == ()


def test_closing_asks_once_about_unsaved_work(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    hand.open(photo_file)
    assert not hand.window.controller.keeping.unsaved
    hand.drag((20, 20), (60, 20))
    window = hand.window
    assert not window.close()
    question = window.commands.case.question
    assert question is not None
    buttons = {each.text().replace("&", ""): each for each in question.buttons()}
    assert set(buttons) == {"Keep in a case…", "Discard", "Cancel"}
    buttons["Cancel"].click()
    assert asked(window) is None
    assert window.isVisible()
    assert not window.close()
    question = asked(window)
    assert question is not None
    buttons = {each.text().replace("&", ""): each for each in question.buttons()}
    window.settings.set("examiner", EXAMINER)
    buttons["Keep in a case…"].click()
    dialog = window.findChild(NewCaseDialog)
    assert isinstance(dialog, NewCaseDialog)
    dialog.file.setText(str(tmp_path / "late.rvcase"))
    dialog.refresh()
    dialog.button.click()
    hand.wait(lambda: not window.isVisible())
    with CaseFile.open(tmp_path / "late.rvcase") as case:
        assert len(case.maps.edits(1)) == 1


def test_a_second_window_reads_and_says_who_writes(
    hand: Hand, make: Make, zoo: Path, qtbot: QtBot, photo_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.rvcase"
    new_case(hand, path)
    hand.open(photo_file)
    saved(hand)
    second = Hand(make(zoo), qtbot)
    case = open_case(second, path)
    assert case.read_only
    said = second.window.banner.said("read_only")
    assert EXAMINER in said
    assert "read" in said
    assert second.window.windowTitle() == "masked.png – Harbour (read-only) – Revisage"
    for key in ("tool_brush", "run", "analyse", "clear", "undo", "import_map", "open"):
        assert not second.window.actions_[key].isEnabled(), key
    before = second.document.map.pixels.copy()
    second.drag((20, 20), (60, 20))
    np.testing.assert_array_equal(second.document.map.pixels, before)
    assert not second.window.controller.keeping.unsaved


def change_evidence(path: Path, content: bytes) -> None:
    """Put other bytes in the place of a case's only evidence, past everything that guards it."""
    connection = sqlite3.connect(path)
    sha256 = connection.execute("SELECT blob FROM evidence").fetchone()[0]
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    statements = triggers.fetchall()
    for name, _ in statements:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE blob SET bytes = ? WHERE sha256 = ?", (content, sha256))
    for _, sql in statements:
        connection.execute(sql)
    connection.commit()
    connection.close()


def test_changed_evidence_stops_with_one_sentence(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.rvcase"
    new_case(hand, path)
    hand.open(photo_file)
    saved(hand)
    close_case(hand)
    content = bytearray(photo_file.read_bytes())
    content[-20] ^= 1
    change_evidence(path, bytes(content))
    open_case(hand, path)
    assert hand.photo.stage is Stage.FAILED
    said = hand.window.page.text.text()
    assert "masked.png" in said
    assert "was changed" in said
    checks = hand.window.case_panel.checks
    checks.verify.click()
    hand.wait(lambda: checks.results.count() > 0 and checks.verify.isEnabled())
    lines = [checks.results.item(row).text() for row in range(checks.results.count())]
    assert any("evidence 1 (masked.png)" in line for line in lines)


@pytest.mark.parametrize("step", ["run", "export", "export the map"])
def test_evidence_that_changes_while_the_case_is_open_stops_run_and_export(
    hand: Hand, photo_file: Path, tmp_path: Path, step: str
) -> None:
    path = tmp_path / "a.rvcase"
    case = new_case(hand, path)
    hand.open(photo_file)
    hand.run("tiny_rgb")
    saved(hand)
    controller = hand.window.controller
    made = hand.photo.hypotheses
    folder = tmp_path / "out"
    folder.mkdir()
    photo = hand.photo.photo
    assert photo is not None
    content = bytearray(photo_file.read_bytes())
    content[-20] ^= 1
    change_evidence(path, bytes(content))
    if step == "run":
        hand.tick("tiny_sketch")
        hand.trigger("run")
    elif step == "export":
        controller.export(
            ExportRequest(
                photo=photo,
                hypotheses=made,
                folder=folder,
                formats=(Chosen(name="sheet-pdf"),),
            )
        )
    else:
        controller.export_map(folder / "masked.map.png")
    hand.wait(hand.window.messages.isVisible)
    assert "was changed" in hand.window.messages.text.text()
    hand.wait(lambda: not controller.jobs.jobs)
    assert not controller.runs.running
    assert hand.photo.hypotheses == made
    assert list(folder.iterdir()) == []
    assert case.log()[-1].action != "export.write"


def test_the_same_bytes_are_one_photo(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    new_case(hand, tmp_path / "a.rvcase")
    first = hand.open(photo_file)
    hand.drag((20, 20), (60, 20))
    copy = tmp_path / "copy.png"
    copy.write_bytes(photo_file.read_bytes())
    hand.window.controller.open_paths([copy])
    hand.wait(lambda: "same bytes" in hand.window.messages.text.text())
    saved(hand)
    assert hand.window.controller.session.photos == (first,)
    assert hand.photo is first
    case = case_in(hand)
    assert len(case.evidence.photos()) == 1
    assert len(case.maps.edits(1)) == 1


def test_a_case_is_dropped_and_the_examiner_is_asked_once(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.rvcase"
    with CaseFile.create(path, title="Dropped", examiner="Someone Else") as case:
        case.evidence.add(photo_file)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    hand.window.dropEvent(
        QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, data, buttons, modifiers)
    )
    dialog = hand.window.findChild(ExaminerDialog)
    assert isinstance(dialog, ExaminerDialog)
    assert not dialog.button.isEnabled()
    dialog.name.setText("  B.   Second ")
    dialog.button.click()
    opened = case_in(hand)
    assert opened.examiner == "B. Second"
    assert hand.window.settings.text("examiner") == "B. Second"
    hand.wait(lambda: hand.window.controller.session.current is not None)
    hand.settle()
    assert hand.photo.masked  # it is analysed and kept like any other
    saved(hand)
    assert opened.maps.of_photo(1) is not None
    assert str(path) in [each.text() for each in hand.window.recent_cases_menu.actions()]


def test_a_full_disk_is_said_and_nothing_is_lost(
    hand: Hand, photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.rvcase"
    case = new_case(hand, path)
    hand.open(photo_file)
    saved(hand)
    with case._store.connection() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    strokes = 0
    while hand.window.controller.keeping.writer.failure is None:
        strokes += 1
        hand.drag((20, 20 + strokes * 3), (300, 200 - strokes * 3))
        hand.qtbot.wait(30)
        assert strokes < 60
    hand.drag((10, 10), (300, 10))
    assert "full" in hand.window.banner.said("saving")
    assert hand.window.case_panel.saved.text() == "Not saved"
    assert not hand.window.close()
    question = hand.window.commands.case.question
    assert question is not None
    cancel = next(each for each in question.buttons() if "Cancel" in each.text())
    cancel.click()
    with case._store.connection() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    again = next(each for each in hand.window.banner.buttons if each.text() == "Try again")
    again.click()
    saved(hand)
    assert hand.window.banner.said("saving") == ""
    assert len(case.maps.edits(1)) == strokes + 1
    np.testing.assert_array_equal(case.maps.pixels(1), hand.document.map.pixels)


def test_a_folder_that_cannot_be_written_gives_a_case_to_read(
    hand: Hand, photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.rvcase"
    with CaseFile.create(path, title="Fixed", examiner=EXAMINER) as case:
        case.evidence.add(photo_file)
    from app.case.lock import WriterLock

    def refuse(*_: object, **__: object) -> WriterLock:
        raise PermissionError(13, "Permission denied", str(path))

    # Whoever runs the tests may be root, whom no folder's permissions stop.
    monkeypatch.setattr(WriterLock, "acquire", refuse)
    opened = open_case(hand, path)
    assert opened.read_only
    assert "read-only" in hand.window.banner.said("read_only")
    assert hand.photo.stage is Stage.OPENED
    assert hand.photo.document is None


def test_a_case_that_is_no_case_is_told(hand: Hand, tmp_path: Path, photo_file: Path) -> None:
    good = hand.open(photo_file)
    bad = tmp_path / "bad.rvcase"
    bad.write_bytes(b"no case at all" * 400)
    hand.window.settings.set("examiner", EXAMINER)
    hand.window.commands.files.open_paths([bad])
    hand.wait(hand.window.messages.isVisible)
    assert "bad.rvcase" in hand.window.messages.text.text()
    assert hand.window.controller.session.current is good
    assert hand.window.controller.keeping.case is None


# --- the panel ------------------------------------------------------------------------------------


def test_the_panel_shows_and_changes_the_case(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    drawn = draw_photo(320, 240, [FACE, DrawnFace((10, 10, 60, 70))])
    other = write_photo(tmp_path / "other.png", drawn)
    case = new_case(hand, tmp_path / "a.rvcase")
    hand.open(photo_file, other)
    hand.run("tiny_gan")
    saved(hand)
    panel = hand.window.case_panel
    assert hand.window.case_dock.isVisible()
    model = panel.overview.photos
    assert [model.cell(line, 1) for line in model.lines] == ["masked.png", "other.png"]
    assert [model.cell(line, 4) for line in model.lines] == ["1", "–"]
    # Properties
    panel.overview.fields["title"].setText("Quay")
    panel.overview.fields["title"].editingFinished.emit()
    saved(hand)
    assert case.title == "Quay"
    assert "Quay" in hand.window.windowTitle()
    # Notes
    panel.show_page(panel.notes)
    panel.notes.about_photo(1)
    panel.notes.text.setPlainText("Mask is folded.")
    panel.notes.write.click()
    saved(hand)
    assert [(note.photo, note.text) for note in case.notes.all()] == [(1, "Mask is folded.")]
    hand.wait(lambda: panel.notes.list.count() == 1)
    panel.notes.list.setCurrentRow(0)
    panel.notes.text.setPlainText("Mask is folded twice.")
    panel.notes.write.click()
    saved(hand)
    assert [note.text for note in case.notes.all()] == ["Mask is folded twice."]
    assert model.lines[0].notes == 2
    # Log
    log = panel.log
    assert len(log.model.lines) == case.head()[0]
    log.search.setText("gan seed")
    log.filter()
    assert {entry.action for entry in log.model.lines} == {"run.add"}
    log.search.clear()
    log.kind.setCurrentIndex(log.kind.findData("note"))
    assert [entry.action for entry in log.model.lines] == ["note.add", "note.add"]
    log.period.setCurrentIndex(1)
    assert len(log.model.lines) == 2
    # Verify and reproduce
    checks = panel.checks
    checks.verify.click()
    hand.wait(lambda: checks.results.count() == 2)
    assert checks.results.item(0).text().startswith("Everything is as it was saved")
    hand.wait(checks.reproduce_all.isEnabled)
    checks.reproduce_all.click()
    hand.wait(lambda: checks.results.count() == 3)
    assert "identical, bit for bit" in checks.results.item(2).text()
    saved(hand)
    hand.wait(lambda: checks.runs.lines[0].rerun is not None)
    assert checks.runs.cell(checks.runs.lines[0], 5) == "identical, bit for bit"
    # Review
    report = panel.report
    assert report.state.text() == "Draft"
    report.review.click()
    dialog = hand.window.findChild(ReviewDialog)
    assert isinstance(dialog, ReviewDialog)
    dialog.name.setText("a.  examiner")
    assert not dialog.button.isEnabled()
    dialog.name.setText("R. Reviewer")
    dialog.button.click()
    saved(hand)
    hand.wait(lambda: report.state.text() == "Final")
    assert [review.author for review in case.reviews.all()] == ["R. Reviewer"]


def test_a_photo_that_was_closed_comes_back_from_the_case(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    new_case(hand, tmp_path / "a.rvcase")
    hand.open(photo_file)
    hand.drag((20, 20), (60, 20))
    before = hand.document.map.pixels.copy()
    saved(hand)
    hand.trigger("close_photo")
    photo_file.unlink()
    table = hand.window.case_panel.overview.table
    table.activated.emit(table.model().index(0, 0))
    hand.settle()
    np.testing.assert_array_equal(hand.document.map.pixels, before)


def test_save_as_writes_a_copy_and_goes_on(
    hand: Hand, photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_case(hand, tmp_path / "a.rvcase")
    hand.open(photo_file)
    hand.drag((20, 20), (60, 20))
    copy = tmp_path / "copy.rvcase"
    monkeypatch.setattr(
        "app.ui.case.commands.QFileDialog.getSaveFileName", lambda *_: (str(copy), "")
    )
    hand.trigger("save_case_as")
    hand.wait(copy.exists)
    saved(hand)
    assert verify(copy).problems == ()
    with CaseFile.open(copy) as other:
        assert len(other.maps.edits(1)) == 1
    assert hand.window.controller.keeping.case is case


def test_exports_are_in_the_log_with_their_hashes(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    case = new_case(hand, tmp_path / "a.rvcase")
    hand.open(photo_file)
    target = tmp_path / "map.png"
    hand.window.controller.export_map(target)
    hand.wait(target.exists)
    hand.wait(lambda: case.log()[-1].action == "export.write")
    expected = hashlib.sha256(target.read_bytes()).hexdigest()
    assert case.log()[-1].details["files"] == {"map.png": expected}


def test_every_button_of_the_panel_is_named(hand: Hand, tmp_path: Path) -> None:
    new_case(hand, tmp_path / "a.rvcase")
    for button in hand.window.case_panel.findChildren(QPushButton):
        assert button.text() or button.accessibleName()

"""A whole case by the keyboard: every step of an analyst through key events to the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.case.case_file import CaseFile
from app.case.verify import verify
from app.ui.actions import Actions
from app.ui.case.report_dialog import ReportDialog
from app.ui.focus import FocusRing, stops_in_order
from app.ui.main_window import MainWindow
from app.ui.tools.keyboard import STEP
from tests.gui.conftest import FACE, Hand, write_photo
from tests.support.keyboard import FileDialogs, focus, name_of, press, tab_to, type_text
from tests.support.tiny_models import DrawnFace, draw_photo

SECOND = DrawnFace((360, 50, 470, 210), second=True)

SETTLE_MS = 100
"""After this the inspector has put its new rows into the order of Tab."""


@pytest.fixture
def two_faces(tmp_path: Path) -> Path:
    """A photo of two masked faces."""
    return write_photo(tmp_path / "two.png", draw_photo(560, 260, [FACE, SECOND]))


@pytest.fixture
def files(hand: Hand) -> FileDialogs:
    """Somebody who answers file dialogs by typing."""
    return FileDialogs(hand.window)


def dialog(hand: Hand) -> QDialog:
    """The dialog that opens, once it has the keys."""
    hand.wait(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    hand.wait(lambda: focus().window() is QApplication.activeModalWidget())
    found = QApplication.activeModalWidget()
    assert isinstance(found, QDialog)
    return found


def open_two(hand: Hand, files: FileDialogs, path: Path) -> None:
    files.during(path, lambda: press("Ctrl+O"))
    hand.wait(lambda: hand.window.controller.session.current is not None)
    hand.settle()


def test_a_whole_case(hand: Hand, files: FileDialogs, two_faces: Path, tmp_path: Path) -> None:
    window, out = hand.window, tmp_path / "out"
    controller = window.controller
    out.mkdir()
    path = tmp_path / "keys.rvcase"

    # A new case: the focus begins in the first field, and Return makes the case.
    press("Ctrl+N")
    dialog(hand)
    assert name_of(focus()) == "Title"
    type_text("Harbour")
    press("Tab")
    type_text("26/114")
    press("Tab")
    type_text("A. Examiner")
    press("Tab")
    type_text(str(path), replace=True)
    press("Return")
    hand.wait(lambda: controller.keeping.case is not None)
    hand.wait(lambda: QApplication.activeModalWidget() is None)

    # A photo; its masks are found, and the keys go to it.
    open_two(hand, files, two_faces)
    assert hand.photo.faces is not None
    assert len(hand.photo.faces) == 2
    hand.wait(lambda: focus() is window.canvas)

    # From face to face, and nearer to one.
    before = hand.photo.selected_face
    press("Alt+PgDown")
    assert hand.photo.selected_face not in (None, before)
    press("Alt+PgUp")
    assert hand.photo.selected_face == before
    press("Z")

    # The map, corrected by each kind of tool.
    press("K")
    x, y = correct_map(hand)
    assert not hand.document.map.pixels[y, x]
    press("Ctrl+]")
    hand.settle()

    # Models by their ticks, and a run.
    press("F6")
    assert window.inspector.isAncestorOf(focus())
    for card in ("Tiny tiny_rgb", "Tiny tiny_gan"):
        tick = tab_to(card)
        if not tick.isChecked():  # type: ignore[attr-defined]
            press("Space")
    tab_to("Number of hypotheses")
    type_text("3", replace=True)
    press("Ctrl+Return")
    hand.wait(lambda: not any(job.lane == "edit" for job in controller.jobs.jobs))
    hand.wait(lambda: len(hand.photo.hypotheses) == 4 and not controller.runs.running)
    hand.wait(lambda: window.stack.currentWidget() is window.compare)
    hand.wait(lambda: not window.compare.catching_up)

    # Compared in every way.
    compare_all(hand)

    # What goes out is chosen by its digit, or in the list of hypotheses.
    press("Alt+1", "4")
    assert [each.chosen for each in hand.photo.hypotheses] == [True, True, True, False]
    while not window.inspector.isAncestorOf(focus()):
        press("F6")
    hand.qtbot.wait(SETTLE_MS)
    box = window.inspector.results.rows[3].box
    assert tab_to(box.accessibleName()) is box
    press("Space")
    assert all(each.chosen for each in hand.photo.hypotheses)
    press("Ctrl+E")
    dialog(hand)
    assert name_of(focus()) == "Hypotheses"
    tab_to("Folder")
    type_text(str(out), replace=True)
    press("Return")
    hand.wait(lambda: any(out.glob("*.json")))
    hand.wait(lambda: not controller.jobs.jobs)

    # A note, a review, the report, the package.
    press("Ctrl+Shift+N")
    type_text("Straps checked.")
    tab_to("Add note")
    press("Space")
    notes = window.case_panel.notes.list
    hand.wait(lambda: notes.count() == 1)
    press("Ctrl+Alt+R")
    dialog(hand)
    assert name_of(focus()) == "Reviewer"
    type_text("B. Second")
    tab_to("Remarks")
    type_text("Every step seen.")
    tab_to("Record the review")
    press("Space")
    hand.wait(lambda: window.case_panel.report.state.text() == "Final")
    press("Ctrl+P")
    shown = dialog(hand)
    assert isinstance(shown, ReportDialog)
    press("PgDown")
    assert shown.page == 1
    tab_to("Save PDF and JSON")
    files.during(out, lambda: press("Space"))
    press("Esc")
    hand.wait(lambda: QApplication.activeModalWidget() is None)
    hand.wait(lambda: any(out.glob("*.pdf")) and not controller.jobs.jobs)
    package = out / "package.zip"
    files.during(package, lambda: press("Ctrl+Alt+S"))
    hand.wait(lambda: package.exists() and not controller.jobs.jobs)

    # Closed; the keys have a place again.
    press("Ctrl+Shift+W")
    hand.wait(lambda: controller.keeping.case is None)
    hand.wait(lambda: controller.keeping.writer.pending == 0)
    hand.wait(lambda: window.welcome.isAncestorOf(focus()))
    assert verify(path).problems == ()
    with CaseFile.open(path) as case:
        done = {entry.action for entry in case.log()}
        assert [note.text for note in case.notes.all()] == ["Straps checked."]
        assert [review.author for review in case.reviews.all()] == ["B. Second"]
    assert {"run.add", "note.add", "export.write"} <= done


def correct_map(hand: Hand) -> tuple[int, int]:
    """Correct the map with every tool that a pen has; returns a pixel that was erased."""
    keys, document = hand.window.canvas.keys, hand.document
    press("B", "Home")
    assert keys.at is not None
    start = keys.at.x()
    press("Right", times=5)
    scale = hand.window.camera.scale
    assert keys.at.x() == pytest.approx(start + 5 * max(STEP / scale, 1.0))
    press("Ctrl+Up", "Shift+Left")

    # Space puts the pen down, arrows draw, Space lifts it: one step of the history.
    mapped = int(document.map.pixels.sum())
    press("Space")
    assert keys.down
    press("Up", times=3)
    press("Space")
    assert not document.stroking
    assert document.history.can_undo
    drawn = int(document.map.pixels.sum())
    assert drawn > mapped
    press("Ctrl+Z")
    assert int(document.map.pixels.sum()) == mapped
    press("Ctrl+Shift+Z")
    assert int(document.map.pixels.sum()) == drawn

    # Esc takes back what is under way.
    press("Space")
    press("Left", times=4)
    press("Esc")
    assert not document.stroking
    assert int(document.map.pixels.sum()) == drawn

    # A polygon: a press is a corner, Return closes it.
    press("P", "Space")
    press("Left", times=6)
    press("Space")
    press("Up", times=6)
    press("Space", "Return")
    assert int(document.map.pixels.sum()) > drawn
    press("Ctrl+Z")

    # A lasso.
    press("L", "Space")
    for arrow in ("Left", "Up", "Right"):
        press(arrow, times=6)
    press("Space")
    assert int(document.map.pixels.sum()) > drawn
    press("Ctrl+Z")
    assert int(document.map.pixels.sum()) == drawn

    # The rest of the map.
    press("Ctrl+Shift+I")
    hand.settle()
    assert (
        int(document.map.pixels.sum())
        == document.map.pixels.size * document.map.pixels.max() - drawn
    )
    press("Ctrl+Z")

    # A dot of the eraser, in the middle of the face.
    press("B", "Home", "X", "Return")
    assert keys.at is not None
    return int(keys.at.x()), int(keys.at.y())


def compare_all(hand: Hand) -> None:
    """Every way to compare, and the keys of each."""
    window = hand.window
    view = window.compare.pair.view
    press("Alt+2")
    assert view.hasFocus()
    press(",", times=3)
    assert view.divider == pytest.approx(0.47)
    press("Alt+3")
    blinked = view.blinking
    press("Return")
    assert (blinked, view.blinking) == (True, False)
    press("Alt+4")
    assert window.compare.pair.isVisible()
    # Another picture as B, and the kind of difference, from the lists of the bar.
    tab_to("Picture B", back=True)
    second = window.compare.bar.second.currentIndex()
    press("Down")
    assert window.compare.bar.second.currentIndex() == second + 1


def test_the_pointer_stays_in_photo_and_view(
    hand: Hand, files: FileDialogs, two_faces: Path
) -> None:
    open_two(hand, files, two_faces)
    press("K")
    keys, canvas = hand.window.canvas.keys, hand.window.canvas
    press("Ctrl+1")
    for _ in range(4):
        press("Ctrl++")
    press("Ctrl+Right", times=80)
    assert keys.at is not None
    assert keys.at.x() == 560
    seen = canvas.to_widget(keys.at)
    assert canvas.rect().contains(seen.toPoint())
    assert hand.window.status.isVisible()
    # The hand has no use for a pointer: arrows move the photo.
    press("H")
    at = keys.at
    origin = canvas.origin()
    press("Left")
    assert keys.at == at
    assert canvas.origin() != origin


def test_a_pen_that_is_down_is_lifted_when_the_keys_go_elsewhere(
    hand: Hand, files: FileDialogs, two_faces: Path
) -> None:
    open_two(hand, files, two_faces)
    before = np.array(hand.document.map.pixels)
    press("K", "B")
    press("Ctrl+Up", times=2)
    press("Space", "Up", "F6")
    assert not hand.window.canvas.tool.busy
    assert hand.document.history.can_undo
    assert not np.array_equal(hand.document.map.pixels, before)


def test_one_key_goes_through_the_panels_and_back(
    hand: Hand, files: FileDialogs, two_faces: Path
) -> None:
    open_two(hand, files, two_faces)
    window = hand.window
    parts: list[QWidget] = [window.stack, window.inspector, window.strip]

    def part() -> QWidget:
        return next(each for each in parts if each.isAncestorOf(focus()))

    walked = [part()]
    for _ in range(3):
        press("F6")
        walked.append(part())
    assert walked == [window.stack, window.inspector, window.strip, window.stack]
    press("Shift+F6")
    assert part() is window.strip
    # Each panel remembers the place.
    press("Shift+F6")
    tab_to("Number of hypotheses")
    press("F6", "Shift+F6")
    assert name_of(focus()) == "Number of hypotheses"


def test_a_ring_shows_where_the_keys_go(hand: Hand, files: FileDialogs, two_faces: Path) -> None:
    ring = QApplication.instance().findChild(FocusRing)  # type: ignore[union-attr]
    assert isinstance(ring, FocusRing)
    open_two(hand, files, two_faces)
    press("F6")
    assert ring.target is focus()
    tab_to("Seed")
    assert ring.target is hand.window.inspector.reconstruct.seed
    # A click needs no ring.
    hand.drag((20, 20))
    assert ring.target is None


def test_tab_reads_the_inspector_from_top_to_bottom(
    hand: Hand, files: FileDialogs, two_faces: Path
) -> None:
    open_two(hand, files, two_faces)
    hand.run("tiny_gan")
    inspector = hand.window.inspector
    hand.qtbot.wait(SETTLE_MS)
    order = [each for each in stops_in_order(inspector) if each.isVisible() and each.isEnabled()]
    chain = []
    walk: QWidget | None = order[0]
    while walk is not None and inspector.isAncestorOf(walk):
        if walk in order:
            chain.append(walk)
        walk = walk.nextInFocusChain()
    assert [name_of(each) for each in chain] == [name_of(each) for each in order]


@pytest.mark.parametrize("key", ["Ctrl+N", "Ctrl+,", "Ctrl+K", "F1", "Ctrl+Shift+P", "Ctrl+S"])
def test_escape_closes_every_dialog_and_gives_the_keys_back(
    hand: Hand, files: FileDialogs, two_faces: Path, key: str
) -> None:
    open_two(hand, files, two_faces)
    hand.wait(lambda: focus() is hand.window.canvas)
    if key == "Ctrl+N":
        press("Ctrl+W")
    press(key)
    hand.wait(lambda: isinstance(focus().window(), QDialog))
    press("Esc")
    hand.wait(lambda: not any(each.isVisible() for each in hand.window.findChildren(QDialog)))
    hand.wait(lambda: focus().window() is hand.window)


def test_no_key_means_two_things(window: MainWindow) -> None:
    taken: dict[str, str] = {}
    actions: Actions = window.actions_
    for name, action in actions.by_key.items():
        for shortcut in action.shortcuts():
            keys = shortcut.toString()
            assert keys not in taken, f"{keys}: {taken.get(keys)} and {name}"
            taken[keys] = name
    for other in window.findChildren(QShortcut):
        assert other.key().toString() not in taken

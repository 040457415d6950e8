"""The window is killed while someone works: what was acknowledged is there at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.case.case_file import CaseFile
from app.case.verify import verify
from app.ui.case.recovery import SUFFIX, find_left, recovery_folder
from app.ui.main_window import MainWindow
from app.ui.session import Stage
from tests.gui.conftest import Hand

ROOT = Path(__file__).resolve().parents[2]

Make = Callable[[Path], MainWindow]

SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.ui import main
from app.ui.session import Stage

case = Path(sys.argv[2]) if len(sys.argv) > 2 else None
made = main.make_window

def make_window():
    window = made()
    controller = window.controller
    window.settings.set("examiner", "K. Killed")
    state = {"strokes": 0, "edits": 0}

    def work():
        photo = controller.session.current
        if photo is None or photo.stage is not Stage.READY:
            return
        if case is not None and controller.keeping.case is None:
            if not state.get("asked"):
                state["asked"] = True
                controller.keeping.create_case(
                    case, title="Killed", number="", examiner="K. Killed", keep=True
                )
            return
        state["strokes"] += 1
        number = state["strokes"]
        document = photo.document
        if number == 1:
            document.applied.connect(count)
        document.begin_stroke(radius=3, value=True)
        document.extend_stroke(5 + number * 7 % 300, 5 + number * 3 % 200)
        document.end_stroke()
        if number % 5 == 0:
            document.undo()

    def count(*_):
        # A stroke over what is painted already is no edit.
        state["edits"] += 1

    def tell():
        if state["edits"] and controller.keeping.writer.pending == 0:
            print("saved", state["edits"], flush=True)

    window.working = QTimer(window)
    window.working.timeout.connect(work)
    window.working.start(5)
    controller.keeping.saved.connect(tell)
    return window

main.make_window = make_window
sys.exit(main.run([Path(sys.argv[1])]))
"""


@contextmanager
def working_window(zoo: Path, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    """A window in a process of its own that paints on and on, and says when all is saved."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "REVISAGE_ZOO": str(zoo)}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def saved_at_least(process: subprocess.Popen[str], edits: int) -> int:
    """Wait until so many edits are saved, undone strokes among them; how many really are."""
    assert process.stdout is not None
    while line := process.stdout.readline():
        word, _, number = line.partition(" ")
        if word == "saved" and int(number) >= edits:
            return int(number)
    pytest.fail("the window ended by itself")


@pytest.mark.parametrize("edits", [1, 23])
def test_a_killed_window_loses_nothing_of_a_case(
    hand: Hand, zoo: Path, photo_file: Path, tmp_path: Path, edits: int
) -> None:
    path = tmp_path / "a.rvcase"
    with working_window(zoo, photo_file, path) as process:
        least = saved_at_least(process, edits)
        process.send_signal(signal.SIGKILL)
        process.wait()
    hand.window.settings.set("examiner", "N. Next")
    hand.window.commands.files.open_paths([path])
    keeping = hand.window.controller.keeping
    hand.wait(lambda: keeping.case is not None)
    case = keeping.case
    assert case is not None
    assert not case.read_only
    hand.wait(lambda: hand.window.controller.session.current is not None)
    hand.settle()
    assert "not closed in an orderly way" in hand.window.messages.text.text()
    kept = len(case.maps.edits(1))
    assert kept >= least
    np.testing.assert_array_equal(hand.document.map.pixels, case.maps.pixels(1))
    for _ in range(kept):
        if hand.document.history.can_undo:
            hand.document.undo()
    np.testing.assert_array_equal(hand.document.map.pixels, hand.document.automatic())
    # A window with a case leaves no recovery file behind.
    assert find_left(recovery_folder()) == []
    hand.wait(lambda: keeping.writer.pending == 0)
    hand.window.close_at_once()
    assert verify(path).problems == ()


def test_a_killed_window_without_a_case_is_offered_again(
    make: Make, zoo: Path, qtbot: QtBot, photo_file: Path
) -> None:
    with working_window(zoo, photo_file) as process:
        least = saved_at_least(process, 12)
        # While it runs, nobody else may think that it crashed.
        assert find_left(recovery_folder()) == []
        process.send_signal(signal.SIGKILL)
        process.wait()
    hand = Hand(make(zoo), qtbot)
    said = hand.window.banner.said("left")
    assert "photos 1" in said
    assert hand.window.controller.session.photos == ()
    button(hand, "Bring back").click()
    hand.wait(lambda: hand.window.controller.session.current is not None)
    hand.settle()
    assert hand.window.banner.said("left") == ""
    steps = sum(1 for _ in hand.document.history.done)
    # Of five strokes one is undone: six edits leave four steps.
    assert steps >= 4 * least // 6 - 2
    before = hand.document.map.pixels.copy()
    hand.trigger("undo")
    hand.trigger("redo")
    np.testing.assert_array_equal(hand.document.map.pixels, before)
    assert hand.window.controller.keeping.unsaved
    # What was brought back is kept again: a second crash would lose nothing either.
    hand.wait(lambda: hand.window.controller.keeping.writer.pending == 0)
    files = [*recovery_folder().glob(f"*{SUFFIX}")]
    assert len(files) == 1
    hand.window.close_at_once()
    assert [*recovery_folder().iterdir()] == []


def test_what_was_left_can_be_discarded_or_decided_later(
    make: Make, zoo: Path, qtbot: QtBot, photo_file: Path
) -> None:
    first = Hand(make(zoo), qtbot)
    first.open(photo_file)
    first.drag((20, 20), (60, 20))
    first.wait(lambda: first.window.controller.keeping.writer.pending == 0)
    # As an interrupt closes it: nobody is there to answer.
    first.window.close_at_once(recoverable=True)
    second = Hand(make(zoo), qtbot)
    assert "map edits 1" in second.window.banner.said("left")
    second.window.close()  # without a decision
    third = Hand(make(zoo), qtbot)
    button(third, "Discard").click()
    assert third.window.banner.said("left") == ""
    assert find_left(recovery_folder()) == []


def test_a_photo_that_changed_since_the_crash_does_not_get_its_old_map(
    make: Make, zoo: Path, qtbot: QtBot, photo_file: Path
) -> None:
    first = Hand(make(zoo), qtbot)
    first.open(photo_file)
    first.drag((20, 20), (60, 20))
    first.wait(lambda: first.window.controller.keeping.writer.pending == 0)
    first.window.close_at_once(recoverable=True)
    with photo_file.open("ab") as file:
        file.write(b"\0")
    second = Hand(make(zoo), qtbot)
    button(second, "Bring back").click()
    second.wait(lambda: second.window.controller.session.current is not None)
    second.settle()
    assert "has changed since the crash" in second.window.messages.text.text()
    assert not second.document.history.can_undo
    assert second.photo.stage is Stage.READY


def test_work_that_was_brought_back_goes_into_a_case(
    make: Make, zoo: Path, qtbot: QtBot, photo_file: Path, tmp_path: Path
) -> None:
    first = Hand(make(zoo), qtbot)
    first.open(photo_file)
    first.drag((20, 20), (60, 20))
    pixels = first.document.map.pixels.copy()
    first.wait(lambda: first.window.controller.keeping.writer.pending == 0)
    first.window.close_at_once(recoverable=True)
    second = Hand(make(zoo), qtbot)
    button(second, "Bring back").click()
    second.wait(lambda: second.window.controller.session.current is not None)
    second.settle()
    path = tmp_path / "late.rvcase"
    keeping = second.window.controller.keeping
    keeping.create_case(path, title="", number="", examiner="A", keep=True)
    second.wait(lambda: keeping.case is not None and keeping.writer.pending == 0)
    second.window.close_at_once()
    with CaseFile.open(path) as case:
        np.testing.assert_array_equal(case.maps.pixels(1), pixels)
    assert verify(path).problems == ()


def button(hand: Hand, text: str) -> QPushButton:
    """A button of the banner."""
    return next(each for each in hand.window.banner.buttons if each.text() == text)

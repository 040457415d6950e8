"""The real main window on tiny but real models, and the photos that these understand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.ui.main import make_application, make_window
from app.ui.main_window import MainWindow
from app.ui.map_document import MapDocument
from app.ui.session import PhotoSession, Stage
from app.workbench import Workbench
from tests.support.tiny_models import DrawnFace, draw_photo, write_tiny_zoo

WAIT_MS = 20_000
NO_MODIFIER = Qt.KeyboardModifier.NoModifier

FACE = DrawnFace((90, 40, 210, 200))


def write_photo(path: Path, pixels: NDArray[np.uint8]) -> Path:
    """Write RGB pixels."""
    assert cv2.imwrite(str(path), pixels[:, :, ::-1])
    return path


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One model of every task and kind."""
    return write_tiny_zoo(tmp_path_factory.mktemp("zoo"))


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    """A photo of one masked face, 320 x 240."""
    return write_photo(tmp_path / "masked.png", draw_photo(320, 240, [FACE]))


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[[Path], MainWindow]]:
    """Makes windows on a zoo, and closes them."""
    windows: list[MainWindow] = []
    make_application()

    def build(folder: Path) -> MainWindow:
        window = make_window(Workbench([folder], device="cpu"))
        windows.append(window)
        window.resize(1280, 800)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield build
    for window in windows:
        window.close_at_once()
        window.deleteLater()
    QTest.qWait(0)


@pytest.fixture
def window(make: Callable[[Path], MainWindow], zoo: Path) -> MainWindow:
    """An empty window."""
    return make(zoo)


class Hand:
    """What a user does to a window, and waiting for it to be done."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    @property
    def photo(self) -> PhotoSession:
        """The current photo."""
        photo = self.window.controller.session.current
        assert photo is not None
        return photo

    @property
    def document(self) -> MapDocument:
        """Its map."""
        document = self.photo.document
        assert document is not None
        return document

    def wait(self, condition: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def open(self, *paths: Path) -> PhotoSession:
        """Open photos and wait until the first is analysed."""
        before = self.window.controller.session.photos
        self.window.controller.open_paths(list(paths))
        self.wait(lambda: self.window.controller.session.photos != before)
        self.settle()
        return self.photo

    def settle(self) -> None:
        """Wait until the current photo is ready or has failed, and no edit is under way."""
        self.wait(lambda: self.photo.stage in (Stage.READY, Stage.FAILED))
        self.wait(lambda: not any(job.lane == "edit" for job in self.window.controller.jobs.jobs))

    def trigger(self, key: str) -> None:
        """Choose an action, which must be possible."""
        action = self.window.actions_[key]
        assert action.isEnabled(), key
        action.trigger()

    def ask(self, key: str) -> QDialog:
        """Choose an action that opens a dialog; the dialog, once it is seen."""
        self.trigger(key)
        self.wait(lambda: any(each.isVisible() for each in self.window.findChildren(QDialog)))
        return [each for each in self.window.findChildren(QDialog) if each.isVisible()][-1]

    def answer_closing(self, *, stop: bool) -> None:
        """Press a button of the question that closing the window has opened."""
        question = self.window.commands.case.question
        assert question is not None
        assert question.defaultButton().text() == "Cancel"
        cancel = question.button(QMessageBox.StandardButton.Cancel)
        (other,) = [button for button in question.buttons() if button is not cancel]
        QTest.mouseClick(other if stop else cancel, Qt.MouseButton.LeftButton)
        self.wait(lambda: self.window.commands.case.question is not question)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """Press and let go of a key on the canvas."""
        QTest.keyClick(self.window.canvas, key, modifiers)

    def at(self, x: float, y: float) -> QPoint:
        """Where a photo point lies on the canvas."""
        return self.window.canvas.to_widget(QPointF(x, y)).toPoint()

    def drag(
        self,
        *points: tuple[float, float],
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        modifiers: Qt.KeyboardModifier = NO_MODIFIER,
    ) -> None:
        """Press at the first photo point, move over the others, release at the last."""
        canvas = self.window.canvas
        QTest.mousePress(canvas, button, modifiers, self.at(*points[0]))
        for point in points[1:]:
            QTest.mouseMove(canvas, self.at(*point))
        QTest.mouseRelease(canvas, button, modifiers, self.at(*points[-1]))

    def tick(self, *names: str) -> None:
        """Tick these models and no others."""
        for row in self.window.inspector.reconstruct.models.rows:
            row.box.setChecked(row.card.name in names)

    def run(self, *names: str) -> None:
        """Run these models and wait until they are done."""
        self.tick(*names)
        self.trigger("run")
        controller = self.window.controller
        # With a case open the evidence is checked first.
        self.wait(lambda: not any(job.lane == "edit" for job in controller.jobs.jobs))
        self.wait(lambda: not controller.runs.running)
        self.wait(lambda: not self.window.compare.catching_up)


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    """A user at an empty window."""
    return Hand(window, qtbot)

"""The live view in the real window: a real server sends real video, tiny real models work on it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.case.case_file import CaseFile
from app.case.verify import verify
from app.export.own import FRAME_KEYWORD
from app.ui.case.summary import step_in_words
from app.ui.live.grabbing import frames_folder
from app.ui.live.page import LivePage
from app.ui.main_window import MainWindow
from app.video.order import VideoOrder
from app.video.run import make_video
from tests.gui.conftest import Hand
from tests.gui.test_responsiveness import check_never_stops, pause
from tests.support.streams import StreamServer
from tests.support.tiny_models import DrawnFace, draw_photo
from tests.support.videos import moving_frames, write_video

SIZE = (400, 300)
FACE = DrawnFace((100, 60, 220, 220))


class Watcher(Hand):
    """A user at the live view."""

    @property
    def page(self) -> LivePage:
        """The page."""
        return self.window.live

    @property
    def look(self) -> Any:
        """The frame that is shown."""
        assert self.page.feed.newest is not None
        return self.page.feed.newest.look

    def watch(self, text: str) -> None:
        """Open a source as the chooser does, and wait for its first frame."""
        self.trigger("live_view")
        self.page.chooser.address.setText(text)
        self.page.chooser.open.click()
        self.wait(lambda: self.page.feed.newest is not None)

    def filled(self) -> None:
        """Wait for a hypothesis."""
        self.wait(lambda: self.page.feed.newest is not None and self.look.faces > 0)

    def state(self, state: str) -> None:
        """Wait for a state of the source."""
        self.wait(lambda: self.page.feed.video is not None and self.page.feed.video.state == state)
        self.wait(lambda: self.page.notice.isVisible() is (state in ("lost", "ended")))

    def stand_still(self) -> int:
        """Pause, and let what was on its way arrive; returns the number of the frame that stands."""
        self.trigger("live_pause")
        number = -1
        while self.look.frame.number != number:
            number = self.look.frame.number
            # Not QTest.qWait, which lets no other Python thread run: the worker would stand still too.
            self.qtbot.wait(1000)
        return number

    def grab(self) -> None:
        """Take the frame, and wait until it is a photo."""
        count = len(self.window.controller.session.photos)
        self.trigger("live_grab")
        self.wait(lambda: len(self.window.controller.session.photos) > count)
        self.wait(lambda: not self.window.controller.keeping.writer.pending)


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    return moving_frames(draw_photo(*SIZE, [FACE]), 20, SIZE)


@pytest.fixture
def server(frames: list[Any]) -> Iterator[StreamServer]:
    with StreamServer(frames, login="guard:secret") as server:
        yield server


@pytest.fixture
def watcher(window: MainWindow, qtbot: QtBot) -> Watcher:
    return Watcher(window, qtbot)


def test_nothing_is_watched_at_first(watcher: Watcher) -> None:
    window, page = watcher.window, watcher.page
    watcher.trigger("live_view")
    assert window.stack.currentWidget() is page
    assert page.chooser.isVisible()
    assert not window.top.isVisible()
    for key in ("live_grab", "live_pause", "live_fill", "live_wipe", "live_other", "fit"):
        assert not window.actions_[key].isEnabled(), key
    assert not page.chooser.open.isEnabled()
    assert page.chooser.file.hasFocus() or not window.isActiveWindow()
    watcher.trigger("live_close")
    assert window.stack.currentWidget() is window.welcome
    assert window.top.isVisible()


def test_a_stream_beside_its_hypothesis(watcher: Watcher, server: StreamServer) -> None:
    page = watcher.page
    watcher.watch(server.address)
    watcher.filled()
    look = watcher.look
    height, width = look.frame.rgb.shape[:2]
    assert (width, height) == SIZE
    # The mask is filled in; far from it the hypothesis is the frame, bit for bit; the label is below.
    filled = look.hypothesis[:height, :width]
    assert (filled != look.frame.rgb).any()
    assert np.array_equal(filled[:, -60:], look.frame.rgb[:, -60:])
    border = look.hypothesis[height:]
    assert border.shape[0] >= 12
    assert border.min() < 80
    assert border.max() == 255
    assert "not an identification" in look.label
    assert page.screen_.made_name.title.full_text() == "Hypothesis, not an identification"
    assert page.screen_.made_name.details.full_text() == "1 masked face filled in"
    assert page.screen_.original.isVisible()
    assert page.screen_.made.isVisible()
    watcher.wait(lambda: "captured" in page.foot.rates.full_text())
    assert "dropped" in page.foot.rates.full_text()
    assert page.foot.place.text().startswith("frame ")
    assert page.top.name.full_text().startswith("http://guard:***@127.0.0.1")
    assert "secret" not in page.top.name.full_text()
    assert page.top.about.full_text() == "400 × 300  ·  stream"


def test_wipe_pause_model_and_the_source_alone(watcher: Watcher, server: StreamServer) -> None:
    window, page = watcher.window, watcher.page
    watcher.watch(server.address)
    watcher.filled()
    watcher.trigger("live_wipe")
    assert page.screen_.pair.isVisible()
    assert page.screen_.made_name.title.full_text().startswith("B  Hypothesis")
    watcher.trigger("live_side")
    assert page.screen_.original.isVisible()

    number = watcher.stand_still()
    assert page.screen_.original.badge == "Paused"
    # A frame that stands is made anew with another model.
    box = page.controls.model
    assert box.currentData() == "tiny_rgb"
    box.setCurrentIndex(box.findData("tiny_sketch"))
    box.activated.emit(box.currentIndex())
    watcher.wait(lambda: "tiny_sketch" in watcher.look.label)
    assert watcher.look.frame.number == number
    drawn = watcher.look.hypothesis[: SIZE[1]].astype(int)
    assert (drawn.max(axis=2) == drawn.min(axis=2)).all()  # grey
    assert window.settings.text("live/model") == "tiny_sketch"
    watcher.trigger("live_fill")
    watcher.wait(lambda: watcher.look.hypothesis is None)
    assert not page.screen_.made.isVisible()
    assert not window.actions_["live_wipe"].isEnabled()
    watcher.trigger("live_pause")
    watcher.wait(lambda: watcher.look.frame.number > number)
    watcher.trigger("live_fill")
    watcher.filled()


def test_a_frame_is_grabbed_into_the_case_as_evidence(
    watcher: Watcher, server: StreamServer, tmp_path: Path
) -> None:
    window = watcher.window
    keeping = window.controller.keeping
    path = tmp_path / "a.rvcase"
    keeping.create_case(path, title="A", number="", examiner="E", keep=False)
    watcher.wait(lambda: keeping.case is not None)
    watcher.watch(server.address)
    watcher.filled()
    watcher.stand_still()
    look = watcher.look
    watcher.grab()
    assert window.stack.currentWidget() is watcher.page  # watching goes on
    assert window.strip.isVisible()
    assert keeping.case is not None
    (row,) = keeping.case.evidence.photos()
    content = keeping.case.evidence.read(row.id)
    assert hashlib.sha256(content).hexdigest() == row.sha256
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        assert np.array_equal(np.asarray(image), look.frame.rgb)  # the original, without loss
        inside = json.loads(image.info[FRAME_KEYWORD])
    entry = next(each for each in keeping.case.log() if each.action == "evidence.add")
    grabbed = entry.details["grabbed"]
    assert grabbed == inside
    assert step_in_words(entry)[0] == "Frame grabbed"
    assert entry.details["sha256"] == row.sha256
    assert grabbed["frame"] == look.frame.number
    assert grabbed["pts"] == look.frame.pts
    assert grabbed["captured_utc"] == look.utc.isoformat(timespec="milliseconds")
    assert grabbed["source"].startswith("http://guard:***@127.0.0.1:")
    assert grabbed["kind"] == "stream"
    assert "secret" not in json.dumps(entry.details)
    assert row.modified_utc == grabbed["captured_utc"]
    assert f"frame {look.frame.number} at" in row.source

    # The same frame once more is the same evidence.
    watcher.trigger("live_grab")
    watcher.wait(lambda: window.messages.text.text().endswith("is in the case already."))
    assert len(keeping.case.evidence.photos()) == 1
    # It is a photo like any other.
    window.strip.list.clicked.emit(window.strip.list.model().index(0, 0))
    assert window.stack.currentWidget() is window.map_view
    watcher.settle()
    assert watcher.photo.masked
    watcher.wait(lambda: not keeping.writer.pending)
    window.close_at_once()
    assert verify(path).ok
    with CaseFile.open(path, read_only=True) as case:
        assert [each.action for each in case.log()].count("evidence.add") == 1


def test_a_video_that_revisage_made_is_no_recording_unnoticed(
    watcher: Watcher, frames: list[Any], tmp_path: Path
) -> None:
    window = watcher.window
    keeping = window.controller.keeping
    film = write_video(tmp_path / "film.mp4", frames)
    made = tmp_path / "made.mp4"
    make_video(window.controller.bench, str(film), made, VideoOrder(model="tiny_rgb", limit=5))
    keeping.create_case(tmp_path / "a.rvcase", title="A", number="", examiner="E", keep=False)
    watcher.wait(lambda: keeping.case is not None)
    watcher.watch(str(film))
    assert "Revisage made" not in window.messages.text.text()
    watcher.trigger("live_close")
    watcher.watch(str(made))
    said = "made.mp4 is a video that Revisage made and no recording"  # long folders are cut
    watcher.wait(lambda: said in window.messages.text.text())
    window.messages.dismiss()
    watcher.grab()
    assert keeping.case is not None
    entry = next(each for each in keeping.case.log() if each.action == "evidence.add")
    assert entry.details["generated"] is True
    assert entry.details["grabbed"]["generated"] is True
    assert step_in_words(entry)[0] == "Generated picture taken in"
    assert said not in window.messages.text.text()  # once is enough


def test_without_a_case_a_frame_becomes_a_photo(watcher: Watcher, server: StreamServer) -> None:
    window = watcher.window
    watcher.watch(server.address)
    watcher.trigger("live_fill")
    watcher.stand_still()
    look = watcher.look
    watcher.grab()
    (photo,) = window.controller.session.photos
    assert photo.path.parent == frames_folder()
    assert "not in a case yet" in window.messages.text.text()
    assert window.stack.currentWidget() is watcher.page
    watcher.settle()
    assert photo.photo is not None
    assert np.array_equal(photo.photo.rgb, look.frame.rgb)
    # While the photo is hidden no key changes its map.
    for key in ("undo", "grow", "clear", "run", "tool_brush", "close_photo"):
        assert not window.actions_[key].isEnabled(), key
    QTest.keyClick(watcher.page.screen_.original, Qt.Key.Key_M)
    assert window.stack.currentWidget() is window.map_view
    assert window.actions_["grow"].isEnabled()
    watcher.trigger("live_view")
    assert watcher.page.feed.newest is not None


@pytest.mark.parametrize("end", ["reset", "close"])
def test_a_lost_source_says_so_and_comes_back(
    watcher: Watcher, server: StreamServer, end: Any
) -> None:
    page = watcher.page
    watcher.watch(server.address)
    watcher.filled()
    server.kill(end)
    watcher.state("lost")
    assert page.notice.isVisible()
    sentence = page.notice.text.text()
    assert sentence.startswith("The stream http://guard:***@127.0.0.1:")
    assert sentence.endswith(").")
    assert "secret" not in sentence
    assert page.notice.again.text() == "Reconnect"
    assert watcher.window.actions_["live_grab"].isEnabled()  # the last frame is still there
    page.notice.again.click()
    watcher.filled()
    watcher.state("running")
    assert not page.notice.isVisible()
    assert server.clients == 2


def test_nobody_at_the_address(watcher: Watcher, frames: list[Any]) -> None:
    with StreamServer(frames) as gone:
        address = gone.address
    watcher.trigger("live_view")
    watcher.page.chooser.address.setText(address)
    watcher.page.chooser.open.click()
    watcher.state("lost")
    assert "check the address and the network" in watcher.page.notice.text.text()
    assert not watcher.window.actions_["live_grab"].isEnabled()
    watcher.trigger("live_other")
    assert watcher.page.chooser.isVisible()


def test_a_camera_that_is_not_there(watcher: Watcher) -> None:
    watcher.trigger("live_view")
    watcher.page.chooser.chosen.emit("97")
    watcher.state("lost")
    assert "There is no camera 97" in watcher.page.notice.text.text()


def test_switching_to_another_source_leaves_nothing_behind(
    watcher: Watcher, server: StreamServer, frames: list[Any], tmp_path: Path
) -> None:
    page = watcher.page
    film = write_video(tmp_path / "film.mp4", frames[:5], sound=None)
    watcher.watch(server.address)
    watcher.filled()
    first = page.feed.video
    server.kill("silence")  # its reader waits for frames that never come
    watcher.window.commands.files.open_paths([film])
    assert page.feed.video is not first
    assert page.feed.newest is None
    watcher.state("ended")
    assert page.notice.text.text() == "The video has ended."
    second = page.feed.video
    assert second is not None
    assert second.source.kind == "file"
    watcher.wait(lambda: watcher.look.frame.number == 4)  # the last one is still being worked on
    page.notice.again.click()
    watcher.state("ended")
    watcher.window.close_at_once()
    assert not [each for each in threading.enumerate() if each.name.startswith("live-")]


def test_closing_the_window_while_a_source_is_being_opened(
    watcher: Watcher, frames: list[Any]
) -> None:
    with StreamServer(frames, after=1, end="silence") as server:
        watcher.trigger("live_view")
        watcher.page.chooser.address.setText(server.address)
        watcher.page.chooser.open.click()
        watcher.window.close_at_once()
        assert not [each for each in threading.enumerate() if each.name.startswith("live-")]


def test_a_model_that_does_not_work_leaves_the_source_alone(
    make: Callable[[Path], MainWindow],
    qtbot: QtBot,
    zoo: Path,
    tmp_path: Path,
    server: StreamServer,
) -> None:
    broken = tmp_path / "zoo"
    shutil.copytree(zoo, broken)
    (broken / "tiny_rgb" / "model.onnx").write_bytes(b"x" * 10)
    watcher = Watcher(make(broken), qtbot)
    watcher.watch(server.address)
    watcher.wait(lambda: watcher.page.notice.isVisible())
    assert "tiny_rgb" in watcher.page.notice.text.text()
    assert not watcher.window.actions_["live_fill"].isChecked()
    number = watcher.look.frame.number
    watcher.wait(lambda: watcher.look.frame.number > number)
    assert watcher.look.hypothesis is None


def test_the_label_is_whole_wherever_the_divider_stands(
    watcher: Watcher, server: StreamServer
) -> None:
    watcher.watch(server.address)
    watcher.filled()
    watcher.stand_still()
    watcher.trigger("live_wipe")
    pair = watcher.page.screen_.pair
    strips = []
    for divider in (0.0, 1.0):
        pair.move_divider(divider)
        height = SIZE[1]
        whole = watcher.look.hypothesis.shape
        area = pair.widget_rectangle(QRectF(0, height, whole[1], whole[0] - height), margin=-3)
        strips.append(pair.grab(area).toImage().convertToFormat(QImage.Format.Format_RGB32))
    assert strips[0] == strips[1]


@pytest.mark.timeout(400)
def test_watching_never_stops_the_window(watcher: Watcher) -> None:
    large = moving_frames(
        draw_photo(1920, 1080, [DrawnFace((700, 200, 1200, 860))]), 4, (1920, 1080)
    )
    with StreamServer(large, rate=15) as server:
        watcher.watch(server.address)
        watcher.filled()

        def watch(wipe: str) -> None:
            watcher.trigger(wipe)
            pause(1500)
            watcher.trigger("live_grab")
            pause(1000)
            watcher.trigger("live_reconnect")
            watcher.filled()

        check_never_stops(*(partial(watch, key) for key in ("live_wipe", "live_side", "live_wipe")))

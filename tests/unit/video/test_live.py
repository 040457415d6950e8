"""A video as it comes: the newest frame wins, and everything ends when it is asked to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.video.live import LiveVideo
from app.video.look import Look
from app.video.source import source_of
from app.workbench import Workbench
from tests.support.streams import StreamServer
from tests.support.tiny_models import DrawnFace, draw_photo, write_tiny_zoo
from tests.support.videos import moving_frames, write_video

SIZE = (320, 240)
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench([write_tiny_zoo(tmp_path_factory.mktemp("zoo"))], device="cpu", threads=1)


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    return moving_frames(draw_photo(*SIZE, [DrawnFace((80, 40, 200, 200))]), 10, SIZE)


class Watch:
    """Opens sources and keeps what is shown of them.

    Attributes:
        looks: every frame, in order.
        hold: called with each before it is kept, in the thread that worked on it.
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.looks: list[Look] = []
        self.hold: Callable[[Look], None] = lambda _: None
        self.told = 0
        self.videos: list[LiveVideo] = []

    def open(self, address: str, *, model: str | None, patience_s: float = 5.0) -> LiveVideo:
        video = LiveVideo(
            self.bench,
            source_of(address),
            model=model,
            show=self._show,
            tell=self._tell,
            patience_s=patience_s,
        )
        self.videos.append(video)
        video.start()
        return video

    def _show(self, look: Look) -> None:
        self.hold(look)
        self.looks.append(look)

    def _tell(self) -> None:
        self.told += 1

    @staticmethod
    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)


@pytest.fixture
def watch(bench: Workbench) -> Iterator[Watch]:
    made = Watch(bench)
    yield made
    for video in made.videos:
        video.join()
        assert video.ended


def test_a_file_from_its_first_frame_to_its_last(
    watch: Watch, frames: list[Any], tmp_path: Path
) -> None:
    film = write_video(tmp_path / "film.mp4", frames, sound=None)
    video = watch.open(str(film), model=None)
    watch.wait(lambda: video.state == "ended")
    watch.wait(lambda: bool(watch.looks) and watch.looks[-1].frame.number == len(frames) - 1)
    assert video.info is not None
    assert (video.info.width, video.info.height) == SIZE
    numbers = [look.frame.number for look in watch.looks]
    assert numbers == sorted(set(numbers))
    assert len(numbers) + video.rates().dropped == len(frames)
    assert all(look.hypothesis is None and look.label == "" for look in watch.looks)
    assert watch.looks[-1].seconds == pytest.approx(9 / 25, abs=1e-3)


def test_who_is_slow_gets_the_newest_frame_and_none_that_is_late(
    watch: Watch, frames: list[Any]
) -> None:
    def hold(_: Look) -> None:
        """Be busy until three more frames were left out."""
        video = watch.videos[0]
        before = video.rates().dropped
        watch.wait(lambda: video.rates().dropped >= before + 3 or len(watch.looks) >= 4)

    with StreamServer(frames, rate=50) as server:
        watch.hold = hold
        video = watch.open(server.address, model=None)
        watch.wait(lambda: len(watch.looks) >= 5)
        video.join()
    gaps = np.diff([look.frame.number for look in watch.looks[:5]])
    assert (gaps[:4] >= 4).all()  # the newest, not the next one
    assert video.rates().dropped >= 12


def test_masked_faces_are_filled_in_and_labelled(watch: Watch, frames: list[Any]) -> None:
    with StreamServer(frames) as server:
        video = watch.open(server.address, model="tiny_rgb")
        watch.wait(lambda: bool(watch.looks) and watch.looks[-1].faces == 1)
        assert not video.loading
        look = watch.looks[-1]
        assert look.hypothesis is not None
        assert look.label.startswith("Revisage hypothesis, not an identification - model tiny_rgb")
        height = SIZE[1]
        assert np.array_equal(look.hypothesis[:height, -40:], look.frame.rgb[:, -40:])
        assert look.hypothesis.shape[0] > height
        video.choose("tiny_gan")
        watch.wait(lambda: "tiny_gan" in watch.looks[-1].label)
        video.choose(None)
        watch.wait(lambda: watch.looks[-1].hypothesis is None)
        video.join()
    kept = [look.hypothesis for look in watch.looks if look.hypothesis is not None]
    assert len({id(each) for each in kept}) == len(kept)  # each its own picture


def test_paused_nothing_comes_and_a_file_goes_on_where_it_stood(
    watch: Watch, frames: list[Any], tmp_path: Path
) -> None:
    film = write_video(tmp_path / "film.mp4", frames * 4, sound=None)
    video = watch.open(str(film), model=None)
    watch.wait(lambda: len(watch.looks) >= 2)
    video.pause(True)
    time.sleep(0.3)
    count, number = len(watch.looks), watch.looks[-1].frame.number
    time.sleep(0.5)
    assert len(watch.looks) == count
    video.pause(False)
    watch.wait(lambda: len(watch.looks) > count)
    assert watch.looks[count].frame.number <= number + 3
    watch.wait(lambda: video.state == "ended")


def test_a_source_that_falls_silent_is_lost(watch: Watch, frames: list[Any]) -> None:
    with StreamServer(frames, after=20, end="silence") as server:
        video = watch.open(server.address, model=None, patience_s=1.0)
        watch.wait(lambda: video.state == "lost")
        assert video.why.endswith("gave nothing for 1 seconds.")
    assert watch.told >= 2
    assert watch.looks


def test_an_unknown_model_is_told_and_the_source_goes_on(watch: Watch, frames: list[Any]) -> None:
    with StreamServer(frames) as server:
        video = watch.open(server.address, model="nothing")
        watch.wait(lambda: bool(video.trouble))
        assert "nothing" in video.trouble
        count = len(watch.looks)
        watch.wait(lambda: len(watch.looks) > count)
        video.join()
    assert all(look.hypothesis is None for look in watch.looks)


def test_it_can_be_ended_before_anything_came(watch: Watch, frames: list[Any]) -> None:
    with StreamServer(frames, after=1, end="silence") as server:
        video = watch.open(server.address, model="tiny_rgb", patience_s=1.0)
        video.join()
        assert video.ended
        assert video.state in ("opening", "running")


@pytest.mark.expects_log("a live view ended")
def test_an_unexpected_error_is_told_too(watch: Watch, frames: list[Any]) -> None:
    def fail(_: Look) -> None:
        raise ZeroDivisionError

    with StreamServer(frames) as server:
        watch.hold = fail
        video = watch.open(server.address, model=None)
        watch.wait(lambda: video.state == "lost")
        assert "failed unexpectedly (ZeroDivisionError)" in video.why
        video.join()

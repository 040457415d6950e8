"""Cameras that speak RTSP: a real server, in a process of its own, which is killed and frozen."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.inference.session import CancelToken
from app.video.errors import VideoError
from app.video.live import LiveVideo
from app.video.look import Look
from app.video.read import VideoFrames
from app.video.source import source_of
from app.workbench import Workbench
from tests.support.rtsp import RtspServer, why_no_rtsp
from tests.support.tiny_models import DrawnFace, draw_photo, write_tiny_zoo
from tests.support.videos import RATE, moving_frames, repeat_video, write_video

if why_no_rtsp():
    pytest.skip(why_no_rtsp(), allow_module_level=True)

SIZE = (320, 240)
COUNT = 50
TIMES = 300
"""So often in a film that outlasts every test."""

HOURS_S = 3 * 3600.0


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    return moving_frames(draw_photo(*SIZE, [DrawnFace((80, 40, 200, 200))]), COUNT, SIZE)


@pytest.fixture(scope="module")
def short(frames: list[Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("film") / "short.mp4", frames, sound=None)


@pytest.fixture(scope="module")
def long(short: Path) -> Path:
    return repeat_video(short.with_name("long.mp4"), short, TIMES)


def opened(address: str, *, patience_s: float = 60.0, cancel: CancelToken | None = None) -> Any:
    return VideoFrames(source_of(address), patience_s=patience_s, prompt=True, cancel=cancel)


def test_every_frame_comes_with_its_time(short: Path, frames: list[Any]) -> None:
    with RtspServer(short) as server:
        stream = opened(server.address)
        try:
            assert (stream.codec, stream.info.live) == ("h264", True)
            assert (stream.info.width, stream.info.height) == SIZE
            found = list(stream.frames())
        finally:
            stream.close()
    assert len(found) == COUNT
    small = np.stack([each[::8, ::8] for each in frames]).astype(int)
    for number, frame in enumerate(found):
        assert np.abs(small - frame.rgb[::8, ::8]).mean((1, 2, 3)).argmin() == number
    steps = [float((b.pts - a.pts) * stream.info.time_base) for a, b in pairwise(found)]
    # A sender that begins with pictures out of their order has no time for the first.
    assert steps[1:] == pytest.approx([1 / RATE] * (COUNT - 2), abs=1e-3)
    assert stream.broke_off.endswith("sends no more frames.")


def test_a_camera_that_is_switched_off(long: Path) -> None:
    with RtspServer(long) as server:
        stream = opened(server.address)
        try:
            coming = stream.frames()
            for _ in range(10):
                next(coming)
            server.kill()
            rest = list(coming)
        finally:
            stream.close()
    assert len(rest) < TIMES * COUNT - 10
    assert stream.broke_off == f"{server.address} sends no more frames."


def test_a_camera_whose_cable_is_pulled(long: Path) -> None:
    with RtspServer(long) as server:
        stream = opened(server.address, patience_s=1.0)
        try:
            coming = stream.frames()
            next(coming)
            server.freeze()
            list(coming)
        finally:
            stream.close()
    assert stream.broke_off.endswith("gave nothing for 1 seconds.")


def test_a_camera_that_is_frozen_is_let_go_of_at_once(long: Path) -> None:
    cancel = CancelToken()
    with RtspServer(long) as server:
        stream = opened(server.address, patience_s=HOURS_S, cancel=cancel)
        try:
            coming = stream.frames()
            next(coming)
            server.freeze()
            cancel.cancel()
            list(coming)
        finally:
            stream.close()
    assert stream.broke_off == ""  # nothing broke off: somebody ended it


def test_a_password_is_given_and_not_told(short: Path) -> None:
    with RtspServer(short, user="guard", password="s3cret") as server:
        stream = opened(server.address)
        try:
            assert next(stream.frames()).rgb.shape == (SIZE[1], SIZE[0], 3)
        finally:
            stream.close()
        with pytest.raises(VideoError, match="could not be opened") as raised:
            opened(server.address.replace("s3cret", "wr0ng"))
    assert "wr0ng" not in str(raised.value)
    assert "guard:***@127.0.0.1" in str(raised.value)


def test_a_path_that_the_camera_does_not_have(short: Path) -> None:
    with RtspServer(short) as server, pytest.raises(VideoError, match="could not be opened"):
        opened(server.address.replace("/live", "/other"))


def test_the_live_view_until_the_camera_is_lost(
    long: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bench = Workbench([write_tiny_zoo(tmp_path_factory.mktemp("zoo"))], device="cpu", threads=1)
    looks: list[Look] = []
    with RtspServer(long) as server:
        video = LiveVideo(
            bench, source_of(server.address), model="tiny_rgb", show=looks.append, tell=lambda: None
        )
        video.start()
        try:
            _wait(lambda: any(look.hypothesis is not None and look.faces for look in looks))
            server.kill()
            _wait(lambda: video.state == "lost")
            assert video.why == f"{server.address} sends no more frames."
        finally:
            video.join()


def _wait(condition: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)

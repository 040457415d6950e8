"""Files, streams and cameras as frames: real files, and a real server on this computer."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.video.errors import VideoError
from app.video.read import VideoFrames, open_frames
from app.video.source import source_of
from tests.support.streams import End, Kind, StreamServer
from tests.support.tiny_models import DrawnFace, draw_photo
from tests.support.videos import RATE, moving_frames, write_video

SIZE = (320, 240)
COUNT = 12


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    return moving_frames(draw_photo(*SIZE, [DrawnFace((80, 40, 200, 200))]), COUNT, SIZE)


def opened(address: str, *, patience_s: float = 20.0) -> VideoFrames:
    return VideoFrames(source_of(address), patience_s=patience_s, prompt=True)


def test_a_file_from_any_frame_on(frames: list[Any], tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mp4", frames)
    film = open_frames(str(path))
    try:
        assert (film.info.width, film.info.height, film.info.live) == (*SIZE, False)
        assert film.codec == "h264"
        found = list(film.frames(5))
        assert [frame.number for frame in found] == list(range(5, COUNT))
        assert np.abs(found[0].rgb.astype(int) - frames[5]).mean() < 4
        again = list(film.frames())
        assert [frame.number for frame in again] == list(range(COUNT))
        times = [float(frame.pts * film.info.time_base) for frame in again]
        assert times == pytest.approx([number / RATE for number in range(COUNT)], abs=1e-3)
    finally:
        film.close()


@pytest.mark.parametrize("kind", ["mjpeg", "mpegts"])
@pytest.mark.parametrize("end", ["reset", "close"])
def test_a_stream_until_it_is_lost(frames: list[Any], kind: Kind, end: End) -> None:
    with StreamServer(frames, kind=kind, rate=50, after=30, end=end) as server:
        stream = opened(server.address)
        try:
            assert stream.info.live
            assert (stream.info.width, stream.info.height) == SIZE
            found = list(stream.frames())
        finally:
            stream.close()
    # What was on its way when a connection was torn down is lost with it.
    assert (1 if end == "reset" else 25) <= len(found) <= 30
    assert [frame.number for frame in found] == list(range(len(found)))
    assert all(later.pts > earlier.pts for earlier, later in pairwise(found))
    assert np.abs(found[0].rgb.astype(int) - frames[0]).mean() < 6
    # A server that goes without a word about the length leaves the stream unfinished.
    assert "broke off" in stream.broke_off


def test_a_stream_that_falls_silent_is_lost(frames: list[Any]) -> None:
    with StreamServer(frames, rate=50, after=10, end="silence") as server:
        stream = opened(server.address, patience_s=1.0)
        try:
            found = list(stream.frames())
        finally:
            stream.close()
    assert len(found) >= 5
    assert stream.broke_off.endswith("gave nothing for 1 seconds.")


def test_times_go_on_when_the_sender_was_started_anew(frames: list[Any], tmp_path: Path) -> None:
    """Two recordings one behind the other are what a camera that was switched off and on sends."""
    first = write_video(tmp_path / "a.ts", frames, sound=None).read_bytes()
    (tmp_path / "both.ts").write_bytes(first + first)
    film = open_frames(str(tmp_path / "both.ts"))
    try:
        film.info = type(film.info)(**{**vars(film.info), "live": True})
        film._container.seek(0)
        times = [frame.pts for frame in film.frames()]
    finally:
        film.close()
    assert len(times) >= 2 * COUNT - 2
    assert all(later > earlier for earlier, later in pairwise(times))
    assert float((times[-1] - times[0]) * film.info.time_base) < 4


def test_nobody_there_is_one_sentence_without_the_password(frames: list[Any]) -> None:
    with StreamServer(frames) as server:
        port = server.address.rpartition(":")[2]
    with pytest.raises(VideoError) as raised:
        opened(f"http://guard:secret@127.0.0.1:{port}")
    sentence = str(raised.value)
    assert "guard:***@127.0.0.1" in sentence
    assert "secret" not in sentence
    assert sentence.endswith("check the address and the network.")
    assert "\n" not in sentence


def test_what_is_no_video_at_an_address(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(VideoError, match="could not be opened"):
        opened(f"file://{tmp_path / 'text.mp4'}")

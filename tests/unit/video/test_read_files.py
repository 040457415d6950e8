"""Files that are not as they should be: times, sizes, names; and whole files at an address."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from app.video.errors import VideoError
from app.video.read import open_frames, square_size
from app.video.source import source_of
from tests.support.streams import Kind, StreamServer
from tests.support.tiny_models import DrawnFace, draw_photo
from tests.support.videos import RATE, moving_frames, write_video
from tests.support.web import Length, served_folder

SIZE = (320, 240)
COUNT = 24


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    return moving_frames(draw_photo(*SIZE, [DrawnFace((80, 40, 200, 200))]), COUNT, SIZE)


def read(path: Path | str, start: int = 0) -> tuple[list[float], list[Any]]:
    """Times in seconds and pixels of the frames from a number on."""
    film = open_frames(str(path))
    try:
        found = list(film.frames(start))
        return [float(each.pts * film.info.time_base) for each in found], [f.rgb for f in found]
    finally:
        film.close()


def even(times: list[float]) -> bool:
    """Whether the frames follow each other at the usual rate."""
    return all(later - earlier == pytest.approx(1 / RATE) for earlier, later in pairwise(times))


def two_recordings(path: Path, frames: list[Any]) -> Path:
    """One recording behind another, each of two seconds, whose times begin anew."""
    one = write_video(path.with_name("one.ts"), [*frames, *frames], sound=None).read_bytes()
    path.write_bytes(one + one)
    return path


def test_frames_that_avi_counts_as_they_are_stored(frames: list[Any], tmp_path: Path) -> None:
    film = write_video(tmp_path / "film.avi", frames, sound=None)
    with av.open(os.fspath(film)) as container:
        stored = [frame.pts or 0 for frame in container.decode(video=0)]
    assert stored != sorted(stored), "the film shows nothing"
    times, pixels = read(film)
    assert len(times) == COUNT
    assert even(times)
    for number, rgb in enumerate(pixels):
        assert np.abs(rgb.astype(int) - frames[number]).mean() < 6


def test_two_recordings_in_one_file_are_one_line_of_time(frames: list[Any], tmp_path: Path) -> None:
    times, _ = read(two_recordings(tmp_path / "both.ts", frames))
    assert len(times) == 4 * COUNT
    assert even(times)


def test_work_that_goes_on_finds_the_same_times(frames: list[Any], tmp_path: Path) -> None:
    film = two_recordings(tmp_path / "both.ts", frames)
    times, _ = read(film)
    for start in (7, 2 * COUNT + 3):
        assert read(film, start)[0] == times[start:]


def test_a_bare_stream_of_pictures(frames: list[Any], tmp_path: Path) -> None:
    """An export without a container: nothing says when a frame is, and nobody can seek in it."""
    bare = write_video(tmp_path / "film.h264", frames, sound=None)
    film = open_frames(str(bare))
    try:
        for _ in range(2):
            found = list(film.frames())
            assert [frame.number for frame in found] == list(range(COUNT))
            assert even([float(frame.pts * film.info.time_base) for frame in found])
            assert np.abs(found[0].rgb.astype(int) - frames[0]).mean() < 6
    finally:
        film.close()


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        (Fraction(1, 2), (320, 480)),
        (Fraction(16, 15), (341, 240)),
        (Fraction(1), SIZE),
        (Fraction(1281, 1280), SIZE),
        (Fraction(1, 255), SIZE),
        (None, SIZE),
    ],
)
def test_sizes_in_square_pixels(aspect: Fraction | None, size: tuple[int, int]) -> None:
    assert square_size(*SIZE, aspect) == size


def test_pixels_become_square(frames: list[Any], tmp_path: Path) -> None:
    """Half of the lines left out, as an interlaced recorder does: shown, it is as high as before."""
    film = tmp_path / "film.mp4"
    with av.open(os.fspath(film), "w") as container:
        video: Any = container.add_stream("libx264", rate=RATE, options={"crf": "5"})
        video.width, video.height, video.pix_fmt = SIZE[0], SIZE[1] // 2, "yuv420p"
        video.codec_context.sample_aspect_ratio = Fraction(1, 2)
        for number, rgb in enumerate(frames):
            squashed = np.ascontiguousarray(rgb[::2])
            frame = av.VideoFrame.from_ndarray(squashed, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    opened = open_frames(str(film))
    try:
        assert (opened.info.width, opened.info.height) == SIZE
        first = next(opened.frames()).rgb
    finally:
        opened.close()
    assert first.shape == frames[0].shape
    assert np.abs(first.astype(int) - frames[0]).mean() < 8


NAMES = [b"cam1:front.mp4", b"http:front.mp4"]
if sys.platform == "linux":
    NAMES.append(b"caf\xe9.mp4")  # not UTF-8, as from an old archive


@pytest.mark.skipif(sys.platform == "win32", reason="no name there has a colon")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_exists_is_opened_as_one(
    frames: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: bytes
) -> None:
    film = write_video(tmp_path / "film.mp4", frames)
    film.rename(tmp_path / os.fsdecode(name))
    monkeypatch.chdir(tmp_path)
    assert len(read(os.fsdecode(name))[0]) == COUNT


@pytest.mark.skipif(sys.platform == "win32", reason="no name there has a colon")
def test_a_path_like_an_address(
    frames: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rtsp:").mkdir()
    write_video(tmp_path / "rtsp:" / "film.mp4", frames)
    monkeypatch.chdir(tmp_path)
    assert source_of("rtsp://film.mp4").kind == "file"
    assert source_of("rtsp://other.mp4").kind == "stream"


def test_an_address_longer_than_any_file_name() -> None:
    assert source_of(f"https://host/film.mp4?token={'x' * 400}").kind == "stream"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of the test's folder on a web server of this computer."""
    with served_folder(tmp_path) as address:
        yield address


@pytest.mark.parametrize("name", ["film.ts", "film.mkv"])
def test_a_whole_file_at_an_address_can_wait(
    frames: list[Any], tmp_path: Path, served: str, name: str
) -> None:
    write_video(tmp_path / name, frames)
    film = open_frames(f"{served}/{name}")
    try:
        assert film.finite
        assert film.info.live
        assert len(list(film.frames())) == COUNT
        assert film.broke_off == ""
    finally:
        film.close()


MUXERS = {
    "whole.mp4": {"movflags": "faststart"},
    "whole.mkv": {},
    "whole.avi": {},
    "whole.flv": {},
    "live.mkv": {"live": "1"},
    "live.mp4": {"movflags": "frag_keyframe+empty_moov"},
    "live.ts": {},
}


@pytest.mark.parametrize("name", MUXERS)
@pytest.mark.parametrize("length", ["chunked", "untold"])
def test_where_no_length_is_told_the_container_says_whether_it_is_whole(
    frames: list[Any], tmp_path: Path, name: str, length: Length
) -> None:
    write_video(tmp_path / name, frames, sound=None, muxer=MUXERS[name])
    whole = name.startswith("whole")
    with served_folder(tmp_path, length=length) as address:
        film = open_frames(f"{address}/{name}")
        try:
            assert film.finite == whole
            # Also those that the decoder still held when the connection ended.
            assert len(list(film.frames())) == COUNT
            assert film.finite == whole
            # To FFmpeg every end is a break that was not announced.
            lost = length == "untold" and not whole
            assert ("broke off" in film.broke_off) == lost
        finally:
            film.close()


def test_a_stream_that_counts_only_its_first_frames_goes_on(
    frames: list[Any], tmp_path: Path
) -> None:
    """The first fragment may lie in the head of an MP4 that is being made."""
    write_video(tmp_path / "live.mp4", frames, sound=None, muxer={"movflags": "frag_keyframe"})
    with served_folder(tmp_path, length="chunked") as address:
        film = open_frames(f"{address}/live.mp4")
        try:
            counted = film._stream.frames
            assert 0 < counted < COUNT
            ends = [film.finite for _ in film.frames()]
            assert ends == [number < counted for number in range(COUNT)]
        finally:
            film.close()


def test_a_file_that_cannot_be_looked_at() -> None:
    with pytest.raises(VideoError, match=r"could not be read .*; check the drive it is on"):
        open_frames(f"/{'x' * 300}.mp4")


def test_a_file_that_this_user_may_not_read(frames: list[Any], tmp_path: Path) -> None:
    film = write_video(tmp_path / "film.mp4", frames, sound=None)
    film.chmod(0)
    if os.access(film, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(VideoError, match="may not be read by this user"):
        open_frames(str(film))


@pytest.mark.parametrize(
    ("kept", "said"),
    [(0, "is empty (zero bytes); copy it again"), (0.5, "; copy it again, or choose another.")],
)
def test_a_file_that_was_not_copied_whole(
    frames: list[Any], tmp_path: Path, kept: float, said: str
) -> None:
    film = write_video(tmp_path / "film.mp4", frames, sound=None)
    content = film.read_bytes()
    film.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(VideoError, match=re.escape(said)):
        open_frames(str(film))


@pytest.mark.parametrize("length", ["told", "chunked"])
def test_a_file_that_a_server_cannot_send_in_parts_is_to_be_downloaded(
    frames: list[Any], tmp_path: Path, length: Length
) -> None:
    write_video(tmp_path / "film.mp4", frames, sound=None)
    with (
        served_folder(tmp_path, length=length) as address,
        pytest.raises(VideoError, match=r"; if it is a file, download it and give that\.$"),
    ):
        open_frames(f"{address}/film.mp4")


@pytest.mark.parametrize("kind", ["mjpeg", "mpegts"])
def test_a_camera_at_the_same_kind_of_address_cannot(frames: list[Any], kind: Kind) -> None:
    with StreamServer(frames, kind=kind) as server:
        stream = open_frames(server.address)
        try:
            assert not stream.finite
        finally:
            stream.close()

"""One file out of segments: the sound moved with the picture, as long as it, and never in its way."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from app.video.encode import FrameWriter
from app.video.errors import VideoError
from app.video.join import join
from app.video.read import open_frames
from app.video.sound import SoundReport, aac_rate
from tests.support import videos
from tests.support.tiny_models import draw_photo
from tests.support.videos import (
    RATE,
    SOUND_RATE,
    TONE,
    changed,
    moving_frames,
    nonsense,
    read_sound,
    write_video,
)

SIZE = (160, 120)
COUNT = 30


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    return moving_frames(draw_photo(*SIZE, []), COUNT, SIZE)


def joined(film: Path, *, limit: int = 0, report: SoundReport | None = None) -> tuple[Path, bool]:
    """A film's frames put together again with its sound, and whether there is any."""
    source = open_frames(str(film))
    segment, times = film.with_name("segment.mp4"), []
    try:
        info = source.info
        writer = FrameWriter(segment, width=info.width, height=info.height, rate=info.rate)
        for frame in source.frames():
            if limit and frame.number >= limit:
                break
            writer.write(frame.rgb)
            times.append(frame.pts)
        writer.close()
    finally:
        source.close()
    out = film.with_name("joined.mp4")
    sound = join(
        [(segment, times)],
        out,
        time_base=info.time_base,
        sound_of=str(film),
        metadata={},
        report=report,
    )
    return out, sound


def spans(path: Path) -> dict[str, tuple[float, float]]:
    """Per kind of stream: when its first frame begins and its last one ends, in seconds."""
    found = {}
    for kind in ("video", "audio"):
        with av.open(os.fspath(path)) as container:
            decoded: list[Any] = list(container.decode(**{kind: 0}))
        last = decoded[-1]
        length = 1 / RATE if kind == "video" else last.samples / last.sample_rate
        found[kind] = (decoded[0].time, last.time + length)
    return found


def peak(sound: Any) -> float:
    """The strongest tone, in Hz."""
    spectrum = np.abs(np.fft.rfft(sound))
    return float(np.fft.rfftfreq(len(sound), 1 / SOUND_RATE)[int(spectrum.argmax())])


@pytest.mark.parametrize("codec", ["mp2", "aac"])
def test_sound_that_begins_late_is_moved_with_the_picture(
    frames: list[Any], tmp_path: Path, codec: str
) -> None:
    """A recorder's clock does not begin at 0; mp2 is encoded anew, AAC is copied."""
    film = write_video(tmp_path / "film.ts", frames, sound=codec)
    late = changed(film, tmp_path / "late.ts", lambda packet, number: packet, later_s=10)
    out, sound = joined(late)
    assert sound
    for begin, end in spans(out).values():
        assert begin == pytest.approx(0, abs=0.05)
        assert end == pytest.approx(COUNT / RATE, abs=0.07)


def test_sound_that_begins_after_the_picture_keeps_its_distance(
    frames: list[Any], tmp_path: Path
) -> None:
    def later(packet: Any, number: int) -> Any:
        packet.pts += round(Fraction(1, 2) / packet.time_base)
        packet.dts = packet.pts
        return packet

    film = write_video(tmp_path / "film.mkv", frames, sound="pcm_s16le")
    out, _ = joined(changed(film, tmp_path / "late.mkv", later))
    heard = read_sound(out)
    assert heard is not None
    assert np.abs(heard[: round(0.45 * SOUND_RATE)]).max() < 0.02
    assert np.abs(heard[round(0.55 * SOUND_RATE) : SOUND_RATE]).max() > 0.3


@pytest.mark.parametrize("codec", ["mp2", "flac"])
def test_a_damaged_place_of_the_sound_is_left_out_and_counted(
    frames: list[Any], tmp_path: Path, codec: str
) -> None:
    whole = write_video(tmp_path / "whole.mkv", frames, sound=codec)
    film = changed(whole, tmp_path / "damaged.mkv", nonsense)
    report = SoundReport()
    out, sound = joined(film, report=report)
    assert sound
    assert report == SoundReport(damaged=1)
    assert spans(out)["audio"][1] == pytest.approx(COUNT / RATE, abs=0.1)


@pytest.mark.parametrize("rate", [6000, 11025, 192_000])
def test_sound_at_a_rate_that_aac_does_not_take(
    frames: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rate: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(videos, "SOUND_RATE", rate)
        film = write_video(tmp_path / "film.mov", frames, sound="pcm_s16le")
    out, sound = joined(film)
    assert sound
    heard = read_sound(out)
    assert heard is not None
    assert peak(heard[4800:38400]) == pytest.approx(TONE, abs=3)


def test_rates_are_raised_rather_than_lowered() -> None:
    assert [aac_rate(rate) for rate in (6000, 8000, 37_800, 48_000, 192_000, 0)] == [
        *(7350, 8000, 44_100, 48_000, 96_000, 48_000),
    ]


@pytest.mark.parametrize("codec", ["aac", "mp2"])
def test_sound_ends_with_the_last_frame(frames: list[Any], tmp_path: Path, codec: str) -> None:
    film = write_video(tmp_path / "film.mkv", frames, sound=codec)
    out, _ = joined(film, limit=10)
    ends = {kind: end for kind, (_, end) in spans(out).items()}
    assert ends == {kind: pytest.approx(10 / RATE, abs=0.03) for kind in ("video", "audio")}


@pytest.mark.parametrize("codec", ["aac", "mp2"])
def test_two_recordings_in_one_file_keep_their_sound(
    frames: list[Any], tmp_path: Path, codec: str
) -> None:
    one = write_video(tmp_path / "one.ts", [*frames, *frames], sound=codec).read_bytes()
    film = tmp_path / "both.ts"
    film.write_bytes(one + one)
    out, _ = joined(film)
    for begin, end in spans(out).values():
        assert begin == pytest.approx(0, abs=0.05)
        assert end == pytest.approx(4 * COUNT / RATE, abs=0.1)


def test_sound_that_cannot_be_used_at_all_leaves_the_pictures(
    frames: list[Any], tmp_path: Path
) -> None:
    def broken(packet: Any, number: int) -> Any:
        return nonsense(packet, 10)

    whole = write_video(tmp_path / "whole.mkv", frames, sound="flac")
    film = changed(whole, tmp_path / "broken.mkv", broken)
    report = SoundReport()
    out, sound = joined(film, report=report)
    assert not sound
    assert report.lost.startswith(f"Sound of {film} could not be taken along (")
    with av.open(os.fspath(out)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        assert len(list(container.decode(video=0))) == COUNT


def test_what_cannot_be_written_names_the_source(frames: list[Any], tmp_path: Path) -> None:
    film = write_video(tmp_path / "film.mp4", frames)
    (tmp_path / "joined.mp4").mkdir()
    with pytest.raises(VideoError) as raised:
        joined(film)
    assert str(raised.value).startswith(f"The frames of {film} could not be put together")
    assert "joined.mp4" not in str(raised.value)

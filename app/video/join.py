"""Encoded segments put together to one file, with the sound of their source."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from app.video.errors import VideoError
from app.video.media import reason
from app.video.read import open_source
from app.video.sound import Sound, SoundError, SoundReport
from app.video.source import source_of

USUAL_RATE = Fraction(25)
"""Frames per second where a source does not say."""


def join(
    parts: list[tuple[Path, list[int]]],
    target: Path,
    *,
    time_base: Fraction,
    sound_of: str | None,
    metadata: dict[str, str],
    report: SoundReport | None = None,
) -> bool:
    """Put segments together without encoding again, at the frames' own times, with a source's sound.

    Sound that cannot be taken along does not keep the pictures from being put together.

    Args:
        parts: the segments, each with the pts of its frames.
        target: the .mp4 file; replaced if there.
        time_base: of the pts.
        sound_of: the source whose sound is taken; None for silence.
        metadata: of the file.
        report: gets what became of the sound.

    Returns:
        Whether there is sound.

    Raises:
        VideoError: nothing useful was written.
    """
    report = report or SoundReport()
    pictures = _Pictures(parts, time_base)
    try:
        if sound_of is not None:
            for copy in (True, False):
                try:
                    return _with_sound(pictures, target, metadata, sound_of, report, copy=copy)
                except SoundError as error:
                    report.damaged, report.lost = 0, _lost(sound_of, str(error))
        with _written(target, metadata) as out:
            for packet in pictures.packets(pictures.stream(out)):
                out.mux(packet)
        return False
    except (av.FFmpegError, OSError) as error:
        whose = "The frames" if sound_of is None else f"The frames of {sound_of}"
        raise VideoError(
            f"{whose} could not be put together to one file ({reason(error)}); free some space in "
            f"{target.parent} and give the same command again."
        ) from error


def _with_sound(
    pictures: _Pictures,
    target: Path,
    metadata: dict[str, str],
    sound_of: str,
    report: SoundReport,
    *,
    copy: bool,
) -> bool:
    source = open_source(source_of(sound_of))
    try:
        with _written(target, metadata) as out:
            video = pictures.stream(out)
            shown = source.streams.video[0].average_rate if source.streams.video else None
            end = pictures.length + 1 / Fraction(shown or USUAL_RATE)
            sound = Sound(source, out, start=pictures.start, end=end, copy=copy)
            sound.begin()
            _interleave(pictures.packets(video), sound, out)
            sound.check()
            report.damaged = sound.damaged
            report.lost = _lost(sound_of, sound.missing)
            return sound.tracks > 0
    finally:
        source.close()


@contextlib.contextmanager
def _written(target: Path, metadata: dict[str, str]) -> Iterator[Any]:
    out = av.open(os.fspath(target), "w", format="mp4", options={"movflags": "+faststart"})
    try:
        out.metadata.update(metadata)
        yield out
    except BaseException:
        # What fails now fails because of what failed before.
        with contextlib.suppress(av.FFmpegError, OSError, ValueError):
            out.close()
        raise
    out.close()


def _lost(sound_of: str, why: str) -> str:
    """The sentence that says so; none without a reason, when there was no sound beside these frames."""
    return f"Sound of {sound_of} could not be taken along ({why}); hear it there." if why else ""


@dataclass(frozen=True)
class _Pictures:
    """The segments."""

    parts: list[tuple[Path, list[int]]]
    time_base: Fraction

    @property
    def first(self) -> int:
        return min((pts for _, times in self.parts for pts in times), default=0)

    @property
    def start(self) -> Fraction:
        """Of the first frame, in seconds."""
        return self.first * self.time_base

    @property
    def length(self) -> Fraction:
        """From the first frame to the last."""
        last = max((pts for _, times in self.parts for pts in times), default=0)
        return (last - self.first) * self.time_base

    def stream(self, out: Any) -> Any:
        with av.open(os.fspath(self.parts[0][0])) as model:
            return out.add_stream_from_template(model.streams.video[0])

    def packets(self, video: Any) -> Iterator[Any]:
        first = self.first
        for path, times in self.parts:
            with av.open(os.fspath(path)) as segment:
                waiting = iter(times)
                for packet in segment.demux(segment.streams.video[0]):
                    if packet.size == 0:
                        continue
                    packet.stream = video
                    packet.time_base = self.time_base
                    packet.pts = packet.dts = next(waiting) - first
                    packet.duration = 0
                    yield packet


def _interleave(pictures: Iterator[Any], sound: Sound, out: Any) -> None:
    """Mux two sorted sequences by their times, so that the muxer need not hold either in memory."""
    sources = (pictures, sound.packets())
    ways = (out.mux, sound.mux)
    waiting = [next(each, None) for each in sources]
    while any(packet is not None for packet in waiting):
        times = [
            float(packet.dts * packet.time_base) if packet is not None else float("inf")
            for packet in waiting
        ]
        chosen = 0 if times[0] <= times[1] else 1
        ways[chosen](waiting[chosen])
        waiting[chosen] = next(sources[chosen], None)

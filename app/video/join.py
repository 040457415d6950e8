"""Encoded segments put together to one file, with the sound of their source."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from app.video.errors import VideoError
from app.video.media import reason
from app.video.read import open_source
from app.video.source import source_of

MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus"})
"""Sound that is copied bit for bit; other sound is encoded anew as AAC."""

AAC_FRAME = 1024
"""Samples."""


def join(
    parts: list[tuple[Path, list[int]]],
    target: Path,
    *,
    time_base: Fraction,
    sound_of: str | None,
    metadata: dict[str, str],
) -> bool:
    """Put segments together without encoding again, at the frames' own times, with a source's sound.

    Args:
        parts: the segments, each with the pts of its frames.
        target: the .mp4 file; replaced if there.
        time_base: of the pts.
        sound_of: the source whose sound is taken; None for silence.
        metadata: of the file.

    Returns:
        Whether there is sound.

    Raises:
        VideoError: nothing useful was written.
    """
    first = min((pts for _, times in parts for pts in times), default=0)
    sound = open_source(source_of(sound_of)) if sound_of is not None else None
    try:
        with av.open(
            os.fspath(target), "w", format="mp4", options={"movflags": "+faststart"}
        ) as out:
            out.metadata.update(metadata)
            with av.open(os.fspath(parts[0][0])) as model:
                video: Any = out.add_stream_from_template(model.streams.video[0])
            tracks = _sound_tracks(sound, out)
            packets = _video_packets(parts, video, first=first, time_base=time_base)
            _interleave(packets, _sound_packets(sound, tracks, first * time_base), out)
            return bool(tracks)
    except (av.FFmpegError, OSError) as error:
        raise VideoError(f"{target} could not be written ({reason(error)}).") from error
    finally:
        if sound is not None:
            sound.close()


def _video_packets(
    parts: list[tuple[Path, list[int]]], video: Any, *, first: int, time_base: Fraction
) -> Iterator[Any]:
    for path, times in parts:
        with av.open(os.fspath(path)) as segment:
            waiting = iter(times)
            for packet in segment.demux(segment.streams.video[0]):
                if packet.size == 0:
                    continue
                packet.stream = video
                packet.time_base = time_base
                packet.pts = packet.dts = next(waiting) - first
                packet.duration = 0
                yield packet


def _sound_tracks(sound: Any, out: Any) -> dict[int, tuple[Any, Any]]:
    """Per sound stream of the source: the new stream, and what prepares its sound for the encoder, or
    None where packets are copied."""
    tracks: dict[int, tuple[Any, Any]] = {}
    for stream in sound.streams.audio if sound is not None else ():
        context = stream.codec_context
        if context.name in MP4_SOUND:
            tracks[stream.index] = (out.add_stream_from_template(stream), None)
            continue
        new = out.add_stream("aac", rate=context.sample_rate)
        # PCM often does not name its channels, which AAC wants to know.
        layout = "mono" if context.channels == 1 else "stereo"
        new.codec_context.format, new.layout = "fltp", layout
        # AAC takes frames of one length only.
        pieces = av.AudioResampler("fltp", layout, context.sample_rate, frame_size=AAC_FRAME)
        tracks[stream.index] = (new, pieces)
    return tracks


def _sound_packets(
    sound: Any, tracks: dict[int, tuple[Any, Any]], start: Fraction
) -> Iterator[Any]:
    """Packets of all sound streams, moved so that the first frame's time is 0."""
    if not tracks:
        return
    chosen = [stream for stream in sound.streams.audio if stream.index in tracks]
    for packet in sound.demux(chosen):
        new, pieces = tracks[packet.stream.index]
        if pieces is not None:
            for frame in packet.decode():
                for piece in pieces.resample(frame):
                    yield from new.encode(piece)
            continue
        if packet.dts is None:
            continue
        shift = round(start / packet.time_base)
        packet.dts -= shift
        packet.pts = None if packet.pts is None else packet.pts - shift
        if packet.dts < 0:
            continue
        packet.stream = new
        yield packet
    for new, pieces in tracks.values():
        if pieces is not None:
            for piece in pieces.resample(None):
                yield from new.encode(piece)
            yield from new.encode(None)


def _interleave(first: Iterator[Any], second: Iterator[Any], out: Any) -> None:
    """Mux two sorted sequences by their times, so that the muxer need not hold either in memory."""
    waiting = [next(first, None), next(second, None)]
    sources = (first, second)
    while any(packet is not None for packet in waiting):
        times = [
            float(packet.dts * packet.time_base) if packet is not None else float("inf")
            for packet in waiting
        ]
        chosen = 0 if times[0] <= times[1] else 1
        out.mux(waiting[chosen])
        waiting[chosen] = next(sources[chosen], None)

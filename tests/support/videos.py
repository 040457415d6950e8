"""Videos for tests: the sample person, moving as we say, with a tone as sound."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

RATE = 25
SOUND_RATE = 48_000
TONE = 440.0
"""Hz."""


def shift(number: int) -> tuple[float, float]:
    """How far the picture has moved in a frame, in pixels to the right and down."""
    return 40 * np.sin(number / 15), 12 * np.sin(number / 10)


def moving_frames(photo: NDArray[np.uint8], count: int, size: tuple[int, int]) -> list[Any]:
    """Frames (H, W, 3) in which a photo (h, w, 3) moves by :func:`shift`, from the frame's middle.

    Args:
        photo: what is shown.
        count: of frames.
        size: width and height of a frame.
    """
    width, height = size
    left, top = (width - photo.shape[1]) / 2, (height - photo.shape[0]) / 2
    frames = []
    for number in range(count):
        x, y = shift(number)
        move = np.array([[1, 0, left + x], [0, 1, top + y]], np.float64)
        frames.append(
            cv2.warpAffine(
                photo, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
        )
    return frames


def write_video(
    path: Path,
    frames: list[Any],
    *,
    sound: str | None = "aac",
    pts: list[int] | None = None,
    muxer: dict[str, str] | None = None,
) -> Path:
    """Write frames as a video with a tone of the same length.

    Args:
        path: its ending chooses the container.
        frames: each (H, W, 3) uint8.
        sound: the codec; None for silence.
        pts: of the frames in 1/RATE s; None for one after the other.
        muxer: FFmpeg's options of the container.
    """
    times = pts or list(range(len(frames)))
    with av.open(os.fspath(path), "w", options=muxer or {}) as container:
        video: Any = container.add_stream("libx264", rate=RATE, options={"crf": "10", "g": "12"})
        video.height, video.width = frames[0].shape[:2]
        video.pix_fmt = "yuv420p"
        tone: Any = None
        if sound is not None:
            tone = container.add_stream(sound, rate=SOUND_RATE)
            tone.layout = "mono"
        for pixels, time in zip(frames, times, strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if tone is not None:
            total = round((times[-1] + 1) / RATE * SOUND_RATE)
            wave = 0.4 * np.sin(2 * np.pi * TONE * np.arange(total) / SOUND_RATE)
            kind, scaled = ("fltp", wave.astype(np.float32))
            if tone.codec_context.name.startswith("pcm"):
                kind, scaled = "s16", (wave * 32767).astype(np.int16)
            for start in range(0, total, 1024):
                part = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(scaled[None, start : start + 1024]), kind, layout="mono"
                )
                part.sample_rate, part.pts = SOUND_RATE, start
                part.time_base = Fraction(1, SOUND_RATE)
                container.mux(tone.encode(part))
            container.mux(tone.encode(None))
    return path


def read_video(path: Path) -> tuple[list[Any], list[float]]:
    """Its frames (H, W, 3) and their times in seconds."""
    with av.open(os.fspath(path)) as container:
        decoded = list(container.decode(video=0))
        return [f.to_ndarray(format="rgb24") for f in decoded], [
            float(f.time or 0) for f in decoded
        ]


def read_sound(path: Path) -> NDArray[np.float32] | None:
    """Its samples at SOUND_RATE, one channel; None for silence."""
    with av.open(os.fspath(path)) as container:
        if not container.streams.audio:
            return None
        resampler = av.AudioResampler("fltp", "mono", SOUND_RATE)
        parts = [
            piece.to_ndarray()[0]
            for frame in container.decode(audio=0)
            for piece in resampler.resample(frame)
        ]
    return np.concatenate(parts)


def repeat_video(path: Path, film: Path, times: int) -> Path:
    """The pictures of a film again and again, without encoding them anew.

    Args:
        path: its ending chooses the container.
        film: RATE frames per second, as :func:`write_video` writes them.
        times: how often.
    """
    with av.open(os.fspath(path), "w") as container, av.open(os.fspath(film)) as first:
        stream = first.streams.video[0]
        video = container.add_stream_from_template(stream)
        assert stream.time_base is not None
        length = round(stream.frames / (RATE * stream.time_base))
        for number in range(times):
            first.seek(0)
            for packet in first.demux(stream):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts += number * length
                packet.dts += number * length
                packet.stream = video
                container.mux(packet)
    return path


def changed(
    source: Path, target: Path, change: Callable[[Any, int], Any], *, later_s: int = 0
) -> Path:
    """A copy of a film, its sound's packets changed by their number, all times moved."""
    with av.open(os.fspath(source)) as film, av.open(os.fspath(target), "w") as copy:
        streams = {each.index: copy.add_stream_from_template(each) for each in film.streams}
        number = 0
        packet: Any
        for packet in film.demux():
            if packet.size == 0:
                continue
            stream = streams[packet.stream.index]
            if packet.stream.type == "audio":
                packet, number = change(packet, number), number + 1
            if later_s:
                packet.pts += round(later_s / packet.time_base)
                packet.dts += round(later_s / packet.time_base)
            packet.stream = stream
            copy.mux(packet)
    return target


def nonsense(packet: Any, number: int) -> Any:
    """One packet of sound that cannot be decoded."""
    if number != 10:
        return packet
    bad = av.Packet(b"\x00\x01\x02" * 7)
    bad.pts, bad.dts, bad.time_base = packet.pts, packet.dts, packet.time_base
    return bad


def shown_by(source: Path, target: Path, matrix: tuple[int, int, int, int]) -> Path:
    """A copy of an MP4 film that says how players are to show it.

    Args:
        source: of one stream, written without a matrix of its own.
        target: the copy.
        matrix: a, b, c, d, which lead (x, y) of a frame to (a x + c y, b x + d y) on the screen.
    """
    content = bytearray(source.read_bytes())
    place = content.find(b"tkhd") + 44  # ISO/IEC 14496-12, 8.3.2, version 0
    a, b, c, d = (each << 16 for each in matrix)
    content[place : place + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    target.write_bytes(content)
    return target

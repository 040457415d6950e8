"""Video files, streams and cameras as frames, and frames as video files; FFmpeg through PyAV.

A camera is opened by OpenCV, which knows it by its number on every system.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from app.video.errors import VideoError

ENCODERS = (
    ("libx264", {"preset": "veryfast", "crf": "18", "bf": "0"}),
    ("libopenh264", {"b": "8000000"}),
    ("mpeg4", {"qscale": "2", "bf": "0"}),
)
"""The first that this build of FFmpeg has. Without B-frames a packet is a frame, in order."""

MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus"})
"""Sound that is copied bit for bit; other sound is encoded anew as AAC."""

AAC_FRAME = 1024
"""Samples."""

CAMERA_RATE = Fraction(30)
"""Frames per second where a camera does not say."""

MICROSECOND = Fraction(1, 1_000_000)


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame as displayed.

    Attributes:
        number: counted from 0.
        pts: when it is shown, in the video's time base.
        rgb: (H, W, 3) uint8.
    """

    number: int
    pts: int
    rgb: NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class VideoInfo:
    """What is known of a video before its frames.

    Attributes:
        width, height: as displayed.
        rate: frames per second, on average.
        time_base: seconds per unit of a frame's pts.
        frames: how many there are, as far as the container says; 0 when it does not.
        live: a camera or stream: its frames come once and cannot be asked for again.
    """

    width: int
    height: int
    rate: Fraction
    time_base: Fraction
    frames: int
    live: bool


class FileFrames:
    """The frames of a file or a stream.

    Attributes:
        info: see :class:`VideoInfo`.
        damaged: places that could not be decoded so far.
    """

    def __init__(self, source: str, *, live: bool = False) -> None:
        """
        Args:
            source: a path, or a stream's address.
            live: see :class:`VideoInfo`.

        Raises:
            VideoError: it cannot be opened, or holds no video.
        """
        self.damaged = 0
        self._source = source
        self._container = _open(source, live=live)
        streams = self._container.streams.video
        if not streams:
            self._container.close()
            raise VideoError(f"{source} holds no video; choose another file.")
        self._stream = streams[0]
        self._stream.thread_type = "AUTO"
        first = next(self._decoded(), None)
        if first is None:
            self._container.close()
            raise VideoError(f"No frame of {source} could be decoded; copy it again.")
        turned = round(first.rotation / 90) % 2
        sides = (first.height, first.width) if turned else (first.width, first.height)
        rate = self._stream.average_rate or self._stream.guessed_rate or Fraction(25)
        self.info = VideoInfo(
            width=sides[0],
            height=sides[1],
            rate=Fraction(rate),
            time_base=Fraction(self._stream.time_base or MICROSECOND),
            frames=self._stream.frames,
            live=live,
        )
        self._first: Any = first if live else None

    def close(self) -> None:
        """Let go of the file or stream."""
        self._container.close()

    def frames(self, start: int = 0) -> Iterator[Frame]:
        """Frames from a number on. Earlier ones are decoded and thrown away, so that numbers are exact
        whatever the container's index says.

        Raises:
            VideoError: the stream broke off.
        """
        if not self.info.live:
            self._container.seek(0, stream=self._stream, backward=True, any_frame=False)
        for number, decoded in enumerate(self._again()):
            if number >= start:
                yield Frame(number, self._pts(decoded, number), self._pixels(decoded))

    def _again(self) -> Iterator[Any]:
        if self._first is not None:
            yield self._first
            self._first = None
        yield from self._decoded()

    def _decoded(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                if not Path(self._source).exists():
                    raise VideoError(f"The stream {self._source} broke off ({error}).") from error
                self.damaged += 1
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.damaged += 1  # a damaged place of a CCTV recording; the rest is wanted

    def _pts(self, decoded: Any, number: int) -> int:
        if decoded.pts is not None:
            return int(decoded.pts)
        return round(number / self.info.rate / self.info.time_base)

    def _pixels(self, decoded: Any) -> NDArray[np.uint8]:
        rgb = decoded.to_ndarray(format="rgb24")
        turns = round(decoded.rotation / 90) % 4
        rgb = np.ascontiguousarray(np.rot90(rgb, turns)) if turns else rgb
        if rgb.shape[:2] != (self.info.height, self.info.width):
            # A stream may change its size on the way; the output cannot.
            rgb = cv2.resize(rgb, (self.info.width, self.info.height))
        return np.asarray(rgb, np.uint8)


class CameraFrames:
    """The frames of a camera, with the moments at which they came.

    Attributes:
        info: see :class:`VideoInfo`.
        damaged: always 0.
    """

    def __init__(self, camera: int | str) -> None:
        """
        Args:
            camera: its number, counted from 0, or what else OpenCV opens.

        Raises:
            VideoError: there is none, or it gives no picture.
        """
        self.damaged = 0
        with _quiet_opencv():
            self._device = cv2.VideoCapture(camera)
            good, first = self._device.read() if self._device.isOpened() else (False, None)
        if not good or first is None:
            self._device.release()
            raise VideoError(
                f"The camera {camera} gives no picture; see that it is connected and that no other "
                "program uses it."
            )
        rate = self._device.get(cv2.CAP_PROP_FPS)
        self.info = VideoInfo(
            width=int(first.shape[1]),
            height=int(first.shape[0]),
            rate=Fraction(rate).limit_denominator(1001) if 1 <= rate <= 240 else CAMERA_RATE,
            time_base=MICROSECOND,
            frames=0,
            live=True,
        )
        self._first = first

    def close(self) -> None:
        """Let go of the camera."""
        self._device.release()

    def frames(self, start: int = 0) -> Iterator[Frame]:
        """Frames until the camera ends; `start` is 0, because a camera does not go back."""
        begun, last, number = time.monotonic(), -1, start
        bgr: Any = self._first
        while bgr is not None:
            last = max(last + 1, round((time.monotonic() - begun) * 1e6))
            yield Frame(number, last, np.ascontiguousarray(bgr[:, :, ::-1]))
            number += 1
            good, bgr = self._device.read()
            if not good:
                return


Frames = FileFrames | CameraFrames


def open_frames(source: str) -> Frames:
    """A file, a camera's number, or a stream's address; raises VideoError."""
    if source.isdigit() and not Path(source).exists():
        return CameraFrames(int(source))
    return FileFrames(source, live="://" in source)


class FrameWriter:
    """Writes frames into one file without sound; each frame is one packet."""

    def __init__(self, path: Path, *, width: int, height: int, rate: Fraction) -> None:
        """
        Args:
            path: an .mp4 file, replaced if there.
            width, height: even numbers of pixels.
            rate: frames per second; only for the encoder's rate control, times come at the end.

        Raises:
            VideoError: it cannot be written.
        """
        self._path = path
        name, options = next(each for each in ENCODERS if each[0] in av.codecs_available)
        try:
            self._container = av.open(os.fspath(path), "w", format="mp4")
        except (av.FFmpegError, OSError) as error:
            raise VideoError(f"{path} could not be written ({_reason(error)}).") from error
        stream: Any = self._container.add_stream(name, rate=rate, options=dict(options))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.colorspace, context.color_primaries, context.color_trc = 1, 1, 1  # BT.709
        context.color_range = 1
        self._stream = stream
        self.count = 0

    def write(self, rgb: NDArray[np.uint8]) -> None:
        """Add a frame (H, W, 3) uint8; raises VideoError."""
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        frame.pts = self.count
        frame.time_base = 1 / Fraction(self._stream.codec_context.framerate)
        self._mux(frame)
        self.count += 1

    def close(self) -> None:
        """Finish the file; raises VideoError."""
        self._mux(None)
        try:
            self._container.close()
        except (av.FFmpegError, OSError) as error:
            raise VideoError(f"{self._path} could not be written ({_reason(error)}).") from error

    def abandon(self) -> None:
        """Close without finishing."""
        with contextlib.suppress(av.FFmpegError, OSError, ValueError):
            self._container.close()

    def _mux(self, frame: Any) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except (av.FFmpegError, OSError) as error:
            raise VideoError(f"{self._path} could not be written ({_reason(error)}).") from error


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
    sound = _open(sound_of, live=False) if sound_of is not None else None
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
        raise VideoError(f"{target} could not be written ({_reason(error)}).") from error
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


def _open(source: str, *, live: bool) -> Any:
    path = Path(source)
    if "://" not in source:
        if path.is_dir():
            raise VideoError(f"{source} is a folder; choose a video.")
        if not path.exists():
            raise VideoError(f"{source} was not found; check its name and folder.")
    try:
        return av.open(source, timeout=(20.0, 20.0) if live else None)
    except (av.FFmpegError, OSError) as error:
        raise VideoError(
            f"{source} could not be opened as a video ({_reason(error)}); choose another."
        ) from error


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error)


@contextlib.contextmanager
def _quiet_opencv() -> Iterator[None]:
    """OpenCV prints past every handler when there is no camera."""
    before = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(0)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(before)

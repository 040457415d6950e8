"""Videos, streams and cameras as frames; FFmpeg through PyAV."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from app.export.own import video_made_here
from app.inference.session import CancelToken
from app.video.camera import open_camera
from app.video.errors import VideoError
from app.video.giving_up import giving_up
from app.video.media import MICROSECOND, Frame, VideoInfo, reason
from app.video.source import Source, source_of
from app.video.timeline import Timeline
from app.video.upright import display_of

PATIENCE_S = 20.0
"""So long a stream or camera may give nothing before it counts as lost."""

UNTIMED = frozenset({"mpjpeg", "mjpeg", "image2pipe", "jpeg_pipe"})
"""Streams without times: FFmpeg counts their frames at 25 per second, however fast they really come."""

STORED_ORDER = frozenset({"avi"})
"""Containers that count frames as they are stored: where B-frames are stored otherwise than they are
shown, only the decoding times grow."""

PLAYLISTS = frozenset({"hls", "dash"})
"""Whose own size says nothing of the video."""

TELL_DURATION = frozenset({"matroska,webm", "flv"})
"""Containers that say how long they are when they are whole, and do not while they are being made. MP4
does not belong to them: it may give the length of its first fragment; but it counts its frames."""

SLACK_FRAMES = 3
"""Containers tell their duration that inexactly."""

SQUARE = Fraction(1, 100)
"""Pixels that are this little wider or higher count as square; resizing would spoil more than that."""

WIDEST_PIXEL = 4
"""Its sides' proportion; what goes beyond is an error of the file."""


class VideoFrames:
    """The frames of a video, a stream or a camera.

    Attributes:
        source: where they come from.
        info: see :class:`VideoInfo`.
        finite: whether it ends by itself, so that it may be read as slowly as need be.
        damaged: places that could not be decoded so far.
        broke_off: why a stream or camera ended, in a sentence, when it was not its own end.
    """

    def __init__(
        self,
        source: Source,
        *,
        patience_s: float = PATIENCE_S,
        prompt: bool = False,
        cancel: CancelToken | None = None,
    ) -> None:
        """
        Args:
            source: what to open.
            patience_s: for a stream or camera: seconds without an answer after which it counts as lost.
            prompt: show frames as soon as they come, rather than decode several at once.
            cancel: ends the wait for a stream or camera; its frames then end without a word.

        Raises:
            VideoError: it cannot be opened, or holds no video.
            Cancelled: before its first frame.
        """
        self.source = source
        self.damaged = 0
        self.broke_off = ""
        self._patience_s = patience_s
        self._prompt = prompt
        self._cancel = cancel or CancelToken()
        self._open()
        try:
            self._begin()
        except BaseException:
            self._container.close()
            raise

    def _open(self) -> None:
        try:
            with giving_up(self._cancel):
                self._container = open_source(self.source, patience_s=self._patience_s)
        except VideoError:
            self._cancel.check()
            raise
        streams = self._container.streams.video
        if not streams:
            self._container.close()
            raise VideoError(f"{self.source.name} holds no video; choose another.")
        self._stream = streams[0]
        # Frames decoded side by side come out late, by as many as there are cores.
        self._stream.thread_type = "SLICE" if self._prompt else "AUTO"
        self._coming = self._decoded()
        self._fresh = True

    def _begin(self) -> None:
        live = self.source.live
        first = next(self._coming, None)
        if first is None:
            self._cancel.check()
            hint = "; copy it again"
            if live:
                # Of an MP4 whose index is at its end a server must be able to send parts.
                hint = "" if self.source.endless else "; if it is a file, download it and give that"
            said = self.broke_off.removesuffix(".")
            raise VideoError(f"{said or f'No frame of {self.source.name} could be decoded'}{hint}.")
        self._coming = itertools.chain((first,), self._coming)
        sides = square_size(first.width, first.height, self._stream.sample_aspect_ratio)
        width, height = reversed(sides) if display_of(first).swapped else sides
        rate = self._stream.average_rate or self._stream.guessed_rate or Fraction(25)
        self._untimed = live and self._container.format.name in UNTIMED
        base = MICROSECOND if self._untimed else self._stream.time_base or MICROSECOND
        self.info = VideoInfo(
            width=width,
            height=height,
            rate=Fraction(rate),
            time_base=Fraction(base),
            frames=self._stream.frames,
            live=live,
            resized=sides != (first.width, first.height),
            generated=self._made_here(),
        )
        self.finite = not live or self._has_end()
        self._begun = time.monotonic()

    def _made_here(self) -> bool:
        """Whether the source says of itself that Revisage made it."""
        path = Path(self.source.address) if self.source.kind == "file" else None
        return video_made_here(path, self._container.metadata)

    def _has_end(self) -> bool:
        """Whether what an address leads to is a whole file; cameras use the same addresses."""
        if self.source.endless or self._untimed:
            return False
        return self._has_length() or self._tells_end()

    def _has_length(self) -> bool:
        playlist = self._container.format.name in PLAYLISTS
        length = self._container.duration if playlist else self._container.size
        return length is not None and length > 0

    def _tells_end(self) -> bool:
        """Whether the container itself knows its end; servers need not tell how long a file is."""
        tells = self._container.format.name in TELL_DURATION
        return self._stream.frames > 0 or (tells and (self._container.duration or 0) > 0)

    def _is_whole(self, end: Fraction) -> bool:
        """Whether a source stopped where it said it would.

        A server may show the end of a file only by closing the connection, and that is a break for
        FFmpeg.

        Args:
            end: of the last frame that came, in seconds of the source's own time.
        """
        if self.source.endless or not self._tells_end():
            return False
        stream, whole = self._stream, self._container
        if stream.duration:
            told = ((stream.start_time or 0) + stream.duration) * stream.time_base
        else:
            told = ((whole.start_time or 0) + (whole.duration or 0)) * MICROSECOND
        return bool(abs(told - end) <= SLACK_FRAMES / Fraction(stream.average_rate or 25))

    @property
    def codec(self) -> str:
        """FFmpeg's name of what the frames are encoded with."""
        return str(self._stream.codec_context.name)

    def close(self) -> None:
        """Let go of the source."""
        self._container.close()

    def frames(self, start: int = 0) -> Iterator[Frame]:
        """Frames from a number on; a stream or camera begins where it is now and ends when it is lost.

        Earlier frames of a file are decoded and thrown away, so that numbers are exact whatever the
        container's index says.
        """
        if not self._fresh:
            # Seeking would not do: some files cannot be sought in, others have a time more than once.
            self._container.close()
            self.damaged = 0
            self._open()
        self._fresh = False
        timeline = Timeline(rate=self.info.rate, time_base=self.info.time_base)
        for number, decoded in enumerate(self._coming):
            pts = timeline.place(self._time(decoded))
            if self.info.live and 0 < self._stream.frames <= number:
                # What was counted was only the beginning of something that goes on.
                self.finite = self._has_length()
            if number >= start:
                yield Frame(number, pts, self._pixels(decoded))

    def _decoded(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        end = Fraction(0)
        while True:
            try:
                with giving_up(self._cancel):
                    packet = next(packets)
            except StopIteration:
                if self.source.endless and not self._cancel.cancelled:
                    self.broke_off = f"{self.source.name} sends no more frames."
                return
            except (av.FFmpegError, OSError) as error:
                if not self.source.live:
                    self.damaged += 1
                elif not self._cancel.cancelled and not self._is_whole(end):
                    self.broke_off = self._lost(error)
                yield from self._held_back()
                return
            if packet.pts is not None and packet.time_base is not None:
                end = max(end, (packet.pts + (packet.duration or 0)) * packet.time_base)
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.damaged += 1  # a damaged place of a CCTV recording; the rest is wanted

    def _held_back(self) -> Iterator[Any]:
        """What the decoder has got and not yet shown: the last frames before a source was lost."""
        with contextlib.suppress(av.FFmpegError):
            yield from self._stream.decode(None)

    def _lost(self, error: BaseException) -> str:
        if isinstance(error, av.error.ExitError):
            return f"{_named(self.source)} gave nothing for {self._patience_s:.0f} seconds."
        return f"{_named(self.source)} broke off ({reason(error)})."

    def _time(self, decoded: Any) -> int | None:
        """What the source says; None when it says nothing."""
        if self._untimed:
            return round((time.monotonic() - self._begun) / self.info.time_base)
        stored = self._container.format.name in STORED_ORDER
        found: int | None = decoded.dts if stored else decoded.pts
        return found

    def _pixels(self, decoded: Any) -> NDArray[np.uint8]:
        rgb = display_of(decoded).applied(decoded.to_ndarray(format="rgb24"))
        if rgb.shape[:2] != (self.info.height, self.info.width):
            # Pixels may not be square, and a stream may change its size on the way; the output cannot.
            size = (self.info.width, self.info.height)
            return np.asarray(cv2.resize(rgb, size), np.uint8)
        return rgb


def square_size(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    """Width and height of a picture in square pixels: no smaller in either, so that nothing is lost.

    Args:
        width, height: of the picture in its own pixels.
        aspect: the width of such a pixel by its height; None where the source says nothing.
    """
    if not aspect or abs(aspect - 1) <= SQUARE:
        return width, height
    if not Fraction(1, WIDEST_PIXEL) <= aspect <= WIDEST_PIXEL:
        return width, height
    return (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))


def open_frames(source: str | Source, *, cancel: CancelToken | None = None) -> VideoFrames:
    """A file, a camera's number, or a stream's address; raises VideoError and Cancelled."""
    return VideoFrames(source if isinstance(source, Source) else source_of(source), cancel=cancel)


def open_source(source: Source, *, patience_s: float = PATIENCE_S) -> Any:
    """PyAV's container of a source; raises VideoError."""
    if source.kind == "camera":
        return open_camera(int(source.address), patience_s=patience_s)
    if source.kind == "stream":
        return _open_stream(source, patience_s)
    try:
        return _open_file(source)
    except PermissionError as error:
        raise VideoError(
            f"{source.name} may not be read by this user; ask for the right to read it, or copy it."
        ) from error
    except OSError as error:
        raise VideoError(
            f"{source.name} could not be read ({reason(error)}); check the drive it is on, or copy it "
            "again."
        ) from error


def _open_file(source: Source) -> Any:
    path = Path(source.address)
    if path.is_dir():
        raise VideoError(f"{source.name} is a folder; choose a video.")
    if not path.exists():
        raise VideoError(f"{source.name} was not found; check its name and folder.")
    if path.is_file() and path.stat().st_size == 0:
        raise VideoError(f"{source.name} is empty (zero bytes); copy it again from its source.")
    try:
        # FFmpeg takes what stands before a colon for a protocol: "cam1:front.mp4".
        return av.open(f"file:{source.address}")
    except PermissionError:  # FFmpeg's is the system's too
        raise
    except (av.FFmpegError, OSError) as error:
        raise VideoError(
            f"{source.name} could not be opened as a video ({reason(error)}); copy it again, or "
            "choose another."
        ) from error


def _open_stream(source: Source, patience_s: float) -> Any:
    # RTSP over UDP loses pictures without saying so, and does not get through most firewalls.
    options = {"rtsp_transport": "tcp"} if source.address.lower().startswith("rtsp") else {}
    begun = time.monotonic()
    try:
        return av.open(source.address, options=options, timeout=patience_s)
    except (av.FFmpegError, OSError, ValueError) as error:
        # Some of FFmpeg's protocols, RTSP too, call a reply that did not come an invalid one.
        if isinstance(error, av.error.ExitError) or time.monotonic() - begun >= patience_s:
            raise VideoError(
                f"{_named(source)} gave no answer within {patience_s:.0f} seconds; check the address "
                "and the network."
            ) from error
        raise VideoError(
            f"{_named(source)} could not be opened ({reason(error)}); check the address and the network."
        ) from error


def _named(source: Source) -> str:
    return f"The {source.name}" if source.kind == "camera" else f"The stream {source.name}"

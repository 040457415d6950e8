"""Videos, streams and cameras as frames; FFmpeg through PyAV."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from app.inference.session import CancelToken
from app.video.camera import open_camera
from app.video.errors import VideoError
from app.video.giving_up import giving_up
from app.video.media import MICROSECOND, Frame, VideoInfo, reason
from app.video.source import Source, source_of

PATIENCE_S = 20.0
"""So long a stream or camera may give nothing before it counts as lost."""

UNTIMED = frozenset({"mpjpeg", "mjpeg", "image2pipe", "jpeg_pipe"})
"""Streams without times: FFmpeg counts their frames at 25 per second, however fast they really come."""


class VideoFrames:
    """The frames of a video, a stream or a camera.

    Attributes:
        source: where they come from.
        info: see :class:`VideoInfo`.
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
        self._cancel = cancel or CancelToken()
        try:
            with giving_up(self._cancel):
                self._container = open_source(source, patience_s=patience_s)
        except VideoError:
            self._cancel.check()
            raise
        try:
            self._begin(prompt=prompt)
        except BaseException:
            self._container.close()
            raise

    def _begin(self, *, prompt: bool) -> None:
        streams = self._container.streams.video
        name, live = self.source.name, self.source.live
        if not streams:
            raise VideoError(f"{name} holds no video; choose another.")
        self._stream = streams[0]
        # Frames decoded side by side come out late, by as many as there are cores.
        self._stream.thread_type = "SLICE" if prompt else "AUTO"
        first = next(self._decoded(), None)
        if first is None:
            self._cancel.check()
            hint = "" if live else "; copy it again"
            raise VideoError(self.broke_off or f"No frame of {name} could be decoded{hint}.")
        turned = round(first.rotation / 90) % 2
        sides = (first.height, first.width) if turned else (first.width, first.height)
        rate = self._stream.average_rate or self._stream.guessed_rate or Fraction(25)
        self._untimed = live and self._container.format.name in UNTIMED
        base = MICROSECOND if self._untimed else self._stream.time_base or MICROSECOND
        self.info = VideoInfo(
            width=sides[0],
            height=sides[1],
            rate=Fraction(rate),
            time_base=Fraction(base),
            frames=self._stream.frames,
            live=live,
        )
        self._first: Any = first if live else None
        self._begun = time.monotonic()
        self._last: int | None = None
        self._offset = 0

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
        if not self.info.live:
            self._container.seek(0, stream=self._stream, backward=True, any_frame=False)
        for number, decoded in enumerate(self._again()):
            pts = self._pts(decoded, number)
            if number >= start:
                yield Frame(number, pts, self._pixels(decoded))

    def _again(self) -> Iterator[Any]:
        if self._first is not None:
            yield self._first
            self._first = None
        yield from self._decoded()

    def _decoded(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                with giving_up(self._cancel):
                    packet = next(packets)
            except StopIteration:
                if self.source.endless and not self._cancel.cancelled:
                    self.broke_off = f"{self.source.name} sends no more frames."
                return
            except (av.FFmpegError, OSError) as error:
                if self.source.live:
                    self.broke_off = "" if self._cancel.cancelled else self._lost(error)
                else:
                    self.damaged += 1
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.damaged += 1  # a damaged place of a CCTV recording; the rest is wanted

    def _lost(self, error: BaseException) -> str:
        if isinstance(error, av.error.ExitError):
            return f"{_named(self.source)} gave nothing for {self._patience_s:.0f} seconds."
        return f"{_named(self.source)} broke off ({reason(error)})."

    def _pts(self, decoded: Any, number: int) -> int:
        if not self.info.live:
            if decoded.pts is not None:
                return int(decoded.pts)
            return round(number / self.info.rate / self.info.time_base)
        return self._live_pts(None if self._untimed else decoded.pts)

    def _live_pts(self, pts: int | None) -> int:
        """Times that only grow: a sender that was started anew begins at 0 again."""
        base, last = self.info.time_base, self._last
        if self._untimed:
            found = round((time.monotonic() - self._begun) / base)
        else:
            step = max(1, round(1 / self.info.rate / base))
            following = 0 if last is None else last + step
            found = following if pts is None else int(pts) + self._offset
            if last is not None and found <= last - round(1 / base):
                self._offset += following - found
                found = following
        self._last = found if last is None else max(found, last + 1)
        return self._last

    def _pixels(self, decoded: Any) -> NDArray[np.uint8]:
        rgb = decoded.to_ndarray(format="rgb24")
        turns = round(decoded.rotation / 90) % 4
        rgb = np.ascontiguousarray(np.rot90(rgb, turns)) if turns else rgb
        if rgb.shape[:2] != (self.info.height, self.info.width):
            # A stream may change its size on the way; the output cannot.
            rgb = cv2.resize(rgb, (self.info.width, self.info.height))
        return np.asarray(rgb, np.uint8)


def open_frames(source: str | Source, *, cancel: CancelToken | None = None) -> VideoFrames:
    """A file, a camera's number, or a stream's address; raises VideoError and Cancelled."""
    return VideoFrames(source if isinstance(source, Source) else source_of(source), cancel=cancel)


def open_source(source: Source, *, patience_s: float = PATIENCE_S) -> Any:
    """PyAV's container of a source; raises VideoError."""
    if source.kind == "camera":
        return open_camera(int(source.address), patience_s=patience_s)
    if source.kind == "stream":
        return _open_stream(source, patience_s)
    path = Path(source.address)
    if path.is_dir():
        raise VideoError(f"{source.name} is a folder; choose a video.")
    if not path.exists():
        raise VideoError(f"{source.name} was not found; check its name and folder.")
    try:
        return av.open(source.address)
    except (av.FFmpegError, OSError) as error:
        raise VideoError(
            f"{source.name} could not be opened as a video ({reason(error)}); choose another."
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

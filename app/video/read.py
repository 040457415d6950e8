"""Video files and streams as frames, and whichever kind of source a user names."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from app.video.camera import CameraFrames
from app.video.errors import VideoError
from app.video.media import MICROSECOND, Frame, VideoInfo, open_container


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
        self._container = open_container(source, live=live)
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


Frames = FileFrames | CameraFrames


def open_frames(source: str) -> Frames:
    """A file, a camera's number, or a stream's address; raises VideoError."""
    if source.isdigit() and not Path(source).exists():
        return CameraFrames(int(source))
    return FileFrames(source, live="://" in source)

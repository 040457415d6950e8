"""Frames as a video file without sound."""

from __future__ import annotations

import contextlib
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from app.video.errors import VideoError
from app.video.media import reason

ENCODERS = (
    # The tree of macroblocks reads memory that nobody wrote: the same frames would give other files.
    ("libx264", {"preset": "veryfast", "crf": "18", "bf": "0", "mbtree": "0"}),
    ("libopenh264", {"b": "8000000"}),
    ("mpeg4", {"qscale": "2", "bf": "0"}),
)
"""The first that this build of FFmpeg has. Without B-frames a packet is a frame, in order."""


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
            raise self._unwritten(error) from error
        stream: Any = self._container.add_stream(name, rate=rate, options=dict(options))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.colorspace, context.color_primaries, context.color_trc = 1, 1, 1  # BT.709
        context.color_range = 1
        # Slices that threads share out end a byte later once in a while, with the same picture: work
        # that was killed and continued would give another file.
        context.thread_count = 1
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
            raise self._unwritten(error) from error

    def abandon(self) -> None:
        """Close without finishing."""
        with contextlib.suppress(av.FFmpegError, OSError, ValueError):
            self._container.close()

    def _mux(self, frame: Any) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except (av.FFmpegError, OSError) as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: BaseException) -> VideoError:
        # The file itself is one of many in a hidden folder, and says nothing to the user.
        return VideoError(
            f"{self._path.parent} could not be written ({reason(error)}); free some space and give the "
            "same command again."
        )

"""What a frame and a video are, and how FFmpeg opens one, through PyAV."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from app.video.errors import VideoError

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


def open_container(source: str, *, live: bool) -> Any:
    """PyAV's container of a file or a stream's address; raises VideoError."""
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
            f"{source} could not be opened as a video ({reason(error)}); choose another."
        ) from error


def reason(error: BaseException) -> str:
    """What FFmpeg or the system says of an error, for a sentence."""
    return str(getattr(error, "strerror", None) or error)

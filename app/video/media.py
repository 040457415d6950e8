"""What a frame and a video are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

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
        resized: whether the source's pixels are not square, so that its frames are made larger one way.
        generated: whether it says of itself that Revisage made it, so that it is no recording.
    """

    width: int
    height: int
    rate: Fraction
    time_base: Fraction
    frames: int
    live: bool
    resized: bool = False
    generated: bool = False


def reason(error: BaseException) -> str:
    """What FFmpeg or the system says of an error, for a sentence."""
    return str(getattr(error, "strerror", None) or error)

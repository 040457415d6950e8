"""What the live view shows, and how quick it goes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from app.video.media import Frame

WINDOW_S = 4.0
"""Time over which frame rates are averaged."""


@dataclass(frozen=True, eq=False)
class Look:
    """One frame as it is to be shown.

    Attributes:
        frame: as it came.
        utc: when it came.
        seconds: its time since the first frame, by the video's own clock.
        hypothesis: (H', W', 3) uint8, the frame with every masked face filled in and the label burned
            into a border below; None while nothing is reconstructed.
        label: that sentence, or empty.
        faces: masked faces in it; 0 while nothing is reconstructed.
        late_s: from its coming to its being ready.
    """

    frame: Frame
    utc: datetime
    seconds: float
    hypothesis: NDArray[np.uint8] | None = None
    label: str = ""
    faces: int = 0
    late_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Rates:
    """How quick it goes.

    Attributes:
        captured, shown: frames per second that come, and that are ready to be shown.
        dropped: frames that were left out since the source was opened.
    """

    captured: float = 0.0
    shown: float = 0.0
    dropped: int = 0


def per_second(moments: deque[float], now: float) -> float:
    """How many moments there were each second of the last ones; those before are taken out."""
    while moments and now - moments[0] > WINDOW_S:
        moments.popleft()
    if len(moments) < 2:
        return 0.0
    return (len(moments) - 1) / max(now - moments[0], 1e-3)

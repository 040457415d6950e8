"""How fast a run goes, and how long it will still take."""

from __future__ import annotations

import time
from collections import deque

PACE_S = 120.0
"""How far back the pace reaches that the remaining time is told from."""


class Pace:
    """How fast the run has been of late, checkpoints and sample pictures included."""

    def __init__(self, done: int) -> None:
        self._seen = deque([(time.monotonic(), done)])

    def note(self, done: int) -> None:
        """Remember when so many steps were done."""
        now = time.monotonic()
        self._seen.append((now, done))
        while len(self._seen) > 2 and self._seen[1][0] < now - PACE_S:
            self._seen.popleft()

    def seconds_per_step(self) -> float:
        """Over the last minutes; 0 before the first step."""
        (began, first), (ended, last) = self._seen[0], self._seen[-1]
        return (ended - began) / (last - first) if last > first else 0.0

    def remaining(self, steps: int) -> str:
        """How long so many steps will take, in words."""
        seconds = steps * self.seconds_per_step()
        if seconds < 90:
            return f"{seconds:.0f} s"
        minutes = round(seconds / 60)
        return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"

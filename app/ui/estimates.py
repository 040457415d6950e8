"""How long a run will still take: measured, or not said at all."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable

from PySide6.QtCore import QCoreApplication

TELLING = 0.15
"""From this share on the run's own progress says more than earlier runs."""

LEAST_S = 1.0
"""Shorter than this nothing can be told from a run's own progress."""


class Pace:
    """How long one hypothesis took, per model and device, when it was last made here."""

    def __init__(self) -> None:
        self._seconds: dict[Hashable, float] = {}

    def learn(self, what: Hashable, seconds: float, *, hypotheses: int) -> None:
        """Take in a finished run."""
        self._seconds[what] = seconds / max(hypotheses, 1)

    def expected(self, what: Hashable, *, hypotheses: int) -> float | None:
        """Seconds that a run should take; None when this machine has not done one yet."""
        each = self._seconds.get(what)
        return None if each is None else each * hypotheses


def remaining(*, elapsed: float, fraction: float, expected: float | None) -> float | None:
    """Seconds that a run still needs.

    Args:
        elapsed: seconds since it began; 0 for one that waits.
        fraction: how much of it is done, 0..1.
        expected: seconds that all of it should take, or None.

    Returns:
        None where nothing honest can be said: no run to compare with and too little done, or it takes
        longer than it ever did.
    """
    if fraction >= TELLING and elapsed >= LEAST_S:
        return elapsed * (1 - fraction) / fraction
    if expected is None or elapsed >= expected:
        return None
    return expected - elapsed


def total(parts: Iterable[float | None]) -> tuple[float, bool]:
    """The sum of what is known, and whether all of it is known."""
    known = list(parts)
    return sum(part for part in known if part is not None), all(part is not None for part in known)


def rounded(seconds: float) -> int:
    """Seconds as coarse as an estimate is: never less than is left."""
    step = 1 if seconds <= 5 else 5 if seconds <= 60 else 15 if seconds <= 300 else 60
    return max(step * math.ceil(seconds / step), 1)


def in_words(seconds: float) -> str:
    """Such as "20 s" or "2 min 15 s"."""
    whole = rounded(seconds)
    if whole < 60:
        return QCoreApplication.translate("Estimates", "{0} s").format(whole)
    minutes, rest = divmod(whole, 60)
    if rest:
        return QCoreApplication.translate("Estimates", "{0} min {1} s").format(minutes, rest)
    return QCoreApplication.translate("Estimates", "{0} min").format(minutes)

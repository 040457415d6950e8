"""Times that only grow, whatever a source says of its frames."""

from __future__ import annotations

from fractions import Fraction

BACK_S = 1
"""Seconds. A time that lies further back is a new beginning: a sender that was started anew, or a second
recording behind the first; one that lies less far back is an error of the source."""


class Timeline:
    """Where on one line of time each frame of a source lies.

    It depends on the times alone that are given to it, so that the same file always gets the same ones.

    Attributes:
        offsets: what is added to the source's times since each new beginning, in its time base.
    """

    def __init__(self, *, rate: Fraction, time_base: Fraction) -> None:
        """
        Args:
            rate: frames per second, for those without a time and for the first after a new beginning.
            time_base: seconds per unit of the times.
        """
        self.offsets: list[int] = []
        self._step = max(1, round(1 / rate / time_base))
        self._back = round(BACK_S / time_base)
        self._last: int | None = None

    def place(self, time: int | None) -> int:
        """The time of the next frame: later than the one before; None where the source says nothing."""
        last = self._last
        following = 0 if last is None else last + self._step
        offset = self.offsets[-1] if self.offsets else 0
        found = following if time is None else time + offset
        if last is not None and found <= last - self._back:
            self.offsets.append(offset + following - found)
            found = following
        self._last = found if last is None else max(found, last + 1)
        return self._last

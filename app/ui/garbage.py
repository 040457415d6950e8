"""Garbage collection in the window's thread only.

Python collects cycles in whatever thread happens to allocate. A widget or timer that is freed by a
worker takes the process with it, so while there are workers the automatic collection is off and a
timer of the window's thread does the same work.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 250

GROWTH = 1.25
"""A full collection looks at every object of the program, 50 ms long; it waits until there are so many
times as many old ones as the last one left, which is Python's own rule."""


FULL = 2
"""The generation of the oldest objects."""


def _old() -> int:
    """How many of the oldest objects there are."""
    return len(gc.get_objects(generation=FULL))


class WindowGarbage(QObject):
    """Collects from its own thread until it is stopped; several may be at work at once."""

    _at_work = 0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()
        self._stopped = False
        self._left = _old()
        WindowGarbage._at_work += 1
        gc.disable()

    def collect(self) -> None:
        """Collect what the automatic collection would have collected by now."""
        for generation, (count, threshold) in enumerate(
            zip(gc.get_count(), gc.get_threshold(), strict=True)
        ):
            if count <= threshold:
                break
            if generation == FULL and _old() <= GROWTH * self._left:
                break
            gc.collect(generation)
            if generation == FULL:
                self._left = _old()

    def stop(self) -> None:
        """Leave it to Python again; to be called when the workers have ended."""
        if self._stopped:
            return
        self._stopped = True
        self._timer.stop()
        WindowGarbage._at_work -= 1
        if WindowGarbage._at_work == 0:
            gc.enable()

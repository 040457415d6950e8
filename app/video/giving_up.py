"""Lets go of a source that sends nothing as soon as somebody asks, not only when patience ends.

While FFmpeg waits for a network it asks a callback, many times a second, whether to give up. That of
PyAV compares ``time.monotonic()`` with a deadline, and knows no other reason. So its module gets a clock
that, for a thread that was asked to end, is later at every reading than any deadline set before. Why so,
and not otherwise: docs/adr/0013-giving-up-a-stream.md.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import av.container.core

from app.inference.session import CancelToken

LEAP_S = 1e9
"""From one reading of the clock to the next: more than anybody's patience."""


class _Asked(threading.local):
    """Who may ask this thread to end, and how far its clock is ahead."""

    token: CancelToken | None = None
    ahead = 0.0


_asked = _Asked()


class _Clock:
    """What PyAV finds under the name ``time``."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def monotonic(self) -> float:
        """Seconds, as ever, unless this thread was asked to end."""
        token = _asked.token
        if token is not None and token.cancelled:
            # Further at every reading, because the deadline itself may have been read from this clock;
            # and never back, which PyAV takes for an error of whatever it does next in this thread.
            _asked.ahead += LEAP_S
        return time.monotonic() + _asked.ahead


_pyav: Any = av.container.core
_pyav.time = _Clock()


@contextlib.contextmanager
def giving_up(cancel: CancelToken | None) -> Iterator[None]:
    """While the block lasts, FFmpeg's waiting in this thread ends when the token is cancelled.

    What waited raises ``av.error.ExitError``, as when its patience has ended; look at the token to tell
    the two apart. Only sources that were opened with a timeout are asked at all.
    """
    before, _asked.token = _asked.token, cancel
    try:
        yield
    finally:
        _asked.token = before

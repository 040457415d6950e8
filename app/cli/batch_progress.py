"""How far a batch is, on stderr: a bar on a terminal, a line now and then otherwise."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TextIO

from app.batch.order import Failed, Result
from app.cli.console import Bar, counted, harmless

LINE_S = 10.0
"""Seconds between two lines where there is no terminal."""


class BatchProgress(Bar):
    """Told by the batch what was found and done; see :class:`app.batch.run.Watcher`.

    Args:
        quiet: say nothing.
        stream: where to; stderr as it is when the work begins.
    """

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        super().__init__()
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._left = self._done = self._failed = 0
        self._began = self._said = 0.0

    def found(self, photos: int) -> None:
        """So many photos were found until now."""
        if photos and self._due():
            self._line(f"{counted(photos, 'photo')} found")

    def begin(self, *, photos: int, left: int, unreadable: int) -> None:
        """The walk is over: of all photos, so many are still to do; some cannot even be looked at."""
        self._left, self._began, self._said = left, time.monotonic(), time.monotonic()
        done = photos - left - unreadable
        earlier = f", {done} done already" if done else ""
        lost = f", {unreadable} unreadable" if unreadable else ""
        self._line(f"{counted(photos, 'photo')}{earlier}{lost}, {left} to do")
        if left and not self._quiet and self._stream.isatty():
            self.show(
                self._stream,
                total=left,
                smoothing=0.05,
                bar_format="{bar:24} {n_fmt}/{total_fmt} {rate_fmt}, {remaining} left {desc}",
                unit="photo",
            )

    def advance(self, result: Result, path: Path | None) -> None:
        """One more photo is done or failed."""
        self._done += 1
        if isinstance(result, Failed):
            self._failed += 1
            if not self._quiet:  # the table at the end shows it in any case
                self._complain(result.error)
        if self.drawn is not None:
            name = harmless(path.name) if path else ""
            self.drawn.set_description_str(name, refresh=False)
            self.drawn.update(1)
        elif self._due() or self._done == self._left:
            self._line(self._how_far())

    def _how_far(self) -> str:
        spent = time.monotonic() - self._began
        failed = f", {self._failed} failed" if self._failed else ""
        if self._done == self._left:
            return f"[{self._done}/{self._left}]{failed} in {duration(spent)}"
        rest = spent / self._done * (self._left - self._done)
        return f"[{self._done}/{self._left}]{failed}, {duration(rest)} left"

    def _complain(self, message: str) -> None:
        if self.drawn is not None:
            self.drawn.clear()
        print(f"revisage: {harmless(message)}", file=self._stream)
        if self.drawn is not None:
            self.drawn.refresh()

    def _due(self) -> bool:
        now = time.monotonic()
        if now - self._said < LINE_S:
            return False
        self._said = now
        return True

    def _line(self, text: str) -> None:
        if not self._quiet:
            text = text if text.startswith("[") else f"[batch] {text}"
            print(text, file=self._stream, flush=True)


def duration(seconds: float) -> str:
    """A length of time in words: `45 s`, `3 min 20 s`, `2 h 05 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"

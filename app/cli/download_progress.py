"""How far a download is, on stderr: a bar on a terminal, nothing otherwise."""

from __future__ import annotations

import sys

from app.cli.console import Bar


class DownloadProgress(Bar):
    """Told the bytes that are here, and of how many.

    Args:
        quiet: say nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        super().__init__()
        self._quiet = quiet or not sys.stderr.isatty()

    def __call__(self, here: int, total: int | None) -> None:
        """Draw the bar; it exists only once something arrives."""
        if self._quiet:
            return
        if self.drawn is None:
            self.show(sys.stderr, total=total, unit="B", unit_scale=True)
        self.drawn.update(here - self.drawn.n)

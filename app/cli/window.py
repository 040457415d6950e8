"""`revisage [PATH...]`: the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.cli.console import FAILED, UsageError, complain


def open_window(arguments: Sequence[str]) -> int:
    """Open the window with photos or a folder; returns its exit code when it is closed.

    Raises:
        UsageError: an argument is neither a path nor a command.
    """
    paths = [Path(argument) for argument in arguments]
    for path in paths:
        if not path.exists():
            raise UsageError(
                f"There is no file, folder or command named {str(path)!r}; see revisage --help."
            )
    if not _has_screen():
        complain(
            "There is no screen to open the window on; "
            "use a command instead, such as revisage reconstruct (see revisage --help)."
        )
        return FAILED
    from app.ui.main import run

    return run(paths)


def _has_screen() -> bool:
    """Whether Qt can be started: without a screen it would abort the process."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))

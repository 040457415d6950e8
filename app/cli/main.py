"""The entry of `revisage`: a command, or the window with whatever paths were given.

Each command imports its own file when it runs, so that `--help` does not wait for OpenCV.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from app.cli.console import (
    FAILED,
    INTERRUPTED,
    WRONG_USAGE,
    UsageError,
    complain,
    one_line,
    tolerate_every_name,
)
from app.cli.parser import COMMANDS, build_parser


def run() -> None:
    """The installed command."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line.

    Args:
        arguments: without the program's name.

    Returns:
        The exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    tolerate_every_name()
    try:
        code = _dispatch(list(arguments))
        sys.stdout.flush()
    except UsageError as error:
        complain(one_line(error))
        return WRONG_USAGE
    except KeyboardInterrupt:
        complain("Interrupted; finished files are complete, no other was written.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return _failed(error)
    return code


def _dispatch(arguments: list[str]) -> int:
    """Choose between the window and the commands."""
    first = arguments[0] if arguments else None
    if first is None or (first not in COMMANDS and not first.startswith("-")):
        from app.cli.window import open_window

        return open_window(arguments)
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as finished:  # argparse has printed its help or its complaint
        return int(finished.code or 0)
    module = importlib.import_module(f"app.cli.{_FILES.get(first, first)}")
    from app.cli.interrupt import interruptible

    return int(interruptible(lambda cancel: module.run(options, cancel)))


_FILES = {"map": "mapping"}
"""Commands whose file has another name, because `map` is a builtin."""


def _failed(error: Exception) -> int:
    """Say what failed; a defect of ours shows where, if asked to."""
    from app.imaging.errors import RevisageError

    if not isinstance(error, RevisageError):
        if os.environ.get("REVISAGE_DEBUG"):
            raise error
        complain(
            f"An unexpected error ({type(error).__name__}: {one_line(error)}); "
            "set REVISAGE_DEBUG=1 to see where, and report it."
        )
        return FAILED
    complain(one_line(error))
    return FAILED

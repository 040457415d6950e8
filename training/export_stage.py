"""The hidden folder of the zoo in which an export makes its model before the model has its place.

A process that is killed cannot take its folder away, so the next export does. What it must not take away
is the folder of an export that is still at work: that one holds a lock which ends with its process,
however that ends.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".export-"
"""What the folders' names begin with."""

LONG_AGO = 24 * 3600.0
"""Seconds after which a folder is left behind where there are no locks: no export takes a day."""


@contextmanager
def staged(zoo: Path) -> Iterator[Path]:
    """A folder of one's own in the zoo, gone after the block; those of killed exports go first.

    Args:
        zoo: the folder of the models, which is made where it is missing.

    Raises:
        OSError: the zoo cannot be written to.
    """
    zoo.mkdir(parents=True, exist_ok=True)
    # While one process clears away, no other one is between making its folder and locking it.
    door = _lock(zoo, wait=True)
    try:
        _clear(zoo)
        made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=zoo))
        held = _lock(made, wait=True)
    finally:
        _unlock(door)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        _unlock(held)


def _clear(zoo: Path) -> None:
    """Remove the folders that no export works in any more, as far as that is allowed."""
    for folder in zoo.glob(f"{PREFIX}*"):
        with suppress(OSError):
            held = _lock(folder, wait=False)
            if held is None and time.time() - folder.stat().st_mtime < LONG_AGO:
                continue
            shutil.rmtree(folder, ignore_errors=True)
            _unlock(held)


def _lock(folder: Path, *, wait: bool) -> int | None:
    """Lock a folder until the descriptor is closed or the process ends.

    Returns:
        The descriptor; None on systems and drives that lock no folders.

    Raises:
        BlockingIOError: another process holds it, and `wait` is False.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _unlock(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)

"""Rolling backups beside the case: the last few states, one per working session.

They lie beside the case and not in a folder of ours, because whoever guards the case guards that folder.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from app.case.connection import explained
from app.case.copying import copy_into
from app.case.errors import CaseError
from app.case.files import explained_os, whole_file

KEPT = 5
"""How many backups stay."""

INTERVAL_S = 600
"""A script that opens the case a thousand times an hour does not make a thousand backups."""

MAX_SIZE = 256 << 20
"""Bytes; larger cases are backed up only when someone asks, because it takes long."""

_log = logging.getLogger(__name__)


def backup_folder(case: Path) -> Path:
    """Where a case's backups lie."""
    return case.with_name(case.name + ".backups")


def backups(case: Path) -> list[Path]:
    """The backups of a case, oldest first."""
    try:
        found = [path for path in backup_folder(case).iterdir() if _is_backup(case, path)]
    except OSError:
        return []
    return sorted(found, key=lambda path: path.name)


def newest_backup(case: Path) -> Path | None:
    """The newest backup, if there is one."""
    return next(reversed(backups(case)), None)


def back_up(case: Path, connection: sqlite3.Connection, *, keep: int = KEPT) -> Path:
    """Write a backup now and let go of the oldest; returns the new one.

    Raises:
        CaseError: it was not written; the older ones are all there.
    """
    folder = backup_folder(case)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise explained_os(folder, error) from error
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    path = folder / f"{case.stem}.{now}{case.suffix}"
    with whole_file(path) as part, explained(path):
        copy_into(connection, part)
    for old in backups(case)[: -max(keep, 1)]:
        try:
            old.unlink()
        except OSError as error:
            _log.warning("The old backup %s could not be removed: %s", old, error)
    return path


def back_up_after_changes(case: Path, connection: sqlite3.Connection) -> None:
    """What closing a changed case does; a backup that fails is no reason for closing to fail."""
    newest = newest_backup(case)
    try:
        if case.stat().st_size > MAX_SIZE:
            return
        if newest is not None and abs(time.time() - newest.stat().st_mtime) < INTERVAL_S:
            return
        back_up(case, connection)
    except (OSError, CaseError) as error:
        _log.warning("There is no backup of %s: %s", case, error)


def _is_backup(case: Path, path: Path) -> bool:
    """Only what :func:`back_up` named so, and no link."""
    middle = path.name.removeprefix(f"{case.stem}.").removesuffix(case.suffix)
    return (
        path.name == f"{case.stem}.{middle}{case.suffix}"
        and len(middle) == len("20260101T000000000000Z")
        and middle.endswith("Z")
        and not path.is_symlink()
        and path.is_file()
    )

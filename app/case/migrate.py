"""Bringing an older case up to this version, on a copy that takes the old file's place at the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from app.case import log, schema
from app.case.backups import back_up
from app.case.connection import connect, explained
from app.case.copying import copy_into
from app.case.errors import CaseDamaged, CaseHeld
from app.case.files import whole_file
from app.case.lock import login

Step = Callable[[sqlite3.Connection], None]


def _add_reviews(connection: sqlite3.Connection) -> None:
    """Version 2 records reviews by a second examiner."""
    for statement in (schema.ROWS["review"], *schema.table_triggers("review")):
        connection.execute(statement)


STEPS: dict[int, Step] = {1: _add_reviews}
"""From each earlier version to the next one. A step adds tables and columns and never changes a row;
a column that it adds is empty in old rows, so that their hashes stay."""


def bring_up_to_date(
    path: Path,
    version: int,
    *,
    examiner: str,
    writable: bool,
    steps: Mapping[int, Step] | None = None,
) -> None:
    """Migrate a case file that nobody has open. A backup of the old one is made first.

    Args:
        path: the file.
        version: of its tables.
        examiner: for the log.
        writable: whether this process holds the writer's lock.
        steps: instead of :data:`STEPS`.

    Raises:
        CaseHeld: it is not writable.
        CaseDamaged: it is not as its version makes it.
        CaseFull, CaseError: the file is as it was.
    """
    if not writable:
        raise CaseHeld(
            f"{path} was made by an earlier version of Revisage (format {version}) and must be opened "
            "for writing once; copy it to a folder that you may write."
        )
    known = STEPS if steps is None else steps
    with explained(path):
        connection = connect(path, mode="rw")
        try:
            back_up(path, connection)
            with whole_file(path, force=True) as part:
                copy_into(connection, part)
                _check_as_saved(path, connection, version)
                _migrate(path, part, version, examiner or login(), known)
                # Nothing may hold the old file when the new one takes its place.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("PRAGMA journal_mode = DELETE")
                connection.close()
        except sqlite3.Error as error:
            raise CaseDamaged(
                f"{path} could not be brought to the format of this version ({error}); it is "
                "unchanged."
            ) from error
        finally:
            connection.close()


def _check_as_saved(path: Path, connection: sqlite3.Connection, version: int) -> None:
    """Nothing is added to a file whose tables are not those of its version."""
    found = schema.differences(connection, version=version)
    if found:
        raise CaseDamaged(
            f"{path} is not as it was saved ({found[0].where}: {found[0].what}); see "
            "`revisage case verify`, and restore it from a copy."
        )


def _migrate(
    path: Path, part: Path, version: int, examiner: str, steps: Mapping[int, Step]
) -> None:
    copy = connect(part, mode="rw")
    try:
        copy.execute("BEGIN IMMEDIATE")
        for number in range(version, schema.VERSION):
            if number not in steps:
                raise CaseDamaged(f"{path} has format {version}, which never existed; restore it.")
            steps[number](copy)
        details = {"from": version, "to": schema.VERSION}
        log.append(copy, examiner=examiner, action="case.migrate", details=details, rows=[])
        copy.execute(f"PRAGMA user_version = {schema.VERSION}")
        copy.execute("COMMIT")
    finally:
        copy.close()

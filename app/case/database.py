"""A case's database as a whole: made, checked when it is opened, and its write-ahead log."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.case import log, schema
from app.case.backups import newest_backup
from app.case.errors import CaseDamaged
from app.case.lock import WriterLock
from app.case.storage import Storage
from app.case.store import Store


def own_examiner(connection: sqlite3.Connection) -> str:
    """The examiner that the case names."""
    query = "SELECT value FROM property WHERE name = 'examiner' ORDER BY id DESC LIMIT 1"
    row = connection.execute(query).fetchone()
    return str(row[0]) if row else ""


def set_journal(connection: sqlite3.Connection, storage: Storage, lock: WriterLock) -> bool:
    """Choose how changes reach the disk; whether by a write-ahead log."""
    if storage == "local":
        return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]) == "wal"
    # Another drive held the case when it crashed, or it was copied with its log.
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        if not fold(connection, lock):
            return True
        lock.enter("opening")
    return False


def fold(connection: sqlite3.Connection, lock: WriterLock) -> bool:
    """Bring the write-ahead log into the file and leave that mode; whether both worked.

    With a reader in another window the log stays, and the next writer folds it. The lock says "closing"
    before the log is emptied, so that a crash in between is not taken for a lost log.
    """
    if connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()[0]:
        return False
    try:
        lock.enter("closing")
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except (OSError, sqlite3.OperationalError):
        return False
    return str(mode) == "delete"


def check(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a file whose tables, log or rows are not as they were saved."""
    connection.execute("BEGIN")
    try:
        problems: list[Any] = list(schema.differences(connection))
        if not problems:
            problems, rows = log.check_chain(connection)
            problems += log.check_rows(connection, rows)
    finally:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        backup = newest_backup(path)
        raise CaseDamaged(
            f"{path} is not as it was saved ({problems[0].where}: {problems[0].what}{more}); see "
            f"`revisage case verify`, and restore it from {backup or 'a copy'}."
        )


def fill(connection: sqlite3.Connection, *, title: str, examiner: str) -> None:
    """Make an empty database a case."""
    for setting in (
        f"page_size = {schema.PAGE_SIZE}",
        "encoding = 'UTF-8'",
        f"application_id = {schema.APPLICATION_ID}",
        f"user_version = {schema.VERSION}",
    ):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("BEGIN")
    for statement in schema.statements():
        connection.execute(statement)
    connection.execute("INSERT INTO head VALUES (1, 0, ?)", (log.GENESIS,))
    connection.execute("COMMIT")
    store = Store(Path(), connection, examiner=examiner)
    properties = {
        "case_id": str(uuid.uuid4()),
        "title": title,
        "examiner": examiner,
        "created_utc": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with store.change("case.new", **properties) as change:
        for name, value in properties.items():
            change.insert("property", name=name, value=value)

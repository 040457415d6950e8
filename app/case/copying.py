"""Copies of an open case through SQLite's backup API, which copies one consistent state."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.case.connection import connect


def copy_into(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a case into a new file, in its closed form: one file, without a write-ahead log.

    Args:
        connection: of the case.
        target: a file that does not exist.

    Raises:
        sqlite3.Error: the copy is not complete.
    """
    copy = connect(target, mode="rwc")
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()

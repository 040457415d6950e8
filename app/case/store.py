"""One connection to a case file: reading, and changes that are logged in their own transaction."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.case import log, schema
from app.case.connection import MAX_BLOB, MAX_VALUE, explained, large_values
from app.case.errors import CaseDamaged, CaseError, CaseGone, CaseHeld
from app.case.log import Value

Row = dict[str, Any]


class Change:
    """Rows that are added together with one log entry.

    Attributes:
        details: what the entry says of them; may be added to until the change ends.
    """

    def __init__(self, connection: sqlite3.Connection, details: Mapping[str, Any]) -> None:
        self._connection = connection
        self.details = dict(details)
        self.rows: list[tuple[str, int, str]] = []

    def insert(self, table: str, **values: Value) -> int:
        """Add a row and return its number, which is the table's next one."""
        names = schema.columns(table)
        unknown = values.keys() - set(names)
        if unknown:
            raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
        number = self._next(table)
        row: dict[str, Value] = {name: values.get(name) for name in names} | {"id": number}
        marks = ", ".join("?" for _ in names)
        # Names come from our own schema; values go in as parameters only.
        self._connection.execute(f"INSERT INTO {table} VALUES ({marks})", list(row.values()))
        self.rows.append((table, number, log.row_hash(table, row)))
        return number

    def insert_blob(self, content: bytes) -> str:
        """Keep bytes, once however often they come, and return their SHA-256."""
        if len(content) > MAX_BLOB:
            raise CaseError(
                f"A file of {len(content) / 1e6:.0f} MB is more than a case can hold in one piece "
                f"({MAX_BLOB / 1e6:.0f} MB); reduce it first."
            )
        sha256 = hashlib.sha256(content).hexdigest()
        query = "SELECT 1 FROM blob WHERE sha256 = ?"
        if self._connection.execute(query, (sha256,)).fetchone() is None:
            with large_values(self._connection):
                self._connection.execute(
                    "INSERT INTO blob VALUES (?, ?, ?, ?)",
                    (self._next("blob"), sha256, len(content), content),
                )
        return sha256

    def _next(self, table: str) -> int:
        row = self._connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()
        return int(row[0])


class Store:
    """A case file's connection, used by one thread at a time, whichever that is.

    Attributes:
        path: the file, with links resolved.
        examiner: whose name goes into the log.
        why_read_only: one sentence; empty when changes can be made.
        changes: how many were made.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        examiner: str,
        why_read_only: str = "",
        committed: Callable[[], None] | None = None,
        opened: os.stat_result | None = None,
        steady: bool = True,
    ) -> None:
        """
        Args:
            path, examiner, why_read_only: see the attributes.
            connection: to the file.
            committed: called after every change.
            opened: the file as it was when it was opened, whose place is looked at before every
                change; None for a file that has no place of its own yet.
            steady: one file has one number for as long as it is there, as on local drives.
        """
        self.path = path
        self.examiner = examiner
        self.why_read_only = why_read_only
        self.changes = 0
        self._connection: sqlite3.Connection | None = connection
        self._committed = committed
        self._opened = opened
        self._steady = steady
        self._lock = threading.RLock()
        self._changing = False

    @contextlib.contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """The connection, for this thread alone; SQLite's errors come out as sentences."""
        with self._lock:
            if self._connection is None:
                raise CaseError(f"{self.path} is closed; open it again.")
            with explained(self.path):
                yield self._connection

    @contextlib.contextmanager
    def change(self, action: str, **details: Any) -> Iterator[Change]:
        """Add rows and their log entry in one transaction, which is on the disk when this returns.

        Args:
            action: what is done, such as ``evidence.add``.
            details: parameters and hashes for the log; plain JSON values.

        Raises:
            CaseHeld: the case is open for reading only.
            CaseGone: the file was taken away; nothing was changed.
            CaseFull: nothing was changed.
        """
        with self.connection() as connection:
            if self.why_read_only:
                raise CaseHeld(self.why_read_only)
            if not self.in_place:
                raise CaseGone(
                    f"{self.path} was moved, replaced or deleted while it was open, so nothing more was "
                    "saved; put it back and try again, or save the case under another name."
                )
            if self._changing:
                raise RuntimeError("a change inside a change would share its fate")
            self._changing = True
            try:
                connection.execute("BEGIN IMMEDIATE")
                change = Change(connection, details)
                yield change
                log.append(
                    connection,
                    examiner=self.examiner,
                    action=action,
                    details=change.details,
                    rows=change.rows,
                )
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                raise
            finally:
                self._changing = False
            self.changes += 1
            if self._committed is not None:
                self._committed()

    @property
    def in_place(self) -> bool:
        """Whether the file still has its name.

        SQLite goes on writing into a file that has none, where the system lets it be deleted while it is
        open, and reports success; all of it is gone once the file is closed.
        """
        if self._opened is None:
            return True
        try:
            now = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # the drive says itself what is wrong with it
        return not self._steady or os.path.samestat(self._opened, now)

    def rows(self, query: str, *values: Value) -> list[Row]:
        """The rows of a query of ours, as dictionaries."""
        with self.connection() as connection:
            return [dict(row) for row in connection.execute(query, values)]

    def row(self, table: str, number: int, *, word: str) -> Row:
        """One row by its number.

        Raises:
            CaseError: there is none; the sentence calls it by `word`.
        """
        found = self.rows(f"SELECT * FROM {table} WHERE id = ?", number)
        if not found:
            raise CaseError(f"{self.path} has no {word} {number}; see `revisage case list`.")
        return found[0]

    def blob(self, sha256: str, *, what: str) -> bytes:
        """The bytes with this SHA-256, which is computed anew every time.

        Args:
            sha256: as recorded.
            what: what they are, for the sentence: "Evidence 3 (a.png)".

        Raises:
            CaseDamaged: they are missing or were changed.
        """
        with self.connection() as connection, large_values(connection):
            content = read_blob(connection, sha256)
        if content is None:
            raise CaseDamaged(
                f"{what} is missing from {self.path}; restore it from a copy or a backup."
            )
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CaseDamaged(
                f"{what} in {self.path} was changed: it does not have the SHA-256 it was recorded with; "
                "restore the case from a copy or a backup."
            )
        return content

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def read_blob(connection: sqlite3.Connection, sha256: str) -> bytes | None:
    """The bytes recorded under a hash, unchecked; None when there are none."""
    row = connection.execute("SELECT bytes FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None or not isinstance(row[0], bytes):
        return None
    return row[0]


def clean_text(text: str, *, limit: int = MAX_VALUE // 16) -> str:
    """A text that can be stored: characters that no encoding has are replaced, and it has an end."""
    return text.encode("utf-8", "replace").decode()[:limit]

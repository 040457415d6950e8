"""The whole check of a case file: nothing is trusted, and what is wrong is named with its place."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.case import log, schema
from app.case.connection import MAX_BLOB, check_whole, connect, explain, large_values, read_header
from app.case.errors import CaseError, CaseHeld
from app.case.lock import WriterLock, is_held, login, read_holder
from app.case.log import Problem, RowHashes
from app.case.store import Store
from app.case.verify_contents import check_contents
from app.imaging.errors import RevisageError

Progress = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and what comes next. May raise to stop."""

MAX_PROBLEMS = 1000
"""More are counted in one last line."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a check found.

    Attributes:
        problems: everything that is not as it was saved; empty when all is well.
        entries: how many log entries there are.
        head: the last one's hash; compare it with the one in a report or another copy, because a
            log that someone rewrote as a whole cannot be told from an honest one by itself.
        checked: what was looked at, by kind.
    """

    problems: tuple[Problem, ...]
    entries: int
    head: str
    checked: dict[str, int]

    @property
    def ok(self) -> bool:
        """Whether everything is as it was saved."""
        return not self.problems


def verify(path: Path, *, head: str = "", progress: Progress | None = None) -> Verification:
    """Check a case file: its form, tables, chain, rows, evidence, maps and pictures.

    The file is only read, except that after a crash SQLite first brings it into order.

    Args:
        path: the file, which may be open elsewhere.
        head: a hash that the log must contain, from a report or a note; empty for none.
        progress: told how far it is.

    Raises:
        CaseError: there is no such file, or no case to check.
        CaseNewer: a later version made it.
        CaseHeld: it cannot be opened in its folder.
    """
    path = path.resolve()
    check = _Check(path, progress or (lambda _share, _text: None))
    with _orderly(path) as (mode, problem, version):
        if problem:
            check.problems.append(Problem("file", problem))
        try:
            connection = connect(path, mode="rw" if mode == "rw" else "ro")
        except sqlite3.Error as error:  # its file is damaged where SQLite begins to read
            check.failed("file", error)
            return check.result()
        try:
            connection.execute("PRAGMA query_only = ON")
            with contextlib.suppress(_Stop):
                check.run(connection, head, version)
        finally:
            connection.close()
    return check.result()


class _Stop(Exception):  # noqa: N818 - no failure
    """The rest cannot be checked."""


class _Check:
    def __init__(self, path: Path, progress: Progress) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._progress = progress
        self._entries = 0
        self._head = ""
        self._checked: dict[str, int] = {}

    def result(self) -> Verification:
        """What was found."""
        problems = list(dict.fromkeys(self.problems))
        if len(problems) > MAX_PROBLEMS:
            more = len(problems) - MAX_PROBLEMS
            problems = [
                *problems[:MAX_PROBLEMS],
                Problem("file", f"Further problems: {more}."),
            ]
        return Verification(
            problems=tuple(problems),
            entries=self._entries,
            head=self._head,
            checked=dict(self._checked),
        )

    def failed(self, where: str, error: Exception) -> None:
        """Note that something could not be read at all."""
        if isinstance(error, sqlite3.Error):
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                raise explain(self._path, error) from error
            text = f"It cannot be read: {error}."
        elif isinstance(error, UnicodeDecodeError):
            text = "It cannot be read: it holds text that is none."
        else:
            text = str(error)
        self.problems.append(Problem(where, text))

    def run(self, connection: sqlite3.Connection, head: str, version: int) -> None:
        """All checks in order, on one consistent state of the file."""
        with self._reading("tables"):
            connection.execute("BEGIN")
        self._progress(0.0, "tables")
        self._schema(connection, version)
        self._progress(0.02, "structure of the file")
        with self._reading("structure"):
            self._structure(connection)
        self._progress(0.1, "log")
        rows: RowHashes = {}
        with self._reading("log"):
            rows = self._log(connection, head)
        with self._reading("rows"):
            self.problems += log.check_rows(connection, rows, version=version)
            self._checked["rows"] = len(rows)
        with self._reading("evidence and pictures"):
            self._blobs(connection)
        store = Store(self._path, connection, examiner="", why_read_only="It is being checked.")
        with self._reading("contents"):
            self._checked |= check_contents(store, self.problems, self._say, version=version)
        self._progress(1.0, "done")

    def _say(self, share: float, text: str) -> None:
        self._progress(0.5 + share / 2, text)

    @contextlib.contextmanager
    def _reading(self, where: str) -> Iterator[None]:
        """Go on with the next check when one cannot be done."""
        try:
            yield
        except CaseHeld:
            raise
        except (sqlite3.Error, UnicodeDecodeError, RevisageError) as error:
            self.failed(where, error)

    def _schema(self, connection: sqlite3.Connection, version: int) -> None:
        """Foreign tables, views and triggers end the check; nothing is run on them."""
        try:
            found = schema.differences(connection, version=version)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self.failed("tables", error)
            raise _Stop from error
        self.problems += [Problem(each.where, each.what) for each in found]
        # Reading fires no trigger, and a missing index only makes it slow.
        if any(
            not each.where.startswith("trigger ")
            and not (each.where.startswith("index ") and "is missing" in each.what)
            for each in found
        ):
            raise _Stop

    def _structure(self, connection: sqlite3.Connection) -> None:
        for (text,) in connection.execute("PRAGMA integrity_check(50)"):
            if text != "ok":
                self.problems.append(Problem("structure", f"SQLite finds: {text}."))
        for table, row, other, _ in connection.execute("PRAGMA foreign_key_check"):
            self.problems.append(
                Problem(f"{table} {row}", f"It refers to a row of {other} that is not there.")
            )

    def _log(self, connection: sqlite3.Connection, head: str) -> RowHashes:
        problems, rows = log.check_chain(connection)
        self.problems += problems
        last = connection.execute("SELECT id, sha256 FROM log ORDER BY id DESC LIMIT 1").fetchone()
        self._entries, self._head = (int(last[0]), str(last[1])) if last else (0, "")
        self._checked["log entries"] = self._entries
        if head:
            query = "SELECT 1 FROM log WHERE sha256 = ?"
            if connection.execute(query, (head.lower(),)).fetchone() is None:
                self.problems.append(
                    Problem(
                        "log", f"It has no entry with the hash {head}: it was rewritten or cut."
                    )
                )
        return rows

    def _blobs(self, connection: sqlite3.Connection) -> None:
        """Hash everything that is kept as bytes, and see who refers to it."""
        owners = _owners(connection)
        listed = connection.execute("SELECT id, sha256, size FROM blob ORDER BY id").fetchall()
        total = sum(row["size"] for row in listed) or 1
        done = 0
        for number, sha256, size in listed:
            where = owners.pop(sha256, f"blob {number}")
            if where == f"blob {number}":
                self.problems.append(Problem(where, "Nothing refers to it."))
            self._progress(0.15 + 0.35 * min(done / total, 1), where)
            done += size
            try:
                problem = _blob_problem(connection, number, sha256, size)
            except sqlite3.Error as error:
                self.failed(where, error)
                continue
            if problem:
                self.problems.append(Problem(where, problem))
        self.problems += [Problem(where, "Its bytes are missing.") for where in owners.values()]
        self._checked["blobs"] = len(listed)


def _blob_problem(connection: sqlite3.Connection, number: int, sha256: str, size: int) -> str:
    with large_values(connection):
        length, kind = connection.execute(
            "SELECT length(bytes), typeof(bytes) FROM blob WHERE id = ?", (number,)
        ).fetchone()
        if kind != "blob" or length != size or size > MAX_BLOB:
            return f"It has {length} bytes, but {size} were recorded."
        (content,) = connection.execute("SELECT bytes FROM blob WHERE id = ?", (number,)).fetchone()
    if hashlib.sha256(content).hexdigest() != sha256:
        return "Its bytes were changed: they do not have the SHA-256 that was recorded."
    return ""


def _owners(connection: sqlite3.Connection) -> dict[str, str]:
    """For each hash the row that refers to it, in words."""
    found: dict[str, str] = {}
    for table in schema.references():
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY id"):
            if table == "evidence":
                where = f"evidence {row['id']} ({row['name']})"
            elif table == "output":
                where = f"run {row['run']}, {row['role']} {row['number']}"
            elif table == "map_edit":
                where = f"map {row['map']}, edit {row['number']}"
            else:
                where = f"{table} {row['id']}"
            found.setdefault(row["blob"], where)
    return found


@contextlib.contextmanager
def _orderly(path: Path) -> Iterator[tuple[str, str, int]]:
    """Hold off writers while a crash is set right, and say what the file's form tells."""
    header = read_header(path)
    mode, lock = "ro", None
    left_by = None
    held = is_held(path)
    if not held:
        left_by = read_holder(path)
        if path.with_name(path.name + "-journal").exists():
            with contextlib.suppress(OSError, CaseHeld):
                lock = WriterLock.acquire(path, examiner=login())
                mode = "rw"
    try:
        problem = ""
        if not held:
            try:
                check_whole(path, header, left_by=left_by)
            except CaseError as error:
                problem = str(error)
        yield mode, problem, header.version
    finally:
        if lock is not None:
            lock.release(keep=lock.previous is not None)

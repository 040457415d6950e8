"""The append-only log: each entry names its rows by hash and holds the hash of the entry before it.

An entry is canonical JSON, and its hash is that of exactly this text::

    {"format", "seq", "utc", "who": {"examiner", "login", "host"},
     "software": {"revisage", "python", "sqlite"}, "action", "details",
     "rows": [[table, id, sha256], ...], "previous"}
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app import __version__
from app.case import schema
from app.case.lock import host, login
from app.case.records import canonical_json

FORMAT = 1

GENESIS = "0" * 64
"""The hash before the first entry."""

MAX_ENTRIES_BYTES = 1 << 30
"""A log with more text than this is nothing that Revisage wrote."""

Value = int | str | None

RowHashes = dict[tuple[str, int], str]
"""The hash of each row by table and id, as the log has it."""


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was saved.

    Attributes:
        where: the place: "log entry 5", "evidence 3", "file".
        what: one sentence.
    """

    where: str
    what: str


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One step, as the log has it.

    Attributes:
        seq: counted from 1.
        utc: ISO 8601 with milliseconds.
        who: examiner, login, host.
        software: names and versions.
        action: what was done, such as ``evidence.add``.
        details: its parameters and hashes.
        rows: table, id and hash of each row that was added.
        previous, sha256: the hash of the entry before and of this one.
    """

    seq: int
    utc: str
    who: dict[str, str]
    software: dict[str, str]
    action: str
    details: dict[str, Any]
    rows: tuple[tuple[str, int, str], ...]
    previous: str
    sha256: str


@functools.cache
def _software() -> dict[str, str]:
    return {
        "revisage": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


@functools.cache
def _place() -> dict[str, str]:
    return {"login": login(), "host": host()}


def row_hash(table: str, row: Mapping[str, Value]) -> str:
    """SHA-256 of a row as canonical JSON; empty columns are left out, so that later versions can add
    some without changing the hash."""
    document = {name: value for name, value in row.items() if value is not None}
    return hashlib.sha256(canonical_json({"table": table, "row": document}).encode()).hexdigest()


def append(
    connection: sqlite3.Connection,
    *,
    examiner: str,
    action: str,
    details: Mapping[str, Any],
    rows: Sequence[tuple[str, int, str]],
) -> str:
    """Write the next entry, inside the transaction of what it describes; returns its hash."""
    seq, previous = head(connection)
    entry = canonical_json(
        {
            "format": FORMAT,
            "seq": seq + 1,
            "utc": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "who": {"examiner": examiner, **_place()},
            "software": _software(),
            "action": action,
            "details": dict(details),
            "rows": [list(row) for row in rows],
            "previous": previous,
        }
    )
    sha256 = hashlib.sha256(entry.encode()).hexdigest()
    connection.execute("INSERT INTO log VALUES (?, ?, ?)", (seq + 1, entry, sha256))
    connection.execute("UPDATE head SET entries = ?, sha256 = ? WHERE id = 1", (seq + 1, sha256))
    return sha256


def head(connection: sqlite3.Connection) -> tuple[int, str]:
    """How many entries there are, and the last one's hash."""
    row = connection.execute("SELECT entries, sha256 FROM head WHERE id = 1").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("the head of the log is missing")
    return int(row[0]), str(row[1])


def entries(connection: sqlite3.Connection, *, after: int = 0, action: str = "") -> Iterator[LogEntry]:
    """The entries in order, for showing; the chain is checked by :func:`check_chain`.

    Args:
        connection: to the case.
        after: the last entry that is left out.
        action: only entries of this one; empty for all.
    """
    # An action's entries are found by their text, so that a long log need not be read as JSON.
    part = f'"action":"{action}"' if action else ""
    query = "SELECT entry, sha256 FROM log WHERE id > ?1 AND (?2 = '' OR instr(entry, ?2)) ORDER BY id"
    for text, sha256 in connection.execute(query, (after, part)):
        entry = parse(text, sha256)
        if action in ("", entry.action):
            yield entry


def parse(text: str, sha256: str) -> LogEntry:
    """An entry from its stored text.

    Raises:
        ValueError: it is none.
    """
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")
    try:
        return LogEntry(
            seq=_of(int, document["seq"]),
            utc=_of(str, document["utc"]),
            who=_of(dict, document["who"]),
            software=_of(dict, document["software"]),
            action=_of(str, document["action"]),
            details=_of(dict, document["details"]),
            rows=tuple(
                (_of(str, table), _of(int, number), _of(str, digest))
                for table, number, digest in document["rows"]
            ),
            previous=_of(str, document["previous"]),
            sha256=sha256,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the field {error} is missing or wrong") from error


def _of(kind: type[Any], value: object) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{value!r}")
    return value


def check_chain(connection: sqlite3.Connection) -> tuple[list[Problem], RowHashes]:
    """Check every entry against its hash and against the entry before it.

    Returns:
        What is wrong, and the hashes of all rows that the log names.

    Raises:
        sqlite3.Error: the log cannot be read.
    """
    problems: list[Problem] = []
    rows: RowHashes = {}
    expected, previous, seen = 0, GENESIS, 0
    for number, text, sha256 in connection.execute("SELECT id, entry, sha256 FROM log ORDER BY id"):
        expected += 1
        seen += len(text)
        if seen > MAX_ENTRIES_BYTES:
            problems.append(Problem("log", "It has more text than any log that Revisage writes."))
            break
        where = f"log entry {number}"
        if number != expected:
            gone = f"entry {expected}" if number == expected + 1 else f"{expected} to {number - 1}"
            problems.append(Problem(where, f"Before it the log lacks {gone}."))
            expected = number
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            problems.append(Problem(where, "Its text was changed: it does not have its SHA-256."))
        try:
            entry = parse(text, sha256)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(where, f"It cannot be read: {error}."))
            previous = sha256
            continue
        if entry.seq != number:
            problems.append(Problem(where, f"It was moved: it says that it is entry {entry.seq}."))
        if entry.previous != previous:
            problems.append(
                Problem(where, "The chain breaks here: it does not follow the entry before it.")
            )
        previous = sha256
        for table, row, digest in entry.rows:
            if table not in schema.ROWS or (table, row) in rows:
                problems.append(Problem(where, f"It claims {table} {row}, which it cannot."))
            else:
                rows[table, row] = digest
    problems += _check_head(connection, expected, previous)
    return problems, rows


def _check_head(connection: sqlite3.Connection, count: int, last: str) -> list[Problem]:
    try:
        claimed, sha256 = head(connection)
    except sqlite3.DatabaseError as error:
        return [Problem("head", f"The head of the log cannot be read: {error}.")]
    if claimed > count:
        return [Problem("log", f"Its end is missing: {count} of {claimed} entries are left.")]
    if claimed < count or sha256 != last:
        return [Problem("head", "The head of the log is not its last entry.")]
    return []


def check_rows(
    connection: sqlite3.Connection, logged: RowHashes, *, version: int = schema.VERSION
) -> list[Problem]:
    """Check every row of a file of a version against the hash that the log has of it.

    Raises:
        sqlite3.Error: a table cannot be read.
    """
    problems: list[Problem] = []
    left = dict(logged)
    for table in schema.tables(version):
        if table not in schema.ROWS:
            continue
        names = schema.columns(table)
        # Table and column names come from our own schema, never from the file.
        for row in connection.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY id"):
            values = {name: row[name] for name in names}
            where = f"{table} {values['id']}"
            digest = left.pop((table, values["id"]), None)
            if digest is None:
                problems.append(Problem(where, "No log entry tells of it."))
            elif any(not isinstance(value, int | str | None) for value in values.values()):
                problems.append(Problem(where, "It holds a value of a kind that it cannot have."))
            elif row_hash(table, values) != digest:
                problems.append(Problem(where, "It was changed after it was saved."))
    problems += [
        Problem(f"{table} {number}", "It is missing, although the log tells of it.")
        for table, number in left
    ]
    return problems

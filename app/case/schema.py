"""The tables of a case file, and the check that a file has these and nothing else.

Everything is append-only, the log as well as what it describes: triggers refuse to change or delete a
row. Each row but the head's belongs to exactly one log entry, which holds the row's hash.
"""

from __future__ import annotations

import functools
import sqlite3
from dataclasses import dataclass

APPLICATION_ID = 0x52564953
"""In bytes 68 to 71 of the file: "RVIS"."""

VERSION = 2
"""Of the tables; SQLite's user_version."""

PAGE_SIZE = 8192
"""Bytes; photos are read in fewer steps than with SQLite's 4096."""

HEAD = """\
CREATE TABLE head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  entries INTEGER NOT NULL,
  sha256 TEXT NOT NULL
) STRICT"""

LOG = """\
CREATE TABLE log (
  id INTEGER PRIMARY KEY,
  entry TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT"""

BLOB = """\
CREATE TABLE blob (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT"""

ROWS: dict[str, str] = {
    "property": """\
CREATE TABLE property (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT""",
    "evidence": """\
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  size INTEGER NOT NULL,
  modified_utc TEXT,
  blob TEXT NOT NULL REFERENCES blob (sha256)
) STRICT""",
    "photo": """\
CREATE TABLE photo (
  id INTEGER PRIMARY KEY,
  evidence INTEGER NOT NULL REFERENCES evidence (id),
  format TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  bits INTEGER NOT NULL,
  pixels_sha256 TEXT NOT NULL
) STRICT""",
    "faces": """\
CREATE TABLE faces (
  id INTEGER PRIMARY KEY,
  photo INTEGER NOT NULL REFERENCES photo (id),
  source TEXT NOT NULL,
  author TEXT NOT NULL,
  faces TEXT NOT NULL,
  models TEXT NOT NULL
) STRICT""",
    "map": """\
CREATE TABLE map (
  id INTEGER PRIMARY KEY,
  photo INTEGER NOT NULL REFERENCES photo (id),
  faces INTEGER REFERENCES faces (id),
  source TEXT NOT NULL,
  author TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  map_sha256 TEXT NOT NULL,
  blob TEXT NOT NULL REFERENCES blob (sha256),
  models TEXT NOT NULL
) STRICT""",
    "map_edit": """\
CREATE TABLE map_edit (
  id INTEGER PRIMARY KEY,
  map INTEGER NOT NULL REFERENCES map (id),
  number INTEGER NOT NULL,
  tool TEXT NOT NULL,
  author TEXT NOT NULL,
  x0 INTEGER NOT NULL,
  y0 INTEGER NOT NULL,
  x1 INTEGER NOT NULL,
  y1 INTEGER NOT NULL,
  blob TEXT NOT NULL REFERENCES blob (sha256),
  UNIQUE (map, number)
) STRICT""",
    "run": """\
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  photo INTEGER NOT NULL REFERENCES photo (id),
  map INTEGER NOT NULL REFERENCES map (id),
  edits INTEGER NOT NULL,
  author TEXT NOT NULL,
  request TEXT NOT NULL,
  result TEXT NOT NULL,
  setup TEXT NOT NULL
) STRICT""",
    "output": """\
CREATE TABLE output (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (id),
  role TEXT NOT NULL,
  number INTEGER NOT NULL,
  shape TEXT NOT NULL,
  pixels_sha256 TEXT NOT NULL,
  blob TEXT NOT NULL REFERENCES blob (sha256),
  UNIQUE (run, role, number)
) STRICT""",
    "note": """\
CREATE TABLE note (
  id INTEGER PRIMARY KEY,
  photo INTEGER REFERENCES photo (id),
  replaces INTEGER REFERENCES note (id),
  author TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT""",
    "review": """\
CREATE TABLE review (
  id INTEGER PRIMARY KEY,
  author TEXT NOT NULL,
  verdict TEXT NOT NULL,
  text TEXT NOT NULL,
  entries INTEGER NOT NULL,
  head TEXT NOT NULL
) STRICT""",
}
"""The tables whose rows the log holds hashes of."""

SINCE = {"review": 2}
"""The version that brought a table; all others are there from the first."""

INDEXES = (
    "CREATE INDEX property_by_name ON property (name, id)",
    "CREATE INDEX photo_by_evidence ON photo (evidence)",
    "CREATE INDEX faces_by_photo ON faces (photo, id)",
    "CREATE INDEX map_by_photo ON map (photo, id)",
    "CREATE INDEX run_by_photo ON run (photo, id)",
    "CREATE INDEX note_by_photo ON note (photo, id)",
)

TABLES: tuple[str, ...] = ("log", "blob", *ROWS)
"""All append-only tables."""


def tables(version: int = VERSION) -> tuple[str, ...]:
    """The append-only tables of a version."""
    return tuple(table for table in TABLES if SINCE.get(table, 1) <= version)


def _triggers(version: int) -> list[str]:
    """A row may be added with the next number, and nothing else.

    The number is checked because INSERT OR REPLACE deletes rows without asking delete triggers.
    """
    made = [
        "CREATE TRIGGER head_no_delete BEFORE DELETE ON head BEGIN"
        " SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER head_no_insert BEFORE INSERT ON head"
        " WHEN EXISTS (SELECT 1 FROM head) BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER head_one_step BEFORE UPDATE ON head"
        " WHEN NEW.id <> 1 OR NEW.entries <> OLD.entries + 1"
        " BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER blob_no_replace BEFORE INSERT ON blob"
        " WHEN EXISTS (SELECT 1 FROM blob WHERE sha256 = NEW.sha256)"
        " BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER map_edit_no_replace BEFORE INSERT ON map_edit"
        " WHEN EXISTS (SELECT 1 FROM map_edit WHERE map = NEW.map AND number = NEW.number)"
        " BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER output_no_replace BEFORE INSERT ON output"
        " WHEN EXISTS (SELECT 1 FROM output WHERE run = NEW.run AND role = NEW.role"
        " AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ]
    for table in tables(version):
        made += table_triggers(table)
    return made


def table_triggers(table: str) -> list[str]:
    """What makes a table append-only."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_in_order BEFORE INSERT ON {table}"
        f" WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM {table}) {refuse}",
    ]


def statements(version: int = VERSION) -> tuple[str, ...]:
    """What makes an empty database a case file of a version, in order."""
    rows = [ROWS[table] for table in tables(version) if table in ROWS]
    return (HEAD, LOG, BLOB, *rows, *INDEXES, *_triggers(version))


@functools.cache
def columns(table: str) -> tuple[str, ...]:
    """The columns of a table, in order."""
    query = "SELECT name FROM pragma_table_info(?)"
    found = _shared_model().execute(query, (table,)).fetchall()
    return tuple(str(name) for (name,) in found)


@functools.cache
def references() -> tuple[str, ...]:
    """The tables that refer to blobs."""
    return tuple(table for table in ROWS if "blob" in columns(table))


@dataclass(frozen=True)
class Difference:
    """Where a file's tables are not those of a case.

    Attributes:
        where: the table, index or trigger.
        what: one sentence.
    """

    where: str
    what: str


def differences(connection: sqlite3.Connection, *, version: int = VERSION) -> list[Difference]:
    """Compare a file's tables, indexes and triggers with those that a version makes.

    A file from elsewhere may hold triggers and views of its own; run nothing on it before this.

    Raises:
        sqlite3.Error: the file cannot be read that far.
    """
    expected, found = _objects(_shared_model(version)), _objects(connection)
    made: list[Difference] = []
    for (kind, name), text in expected.items():
        if (kind, name) not in found:
            made.append(Difference(f"{kind} {name}", f"The {kind} {name} is missing."))
        elif found[kind, name] != text:
            made.append(
                Difference(f"{kind} {name}", f"The {kind} {name} is not as Revisage makes it.")
            )
    for kind, name in found.keys() - expected.keys():
        made.append(Difference(f"{kind} {name}", f"The {kind} {name} does not belong in a case."))
    return made


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT 1000")
    return {(str(kind), str(name)): f"{table}: {sql}" for kind, name, table, sql in rows}


@functools.cache
def _shared_model(version: int = VERSION) -> sqlite3.Connection:
    """An empty case of a version in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    for statement in statements(version):
        connection.execute(statement)
    return connection

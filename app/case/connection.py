"""Opening SQLite the careful way: the header first, then a connection that trusts nothing in it."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from app.case import schema
from app.case.errors import CaseDamaged, CaseError, CaseFull, CaseHeld, CaseNewer
from app.case.lock import Holder

MAGIC = b"SQLite format 3\0"
HEADER_SIZE = 100
WAL_FORMAT = 2

MAX_VALUE = 16 << 20
"""Bytes in one value; only blobs may be larger, see :func:`large_values`."""

MAX_BLOB = 900_000_000
"""Bytes in one blob; SQLite's own limit is a thousand million."""

BUSY_S = 10.0

UNREADABLE = "it holds text that is none"
"""For Python's decoding errors, also of SQLite's messages, which quote the damaged file."""


@dataclass(frozen=True)
class Header:
    """What the first 100 bytes of a case file say (sqlite.org/fileformat).

    Attributes:
        version: of the tables.
        wal: whether changes may lie in a write-ahead log beside the file.
        size: of the file in bytes.
        promised: bytes that the pages should take; 0 when the header does not say.
    """

    version: int
    wal: bool
    size: int
    promised: int


def read_header(path: Path) -> Header:
    """Check that a file is a case, as far as its first bytes tell.

    Raises:
        CaseError: it is missing, a folder, unreadable, or something else than a case.
        CaseDamaged: it is empty or cut short.
        CaseNewer: a later version made it.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEADER_SIZE)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise CaseError(f"{path} was not found; check its name and folder.") from error
    except IsADirectoryError as error:
        raise CaseError(f"{path} is a folder; choose a case file (.rvcase).") from error
    except OSError as error:
        if path.is_dir():
            raise CaseError(f"{path} is a folder; choose a case file (.rvcase).") from error
        raise CaseError(f"{path} could not be read ({error.strerror or error}).") from error
    if not head:
        raise CaseDamaged(f"{path} is empty (zero bytes); restore it from a copy or a backup.")
    if not head.startswith(MAGIC[: len(head)]):
        raise CaseError(f"{path} is no case file, or its first bytes are damaged.")
    if len(head) < HEADER_SIZE:
        raise CaseDamaged(f"{path} is cut short; restore it from a copy or a backup.")
    (application,) = struct.unpack_from(">I", head, 68)
    (version,) = struct.unpack_from(">I", head, 60)
    if application != schema.APPLICATION_ID:
        raise CaseError(f"{path} is a database of another program, or its first bytes are damaged.")
    if version > schema.VERSION:
        raise CaseNewer(
            f"{path} was made by a later version of Revisage (format {version}, this one reads up to "
            f"{schema.VERSION}); open it with that version."
        )
    if version < 1:
        raise CaseDamaged(f"{path} has no format number; restore it from a copy or a backup.")
    page = struct.unpack_from(">H", head, 16)[0]
    page = 65536 if page == 1 else page
    changes, pages = struct.unpack_from(">II", head, 24)
    (valid_for,) = struct.unpack_from(">I", head, 92)
    return Header(
        version=version,
        wal=WAL_FORMAT in head[18:20],
        size=size,
        promised=page * pages if changes == valid_for else 0,
    )


def check_whole(path: Path, header: Header, *, left_by: Holder | None) -> None:
    """Refuse a file that is cut short or that left its write-ahead log behind.

    A crash leaves the log (or the rollback journal) beside the file, and then SQLite puts it in order.
    A copy of the main file alone has lost whatever was only in the log. Call this only while no other
    process writes the file.

    Args:
        path: the file.
        header: of it.
        left_by: whoever did not close it in an orderly way, as the lock file says.

    Raises:
        CaseDamaged: something is missing.
    """
    wal = has_wal(path)
    if header.wal and not wal and (left_by is None or left_by.phase == "open"):
        raise CaseDamaged(
            f"{path} was copied while it was open, without the file {path.name}-wal that holds the "
            "last changes; copy both, or close the case and copy it again."
        )
    if not wal and not _size(path.with_name(path.name + "-journal")):
        if header.size < header.promised:
            raise CaseDamaged(
                f"{path} is cut short ({header.size} of {header.promised} bytes); "
                "restore it from a copy or a backup."
            )
        if header.promised and header.size > header.promised:
            raise CaseDamaged(
                f"{path} has {header.size - header.promised} bytes after its end that do not belong "
                "to it; restore it from a copy or a backup."
            )


def has_wal(path: Path) -> bool:
    """Whether a write-ahead log with something in it lies beside the file."""
    return _size(path.with_name(path.name + "-wal")) > 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def connect(path: Path, *, mode: Literal["ro", "rw", "rwc"]) -> sqlite3.Connection:
    """A connection that runs nothing from the file and never waits for the disk to be believed.

    Raises:
        sqlite3.Error: see :func:`explained`.
    """
    name = quote(path.absolute().as_posix(), safe="/:")
    name = f"//{name}" if name.startswith("//") else f"///{name.lstrip('/')}"
    connection = sqlite3.connect(
        f"file:{name}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_S,
    )
    try:
        _prepare(connection, read_only=mode == "ro")
    except UnicodeDecodeError as error:
        connection.close()
        raise sqlite3.DatabaseError(UNREADABLE) from error
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, *, read_only: bool) -> None:
    connection.row_factory = sqlite3.Row
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for setting in (
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "foreign_keys = ON",
        "synchronous = FULL",
        "fullfsync = ON",
        "checkpoint_fullfsync = ON",
        "temp_store = MEMORY",
        "mmap_size = 0",
    ):
        connection.execute(f"PRAGMA {setting}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")


@contextlib.contextmanager
def large_values(connection: sqlite3.Connection) -> Iterator[None]:
    """Allow values of up to :data:`MAX_BLOB` bytes for a while."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_BLOB + (1 << 20))
    try:
        yield
    finally:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into sentences about the case file.

    Raises:
        CaseError or one of its kinds.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise explain(path, sqlite3.DatabaseError(UNREADABLE)) from error
    except sqlite3.Error as error:
        raise explain(path, error) from error


def explain(path: Path, error: sqlite3.Error) -> CaseError:
    """One sentence for an error of SQLite."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary == sqlite3.SQLITE_FULL:
        return CaseFull(
            f"{path} was not changed because the disk is full; free some space and try again."
        )
    if primary == sqlite3.SQLITE_IOERR:
        return CaseFull(
            f"{path} was not changed because its drive reported an error "
            f"({error.sqlite_errorname}); check the drive and its free space."
        )
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CaseHeld(f"{path} is in use by another program; close that and try again.")
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return CaseHeld(
            f"{path} cannot be opened in this folder ({error}); copy it, with the files whose names "
            "begin like it, to a folder that you may write."
        )
    if primary == sqlite3.SQLITE_CONSTRAINT:
        return CaseError(f"{path} refused a change that is not allowed ({error}).")
    return CaseDamaged(
        f"{path} is damaged ({error}); see `revisage case verify`, and restore it from a copy or a "
        "backup."
    )

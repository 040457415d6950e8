"""The case file: one SQLite database that is saved as it changes.

Whoever opens it first writes it; everyone else reads it and is told who writes. While it is written on
a local drive its newest changes lie in a write-ahead log beside it; closing makes it one file again.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.case import log, migrate, schema
from app.case.backups import back_up_after_changes
from app.case.connection import check_whole, connect, explained, has_wal, read_header
from app.case.copying import copy_into
from app.case.database import check, fill, fold, own_examiner, set_journal
from app.case.errors import CaseDamaged, CaseHeld
from app.case.evidence import Evidence
from app.case.files import explained_os, whole_file
from app.case.lock import Holder, WriterLock, is_held, login, read_holder
from app.case.log import LogEntry
from app.case.maps import Maps
from app.case.notes import Notes
from app.case.reviews import Reviews
from app.case.runs import Runs
from app.case.storage import Storage, storage_of
from app.case.store import Row, Store, clean_text

SUFFIX = ".rvcase"


class CaseFile:
    """An open case.

    Any thread may call any method; changes follow one another, and each is on the disk when its call
    returns.

    Attributes:
        path: the file.
        evidence, maps, runs, notes, reviews: what is in it.
        holder: who writes the case, when that is someone else.
        recovered: who wrote it when it was not closed in an orderly way; None otherwise.
        storage: the kind of drive it lies on.
    """

    def __init__(
        self,
        store: Store,
        *,
        lock: WriterLock | None,
        holder: Holder | None,
        storage: Storage,
        wal: bool,
    ) -> None:
        """Use :meth:`create` and :meth:`open`."""
        self.path = store.path
        self.holder = holder
        left_by = lock.previous if lock else None
        # One that was closing had brought everything into the file.
        self.recovered = left_by if left_by and left_by.phase != "closing" else None
        self.storage = storage
        self._store = store
        self._lock = lock
        self._wal = wal
        self.evidence = Evidence(store)
        self.maps = Maps(store)
        self.runs = Runs(store)
        self.notes = Notes(store)
        self.reviews = Reviews(store)

    # --- opening and closing -----------------------------------------------------------------

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        title: str = "",
        examiner: str = "",
        storage: Storage | None = None,
    ) -> CaseFile:
        """Make a new, empty case and open it.

        Args:
            path: the file, which must not exist.
            title: what to call the case.
            examiner: whose name goes into the log; the account's where it is empty.
            storage: the kind of drive, to set aside what would be found.

        Raises:
            CaseError: it was not made.
        """
        examiner = _name(examiner)
        with whole_file(path) as part, explained(path):
            connection = connect(part, mode="rwc")
            try:
                fill(connection, title=clean_text(title, limit=1000), examiner=examiner)
            finally:
                connection.close()
        return cls.open(path, examiner=examiner, storage=storage)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        examiner: str = "",
        read_only: bool = False,
        must_write: bool = False,
        storage: Storage | None = None,
    ) -> CaseFile:
        """Open a case, for writing if possible.

        Log, tables and rows are checked; evidence and pictures are when they are read.

        Args:
            path: the file.
            examiner: whose name goes into the log; that of the case where it is empty.
            read_only: do not even try to write.
            must_write: fail instead of opening for reading only.
            storage: the kind of drive, to set aside what would be found.

        Raises:
            CaseDamaged: the file is not as it was saved.
            CaseNewer: a later version made it.
            CaseHeld: it cannot be written and must be, or cannot even be read in its folder.
            CaseError: it is no case.
        """
        path = path.resolve()
        read_header(path)
        storage = storage or storage_of(path)
        lock, why = (None, f"{path} was opened for reading only.")
        if not read_only:
            lock, why = _acquire(path, examiner)
            if lock is None and must_write:
                raise CaseHeld(why)
        holder = read_holder(path) if lock is None and not read_only else None
        try:
            return cls._open_locked(path, examiner, lock, why, holder, storage)
        except BaseException:
            # Whatever is wrong with the file is still wrong: keep what the lock tells about it.
            if lock is not None:
                lock.release(keep=lock.previous is not None)
            raise

    @classmethod
    def _open_locked(
        cls,
        path: Path,
        examiner: str,
        lock: WriterLock | None,
        why: str,
        holder: Holder | None,
        storage: Storage,
    ) -> CaseFile:
        header = read_header(path)
        if lock is not None:
            check_whole(path, header, left_by=lock.previous)
        elif not is_held(path):
            check_whole(path, header, left_by=read_holder(path))
        if header.version < schema.VERSION:
            migrate.bring_up_to_date(path, header.version, examiner=examiner, writable=bool(lock))
        with explained(path):
            connection = connect(path, mode="rw" if lock else "ro")
        try:
            with explained(path):
                check(path, connection)
                own = own_examiner(connection)
                wal = lock is not None and set_journal(connection, storage, lock)
        except BaseException:
            connection.close()
            raise
        store = Store(
            path,
            connection,
            examiner=_name(examiner or own),
            why_read_only="" if lock else why,
            committed=lock.opened if lock and wal else None,
            opened=path.stat() if lock else None,
            steady=storage == "local",
        )
        case = cls(store, lock=lock, holder=holder, storage=storage, wal=wal)
        if case.recovered is not None:
            with store.change("case.recovered", left_by=str(case.recovered)):
                pass
        return case

    def close(self) -> None:
        """Make the case one file again and let others write it; the object cannot be used after."""
        if self._lock is None:
            self._store.close()
            return
        lock, self._lock = self._lock, None
        folded = not self._wal
        try:
            if self._wal:
                with self._store.connection() as connection:
                    connection.execute("PRAGMA busy_timeout = 1000")
                    folded = fold(connection, lock)
            if self._store.changes and self._store.in_place:
                with self._store.connection() as connection:
                    back_up_after_changes(self.path, connection)
        finally:
            self._store.close()
            if not folded and not has_wal(self.path):
                # SQLite removes the log only once all of it is in the file.
                with contextlib.suppress(OSError):
                    lock.enter("closing")
            lock.release(keep=not folded)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- the case as a whole -----------------------------------------------------------------

    @property
    def read_only(self) -> bool:
        """Whether changes are refused; :attr:`why_read_only` says why."""
        return bool(self._store.why_read_only)

    @property
    def why_read_only(self) -> str:
        """One sentence; empty when the case can be changed."""
        return self._store.why_read_only

    def require_writable(self) -> None:
        """Say before any work that its outcome could not be kept; raises CaseHeld."""
        if self.read_only:
            raise CaseHeld(self.why_read_only)

    @property
    def title(self) -> str:
        """What the case is called."""
        return self.notes.properties().get("title", "")

    @property
    def id(self) -> str:
        """The case's own number, given once."""
        return self.notes.properties().get("case_id", "")

    @property
    def examiner(self) -> str:
        """Whose name goes into the log."""
        return self._store.examiner

    @examiner.setter
    def examiner(self, name: str) -> None:
        self._store.examiner = _name(name)

    def log(self, *, after: int = 0) -> list[LogEntry]:
        """The log's entries in order, from the one after a number."""
        with self._store.connection() as connection:
            try:
                return list(log.entries(connection, after=after))
            except ValueError as error:
                raise CaseDamaged(f"The log of {self.path} cannot be read: {error}.") from error

    def head(self) -> tuple[int, str]:
        """How many log entries there are, and the last one's hash: what pins the whole case down."""
        with self._store.connection() as connection:
            return log.head(connection)

    def record(self, action: str, **details: Any) -> None:
        """Keep in the log that something left the case, such as a report; nothing else changes.

        Args:
            action: ``export.write`` or ``package.seal``.
            details: what and with which hashes; plain JSON values.

        Raises:
            CaseHeld: the case is open for reading only.
        """
        with self._store.change(action, **details):
            pass

    def rows(self, table: str) -> list[Row]:
        """The rows of a table as they are kept, for a package; see :data:`app.case.schema.ROWS`."""
        if table not in schema.ROWS:
            raise ValueError(f"{table} is no table whose rows leave the case")
        return self._store.rows(f"SELECT * FROM {table} ORDER BY id")

    def packed(self, sha256: str) -> bytes:
        """A packed map or edit as it is kept, checked against its hash, for a package."""
        return self._store.blob(sha256, what="A map or an edit of one")

    def log_lines(self) -> list[str]:
        """The texts of the log's entries in order, exactly those that were hashed."""
        return [row["entry"] for row in self._store.rows("SELECT entry FROM log ORDER BY id")]

    def save_as(self, path: Path, *, force: bool = False) -> None:
        """Write the case as it is now to another file; this one stays open.

        Args:
            path: the new file.
            force: replace an existing one.

        Raises:
            CaseError: it was not written.
        """
        with self._store.connection() as connection, whole_file(path, force=force) as part:
            copy_into(connection, part)


def _name(examiner: str) -> str:
    return clean_text(" ".join(examiner.split()), limit=200) or login()


def _acquire(path: Path, examiner: str) -> tuple[WriterLock | None, str]:
    """The lock, or why there is none."""
    try:
        # A file that may not be written says so now, not at the first change.
        path.open("r+b").close()
        return WriterLock.acquire(path, examiner=_name(examiner)), ""
    except CaseHeld as error:
        return None, str(error)
    except OSError as error:
        return None, f"{path} can only be read: {explained_os(path, error)}"

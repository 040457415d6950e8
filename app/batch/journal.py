"""The batch's memory: what was found, begun and done, in one SQLite file beside the results.

A photo is written down as begun before its first file is written and as done after its last one lies
on the disk, so a batch that was killed at any moment knows which files are its own and what is
still to do. Rows are read in small groups: 100,000 photos take no more memory than ten.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.batch.names import Names, alike, naming_key, stem_of
from app.batch.order import UNCHANGED, BatchError, Failed, Order, Result, Task
from app.batch.schema import SCHEMA, TO_DO, UNREADABLE
from app.batch.walk import RESULTS_MARK, Found, Unreadable
from app.export.errors import ExportError

FILE = RESULTS_MARK
"""The journal's name in the folder of the results."""

PART = re.compile(r"\.[0-9a-f]{12}\.part")
"""The names of files that are being written (:mod:`app.export.files`)."""

FORMAT = 1
GROUP = 64
"""Rows read, or marked as begun, at a time."""

SCAN_GROUP = 2000
"""Rows of a walk per transaction."""


@dataclass(frozen=True)
class Counts:
    """How the photos of the last walk stand."""

    photos: int
    done: int
    failed: int
    by_status: dict[str, int]


class Journal:
    """The journal of one folder of results; one process at a time may hold it.

    Attributes:
        out: the folder of the results.
        path: the SQLite file.
    """

    def __init__(self, out: Path, root: Path, order: Order, request: str) -> None:
        """
        Args:
            out: the folder of the results; must exist.
            root: the tree of the photos.
            order: what is asked for.
            request: its hash.

        Raises:
            BatchError: another process works here, or the journal is of another tree or damaged.
            ExportError: it cannot be written.
        """
        self.out = out
        self.path = out / FILE
        self._root = Path(os.path.realpath(root))
        self._order = order
        self._request = request
        self._scan = 0
        try:
            self._db = sqlite3.connect(self.path, timeout=0.5, isolation_level=None)
        except sqlite3.Error as error:
            raise ExportError(
                f"The journal {self.path} could not be opened ({error}); check the rights of its "
                "folder, or choose another with --out."
            ) from error
        try:
            self._open()
            self._names = Names(self._db)
        except sqlite3.Error as error:
            self._db.close()
            raise self._failed(error) from error
        except BaseException:
            self._db.close()
            raise

    def _open(self) -> None:
        try:
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            # Held alone, a write-ahead log needs no shared memory and so works on network drives too.
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("BEGIN EXCLUSIVE")  # held by the locking mode until the end
            for statement in filter(str.strip, SCHEMA.split(";\n")):
                self._db.execute(statement)
            columns = {row[1] for row in self._db.execute("PRAGMA table_info(photo)")}
            if "mine" not in columns:  # written before orders could take turns
                self._db.execute("ALTER TABLE photo ADD COLUMN mine TEXT NOT NULL DEFAULT '[]'")
                self._db.execute("UPDATE photo SET mine = files")
            meta = dict(self._db.execute("SELECT key, value FROM meta"))
            root = os.fsencode(self._root).hex()
            if meta.get("root", root) != root:
                earlier = os.fsdecode(bytes.fromhex(meta["root"]))
                raise BatchError(
                    f"The folder {self.out} holds the results of another tree, {earlier}; "
                    "choose another folder with --out."
                )
            if int(meta.get("format", FORMAT)) > FORMAT:
                raise BatchError(
                    f"The journal {self.path} was written by a newer Revisage; use that one."
                )
            self._scan = int(meta.get("scan", 0)) + 1
            notes = {"root": root, "format": FORMAT, "scan": self._scan}
            for key, value in (notes | {naming_key(self._request): self._order.naming()}).items():
                self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(value)))
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise BatchError(
                    f"Another batch is working on {self.out}; wait for its end, "
                    "or choose another folder with --out."
                ) from error
            raise ExportError(
                f"The journal {self.path} could not be written ({error}); "
                "free some space, or choose another folder with --out."
            ) from error
        except sqlite3.DatabaseError as error:
            raise BatchError(
                f"The journal {self.path} is damaged ({error}); move it away to do all photos anew "
                "with --force."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the file; an error of SQLite in the block leaves it as a sentence."""
        self._db.close()
        if isinstance(error, sqlite3.Error):
            raise self._failed(error) from error

    def _failed(self, error: sqlite3.Error) -> ExportError:
        return ExportError(
            f"The batch stopped because its journal {self.path} could not be kept ({error}); what is "
            "done stays done, so free some space and give the same command again."
        )

    # --- what there is -------------------------------------------------------------------------

    def note_tree(self, found: Iterable[Found | Unreadable]) -> None:
        """Write down what a walk finds; what is known and unchanged stays as it is."""
        self._db.execute("BEGIN")
        try:
            for number, each in enumerate(found):
                self._note(each)
                if number % SCAN_GROUP == SCAN_GROUP - 1:
                    self._db.execute("COMMIT")
                    self._db.execute("BEGIN")
        finally:
            if self._db.in_transaction:  # a full disk has ended it already
                self._db.execute("COMMIT")
        self._give_stems()

    def _note(self, each: Found | Unreadable) -> None:
        size, modified = (each.size, each.modified) if isinstance(each, Found) else (0, 0)
        folder, name = os.fsencode(each.folder), os.fsencode(each.name)
        self._db.execute(
            "INSERT INTO photo (folder, name, size, modified, scan, wish, state)"
            " VALUES (?, ?, ?, ?, ?, ?, 'waiting') ON CONFLICT (folder, name) DO UPDATE"
            " SET size = excluded.size, modified = excluded.modified, scan = excluded.scan",
            (folder, name, size, modified, self._scan, alike(stem_of(each.name))),
        )
        if isinstance(each, Unreadable):
            self._db.execute(
                "UPDATE photo SET state = 'failed', error = ?, tried = ? WHERE folder = ? AND name = ?",
                (_storable(each.error), self._scan, folder, name),
            )

    def _give_stems(self) -> None:
        """Names for the results: the photo's stem, or its whole name where two share the stem."""
        self._db.execute("BEGIN")
        for row, folder, name, wish in self._rows("id, folder, name, wish", "stem IS NULL"):
            stem = self._names.free_stem(folder, name, wish, scan=self._scan)
            self._db.execute(
                "UPDATE photo SET stem = ?, taken = ? WHERE id = ?",
                (os.fsencode(stem), alike(stem), row),
            )
        self._db.execute("COMMIT")

    def check_results(self) -> None:
        """Photos whose results are no longer all there are to be done again."""
        self._db.execute("BEGIN")
        for row, folder, files in self._rows("id, folder, files", "state = 'done'"):
            if not _there(self._target(folder), json.loads(files)):
                self._db.execute("UPDATE photo SET state = 'waiting' WHERE id = ?", (row,))
        self._db.execute("COMMIT")

    def sweep(self) -> None:
        """Remove what a killed writer left half written; only while nothing is at work."""
        folders = self._db.execute("SELECT DISTINCT folder FROM photo WHERE state = 'begun'")
        for (folder,) in folders:
            with contextlib.suppress(OSError):
                for path in self._target(folder).glob(".*.part"):
                    if PART.fullmatch(path.name):  # others may be somebody else's
                        path.unlink(missing_ok=True)

    def redo_all(self) -> None:
        """Do every photo again and replace what is there, as the user asks with `--force`.

        What the walk could not look at stays failed.
        """
        self._db.execute(
            "UPDATE photo SET state = 'waiting', own = ?, request = ''"
            f" WHERE scan = ? AND NOT ({UNREADABLE})",
            (self._request, self._scan),
        )

    def counts(self) -> Counts:
        """How the photos stand now."""
        rows = self._db.execute(
            "SELECT state, status, COUNT(*) FROM photo WHERE scan = ? GROUP BY state, status",
            (self._scan,),
        ).fetchall()
        done = {status: count for state, status, count in rows if state == "done"}
        return Counts(
            photos=sum(count for _, _, count in rows),
            done=sum(done.values()),
            failed=sum(count for state, _, count in rows if state == "failed"),
            by_status=done,
        )

    def left(self) -> int:
        """How many photos are still to do."""
        query = f"SELECT COUNT(*) FROM photo WHERE {TO_DO}"
        return int(self._one(query, {"scan": self._scan, "request": self._request}))

    def unreadable(self) -> int:
        """How many folders and photos the walk could not look at; to be asked before the work."""
        query = f"SELECT COUNT(*) FROM photo WHERE scan = ? AND {UNREADABLE}"
        return int(self._one(query, (self._scan,)))

    # --- the work ------------------------------------------------------------------------------

    def tasks(self) -> Iterator[Task | Failed]:
        """What is to do, each photo once, marked as begun when it is given out.

        A photo whose results would replace files that are not its own comes as failed.
        """
        columns = (
            "id, folder, name, stem, state, own, request, sha256, files, mine,"
            " done_size = size AND done_modified = modified"
        )
        last = 0
        while True:
            rows = self._db.execute(
                f"SELECT {columns} FROM photo WHERE {TO_DO} AND id > :last ORDER BY id LIMIT :group",
                {
                    "scan": self._scan,
                    "request": self._request,
                    "last": last,
                    "group": GROUP,
                },
            ).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            given = [self._task(*row) for row in rows]
            # After a power failure the last photos may be done again, but whose files are whose
            # must be known for certain.
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("BEGIN")
            self._db.executemany(
                "UPDATE photo SET state = 'begun', own = ?, tried = ? WHERE id = ?",
                [(self._request, self._scan, each.id) for each in given if isinstance(each, Task)],
            )
            self._db.execute("COMMIT")
            self._db.execute("PRAGMA synchronous = NORMAL")
            yield from given

    def _task(
        self,
        row: int,
        folder: bytes,
        name: bytes,
        stem: bytes,
        state: str,
        own: str,
        request: str,
        sha256: str,
        files: str,
        mine: str,
        same_time: int | None,
    ) -> Task | Failed:
        target = self._target(folder)
        source = self._root / os.fsdecode(folder) / os.fsdecode(name)
        if own != self._request:
            known = set(json.loads(mine))
            if state in ("begun", "failed"):
                known = self._names.claim(row, folder, target, os.fsdecode(stem), own, known)
            foreign = self._names.foreign(
                folder, target, os.fsdecode(stem), mine=known, order=self._order
            )
            if foreign is not None:
                return Failed(
                    id=row,
                    error=f"{source}: {foreign} exists already and was not replaced; "
                    "allow replacing (--force) or choose another folder.",
                )
        touched = state == "done" and request == self._request and not same_time
        return Task(
            id=row,
            source=source,
            folder=target,
            stem=os.fsdecode(stem),
            known=sha256 if touched else "",
            earlier=tuple(json.loads(files)),
        )

    def note(self, result: Result) -> None:
        """Write down what came of a photo whose files are on the disk; a kill loses nothing."""
        mine = set(json.loads(self._one("SELECT mine FROM photo WHERE id = ?", (result.id,))))
        owned = json.dumps(sorted(mine | set(result.files)))
        if isinstance(result, Failed):
            self._db.execute(
                "UPDATE photo SET state = 'failed', error = ?, files = ?, mine = ?, status = '',"
                " tried = ? WHERE id = ?",
                (_storable(result.error), json.dumps(result.files), owned, self._scan, result.id),
            )
            return
        if result.status == UNCHANGED:
            self._db.execute(
                "UPDATE photo SET state = 'done', done_size = size, done_modified = modified"
                " WHERE id = ?",
                (result.id,),
            )
            return
        self._db.execute(
            "UPDATE photo SET state = 'done', done_size = size, done_modified = modified,"
            " request = ?, sha256 = ?, status = ?, files = ?, mine = ?, details = ?, error = ''"
            " WHERE id = ?",
            (
                self._request,
                result.sha256,
                result.status,
                json.dumps(result.files),
                owned,
                json.dumps(dict(result.details)),
                result.id,
            ),
        )

    # --- the report ----------------------------------------------------------------------------

    def entries(self, *, failed_only: bool = False) -> Iterator[dict[str, Any]]:
        """What came of each photo of the last walk, in the order of their paths within folders."""
        condition = "state = 'failed'" if failed_only else "state IN ('done', 'failed')"
        columns = "id, folder, name, state, status, sha256, files, error, details"
        for _, folder, name, state, status, sha256, files, error, details in self._rows(
            columns, condition
        ):
            path = self._root / os.fsdecode(folder) / os.fsdecode(name)
            if state == "failed":
                yield {"path": str(path), "error": error}
                continue
            target = self._target(folder)
            yield {
                "path": str(path),
                "status": status,
                "sha256": sha256,
                "files": [str(target / each) for each in json.loads(files)],
                **json.loads(details),
            }

    def _rows(self, columns: str, condition: str) -> Iterator[tuple[Any, ...]]:
        """Rows of the last walk in groups, so that they may be changed meanwhile; id comes first."""
        last = 0
        while True:
            rows = self._db.execute(
                f"SELECT {columns} FROM photo WHERE scan = ? AND id > ? AND {condition}"
                " ORDER BY id LIMIT ?",
                (self._scan, last, GROUP),
            ).fetchall()
            yield from rows
            if len(rows) < GROUP:
                return
            last = rows[-1][0]

    def _target(self, folder: bytes) -> Path:
        return self.out / os.fsdecode(folder)

    def _one(self, query: str, values: Any) -> Any:
        return self._db.execute(query, values).fetchone()[0]


def _storable(text: str) -> str:
    """A sentence that SQLite takes: bytes of a file name that are no text become escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _there(folder: Path, files: list[str]) -> bool:
    """Whether every result is there; an empty file is what a failing drive leaves."""
    try:
        return all((folder / name).stat().st_size > 0 for name in files)
    except OSError:
        return False

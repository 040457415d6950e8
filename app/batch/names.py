"""What the results of each photo are called, and whose the names are that are there already."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from app.batch.order import Order

TABLES = """
CREATE TEMP TABLE listed (folder BLOB PRIMARY KEY);
CREATE TEMP TABLE present (folder BLOB, alike BLOB, name BLOB, PRIMARY KEY (folder, name));
CREATE INDEX temp.present_alike ON present (folder, alike);
"""
"""What lay in the folders of the results before this run wrote there. On the disk and not in memory,
because it may be any number of files."""


class Names:
    """Finds free names; lives as long as its journal's connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """
        Args:
            db: of the journal, its table ``photo`` made.

        Raises:
            sqlite3.Error: the disk is full.
        """
        self._db = db
        for statement in filter(str.strip, TABLES.split(";\n")):
            db.execute(statement)

    def free_stem(self, folder: bytes, name: bytes, wish: bytes, *, scan: int) -> str:
        """The photo's stem, or its whole name where two photos of the folder share the stem.

        Args:
            folder, name, wish: of the photo's row.
            scan: the walk in which photos are compared.
        """
        shared = self._count("folder = ? AND wish = ? AND scan = ?", (folder, wish, scan))
        return next(
            stem
            for stem in _candidates(os.fsdecode(name), alone=shared == 1)
            if not self._count("folder = ? AND taken = ?", (folder, alike(stem)))
        )

    def foreign(
        self, folder: bytes, target: Path, stem: str, *, mine: set[str], order: Order
    ) -> Path | None:
        """A file that an order might replace and that is not this photo's own; None when there is none.

        Args:
            folder: of the photo's row.
            target: where its results go.
            stem: of their names.
            mine: names of all results that the photo ever had.
            order: what is about to be done.
        """
        strange = (name for name in self.present(folder, target, stem, order) if name not in mine)
        found = next(strange, None)
        return None if found is None else target / found

    def present(self, folder: bytes, target: Path, stem: str, order: Order) -> Iterator[str]:
        """Names of files that are there and that an order may have written for this photo.

        Args:
            folder, target, stem: as in :meth:`foreign`.
            order: whose.
        """
        if not order.formats:
            yield from (name for name in order.names(stem) if os.path.lexists(target / name))
            return
        self._list(folder, target)
        beginning = alike(f"{stem}.")
        rows = self._db.execute(
            "SELECT name FROM present WHERE folder = ? AND alike >= ? AND alike < ?",
            (folder, beginning, beginning + b"\xff"),
        )
        names = (os.fsdecode(name) for (name,) in rows.fetchall())
        yield from (name for name in names if order.may_write(stem, name))

    def claim(
        self, row: int, folder: bytes, target: Path, stem: str, own: str, mine: set[str]
    ) -> set[str]:
        """Make a photo's own what an order has left that a kill or an error ended halfway: its names
        were free when it began.

        Args:
            row: of the photo.
            folder, target, stem: as in :meth:`foreign`.
            own: the request of that order.
            mine: names of all results that the photo is known to have had.

        Returns:
            These and the new ones.
        """
        query = "SELECT value FROM meta WHERE key = ?"
        naming = self._db.execute(query, (naming_key(own),)).fetchone()
        if naming is None:  # never begun, or before orders were kept
            return mine
        owned = mine | set(self.present(folder, target, stem, Order.named(naming[0])))
        if owned != mine:
            self._db.execute(
                "UPDATE photo SET mine = ? WHERE id = ?", (json.dumps(sorted(owned)), row)
            )
        return owned

    def _list(self, folder: bytes, target: Path) -> None:
        if self._db.execute("SELECT 1 FROM listed WHERE folder = ?", (folder,)).fetchone():
            return
        self._db.execute("BEGIN")
        self._db.execute("INSERT INTO listed VALUES (?)", (folder,))
        with contextlib.suppress(FileNotFoundError), os.scandir(target) as entries:
            self._db.executemany(
                "INSERT INTO present VALUES (?, ?, ?)",
                ((folder, alike(entry.name), os.fsencode(entry.name)) for entry in entries),
            )
        self._db.execute("COMMIT")

    def _count(self, condition: str, values: tuple[bytes | int, ...]) -> int:
        query = f"SELECT COUNT(*) FROM photo WHERE {condition}"
        return int(self._db.execute(query, values).fetchone()[0])


def naming_key(request: str) -> str:
    """Where the journal keeps how the order of a request names its results."""
    return f"naming {request}"


def stem_of(name: str) -> str:
    """A file name without its extension."""
    return os.path.splitext(name)[0]  # noqa: PTH122 - called once per file of a large tree


def alike(stem: str) -> bytes:
    """Equal for stems that are one file name on some system: without case, accents composed."""
    return os.fsencode(unicodedata.normalize("NFC", stem).casefold())


def _candidates(name: str, *, alone: bool) -> Iterator[str]:
    """Stems for the results of a photo, best first."""
    if alone:
        yield stem_of(name)
    yield name
    number = 2
    while True:
        yield f"{name}~{number}"
        number += 1

"""Checks a sealed package without its case: files, hash lists, log, records, pictures, report."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.case import log, schema
from app.case.log import Problem
from app.case.records import ReconstructionRequest, RecordError, hash_of_map, hash_of_pixels
from app.case.verify import MAX_PROBLEMS, Verification
from app.export.package import names
from app.export.package.container import Container
from app.imaging.errors import RevisageError
from app.imaging.photo import decode_photo

Progress = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and what comes next. May raise to stop."""

LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")

TAGS = (names.BAGIT, names.INFO, names.README, names.MANIFEST)

Row = dict[str, Any]


def verify_package(path: Path, *, head: str = "", progress: Progress | None = None) -> Verification:
    """Check a package that anyone may have made; nothing in it is trusted, unpacked or run.

    Args:
        path: the ZIP file.
        head: a hash that the log must contain, from the report on paper; empty for none.
        progress: told how far it is.

    Raises:
        CaseError: there is no such file.
        CaseDamaged: it is no ZIP file.
    """
    with contextlib.closing(Container(path)) as container:
        check = _Check(container, progress or (lambda _share, _text: None))
        check.run(head)
        problems = list(dict.fromkeys([*container.problems, *check.problems]))
    if len(problems) > MAX_PROBLEMS:
        more = len(problems) - MAX_PROBLEMS
        problems = [
            *problems[:MAX_PROBLEMS],
            Problem("package", f"Further problems: {more}."),
        ]
    return Verification(
        problems=tuple(problems), entries=check.entries, head=check.head, checked=check.checked
    )


class _Check:
    def __init__(self, container: Container, progress: Progress) -> None:
        self.problems: list[Problem] = []
        self.entries = 0
        self.head = ""
        self.checked: dict[str, int] = {}
        self._package = container
        self._progress = progress
        self._hashes: dict[str, str] = {}
        self._expected: set[str] = set()
        self._logged: log.RowHashes = {}

    def say(self, where: str, what: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(where, what))

    def run(self, head: str) -> None:
        """All checks in order."""
        self._files()
        self._progress(0.6, "log")
        with contextlib.closing(_memory()) as connection:
            self._log(connection, head)
            rows = self._rows(connection)
        self._originals(rows.get("photo", []), rows.get("evidence", []))
        self._runs(rows)
        self._packed(rows)
        self._report()
        self._graph()
        self._expected |= {names.LOG, names.ROWS, names.GRAPH, names.REPORT_JSON, names.REPORT_PDF}
        for name in self._package.files:
            if name.startswith("data/") and name not in self._expected:
                self.say(name, "Nothing in the records tells of this file.")
        for name in sorted(self._expected - self._package.files.keys()):
            self.say(name, "It is missing.")
        self._progress(1.0, "done")

    # --- files and hash lists ----------------------------------------------------------------

    def _files(self) -> None:
        files = self._package.files
        total = sum(files.values()) or 1
        done = 0
        for name, size in files.items():
            self._progress(0.6 * done / total, name)
            self._hashes[name] = self._package.sha256(name)
            done += size
        self.checked["files"] = len(files)
        listed = self._list(names.MANIFEST)
        for name in files:
            if name.startswith("data/") and name not in listed:
                self.say(name, "The hash list does not name this file.")
            elif not name.startswith("data/") and name not in (*TAGS, names.TAG_MANIFEST):
                self.say(name, "No sealed package has such a file.")
        self._compare(listed, names.MANIFEST)
        tags = self._list(names.TAG_MANIFEST)
        self._compare(tags, names.TAG_MANIFEST)
        for name in TAGS:
            if name not in tags:
                self.say(name, f"The hash list {names.TAG_MANIFEST} does not name this file.")

    def _list(self, name: str) -> dict[str, str]:
        text = self._package.text(name)
        if text is None:
            self.say(name, "This hash list is missing or cannot be read.")
            return {}
        listed: dict[str, str] = {}
        for number, line in enumerate(_lines(text), start=1):
            found = LINE.fullmatch(line)
            if found is None:
                self.say(f"{name}, line {number}", "It is no line of a hash list.")
            elif found[2] in listed:
                self.say(f"{name}, line {number}", f"It names {found[2][:120]} a second time.")
            else:
                listed[found[2]] = found[1]
        return listed

    def _compare(self, listed: dict[str, str], name: str) -> None:
        for file, sha256 in listed.items():
            found = self._hashes.get(file)
            if found is None:
                self.say(file[:120], f"It is missing, although {name} names it.")
            elif found and found != sha256:
                self.say(file, f"It was changed: it does not have the SHA-256 of {name}.")

    # --- log and records ---------------------------------------------------------------------

    def _log(self, connection: sqlite3.Connection, head: str) -> None:
        """Put the log's lines where the check of a case file reads them."""
        text = self._package.text(names.LOG)
        if text is None:
            self.say(names.LOG, "The log is missing or cannot be read.")
            return
        previous = log.GENESIS
        lines = _lines(text)
        for number, line in enumerate(lines, start=1):
            # The line after says which hash this one had; of the last one only the report does.
            following = _previous(lines[number]) if number < len(lines) else ""
            previous = following or log_hash(line)
            connection.execute("INSERT INTO log VALUES (?, ?, ?)", (number, line, previous))
        connection.execute("INSERT INTO head VALUES (1, ?, ?)", (len(lines), previous))
        problems, self._logged = log.check_chain(connection)
        self.problems += problems
        self.entries, self.head = len(lines), previous
        self.checked["log entries"] = len(lines)
        if head:
            query = "SELECT 1 FROM log WHERE sha256 = ?"
            if connection.execute(query, (head.lower(),)).fetchone() is None:
                what = f"It has no entry with the hash {head[:64]}: it was rewritten or cut."
                self.say("log", what)

    def _rows(self, connection: sqlite3.Connection) -> dict[str, list[Row]]:
        """Check the rows against the log, as in a case file."""
        text = self._package.text(names.ROWS)
        if text is None:
            self.say(names.ROWS, "The records are missing or cannot be read.")
            return {}
        rows: dict[str, list[Row]] = {}
        for number, line in enumerate(_lines(text), start=1):
            where = f"{names.ROWS}, line {number}"
            try:
                table, row = _row(line)
                marks = ", ".join("?" for _ in row)
                # Names come from our own schema; values go in as parameters only.
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", list(row.values()))
            except (ValueError, RecursionError, OverflowError, sqlite3.Error) as error:
                self.say(where, f"It is no row of a case: {error}.")
                continue
            rows.setdefault(table, []).append(row)
        self.problems += log.check_rows(connection, self._logged)
        self.checked["rows"] = sum(len(each) for each in rows.values())
        return rows

    # --- what the records tell of ------------------------------------------------------------

    def _originals(self, photos: list[Row], evidence: list[Row]) -> None:
        taken = {row["id"]: row for row in evidence}
        self.checked["photos"] = len(photos)
        for photo in photos:
            name = names.original(photo["id"], photo["format"])
            self._expected.add(name)
            row = taken.get(photo["evidence"])
            found = self._hashes.get(name)
            if row is None:
                self.say(f"photo {photo['id']}", "The records have no evidence for it.")
            elif found and found != row["blob"]:
                self.say(name, "It is not the original: the log has another SHA-256 of it.")

    def _runs(self, rows: dict[str, list[Row]]) -> None:
        outputs: dict[int, list[Row]] = {}
        for row in rows.get("output", []):
            outputs.setdefault(row["run"], []).append(row)
        runs = rows.get("run", [])
        self.checked["runs"] = len(runs)
        for number, run in enumerate(runs):
            self._progress(0.7 + 0.25 * number / len(runs), f"run {run['id']}")
            name = names.run_map(run["id"])
            self._expected.add(name)
            with self._saying(name):
                request = ReconstructionRequest.from_json(run["request"])
                pixels = self._picture(name)
                if pixels is not None and hash_of_map(pixels[..., 0] > 0) != request.map_sha256:
                    self.say(name, "It is not the map that the run's request names.")
            for output in outputs.get(run["id"], []):
                self._output(output)

    def _output(self, output: Row) -> None:
        """The pixels above the label must be those that were recorded."""
        name = names.output(output["run"], output["role"], output["number"])
        self._expected.add(name)
        with self._saying(name):
            pixels = self._picture(name)
            if pixels is None:
                return
            shape = tuple(int(side) for side in output["shape"].split("x"))
            part = pixels[: shape[0], : shape[1]]
            part = part[..., 0] if len(shape) == 2 else part
            if part.shape != shape or hash_of_pixels(part) != output["pixels_sha256"]:
                self.say(name, "Its pixels are not those that the log has recorded.")

    def _picture(self, name: str) -> Any:
        content = self._package.read(name)
        return None if content is None else decode_photo(content, name).pixels

    def _packed(self, rows: dict[str, list[Row]]) -> None:
        for table in ("map", "map_edit"):
            for row in rows.get(table, []):
                name = names.packed(row["blob"])
                self._expected.add(name)
                if self._hashes.get(name, row["blob"]) != row["blob"]:
                    self.say(name, f"It is not what {table} {row['id']} refers to.")
        self.checked["maps"] = len(rows.get("map", []))

    # --- report and graph --------------------------------------------------------------------

    def _report(self) -> None:
        """The report must speak of the very log that lies beside it."""
        document = self._json(names.REPORT_JSON)
        if document is None:
            return
        if document.get("entries") != self.entries or document.get("head") != self.head:
            self.say(
                names.REPORT_JSON,
                f"It reports on a log with the head hash {str(document.get('head'))[:64]}, which is not "
                "the log of this package.",
            )
        content = self._package.read(names.REPORT_PDF)
        if content is not None and not content.startswith(b"%PDF-"):
            self.say(names.REPORT_PDF, "It is no PDF file.")

    def _graph(self) -> None:
        document = self._json(names.GRAPH)
        if document is not None and not isinstance(document.get("@graph"), list):
            self.say(names.GRAPH, "It is no CASE/UCO graph.")

    def _json(self, name: str) -> Row | None:
        text = self._package.text(name)
        if text is None:
            return None
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            self.say(name, "It is no JSON object.")
            return None
        return document

    @contextlib.contextmanager
    def _saying(self, where: str) -> Iterator[None]:
        """Whatever cannot be read is a problem of its file."""
        try:
            yield
        except RecordError as error:
            self.say(where, str(error))
        except RevisageError as error:
            self.say(where, f"It cannot be decoded: {error}")
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            self.say(where, f"It does not fit its record: {error}.")


def _memory() -> sqlite3.Connection:
    """An empty case in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    for statement in schema.statements():
        connection.execute(statement)
    return connection


def _lines(text: str) -> list[str]:
    """The lines of a text; no other mark than a line feed ends one."""
    return text.removesuffix("\n").split("\n") if text else []


def log_hash(line: str) -> str:
    """The hash of a log line."""
    return hashlib.sha256(line.encode()).hexdigest()


def _previous(line: str) -> str:
    """The hash that a log entry names as that of the one before; empty when it cannot be read."""
    try:
        value = json.loads(line)["previous"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _row(line: str) -> tuple[str, dict[str, log.Value]]:
    """A line of the records.

    Raises:
        ValueError: it is none.
    """
    document = json.loads(line)
    if not isinstance(document, dict) or document.keys() != {"table", "row"}:
        raise ValueError("it has other fields")
    table, row = document["table"], document["row"]
    if table not in schema.ROWS or not isinstance(row, dict):
        raise ValueError("no case has such a table")
    columns = schema.columns(table)
    if row.keys() != set(columns):
        raise ValueError("it has other columns")
    if any(
        isinstance(value, bool) or not isinstance(value, int | str | None) for value in row.values()
    ):
        raise ValueError("it holds a value of a kind that it cannot have")
    return table, {name: row[name] for name in columns}

"""A whole batch: walk, find out what is to do, do it, and write the report."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app.batch.journal import Counts, Journal
from app.batch.order import BatchError, Failed, Order, Result, Task
from app.batch.walk import RESULTS_MARK, Found, Passed, Unreadable, holds_results, walk
from app.export.errors import ExportError
from app.export.files import prepare_folder
from app.inference.session import CancelToken
from app.workbench import Workbench

RESULTS_FILE, FAILURES_FILE = "revisage-batch.jsonl", "revisage-batch.failures.jsonl"
"""The reports beside the journal: one JSON document per line and photo."""

SHOWN = 50
"""Failures that the summary itself holds."""


class Workers(Protocol):
    """Whoever does the work: this machine, or a cluster."""

    def work(self, tasks: Iterator[Task], cancel: CancelToken) -> Iterator[Result]:
        """Results as they come; tasks are drawn only when there is room for one."""
        ...


class Watcher(Protocol):
    """Told how far a batch is, from the thread that runs it."""

    def found(self, photos: int) -> None:
        """So many photos were found until now."""

    def begin(self, *, photos: int, left: int, unreadable: int) -> None:
        """The walk is over: of all photos, so many are still to do; some cannot even be looked at."""

    def advance(self, result: Result, path: Path | None) -> None:
        """One more photo is done or failed; the path is known when work was begun on it."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What came of a batch.

    Attributes:
        counts: of all photos of the tree, those done earlier among them.
        worked: photos that this run worked on.
        passed: what the walk left out.
        first_failures: path and error of failed photos, not more than :data:`SHOWN`.
        results, failures: the JSON lines files; None when not written, and the second also when
            nothing failed.
        unwritten: why a report was not written, one sentence; "" when all were.
    """

    counts: Counts
    worked: int
    passed: Passed
    first_failures: tuple[tuple[str, str], ...]
    results: Path | None
    failures: Path | None
    unwritten: str


class Batch:
    """One call of `revisage batch`.

    Attributes:
        root: the tree of the photos.
        out: the folder of the results.
        order: what to do.
    """

    def __init__(self, root: Path, out: Path, order: Order, *, force: bool = False) -> None:
        """
        Raises:
            BatchError: the folders cannot be meant.
        """
        # Absolute, because the work may be done by processes that run elsewhere.
        self.root, self.out, self.order = root.absolute(), out.absolute(), order
        self._force = force
        _check_folders(root, out)

    def run(
        self, bench: Workbench, workers: Workers, watcher: Watcher, cancel: CancelToken
    ) -> Summary:
        """Do what is missing or changed.

        Raises:
            Cancelled: what was done is kept; the same call goes on from there.
            BatchError, ExportError, ModelError: nothing was done, or nothing more can be.
        """
        prepare_folder(self.out)
        passed, worked = Passed(), 0
        with Journal(self.out, self.root, self.order, self.order.request(bench)) as journal:
            try:
                journal.note_tree(self._watched_walk(passed, watcher, cancel))
            except OSError as error:
                reason = error.strerror or error
                raise BatchError(
                    f"The folder {self.root} could not be read ({reason}); check its name and rights."
                ) from error
            journal.sweep()
            if self._force:
                journal.redo_all()
            else:
                journal.check_results()
            watcher.begin(
                photos=journal.counts().photos,
                left=journal.left(),
                unreadable=journal.unreadable(),
            )
            paths: dict[int, Path] = {}

            def note(result: Result) -> None:
                nonlocal worked
                journal.note(result)
                worked += 1
                watcher.advance(result, paths.pop(result.id, None))

            def tasks() -> Iterator[Task]:
                for task in journal.tasks():
                    if isinstance(task, Failed):
                        note(task)
                    else:
                        paths[task.id] = task.source
                        yield task

            # Workers are not even begun for a batch that has nothing to do.
            drawn = tasks()
            first = next(drawn, None)
            try:
                if first is not None:
                    for result in workers.work(itertools.chain([first], drawn), cancel):
                        note(result)
            except BaseException:
                # Why the work ended is what the user must read, whatever becomes of the report.
                with contextlib.suppress(ExportError, sqlite3.Error):
                    self._report(journal)
                raise
            return self._summary(journal, worked, passed)

    def _watched_walk(
        self, passed: Passed, watcher: Watcher, cancel: CancelToken
    ) -> Iterator[Found | Unreadable]:
        for number, found in enumerate(walk(self.root, exclude=self.out, passed=passed)):
            cancel.check()
            if number % 1000 == 0:
                watcher.found(number)
            yield found

    def _summary(self, journal: Journal, worked: int, passed: Passed) -> Summary:
        """Write the report, and say what came of the batch also where there is no room for one."""
        unwritten = ""
        try:
            self._report(journal)
        except ExportError as error:
            unwritten = str(error)
        counts = journal.counts()
        failed = itertools.islice(journal.entries(failed_only=True), SHOWN)
        return Summary(
            counts=counts,
            worked=worked,
            passed=passed,
            first_failures=tuple((each["path"], each["error"]) for each in failed),
            results=None if unwritten else self.out / RESULTS_FILE,
            failures=self.out / FAILURES_FILE if counts.failed and not unwritten else None,
            unwritten=unwritten,
        )

    def _report(self, journal: Journal) -> None:
        """The report of all photos, also when the batch was stopped; raises ExportError."""
        _write_lines(self.out / RESULTS_FILE, journal.entries())
        failures = self.out / FAILURES_FILE
        if journal.counts().failed:
            _write_lines(failures, journal.entries(failed_only=True))
        else:
            failures.unlink(missing_ok=True)


def _check_folders(root: Path, out: Path) -> None:
    if not root.is_dir():
        what = "is not a folder" if root.exists() else "was not found"
        raise BatchError(f"{root} {what}; give the folder that the photos lie in.")
    if holds_results(root):
        raise BatchError(
            f"{root} holds the results of a batch ({RESULTS_MARK}), whose pictures are no evidence; "
            "give the folder that the photos lie in."
        )
    tree, results = Path(os.path.realpath(root)), Path(os.path.realpath(out))
    if results == tree or results in tree.parents:
        raise BatchError(
            f"Results in {out} would lie among the photos of {root}; "
            "choose another folder with --out, which may lie inside."
        )


def _write_lines(path: Path, entries: Iterator[dict[str, Any]]) -> None:
    """A JSON lines file, whole or not at all, without holding it in memory."""
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        try:
            with part.open("x", encoding="utf-8") as file:
                for entry in entries:
                    # Names that are no text in the system's encoding become JSON escapes.
                    file.write(json.dumps(entry, allow_nan=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise ExportError(
            f"The report {path} was not written ({reason}); free some space, or check the rights of "
            "its folder, and give the same command again."
        ) from error

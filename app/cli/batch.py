"""`revisage batch`: every photo of a folder tree, on this machine or on many."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.batch.local import MOST_JOBS, LocalCrew, crew
from app.batch.order import BatchError, Order
from app.batch.run import Batch, Summary, Workers
from app.cli.batch_progress import BatchProgress
from app.cli.console import (
    DONE,
    FAILED,
    UsageError,
    complain,
    counted,
    harmless,
    print_json,
)
from app.cli.formats import chosen_formats, use_signing
from app.cli.work import require_model
from app.inference.session import CancelToken
from app.workbench import Workbench


def run(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Work through the tree; returns the exit code."""
    formats = chosen_formats(options)
    if options.scheduler and options.jobs:
        raise UsageError(
            "--jobs is for work on this machine; with --scheduler the workers decide "
            "(dask worker --nthreads N)."
        )
    if options.jobs and options.jobs > MOST_JOBS:
        raise UsageError(
            f"--jobs {options.jobs} is more than one machine can work on at once; give at most "
            f"{MOST_JOBS}, or leave it out for one photo per core."
        )
    if options.scheduler and (options.certificate or options.key):
        raise UsageError(
            "--certificate is for work on this machine; with --scheduler each worker signs with what "
            "it is set up with (revisage credentials --help)."
        )
    threads = crew(options.jobs)
    bench = Workbench(device=options.device, threads=threads.threads)
    use_signing(bench, options)
    order = Order(
        models=options.model,
        hypotheses=options.hypotheses,
        seed=options.seed,
        border=not options.no_border,
        device=options.device,
        formats=formats,
        certificate_sha256=_sha256(options.certificate),
    )
    try:
        batch = Batch(options.folder, options.out, order, force=options.force)
    except BatchError as error:
        raise UsageError(str(error)) from error
    for name in options.model:
        require_model(bench, name, "reconstruct")
    if bench.signing_note:
        complain(bench.signing_note)
    workers: Workers
    if options.scheduler:
        from app.batch.cluster import ClusterCrew

        workers = ClusterCrew(options.scheduler, bench, order)
    else:
        order.load(bench)
        workers = LocalCrew(bench, order, threads)
    with BatchProgress(quiet=options.quiet) as progress:
        summary = batch.run(bench, workers, progress, cancel)
    if options.json:
        print_json(_document(summary))
    elif not options.quiet:
        _print(summary)
    _print_failures(summary)
    if summary.unwritten:
        complain(summary.unwritten)
    return FAILED if summary.counts.failed or summary.unwritten else DONE


def _sha256(certificate: Path | None) -> str:
    """Another certificate makes other files."""
    return "" if certificate is None else hashlib.sha256(certificate.read_bytes()).hexdigest()


def _document(summary: Summary) -> dict[str, Any]:
    counts = summary.counts
    return {
        "photos": counts.photos,
        "done": counts.done,
        "failed": counts.failed,
        "worked": summary.worked,
        "statuses": counts.by_status,
        "others": summary.passed.others,
        "links": summary.passed.links,
        "earlier_results": summary.passed.earlier,
        "results": str(summary.results) if summary.results else None,
        "failures": str(summary.failures) if summary.failures else None,
    }


def _print(summary: Summary) -> None:
    counts = summary.counts
    print(f"{counted(counts.photos, 'photo')}, {summary.worked} of them worked on in this run")
    for status, count in sorted(counts.by_status.items(), key=lambda item: -item[1]):
        print(f"{count:>8}  {status}")
    if counts.failed:
        print(f"{counts.failed:>8}  failed")
    if summary.passed.links:
        print(f"{summary.passed.links:>8}  linked folders were not entered")
    if summary.passed.earlier:
        print(
            f"{summary.passed.earlier:>8}  folders with results of other batches were not entered"
        )
    if summary.results:
        print(summary.results)


def _print_failures(summary: Summary) -> None:
    """A table of the failures on stderr, cut to a readable length."""
    failed, rows = summary.counts.failed, summary.first_failures
    if not failed:
        return
    print(
        f"\nrevisage: {failed} of {counted(summary.counts.photos, 'photo')} failed:",
        file=sys.stderr,
    )
    for line in table(rows, _width()):
        print(line, file=sys.stderr)
    more = failed - len(rows)
    if summary.failures:
        rest = f"; {more} more there" if more else ""
        print(f"revisage: the failures are in {summary.failures}{rest}.", file=sys.stderr)
    elif more:
        print(f"revisage: {more} more failed.", file=sys.stderr)


def table(rows: Iterable[tuple[str, str]], width: int) -> list[str]:
    """Paths and errors in two columns; a long path is cut at its beginning.

    Args:
        rows: path and error.
        width: of the terminal in characters.
    """
    whole = [(harmless(path), harmless(error)) for path, error in rows]
    first = min(max((len(path) for path, _ in whole), default=0), width // 2)
    lines = []
    for path, error in whole:
        # The error names the path once more; in a table that only takes room.
        for named in (f"{path}: ", f"{path} ", f"The photo {path} ", f"The folder {path} "):
            error = error.removeprefix(named)
        shown = path if len(path) <= first else f"…{path[len(path) - first + 1 :]}"
        lines.append(f"  {shown:<{first}}  {error}")
    return lines


def _width() -> int:
    return shutil.get_terminal_size((120, 24)).columns

"""`revisage case export`, `seal`, `review` and `set`: what leaves a case, and who looked at it."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from app.case.case_file import CaseFile
from app.case.evidence import PhotoRow
from app.case.runs import RunRow
from app.casereport import FILE_NAMES
from app.casework import Casework
from app.cli.console import DONE, FAILED, Progress, UsageError, counted, one_line, print_json
from app.cli.mapping import finding
from app.export.exporter import CaseText, Material, Run
from app.export.files import prepare_folder
from app.imaging.errors import RevisageError
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.workbench import Workbench

Entry = dict[str, Any]

MAP_FORMAT = "map-png"
"""Of a photo without a mask there is a map, all zero."""


def export_case(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Write the report, or every photo in a picture format."""
    bench = Workbench()
    with CaseFile.open(options.file, examiner=options.examiner) as case:
        prepare_folder(options.out)
        casework = Casework(bench, case)
        failed: list[Entry] = []
        skipped: list[Entry] = []
        if options.format in FILE_NAMES:
            with Progress(1, quiet=options.quiet) as progress:
                progress.photo(options.file.name)
                paths = list(
                    casework.export_report(
                        options.out,
                        formats=(options.format,),
                        force=options.force,
                        progress=_steps(progress),
                        cancel=cancel,
                    )
                )
        else:
            paths, failed, skipped = _pictures(casework, options, cancel)
    if options.json:
        files = [{"path": str(path), "sha256": _sha256(path)} for path in paths]
        print_json(
            {
                "files": files,
                **({"failed": failed} if failed else {}),
                **({"skipped": skipped} if skipped else {}),
            }
        )
    else:
        for path in paths:
            print(path)
    return FAILED if failed else DONE


def _pictures(
    casework: Casework, options: argparse.Namespace, cancel: CancelToken
) -> tuple[list[Path], list[Entry], list[Entry]]:
    """Every photo in a picture format; those that failed, and those without a mask, aside."""
    case, bench = casework.case, casework.bench
    if options.format not in [each.name for each in bench.formats]:
        names = ", ".join((*FILE_NAMES, *(each.name for each in bench.formats)))
        raise UsageError(f"There is no format {options.format!r}; there are: {names}.")
    photos = case.evidence.photos()
    paths: list[Path] = []
    failed: list[Entry] = []
    skipped: list[Entry] = []
    try:
        with Progress(len(photos), quiet=options.quiet) as progress:
            for photo in photos:
                cancel.check()
                progress.photo(f"photo {photo.id}")
                progress.step(options.format)
                nothing = _nothing_to_export(case, photo)
                if nothing and options.format != MAP_FORMAT:
                    progress.complain(f"photo {photo.id}: {nothing}; there is nothing to export.")
                    skipped.append({"photo": photo.id, "status": nothing})
                    progress.photo_done()
                    continue
                try:
                    for material in _materials(case, photo):
                        made = bench.export(
                            options.format, material, options.out, force=options.force
                        )
                        paths += [file.path for file in made.files]
                except Cancelled:
                    raise
                except RevisageError as error:
                    progress.complain(f"photo {photo.id}: {one_line(error)}")
                    failed.append({"photo": photo.id, "error": one_line(error)})
                progress.photo_done()
    finally:
        # Whatever stops the rest: what has left the case stands in its log.
        if paths and not case.read_only:
            files = {path.name: _sha256(path) for path in paths}
            case.record("export.write", format=options.format, files=files)
    return paths, failed, skipped


def _nothing_to_export(case: CaseFile, photo: PhotoRow) -> str:
    """Why a photo that was looked at has no hypotheses; empty where it has some, or may have."""
    row, faces = case.maps.of_photo(photo.id), case.maps.faces(photo.id)
    if row is None or faces is None or case.runs.all(photo=photo.id):
        return ""
    if case.maps.pixels(row.id, edits=row.edits).any():
        return ""
    return finding(len(faces.faces))


def _materials(case: CaseFile, photo: PhotoRow) -> list[Material]:
    """What is exported of a photo: one material for each map that runs were made with.

    Files are named by the photo's number and name, and runs by their number, so that none takes
    another's place.
    """
    known = case.notes.properties()
    text = CaseText(
        title=known.get("title", ""),
        number=known.get("number", ""),
        examiner=case.examiner,
        organisation=known.get("laboratory", ""),
    )
    base = Material(
        photo=case.evidence.open(photo.id),
        stem=f"photo-{photo.id:04}",
        evidence=case.evidence.read(photo.id),
        name=photo.name,
        case=text,
    )
    groups: dict[str, list[RunRow]] = {}
    for run in case.runs.all(photo=photo.id):
        groups.setdefault(run.request.map_sha256, []).append(run)
    if not groups:
        row = case.maps.of_photo(photo.id)
        pixels = case.maps.pixels(row.id, edits=row.edits) if row else None
        return [dataclasses.replace(base, map=pixels)]
    made = []
    for number, runs in enumerate(groups.values(), start=1):
        stem = base.stem if len(groups) == 1 else f"{base.stem}.map{number}"
        pixels = case.maps.pixels(runs[0].map, edits=runs[0].edits)
        parts = tuple(_run(case, run) for run in runs)
        made.append(dataclasses.replace(base, stem=stem, map=pixels, runs=parts))
    return made


def _run(case: CaseFile, run: RunRow) -> Run:
    heat = [case.runs.pixels(output) for output in run.outputs if output.role == "uncertainty"]
    return Run(
        result=run.result,
        composites=tuple(case.runs.pixels(output) for output in run.composites),
        uncertainty=heat[0].astype(np.uint8, copy=False) if heat else None,
        name=f"run{run.id}.{run.request.model.name}",
        title=run.request.model.name,
    )


def seal_case(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Write a sealed package."""
    bench = Workbench()
    with (
        CaseFile.open(options.file, examiner=options.examiner) as case,
        Progress(1, quiet=options.quiet) as progress,
    ):
        progress.photo(options.file.name)
        made = Casework(bench, case).seal(
            options.out, force=options.force, progress=_steps(progress), cancel=cancel
        )
    if options.json:
        print_json(
            {
                "path": str(made.path),
                "sha256": made.sha256,
                "size": made.size,
                "files": made.files,
                "entries": made.entries,
                "head": made.head,
                "draft": made.draft,
            }
        )
    else:
        print(made.path)
        print(f"{counted(made.files, 'file')}, SHA-256 {made.sha256}")
        print(f"log head {made.head}")
    return DONE


def review_case(options: argparse.Namespace, _cancel: CancelToken) -> int:
    """Record a second person's review."""
    with CaseFile.open(options.file, must_write=True) as case:
        case.reviews.add(
            "returned" if options.returned else "accepted",
            reviewer=options.reviewer,
            text=options.text,
        )
        state = case.reviews.state()
    if options.json:
        print_json({"final": state.final, "why": state.why})
    else:
        print(state.why)
    return DONE


def set_property(options: argparse.Namespace, _cancel: CancelToken) -> int:
    """Set what the report says of the case."""
    with CaseFile.open(options.file, examiner=options.examiner, must_write=True) as case:
        case.notes.set_property(options.name, options.value)
    return DONE


def _steps(progress: Progress) -> Callable[[float, str], None]:
    """A line for each kind of thing, not for each thing."""
    said = ""

    def report(_share: float, text: str) -> None:
        nonlocal said
        kind = text.split(" ")[0]
        if kind != said:
            said = kind
            progress.step(text)

    return report


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise RevisageError(f"{path} could not be read again ({error.strerror}).") from error

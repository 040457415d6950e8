"""`revisage case run` and `case reproduce`: the models at work inside a case."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.case.case_file import CaseFile
from app.casework import Casework
from app.cli.console import DONE, FAILED, Progress, UsageError, one_line, print_json
from app.cli.mapping import finding
from app.cli.work import require_model
from app.imaging.errors import RevisageError
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.workbench import NoMappedFace, Workbench

Entry = dict[str, Any]

AUTOMATIC = "auto"


def run_photos(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Locate, map and reconstruct photos of the case; prints the runs' numbers."""
    bench = Workbench(device=options.device)
    for name in options.model:
        require_model(bench, name, "reconstruct")
    for name in options.model:
        bench.session("reconstruct", name).load()
    with CaseFile.open(options.file, examiner=options.examiner, must_write=True) as case:
        photos = options.photo or [row.id for row in case.evidence.photos()]
        if options.map not in (None, AUTOMATIC) and len(photos) != 1:
            raise UsageError("--map PNG is for one photo; name it with --photo ID.")
        for number in photos:
            case.evidence.get(number)
        done: list[Entry] = []
        failed: list[Entry] = []
        with Progress(len(photos), quiet=options.quiet) as progress:
            work = _Work(Casework(bench, case), progress, options, cancel)
            for number in photos:
                progress.photo(f"photo {number}")
                try:
                    done.append(work.photo(number))
                except Cancelled:
                    raise
                except RevisageError as error:
                    progress.complain(f"photo {number}: {one_line(error)}")
                    failed.append({"photo": number, "error": one_line(error)})
                progress.photo_done()
    if options.json:
        print_json({"photos": done, **({"failed": failed} if failed else {})})
    else:
        for entry in done:
            for run in entry["runs"]:
                print(run["run"])
    return FAILED if failed else DONE


class _Work:
    """What is done to each photo."""

    def __init__(
        self,
        casework: Casework,
        progress: Progress,
        options: argparse.Namespace,
        cancel: CancelToken,
    ) -> None:
        self._casework = casework
        self._progress = progress
        self._options = options
        self._cancel = cancel

    def photo(self, number: int) -> Entry:
        """Every model on one photo."""
        case, options = self._casework.case, self._options
        if options.map == AUTOMATIC or (options.map is None and not case.maps.of_photo(number)):
            self._progress.step("locate")
            self._casework.locate(number, cancel=self._cancel)
            self._progress.step("map")
            self._casework.map(number, cancel=self._cancel)
        elif options.map is not None:
            self._progress.step("map")
            self._casework.import_map(number, Path(options.map), cancel=self._cancel)
        runs: list[Entry] = []
        status = "reconstructed"
        for name in options.model:
            try:
                run = self._casework.run(
                    number,
                    model=name,
                    hypotheses=options.hypotheses,
                    seed=options.seed,
                    progress=_steps(self._progress),
                    cancel=self._cancel,
                )
            except NoMappedFace:
                faces = case.maps.faces(number)
                status = finding(len(faces.faces) if faces else 0)
                self._progress.complain(
                    f"photo {number}: {status}; there is nothing to reconstruct."
                )
                break
            runs.append(
                {
                    "run": run.id,
                    "model": name,
                    "name": run.request.model.name,
                    "requested": run.request.hypotheses,
                    "made": run.result.made,
                    "outputs": list(run.result.outputs),
                    "provider": run.result.provider,
                    "seconds": run.result.seconds,
                    "notes": list(run.result.notes),
                }
            )
        return {"photo": number, "status": status, "runs": runs}


def reproduce_runs(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Do recorded runs again and compare."""
    bench = Workbench(device=options.device)
    with CaseFile.open(options.file, examiner=options.examiner) as case:
        numbers = options.runs or [run.id for run in case.runs.all()]
        casework = Casework(bench, case)
        done: list[Entry] = []
        failed: list[Entry] = []
        with Progress(len(numbers), quiet=options.quiet) as progress:
            if case.read_only:
                progress.complain(f"{case.why_read_only} How the reruns went is not logged.")
            for number in numbers:
                progress.photo(f"run {number}")
                try:
                    rerun = casework.reproduce(number, progress=_steps(progress), cancel=cancel)
                except Cancelled:
                    raise
                except RevisageError as error:
                    progress.complain(f"run {number}: {one_line(error)}")
                    failed.append({"run": number, "error": one_line(error)})
                else:
                    done.append(
                        {
                            "run": rerun.run,
                            "identical": rerun.identical,
                            "max_difference": rerun.max_difference,
                            "tolerance": rerun.tolerance,
                            "same_setup": rerun.same_setup,
                            "ok": rerun.ok,
                            "notes": list(rerun.notes),
                        }
                    )
                progress.photo_done()
    if options.json:
        print_json({"runs": done, **({"failed": failed} if failed else {})})
    else:
        for entry in done:
            print(_text(entry))
    return DONE if not failed and all(entry["ok"] for entry in done) else FAILED


def _text(entry: Entry) -> str:
    if entry["identical"]:
        said = "identical"
    else:
        kind = "within" if entry["ok"] else "beyond"
        said = (
            f"differs by up to {entry['max_difference']:.2f} of 255, "
            f"{kind} the tolerance of {entry['tolerance']:g}"
        )
    setup = "the same setup" if entry["same_setup"] else "another setup"
    return f"run {entry['run']}: {said} ({setup})"


def _steps(progress: Progress) -> Callable[[float, str], None]:
    """A line for each step, not for each share of it."""
    said = ""

    def report(_share: float, text: str) -> None:
        nonlocal said
        if text != said:
            said = text
            progress.step(text)

    return report

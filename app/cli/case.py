"""`revisage case`: everything about one matter in one file that can be verified and reproduced."""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.case.case_file import SUFFIX, CaseFile
from app.case.verify import verify
from app.cli.case_export import export_case, review_case, seal_case, set_property
from app.cli.case_listing import list_case, list_log
from app.cli.case_work import reproduce_runs, run_photos
from app.cli.console import DONE, FAILED, Progress, UsageError, complain, one_line, print_json
from app.export.cautions import cautions
from app.export.own import is_own
from app.export.package import verify_package
from app.imaging.errors import RevisageError
from app.inference.session import CancelToken


def run(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Do one of the actions; returns the exit code."""
    actions: dict[str, Callable[[argparse.Namespace, CancelToken], int]] = {
        "new": _new,
        "add": _add,
        "run": run_photos,
        "list": list_case,
        "log": list_log,
        "verify": _verify,
        "reproduce": reproduce_runs,
        "export": export_case,
        "seal": seal_case,
        "review": review_case,
        "set": set_property,
    }
    return actions[options.action](options, cancel)


def _new(options: argparse.Namespace, _cancel: CancelToken) -> int:
    path: Path = options.file
    if path.suffix.lower() != SUFFIX:
        raise UsageError(f"A case file's name ends with {SUFFIX}; {path} does not.")
    with CaseFile.create(path, title=options.title, examiner=options.examiner) as case:
        if options.json:
            print_json(
                {"path": str(path), "id": case.id, "title": case.title, "examiner": case.examiner}
            )
        else:
            print(path)
    return DONE


def _add(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Take photos in; one that fails does not stop the rest."""
    photos: list[dict[str, Any]] = []
    failed: list[dict[str, str]] = []
    with (
        CaseFile.open(options.file, examiner=options.examiner, must_write=True) as case,
        Progress(len(options.photos), quiet=options.quiet) as progress,
    ):
        for path in options.photos:
            cancel.check()
            progress.photo(path.name)
            progress.step("add")
            try:
                row, new = case.evidence.add(path, generated=is_own(path))
            except RevisageError as error:
                progress.complain(one_line(error))
                failed.append({"path": str(path), "error": one_line(error)})
            else:
                if not new:
                    progress.complain(f"{path} is in the case already, as photo {row.id}.")
                entry = {"photo": row.id, "path": str(path), "sha256": row.sha256, "new": new}
                if said := cautions(path):
                    entry["warnings"] = said
                for caution in said:
                    progress.complain(caution)
                photos.append(entry)
            progress.photo_done()
    if options.json:
        print_json({"photos": photos, **({"failed": failed} if failed else {})})
    else:
        for photo in photos:
            print(f"{photo['photo']}\t{photo['path']}")
    return FAILED if failed else DONE


def _verify(options: argparse.Namespace, cancel: CancelToken) -> int:
    said = ""
    with Progress(1, quiet=options.quiet or options.json) as progress:
        progress.photo(options.file.name)

        def report(_share: float, text: str) -> None:
            nonlocal said
            cancel.check()
            kind = text.split(" ")[0]
            if kind != said:  # a line for each kind of thing, not for each thing
                said = kind
                progress.step(text)

        check = verify_package if zipfile.is_zipfile(options.file) else verify
        found = check(options.file, head=options.head or "", progress=report)
    if options.json:
        print_json(
            {
                "ok": found.ok,
                "problems": [{"where": each.where, "what": each.what} for each in found.problems],
                "entries": found.entries,
                "head": found.head,
                "checked": found.checked,
            }
        )
    else:
        for each in found.problems:
            complain(f"{each.where}: {each.what}")
        print(f"{options.file}: {'ok' if found.ok else 'NOT ok'}")
        print(f"{found.entries} log entries, the last one's SHA-256 is {found.head}")
    return DONE if found.ok else FAILED

"""What leaves a case: its exports, as its log keeps them, and all of it, when its file is lost."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path

from app.case.case_file import CaseFile
from app.case.errors import CaseError


def move_case(case: CaseFile, path: Path) -> CaseFile:
    """Write everything that was saved to another file, and open that; runs in a worker.

    Args:
        case: stays open, because what it holds may be in no file any more.
        path: the other file; what is there is replaced.

    Raises:
        CaseError: there is no other case; the first is as it was.
    """
    case.save_as(path, force=True)
    return CaseFile.open(path, examiner=case.examiner, must_write=True)


def let_go(case: CaseFile) -> None:
    """Close a case whose file may be gone, or whose drive may be full: the other one has it all."""
    with contextlib.suppress(CaseError):
        case.close()


def record_export(case: CaseFile, paths: Sequence[Path]) -> None:
    """Keep in the log which files were written, with their hashes; raises CaseError."""
    files = {}
    for path in paths:
        try:
            with path.open("rb") as file:
                files[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            continue  # moved away meanwhile: there is nothing to say of it
    if files:
        case.record("export.write", files=files)

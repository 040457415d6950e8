"""The record beside the pictures: what was done, with what, and how to check it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from app.case.records import ReconstructionResult
from app.export.files import check_target, write_file
from app.export.pictures import SOFTWARE, WrittenFile

STATEMENT = (
    "The pictures are hypotheses of what a mask hides, made by a model. They do not identify anyone "
    "and must not be used to identify anyone: AI mask removal was found unsuitable for "
    "identification (Cooper and Farid 2026, arXiv 2603.27747)."
)


def provenance_name(stem: str) -> str:
    """File name of the record of one photo."""
    return f"{stem}.provenance.json"


def write_provenance(
    path: Path,
    *,
    photo_name: str,
    photo_sha256: str,
    photo_size: tuple[int, int],
    results: Sequence[ReconstructionResult],
    files: Sequence[WrittenFile],
    notes: Sequence[str] = (),
    force: bool = False,
    protected: Collection[Path] = (),
) -> None:
    """Write the record of one photo as JSON.

    Args:
        path: the file to write.
        photo_name: the photo's file name.
        photo_sha256: of the photo's bytes.
        photo_size: width and height of the displayed photo.
        results: one per run; empty when nothing was reconstructed, and then `notes` say why.
        files: what was written.
        notes: sentences about the photo as a whole.
        force, protected: see :func:`app.export.files.check_target`.

    Raises:
        ExportError: nothing was written.
    """
    check_target(path, force=force, protected=protected)
    document = {
        "format": 1,
        "made_by": SOFTWARE,
        "statement": STATEMENT,
        "photo": {
            "name": photo_name,
            "sha256": photo_sha256,
            "width": photo_size[0],
            "height": photo_size[1],
        },
        "runs": [{"key": result.request.key, **result.to_dict()} for result in results],
        "files": [_file(file) for file in files],
        "notes": list(notes),
    }
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # A file name that is no text in its system's encoding becomes a JSON escape.
    content = text.encode("utf-8", "backslashreplace")
    write_file(path, content, force=force, protected=protected)


def _file(file: WrittenFile) -> dict[str, Any]:
    return {
        "name": file.path.name,
        "role": file.role,
        "sha256": file.sha256,
        "run": file.request_key,
        "hypothesis": file.hypothesis,
        "label": file.label,
        "visible_label": file.border,
    }

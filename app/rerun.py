"""A run of a case done again from its record, and how far its pictures may differ on another setup."""

from __future__ import annotations

import functools
import os
import platform
from pathlib import Path

import cv2
import numpy as np

from app import __version__
from app.case.case_file import CaseFile
from app.case.errors import CaseDamaged
from app.case.records import ModelRecord, hash_of_map, hash_of_pixels
from app.case.runs import Pixels, Rerun, RunRow
from app.inference.errors import ModelError
from app.inference.session import CancelToken
from app.workbench import Outcome, Report, Workbench

TOLERANCE = 2.0
"""How much any value of a picture may differ on another setup, on a scale of 0 to 255. On the setup of
the record nothing may."""


def reproduce(
    bench: Workbench,
    case: CaseFile,
    run: int,
    *,
    progress: Report | None = None,
    cancel: CancelToken | None = None,
) -> Rerun:
    """Do a run again from nothing but its record, and compare the pictures.

    How it went goes into the log when the case can be written; nothing else is changed.

    Args:
        bench: the models.
        case: holds the run.
        run: its number.
        progress, cancel: see :meth:`Workbench.reconstruct`.

    Raises:
        ModelError: the model with the recorded SHA-256 is not installed.
        CaseDamaged: evidence, map or pictures are not as they were recorded.
        CaseError, Cancelled.
    """
    row = case.runs.get(run)
    request = row.request
    photo = case.evidence.open(row.photo)
    pixels = case.maps.pixels(row.map, edits=row.edits)
    if photo.sha256 != request.photo_sha256 or hash_of_map(pixels) != request.map_sha256:
        raise CaseDamaged(
            f"Run {run} names another photo or map than the case holds; see `revisage case verify`."
        )
    outcome = bench.reconstruct(
        photo,
        [face.face() for face in request.faces],
        pixels,
        model=_model_with(bench, request.model),
        hypotheses=request.hypotheses,
        seed=request.seed,
        map_source=row.result.map_source,
        progress=progress,
        cancel=cancel,
    )
    now = setup(outcome.result.provider)
    then = row.setup
    changed = sorted(name for name in {**now, **then} if now.get(name) != then.get(name))
    notes = [f"{name}: {then.get(name)} then, {now.get(name)} now" for name in changed]
    if hash_of_pixels(photo.pixels) != case.evidence.get(row.photo).pixels_sha256:
        notes.append("The photo decodes to other pixels than at intake.")
    identical = outcome.result.outputs == row.result.outputs
    rerun = Rerun(
        run=run,
        identical=identical,
        max_difference=0.0 if identical else _difference(case, row, outcome),
        tolerance=TOLERANCE if changed else 0.0,
        same_setup=not changed,
        notes=tuple(notes),
    )
    if not case.read_only:
        case.runs.add_rerun(rerun, setup=now)
    return rerun


def _model_with(bench: Workbench, recorded: ModelRecord) -> str:
    """The name of the installed model whose file has the recorded hash, whatever it is called."""
    for card in bench.models:
        if card.file.sha256 == recorded.sha256 and card.task == "reconstruct":
            return card.name
    raise ModelError(
        f"The model {recorded.name} {recorded.version} with SHA-256 {recorded.sha256[:16]}... is "
        "not installed; add that very model to the zoo to reproduce the run."
    )


def _difference(case: CaseFile, row: RunRow, outcome: Outcome) -> float:
    """The largest difference of any value, on a scale of 0 to 255."""
    kept = [case.runs.pixels(output) for output in row.composites]
    if len(kept) != len(outcome.composites):
        return 255.0
    return max(_largest(a, b) for a, b in zip(kept, outcome.composites, strict=True))


def _largest(first: Pixels, second: Pixels) -> float:
    if first.shape != second.shape or first.dtype != second.dtype:
        return 255.0
    scale = 257.0 if first.dtype == np.uint16 else 1.0
    return float(cv2.absdiff(first, second).max()) / scale


def setup(provider: str) -> dict[str, str]:
    """What may change a picture's last bits, by name.

    Args:
        provider: the execution provider that was used.
    """
    import onnxruntime

    return {
        "revisage": __version__,
        "onnxruntime": str(onnxruntime.__version__),
        "numpy": np.__version__,
        "opencv": cv2.__version__,
        "provider": provider,
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": str(os.cpu_count()),
    }


@functools.cache
def _processor() -> str:
    """The processor's name, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"

"""Records as a run would leave them, for tests of what is made from records."""

from __future__ import annotations

from typing import Any

from app.case.records import FaceRecord, ModelRecord, ReconstructionRequest, ReconstructionResult


def model(**changes: Any) -> ModelRecord:
    """A reconstruction model's record."""
    values: dict[str, Any] = {
        "name": "tiny_rgb",
        "version": "1",
        "sha256": "a" * 64,
        "task": "reconstruct",
        "kind": "rgb",
    }
    return ModelRecord(**(values | changes))


def request(**changes: Any) -> ReconstructionRequest:
    """A request for three hypotheses of one face."""
    face = FaceRecord(
        box=(10.0, 20.5, 110.25, 140.0),
        landmarks=tuple((float(number), number / 2) for number in range(68)),
        score=0.9,
        masked=0.75,
    )
    values: dict[str, Any] = {
        "photo_sha256": "b" * 64,
        "photo_size": (640, 480),
        "faces": (face,),
        "map_sha256": "c" * 64,
        "model": model(),
        "hypotheses": 3,
        "seed": 7,
        "device": "auto",
        "app_version": "0.1.0",
    }
    return ReconstructionRequest(**(values | changes))


def result(**changes: Any) -> ReconstructionResult:
    """What came of :func:`request`."""
    values: dict[str, Any] = {
        "request": request(),
        "provider": "CPUExecutionProvider",
        "outputs": ("d" * 64, "e" * 64, "f" * 64),
        "made": 3,
        "shown": 3,
        "uncovered": 0,
        "seconds": 0.25,
        "started_utc": "2026-11-20T09:00:00+00:00",
    }
    return ReconstructionResult(**(values | changes))

"""One model's work on one photo, for every mapped face, and the record of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.case.records import (
    FaceRecord,
    ModelRecord,
    ReconstructionRequest,
    ReconstructionResult,
    hash_of_map,
    hash_of_pixels,
)
from app.imaging.alignment import align, widest_crop
from app.imaging.composite import Composite
from app.imaging.errors import RevisageError
from app.imaging.face import Face
from app.imaging.faces_in_map import (
    FacePart,
    fill_faces,
    share_map,
    sketch_faces,
    uncertainty_of_faces,
)
from app.imaging.photo import Photo
from app.inference.card import Card
from app.inference.reconstruct import Reconstruction, reconstruct
from app.inference.session import CancelToken, ModelSession
from app.inference.zoo import Model

MapSource = Literal["automatic", "file", "hand"]
"""How a map came about."""

Report = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and what comes next."""


class NoMappedFace(RevisageError):  # noqa: N818 - a finding about the photo, not a defect
    """There is nothing to reconstruct: no face lies under the map."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What one model made of one photo, and the record of how.

    Attributes:
        photo: the photo.
        map: (H, W) bool, the map that was used.
        card: of the model.
        result: the record, the request within.
        composites: one per hypothesis: the photo's shape and dtype with every mapped face filled in,
            or (H, W) for a sketch.
        uncertainty: (H, W) uint8, how much the hypotheses differ inside the map, 0 outside; None
            when there is one hypothesis only, because one says nothing about certainty.
    """

    photo: Photo
    map: NDArray[np.bool_]
    card: Card
    result: ReconstructionResult
    composites: tuple[NDArray[np.unsignedinteger[Any]], ...]
    uncertainty: NDArray[np.uint8] | None

    @property
    def request(self) -> ReconstructionRequest:
        """What was asked for."""
        return self.result.request


def reconstruct_photo(
    photo: Photo,
    faces: Sequence[Face],
    map: NDArray[np.bool_],
    session: ModelSession,
    *,
    hypotheses: int,
    seed: int,
    map_source: MapSource,
    helpers: tuple[ModelRecord, ...],
    progress: Report | None,
    cancel: CancelToken | None,
) -> Outcome:
    """Let a model fill in what the map hides, for every face under the map.

    Args:
        session: of a ``reconstruct`` model.
        helpers: the models that found faces and map, for the record.
        photo, faces, map, hypotheses, seed, map_source, progress, cancel: see
            :meth:`app.workbench.Workbench.reconstruct`, which is the way to call this.

    Raises:
        NoMappedFace: no face lies under the map.
        ModelError, Cancelled.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    card = session.model.card
    spec = card.input.alignment
    shares = share_map(map, [widest_crop(align(face, spec), spec) for face in faces])
    mapped = [(face, share) for face, share in zip(faces, shares, strict=True) if share is not None]
    if not mapped:
        raise NoMappedFace(
            "No face lies under the map, so there is nothing to reconstruct; "
            "paint the map over a face that was found."
        )
    count = hypotheses if card.output.latent else 1
    steps = Steps(progress, total=count * (len(mapped) + 1))
    made: list[Reconstruction] = []
    for face, share in mapped:
        steps.say(f"{card.title}: face {len(made) + 1} of {len(mapped)}")
        # The model sees no face's mask, while its picture fills in this face's map only.
        made.append(
            reconstruct(
                photo.rgb, map, face, session, hypotheses, seed, cancel, steps.within, own=share
            )
        )
        steps.advance(count)
    parts = [
        FacePart(map=share, pictures=each.pictures, alignment=each.alignment)
        for (_, share), each in zip(mapped, made, strict=True)
    ]
    fill = sketch_faces if card.output.kind == "sketch" else fill_faces
    composites: list[Composite] = []
    for number in range(count):
        steps.say(f"{card.title}: composite {number + 1} of {count}")
        if cancel is not None:
            cancel.check()
        composites.append(fill(photo, map, parts, number))
        steps.advance(1)
    result = ReconstructionResult(
        request=ReconstructionRequest(
            photo_sha256=photo.sha256,
            photo_size=(photo.width, photo.height),
            faces=tuple(FaceRecord.of(face) for face, _ in mapped),
            map_sha256=hash_of_map(map),
            model=model_record(session.model),
            hypotheses=hypotheses,
            seed=seed,
            device=session.device,
            app_version=__version__,
        ),
        provider=session.provider,
        outputs=tuple(hash_of_pixels(each.pixels) for each in composites),
        made=count,
        shown=count,
        uncovered=composites[0].uncovered,
        seconds=round(time.perf_counter() - clock, 3),
        started_utc=started.isoformat(timespec="seconds"),
        map_source=map_source,
        helpers=helpers,
        notes=_notes(made, session),
    )
    return Outcome(
        photo=photo,
        map=map,
        card=card,
        result=result,
        composites=tuple(each.pixels for each in composites),
        uncertainty=uncertainty_of_faces(parts) if count > 1 else None,
    )


def model_record(model: Model) -> ModelRecord:
    """Which model it is, for a record."""
    card = model.card
    return ModelRecord(
        name=card.name,
        version=card.version,
        sha256=card.file.sha256,
        task=card.task,
        kind=card.kind or "",
    )


def _notes(made: Sequence[Reconstruction], session: ModelSession) -> tuple[str, ...]:
    """Why there are fewer hypotheses than asked for, and why the GPU was not used, without repeats."""
    notes = [each.note for each in made if each.note]
    if session.fallback:
        notes.append(f"The CPU was used: {session.fallback}")
    return tuple(dict.fromkeys(notes))


class Steps:
    """Turns steps of different lengths into one share of the whole."""

    def __init__(self, report: Report | None, *, total: int) -> None:
        self._report = report
        self._total = total
        self._done = 0
        self._text = ""

    def say(self, text: str) -> None:
        """What comes next."""
        self._text = text
        self._tell(self._done)

    def within(self, done: int, of: int) -> None:
        """Progress inside the step."""
        self._tell(self._done + min(done, of))

    def advance(self, steps: int) -> None:
        """The step is done."""
        self._done += steps
        self._tell(self._done)

    def _tell(self, done: int) -> None:
        if self._report is not None:
            self._report(done / self._total, self._text)

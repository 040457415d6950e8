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
from app.imaging.edit import Rectangle, bounding_rectangle
from app.imaging.errors import RevisageError
from app.imaging.face import Face
from app.imaging.faces_in_map import (
    FacePart,
    fill_faces,
    share_map,
    sketch_faces,
    uncertainty_of_faces,
)
from app.imaging.part import Composites, Part, check_same_outside
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

    Only the rectangle of the map is kept of every picture; whole pictures are composed when asked for.

    Attributes:
        photo: the photo.
        card: of the model.
        result: the record, the request within.
        composites: one per hypothesis: the photo's shape and dtype with every mapped face filled in,
            or (H, W) for a sketch. Each access composes a new array.
        map_part: bool, the part of the map that holds anything.
        uncertainty_part: uint8, the same rectangle of :attr:`uncertainty`, or None.
    """

    photo: Photo
    card: Card
    result: ReconstructionResult
    composites: Composites
    map_part: Part[np.bool_]
    uncertainty_part: Part[np.uint8] | None

    @property
    def request(self) -> ReconstructionRequest:
        """What was asked for."""
        return self.result.request

    @property
    def area(self) -> Rectangle:
        """The smallest rectangle x0, y0, x1, y1 that holds the map: nothing outside it changed."""
        return self.map_part.rectangle

    @property
    def map(self) -> NDArray[np.bool_]:
        """(H, W) bool, the map that was used; a new array each time."""
        return self.map_part.over_zeros(self.photo.height, self.photo.width)

    @property
    def uncertainty(self) -> NDArray[np.uint8] | None:
        """(H, W) uint8, how much the hypotheses differ inside the map, 0 outside; None when there is
        one hypothesis only, because one says nothing about certainty. A new array each time."""
        if self.uncertainty_part is None:
            return None
        return self.uncertainty_part.over_zeros(self.photo.height, self.photo.width)

    @property
    def nbytes(self) -> int:
        """Memory that the outcome needs beside the photo, in bytes."""
        ground = self.composites.ground
        own = 0 if ground is self.photo.pixels else int(ground.nbytes)
        spread = 0 if self.uncertainty_part is None else self.uncertainty_part.pixels.nbytes
        return own + self.composites.nbytes + self.map_part.pixels.nbytes + int(spread)


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What a run will do, before it does it.

    Attributes:
        request: everything that decides the pictures; its key is the key of a cache.
        faces: those under the map, each with (H, W) bool, its share of it.
    """

    request: ReconstructionRequest
    faces: tuple[tuple[Face, NDArray[np.bool_]], ...]


def plan_run(
    photo: Photo,
    faces: Sequence[Face],
    map: NDArray[np.bool_],
    session: ModelSession,
    *,
    hypotheses: int,
    seed: int,
) -> Plan:
    """Work out what to reconstruct, without running the model.

    Args:
        photo, faces, map, session, hypotheses, seed: see :func:`reconstruct_photo`.

    Raises:
        NoMappedFace: no face lies under the map.
    """
    spec = session.model.card.input.alignment
    shares = share_map(map, [widest_crop(align(face, spec), spec) for face in faces])
    mapped = tuple(
        (face, share) for face, share in zip(faces, shares, strict=True) if share is not None
    )
    if not mapped:
        raise NoMappedFace(
            "No face lies under the map, so there is nothing to reconstruct; "
            "paint the map over a face that was found."
        )
    request = ReconstructionRequest(
        photo_sha256=photo.sha256,
        photo_size=(photo.width, photo.height),
        faces=tuple(FaceRecord.of(face) for face, _ in mapped),
        map_sha256=hash_of_map(map),
        model=model_record(session.model),
        hypotheses=hypotheses,
        seed=seed,
        device=session.device,
        app_version=__version__,
    )
    return Plan(request=request, faces=mapped)


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
    plan = plan_run(photo, faces, map, session, hypotheses=hypotheses, seed=seed)
    mapped = plan.faces
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
        FacePart(
            map=share,
            pictures=each.pictures,
            alignment=each.alignment,
            error=each.error,
            finer=each.finer,
        )
        for (_, share), each in zip(mapped, made, strict=True)
    ]
    sketched = card.output.kind == "sketch"
    fill = sketch_faces if sketched else fill_faces
    area = bounding_rectangle(map)
    ground: NDArray[np.unsignedinteger[Any]] | None = None if sketched else photo.pixels
    kept: list[Part[np.unsignedinteger[Any]]] = []
    hashes: list[str] = []
    uncovered = 0
    for number in range(count):
        steps.say(f"{card.title}: composite {number + 1} of {count}")
        if cancel is not None:
            cancel.check()
        whole = fill(photo, map, parts, number)
        if ground is None:
            ground = whole.pixels
        elif sketched:
            check_same_outside(ground, whole.pixels, area)
        kept.append(Part.cut(whole.pixels, area))
        hashes.append(hash_of_pixels(whole.pixels))
        uncovered = whole.uncovered
        del whole  # a large photo's next composite takes its place
        steps.advance(1)
    assert ground is not None
    # One hypothesis says nothing about certainty, unless its model does.
    stated = hypotheses > 1 and all(part.error is not None for part in parts)
    uncertainty = uncertainty_of_faces(parts) if count > 1 or stated else None
    result = ReconstructionResult(
        request=plan.request,
        provider=session.provider,
        outputs=tuple(hashes),
        made=count,
        shown=count,
        uncovered=uncovered,
        seconds=round(time.perf_counter() - clock, 3),
        started_utc=started.isoformat(timespec="seconds"),
        map_source=map_source,
        helpers=helpers,
        notes=_notes(made, session),
    )
    return Outcome(
        photo=photo,
        card=card,
        result=result,
        composites=Composites(ground, kept),
        map_part=Part.cut(map, area),
        uncertainty_part=None if uncertainty is None else Part.cut(uncertainty, area),
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

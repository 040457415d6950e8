"""Reconstructions: what was asked for, the jobs that do it, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.imaging.face import Face
from app.imaging.photo import Photo
from app.ui.jobs import Job, JobQueue, Ticket
from app.ui.map_document import MapDocument, MapSnapshot
from app.ui.results import hypotheses_of
from app.ui.session import Hypothesis, PhotoSession, Stage
from app.workbench import Workbench


@dataclass(frozen=True)
class RunRequest:
    """What the user asked to reconstruct.

    Attributes:
        models: names, in the order in which they run.
        hypotheses, seed: see :meth:`Workbench.reconstruct`.
    """

    models: tuple[str, ...]
    hypotheses: int
    seed: int


class Runs(QObject):
    """Runs models on a photo, one after another.

    Attributes:
        progress: 0..1 of everything asked for, and what is being done.

    Signals:
        changed: a run began or ended.
        moved: there is progress.
        failed: a :class:`Failure`.
        noticed: one sentence about what a model made.
        first_result: the first model of a run is done; not when the map was edited meanwhile, because
            then the user is at work on it.
    """

    changed = Signal()
    moved = Signal()
    first_result = Signal()
    failed = Signal(object)
    noticed = Signal(str)

    def __init__(self, bench: Workbench, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._jobs = jobs
        self._pending: list[Job] = []
        self._waiting_for_first = False
        self.progress: tuple[float, str] = (0.0, "")

    @property
    def running(self) -> bool:
        """Whether a reconstruction waits or runs."""
        return bool(self._pending)

    def start(self, photo: PhotoSession, request: RunRequest) -> None:
        """Reconstruct a photo with every model asked for."""
        if photo.photo is None or photo.document is None or self.running:
            return
        photo.document.end_stroke()
        photo.set_stage(Stage.RECONSTRUCTING)
        self.progress = (0.0, self.tr("Preparing"))
        self._waiting_for_first = True
        photo.map_edited.connect(self._busy_elsewhere)
        inputs = _Inputs(
            bench=self._bench,
            photo=photo.photo,
            faces=photo.faces or (),
            map=photo.document.snapshot(),
            document=photo.document,
            request=request,
        )
        for index, model in enumerate(request.models):
            job = self._jobs.submit(
                partial(inputs.reconstruct, model), title=self.tr("Reconstructing")
            )
            self._pending.append(job)
            job.progressed.connect(partial(self._progressed, index, len(request.models)))
            job.done.connect(partial(self._take, photo))
            job.failed.connect(self.failed)
            job.finished.connect(partial(self._ended, job, photo))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop; what is finished stays."""
        for job in tuple(self._pending):
            job.cancel()

    def _progressed(self, index: int, count: int, part: float, message: str) -> None:
        self.progress = ((index + part) / count, message)
        self.moved.emit()

    def _take(self, photo: PhotoSession, made: tuple[Hypothesis, ...]) -> None:
        photo.add_hypotheses(made)
        if self._waiting_for_first:
            self._waiting_for_first = False
            self.first_result.emit()
        uncovered = made[0].outcome.result.uncovered if made else 0
        if uncovered:
            self.noticed.emit(
                self.tr(
                    "{0} pixels of the map lie beyond what {1} sees of a face; they keep the photo's "
                    "own pixels."
                ).format(uncovered, made[0].outcome.card.title)
            )

    def _ended(self, job: Job, photo: PhotoSession) -> None:
        self._pending.remove(job)
        if not self._pending:
            photo.map_edited.disconnect(self._busy_elsewhere)
            photo.set_stage(Stage.READY)
        self.changed.emit()

    def _busy_elsewhere(self) -> None:
        self._waiting_for_first = False


@dataclass(frozen=True, kw_only=True, eq=False)
class _Inputs:
    """A run's inputs, frozen when the user asked for it.

    Attributes:
        map: as it was then: the user may go on painting meanwhile.
        document: only asked for the automatic map, which never changes.
    """

    bench: Workbench
    photo: Photo
    faces: tuple[Face, ...]
    map: MapSnapshot
    document: MapDocument
    request: RunRequest

    def reconstruct(self, model: str, ticket: Ticket) -> tuple[Hypothesis, ...]:
        """One model's hypotheses; runs in the worker."""
        pixels = self.map.pixels()
        untouched = np.array_equal(pixels, self.document.automatic())
        outcome = self.bench.reconstruct(
            self.photo,
            self.faces,
            pixels,
            model=model,
            hypotheses=self.request.hypotheses,
            seed=self.request.seed,
            map_source="automatic" if untouched else "hand",
            progress=ticket.progress,
            cancel=ticket.cancel,
        )
        ticket.check()
        return hypotheses_of(outcome)

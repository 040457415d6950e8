"""Reconstructions: the queue of jobs that make them, and what came of them."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.inference.card import Card
from app.inference.errors import ModelError
from app.ui.estimates import Pace, remaining, total
from app.ui.jobs import Failure, Job, JobQueue
from app.ui.run_batch import RunBatch, RunRequest
from app.ui.run_cache import RunCache
from app.ui.session import Hypothesis, PhotoSession, Stage
from app.workbench import Workbench

ItemState = Literal["waiting", "running", "failed"]


class RunItem(QObject):
    """One model's run in the queue.

    Attributes:
        photo: what it reconstructs.
        card: the model's.
        hypotheses: how many it makes.
        seed: chooses them.
        state: where it stands; a run that is done leaves the queue, one that failed stays until it is
            dismissed.
        fraction, message: how far it is, 0..1, and what it does.
        failure: why it failed.

    Signals:
        changed: one of these is another now.
    """

    changed = Signal()

    def __init__(
        self, photo: PhotoSession, card: Card, request: RunRequest, pace: Pace, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.photo = photo
        self.card = card
        self.hypotheses = request.hypotheses if card.output.latent else 1
        self.seed = request.seed
        self.state: ItemState = "waiting"
        self.fraction = 0.0
        self.message = ""
        self.failure: Failure | None = None
        self.job: Job | None = None
        self.cancelled = False
        self._pace = pace
        self._began = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since it began; 0 before."""
        return time.monotonic() - self._began if self.state == "running" else 0.0

    def remaining(self) -> float | None:
        """Seconds that it still needs, or None where nothing honest can be said."""
        expected = self._pace.expected(self._what, hypotheses=self.hypotheses)
        return remaining(elapsed=self.elapsed, fraction=self.fraction, expected=expected)

    def begin(self) -> None:
        """Its model starts now."""
        self.state = "running"
        self._began = time.monotonic()
        self.changed.emit()

    def move(self, fraction: float, message: str) -> None:
        """It got further."""
        self.fraction, self.message = fraction, message
        self.changed.emit()

    def fail(self, failure: Failure) -> None:
        """It will give nothing."""
        self.state, self.failure = "failed", failure
        self.changed.emit()

    def learn(self) -> None:
        """Remember how long it took; called when it is done."""
        if self.state == "running":
            self._pace.learn(self._what, self.elapsed, hypotheses=self.hypotheses)

    @property
    def _what(self) -> tuple[str, tuple[int, int] | None]:
        return self.card.file.sha256, self.photo.size


class Runs(QObject):
    """The queue of reconstructions: one model after another, of any number of photos.

    Attributes:
        items: what waits, runs or has failed, in order.
        cache: what was made before.

    Signals:
        changed: an item came, began or went.
        moved: there is progress.
        failed: a :class:`Failure`.
        noticed: one sentence about what a model made.
        repeated: one sentence: inputs are unchanged, so the result came from the cache.
        first_result: the first model of a run is done, with the photo; not when the map was edited
            meanwhile, because then the user is at work on it.
    """

    changed = Signal()
    moved = Signal()
    first_result = Signal(object)
    failed = Signal(object)
    noticed = Signal(str)
    repeated = Signal(str)

    def __init__(self, bench: Workbench, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._jobs = jobs
        self._pace = Pace()
        self.cache = RunCache()
        self.items: tuple[RunItem, ...] = ()

    # --- what there is -------------------------------------------------------------------------

    @property
    def pending(self) -> tuple[RunItem, ...]:
        """What waits or runs."""
        return tuple(item for item in self.items if item.state != "failed")

    @property
    def running(self) -> bool:
        """Whether a reconstruction waits or runs."""
        return bool(self.pending)

    def busy(self, photo: PhotoSession | None) -> bool:
        """Whether a reconstruction of this photo waits or runs."""
        return any(item.photo is photo for item in self.pending)

    def remaining(self) -> tuple[float, bool]:
        """Seconds that all of the queue still needs as far as is known, and whether all is known."""
        return total(item.remaining() for item in self.pending)

    # --- what can be asked ---------------------------------------------------------------------

    def start(self, photo: PhotoSession, request: RunRequest) -> None:
        """Put a photo with every model asked for into the queue."""
        if photo.photo is None or photo.document is None:
            return
        photo.document.end_stroke()
        self.dismiss_failed()
        items, names = [], []
        for name in request.models:
            try:
                card = self._bench.zoo.get(name).card
            except ModelError as error:
                self.failed.emit(Failure(str(error)))
                continue
            items.append(RunItem(photo, card, request, self._pace, self))
            names.append(card.name)
        if not items:
            return
        request = replace(request, models=tuple(names))
        self.items = (*self.items, *items)
        photo.set_stage(Stage.RECONSTRUCTING)
        batch = RunBatch(
            bench=self._bench,
            session=photo,
            photo=photo.photo,
            faces=photo.faces or (),
            map=photo.document.snapshot(),
            document=photo.document,
            request=request,
        )
        watch = _FirstResult(photo)
        watch.came.connect(self.first_result)
        # A moment's work that must not wait behind a run of minutes.
        job = self._jobs.submit(batch.keys, title=self.tr("Preparing"), lane="edit")
        job.done.connect(partial(self._prepared, batch, items, watch))
        job.failed.connect(partial(self._not_prepared, items))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop everything; what is finished stays."""
        for item in self.pending:
            self.cancel_item(item)

    def cancel_item(self, item: RunItem) -> None:
        """Stop one run, or dismiss one that failed."""
        item.cancelled = True
        if item.job is not None and not item.job.ended:
            item.move(item.fraction, self.tr("Stopping…"))
            item.job.cancel()
        else:
            self._leave(item)

    def cancel_photo(self, photo: PhotoSession) -> None:
        """Stop what is done for a photo, because it is closed, and forget what was made of it."""
        for item in self.items:
            if item.photo is photo:
                self.cancel_item(item)
                self._leave(item)  # at once: the photo will not be there when its worker stops
        if photo.hypotheses:
            self.cache.forget_photo(photo.hypotheses[0].outcome.request.photo_sha256)

    def dismiss_failed(self) -> None:
        """Take what failed out of the queue."""
        for item in self.items:
            if item.state == "failed":
                self._leave(item)

    # --- what comes of it ----------------------------------------------------------------------

    def _prepared(
        self, batch: RunBatch, items: list[RunItem], watch: _FirstResult, keys: list[str | None]
    ) -> None:
        for index, (item, key) in enumerate(zip(items, keys, strict=True)):
            if item.cancelled:
                continue
            known = self._known(item.photo, key) if key is not None else None
            if known is not None:
                self._repeat(item, known)
                watch.tell()
                self._leave(item)
                continue
            item.job = self._jobs.submit(
                partial(batch.reconstruct, batch.request.models[index]),
                title=self.tr("Reconstructing"),
                lane="run",
            )
            item.job.began.connect(item.begin)
            item.job.began.connect(self.changed)
            item.job.progressed.connect(item.move)
            item.job.progressed.connect(self.moved)
            item.job.done.connect(partial(self._take, item, watch))
            item.job.failed.connect(partial(self._fail, item))
            item.job.finished.connect(partial(self._ended, item))
        self.changed.emit()

    def _not_prepared(self, items: list[RunItem], failure: Failure) -> None:
        self.failed.emit(failure)
        for item in items:
            self._leave(item)

    def _known(self, photo: PhotoSession, key: str) -> tuple[Hypothesis, ...] | None:
        """What was made of these inputs before: here, or in the case before it was opened."""
        there = tuple(each for each in photo.hypotheses if each.outcome.request.key == key)
        if there and len(there) == there[0].of:
            return there
        return self.cache.get(key)

    def _repeat(self, item: RunItem, known: tuple[Hypothesis, ...]) -> None:
        """Bring back what was made before, without showing anything twice."""
        there = {(each.outcome.request.key, each.number): each for each in item.photo.hypotheses}
        again = []
        for each in known:
            shown = there.get((each.outcome.request.key, each.number))
            if shown is None:
                again.append(replace(each, chosen=True))
            else:
                item.photo.choose(shown, True)
        if again:
            item.photo.add_hypotheses(tuple(again))
        self.repeated.emit(
            self.tr(
                "{0}: nothing has changed since this run, so its {1} hypotheses came from the cache."
            ).format(item.card.title, len(known))
            if len(known) > 1
            else self.tr(
                "{0}: nothing has changed since this run, so its hypothesis came from the cache."
            ).format(item.card.title)
        )

    def _take(self, item: RunItem, watch: _FirstResult, made: tuple[Hypothesis, ...]) -> None:
        if item not in self.items:
            return
        item.learn()
        self.cache.put(made)
        item.photo.add_hypotheses(made)
        watch.tell()
        uncovered = made[0].outcome.result.uncovered
        if uncovered:
            self.noticed.emit(
                self.tr(
                    "{0} pixels of the map lie beyond what {1} sees of a face; they keep the photo's "
                    "own pixels."
                ).format(uncovered, item.card.title)
            )

    def _fail(self, item: RunItem, failure: Failure) -> None:
        if item in self.items:
            item.fail(failure)
            self.failed.emit(failure)

    def _ended(self, item: RunItem) -> None:
        if item.state == "failed" and not item.cancelled:
            self._settle(item.photo)
            self.changed.emit()
        else:
            self._leave(item)

    def _leave(self, item: RunItem) -> None:
        if item not in self.items:
            return
        self.items = tuple(each for each in self.items if each is not item)
        item.deleteLater()
        self._settle(item.photo)
        self.changed.emit()

    def _settle(self, photo: PhotoSession) -> None:
        if not self.busy(photo) and photo.stage is Stage.RECONSTRUCTING:
            photo.set_stage(Stage.READY)


class _FirstResult(QObject):
    """Tells once that a run has given something, unless the user began to edit the map.

    Signals:
        came: with the photo.
    """

    came = Signal(object)

    def __init__(self, photo: PhotoSession) -> None:
        super().__init__(photo)
        self._photo = photo
        self._silent = False
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._tell)
        photo.map_edited.connect(self._be_silent)

    def tell(self) -> None:
        """A model is done; said in the window's next turn, for much is done about it."""
        if not self._silent:
            self._turn.start()

    def _tell(self) -> None:
        if not self._silent:
            self._be_silent()
            self.came.emit(self._photo)

    def _be_silent(self) -> None:
        self._silent = True

"""What was asked to be reconstructed, frozen, and the work that it is; for workers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from app.imaging.errors import RevisageError
from app.imaging.face import Face
from app.imaging.photo import Photo
from app.ui.jobs import Ticket
from app.ui.map_document import MapDocument, MapSnapshot
from app.ui.results import hypotheses_of
from app.ui.session import Hypothesis, PhotoSession
from app.workbench import Workbench


class Asked(TypedDict):
    """What one model is asked for, as the workbench takes it."""

    model: str
    hypotheses: int
    seed: int


@dataclass(frozen=True)
class RunRequest:
    """What the user asked to reconstruct.

    Attributes:
        models: names or kinds, in the order in which they run.
        hypotheses, seed: see :meth:`Workbench.reconstruct`.
    """

    models: tuple[str, ...]
    hypotheses: int
    seed: int

    def of(self, model: str) -> Asked:
        """What one of the models is asked for."""
        return {"model": model, "hypotheses": self.hypotheses, "seed": self.seed}


@dataclass(frozen=True, kw_only=True, eq=False)
class RunBatch:
    """A run's inputs, frozen when the user asked for it.

    Attributes:
        session: the photo in the window; only its own thread touches it.
        map: as it was then: the user may go on painting meanwhile.
        document: only asked for the automatic map, which never changes.
    """

    bench: Workbench
    session: PhotoSession
    photo: Photo
    faces: tuple[Face, ...]
    map: MapSnapshot
    document: MapDocument
    request: RunRequest

    @cached_property
    def _pixels(self) -> NDArray[np.bool_]:
        """The map in full; made in a worker, once for all models."""
        return self.map.pixels()

    def keys(self, ticket: Ticket) -> list[str | None]:
        """The key of every model's request; None where there is something to complain of.

        Runs in a worker. What is wrong with a model is said when it is its turn, so that the others
        are not held up by it.
        """
        keys: list[str | None] = []
        for model in self.request.models:
            ticket.check()
            try:
                request = self.bench.reconstruction_request(
                    self.photo, self.faces, self._pixels, **self.request.of(model)
                )
            except RevisageError:
                keys.append(None)
            else:
                keys.append(request.key)
        return keys

    def reconstruct(self, model: str, ticket: Ticket) -> tuple[Hypothesis, ...]:
        """One model's hypotheses; runs in the worker."""
        untouched = np.array_equal(self._pixels, self.document.automatic())
        outcome = self.bench.reconstruct(
            self.photo,
            self.faces,
            self._pixels,
            **self.request.of(model),
            map_source="automatic" if untouched else "hand",
            progress=ticket.progress,
            cancel=ticket.cancel,
        )
        ticket.check()
        return hypotheses_of(outcome)

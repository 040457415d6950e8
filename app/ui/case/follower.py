"""Turns what happens to the open photos into steps to be saved, in the order in which they happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal

from app.imaging.edit import Edit
from app.imaging.face import Face
from app.imaging.map import BinaryMap
from app.ui.case.place import Place, Sink
from app.ui.case.writer import OrderedWriter
from app.ui.map_document import MapDocument, MapSnapshot
from app.ui.session import PhotoSession, Session
from app.workbench import Outcome


@dataclass(eq=False)
class _Known:
    """What of a photo is kept, or on its way.

    Attributes:
        entered: the photo itself.
        faces, document, outcomes: likewise; by identity.
    """

    entered: bool = False
    faces: tuple[Face, ...] | None = None
    document: MapDocument | None = None
    outcomes: set[Outcome] = field(default_factory=set)


class Follower(QObject):
    """Follows a session and saves through a writer.

    While there is no sink, nothing is followed.

    Signals:
        entered: a :class:`PhotoSession` that has its place now.
    """

    entered = Signal(object)

    def __init__(self, session: Session, writer: OrderedWriter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._writer = writer
        self._sink: Sink | None = None
        self._known: dict[PhotoSession, _Known] = {}
        self._watched: WeakSet[MapDocument] = WeakSet()
        session.photos_changed.connect(self._photos_changed)

    def set_sink(self, sink: Sink | None) -> None:
        """Save into something else from now on; photos that are open are entered there."""
        self._sink = sink
        for photo in self._known:
            self._known[photo] = _Known()
        if sink is not None:
            for photo in self._known:
                self.enter(photo)

    def adopt(
        self,
        photo: PhotoSession,
        *,
        faces: tuple[Face, ...] | None = None,
        document: MapDocument | None = None,
        outcomes: tuple[Outcome, ...] = (),
    ) -> None:
        """Take as kept what is about to be shown, because it comes from there."""
        known = self._known.setdefault(photo, _Known())
        known.entered = True
        if document is not None:
            known.faces = faces
            known.document = document
            self._watch_map(photo, document)
        known.outcomes.update(outcomes)

    def enter(self, photo: PhotoSession) -> None:
        """Save a photo and everything about it that is not saved yet."""
        known = self._known.get(photo)
        sink = self._sink
        if known is None or sink is None:
            return
        if not known.entered:
            known.entered = True
            place = photo.place
            if place.number is None:
                self._writer.submit(
                    partial(sink.photo, place), lambda _: self.entered.emit(photo)
                )
        self._faces_changed(photo)
        self._map_made(photo)
        self._hypotheses_changed(photo)

    # --- what happens --------------------------------------------------------------------------

    def _photos_changed(self) -> None:
        there = set(self._session.photos)
        for photo in [each for each in self._known if each not in there]:
            del self._known[photo]
            if self._sink is not None:
                self._writer.submit(partial(self._sink.closed, photo.place))
        for photo in self._session.photos:
            if photo not in self._known:
                self._known[photo] = _Known()
                self._watch(photo)
                self.enter(photo)

    def _watch(self, photo: PhotoSession) -> None:
        photo.faces_changed.connect(partial(self._faces_changed, photo))
        photo.map_made.connect(partial(self._map_made, photo))
        photo.hypotheses_changed.connect(partial(self._hypotheses_changed, photo))

    def _faces_changed(self, photo: PhotoSession) -> None:
        known, sink = self._known.get(photo), self._sink
        faces = photo.faces
        if known is None or sink is None or faces is None or known.faces is faces:
            return
        known.faces = faces
        self._writer.submit(partial(sink.faces, photo.place, faces, photo.faces_source))

    def _map_made(self, photo: PhotoSession) -> None:
        known, sink = self._known.get(photo), self._sink
        document = photo.document
        if known is None or sink is None or document is None or known.document is document:
            return
        document.arrive()  # what still waits belongs to the past that is kept here
        known.document = document
        source, place = photo.map_source, photo.place
        self._writer.submit(lambda: sink.map(place, document.automatic(), source))
        if document.history.can_undo or document.history.can_redo:
            work = partial(_keep_past, sink, place, document, document.snapshot(), _steps(document))
            self._writer.submit(work)
        self._watch_map(photo, document)

    def _watch_map(self, photo: PhotoSession, document: MapDocument) -> None:
        if document not in self._watched:
            self._watched.add(document)
            document.applied.connect(partial(self._applied, photo, document))

    def _applied(
        self, photo: PhotoSession, document: MapDocument, edit: Edit, tool: str
    ) -> None:
        known, sink = self._known.get(photo), self._sink
        if known is not None and sink is not None and known.document is document:
            self._writer.submit(partial(sink.edit, photo.place, edit, tool))

    def _hypotheses_changed(self, photo: PhotoSession) -> None:
        known, sink = self._known.get(photo), self._sink
        if known is None or sink is None:
            return
        for outcome in dict.fromkeys(each.outcome for each in photo.hypotheses):
            if outcome not in known.outcomes:
                known.outcomes.add(outcome)
                self._writer.submit(partial(sink.outcome, photo.place, outcome))


@dataclass(frozen=True, eq=False)
class _Past:
    """The edits of a history: those in force, oldest first, and those undone, the next one first."""

    done: tuple[tuple[Edit, str], ...]
    undone: tuple[tuple[Edit, str], ...]


def _steps(document: MapDocument) -> _Past:
    history = document.history
    return _Past(
        tuple((step.edit, step.tool) for step in history.done if step.edit is not None),
        tuple((step.edit, step.tool) for step in history.undone if step.edit is not None),
    )


def _keep_past(
    sink: Sink, place: Place, document: MapDocument, now: MapSnapshot, past: _Past
) -> None:
    """Save a history that began before there was a place for it; runs in the saving thread.

    Where its oldest steps were forgotten, one edit stands for all of them.
    """
    raster = BinaryMap.from_pixels(now.pixels())
    for edit, _ in reversed(past.done):
        edit.apply(raster)
    forgotten = Edit.between(document.automatic(), raster.pixels, x=0, y=0)
    if forgotten is not None:
        sink.edit(place, forgotten, "earlier edits")
    for edit, tool in (*past.done, *past.undone):
        sink.edit(place, edit, tool)
    for edit, _ in reversed(past.undone):
        sink.edit(place, edit, "undo")

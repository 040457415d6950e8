"""What a hand does to the faces of the current photo: each change is one step that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from app.imaging.alignment import Alignment
from app.imaging.errors import RevisageError
from app.imaging.face import Box, Face
from app.imaging.face_map import redraw_face, remove_face
from app.imaging.map import BinaryMap, Edit
from app.imaging.photo import Photo
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.ui.controller import Controller
from app.ui.jobs import Failure, Ticket
from app.ui.map_document import MapDocument
from app.ui.session import PhotoSession
from app.workbench import Workbench

LEAST_SIDE = 8.0
"""A smaller box holds nothing that could be reconstructed; the locator drops it too."""


@dataclass(frozen=True, eq=False)
class Changed:
    """What a worker made of the faces.

    Attributes:
        faces: all of them.
        edit: of the map.
        failure: why the map could not be drawn, where the face itself was found.
    """

    faces: tuple[Face, ...]
    edit: Edit | None = None
    failure: Failure | None = None


class FaceEdits(QObject):
    """Adds, moves, finds again and deletes faces, in a worker.

    Attributes:
        pending: the box that a worker is at, or None.

    Signals:
        changed: a change has begun or ended.
    """

    changed = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._bench: Workbench = controller.bench
        self.pending: Box | None = None

    def add(self, box: Box) -> None:
        """A face where none was found: its landmarks by the aligner, and its map."""
        bench = self._bench

        def work(photo: Photo, faces: tuple[Face, ...], map_: BinaryMap, cancel: CancelToken) -> Changed:
            return find(bench, photo, faces, None, _inside(box, photo), map_, cancel)

        self._start(work, self.tr("Finding the face"), "face added", box)

    def move(self, index: int, box: Box) -> None:
        """Another box for a face; its landmarks are found again, the map stays."""
        bench = self._bench

        def work(photo: Photo, faces: tuple[Face, ...], _: BinaryMap, cancel: CancelToken) -> Changed:
            found = bench.face_in_box(photo, _inside(box, photo), cancel=cancel)
            moved = replace(found, masked=faces[index].masked)
            return Changed((*faces[:index], moved, *faces[index + 1 :]))

        self._start(work, self.tr("Finding the face"), "face moved", box)

    def rerun(self, index: int) -> None:
        """Find a face's landmarks and its part of the map again; the other faces keep theirs."""
        bench = self._bench

        def work(photo: Photo, faces: tuple[Face, ...], map_: BinaryMap, cancel: CancelToken) -> Changed:
            return find(bench, photo, faces, index, faces[index].box, map_, cancel)

        photo = self._controller.session.current
        if photo is not None and photo.faces and index < len(photo.faces):
            self._start(work, self.tr("Finding the face again"), "face again", photo.faces[index].box)

    def delete(self, index: int) -> None:
        """Take a face away, and what of the map no other face reaches."""
        bench = self._bench

        def work(_: Photo, faces: tuple[Face, ...], map_: BinaryMap, __: CancelToken) -> Changed:
            left = (*faces[:index], *faces[index + 1 :])
            try:
                crops = bench.face_crops(faces)
            except RevisageError as error:  # no model draws maps here: the map stays as it is
                return Changed(left, failure=Failure(str(error)))
            return Changed(left, remove_face(map_, crops, [face.box for face in faces], index))

        photo = self._controller.session.current
        if photo is not None and photo.faces and index < len(photo.faces):
            self._start(work, self.tr("Deleting the face"), "face deleted", photo.faces[index].box)

    def _start(
        self,
        work: Callable[[Photo, tuple[Face, ...], BinaryMap, CancelToken], Changed],
        title: str,
        tool: str,
        box: Box,
    ) -> None:
        session = self._controller.session.current
        if session is None or session.photo is None or session.document is None:
            return
        document, photo, faces = session.document, session.photo, session.faces or ()
        if document.locked:
            return
        document.lock()
        map_ = document.map

        def run(ticket: Ticket) -> Changed:
            return work(photo, faces, map_, ticket.cancel)

        job = self._controller.jobs.submit(run, title=title, lane="edit")
        job.done.connect(lambda made: self._take(session, document, faces, made, tool))
        job.failed.connect(self._controller.failed)
        job.finished.connect(self._ended)
        job.finished.connect(document.unlock)
        self.pending = box
        self.changed.emit()

    def _take(
        self,
        session: PhotoSession,
        document: MapDocument,
        before: tuple[Face, ...],
        made: Changed,
        tool: str,
    ) -> None:
        if not isValid(document) or session.document is not document:
            return  # the photo was closed or analysed again meanwhile
        document.change_faces(before, made.faces, edit=made.edit, tool=tool)
        if made.failure is not None:
            self._controller.failed.emit(made.failure)

    def _ended(self) -> None:
        self.pending = None
        self.changed.emit()


def find(
    bench: Workbench,
    photo: Photo,
    faces: tuple[Face, ...],
    index: int | None,
    box: Box,
    map_: BinaryMap,
    cancel: CancelToken,
) -> Changed:
    """Landmarks and map of one face in a box.

    Args:
        bench: the models.
        photo: the photo.
        faces: all faces so far.
        index: the face to find again; None for a new one.
        box: where.
        map_: edited in place.
        cancel: stops the work.

    Raises:
        ModelError: there is no way to landmarks; nothing has changed.
        Cancelled: nothing has changed.
    """
    face = bench.face_in_box(photo, box, cancel=cancel)
    if index is not None:
        face = replace(face, score=faces[index].score, masked=faces[index].masked)
    edit, failure = None, None
    try:
        found = bench.map_face(photo, face, cancel=cancel)
        crops: tuple[Alignment, ...] = bench.face_crops(faces)
    except Cancelled:
        raise
    except RevisageError as error:
        failure = Failure(str(error))
    else:
        edit = redraw_face(map_, crops, index, found.rectangle, found.pixels)
        if index is None:
            face = replace(face, masked=1.0 if found.pixels.any() else 0.0)
    after = (*faces, face) if index is None else (*faces[:index], face, *faces[index + 1 :])
    return Changed(after, edit, failure)


def _inside(box: Box, photo: Photo) -> Box:
    """A box cut off at the photo's edges, as the locator's are, in whole numbers of a float32."""
    x0, y0, x1, y1 = box
    return max(x0, 0.0), max(y0, 0.0), min(x1, float(photo.width)), min(y1, float(photo.height))

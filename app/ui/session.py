"""What the window is about: the photos that are open, and everything known about each.

Panels read this state and are told when it changes; only the controller changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.case.records import MapSource
from app.imaging.face import Face
from app.imaging.photo import Photo
from app.ui.canvas.pyramid import Pyramid
from app.ui.case.place import Place
from app.ui.jobs import Failure
from app.ui.map_document import MapDocument
from app.workbench import Outcome


class Stage(Enum):
    """How far a photo has come."""

    NEW = "new"
    OPENING = "opening"
    OPENED = "opened"
    ANALYSING = "analysing"
    READY = "ready"
    RECONSTRUCTING = "reconstructing"
    FAILED = "failed"


@dataclass(eq=False)
class Hypothesis:
    """One sample of a reconstruction, as the window shows it.

    Attributes:
        outcome: the run it belongs to.
        number: counted from 1.
        picture: what to paint over the ground: the part that differs from it.
        origin: the photo point of the picture's corner.
        ground: the drawing that the sketches of a run share; None where the photo itself is the ground.
        thumbnail: the face, small.
        spread: how much the hypotheses of the run differ, drawn in colours where the map is; begins
            at `spread_origin`; None for a run of one hypothesis.
        chosen: whether it is shown in the comparison and offered for export.
    """

    outcome: Outcome
    number: int
    picture: Pyramid
    origin: tuple[int, int]
    thumbnail: QImage
    ground: Pyramid | None = None
    spread: Pyramid | None = None
    spread_origin: tuple[int, int] = (0, 0)
    chosen: bool = True

    @property
    def of(self) -> int:
        """How many hypotheses the run made."""
        return self.outcome.result.made


class PhotoSession(QObject):
    """One photo and what was done with it.

    Attributes:
        path: its file.
        stage: how far it is.
        failure: why it could not be opened or analysed, in stage FAILED.
        photo, pyramid: the decoded photo, and how it is painted; dropped when memory is short.
        size: width and height once known.
        faces: what was located; None before that.
        selected_face: index of the face the user looks at, or None.
        document: the map; None before there is one.
        hypotheses: everything reconstructed so far, oldest first.
        thumbnail: for the photo strip; None until it is made.
        place: where the photo is kept: in a case, or in the recovery file.
        faces_source, map_source: how faces and map came about.

    Signals:
        stage_changed, photo_changed, faces_changed, face_selected, map_made, map_edited,
        hypotheses_changed, thumbnail_changed: the attribute of that name is another now.
    """

    stage_changed = Signal()
    photo_changed = Signal()
    faces_changed = Signal()
    face_selected = Signal()
    map_made = Signal()
    map_edited = Signal()
    hypotheses_changed = Signal()
    thumbnail_changed = Signal()

    def __init__(
        self, path: Path, parent: QObject | None = None, *, place: Place | None = None
    ) -> None:
        super().__init__(parent)
        self.path = path
        self.place = place or Place(path)
        self.faces_source: MapSource = "automatic"
        self.map_source: MapSource = "automatic"
        self.stage = Stage.NEW
        self.failure: Failure | None = None
        self.photo: Photo | None = None
        self.pyramid: Pyramid | None = None
        self.size: tuple[int, int] | None = None
        self.faces: tuple[Face, ...] | None = None
        self.selected_face: int | None = None
        self.document: MapDocument | None = None
        self.hypotheses: tuple[Hypothesis, ...] = ()
        self.thumbnail: QImage | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def masked(self) -> bool:
        """Whether there is anything in the map."""
        return self.document is not None and not self.document.empty

    def set_stage(self, stage: Stage, failure: Failure | None = None) -> None:
        """Come to another stage."""
        self.stage = stage
        self.failure = failure
        self.stage_changed.emit()

    def set_photo(self, photo: Photo | None, pyramid: Pyramid | None) -> None:
        """Take in, or let go of, the decoded photo."""
        self.photo, self.pyramid = photo, pyramid
        if photo is not None:
            self.size = (photo.width, photo.height)
        self.photo_changed.emit()

    @property
    def unsaved(self) -> bool:
        """Whether something was done that opening the file again would not bring back."""
        if self.document is None:
            return self.place.kept is not None
        edited = self.document.history.can_undo
        return edited or bool(self.hypotheses) or self.faces_source == "hand"

    def set_analysis(
        self,
        faces: tuple[Face, ...],
        document: MapDocument,
        *,
        faces_source: MapSource = "automatic",
        map_source: MapSource = "automatic",
    ) -> None:
        """Take in the faces and the map that were found, or that were kept before."""
        self.faces_source, self.map_source = faces_source, map_source
        self.faces = faces
        self.selected_face = 0 if faces else None
        document.setParent(self)
        if self.document is not None:
            self.document.deleteLater()
        self.document = document
        document.edited.connect(self.map_edited)
        document.faces_replaced.connect(self._take_faces)
        self.faces_changed.emit()
        self.map_made.emit()

    def _take_faces(self, faces: tuple[Face, ...]) -> None:
        """Other faces by hand, by undo or redo; the one that is new is looked at."""
        before, at = self.faces or (), self.selected_face
        new = [index for index, face in enumerate(faces) if face not in before]
        self.faces = faces
        self.selected_face = new[0] if new else min(at or 0, len(faces) - 1) if faces else None
        self.faces_changed.emit()

    def select_face(self, index: int | None) -> None:
        """Look at another face."""
        if index != self.selected_face:
            self.selected_face = index
            self.face_selected.emit()

    def arrive(self) -> None:
        """Carry out what was ordered and still waits, before the photo is saved or let go of."""
        if self.document is not None:
            self.document.arrive()

    def add_hypotheses(self, hypotheses: tuple[Hypothesis, ...]) -> None:
        """Take in what a run made."""
        self.hypotheses = (*self.hypotheses, *hypotheses)
        self.hypotheses_changed.emit()

    def remove_hypotheses(self, hypotheses: tuple[Hypothesis, ...]) -> None:
        """Forget some of what was made."""
        self.hypotheses = tuple(each for each in self.hypotheses if each not in hypotheses)
        self.hypotheses_changed.emit()

    def choose(self, hypothesis: Hypothesis, chosen: bool) -> None:
        """Show a hypothesis in the comparison, or leave it out."""
        if hypothesis.chosen != chosen:
            hypothesis.chosen = chosen
            self.hypotheses_changed.emit()

    def set_thumbnail(self, thumbnail: QImage) -> None:
        """Take in the small picture."""
        self.thumbnail = thumbnail
        self.thumbnail_changed.emit()


class Session(QObject):
    """The photos that are open.

    Attributes:
        photos: in the order of the strip.
        current: the one on the canvas, or None.

    Signals:
        photos_changed: photos were added or removed.
        current_changed: another photo is on the canvas.
    """

    photos_changed = Signal()
    current_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.photos: tuple[PhotoSession, ...] = ()
        self.current: PhotoSession | None = None

    def add(self, paths: Sequence[Path]) -> tuple[PhotoSession, ...]:
        """Add photos that are not open yet.

        Returns:
            The photo of every path, open before or new.
        """
        known = {photo.path: photo for photo in self.photos}
        new = [path for path in dict.fromkeys(paths) if path not in known]
        for path in new:
            known[path] = PhotoSession(path, self)
        if new:
            self.photos = (*self.photos, *(known[path] for path in new))
            self.photos_changed.emit()
        return tuple(known[path] for path in dict.fromkeys(paths))

    def add_places(self, places: Sequence[Place]) -> tuple[PhotoSession, ...]:
        """Add photos that are kept somewhere already, such as those of a case."""
        new = tuple(PhotoSession(place.path, self, place=place) for place in places)
        if new:
            self.photos = (*self.photos, *new)
            self.photos_changed.emit()
        return new

    def remove(self, photo: PhotoSession) -> None:
        """Close a photo; its file is not touched."""
        photo.arrive()
        index = self.photos.index(photo)
        self.photos = tuple(each for each in self.photos if each is not photo)
        if photo is self.current:
            left = self.photos
            self.set_current(left[min(index, len(left) - 1)] if left else None)
        self.photos_changed.emit()
        photo.deleteLater()

    def clear(self) -> None:
        """Close all photos."""
        self.arrive()
        self.set_current(None)
        gone, self.photos = self.photos, ()
        if gone:
            self.photos_changed.emit()
        for photo in gone:
            photo.deleteLater()

    def arrive(self) -> None:
        """Carry out what was ordered of any photo's map and still waits."""
        for photo in self.photos:
            photo.arrive()

    def set_current(self, photo: PhotoSession | None) -> None:
        """Put another photo on the canvas."""
        if photo is not self.current:
            self.current = photo
            self.current_changed.emit()

    def move(self, steps: int) -> None:
        """Go to the next (+1) or previous (-1) photo of the strip."""
        if self.current is None or not self.photos:
            return
        index = self.photos.index(self.current) + steps
        self.set_current(self.photos[min(max(index, 0), len(self.photos) - 1)])

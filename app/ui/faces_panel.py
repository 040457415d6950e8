"""The faces of the current photo: a list beside the boxes on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget

from app.imaging.face import Face
from app.ui.actions import Actions
from app.ui.language import number
from app.ui.session import PhotoSession, Stage
from app.ui.widgets import Section, action_button, label

ROW = 26
MOST_ROWS = 4

MOST_PERCENT = 99
"""The highest figure shown for how sure the locator is of a mask; above it stands: more than that."""


class FacesPanel(Section):
    """Lists the faces and selects one.

    Signals:
        face_activated: index of a face that the user wants to look at closely.
    """

    face_activated = Signal(int)

    def __init__(self, actions: Actions) -> None:
        keys = ("add_face", "rerun_face", "delete_face", "show_landmarks", "show_faces")
        super().__init__("", *(action_button(actions[key], size=24) for key in keys))
        self.title.setText(self.tr("Faces"))
        self.setAccessibleName(self.tr("Faces"))
        self._photo: PhotoSession | None = None
        self.list = QListWidget()
        self.list.setObjectName("boxed")
        self.list.setAccessibleName(self.tr("Faces"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setToolTip(self.tr("Click to select a face, double-click to fill the canvas with it"))
        self._hint = label(role="soft", wrap=True)
        self.body.addWidget(self.list)
        self.body.addWidget(self._hint)
        self.list.currentRowChanged.connect(self._row_changed)
        self.list.itemActivated.connect(
            lambda item: self.face_activated.emit(self.list.row(item))
        )
        self._refresh()

    def show_photo(self, photo: PhotoSession | None) -> None:
        """List the faces of another photo."""
        if self._photo is not None:
            for signal in (
                self._photo.faces_changed,
                self._photo.face_selected,
                self._photo.stage_changed,
            ):
                signal.disconnect(self._refresh)
        self._photo = photo
        if photo is not None:
            for signal in (photo.faces_changed, photo.face_selected, photo.stage_changed):
                signal.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        faces = self._photo.faces if self._photo is not None else None
        with QSignalBlocker(self.list):
            if self.list.count() != len(faces or ()):
                self.list.clear()
                self.list.addItems([""] * len(faces or ()))
            for index, face in enumerate(faces or ()):
                item = self.list.item(index)
                item.setText(self._text(index, face))
                item.setToolTip(self._details(face))
            selected = self._photo.selected_face if self._photo is not None else None
            self.list.setCurrentRow(-1 if selected is None else selected)
        self.list.setVisible(bool(faces))
        self.list.setFixedHeight(min(len(faces or ()), MOST_ROWS) * ROW + 10)
        for index in range(self.list.count()):
            self.list.item(index).setSizeHint(QSize(0, ROW))
        self.aside.setText(str(len(faces)) if faces else "")
        hint_text = self._hint_text(faces)
        self._hint.setText(hint_text)
        self._hint.setVisible(bool(hint_text))

    def _hint_text(self, faces: tuple[Face, ...] | None) -> str:
        photo = self._photo
        if photo is None:
            return ""
        if faces is None:
            working = photo.stage in (Stage.OPENING, Stage.OPENED, Stage.ANALYSING)
            return self.tr("Looking for faces…") if working else ""
        if photo.failure is not None and not faces:
            return self.tr("The search did not work; the message above says why. F5 tries again.")
        if not faces:
            return self.tr(
                "No face was found. Shift+A adds a box by hand, and so does a drag with the face "
                "tool; a reconstruction needs a face."
            )
        return ""

    def _text(self, index: int, face: Face) -> str:
        percent = round(face.masked * 100)
        # The model is never certain, and neither must its figure look so.
        shown = f"> {MOST_PERCENT}" if percent > MOST_PERCENT else str(percent)
        masked = self.tr("masked, {0} %").format(shown)
        state = masked if face.masked >= 0.5 else self.tr("no mask seen")
        return self.tr("Face {0}: {1}").format(index + 1, state)

    def _details(self, face: Face) -> str:
        x0, y0, x1, y1 = (round(value) for value in face.box)
        return self.tr("{0} × {1} pixels at {2}, {3}; found with score {4}").format(
            x1 - x0, y1 - y0, x0, y0, number(face.score, 2)
        )

    def _row_changed(self, index: int) -> None:
        if self._photo is not None:
            self._photo.select_face(index if index >= 0 else None)

"""What a window knows of a photo's place in its case or recovery file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.case.records import MapSource
from app.imaging.edit import Edit
from app.imaging.face import Face
from app.imaging.history import FacesChange, History, Step
from app.imaging.map import BinaryMap
from app.imaging.photo import Photo
from app.ui.map_document import FoundMap, MapDocument
from app.workbench import Outcome

FACE_TOOLS = ("face added", "face moved", "face again", "face deleted")
"""What :class:`FaceEdits` calls its steps."""


@dataclass(eq=False)
class Place:
    """Where one photo of the window is kept.

    Attributes:
        path: of the file, as the window knows it.
        number: the photo's number in the case or recovery file; None until it is there.
        map: the number of its newest map in the case.
        sha256: of the evidence, once it was read.
        kept: what was done with the photo before a crash, until it is opened again.
    """

    path: Path
    number: int | None = None
    map: int | None = None
    sha256: str = ""
    kept: Kept | None = None


class Kept(Protocol):
    """What was done with a photo, before it is made ready."""

    def restore(self, photo: Photo) -> Restored | None:
        """Faces and map with their history, if there was a map; raises CaseDamaged."""


class Sink(Protocol):
    """Where steps are kept. Every method runs in the saving thread, one after another."""

    def photo(self, place: Place) -> None:
        """A photo was opened."""

    def faces(self, place: Place, faces: tuple[Face, ...], source: MapSource) -> None:
        """A photo has these faces now."""

    def map(self, place: Place, pixels: NDArray[np.bool_], source: MapSource) -> None:
        """A photo's map begins anew with these pixels (H, W)."""

    def edit(self, place: Place, edit: Edit, tool: str) -> None:
        """An edit of a photo's map has come into force."""

    def outcome(self, place: Place, outcome: Outcome) -> None:
        """A model has made something of a photo."""

    def closed(self, place: Place) -> None:
        """A photo was taken out of the window."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Restored:
    """What was done with a photo before, made ready in a worker.

    Attributes:
        faces: its faces.
        found: its map as it is now, and the bits of how it began.
        history: what can be undone and redone about it.
        outcomes: of its runs, oldest first.
        left_out: how many more runs the case holds than were brought back.
        kept: whether all of this is where the window keeps things now.
    """

    faces: tuple[Face, ...]
    found: FoundMap
    history: History
    outcomes: tuple[Outcome, ...] = ()
    left_out: int = 0
    kept: bool = True

    def document(self) -> MapDocument:
        """The map with its history; to be made in the window's thread."""
        made = MapDocument(self.found)
        made.history = self.history
        return made


@dataclass(eq=False)
class Replay:
    """A map while its kept edits are made again.

    Attributes:
        raster: the map, as far as it has come.
        history: likewise.
        faces: likewise.
    """

    raster: BinaryMap
    history: History = field(default_factory=History)
    faces: tuple[Face, ...] = ()

    def step(
        self,
        edit: Edit,
        tool: str,
        *,
        undoable: bool = True,
        faces: tuple[Face, ...] | None = None,
    ) -> None:
        """Make one kept edit; "undo" and "redo" move within the history instead of adding to it.

        Args:
            edit: of the map.
            tool: what made it.
            undoable: whether it becomes a step.
            faces: what the faces became in the same step, if they changed.
        """
        change = self._change(faces)
        if not undoable:
            edit.apply(self.raster)
            return
        near = self._near(tool)
        if near is not None and _same(near.edit, edit):
            move = self.history.undo if tool == "undo" else self.history.redo
            move(self.raster)
            return
        edit.apply(self.raster)
        self.history.push(edit, tool=tool, faces=change)

    def changes_faces(self, tool: str, edit: Edit) -> bool:
        """Whether a kept edit of this tool comes with other faces."""
        near = self._near(tool)
        if near is None:
            return tool in FACE_TOOLS
        return near.faces is not None and _same(near.edit, edit)

    def other_faces(self, faces: tuple[Face, ...]) -> None:
        """Faces that changed while the map did not: a step, or one undone or redone."""
        before = self.faces
        change = self._change(faces)
        for tool, move in (("undo", self.history.undo), ("redo", self.history.redo)):
            near = self._near(tool)
            if near is None or near.edit is not None or near.faces is None:
                continue
            if _same_faces(near.faces.before if tool == "undo" else near.faces.after, faces):
                move(self.raster)
                return
        more = len(faces) - len(before)
        tool = "face added" if more > 0 else "face deleted" if more < 0 else "face moved"
        self.history.push(None, tool=tool, faces=change)

    def _near(self, tool: str) -> Step | None:
        """The step that an undo or a redo would move over."""
        steps = {"undo": tuple(self.history.done)[-1:], "redo": tuple(self.history.undone)[:1]}
        return next(iter(steps.get(tool, ())), None)

    def _change(self, faces: tuple[Face, ...] | None) -> FacesChange | None:
        if faces is None:
            return None
        before, self.faces = self.faces, faces
        return FacesChange(before=before, after=faces)


def _same(first: Edit | None, second: Edit) -> bool:
    return (
        first is not None
        and first.rectangle == second.rectangle
        and np.array_equal(first.packed, second.packed)
    )


def _same_faces(first: tuple[Face, ...], second: tuple[Face, ...]) -> bool:
    return len(first) == len(second) and all(
        one.box == other.box and np.array_equal(one.landmarks, other.landmarks)
        for one, other in zip(first, second, strict=True)
    )

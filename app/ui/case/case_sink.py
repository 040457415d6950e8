"""Keeps in the case what happens in the window, and brings back what the case holds.

Runs in workers; nothing here touches a widget.
"""

from __future__ import annotations

import dataclasses
import io
import threading
from collections import deque
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.case.evidence import PhotoRow
from app.case.maps import FacesRow
from app.case.records import MapSource
from app.case.runs import RunRow
from app.casework import RECALLED, Casework
from app.imaging.edit import Edit, bounding_rectangle
from app.imaging.errors import PhotoError
from app.imaging.face import Face
from app.imaging.map import BinaryMap
from app.imaging.part import Composites, Part
from app.imaging.photo import Photo
from app.inference.card import Card, FileCard, InputCard, OutputCard, TrainingCard
from app.ui.case.place import Place, Replay, Restored
from app.ui.intake import Opened, ready, thumbnail_in
from app.ui.jobs import Ticket
from app.ui.map_document import FoundMap
from app.workbench import Outcome

OUTCOME_MEMORY = 768 << 20
"""Bytes of earlier results to bring back with a photo, the newest first; the rest stays in the case."""


class CaseSink:
    """The case as the place where everything is kept.

    Attributes:
        casework: the open case.
    """

    def __init__(self, casework: Casework) -> None:
        self.casework = casework
        # Two threads take photos in: the one that saves, and the one that opens what is looked at.
        self._intake = threading.Lock()

    # --- keeping -------------------------------------------------------------------------------

    def photo(self, place: Place) -> None:
        """Take the photo in as evidence. A file that is no photo is told when it is looked at."""
        try:
            self.take_in(place)
        except PhotoError:
            return

    def take_in(self, place: Place) -> PhotoRow:
        """The photo's row in the case, which it enters now where it has none.

        Raises:
            PhotoError: it is no readable photo.
            CaseError: it was not taken in.
        """
        with self._intake:
            if place.number is None:
                row, _ = self.casework.add(place.path)
                place.number, place.sha256 = row.id, row.sha256
            return self.casework.case.evidence.get(place.number)

    def second(self, place: Place) -> None:
        """Keep the name of a photo whose bytes are in the case under another one."""
        if place.sha256:
            self.casework.add_name(place.sha256, place.path)

    def faces(self, place: Place, faces: tuple[Face, ...], source: MapSource) -> None:
        """Keep the faces, and who found them."""
        self.casework.keep_faces(_number(place), faces, source=source)

    def map(self, place: Place, pixels: NDArray[np.bool_], source: MapSource) -> None:
        """Keep the map as it begins."""
        place.map = self.casework.keep_map(_number(place), pixels, source=source).id

    def edit(self, place: Place, edit: Edit, tool: str) -> None:
        """Keep an edit."""
        row = self.casework.case.maps.of_photo(_number(place)) if place.map is None else None
        if row is not None:
            place.map = row.id
        assert place.map is not None
        self.casework.case.maps.add_edit(place.map, edit, tool=tool or "edit")

    def outcome(self, place: Place, outcome: Outcome) -> None:
        """Keep a run with its pictures."""
        self.casework.keep_outcome(_number(place), outcome)

    def closed(self, place: Place) -> None:
        """The photo stays in the case."""

    # --- bringing back -------------------------------------------------------------------------

    def open(self, place: Place, *, restore: bool, ticket: Ticket) -> Opened:
        """Decode a photo from its checked evidence.

        Args:
            place: the photo, which is taken in where that has not happened yet.
            restore: bring back faces, map and results too.
            ticket: cancels.

        Raises:
            CaseDamaged: the evidence was changed.
            PhotoError, CaseError, Cancelled.
        """
        row = self.take_in(place)
        ticket.check()
        photo = self.casework.case.evidence.open(row.id)
        # Only a path that the user chose in this window: exports must not replace that file.
        path = place.path if place.path.is_absolute() else Path(Path(row.name).name)
        photo = dataclasses.replace(photo, path=path)
        opened = ready(photo, ticket)
        restored = self._restore(row.id, photo, ticket) if restore else None
        if restored is not None:
            found = self.casework.case.maps.of_photo(row.id)
            place.map = None if found is None else found.id
        return dataclasses.replace(opened, restored=restored)

    def check(self, place: Place) -> None:
        """Hash the evidence once more; raises CaseDamaged when it was changed."""
        if place.number is not None:
            self.casework.case.evidence.read(place.number)

    def thumbnail(self, place: Place) -> QImage | None:
        """A quick small picture of the evidence; None where its format has no quick way."""
        if place.number is None:
            return None
        return thumbnail_in(io.BytesIO(self.casework.case.evidence.read(place.number)))

    def _restore(self, number: int, photo: Photo, ticket: Ticket) -> Restored | None:
        """What the case holds of a photo; None when no map of it was kept yet."""
        maps = self.casework.case.maps
        row, faces = maps.of_photo(number), maps.faces(number)
        if row is None:
            return None
        base = maps.pixels(row.id, edits=0)
        first = maps.faces_of(row.id)
        replay = Replay(BinaryMap.from_pixels(base), faces=_faces(first))
        steps = deque(maps.steps(row.id))
        while steps:
            ticket.check()
            each = steps.popleft()
            if isinstance(each, FacesRow):
                replay.other_faces(_faces(each))
                continue
            after = None
            if (
                steps
                and isinstance(steps[0], FacesRow)
                and replay.changes_faces(each.tool, each.edit)
            ):
                after = _faces(steps[0])
                steps.popleft()
            replay.step(each.edit, each.tool, undoable=each.tool != RECALLED, faces=after)
        outcomes, left_out = self._outcomes(number, photo, ticket)
        return Restored(
            faces=_faces(faces),
            found=FoundMap(replay.raster, np.packbits(base, axis=1), replay.raster.rectangle),
            history=replay.history,
            outcomes=outcomes,
            left_out=left_out,
        )

    def _outcomes(
        self, number: int, photo: Photo, ticket: Ticket
    ) -> tuple[tuple[Outcome, ...], int]:
        """The newest runs of a photo that fit into memory, oldest first, and how many do not."""
        rows = self.casework.case.runs.all(photo=number)
        maps: dict[tuple[int, int], NDArray[np.bool_]] = {}
        made: list[Outcome] = []
        held = 0
        for row in reversed(rows):
            if held > OUTCOME_MEMORY:
                break
            ticket.check()
            key = (row.map, row.edits)
            if key not in maps:
                maps[key] = self.casework.case.maps.pixels(row.map, edits=row.edits)
            made.append(self.outcome_of(row, photo, maps[key]))
            held += made[-1].nbytes
        return tuple(reversed(made)), len(rows) - len(made)

    def outcome_of(self, row: RunRow, photo: Photo, pixels: NDArray[np.bool_]) -> Outcome:
        """A kept run as the workbench would have handed it over.

        Args:
            row: the run.
            photo: its photo, decoded.
            pixels: (H, W) bool, its map.

        Raises:
            CaseDamaged: a picture is not the one that was kept.
        """
        runs = self.casework.case.runs
        area = bounding_rectangle(pixels)
        ground = None if row.request.model.kind == "sketch" else photo.pixels
        parts = []
        for output in row.composites:
            whole = runs.pixels(output)
            ground = whole if ground is None else ground
            parts.append(Part.cut(whole, area))
        spread = next((each for each in row.outputs if each.role == "uncertainty"), None)
        uncertainty = None
        if spread is not None:
            uncertainty = Part.cut(runs.pixels(spread).astype(np.uint8, copy=False), area)
        assert ground is not None  # a run has at least one composite
        return Outcome(
            photo=photo,
            card=self._card(row),
            result=row.result,
            composites=Composites(ground, parts),
            map_part=Part.cut(pixels, area),
            uncertainty_part=uncertainty,
        )

    def _card(self, row: RunRow) -> Card:
        """The card of the very model; what the record says of it where that is not installed."""
        model = row.request.model
        for card in self.casework.bench.models:
            if card.file.sha256 == model.sha256:
                return card
        sketch = model.kind == "sketch"
        return Card(
            format=1,
            name=model.name,
            title=f"{model.name} (not installed)",
            task="reconstruct",
            kind="sketch" if sketch else "gan" if model.kind == "gan" else "rgb",
            version=model.version,
            licence="unknown",
            summary="The case names this model, but it is not installed on this computer.",
            intended_use="Its pictures can be looked at; it cannot be run.",
            limits=(),
            not_for=(),
            input=InputCard(size=256, eye_distance=0.3, eye_y=0.42, map_dilation=0),
            output=OutputCard(kind="sketch" if sketch else "rgb"),
            file=FileCard(name="model.onnx", sha256=model.sha256, bytes=1, precision="unknown"),
            training=TrainingCard(
                recipe="unknown",
                data="unknown",
                data_sha256="unknown",
                seed=0,
                commit="unknown",
                images=0,
                command="unknown",
                machine="unknown",
            ),
        )


def _number(place: Place) -> int:
    if place.number is None:
        raise PhotoError(f"{place.path.name} has not been taken into the case; open it again.")
    return place.number


def _faces(row: FacesRow | None) -> tuple[Face, ...]:
    return tuple(face.face() for face in row.faces) if row is not None else ()

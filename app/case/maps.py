"""Faces and maps: what was found, and every edit of a map with its author."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from app.case.errors import CaseDamaged, CaseError
from app.case.packing import pack_edit, pack_map, unpack_edit, unpack_map
from app.case.records import FaceRecord, MapSource, ModelRecord, canonical_json, hash_of_map
from app.case.store import Row, Store, clean_text
from app.imaging.edit import Edit
from app.imaging.errors import MapError
from app.imaging.face import Face
from app.imaging.map import BinaryMap
from app.imaging.photo import MAX_PIXELS


@dataclass(frozen=True, kw_only=True)
class FacesRow:
    """The faces of a photo, as models found them or the analyst corrected them.

    Attributes:
        id, photo: numbers.
        source: how they came about.
        author: the examiner.
        faces: largest first.
        models: that found them.
    """

    id: int
    photo: int
    source: str
    author: str
    faces: tuple[FaceRecord, ...]
    models: tuple[ModelRecord, ...]


@dataclass(frozen=True, kw_only=True)
class MapRow:
    """A map of a photo as it began; its edits are counted, not contained.

    Attributes:
        id, photo: numbers.
        faces: the number of the faces that it was made for, if any.
        source: how it began.
        author: the examiner.
        width, height: in photo pixels.
        map_sha256: as it began, see :func:`app.case.records.hash_of_map`.
        models: that drew it.
        edits: how many there are.
    """

    id: int
    photo: int
    faces: int | None
    source: str
    author: str
    width: int
    height: int
    map_sha256: str
    models: tuple[ModelRecord, ...]
    edits: int


@dataclass(frozen=True, kw_only=True)
class EditRow:
    """One edit of a map.

    Attributes:
        map, number: which map, and which edit of it, from 1.
        tool: what made it: "brush", "undo", ...
        author: the examiner.
        edit: the change itself.
    """

    map: int
    number: int
    tool: str
    author: str
    edit: Edit


class Maps:
    """The faces and maps of one case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- faces -------------------------------------------------------------------------------

    def add_faces(
        self, photo: int, faces: Sequence[Face], *, source: MapSource, models: Sequence[ModelRecord]
    ) -> int:
        """Keep the faces of a photo beside those that were kept before; returns their number."""
        records = canonical_json([FaceRecord.of(face).to_dict() for face in faces])
        with self._store.change(
            "faces.add", photo=photo, source=source, faces=len(faces), models=_hashes(models)
        ) as change:
            return change.insert(
                "faces",
                photo=photo,
                source=source,
                author=self._store.examiner,
                faces=records,
                models=canonical_json([model.to_dict() for model in models]),
            )

    def faces(self, photo: int) -> FacesRow | None:
        """The faces that count for a photo: those kept last."""
        query = "SELECT * FROM faces WHERE photo = ? ORDER BY id DESC LIMIT 1"
        rows = self._store.rows(query, photo)
        return _faces_row(rows[0]) if rows else None

    # --- maps --------------------------------------------------------------------------------

    def add(
        self,
        photo: int,
        pixels: NDArray[np.bool_],
        *,
        source: MapSource,
        faces: int | None = None,
        models: Sequence[ModelRecord] = (),
    ) -> int:
        """Begin a map of a photo, beside those that there were; returns its number.

        Args:
            photo: its number.
            pixels: (H, W) bool of the photo's size.
            source: how it came about.
            faces: the number of the faces that it was made for.
            models: that drew it.

        Raises:
            MapError: the size is not the photo's.
        """
        size = self._store.row("photo", photo, word="photo")
        height, width = pixels.shape
        if (width, height) != (size["width"], size["height"]):
            raise MapError(
                f"A map of {width} x {height} pixels does not fit photo {photo}, which has "
                f"{size['width']} x {size['height']}; make it in the photo's size."
            )
        sha256 = hash_of_map(pixels)
        with self._store.change(
            "map.add",
            photo=photo,
            source=source,
            map_sha256=sha256,
            mask_pixels=int(np.count_nonzero(pixels)),
            models=_hashes(models),
        ) as change:
            return change.insert(
                "map",
                photo=photo,
                faces=faces,
                source=source,
                author=self._store.examiner,
                width=width,
                height=height,
                map_sha256=sha256,
                blob=change.insert_blob(pack_map(pixels)),
                models=canonical_json([model.to_dict() for model in models]),
            )

    def add_edit(self, map: int, edit: Edit, *, tool: str) -> int:
        """Keep an edit as it happens. Undo is the same edit once more, kept like any other.

        Args:
            map: the map's number.
            edit: the change.
            tool: what made it.

        Returns:
            The edit's number within the map, from 1.

        Raises:
            MapError: it reaches beyond the map.
        """
        row = self.get(map)
        x0, y0, x1, y1 = edit.rectangle
        if not (0 <= x0 < x1 <= row.width and 0 <= y0 < y1 <= row.height):
            raise MapError(f"An edit of {edit.rectangle} reaches beyond map {map}.")
        content = pack_edit(edit)
        with self._store.change(
            "map.edit", map=map, tool=tool, rectangle=[x0, y0, x1, y1]
        ) as change:
            query = "SELECT count(*) AS number FROM map_edit WHERE map = ?"
            number = int(self._store.rows(query, map)[0]["number"]) + 1
            sha256 = change.insert_blob(content)
            change.insert(
                "map_edit",
                map=map,
                number=number,
                tool=clean_text(tool, limit=100),
                author=self._store.examiner,
                x0=x0,
                y0=y0,
                x1=x1,
                y1=y1,
                blob=sha256,
            )
            change.details |= {"number": number, "edit_sha256": sha256}
        return number

    def get(self, map: int) -> MapRow:
        """One map's row; raises CaseError when there is none."""
        row = self._store.row("map", map, word="map")
        query = "SELECT count(*) AS edits FROM map_edit WHERE map = ?"
        edits = self._store.rows(query, map)[0]["edits"]
        del row["blob"]
        return MapRow(**(row | {"models": _models(row["models"]), "edits": edits}))

    def of_photo(self, photo: int) -> MapRow | None:
        """The map that counts for a photo: the one begun last."""
        rows = self._store.rows("SELECT max(id) AS id FROM map WHERE photo = ?", photo)
        return self.get(rows[0]["id"]) if rows[0]["id"] is not None else None

    def edits(self, map: int, *, count: int | None = None) -> list[EditRow]:
        """The edits of a map in order; the first `count` of them."""
        query = "SELECT * FROM map_edit WHERE map = ? AND number <= ? ORDER BY number"
        rows = self._store.rows(query, map, 1 << 60 if count is None else count)
        return [
            EditRow(
                map=map,
                number=row["number"],
                tool=row["tool"],
                author=row["author"],
                edit=unpack_edit(
                    self._store.blob(row["blob"], what=f"Edit {row['number']} of map {map}"),
                    (row["x0"], row["y0"], row["x1"], row["y1"]),
                ),
            )
            for row in rows
        ]

    def steps(self, map: int) -> list[EditRow | FacesRow]:
        """What was done since a map began, in its order: the edits of the map, and other faces."""
        row, edits = self.get(map), self.edits(map)
        rows = self._store.rows(
            "SELECT * FROM faces WHERE photo = ? AND id > ? ORDER BY id", row.photo, row.faces or 0
        )
        if not rows:
            return [*edits]
        numbers = self._store.rows("SELECT id FROM map_edit WHERE map = ? ORDER BY number", map)
        known: dict[tuple[str, int], EditRow | FacesRow] = {
            ("map_edit", number["id"]): edit for number, edit in zip(numbers, edits, strict=True)
        }
        known |= {("faces", each["id"]): _faces_row(each) for each in rows}
        # Only the log knows which of two tables was written first.
        written = self._store.rows(
            "SELECT entry FROM log WHERE entry LIKE '%\"map.edit\"%' OR entry LIKE '%\"faces.add\"%' "
            "ORDER BY id"
        )
        order = [
            (name, number)
            for each in written
            for name, number, _ in json.loads(each["entry"])["rows"]
        ]
        return [known[key] for key in order if key in known]

    def faces_of(self, map: int) -> FacesRow | None:
        """The faces that a map was made for."""
        faces = self.get(map).faces
        return _faces_row(self._store.row("faces", faces, word="faces")) if faces else None

    def pixels(self, map: int, *, edits: int | None = None) -> NDArray[np.bool_]:
        """A map (H, W) bool after its first `edits` edits, or all of them.

        Raises:
            CaseDamaged: what is stored does not fit together.
        """
        row = self._store.row("map", map, word="map")
        if row["width"] * row["height"] > MAX_PIXELS:
            raise CaseDamaged(f"Map {map} claims more pixels than any photo; restore the case.")
        content = self._store.blob(row["blob"], what=f"Map {map}")
        pixels = unpack_map(content, width=row["width"], height=row["height"])
        if hash_of_map(pixels) != row["map_sha256"]:
            raise CaseDamaged(f"Map {map} is not the one that was saved; restore the case.")
        raster = BinaryMap.from_pixels(pixels)
        found = self.edits(map, count=edits)
        if edits is not None and len(found) != edits:
            raise CaseError(f"Map {map} has {len(found)} edits, not {edits}.")
        for each in found:
            try:
                each.edit.apply(raster)
            except MapError as error:
                raise CaseDamaged(f"Edit {each.number} of map {map}: {error}") from error
        return raster.pixels


def _faces_row(row: Row) -> FacesRow:
    try:
        faces = TypeAdapter(tuple[FaceRecord, ...]).validate_json(row["faces"])
    except ValidationError as error:
        raise CaseDamaged(f"The faces {row['id']} cannot be read; restore the case.") from error
    return FacesRow(**(row | {"faces": faces, "models": _models(row["models"])}))


def _models(text: str) -> tuple[ModelRecord, ...]:
    try:
        return TypeAdapter(tuple[ModelRecord, ...]).validate_json(text)
    except ValidationError as error:
        raise CaseDamaged("A list of models cannot be read; restore the case.") from error


def _hashes(models: Sequence[ModelRecord]) -> dict[str, str]:
    """Model hashes by name, for the log."""
    return {model.name: model.sha256 for model in models}

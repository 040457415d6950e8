"""The workbench's steps inside a case: every input comes from the case and every outcome goes into it.

The window and the command line drive this where they work on a case, and nothing below it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.case.case_file import CaseFile
from app.case.errors import CaseDamaged
from app.case.evidence import PhotoRow
from app.case.maps import FacesRow, MapRow
from app.case.records import FaceRecord, MapSource, ModelRecord, hash_of_map
from app.case.reviews import ReviewState, Verdict
from app.case.runs import Picture, Pixels, Rerun, RunRow
from app.casereport import REPORT, REPORT_JSON, CaseReport, make_report, seal_case, write_report
from app.export.own import is_own
from app.export.package import Sealed
from app.export.png import encode_png
from app.imaging.edit import Edit
from app.imaging.face import Face
from app.imaging.map import BinaryMap
from app.inference.card import Task
from app.inference.errors import Cancelled, ModelError
from app.inference.session import CancelToken
from app.rerun import reproduce, setup
from app.workbench import NoMappedFace, Outcome, Report, Workbench, model_record

RECALLED = "recalled"
"""The tool of an edit that only brings an earlier map back for a run; undo does not know it."""


class Casework:
    """One case and the models that work on it.

    Attributes:
        bench: the models.
        case: the open case.
    """

    def __init__(self, bench: Workbench, case: CaseFile) -> None:
        self.bench = bench
        self.case = case

    # --- steps -------------------------------------------------------------------------------

    def add(self, path: Path) -> tuple[PhotoRow, bool]:
        """Take a photo in as evidence; see :meth:`app.case.evidence.Evidence.add`.

        The log says of a picture that Revisage made that it is generated.
        """
        return self.case.evidence.add(path, generated=is_own(path))

    def add_name(self, sha256: str, path: Path) -> None:
        """Keep in the log that bytes of the case lie under a further name, too.

        Raises:
            CaseError: see :meth:`app.case.evidence.Evidence.note_name`.
        """
        self.case.evidence.note_name(sha256, path.name, source=str(path.absolute()))

    def locate(self, photo: int, *, cancel: CancelToken | None = None) -> FacesRow:
        """Find the faces of a photo and keep them.

        Raises:
            CaseError, ModelError, Cancelled.
        """
        self.case.require_writable()
        faces = self.bench.locate(self.case.evidence.open(photo), cancel=cancel)
        self.case.maps.add_faces(
            photo, faces, source="automatic", models=self._models("locate", "align")
        )
        return self._faces(photo)

    def map(self, photo: int, *, cancel: CancelToken | None = None) -> MapRow:
        """Draw the automatic map of a photo's faces and keep it; an equal one is not kept again.

        Raises:
            CaseError, ModelError, Cancelled.
        """
        self.case.require_writable()
        faces = self.case.maps.faces(photo) or self.locate(photo, cancel=cancel)
        pixels = self.bench.map(
            self.case.evidence.open(photo), [face.face() for face in faces.faces], cancel=cancel
        )
        models = self._models("map") if faces.faces else ()
        return self._keep_map(photo, pixels, source="automatic", faces=faces, models=models)

    def import_map(self, photo: int, path: Path, *, cancel: CancelToken | None = None) -> MapRow:
        """Keep a map that was drawn elsewhere.

        Raises:
            MapError: the file is none, or of another size.
            CaseError, ModelError, Cancelled.
        """
        self.case.require_writable()
        pixels = self.bench.open_map(path, self.case.evidence.open(photo))
        faces = self.case.maps.faces(photo) or self.locate(photo, cancel=cancel)
        return self._keep_map(photo, pixels, source="file", faces=faces, models=())

    def _keep_map(
        self,
        photo: int,
        pixels: NDArray[np.bool_],
        *,
        source: MapSource,
        faces: FacesRow,
        models: Sequence[ModelRecord],
    ) -> MapRow:
        last = self.case.maps.of_photo(photo)
        if last is not None and last.edits == 0:
            kept = (last.map_sha256, last.source, last.faces, last.models)
            if kept == (hash_of_map(pixels), source, faces.id, tuple(models)):
                return last
        number = self.case.maps.add(photo, pixels, source=source, faces=faces.id, models=models)
        return self.case.maps.get(number)

    def run(
        self,
        photo: int,
        *,
        model: str,
        hypotheses: int = 1,
        seed: int = 0,
        progress: Report | None = None,
        cancel: CancelToken | None = None,
    ) -> RunRow:
        """Reconstruct a photo with its newest map, drawing one first where there is none.

        Args:
            photo: its number.
            model, hypotheses, seed, progress, cancel: see :meth:`Workbench.reconstruct`.

        Raises:
            NoMappedFace: there is nothing to reconstruct. This and every failure go into the log.
            CaseError, ModelError, Cancelled.
        """
        self.case.require_writable()
        row = self.case.maps.of_photo(photo) or self.map(photo, cancel=cancel)
        faces = self._faces(photo)
        try:
            outcome = self.bench.reconstruct(
                self.case.evidence.open(photo),
                [face.face() for face in faces.faces],
                self.case.maps.pixels(row.id, edits=row.edits),
                model=model,
                hypotheses=hypotheses,
                seed=seed,
                map_source=_source(row),
                progress=progress,
                cancel=cancel,
            )
        except (NoMappedFace, ModelError, Cancelled) as error:
            self.case.runs.add_failure(
                photo=photo, model=model, seed=seed, hypotheses=hypotheses, why=str(error)
            )
            raise
        return self.keep(photo, row, faces, outcome)

    # --- steps that were done outside, such as in a window ------------------------------------

    def keep_faces(self, photo: int, faces: Sequence[Face], *, source: MapSource) -> FacesRow:
        """Keep the faces that a photo has now; those it has already are not kept again.

        Args:
            photo: its number.
            faces: all of them.
            source: "automatic" when the locator of this workbench found them.

        Raises:
            CaseError, ModelError.
        """
        records = tuple(FaceRecord.of(face) for face in faces)
        last = self.case.maps.faces(photo)
        if last is not None and (last.faces, last.source) == (records, source):
            return last
        models = self._models("locate", "align") if source == "automatic" else ()
        self.case.maps.add_faces(photo, faces, source=source, models=models)
        return self._faces(photo)

    def keep_map(self, photo: int, pixels: NDArray[np.bool_], *, source: MapSource) -> MapRow:
        """Keep the map that a photo begins with now, for the faces that were kept last.

        Args:
            photo: its number.
            pixels: (H, W) bool.
            source: "automatic" when the models of this workbench drew it.

        Raises:
            CaseError, ModelError.
        """
        faces = self._faces(photo)
        models = self._models("map") if source == "automatic" and faces.faces else ()
        return self._keep_map(photo, pixels, source=source, faces=faces, models=models)

    def keep_outcome(self, photo: int, outcome: Outcome) -> RunRow:
        """Keep an outcome that was made from some state of a photo's newest map.

        A map that the photo never had, because it was found anew meanwhile, is kept as an edit that is
        made and taken back.

        Raises:
            CaseError: it was not kept.
        """
        row = self.case.maps.of_photo(photo)
        if row is None:
            raise CaseDamaged(f"Photo {photo} has a run but no map; restore the case from a copy.")
        pixels = outcome.map
        edits = self._edits_until(row, pixels)
        if edits is None:
            now = self.case.maps.pixels(row.id)
            edit = Edit.between(now, pixels, x=0, y=0)
            assert edit is not None  # equal maps have been found above
            edits = self.case.maps.add_edit(row.id, edit, tool=RECALLED)
            self.case.maps.add_edit(row.id, edit, tool=RECALLED)
        row = dataclasses.replace(row, edits=edits)
        return self.keep(photo, row, self._faces(photo), outcome)

    def _edits_until(self, row: MapRow, wanted: NDArray[np.bool_]) -> int | None:
        """How many edits of a map lead to these pixels: none at all, or as many as possible."""
        start = self.case.maps.pixels(row.id, edits=0)
        if np.array_equal(start, wanted):
            return 0
        edits = self.case.maps.edits(row.id)
        raster = BinaryMap.from_pixels(start)
        for each in edits:
            each.edit.apply(raster)
        for each in reversed(edits):
            if np.array_equal(raster.pixels, wanted):
                return each.number
            each.edit.apply(raster)
        return None

    def keep(self, photo: int, map: MapRow, faces: FacesRow, outcome: Outcome) -> RunRow:
        """Keep an outcome that was made from a photo and map of the case.

        Args:
            photo: its number.
            map: the map, with as many edits as the outcome was made with.
            faces: the faces it was made with.
            outcome: what came of it.

        Raises:
            CaseError: it was not kept.
        """
        # The record names the models that made these faces and this map, not those of today's zoo.
        helpers = tuple(dict.fromkeys((*faces.models, *map.models)))
        pictures = [
            Picture(role="composite", number=number, pixels=pixels, png=encode_png(pixels))
            for number, pixels in enumerate(outcome.composites, start=1)
        ]
        if outcome.uncertainty is not None:
            pixels: Pixels = outcome.uncertainty
            png = encode_png(pixels)
            pictures.append(Picture(role="uncertainty", number=0, pixels=pixels, png=png))
        number = self.case.runs.add(
            photo=photo,
            map=map.id,
            edits=map.edits,
            result=dataclasses.replace(outcome.result, helpers=helpers, map_source=_source(map)),
            setup=setup(outcome.result.provider),
            pictures=pictures,
        )
        return self.case.runs.get(number)

    def _faces(self, photo: int) -> FacesRow:
        faces = self.case.maps.faces(photo)
        if faces is None:
            raise CaseDamaged(
                f"Photo {photo} has a map but no faces; restore the case from a copy."
            )
        return faces

    def _models(self, *tasks: Task) -> tuple[ModelRecord, ...]:
        return tuple(model_record(self.bench.zoo.default(task)) for task in tasks)

    # --- report, review, package -------------------------------------------------------------

    def report(
        self, *, progress: Report | None = None, cancel: CancelToken | None = None
    ) -> CaseReport:
        """The report on the case as it is now; nothing is written.

        Args:
            progress: told how far it is.
            cancel: stops the work.

        Raises:
            CaseError, PhotoError: the case was changed or is damaged.
            Cancelled.
        """
        return make_report(self.case, self.bench.models, _stopping(progress, cancel))

    def export_report(
        self,
        folder: Path,
        *,
        formats: Sequence[str] = (REPORT, REPORT_JSON),
        force: bool = False,
        progress: Report | None = None,
        cancel: CancelToken | None = None,
    ) -> tuple[Path, ...]:
        """Write the report and keep in the log, where it can be written, what left.

        Args:
            folder: where to; must exist.
            formats: :data:`app.casereport.REPORT` and :data:`app.casereport.REPORT_JSON`, or one.
            force: replace earlier files.
            progress, cancel: see :meth:`report`.

        Raises:
            ExportError: a file was not written.
            CaseError, PhotoError, Cancelled.
        """
        made = self.report(progress=progress, cancel=cancel)
        return write_report(self.case, made, folder, formats=formats, force=force)

    def seal(
        self,
        path: Path,
        *,
        force: bool = False,
        progress: Report | None = None,
        cancel: CancelToken | None = None,
    ) -> Sealed:
        """Write a sealed package and keep its hash in the log, where that can be written.

        Args:
            path: the ZIP file.
            force: replace an existing one.
            progress, cancel: see :meth:`report`.

        Raises:
            CaseError: nothing was written.
            PhotoError, Cancelled.
        """
        return seal_case(self.case, self.bench.models, path, force, _stopping(progress, cancel))

    def review(self, verdict: Verdict, *, reviewer: str, text: str = "") -> ReviewState:
        """Record a second person's review; see :meth:`app.case.reviews.Reviews.add`."""
        self.case.reviews.add(verdict, reviewer=reviewer, text=text)
        return self.case.reviews.state()

    # --- reproduce ---------------------------------------------------------------------------

    def reproduce(
        self,
        run: int,
        *,
        progress: Report | None = None,
        cancel: CancelToken | None = None,
    ) -> Rerun:
        """Do a run again from nothing but its record; see :func:`app.rerun.reproduce`."""
        return reproduce(self.bench, self.case, run, progress=progress, cancel=cancel)


def _stopping(progress: Report | None, cancel: CancelToken | None) -> Report:
    """Progress that stops when it is told to."""

    def say(share: float, text: str) -> None:
        if cancel is not None:
            cancel.check()
        if progress is not None:
            progress(share, text)

    return say


def _source(row: MapRow) -> MapSource:
    if row.edits or row.source == "hand":
        return "hand"
    return "file" if row.source == "file" else "automatic"

"""What leaves through the workbench: outcomes in every export format, signed where signing is set up."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.export.deliver import Delivered, Progress, deliver
from app.export.deliver import planned as planned_names
from app.export.errors import ExportError
from app.export.exporter import CaseText, Exporter, Material, Run
from app.export.formats import exporter, exporters
from app.export.pictures import (
    Credentials,
    WrittenFile,
    composite_name,
    uncertainty_name,
    write_composite,
    write_map_png,
    write_uncertainty_png,
)
from app.export.provenance import write_provenance
from app.export.signing import Origin, Signing, available, find_signing, sign
from app.imaging.photo import Photo
from app.outcome import Outcome


class Exports:
    """The exports of a workbench; needs no model.

    Attributes:
        signing: the lab's certificate; None takes what the machine is set up with, if anything.
    """

    signing: Signing | None = None

    @property
    def formats(self) -> tuple[Exporter, ...]:
        """Every export format, in the order of lists."""
        return exporters()

    def material(
        self,
        outcomes: Sequence[Outcome] = (),
        *,
        photo: Photo | None = None,
        map: NDArray[np.bool_] | None = None,
        stem: str = "",
        names: Mapping[Outcome, str] | None = None,
        chosen: Mapping[Outcome, Sequence[int]] | None = None,
        reasons: Mapping[Outcome, str] | None = None,
        evidence: bytes | None = None,
        case: CaseText | None = None,
    ) -> Material:
        """What an export of one photo is made from.

        Args:
            outcomes: runs of one photo and map.
            photo: the photo; None takes that of the outcomes.
            map: (H, W) bool; None takes that of the outcomes.
            stem: of the file names; empty takes the photo's.
            names: of the models in file names; a run that is left out takes its model's name.
            chosen: hypotheses to export, counted from 1; a run that is left out exports all.
            reasons: why fewer than three are shown, where an examiner said so.
            evidence: the photo's bytes; None reads them from its file, if that still holds them.
            case: what to say of the case.

        Raises:
            ExportError: the outcomes belong to several photos or maps, or there is no photo at all.
        """
        photos = {each.photo.sha256: each.photo for each in outcomes}
        photo = photo or next(iter(photos.values()), None)
        if photo is None or set(photos) - {photo.sha256}:
            raise ExportError("An export is made of one photo; export each photo by itself.")
        if len({each.request.map_sha256 for each in outcomes}) > 1:
            raise ExportError(
                "An export shows one map, and these hypotheses were made with several; "
                "export each of them by itself."
            )
        if map is None and outcomes:
            map = outcomes[0].map
        name = photo.path.name if photo.path is not None else ""
        stem = stem or (photo.path.stem if photo.path is not None else "photo")
        return Material(
            photo=photo,
            map=map,
            runs=tuple(
                Run(
                    result=each.result,
                    composites=each.composites,
                    uncertainty=each.uncertainty,
                    name=(names or {}).get(each, each.card.name),
                    title=each.card.title,
                    chosen=tuple((chosen or {}).get(each, ())),
                    reason=(reasons or {}).get(each, ""),
                )
                for each in outcomes
            ),
            stem=stem,
            evidence=evidence if evidence is not None else _evidence_bytes(photo),
            name=name,
            case=case or CaseText(),
        )

    def planned(
        self,
        format: str,
        material: Material,
        folder: Path,
        *,
        options: Mapping[str, str] | None = None,
    ) -> tuple[Path, ...]:
        """The files that :meth:`export` would write.

        Raises:
            ExportError: there is no such format or option, or the material lacks what it needs.
        """
        names = planned_names(exporter(format), material, options)
        return tuple(folder / name for name in names)

    def export(
        self,
        format: str,
        material: Material,
        folder: Path,
        *,
        options: Mapping[str, str] | None = None,
        force: bool = False,
        progress: Progress | None = None,
    ) -> Delivered:
        """Export in one format.

        Args:
            format: name of one of :attr:`formats`.
            material: of :meth:`material`.
            folder: where to; must exist.
            options: by name; those left out take their first choice.
            force: replace earlier files. The photo itself is never replaced.
            progress: told the share done and the next file; may raise to stop between files.

        Raises:
            ExportError: a file was not written; those before it are complete.
        """
        return deliver(
            exporter(format),
            material,
            folder,
            options=options,
            signing=self._signing(),
            force=force,
            protected=_protected(material.photo),
            progress=progress,
        )

    def exportable(
        self, formats: Collection[str], material: Material, *, leave: Collection[str] = ()
    ) -> tuple[tuple[Exporter, ...], tuple[str, ...]]:
        """Those of some formats that this material suffices for, and a sentence for each other one.

        Args:
            formats: names of :attr:`formats`.
            material: of one run.
            leave: formats left out without a word, such as :attr:`of_the_photo` after the first run.
        """
        asked = [each for each in self.formats if each.name in formats and each.name not in leave]
        lacks = {each: each.lacks(material) for each in asked}
        return (
            tuple(each for each in asked if not lacks[each]),
            tuple(f"No {each.name}: {lack}" for each, lack in lacks.items() if lack),
        )

    @property
    def of_the_photo(self) -> tuple[str, ...]:
        """Formats that show the photo and its map and no run: one file, however many models."""
        return tuple(each.name for each in self.formats if each.needs == ("map",))

    def export_composite(
        self,
        outcome: Outcome,
        number: int,
        path: Path,
        *,
        border: bool = True,
        force: bool = False,
    ) -> WrittenFile:
        """Write one hypothesis as a PNG of the composite's depth.

        Args:
            outcome: the run.
            number: the hypothesis, counted from 1.
            path: the file to write; its folder must exist.
            border: show the label below the picture; the metadata carry it in any case.
            force: replace an earlier file. The photo itself is never replaced.

        Raises:
            ExportError: nothing was written.
        """
        sketch = outcome.card.output.kind == "sketch"
        return write_composite(
            path,
            outcome.composites[number - 1],
            result=outcome.result,
            hypothesis=number,
            border=border,
            # The profile describes colours, and a sketch has none.
            icc_profile=None if sketch else outcome.photo.icc_profile,
            credentials=self._credentials(outcome, number),
            force=force,
            protected=_protected(outcome.photo),
        )

    def export_all(
        self,
        outcome: Outcome,
        folder: Path,
        *,
        stem: str,
        name: str,
        border: bool = True,
        force: bool = False,
    ) -> tuple[WrittenFile, ...]:
        """Write every hypothesis of a run, and the uncertainty where there is one.

        Args:
            folder: where to; must exist.
            stem: of the file names, usually the photo's.
            name: of the model in the file names, as the user called it.
            outcome, border, force: as for :meth:`export_composite`.

        Raises:
            ExportError.
        """
        files = [
            self.export_composite(
                outcome,
                number,
                folder / composite_name(stem, name, number),
                border=border,
                force=force,
            )
            for number in range(1, len(outcome.composites) + 1)
        ]
        if outcome.uncertainty is not None:
            files.append(
                write_uncertainty_png(
                    folder / uncertainty_name(stem, name),
                    outcome.uncertainty,
                    result=outcome.result,
                    credentials=self._credentials(outcome),
                    force=force,
                    protected=_protected(outcome.photo),
                )
            )
        return tuple(files)

    def export_map(
        self, photo: Photo, map: NDArray[np.bool_], path: Path, *, force: bool = False
    ) -> WrittenFile:
        """Write a photo's map as an 8-bit PNG, 255 = mask; raises ExportError."""
        return write_map_png(path, map, force=force, protected=_protected(photo))

    def export_provenance(
        self,
        photo: Photo,
        path: Path,
        *,
        outcomes: Sequence[Outcome],
        files: Sequence[WrittenFile],
        notes: Sequence[str] = (),
        force: bool = False,
    ) -> None:
        """Write the record of everything that was made of one photo.

        Args:
            photo: the photo.
            path: the file to write.
            outcomes: the runs; none when nothing was reconstructed, and then `notes` say why.
            files: what was written.
            notes: sentences about the photo as a whole.
            force: replace an earlier file.

        Raises:
            ExportError.
        """
        write_provenance(
            path,
            photo_name=photo.path.name if photo.path else "",
            photo_sha256=photo.sha256,
            photo_size=(photo.width, photo.height),
            results=[outcome.result for outcome in outcomes],
            files=files,
            notes=notes,
            force=force,
            protected=_protected(photo),
        )

    @property
    def signing_note(self) -> str:
        """Why exports are not signed although signing is set up, one sentence; empty otherwise."""
        return available() if self._signing() is not None else ""

    def _signing(self) -> Signing | None:
        return self.signing if self.signing is not None else find_signing()

    def _credentials(self, outcome: Outcome, hypothesis: int = 0) -> Credentials | None:
        """Signs the plain pictures of an outcome; None where signing is not set up."""
        signing = self._signing()
        if signing is None:
            return None
        photo, now = outcome.photo, datetime.now(UTC)

        def add(content: bytes, title: str, label: str, source_type: str) -> bytes:
            origin = Origin(
                title=title,
                mime="image/png",
                source_type=source_type,
                label=label,
                time=now,
                photo_sha256=photo.sha256,
                photo_name=photo.path.name if photo.path is not None else "",
                photo_format=photo.format,
                evidence=_evidence_bytes(photo),
                result=outcome.result,
                hypothesis=hypothesis,
            )
            return sign(content, origin, signing).content

        return add


def _evidence_bytes(photo: Photo) -> bytes | None:
    """The photo's file, when it is still what was opened."""
    if photo.path is None:
        return None
    try:
        content = photo.path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == photo.sha256 else None


def _protected(photo: Photo) -> tuple[Path, ...]:
    """The files that no result may replace."""
    return (photo.path,) if photo.path is not None else ()

"""What leaves through the workbench: outcomes in every export format, signed where signing is set up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.export.deliver import Delivered, Progress, deliver
from app.export.deliver import planned as planned_names
from app.export.errors import ExportError
from app.export.exporter import CaseText, Exporter, Material, Run
from app.export.formats import exporter, exporters
from app.export.pictures import Credentials
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
            protected=(material.photo.path,) if material.photo.path is not None else (),
            progress=progress,
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

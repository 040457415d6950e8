"""What an export writes, under which names; planned in the window, written in a worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from app.export.errors import ExportError
from app.export.exporter import MEANT, Exporter, Material, Run
from app.export.pictures import WrittenFile
from app.export.provenance import provenance_name
from app.imaging.photo import Photo
from app.ui.jobs import Ticket
from app.ui.session import Hypothesis
from app.workbench import Outcome, Workbench

SHEETS = ("sheet-pdf", "sheet-png")
"""The formats that show photo and map beside every hypothesis; one of them is in every export."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A format that was chosen.

    Attributes:
        name: of the exporter.
        options: by name; those left out take their first choice.
    """

    name: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What an export left.

    Attributes:
        count: how many files were written.
        notes: sentences for the user.
    """

    count: int
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class ExportRequest:
    """What to write.

    Attributes:
        photo: the photo that all of it belongs to.
        hypotheses: in the order in which they were made.
        folder: where to.
        formats: in which formats.
        reason: why fewer than three hypotheses of a run are shown, as the user said.
        replace: the files that the user agreed to replace; no other one is.
    """

    photo: Photo
    hypotheses: tuple[Hypothesis, ...]
    folder: Path
    formats: tuple[Chosen, ...]
    reason: str = ""
    replace: frozenset[Path] = frozenset()

    @property
    def stem(self) -> str:
        """Of the file names."""
        return self.photo.path.stem if self.photo.path is not None else "photo"

    @cached_property
    def chosen(self) -> dict[Outcome, tuple[int, ...]]:
        """The hypotheses of every run that are exported, by their numbers."""
        numbers: dict[Outcome, tuple[int, ...]] = {}
        for each in self.hypotheses:
            numbers[each.outcome] = (*numbers.get(each.outcome, ()), each.number)
        return numbers

    @cached_property
    def names(self) -> dict[Outcome, str]:
        """What stands for each run in its file names: the model, and the seed where it is needed."""
        models = Counter(outcome.card.name for outcome in self.chosen)
        names: dict[Outcome, str] = {}
        for outcome in self.chosen:
            name = outcome.card.name
            if models[name] > 1:
                name = f"{name}.seed{outcome.request.seed}"
            while name in names.values():
                name += "-again"  # the same seed on another map
            names[outcome] = name
        return names

    @property
    def groups(self) -> dict[str, tuple[Outcome, ...]]:
        """The runs by the stem of their files: a file shows one map, so each map has its own stem."""
        maps: dict[str, list[Outcome]] = {}
        for outcome in self.chosen:
            maps.setdefault(outcome.request.map_sha256, []).append(outcome)
        return {
            self.stem if index == 0 else f"{self.stem}.map{index + 1}": tuple(outcomes)
            for index, outcomes in enumerate(maps.values())
        }

    def few(self) -> tuple[Outcome, ...]:
        """Runs of which fewer than three hypotheses are shown although the model can make more."""
        return tuple(
            outcome
            for outcome, numbers in self.chosen.items()
            if len(numbers) < MEANT and outcome.card.output.latent
        )

    def lacks(self, exporter: Exporter) -> str:
        """Why a format cannot be written at all, one sentence; empty when it can."""
        reasons = [exporter.lacks(self._planned(stem)) for stem in self.groups]
        return reasons[0] if reasons and all(reasons) else ""

    def paths(self, bench: Workbench) -> list[Path]:
        """Every file that will be written, the record last."""
        if not self.hypotheses:
            return []
        paths: list[Path] = []
        for stem, exporter in self.steps(bench):
            options = self.options_of(exporter)
            material = self._planned(stem)
            paths += bench.planned(exporter.name, material, self.folder, options=options)
        return [*paths, self.record_path]

    @property
    def record_path(self) -> Path:
        """Where the record goes."""
        return self.folder / provenance_name(self.stem)

    def steps(self, bench: Workbench) -> list[tuple[str, Exporter]]:
        """Stem and format of everything that can be written."""
        wanted = {each.name for each in self.formats}
        return [
            (stem, exporter)
            for stem in self.groups
            for exporter in bench.formats
            if exporter.name in wanted and not exporter.lacks(self._planned(stem))
        ]

    def options_of(self, exporter: Exporter) -> Mapping[str, str]:
        """What was chosen about a format that is among :attr:`formats`."""
        return next(each.options for each in self.formats if each.name == exporter.name)

    def reasons(self) -> dict[Outcome, str]:
        return dict.fromkeys(self.few(), self.reason) if self.reason else {}

    def _planned(self, stem: str) -> Material:
        """What names are made from: everything but the pixels of map and uncertainty."""
        shape = (self.photo.height, self.photo.width)
        nothing = np.broadcast_to(np.uint8(0), shape)
        return Material(
            photo=self.photo,
            map=np.broadcast_to(np.False_, shape),
            runs=tuple(
                Run(
                    result=outcome.result,
                    composites=outcome.composites,
                    uncertainty=None if outcome.uncertainty_part is None else nothing,
                    name=self.names[outcome],
                    title=outcome.card.title,
                    chosen=self.chosen[outcome],
                )
                for outcome in self.groups[stem]
            ),
            stem=stem,
            evidence=b"",
        )


def write_export(bench: Workbench, request: ExportRequest, ticket: Ticket) -> Exported:
    """Write everything.

    Raises:
        ExportError: one file could not be written; those before it are complete. Nothing was written
            if a file is in the way that the user has not agreed to replace.
        Cancelled.
    """
    paths = request.paths(bench)
    for path in paths:
        if path.exists() and path not in request.replace:
            raise ExportError(
                f"{path} exists by now and nothing was written; look at it, then export again."
            )
    files: list[WrittenFile] = []
    notes: list[str] = []

    def report(_share: float, name: str) -> None:
        ticket.check()
        ticket.progress(min(len(files) / len(paths), 1.0), name)

    for stem, outcomes in request.groups.items():
        material = bench.material(
            outcomes,
            photo=request.photo,
            stem=stem,
            names=request.names,
            chosen=request.chosen,
            reasons=request.reasons(),
        )
        for step, exporter in request.steps(bench):
            if step != stem:
                continue
            report(0, exporter.title)
            done = bench.export(
                exporter.name,
                material,
                request.folder,
                options=request.options_of(exporter),
                force=bool(request.replace),
                progress=report,
            )
            files += done.files
            notes += done.notes
    report(0, request.record_path.name)
    bench.export_provenance(
        request.photo,
        request.record_path,
        outcomes=list(request.chosen),
        files=files,
        notes=_counts(request),
        force=bool(request.replace),
    )
    return Exported(count=len(files) + 1, notes=tuple(dict.fromkeys(notes)))


def _counts(request: ExportRequest) -> list[str]:
    """How many of the hypotheses made were exported, and why few: what was left out must be seen."""
    notes = []
    few = request.few()
    for outcome, numbers in request.chosen.items():
        sentence = (
            f"{len(numbers)} of {outcome.result.made} hypotheses of {outcome.card.name} "
            f"(seed {outcome.request.seed}) were exported."
        )
        if outcome in few and request.reason:
            sentence += f" Reason given for fewer than {MEANT}: {request.reason}"
        notes.append(sentence)
    return notes

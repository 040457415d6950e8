"""What an export writes, under which names; runs in a worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.export.pictures import WrittenFile
from app.imaging.photo import Photo
from app.ui.jobs import Ticket
from app.ui.session import Hypothesis
from app.workbench import Outcome, Workbench


@dataclass(frozen=True, eq=False)
class ExportRequest:
    """What to write.

    Attributes:
        photo: the photo that all of it belongs to.
        hypotheses: in the order in which they were made.
        folder: where to.
        map: (H, W) bool to write too, or None.
        uncertainty: whether to write where the hypotheses of a run differ.
        replace: whether files already there may be replaced.
    """

    photo: Photo
    hypotheses: tuple[Hypothesis, ...]
    folder: Path
    map: NDArray[np.bool_] | None
    uncertainty: bool
    replace: bool = False

    @property
    def stem(self) -> str:
        """Of the file names."""
        return self.photo.path.stem if self.photo.path is not None else "photo"

    def outcomes(self) -> list[Outcome]:
        """The runs that the hypotheses belong to."""
        return list(dict.fromkeys(each.outcome for each in self.hypotheses))

    def names(self) -> dict[Outcome, str]:
        """What stands for each run in its file names: the model, and the seed where it is needed."""
        models = Counter(outcome.card.name for outcome in self.outcomes())
        names: dict[Outcome, str] = {}
        for outcome in self.outcomes():
            name = outcome.card.name
            if models[name] > 1:
                name = f"{name}.seed{outcome.request.seed}"
            while name in names.values():
                name += "-again"  # the same seed on another map
            names[outcome] = name
        return names

    def picture_path(self, hypothesis: Hypothesis) -> Path:
        """Where a hypothesis goes."""
        name = self.names()[hypothesis.outcome]
        return self.folder / f"{self.stem}.{name}.h{hypothesis.number}.png"

    def whole(self, outcome: Outcome) -> bool:
        """Whether all of a run is written, and with it where its hypotheses differ."""
        chosen = sum(each.outcome is outcome for each in self.hypotheses)
        return (
            self.uncertainty
            and outcome.uncertainty is not None
            and chosen == len(outcome.composites)
        )

    @property
    def map_path(self) -> Path:
        """Where the map goes."""
        return self.folder / f"{self.stem}.map.png"

    @property
    def record_path(self) -> Path:
        """Where the record goes."""
        return self.folder / f"{self.stem}.provenance.json"

    def paths(self) -> list[Path]:
        """Every file that will be written."""
        paths = [self.picture_path(each) for each in self.hypotheses]
        paths += [
            self.folder / f"{self.stem}.{name}.uncertainty.png"
            for outcome, name in self.names().items()
            if self.whole(outcome)
        ]
        if self.map is not None:
            paths.append(self.map_path)
        return [*paths, self.record_path]


def write_export(bench: Workbench, request: ExportRequest, ticket: Ticket) -> int:
    """Write everything.

    Returns:
        How many files were written.

    Raises:
        ExportError: one file could not be written; those before it are complete.
        Cancelled.
    """
    files: list[WrittenFile] = []
    total = len(request.paths())
    names = request.names()

    def step(path: Path) -> None:
        ticket.check()
        ticket.progress(len(files) / total, path.name)

    for outcome in request.outcomes():
        if request.whole(outcome):
            step(request.folder / names[outcome])
            files += bench.export_all(
                outcome,
                request.folder,
                stem=request.stem,
                name=names[outcome],
                force=request.replace,
            )
            continue
        for hypothesis in request.hypotheses:
            if hypothesis.outcome is outcome:
                path = request.picture_path(hypothesis)
                step(path)
                files.append(
                    bench.export_composite(
                        outcome, hypothesis.number, path, force=request.replace
                    )
                )
    if request.map is not None:
        step(request.map_path)
        files.append(
            bench.export_map(request.photo, request.map, request.map_path, force=request.replace)
        )
    step(request.record_path)
    bench.export_provenance(
        request.photo,
        request.record_path,
        outcomes=request.outcomes(),
        files=files,
        notes=_notes(request.hypotheses),
        force=request.replace,
    )
    return total


def _notes(hypotheses: Sequence[Hypothesis]) -> list[str]:
    """How many of the hypotheses made were exported: leaving some out must be seen later."""
    made = {each.outcome: each.of for each in hypotheses}
    shown = Counter(each.outcome for each in hypotheses)
    return [
        f"{shown[outcome]} of {count} hypotheses of {outcome.card.name} "
        f"(seed {outcome.request.seed}) were exported."
        for outcome, count in made.items()
    ]

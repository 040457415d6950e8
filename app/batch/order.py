"""What a batch is to do, fixed before it begins, and the plain records of single photos."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app import __version__
from app.case.records import canonical_json
from app.export.pictures import composite_name, map_name, uncertainty_name
from app.export.provenance import provenance_name
from app.imaging.errors import RevisageError
from app.inference.card import Task as Stage
from app.inference.devices import DeviceName
from app.workbench import Workbench, model_record

STAGES: tuple[Stage, ...] = ("locate", "align", "map")
"""What every photo goes through before a model reconstructs it."""

FORMAT_ENDING = r"(h[0-9]+|sheet|uncertainty(-[a-z]+)?)(\.[a-z]+[0-9]*)+"
"""What follows stem and model in the file names of every export format."""


class BatchError(RevisageError):
    """A batch cannot go on, or cannot begin."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """Everything that decides the results of a batch; the photos' bytes aside.

    Attributes:
        models: the models' names or kinds, as the user gave them; they name the files.
        hypotheses: how many to make with each model that can make several.
        seed: chooses the hypotheses.
        border: show the label below each composite.
        device: where to run the models.
        formats: export formats to write instead of the usual pictures, each with its options.
        certificate_sha256: of the certificate that was given to sign with; "" leaves signing to what
            each machine is set up with.
    """

    models: tuple[str, ...]
    hypotheses: int = 1
    seed: int = 0
    border: bool = True
    device: DeviceName = "auto"
    formats: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    certificate_sha256: str = ""

    def request(self, bench: Workbench) -> str:
        """SHA-256 of the order with the SHA-256 of every model it uses: equal requests have equal
        results of equal photos.

        Raises:
            ModelError: a model is not installed.
        """
        used = [bench.zoo.default(stage) for stage in STAGES]
        used += [bench.zoo.get(name) for name in self.models]
        # What an order does not ask for leaves its hash as it was before there was such a choice.
        asked = {key: value for key, value in asdict(self).items() if value not in ({}, "")}
        document = asked | {
            "app_version": __version__,
            "model_records": [asdict(model_record(model)) for model in used],
        }
        return hashlib.sha256(canonical_json(document).encode()).hexdigest()

    def load(self, bench: Workbench) -> None:
        """Make every model ready, so that a broken one shows before any work; raises ModelError."""
        bench.load(*STAGES)
        for name in self.models:
            bench.session("reconstruct", name).load()

    def names(self, stem: str) -> list[str]:
        """Every file name that the usual pictures of a photo may have, the provenance first."""
        names = [provenance_name(stem)]
        for model in self.models:
            names += [composite_name(stem, model, k) for k in range(1, self.hypotheses + 1)]
            names.append(uncertainty_name(stem, model))
        return names

    def naming(self) -> str:
        """What decides the names of its results, as JSON; see :meth:`named`."""
        return json.dumps([self.models, self.hypotheses, sorted(self.formats)])

    @classmethod
    def named(cls, naming: str) -> Order:
        """An order that gives its results the same names as the one whose naming this is."""
        models, hypotheses, formats = json.loads(naming)
        return cls(
            models=tuple(models), hypotheses=hypotheses, formats={name: {} for name in formats}
        )

    def may_write(self, stem: str, name: str) -> bool:
        """Whether results of a photo may have this name. How many faces and pages there will be is not
        known before the work, so of formats this is a pattern."""
        if not self.formats:
            return name in self.names(stem)
        if name in (provenance_name(stem), map_name(stem)):
            return True
        models = "|".join(map(re.escape, self.models))
        pattern = rf"{re.escape(stem)}\.({models})\.{FORMAT_ENDING}"
        return re.fullmatch(pattern, name, re.IGNORECASE) is not None


@dataclass(frozen=True, kw_only=True)
class Task:
    """One photo to work on.

    Attributes:
        id: its row in the journal.
        source: the photo.
        folder: where its results go; made when needed.
        stem: of the results' names.
        known: the SHA-256 for which the results are there already; "" when they must be made.
        earlier: names of the results that its record speaks of; those that this work does not
            replace stay, and so does their record.
    """

    id: int
    source: Path
    folder: Path
    stem: str
    known: str = ""
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of a photo that worked; plain values that travel between machines.

    Attributes:
        id: of the task.
        sha256: of the photo's bytes.
        status: ``reconstructed``, a sentence's rest such as ``no mask was found``, or
            ``unchanged`` when the file was only touched.
        files: the results' names.
        details: for the report: width, height, faces, mask_pixels, seconds, provider, notes.
    """

    id: int
    sha256: str
    status: str
    files: tuple[str, ...]
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Failed:
    """What went wrong with a photo.

    Attributes:
        id: of the task.
        error: one sentence that names the photo.
        files: names of results that were written before it.
    """

    id: int
    error: str
    files: tuple[str, ...] = ()


UNCHANGED = "unchanged"
"""Status of a photo whose bytes are those that the results were made of."""
RECONSTRUCTED = "reconstructed"

Result = Done | Failed

"""The one interface of everything that is exported: what a format gets, and what it must give.

A format is a subclass of :class:`Exporter` in a file of its own in ``app/export/formats``; the package's
text says how to write one and how to use one. A format only draws: names, label, metadata, credentials
and the file itself are checked and written in one place, :func:`app.export.deliver.deliver`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from app.case.records import FaceRecord, ReconstructionResult
from app.export.pictures import Role
from app.imaging.photo import Photo

Pixels = NDArray[np.unsignedinteger[Any]]

Need = Literal["map", "run", "uncertainty"]
"""What a format cannot do without."""

MEANT = 3
"""Fewer hypotheses than this need a reason that is shown beside them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """One run and its pictures.

    Attributes:
        result: the record, the request within.
        composites: one per hypothesis made: the photo's shape and dtype, or (H, W) for a sketch.
        uncertainty: (H, W) uint8, or None when one hypothesis was made.
        name: of the model in file names, as the user called it.
        title: of the model, for readers.
        chosen: the numbers of the hypotheses to export, counted from 1; empty means all.
        reason: why fewer than three hypotheses are shown, one sentence; empty takes what is known.
    """

    result: ReconstructionResult
    composites: Sequence[Pixels]
    uncertainty: NDArray[np.uint8] | None
    name: str
    title: str = ""
    chosen: tuple[int, ...] = ()
    reason: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The hypotheses to export, in order, each once.

        Raises:
            ValueError: one of them was not made.
        """
        numbers = tuple(sorted(set(self.chosen))) or tuple(range(1, len(self.composites) + 1))
        if numbers and not 1 <= numbers[0] <= numbers[-1] <= len(self.composites):
            raise ValueError(f"hypotheses {numbers} of {len(self.composites)}")
        return numbers

    @property
    def sketch(self) -> bool:
        """Whether the model drew sketches."""
        return self.result.request.model.kind == "sketch"

    @property
    def faces(self) -> tuple[FaceRecord, ...]:
        """The faces that were reconstructed."""
        return self.result.request.faces

    @property
    def counted(self) -> str:
        """How many hypotheses were made and are shown, and why they are few; for people."""
        made, shown = self.result.made, len(self.numbers)
        sentence = f"{made} {'hypothesis' if made == 1 else 'hypotheses'} made, {shown} shown."
        if shown >= MEANT:
            return sentence
        why = self.reason or " ".join(self.result.notes)
        asked = self.result.request.hypotheses
        if not why and shown < made:
            why = "The others were left out by the examiner's choice."
        elif not why and asked < MEANT:
            why = f"Only {asked} {'was' if asked == 1 else 'were'} asked for."
        return f"{sentence} {why}".strip()


@dataclass(frozen=True, kw_only=True)
class CaseText:
    """What an export says of the case it comes from; all of it may be empty.

    Attributes:
        title, number: of the case.
        examiner: who exports.
        organisation: the lab.
    """

    title: str = ""
    number: str = ""
    examiner: str = ""
    organisation: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """Everything that an export of one photo is made from; nothing else reaches a format.

    Attributes:
        photo: the photo.
        map: (H, W) bool, or None when there is none.
        runs: the runs to export, made from this photo and map.
        stem: of the file names, usually the photo's.
        evidence: the photo's file, byte for byte; None when it is not at hand. Gives camera data and
            is named by its hash in the credentials.
        name: the photo's file name, for readers.
        case: what is known of the case.
        time: of the export, in UTC; the same for every file of it.
    """

    photo: Photo
    map: NDArray[np.bool_] | None = None
    runs: tuple[Run, ...] = ()
    stem: str = "photo"
    evidence: bytes | None = field(default=None, repr=False)
    name: str = ""
    case: CaseText = CaseText()
    time: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of an option.

    Attributes:
        value: as given on the command line.
        title: as shown in the window.
    """

    value: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something that a user may choose about a format.

    Attributes:
        name: as given on the command line.
        title: as shown in the window.
        choices: the values; the first one is taken when nothing is said.
    """

    name: str
    title: str
    choices: tuple[Choice, ...]

    @property
    def default(self) -> str:
        """The value taken when nothing is said."""
        return self.choices[0].value


@dataclass(frozen=True, kw_only=True, eq=False)
class Item:
    """One file that a format will write.

    Attributes:
        file_name: without folder.
        run: it is made from; None for a file of the photo as a whole.
        hypothesis: counted from 1; 0 where the file stands for all or none.
        face: index into the run's faces.
        page: counted from 1, where one file is one page of several.
    """

    file_name: str
    run: Run | None = None
    hypothesis: int = 0
    face: int = 0
    page: int = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """What a format made of an item: a finished file, before credentials are added.

    Attributes:
        content: the file's bytes.
        role: what it shows.
        label: the sentence that it carries visibly and in its metadata; empty for a map only.
        source_type: the IPTC digital source type in its XMP; empty for a map only.
    """

    content: bytes
    role: Role
    label: str = ""
    source_type: str = ""


class Exporter(ABC):
    """One format.

    Attributes:
        name: as given on the command line: ``what-suffix`` such as ``sketch-pdf``.
        title: as shown in the window, in sentence case.
        suffix: of its files, with the dot.
        mime: media type of its files.
        needs: what it cannot do without.
        lossless: whether its pictures hold the composite's pixels exactly.
        options: what can be chosen.
        order: where it stands in lists; smaller comes first.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    suffix: ClassVar[str]
    mime: ClassVar[str]
    needs: ClassVar[tuple[Need, ...]] = ("run",)
    lossless: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = ()
    order: ClassVar[int] = 100

    def lacks(self, material: Material) -> str:
        """Why this material cannot be exported in this format, one sentence; empty when it can."""
        if "map" in self.needs and material.map is None:
            return "There is no map yet; draw one first."
        if {"run", "uncertainty"} & set(self.needs) and not material.runs:
            return "There is no hypothesis yet; reconstruct first."
        if "uncertainty" in self.needs and all(run.uncertainty is None for run in material.runs):
            return "There is no uncertainty, because one hypothesis was made; make several."
        return ""

    @abstractmethod
    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """The files that will be written, in order.

        Args:
            material: that does not lack anything.
            options: a value for every one of :attr:`options`.
        """

    @abstractmethod
    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """Make one file's bytes, label and metadata included.

        Args:
            material, options: as for :meth:`items`.
            item: one of :meth:`items`.

        Raises:
            ExportError: the format cannot hold this picture; the sentence says what to do.
        """


def each_hypothesis(material: Material, ending: str) -> list[Item]:
    """One file per chosen hypothesis: ``<stem>.<model>.h<k><ending>``, the ending with its dot."""
    return [
        Item(file_name=f"{material.stem}.{run.name}.h{number}{ending}", run=run, hypothesis=number)
        for run in material.runs
        for number in run.numbers
    ]


def each_face(material: Material, ending: str) -> list[Item]:
    """One file per chosen hypothesis and face: ``<stem>.<model>.h<k>[.face<n>]<ending>``."""
    items: list[Item] = []
    for run in material.runs:
        for number in run.numbers:
            for face in range(len(run.faces)):
                part = f".face{face + 1}" if len(run.faces) > 1 else ""
                items.append(
                    Item(
                        file_name=f"{material.stem}.{run.name}.h{number}{part}{ending}",
                        run=run,
                        hypothesis=number,
                        face=face,
                    )
                )
    return items


def each_run(material: Material, ending: str) -> list[Item]:
    """One file per run: ``<stem>.<model><ending>``."""
    return [Item(file_name=f"{material.stem}.{run.name}{ending}", run=run) for run in material.runs]

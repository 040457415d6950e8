"""What one kind of training must say about itself: recipe, task, exported network, and card.

Each module in :mod:`training.tasks` holds one :class:`System`; the table of them is in
``training/tasks/__init__.py``. The command line, the export and the cards ask the table and know none of
them by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

import torch
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor, nn
from torch.export import Dim

from app.inference.card import Kind, OutputKind
from app.inference.card import Task as Stage
from training.task import Task

# What the numbers of a recipe may be.
Natural = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
Widths = Annotated[tuple[Count, ...], Field(min_length=2)]
Rate = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]


NARROW = "_narrow"
"""What the names of recipes end in that were read with ``--narrow``."""


class Recipe(BaseModel):
    """What every recipe has.

    Attributes:
        task: says which recipe it is.
        name: of the recipe, and of its run unless another is asked for.
        size: side of the input in pixels.
        batch: pictures per step.
        steps: length of the run.
        seed: seed of data order and weights.
        least_size: the smallest size that the network can take, and why.
    """

    least_size: ClassVar[tuple[int, str]] = (1, "")

    # TOML knows inf and nan; no field of a recipe means anything with them.
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    task: str
    name: str
    size: Count
    batch: Count
    steps: Count
    seed: Natural = 1

    @property
    def halvings(self) -> int:
        """How often the network halves its input: the size must be a multiple of 2 to this power."""
        return 0

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        step, (least, reason) = 2**self.halvings, self.least_size
        if self.size < step or self.size % step:
            raise ValueError(f"has the size {self.size}, which is not a multiple of {step}")
        if self.size < least:
            raise ValueError(f"has the size {self.size}; {reason} wants {least} at least")
        return self


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where a task is trained.

    Attributes:
        packs: folder of the packs.
        data: the data folder (perceptual networks, real photos).
        runs: folder of the runs; ``warm_start`` is relative to it.
        device: where the network lives.
    """

    packs: Path
    data: Path
    runs: Path
    device: torch.device


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A network with what its ONNX form is called and made of.

    Attributes:
        module: gives the tensors of the application's contract.
        inputs: example inputs, in order.
        names: their names.
        outputs: the outputs' names.
        dynamic: for every input, which dimensions vary and what they are called.
    """

    module: nn.Module
    inputs: tuple[Tensor, ...]
    names: Sequence[str]
    outputs: Sequence[str]
    dynamic: Sequence[dict[int, Dim]]


def batch_dimension() -> Dim:
    """The free batch size of an exported network."""
    return Dim("batch", min=1, max=64)


NOT_FOR = (
    "Identifying, recognising or excluding a person: what is under the mask is guessed, not seen.",
    "A claim about what the person looks like; it is one hypothesis among many.",
)
GROUPS = (
    "LFW is mostly white, male and middle-aged. Sex and age band were not evaluated, skin tone and pose "
    "only where figures by group are given."
)


@dataclass(frozen=True, kw_only=True)
class Text:
    """The words of one card."""

    title: str
    summary: str
    intended_use: str
    limits: tuple[str, ...]
    not_for: tuple[str, ...] = NOT_FOR


R = TypeVar("R", bound=Recipe)


class Training(ABC, Generic[R]):
    """One kind of training.

    Attributes:
        recipe: the class of its recipes.
    """

    recipe: type[R]

    @abstractmethod
    def task(self, recipe: R, setting: Setting) -> Task:
        """Model, data and step of a run."""


class System(Training[R]):
    """One kind of training whose runs become models of the application.

    Attributes:
        stage: what its models do in the application.
        default: whether its models are what the application takes unless told otherwise.
    """

    stage: ClassVar[Stage]
    default: ClassVar[bool] = True

    @abstractmethod
    def graph(self, recipe: R, weights: dict[str, Tensor], *, sketch: bool, latent: bool) -> Graph:
        """The exportable network.

        Args:
            recipe: of the run.
            weights: averaged weights.
            sketch: the sketch instead of RGB, of a network that draws both.
            latent: keep the latent input, if there is one; without it the network answers for
                latent zero.
        """

    @abstractmethod
    def text(self, recipe: R, kind: Kind | None) -> Text:
        """The words of the card."""

    @abstractmethod
    def input(self, recipe: R) -> dict[str, Any]:
        """The fields of the card's ``[input]`` table."""

    @abstractmethod
    def output(self, kind: Kind | None) -> OutputKind:
        """What the output tensor means."""

    def kinds(self, recipe: R) -> tuple[Kind, ...]:  # noqa: ARG002
        """The kinds of reconstruction that a run can be exported as; none for the other stages."""
        return ()

    def latent(self, recipe: R) -> int:  # noqa: ARG002 (most have none)
        """Number of latent values that a run was trained to answer to differently."""
        return 0

    def exported(
        self,
        recipe: R,  # noqa: ARG002
        weights: dict[str, Tensor],
        runs: Path,  # noqa: ARG002
        *,
        sketch: bool = False,  # noqa: ARG002
    ) -> dict[str, Tensor]:
        """The weights of the exported model: those of the run, unless the recipe says otherwise.

        Args:
            recipe: of the run.
            weights: of the run, averaged over its steps.
            runs: the folder of the runs.
            sketch: whether the exported model draws sketches.
        """
        return weights

    def data(self, recipe: R) -> str:  # noqa: ARG002
        """What the card says about the data that the recipe asks for beside the faces."""
        return ""

    def ends_in(self, recipe: R, kind: Kind | None) -> str:  # noqa: ARG002
        """The weights, in the folder of runs, of another run's network that exported models end in."""
        return ""

    def output_details(self, recipe: R, kind: Kind | None) -> dict[str, Any]:  # noqa: ARG002
        """Further fields of :class:`app.inference.card.OutputCard`."""
        return {}

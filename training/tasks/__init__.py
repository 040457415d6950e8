"""One file per kind of training; each follows :class:`training.system.System`."""

from __future__ import annotations

import operator
from difflib import get_close_matches
from functools import reduce
from pathlib import Path
from typing import Annotated, Any, get_args

import torch
from pydantic import Field, TypeAdapter, ValidationError

from training.system import NARROW, Setting, System, Training
from training.system import Recipe as Recipe
from training.task import Task
from training.tasks.align import AlignSystem
from training.tasks.autoencoder import AutoencoderSystem
from training.tasks.editing_module import EditingModuleSystem
from training.tasks.efficientdet import EfficientDetSystem
from training.tasks.gated import GatedSystem
from training.tasks.landmarks import LandmarksTraining
from training.tasks.locate import LocateSystem
from training.tasks.map import MapSystem
from training.tasks.map_module import MapModuleSystem
from training.tasks.pix2pix import Pix2PixSystem
from training.tasks.reconstruct import ReconstructSystem
from training.tasks.super_resolution import SuperResolutionTraining
from training.tasks.unet import UNetSystem

SYSTEMS: tuple[System[Any], ...] = (
    AlignSystem(),
    LocateSystem(),
    MapSystem(),
    ReconstructSystem(),
    # The published systems (the models to compare with).
    AutoencoderSystem(),
    UNetSystem(),
    Pix2PixSystem(),
    MapModuleSystem(),
    EditingModuleSystem(),
    GatedSystem(),
    EfficientDetSystem(),
)
"""Every kind of training whose runs become models; a new one is added here and nowhere else."""

INSTRUMENTS: tuple[Training[Any], ...] = (LandmarksTraining(), SuperResolutionTraining())
"""Those whose runs other runs learn from."""

_OF_RECIPE = {training.recipe: training for training in (*SYSTEMS, *INSTRUMENTS)}

_ANY: Any = reduce(operator.or_, _OF_RECIPE)
_RECIPE: TypeAdapter[Recipe] = TypeAdapter(Annotated[_ANY, Field(discriminator="task")])

_FIELDS: dict[str, tuple[str, ...]] = {
    name: tuple(recipe.model_fields)
    for recipe in _OF_RECIPE
    for name in get_args(recipe.model_fields["task"].annotation)
}
"""The fields of every task's recipe."""


def read_recipe(
    values: dict[str, Any], *, narrow: bool = False, steps: int | None = None
) -> Recipe:
    """Check a recipe's values; ``task`` says which recipe it is.

    Args:
        values: of the recipe's fields, and perhaps a table ``narrow`` with other values for some.
        narrow: take them: a network small enough for a few CPU cores. The name says so too.
        steps: another number of steps than the recipe's.

    Raises:
        ValueError: there is no such table.
        pydantic.ValidationError: a value is wrong, see :func:`recipe_problem`.
    """
    fields = {name: value for name, value in values.items() if name != "narrow"}
    if narrow:
        if not isinstance(values.get("narrow"), dict):
            raise ValueError(f"The recipe {values.get('name')} has no table narrow.")
        fields |= {"name": f"{values.get('name')}{NARROW}"} | values["narrow"]
    if steps is not None:
        fields["steps"] = steps
    return _RECIPE.validate_python(fields)


def system_of(recipe: Recipe) -> System[Any]:
    """The system that a recipe belongs to.

    Raises:
        ValueError: its runs do not become models of the application.
    """
    training = _OF_RECIPE[type(recipe)]
    if not isinstance(training, System):
        raise ValueError(
            f"Runs of the recipe {recipe.name} serve other runs and are no models of the application; "
            "name a run of another recipe."
        )
    return training


def recipe_problem(error: ValidationError) -> str:
    """What is wrong with a recipe, as the rest of a sentence that begins with its file.

    The field is named, and for a misspelt one the nearest that there is.
    """
    problems = error.errors()
    first = problems[0]
    task, *place = first["loc"] or ("",)
    field = ".".join(str(part) for part in place)
    if first["type"] == "union_tag_not_found":
        text = "has no field task"
    elif first["type"] == "union_tag_invalid":
        text = f"has the unknown task {first['ctx']['tag']!r}; there are {', '.join(_FIELDS)}"
    elif first["type"] == "missing":
        text = f"has no field {field}"
    elif first["type"] == "extra_forbidden":
        near = get_close_matches(field, _FIELDS[str(task)], n=1)
        text = f"has the unknown field {field}" + (f" (did you mean {near[0]}?)" if near else "")
    elif first["type"] == "value_error" and not field:
        text = str(first["ctx"]["error"])
    else:
        reason = f"{first['msg'][:1].lower()}{first['msg'][1:]}"
        text = f"has a wrong value in the field {field} ({reason})"
    return text if len(problems) == 1 else f"{text} (and {len(problems) - 1} more)"


def make_task(recipe: Recipe, *, packs: Path, data: Path, runs: Path, device: torch.device) -> Task:
    """The task a recipe asks for; see :class:`training.system.Setting` for the arguments."""
    setting = Setting(packs=packs, data=data, runs=runs, device=device)
    return _OF_RECIPE[type(recipe)].task(recipe, setting)

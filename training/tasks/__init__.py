"""One file per kind of training; each follows :class:`training.engine.Task`."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_args

import torch
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from training.engine import Task
from training.tasks.align import AlignRecipe, AlignTask
from training.tasks.locate import LocateRecipe, LocateTask
from training.tasks.map import MapRecipe, MapTask
from training.tasks.reconstruct import ReconstructRecipe, ReconstructTask

Recipe = AlignRecipe | LocateRecipe | MapRecipe | ReconstructRecipe

_RECIPE: TypeAdapter[Recipe] = TypeAdapter(Annotated[Recipe, Field(discriminator="task")])


def read_recipe(values: dict[str, Any]) -> Recipe:
    """Check a recipe's values; ``task`` says which recipe it is. Raises pydantic.ValidationError."""
    return _RECIPE.validate_python(values)


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
    return text if len(problems) == 1 else f"{text} (and {len(problems) - 1} more problems)"


def _fields() -> dict[str, tuple[str, ...]]:
    recipes: tuple[type[BaseModel], ...] = get_args(Recipe)
    return {
        get_args(recipe.model_fields["task"].annotation)[0]: tuple(recipe.model_fields)
        for recipe in recipes
    }


_FIELDS = _fields()
"""The fields of every task's recipe."""


def make_task(recipe: Recipe, *, packs: Path, data: Path, runs: Path, device: torch.device) -> Task:
    """The task a recipe asks for.

    Args:
        recipe: a checked recipe.
        packs: folder of the packs.
        data: the data folder (perceptual networks, real photos).
        runs: folder of the runs; ``warm_start`` is relative to it.
        device: where to train.
    """
    match recipe:
        case AlignRecipe():
            return AlignTask(recipe, packs=packs, runs=runs, device=device)
        case LocateRecipe():
            return LocateTask(recipe, packs=packs, data=data, runs=runs, device=device)
        case MapRecipe():
            return MapTask(recipe, packs=packs, runs=runs, device=device)
        case ReconstructRecipe():
            return ReconstructTask(recipe, packs=packs, data=data, runs=runs, device=device)

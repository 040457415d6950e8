"""One file per kind of training; each follows :class:`training.engine.Task`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import torch
from pydantic import Field, TypeAdapter

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
            return AlignTask(recipe, packs=packs, data=data, runs=runs, device=device)
        case LocateRecipe():
            return LocateTask(recipe, packs=packs, data=data, runs=runs, device=device)
        case MapRecipe():
            return MapTask(recipe, packs=packs, data=data, runs=runs, device=device)
        case ReconstructRecipe():
            return ReconstructTask(recipe, packs=packs, data=data, runs=runs, device=device)

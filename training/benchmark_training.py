"""Trains the systems of the benchmark under one budget and makes models of them."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch

from app.inference.zoo import Model, Zoo
from training.benchmark_systems import Entry
from training.data.faces import open_pack
from training.data.side_files import read_json, replace_text
from training.engine import take_step, train
from training.export import export_run
from training.interval import write_fitted
from training.recipe_files import checked_recipe, read_values
from training.run_description import DESCRIPTION, difference, other_data, read_description
from training.system import Recipe
from training.task import Task
from training.tasks import make_task

TIMED_STEPS = 8
"""Steps that the length of a run is told from where the budget is given in minutes."""

FINISHED = "finished.json"
"""What a run that reached its last step is marked with."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How much training every system gets.

    Attributes:
        images: pictures that it sees, over all of its stages; 0 where minutes are given.
        minutes: time on this machine, over all of its stages; 0 where images are given.
        narrow: the recipes' variants for a few CPU cores, where they have one.
    """

    images: int = 0
    minutes: float = 0.0
    narrow: bool = False

    @property
    def label(self) -> str:
        """Name of the folder of everything that was made under this budget."""
        amount = f"images-{self.images}" if self.images else f"minutes-{self.minutes:g}"
        return f"{amount}-narrow" if self.narrow else amount

    @classmethod
    def labelled(cls, label: str) -> Self | None:
        """The budget of a folder's name; None where the name is no :attr:`label`."""
        parts = re.fullmatch(r"(images|minutes)-([0-9.e+]+)(-narrow)?", label)
        if parts is None:
            return None
        unit, amount, narrow = parts.groups()
        try:
            budget = (
                cls(images=int(amount), narrow=bool(narrow))
                if unit == "images"
                else cls(minutes=float(amount), narrow=bool(narrow))
            )
        except ValueError:
            return None
        return budget if budget.label == label else None

    @property
    def in_words(self) -> str:
        """For a reader."""
        amount = f"{self.images:,} images" if self.images else f"{self.minutes:g} minutes"
        return f"{amount}, {'narrow' if self.narrow else 'full-size'} recipes"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and on what a benchmark runs.

    Attributes:
        data, packs: the data folder and the folder of the packs.
        folder: of everything made under one budget: runs, models, results.
        recipes: folder of the recipes.
        device: where networks are trained.
        workers: processes that prepare batches.
    """

    data: Path
    packs: Path
    folder: Path
    recipes: Path
    device: torch.device
    workers: int = 1


def recipe_file(place: Place, name: str) -> Path:
    """The file of a recipe."""
    return place.recipes / f"{name}.toml"


def read_stage(place: Place, name: str, budget: Budget, previous: Path | None) -> dict[str, Any]:
    """The values of one recipe, narrow where it can be, started from the stage before."""
    values = read_values(recipe_file(place, name))
    if previous is not None:
        values["warm_start"] = str(previous.relative_to(place.folder) / "weights.pt")
    if not budget.narrow:
        values.pop("narrow", None)
    return values


def train_entry(entry: Entry, place: Place, budget: Budget) -> Path | None:
    """Train a system, or go on with it, until its budget is spent.

    Returns:
        The folder of its last stage's run, or None when a signal stopped the training.

    Raises:
        ValueError: a run that is there already was trained by another recipe or on other packs. It is
            never replaced unasked: it may have taken days, or have been brought from another machine.
    """
    run: Path | None = None
    for name, share in entry.recipes:
        values, file = read_stage(place, name, budget, run), recipe_file(place, name)
        recipe = checked_recipe(values, file, narrow="narrow" in values)
        run = place.folder / recipe.name
        if (run / FINISHED).exists():
            _check_unchanged(run, recipe, place)
            continue
        run.mkdir(parents=True, exist_ok=True)
        steps = _steps(recipe, place, budget, share, run)
        recipe = checked_recipe(values, file, narrow="narrow" in values, steps=steps)
        began = time.monotonic()
        finished = train(
            _task(recipe, place),
            recipe=recipe.model_dump(),
            out=run,
            steps=recipe.steps,
            device=place.device,
            workers=place.workers,
        )
        minutes = _spent(run, (time.monotonic() - began) / 60)
        if not finished:
            return None
        described = {"steps": steps, "images": steps * recipe.batch, "minutes": minutes}
        replace_text(run / FINISHED, json.dumps(described))
    return run


def read_finished(run: Path) -> dict[str, Any]:
    """The steps, images and minutes of a run that reached its last step.

    Raises:
        OSError, ValueError: it did not, or what it is marked with is damaged.
    """
    return read_json(
        run / FINISHED,
        lambda document: {name: document[name] for name in ("steps", "images", "minutes")},
        remedy="delete it, and the benchmark goes on with the run",
    )


def _check_unchanged(run: Path, recipe: Recipe, place: Place) -> None:
    """Raise ValueError where a finished run is not what the recipe would make of the packs of now."""
    described = read_description(run)
    problem = difference(described["recipe"], recipe.model_dump(mode="json"))
    if not problem:
        task, data = _task(recipe, place), described["data_sha256"]
        # Runs of before the further packs were hashed know the first pack's hash alone.
        if data not in (task.data_sha256, task.pack_sha256):
            problem = other_data(data, task.data_sha256)
    if problem:
        raise ValueError(
            f"The finished run {run} was {problem}; delete it to train it again, give --runs another "
            "folder, or measure it as it is with --part measure."
        )


def _task(recipe: Recipe, place: Place) -> Task:
    return make_task(
        recipe, packs=place.packs, data=place.data, runs=place.folder, device=place.device
    )


def _spent(run: Path, minutes: float) -> float:
    """Minutes of training so far, over all the times that the run was continued."""
    path = run / "minutes.json"
    counted = "delete it, and the minutes are counted from now on"
    before = read_json(path, float, remedy=counted) if path.exists() else 0.0
    replace_text(path, json.dumps(before + minutes))
    return before + minutes


def _steps(recipe: Recipe, place: Place, budget: Budget, share: float, run: Path) -> int:
    """The length of a run; kept beside it, because a continued run must not change its schedule."""
    if budget.images:
        return max(1, round(budget.images * share / recipe.batch))
    kept = run / "steps.json"
    if kept.exists():
        return read_json(kept, int, remedy=f"delete the run {run} to train it again")
    task = _task(recipe, place)
    seconds = []
    for step in range(TIMED_STEPS):
        began = time.perf_counter()
        batch = {name: value.to(place.device) for name, value in task.data[step].items()}
        take_step(task, task.data.finish(batch), step)
        if place.device.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - began)
    # The first steps warm up; the making of batches is counted, as if it took turns with the network.
    typical = sorted(seconds[2:])[len(seconds[2:]) // 2]
    steps = max(1, int(60 * budget.minutes * share / typical))
    replace_text(kept, json.dumps(steps))
    return steps


def export_entry(entry: Entry, place: Place, run: Path) -> Model:
    """The system's model in the benchmark's own zoo; made once, and again after another training."""
    recipe = checked_recipe(read_description(run)["recipe"], run / DESCRIPTION)
    zoo = place.folder / "zoo"
    folder = zoo / entry.name
    marker = folder / "run.txt"
    stamp = f"{run.name} {(run / 'weights.pt').stat().st_mtime_ns}"
    if not (marker.exists() and marker.read_text() == stamp):
        card, _ = export_run(
            recipe, run, place.folder, folder, kind=entry.kind, version="benchmark"
        )
        write_fitted(Model(card, folder), open_pack(place.packs / "faces"))
        replace_text(marker, stamp)
    return Zoo(zoo).get(entry.name)

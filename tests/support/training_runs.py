"""Tiny trainings in this process, what they learn from, and what they leave behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from tests.support.training_recipes import TINY
from tests.training.conftest import Workplace
from training.engine import train
from training.system import Recipe
from training.task import Batch, Loss, Step, Task
from training.tasks import make_task, read_recipe


def metrics(out: Path) -> list[dict[str, float]]:
    """The rows of a run's metrics file."""
    return [json.loads(row) for row in (out / "metrics.jsonl").read_text().splitlines()]


def step_of(out: Path) -> int:
    """The step that a run's checkpoint was written at."""
    return int(torch.load(out / "checkpoint.pt", weights_only=True)["step"])


def task_of(workplace: Workplace, name: str, **changes: Any) -> tuple[Task, Recipe]:
    """A tiny task of six steps, as the command line makes it."""
    recipe = read_recipe(TINY[name] | {"steps": 6, "warm_start": ""} | changes)
    task = make_task(
        recipe,
        packs=workplace.packs,
        data=workplace.data,
        runs=workplace.runs,
        device=torch.device("cpu"),
    )
    return task, recipe


class Watched:
    """Notes what a task is given to learn from, and may do something at one of its steps."""

    def __init__(
        self, task: Task, at: int | None = None, then: Callable[[], None] = lambda: None
    ) -> None:
        self.seen: list[tuple[int, str]] = []
        losses = task.losses

        def watch(batch: Batch, step: Step) -> Iterator[Loss]:
            digest = hashlib.sha256()
            for name in sorted(batch):
                digest.update(batch[name].numpy().tobytes())
            self.seen.append((step.number, digest.hexdigest()))
            if step.number == at:
                then()
            yield from losses(batch, step)

        task.losses = watch  # type: ignore[method-assign]


def run(task: Task, recipe: Recipe, out: Path, **more: Any) -> bool:
    """Train in this process, without other processes for the batches."""
    described = recipe.model_dump(mode="json")
    given: dict[str, Any] = {
        "steps": recipe.steps,
        "device": torch.device("cpu"),
        "workers": 0,
    } | more
    return train(task, recipe=described, out=out, **given)


def stop() -> None:
    """What a service manager does."""
    os.kill(os.getpid(), signal.SIGTERM)

"""Tiny trainings in this process, what they learn from, and what they leave behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from tests.conftest import ROOT
from tests.support.training_recipes import TINY
from tests.training.conftest import Workplace
from training.engine import train
from training.system import Recipe
from training.task import Batch, Loss, Step, Task
from training.tasks import make_task, read_recipe

STARTUP_S = 90
"""How long a loaded machine may take to import torch and begin."""


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


def started(arguments: list[str], out: Path) -> subprocess.Popen[str]:
    """A training in a process group of its own, some steps after its start."""
    process = subprocess.Popen(
        [sys.executable, "-m", "training", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"},
    )
    deadline = time.monotonic() + STARTUP_S
    # The metrics file appears when the signal handlers are in place and the first batch is awaited.
    while not (out / "metrics.jsonl").exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "the training did not begin"
        time.sleep(0.1)
    time.sleep(1)  # the worker has begun as well
    return process

"""Steps of a real task outside a run."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from training.engine import take_step
from training.task import Batch, Task

PLATEAU = 500
"""Of 1000 steps, one at which the warm-up is over and the cooldown has not begun."""


def ready(task: Task, step: int) -> Batch:
    """The batch of a step as the losses take it."""
    return task.data.finish(task.data[step])


def stepped(task: Task, batch: Batch, number: int = PLATEAU) -> dict[str, float]:
    """The figures of one step."""
    return {name: float(value) for name, value in take_step(task, batch, number).items()}


def repeated(task: Task, batch: Batch, count: int) -> list[dict[str, float]]:
    """The figures of so many steps on one batch, each with other dice."""
    return [stepped(task, batch, PLATEAU + number) for number in range(count)]


def weights(task: Task) -> Iterator[tuple[str, torch.Tensor]]:
    """Name and values of everything in the model."""
    yield from task.model.state_dict().items()

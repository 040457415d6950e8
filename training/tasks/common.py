"""What the tasks share: the optimiser step and the learning rate's course."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor


def scheduled(rate: float, progress: float, steps: int, cooldown: float) -> float:
    """Learning rate: 100 steps of warm-up, constant, and a cosine to zero over the last `cooldown` of the run."""
    warm = min(1.0, (progress * steps + 1) / 100)
    if progress <= 1 - cooldown:
        return rate * warm
    return rate * warm * 0.5 * (1 + math.cos(math.pi * (progress - (1 - cooldown)) / cooldown))


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Give every parameter group this learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def update(optimiser: torch.optim.Optimizer, loss: Tensor, values: Iterable[Tensor]) -> None:
    """One optimiser step with the gradient's norm clipped to 1."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(values, 1.0)
    optimiser.step()

"""The training loop: data in a fixed order, checkpoints, clean stops, resuming, and one folder per run.

A run's folder holds ``recipe.json`` (the resolved recipe with versions and data hash),
``metrics.jsonl``, ``checkpoint.pt`` (everything needed to go on) and ``weights.pt`` (the averaged
weights that are evaluated and exported).
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import platform
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import cv2
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

log = logging.getLogger(__name__)

Batch = dict[str, Tensor]

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Task(Protocol):
    """What the loop needs to know about one kind of training.

    Attributes:
        model: the network that is exported; its weights are averaged over time.
        data_sha256: hash of the data it was made from.
    """

    model: nn.Module
    data_sha256: str

    @property
    def data(self) -> Dataset[Batch]:
        """Item `step` is the whole batch of that step."""
        ...

    def step(self, batch: Batch, progress: float) -> dict[str, float]:
        """Train on one batch; `progress` runs from 0 to 1 over the run. Returns metrics."""
        ...

    def state(self) -> dict[str, Any]:
        """Everything besides the model that resuming needs."""
        ...

    def load_state(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`state` gave."""
        ...


class StopRequested:
    """True once SIGINT or SIGTERM came; the loop then writes a checkpoint and ends."""

    def __init__(self) -> None:
        self.requested = False

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True

    @contextmanager
    def installed(self) -> Iterator[StopRequested]:
        """Handle the signals inside the block, restore the old handlers after it."""
        old = {number: signal.signal(number, self._handle) for number in STOP_SIGNALS}
        try:
            yield self
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)


def train(
    task: Task,
    *,
    recipe: dict[str, Any],
    out: Path,
    steps: int,
    device: torch.device,
    workers: int = 1,
    average: float = 0.999,
    checkpoint_seconds: float = 180.0,
    resume: bool = True,
) -> bool:
    """Run or continue a training.

    Args:
        task: model, data and step.
        recipe: the resolved recipe; kept with the run.
        out: the run's folder; a checkpoint in it is continued when `resume`.
        steps: the step at which the run is finished.
        device: where the model lives.
        workers: processes that prepare batches.
        average: decay of the exponential moving average of the weights.
        checkpoint_seconds: time between checkpoints.

    Returns:
        True when the last step was reached, False when a signal stopped the run; a checkpoint is
        written either way.
    """
    out.mkdir(parents=True, exist_ok=True)
    averaged = {
        name: value.detach().clone().float() for name, value in task.model.state_dict().items()
    }
    start = 0
    checkpoint = out / "checkpoint.pt"
    if resume and checkpoint.exists():
        averaged, start = _restore(task, checkpoint)
        log.info("Continuing %s at step %d of %d.", out, start, steps)
    _write_recipe(task, recipe, out)
    averaged = {name: value.to(device) for name, value in averaged.items()}
    order = range(start, steps)
    loader = DataLoader(
        task.data,
        batch_size=None,
        sampler=order,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        worker_init_fn=_prepare_worker,
    )
    began, last_saved, last_logged = time.monotonic(), time.monotonic(), time.monotonic()
    sums: dict[str, float] = {}
    counted = 0
    done = start
    with StopRequested().installed() as stop, (out / "metrics.jsonl").open("a") as metrics_file:
        for step, batch in zip(order, loader, strict=True):
            batch = {name: value.to(device, non_blocking=True) for name, value in batch.items()}
            metrics = task.step(batch, step / steps)
            _average(averaged, task.model, min(average, (1 + step) / (10 + step)))
            done = step + 1
            counted += 1
            for name, value in metrics.items():
                sums[name] = sums.get(name, 0.0) + value
            now = time.monotonic()
            if now - last_logged > 15 or done == steps or stop.requested:
                seconds = (now - began) / (done - start)
                row = {name: value / counted for name, value in sums.items()}
                row |= {"step": done, "seconds_per_step": seconds}
                metrics_file.write(json.dumps(row) + "\n")
                metrics_file.flush()
                shown = " ".join(
                    f"{name} {value:.4g}" for name, value in row.items() if name != "step"
                )
                remaining = (steps - done) * seconds / 60
                print(f"step {done}/{steps} {shown} remaining {remaining:.1f} min", flush=True)
                sums, counted, last_logged = {}, 0, now
            if now - last_saved > checkpoint_seconds or done == steps or stop.requested:
                save(task, averaged, done, out)
                last_saved = time.monotonic()
            if stop.requested:
                break
    return done >= steps


def _prepare_worker(_number: int) -> None:
    """Make a process that prepares batches leave signals to the run, and stay on one core.

    Ctrl-C and most service managers signal the whole process group. A worker that died of it would
    take the run down before its checkpoint is written.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    cv2.setNumThreads(1)


def _restore(task: Task, checkpoint: Path) -> tuple[dict[str, Tensor], int]:
    """Continue from a checkpoint.

    Returns:
        The averaged weights, on the CPU, and the number of steps done.

    Raises:
        ValueError: the checkpoint is damaged or of another network.
    """
    try:
        saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
        task.model.load_state_dict(saved["model"])
        task.load_state(saved["task"])
        return saved["averaged"], saved["step"]
    except (RuntimeError, ValueError, KeyError, EOFError, pickle.UnpicklingError) as error:
        raise ValueError(
            f"The checkpoint {checkpoint} is damaged or belongs to another network; delete it to "
            "start again, or give --out another folder."
        ) from error


def save(task: Task, averaged: dict[str, Tensor], step: int, out: Path) -> None:
    """Write the checkpoint and the averaged weights, each in one piece or not at all."""
    state = {
        "model": task.model.state_dict(),
        "task": task.state(),
        "averaged": averaged,
        "step": step,
    }
    for name, value in (("checkpoint.pt", state), ("weights.pt", averaged)):
        temporary = out / f".{name}.part"
        torch.save(value, temporary)
        temporary.replace(out / name)


def _average(averaged: dict[str, Tensor], model: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                averaged[name].lerp_(value.float(), 1 - decay)
            else:
                averaged[name].copy_(value)


def _write_recipe(task: Task, recipe: dict[str, Any], out: Path) -> None:
    described = {
        "recipe": recipe,
        "data_sha256": task.data_sha256,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "commit": git_commit(),
    }
    (out / "recipe.json").write_text(json.dumps(described, indent=2))


def git_commit() -> str:
    """The commit the code is at, or "unknown" outside a checkout."""
    folder = Path(__file__).resolve().parent
    result = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=False
    )
    return result.stdout.strip() if result.returncode == 0 else "unknown"

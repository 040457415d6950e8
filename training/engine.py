"""The training loop: data in a fixed order, losses minimised alike for every task, clean stops."""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import cv2
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn
from torch.utils.data import DataLoader

from training import run_folder
from training.data.batches import Batch as Batch
from training.pace import Pace
from training.parallel import agreed, alike, average_gradients, local_ranks, rank, whole
from training.run_description import git_commit as git_commit
from training.task import Learner, Step
from training.task import Task as Task

log = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

CHECK_STEPS = {"cuda": 10}
"""Steps between two looks at the losses, which make a GPU wait. On a CPU every step."""

SHOWN = 6
"""Rows of a sheet of sample pictures."""

MOST_WORKERS = 16


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


class DivergedError(ValueError):
    """A loss or a weight is no number any more."""


class Averaged:
    """The exponential moving average of a network's weights and buffers, in 32 bits."""

    def __init__(self, network: nn.Module) -> None:
        # A state dict shares its memory with the network, so it is asked for once.
        self._own = network.state_dict()
        self.weights = {
            name: value.detach().clone().float() if value.is_floating_point() else value.clone()
            for name, value in self._own.items()
        }
        self._floats = [name for name, value in self._own.items() if value.is_floating_point()]
        self._others = [name for name in self._own if name not in set(self._floats)]

    def load(self, weights: dict[str, Tensor]) -> None:
        """Take back the average that a checkpoint holds."""
        for name, value in self.weights.items():
            value.copy_(weights[name])

    @torch.no_grad()
    def follow(self, decay: float) -> None:
        """Move towards the network by 1 - `decay`."""
        averaged = [self.weights[name] for name in self._floats]
        follow = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
        follow(averaged, [self._own[name] for name in self._floats], 0)
        for name in self._others:
            self.weights[name].copy_(self._own[name])

    @contextmanager
    def shown(self, network: nn.Module) -> Iterator[None]:
        """The network with averaged weights, as it will be used, for the length of the block."""
        own = {name: value.clone() for name, value in self._own.items()}
        network.load_state_dict(self.weights)
        network.eval()
        try:
            with torch.no_grad():
                yield
        finally:
            network.load_state_dict(own)
            network.train()


class Tally:
    """Sums of the steps' figures; looks whether they are numbers."""

    def __init__(self, task: Task, saved: int) -> None:
        self.saved = saved
        self._task = task
        self._pending: list[tuple[int, dict[str, Tensor]]] = []
        self._sums: dict[str, tuple[float, int]] = {}

    def add(self, number: int, figures: dict[str, Tensor]) -> None:
        """Count a step's figures, which may still be on their way."""
        self._pending.append((number, figures))

    def look(self) -> None:
        """Wait for the figures.

        Raises:
            DivergedError: one of them is no number.
        """
        for number, figures in self._pending:
            values = whole(torch.stack([value.detach().float() for value in figures.values()]))
            for name, value in zip(figures, values.tolist(), strict=True):
                if not math.isfinite(value):
                    raise DivergedError(self._complaint(number, name, value))
                total, count = self._sums.get(name, (0.0, 0))
                self._sums[name] = (total + value, count + 1)
        self._pending.clear()

    def check_weights(self, averaged: Averaged, done: int) -> None:
        """Look whether what a checkpoint of this step would hold are numbers.

        A step can spoil the weights after a loss that was still one, and no later look would tell which
        checkpoint to trust.

        Raises:
            DivergedError: a weight of the task's networks, or of their average, is none.
        """
        networks = [learner.network.state_dict() for learner in self._task.learners.values()]
        values = [value for state in (*networks, averaged.weights) for value in state.values()]
        finite = torch.stack([value.isfinite().all().cpu() for value in values]).all()
        (spoilt,) = agreed(not finite)
        if spoilt:
            raise DivergedError(self._complaint(done - 1, "a weight after the step", math.nan))

    def _complaint(self, number: int, name: str, value: float) -> str:
        rows = self._task.data.rows_of(number)
        shown = ", ".join(str(row) for row in rows[:8]) + (", ..." if len(rows) > 8 else "")
        # A run goes on with the rate that it began with; only one without a checkpoint begins anew.
        kept, lower = (
            (
                f"the last good checkpoint, of step {self.saved}, is kept",
                "Train with a lower rate into another folder (--out)",
            )
            if self.saved
            else ("no checkpoint was written yet", "Take a lower rate")
        )
        return (
            f"Training stopped: {name} of batch {number} (rows {shown} of the pack) is {value}; {kept}. "
            f"{lower}, or look at those rows."
        )

    def row(self) -> dict[str, float]:
        """The means since the last row."""
        row = {name: total / count for name, (total, count) in self._sums.items()}
        self._sums.clear()
        return row


def train(
    task: Task,
    *,
    recipe: dict[str, Any],
    out: Path,
    steps: int,
    device: torch.device,
    workers: int | None = None,
    average: float = 0.999,
    checkpoint_seconds: float = 180.0,
    log_seconds: float = 15.0,
    resume: bool = True,
) -> bool:
    """Run or continue a training.

    Args:
        task: networks, data and losses.
        recipe: the resolved recipe; kept with the run.
        out: the run's folder; a checkpoint in it is continued when `resume`.
        steps: the step at which the run is finished.
        device: where the networks live.
        workers: processes that prepare batches; None for one, on a GPU as many as there are cores.
        average: decay of the exponential moving average of the weights.
        checkpoint_seconds: time between checkpoints.
        log_seconds: time between two rows of metrics.

    Returns:
        True when the last step was reached, False when a signal stopped the run; a checkpoint is
        written either way.

    Raises:
        DivergedError: a loss or a weight is no number any more; the last good checkpoint is kept.
        OSError: a checkpoint could not be written; the one before is kept.
        ValueError: the checkpoint in the folder is damaged, or of another recipe or other data; or the
            processes were given different ones.
    """
    if not alike(json.dumps([task.data_sha256, recipe])):
        raise ValueError(
            "The processes were given different packs or recipes; copy the packs and the recipe of one "
            "machine to the others, and give all of them the same options."
        )
    averaged = Averaged(task.model)
    saved = run_folder.restore(out, task, recipe) if resume else None
    start = 0
    if saved is not None:
        averaged.load(saved["averaged"])
        start = saved["step"]
        _say(f"Continuing {out} at step {start} of {steps}.")
    order = range(start, steps)
    every = CHECK_STEPS.get(device.type, 1)
    tally, pace, waited = Tally(task, start), Pace(start), 0.0
    logged = kept = time.monotonic()
    done = start
    with (
        StopRequested().installed() as stop,
        closing(_batches(_loader(task, order, device, workers))) as batches,
    ):
        journal = run_folder.begin(out, task, recipe, start, writes=rank() == 0)
        for number in order:
            asked = time.monotonic()
            batch = _moved(next(batches), device)
            waited += time.monotonic() - asked
            tally.add(number, take_step(task, task.data.finish(batch), number))
            averaged.follow(min(average, (1 + number) / (10 + number)))
            done = number + 1
            if done % every and done != steps:
                continue
            tally.look()
            now = time.monotonic()
            stopping, log_due, save_due = agreed(
                stop.requested, now - logged > log_seconds, now - kept > checkpoint_seconds
            )
            ending = bool(stopping) or done == steps
            if log_due or ending:
                pace.note(done)
                row = tally.row() | {
                    "seconds_per_step": pace.seconds_per_step(),
                    "waiting_for_data": waited / max(now - logged, 1e-9),
                }
                logged, waited = time.monotonic(), 0.0
                if journal is not None:
                    journal.note(done, row)
                    shown = " ".join(f"{name} {value:.4g}" for name, value in row.items())
                    _say(f"step {done}/{steps} {shown} remaining {pace.remaining(steps - done)}")
            if save_due or ending:
                tally.check_weights(averaged, done)
                _keep(task, averaged, recipe, out, done, journal)
                tally.saved, kept = done, time.monotonic()
            if ending:
                break
        del batches
    return done >= steps


def take_step(task: Task, batch: Batch, number: int) -> dict[str, Tensor]:
    """One step: each loss that the task gives is minimised by its learner before the next one is made.

    Args:
        task: whose networks learn.
        batch: finished, see :meth:`training.data.batches.Batches.finish`.
        number: of the step; decides learning rates and everything that is drawn.

    Returns:
        The step's figures, one number each, and the norms of the gradients.
    """
    seed = task.seed * 1_000_003 + number
    # Dropout draws from torch's own generator: seeded by the step, a resumed run draws the same.
    torch.manual_seed(seed + rank() * 2**40)
    step = Step(number=number, random=torch.Generator().manual_seed(seed))
    for learner in task.learners.values():
        if learner.rate is not None:
            for group in learner.optimiser.param_groups:
                group["lr"] = learner.rate(number)
    figures: dict[str, Tensor] = {}
    for loss in task.losses(batch, step):
        figures |= loss.parts
        figures[f"gradient_{loss.learner}"] = _descend(task.learners[loss.learner], loss.value)
    return {name: value.detach() for name, value in figures.items()}


def _descend(learner: Learner, loss: Tensor) -> Tensor:
    """One optimiser step; returns the gradient's norm before it was cut."""
    parameters = [value for value in learner.network.parameters() if value.requires_grad]
    learner.optimiser.zero_grad(set_to_none=True)
    # Other networks that the loss went through, a discriminator say, get no gradient.
    torch.autograd.backward(loss, inputs=parameters)
    average_gradients(parameters)
    gradients = [value.grad for value in parameters if value.grad is not None]
    norm = nn.utils.get_total_norm(gradients)
    if learner.longest is not None:
        nn.utils.clip_grads_with_norm_(parameters, learner.longest, norm)
    learner.optimiser.step()
    return norm


def _keep(
    task: Task,
    averaged: Averaged,
    recipe: dict[str, Any],
    out: Path,
    done: int,
    journal: run_folder.Journal | None,
) -> None:
    """Checkpoint and sample pictures, by the first process; all processes learn whether it went well."""
    problem: OSError | None = None
    if journal is not None:
        try:
            run_folder.save(out, task, recipe, averaged.weights, done)
            with averaged.shown(task.model):
                batch = task.data.finish(_moved(task.data.shown(SHOWN), task.device))
                journal.show(done, task.pictures(batch))
        except OSError as error:
            problem = error
    (failed,) = agreed(problem is not None)
    if problem is not None:
        raise problem
    if failed:
        raise OSError("The first process could not write its checkpoint.")


def _loader(
    task: Task, order: range, device: torch.device, workers: int | None
) -> DataLoader[Batch]:
    if workers is None:
        cores = (os.cpu_count() or 2) // local_ranks()
        workers = min(MOST_WORKERS, max(1, cores - 1)) if device.type == "cuda" else 1
    return DataLoader(
        task.data,
        batch_size=None,
        sampler=order,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        pin_memory=device.type == "cuda",
        worker_init_fn=_prepare_worker,
    )


def _batches(loader: DataLoader[Batch]) -> Generator[Batch, None, None]:
    """The batches; to be closed, which ends the processes that prepare them.

    They ignore signals, and so would outlive a run that an error ended for as long as its traceback
    knows the loader. None is started before the first batch is asked for.
    """
    with _opencv_alone():
        prepared = iter(loader)
    yield from prepared


@contextmanager
def _opencv_alone() -> Iterator[None]:
    """No threads of OpenCV's for the length of the block, in which processes are forked.

    A child inherits the knowledge of its parent's threads without the threads, and would wait for them
    for ever as soon as it asks for another number.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _moved(batch: Batch, device: torch.device) -> Batch:
    return {name: value.to(device, non_blocking=True) for name, value in batch.items()}


def _prepare_worker(_number: int) -> None:
    """Make a process that prepares batches leave signals to the run, and stay on one core.

    Ctrl-C and most service managers signal the whole process group. A worker that died of it would
    take the run down before its checkpoint is written.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    cv2.setNumThreads(1)


def _say(text: str) -> None:
    if rank() == 0:
        print(text, file=sys.stderr, flush=True)

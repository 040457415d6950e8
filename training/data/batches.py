"""Batches that are a pure function of seed, step and item, however many processes share them.

Every item has a random generator of its own, seeded by [seed, step, item]: a resumed run sees the same
data in the same order without any saved state, and two processes see together what one would see alone.
Pictures travel as bytes and become 32-bit numbers where the network is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from training.data.faces import train_rows
from training.parallel import rank, ranks

Batch = dict[str, Tensor]
Item = dict[str, NDArray[Any]]

SHOWN_STEP = 2**32 - 1
"""The step whose batch is shown and never trained on."""


class Batches(Dataset[Batch], ABC):
    """Item `step` is this process's part of that step's batch: items rank, rank + ranks, and so on.

    Attributes:
        rows: what is drawn from.
        shown_rows: what the sample pictures are drawn from: rows of the split val, if there are any.
    """

    def __init__(self, splits: NDArray[np.str_], *, batch: int, seed: int, steps: int) -> None:
        """Args: the pack's splits, items of the whole batch, seed and length of the run.

        Raises:
            ValueError: there is nothing to train on, or the batch cannot be shared equally.
        """
        self.rows = train_rows(splits)
        validation = np.flatnonzero(splits == "val")
        self.shown_rows = validation if len(validation) else self.rows
        self.batch, self.seed, self.steps = batch, seed, steps
        # Noted here because a process that prepares batches knows nothing of the others.
        self.rank, self.ranks = rank(), ranks()
        if batch % self.ranks:
            raise ValueError(
                f"A batch of {batch} cannot be shared by {self.ranks} processes; "
                "take another number of processes or another batch."
            )

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> Batch:
        return self._stacked(step, range(self.rank, self.batch, self.ranks), self.rows)

    @property
    def described(self) -> str:
        """What the photos of the pack are, in words."""
        return str(getattr(getattr(self, "pack", None), "described", ""))

    @property
    def further(self) -> str:
        """What is shown beside the pack, as the rest of a sentence; nothing for most."""
        return ""

    def shown(self, count: int) -> Batch:
        """A fixed batch to look at, the same at every step of the run."""
        return self._stacked(SHOWN_STEP, range(min(count, self.batch)), self.shown_rows)

    def rows_of(self, step: int) -> list[int]:
        """The pack's rows in the whole batch of a step."""
        return [int(self._generator(step, item).choice(self.rows)) for item in range(self.batch)]

    def _generator(self, step: int, item: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, step, item])

    def _stacked(self, step: int, items: range, rows: NDArray[np.int64]) -> Batch:
        made: list[Item] = []
        for item in items:
            rng = self._generator(step, item)
            made.append(self.item(rng, int(rng.choice(rows))))
        return {name: torch.from_numpy(np.stack([one[name] for one in made])) for name in made[0]}

    @abstractmethod
    def item(self, rng: np.random.Generator, row: int) -> Item:
        """One item of a row: pictures (S, S, 3) uint8, maps (S, S) uint8, the rest as it is used."""

    def finish(self, batch: Batch) -> Batch:
        """The batch as the network takes it, made where the batch is: on the device."""
        return {
            name: picture(value) if value.dtype == torch.uint8 else value
            for name, value in batch.items()
        }


def picture(values: Tensor) -> Tensor:
    """(N, S, S, 3) uint8 to (N, 3, S, S) float32 0..1; (N, S, S) {0, 1} to (N, 1, S, S) float32."""
    if values.dim() == 3:
        return values[:, None].float()
    return values.permute(0, 3, 1, 2).float().div_(255)

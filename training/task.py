"""What one kind of training must say about itself to the engine: networks, data and losses.

Everything that happens to a loss afterwards (gradients, clipping, the learning rate, averaging,
checkpoints) is the engine's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor, nn

from training.data.batches import Batch as Batch
from training.data.batches import Batches
from training.data.hashes import combined
from training.parallel import share_statistics
from training.precision import fast_in_bfloat16
from training.weights import warm_start

Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a run.

    Attributes:
        number: counted from 0.
        random: on the CPU; seeded by the run's seed and the step, the same in all processes. What is
            drawn per item is drawn for the whole batch, see :func:`training.parallel.own`.
    """

    number: int
    random: torch.Generator


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A network and how it is trained.

    Attributes:
        network: whose parameters the optimiser holds.
        optimiser: its steps are made by the engine.
        rate: the learning rate at a step; None leaves it as it is.
        longest: the gradient is cut to this norm; None leaves it alone.
    """

    network: nn.Module
    optimiser: torch.optim.Optimizer
    rate: Callable[[int], float] | None = None
    longest: float | None = None


@dataclass(frozen=True)
class Loss:
    """A loss that a learner is to make smaller.

    Attributes:
        learner: its name in :attr:`Task.learners`.
        value: one number.
        parts: what the run's metrics show of it, one number each.
    """

    learner: str
    value: Tensor
    parts: dict[str, Tensor] = field(default_factory=dict)


class Stateful(Protocol):
    """What resuming has to restore."""

    def state_dict(self) -> dict[str, Any]:
        """Its state."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> Any:
        """Take back the state."""
        ...


MODEL = "model"
"""The name of the learner that trains the exported network."""


class Task(ABC):
    """One kind of training.

    Attributes:
        model: the network that is exported; its weights are averaged over time.
        data: item `step` is this process's part of the batch of that step.
        data_sha256: hash of all the data that it reads, see :meth:`reads`.
        pack_sha256: hash of the first pack alone, which is what older checkpoints hold.
        seed: of the run.
        device: where the networks are.
        learners: by name; :data:`MODEL` trains the model.
        parts: by name, what else has a state.
    """

    data: Batches
    data_sha256: str
    pack_sha256: str

    def __init__(
        self,
        network: Callable[[], nn.Module],
        *,
        seed: int,
        device: torch.device,
        start: Path | None = None,
    ) -> None:
        """Make the model.

        Args:
            network: makes it; its weights are drawn by `seed`.
            seed: of the run.
            device: where it lives.
            start: weights to begin with, see :func:`training.weights.warm_start`.
        """
        torch.manual_seed(seed)
        self.seed, self.device = seed, device
        model = network()
        if start is not None:
            warm_start(model, start)
        self.model = placed(model, device)
        self.learners: dict[str, Learner] = {}
        self.parts: dict[str, Stateful] = {}

    def reads(self, pack: str, *further: str) -> None:
        """Note the hash of the pack that is trained on, and those of all that is read besides."""
        self.pack_sha256, self.data_sha256 = pack, combined(pack, further)

    @abstractmethod
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        """The losses of one batch, in the order in which they are minimised.

        The engine makes a learner's step for each loss before it asks for the next one: a generator
        network that is judged after its discriminator's step is judged by the improved one.
        """

    def pictures(self, batch: Batch) -> list[Tensor]:  # noqa: ARG002
        """Columns of a sheet that shows what the model does, (N, 1 or 3, S, S) in 0..1 each."""
        return []

    def autocast(self) -> torch.autocast:
        """16-bit arithmetic where it is safe, on a device that has it."""
        return torch.autocast(
            self.device.type, torch.bfloat16, enabled=fast_in_bfloat16(self.device)
        )

    def state(self) -> dict[str, Any]:
        """Everything besides the model that resuming needs."""
        networks = {
            name: learner.network.state_dict()
            for name, learner in self.learners.items()
            if name != MODEL
        }
        return {
            "networks": networks,
            "optimisers": {
                name: learner.optimiser.state_dict() for name, learner in self.learners.items()
            },
            "parts": {name: part.state_dict() for name, part in self.parts.items()},
        }

    def load_state(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`state` gave."""
        for name, learner in self.learners.items():
            learner.optimiser.load_state_dict(state["optimisers"][name])
            if name != MODEL:
                learner.network.load_state_dict(state["networks"][name])
        for name, part in self.parts.items():
            part.load_state_dict(state["parts"][name])


def placed(network: Network, device: torch.device) -> Network:
    """The network on its device, its weights in the memory order that convolutions are fastest in."""
    network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    share_statistics(network)
    return network

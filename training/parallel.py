"""Several processes as one: who takes which items, and what all of them must agree on.

Lightning Fabric reads torchrun's environment, picks the device and the backend, and starts the
process group (docs/adr/0009). Without torchrun there is one process, every function here leaves its
argument as it is, and Fabric is not even imported: a borrowed GPU machine need not have it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed, nn
from typing_extensions import override

T = TypeVar("T")


def ranks() -> int:
    """How many processes train together."""
    return distributed.get_world_size() if _together() else 1


def rank() -> int:
    """Which of them this one is; the first one, 0, writes the run."""
    return distributed.get_rank() if _together() else 0


def local_ranks() -> int:
    """How many of them share this machine."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1"))


def _together() -> bool:
    return distributed.is_available() and distributed.is_initialized()


@contextmanager
def together(device: torch.device) -> Iterator[torch.device]:
    """Join the processes that torchrun has started, for the length of the block.

    Args:
        device: the kind of device that every process takes one of.

    Yields:
        This process's own device.

    Raises:
        ValueError: torchrun was used, but Lightning Fabric is not installed.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield device
        return
    try:
        from lightning_fabric import Fabric
    except ImportError as error:
        raise ValueError(
            "Several processes need Lightning Fabric; install lightning-fabric, or start without "
            "torchrun."
        ) from error
    fabric = Fabric(
        accelerator=device.type,
        strategy="ddp",
        devices=local_ranks(),
        num_nodes=int(os.environ["WORLD_SIZE"]) // local_ranks(),
    )
    fabric.launch()
    try:
        yield fabric.device
    finally:
        distributed.destroy_process_group()


def own(values: Tensor) -> Tensor:
    """Of one row per item of the whole batch, those of this process's items."""
    return values[rank() :: ranks()]


def whole(value: Tensor) -> Tensor:
    """The mean over the processes, without gradient.

    A loss that is a sum over a denominator of its own batch divides by this instead of by its own
    denominator: the mean of the processes' gradients is then that of the whole batch.
    """
    value = value.detach()
    if ranks() == 1:
        return value
    total = value.clone()
    distributed.all_reduce(total)
    return total / ranks()


def agreed(*numbers: float) -> list[float]:
    """The largest that any process gave, for each number."""
    if ranks() == 1:
        return list(numbers)
    cuda = distributed.get_backend() == "nccl"
    values = torch.tensor(numbers, dtype=torch.float64, device="cuda" if cuda else "cpu")
    distributed.all_reduce(values, distributed.ReduceOp.MAX)
    return [float(value) for value in values.tolist()]


def alike(text: str) -> bool:
    """Whether all processes say the same."""
    if ranks() == 1:
        return True
    every: list[str] = [""] * ranks()
    distributed.all_gather_object(every, text)
    return len(set(every)) == 1


def from_first(value: T) -> T:
    """What the first process gives, at all of them: another machine may not have its files."""
    if ranks() == 1:
        return value
    given = [value]
    distributed.broadcast_object_list(given, src=0)
    return given[0]


def average_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Replace the gradients by their means over the processes, in one message per kind of number."""
    if ranks() == 1:
        return
    kinds: dict[torch.dtype, list[Tensor]] = {}
    for parameter in parameters:
        if parameter.grad is not None:
            kinds.setdefault(parameter.grad.dtype, []).append(parameter.grad)
    for gradients in kinds.values():
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= ranks()
        for gradient, mean in zip(
            gradients, torch.split(flat, [gradient.numel() for gradient in gradients]), strict=True
        ):
            gradient.copy_(mean.view_as(gradient))


def share_statistics(network: nn.Module) -> None:
    """Make batch normalisation normalise by the whole batch, not by this process's part of it."""
    if ranks() == 1:
        return
    for layer in network.modules():
        if type(layer) is nn.BatchNorm2d:
            layer.__class__ = WholeBatchNorm2d


class _Sum(torch.autograd.Function):
    """The sum over the processes, with gradient: that of every process is the sum of all of them."""

    @staticmethod
    def forward(_ctx: Any, value: Tensor) -> Tensor:
        total = value.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(_ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.clone()
        distributed.all_reduce(total)
        return total


class WholeBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation (Ioffe & Szegedy 2015) over the parts of all processes.

    ``torch.nn.SyncBatchNorm`` is for GPUs only; this one also runs where the tests run.
    """

    @override
    def forward(self, input: Tensor) -> Tensor:
        """(N, C, H, W), normalised per channel."""
        if not self.training:
            return super().forward(input)
        values = input.float()
        count = float(values.numel() // values.shape[1] * ranks())
        sums = torch.stack([values.sum(dim=(0, 2, 3)), values.square().sum(dim=(0, 2, 3))])
        mean, square = _Sum.apply(sums) / count  # type: ignore[no-untyped-call]
        variance = (square - mean.square()).clamp(min=0)
        if self.running_mean is not None and self.running_var is not None:
            share = 0.1 if self.momentum is None else self.momentum
            with torch.no_grad():
                self.running_mean.lerp_(mean, share)
                self.running_var.lerp_(variance * (count / max(1.0, count - 1)), share)
                if self.num_batches_tracked is not None:
                    self.num_batches_tracked.add_(1)
        output = (values - mean[:, None, None]) * torch.rsqrt(variance + self.eps)[:, None, None]
        if self.weight is not None:
            output = output * self.weight[:, None, None] + self.bias[:, None, None]
        result: Tensor = output.to(input.dtype)
        return result

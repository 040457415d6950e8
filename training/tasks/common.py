"""What the tasks share: the optimiser step and the learning rate's course."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=nn.Module)

HALF_SUFFIX = "_16bit"
"""What the name of a weight that is stored in 16 bits ends with in an exported network."""


def check_size(size: int, step: int) -> None:
    """Raise ValueError unless a network that halves its input so often can take this size."""
    if size < step or size % step:
        raise ValueError(f"has the size {size}, which is not a multiple of {step}")


def placed(network: Network, device: torch.device) -> Network:
    """The network on its device, its weights in the memory order that convolutions are fastest in."""
    network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def warm_start(network: nn.Module, weights: Path) -> None:
    """Begin with the averaged weights of another run, wherever that run was trained.

    Args:
        network: the network to fill.
        weights: ``weights.pt`` of a run, or an ONNX file of the zoo, whose run may be long gone. The
            locator's ONNX file will not do: its normalisation was folded into the convolutions.

    Raises:
        ValueError: the file is missing, damaged, or of another network.
    """
    try:
        if weights.suffix == ".onnx":
            network.load_state_dict(_weights_of_onnx(weights, network))
        else:
            network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    except FileNotFoundError as error:
        raise ValueError(
            f"The weights {weights} to start from are missing; train their recipe first, "
            "or give --runs the folder of its runs."
        ) from error
    except (RuntimeError, pickle.UnpicklingError, EOFError) as error:
        raise ValueError(
            f"The weights {weights} to start from are damaged or belong to another network; "
            "train their recipe again with the same widths and latent."
        ) from error


def _weights_of_onnx(path: Path, network: nn.Module) -> dict[str, Tensor]:
    """The initialisers of an exported network under the names that they have in torch."""
    # Only a warm start from the zoo needs onnx, which a machine that merely trains may lack.
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from onnx import numpy_helper

    try:
        initializers = onnx.load(str(path)).graph.initializer
    except DecodeError as error:
        raise RuntimeError(f"{path} is no ONNX file") from error
    names = network.state_dict().keys()
    found: dict[str, Tensor] = {}
    for tensor in initializers:
        name = tensor.name.removesuffix(HALF_SUFFIX).removeprefix("network.")
        if name in names:
            values = numpy_helper.to_array(tensor).astype(np.float32)
            found[name] = torch.from_numpy(values)
    return found


def scheduled(rate: float, progress: float, steps: int, cooldown: float) -> float:
    """The learning rate at `progress` (0..1) of a run of so many `steps`.

    100 steps of warm-up, then constant, then a cosine to zero over the last `cooldown` of the run.
    """
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

"""Beginning with the weights of another run, wherever it was trained."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.branches import every_graph
from training.earlier_zoos import how_to_get

HALF_SUFFIX = "_16bit"
"""What the name of a weight that is stored in 16 bits ends with in an exported network."""

BROKEN = (
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    pickle.UnpicklingError,
)
"""What torch raises for a file that is cut short or holds something else; the OSError of a cut one
has no file name."""

MERGED = "merged_weights"
"""The property of an exported network that names the weights kept under another one's name."""


def warm_start(network: nn.Module, weights: Path, *, part: str | None = None) -> None:
    """Begin with the averaged weights of another run, wherever that run was trained.

    Args:
        network: the network to fill.
        weights: ``weights.pt`` of a run, or an ONNX file of the zoo, whose run may be long gone. The
            locator's ONNX file will not do: its normalisation was folded into the convolutions.
        part: the name of another network that the run trained beside its model, such as the
            discriminator; `weights` is the run's ``checkpoint.pt`` then.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is missing, damaged, or of another network.
    """
    try:
        network.load_state_dict(_read(weights, network, part))
    except FileNotFoundError as error:
        raise ValueError(
            f"The weights {weights} to start from are missing; {how_to_get(weights)}"
        ) from error
    except BROKEN as error:
        if isinstance(error, OSError) and error.filename:
            raise
        raise ValueError(
            f"The weights {weights} to start from are damaged or belong to another network; "
            "train their recipe again with the same widths and latent."
        ) from error


def add_training(network: nn.Module, earlier: Path, later: Path, share: float = 1.0) -> None:
    """Add to a network what a run learned, as the difference of the weights at its end and its begin.

    Networks that descend from the same weights gain by each other's training without another step (task
    arithmetic: Ilharco et al. 2023, arXiv 2212.04089, section 2).

    Args:
        network: the network to change, of the same shape as both.
        earlier: what the run began with, as in :func:`warm_start`.
        later: what it ended with.
        share: how much of it is added.

    Raises:
        ValueError: a file is missing, damaged, or of another network.
    """
    own = {name: value.clone() for name, value in network.state_dict().items()}
    ends = []
    for path in (earlier, later):
        warm_start(network, path)
        ends.append({name: value.clone() for name, value in network.state_dict().items()})
    network.load_state_dict(
        {name: own[name] + share * (ends[1][name] - ends[0][name]) for name in own}
    )


def read_part(weights: Path, part: str) -> dict[str, Tensor]:
    """The weights of a network that others end in, whatever its size.

    Args:
        weights: ``weights.pt`` of its own run, or an ONNX file of the zoo that it is a part of.
        part: what the names of its weights begin with there, such as ``finer.``.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it is missing, damaged, or holds no such network.
    """
    try:
        if weights.suffix != ".onnx":
            found: dict[str, Tensor] = torch.load(weights, map_location="cpu", weights_only=True)
            return found
        every = _initialisers(weights)
        inside = {
            name.removeprefix(part): value for name, value in every.items() if name.startswith(part)
        }
        if not inside:
            raise LookupError(f"{weights} has no {part}")
    except FileNotFoundError as error:
        raise ValueError(f"The weights {weights} are missing; {how_to_get(weights)}") from error
    except BROKEN as error:
        if isinstance(error, OSError) and error.filename:
            raise
        raise ValueError(
            f"The weights {weights} are damaged or hold no such network; copy them again, or train "
            "their recipe again."
        ) from error
    return inside


def _read(weights: Path, network: nn.Module, part: str | None) -> dict[str, Tensor]:
    if weights.suffix == ".onnx":
        return _weights_of_onnx(weights, network)
    state = torch.load(weights, map_location="cpu", weights_only=True)
    found: dict[str, Tensor] = state if part is None else state["task"]["networks"][part]
    return found


def _weights_of_onnx(path: Path, network: nn.Module) -> dict[str, Tensor]:
    """The weights of an exported network."""
    names = network.state_dict().keys()
    return {name: value for name, value in _initialisers(path).items() if name in names}


def _initialisers(path: Path) -> dict[str, Tensor]:
    """The initialisers of an exported network under the names that they have in torch."""
    # Only a warm start from the zoo needs onnx, which a machine that merely trains may lack.
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from onnx import numpy_helper

    try:
        model = onnx.load(str(path))
    except DecodeError as error:
        raise RuntimeError(f"{path} is no ONNX file") from error
    found: dict[str, Tensor] = {}
    for tensor in (each for graph in every_graph(model.graph) for each in graph.initializer):
        if tensor.data_type in (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16):
            values = numpy_helper.to_array(tensor).astype(np.float32)
            found[_name_in_torch(tensor.name)] = torch.from_numpy(values)
    properties = {each.key: each.value for each in model.metadata_props}
    for name, twin in json.loads(properties.get(MERGED, "{}")).items():
        found[_name_in_torch(name)] = found[_name_in_torch(twin)].clone()
    return found


def _name_in_torch(name: str) -> str:
    return name.removesuffix(HALF_SUFFIX).removeprefix("network.")

"""What the commands of ``revisage-train`` make of the options that they share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

RECIPES = Path(__file__).parent / "recipes"
"""The bundled recipes."""

ZOO = Path(__file__).parents[1] / "model_zoo"
"""The models that ship."""


def data_folder(options: argparse.Namespace) -> Path:
    """The data folder.

    Raises:
        ValueError: none is named, or it is not there.
    """
    if options.data is None:
        raise ValueError("No data folder is known; name it with --data or REVISAGE_DATA.")
    if not options.data.is_dir():
        raise ValueError(
            f"The data folder {options.data} does not exist; name another with --data."
        )
    return Path(options.data)


def training_data(options: argparse.Namespace) -> Path:
    """The data folder; without one the folder that compact packs bring along."""
    carried = options.packs / "data"
    if options.data is None and carried.is_dir():
        return Path(carried)
    return data_folder(options)


def device_of(name: str) -> torch.device:
    """The device of ``--device``.

    Raises:
        ValueError: there is none of that name here.
    """
    import torch

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name.split(":")[0] not in ("cpu", "cuda"):
        raise ValueError(f"There is no device {name}; give --device auto, cpu or cuda.")
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise ValueError("This torch finds no CUDA device; give --device cpu.")
    return torch.device(name)


def refuse_below(options: argparse.Namespace, **least: int) -> None:
    """Raise ValueError for an option that is smaller than the least number that has a meaning."""
    for name, number in least.items():
        given = getattr(options, name)
        if given is not None and given < number:
            raise ValueError(f"--{name} {given} has no meaning; give {number} or more.")

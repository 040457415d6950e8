"""The weights of VGG-19 for the perceptual losses, from either of the two files that people have.

``vgg19_to_relu3_4.npz`` holds the first layers of the network of Simonyan & Zisserman 2014 as it was
trained with Caffe, ``vgg19-dcbb9e9d.pth`` is torchvision's own training of it. They want their input in
different forms, see :attr:`Vgg19.caffe`.
"""

from __future__ import annotations

import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

LAYERS = ("1_1", "1_2", "P", "2_1", "2_2", "P", "3_1", "3_2", "3_3", "3_4")
"""Convolutions, each with a ReLU, and the pooling between them."""

FILES = ("vgg19_to_relu3_4.npz", "vgg19-dcbb9e9d.pth")

PLACES = {"1_1": 0, "1_2": 2, "2_1": 5, "2_2": 7, "3_1": 10, "3_2": 12, "3_3": 14, "3_4": 16}
"""Where torchvision's ``features`` have the convolutions."""

OF_TORCHVISION = "torchvision"
"""The entry of a table that was made of torchvision's file."""


@dataclass(frozen=True, kw_only=True)
class Vgg19:
    """The layers up to ReLU 3_4.

    Attributes:
        weights: ``w1_1`` (out, in, 3, 3), ``b1_1`` (out,) and so on, float32.
        caffe: the input is BGR 0..255 minus Caffe's mean, otherwise RGB 0..1 normalised by the mean and
            deviation of ImageNet.
    """

    weights: Mapping[str, NDArray[np.float32]]
    caffe: bool


def find_vgg19(instruments: Path) -> Path | None:
    """The file of the weights, or None."""
    found = (instruments / name for name in FILES)
    return next((path for path in found if path.exists()), None)


def read_vgg19(path: Path) -> Vgg19:
    """Read either file.

    Raises:
        ValueError: it is something else.
    """
    try:
        return _of_torchvision(path) if path.suffix == ".pth" else _of_table(path)
    except (ValueError, KeyError, EOFError, RuntimeError, pickle.UnpicklingError) as error:
        raise ValueError(f"{path} does not hold VGG-19; get the file again.") from error
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path} is damaged; get the file again.") from error


def write_vgg19(source: Path, out: Path) -> Path:
    """Write the layers as a small table (16-bit) that :func:`read_vgg19` reads; returns the file."""
    network = read_vgg19(source)
    out.mkdir(parents=True, exist_ok=True)
    table = {name: values.astype(np.float16) for name, values in network.weights.items()}
    if not network.caffe:
        table[OF_TORCHVISION] = np.ones(1, np.float16)
    path = out / FILES[0]
    np.savez(path, **table)  # type: ignore[arg-type]
    return path


def _of_table(path: Path) -> Vgg19:
    with np.load(path) as table:
        names = [kind + layer for layer in PLACES for kind in "wb"]
        weights = {name: table[name].astype(np.float32) for name in names}
        return Vgg19(weights=weights, caffe=OF_TORCHVISION not in table.files)


def _of_torchvision(path: Path) -> Vgg19:
    import torch

    state = torch.load(path, map_location="cpu", weights_only=True)
    weights = {}
    for layer, place in PLACES.items():
        weights[f"w{layer}"] = state[f"features.{place}.weight"].float().numpy()
        weights[f"b{layer}"] = state[f"features.{place}.bias"].float().numpy()
    return Vgg19(weights=weights, caffe=False)

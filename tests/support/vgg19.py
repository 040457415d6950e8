"""VGG-19 with random weights, in both of the forms that people have it in."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.vgg19 import PLACES

WIDTHS = {"1": 64, "2": 128, "3": 256}


def vgg19_table() -> dict[str, NDArray[np.float16]]:
    """The entries of ``vgg19_to_relu3_4.npz``."""
    rng = np.random.default_rng(19)
    table: dict[str, NDArray[np.float16]] = {}
    inputs = 3
    for layer in PLACES:
        outputs = WIDTHS[layer[0]]
        deviation = np.sqrt(2 / (9 * inputs))
        values: Any = rng.normal(0, deviation, (outputs, inputs, 3, 3))
        table[f"w{layer}"] = values.astype(np.float16)
        table[f"b{layer}"] = rng.normal(0, 0.05, outputs).astype(np.float16)
        inputs = outputs
    return table


def torchvision_state() -> dict[str, Tensor]:
    """The entries of torchvision's file that the perceptual losses need, and one that they do not."""
    table = vgg19_table()
    state = {"classifier.6.bias": torch.zeros(1000)}
    for layer, place in PLACES.items():
        state[f"features.{place}.weight"] = torch.from_numpy(table[f"w{layer}"]).float()
        state[f"features.{place}.bias"] = torch.from_numpy(table[f"b{layer}"]).float()
    return state

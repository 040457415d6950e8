"""VGG-19 features for the perceptual loss, and the input convention of networks trained with Caffe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

CAFFE_MEAN = (103.939, 116.779, 123.68)
VGG_LAYERS = ("1_1", "1_2", "P", "2_1", "2_2", "P", "3_1", "3_2", "3_3", "3_4")


class VggFeatures(nn.Module):
    """VGG-19 (Simonyan & Zisserman 2014) up to a named ReLU.

    For the perceptual loss (Johnson et al. 2016). The weights are fixed: they are read, never trained.
    """

    def __init__(self, weights: Path, last: str = "2_2") -> None:
        super().__init__()
        table = np.load(weights)
        self.names = VGG_LAYERS[: VGG_LAYERS.index(last) + 1]
        self.weights = nn.ParameterDict()
        for name in self.names:
            if name != "P":
                self.weights["w" + name] = _fixed(table["w" + name])
                self.weights["b" + name] = _fixed(table["b" + name])

    def forward(self, picture: Tensor) -> list[Tensor]:
        """(N, 3, H, W) RGB 0..1 to the activations after each second convolution of a block."""
        features = caffe_input(picture)
        seen: list[Tensor] = []
        for name in self.names:
            if name == "P":
                features = functional.max_pool2d(features, 2)
                continue
            features = functional.conv2d(
                features, self.weights["w" + name], self.weights["b" + name], padding=1
            )
            features = functional.relu(features)
            if name.endswith(("_2", "3_4")):
                seen.append(features)
        return seen


def caffe_input(picture: Tensor) -> Tensor:
    """RGB 0..1 to BGR 0..255 minus the Caffe mean."""
    mean = picture.new_tensor(CAFFE_MEAN).view(1, 3, 1, 1)
    return picture.flip(1) * 255 - mean


def _fixed(values: NDArray[np.floating]) -> nn.Parameter:
    return nn.Parameter(torch.from_numpy(values.astype(np.float32)), requires_grad=False)

"""VGG-19 features for the perceptual loss, and the input convention of networks trained with Caffe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.data.vgg19 import LAYERS, read_vgg19

CAFFE_MEAN = (103.939, 116.779, 123.68)
IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

GIVEN = ("_2", "3_4")
"""What the names of the layers end in that the losses look at."""


class VggFeatures(nn.Module):
    """VGG-19 (Simonyan & Zisserman 2014) up to a named ReLU.

    For the perceptual loss (Johnson et al. 2016). The weights are fixed: they are read, never trained.
    """

    def __init__(self, weights: Path, last: str = "2_2") -> None:
        """
        Args:
            weights: see :mod:`training.data.vgg19`.
            last: of the layers.

        Raises:
            ValueError: the file holds something else.
        """
        super().__init__()
        network = read_vgg19(weights)
        self.normalised = caffe_input if network.caffe else imagenet_input
        self.names = LAYERS[: LAYERS.index(last) + 1]
        self.weights = nn.ParameterDict()
        for name in self.names:
            if name != "P":
                self.weights["w" + name] = _fixed(network.weights["w" + name])
                self.weights["b" + name] = _fixed(network.weights["b" + name])

    @property
    def channels(self) -> list[int]:
        """Of the layers that it gives."""
        return [len(self.weights["b" + name]) for name in self.names if name.endswith(GIVEN)]

    @property
    def strides(self) -> list[int]:
        """Of the layers that it gives, in pixels of the picture."""
        before = (self.names[: place + 1] for place in range(len(self.names)))
        return [2 ** names.count("P") for names in before if names[-1].endswith(GIVEN)]

    def forward(self, picture: Tensor) -> list[Tensor]:
        """(N, 3, H, W) RGB 0..1 to the activations after each second convolution of a block."""
        features = self.normalised(picture)
        seen: list[Tensor] = []
        for name in self.names:
            if name == "P":
                features = functional.max_pool2d(features, 2)
                continue
            features = functional.conv2d(
                features, self.weights["w" + name], self.weights["b" + name], padding=1
            )
            features = functional.relu(features)
            if name.endswith(GIVEN):
                seen.append(features)
        return seen


def caffe_input(picture: Tensor) -> Tensor:
    """RGB 0..1 to BGR 0..255 minus the Caffe mean."""
    mean = picture.new_tensor(CAFFE_MEAN).view(1, 3, 1, 1)
    return picture.flip(1) * 255 - mean


def imagenet_input(picture: Tensor) -> Tensor:
    """RGB 0..1 normalised as torchvision's networks want it."""
    mean = picture.new_tensor(IMAGENET_MEAN).view(1, 3, 1, 1)
    deviation = picture.new_tensor(IMAGENET_DEVIATION).view(1, 3, 1, 1)
    return (picture - mean) / deviation


def _fixed(values: NDArray[np.floating]) -> nn.Parameter:
    return nn.Parameter(torch.from_numpy(values.astype(np.float32)), requires_grad=False)

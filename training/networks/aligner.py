"""The aligner: 68 landmarks from a face box, also under a mask."""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import ResidualBlock


class AlignerNetwork(nn.Module):
    """Strided residual encoder and one linear layer that adds to the mean shape.

    The last feature map is flattened, not pooled: a landmark's place is the answer.
    """

    mean_shape: Tensor

    def __init__(self, size: int = 96, widths: tuple[int, ...] = (32, 64, 128, 192)) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(12, widths[0], 3, padding=1)]
        for narrow, wide in itertools.pairwise(widths):
            layers += [ResidualBlock(narrow), nn.Conv2d(narrow, wide, 4, stride=2, padding=1)]
        layers += [ResidualBlock(widths[-1]), ResidualBlock(widths[-1]), nn.SiLU()]
        layers += [nn.Conv2d(widths[-1], 64, 1), nn.SiLU()]
        self.encoder = nn.Sequential(*layers)
        side = size // 2 ** len(widths)
        self.hidden = nn.Linear(64 * side * side, 256)
        self.landmarks = nn.Linear(256, 136)
        nn.init.zeros_(self.landmarks.weight)
        nn.init.zeros_(self.landmarks.bias)
        self.register_buffer("mean_shape", torch.full((68, 2), 0.5))

    def forward(self, face: Tensor) -> Tensor:
        """(N, 3, S, S) RGB 0..1 to landmarks (N, 68, 2) in 0..1 of the crop."""
        features = self.encoder(functional.pixel_unshuffle(face * 2 - 1, 2)).flatten(1)
        offsets = self.landmarks(functional.silu(self.hidden(features)))
        landmarks: Tensor = self.mean_shape + offsets.unflatten(1, (68, 2)).float() * 0.1
        return landmarks

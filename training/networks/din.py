"""The U-Net of the two-discriminator system (after Din et al. 2020, IEEE Access 8, 44276).

Both of its modules are this network: the map module sees the face, the editing module the face and
the map. Five blocks down and five up, instance normalisation (Ulyanov et al. 2016), LeakyReLU, tanh.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

BLOCKS = 5
DROPPED = 2
"""Decoder blocks, from the bottleneck up, with dropout."""


class FiveBlockUNet(nn.Module):
    """4x4 convolutions of stride 2; `width` channels after the first block, at most eight times that."""

    def __init__(self, inputs: int, outputs: int, width: int = 64, *, dropout: float = 0.0) -> None:
        super().__init__()
        widths = [width * min(8, 2**level) for level in range(BLOCKS)]
        self.down = nn.ModuleList()
        for level, (before, after) in enumerate(itertools.pairwise([inputs, *widths])):
            layers: list[nn.Module] = [nn.Conv2d(before, after, 4, 2, 1)]
            if level:
                layers.append(nn.InstanceNorm2d(after, affine=True))
            self.down.append(nn.Sequential(*layers, nn.LeakyReLU(0.2)))
        self.up = nn.ModuleList()
        for number, (before, after) in enumerate(itertools.pairwise(widths[::-1])):
            joined = before if number == 0 else 2 * before
            layers = [nn.ConvTranspose2d(joined, after, 4, 2, 1)]
            layers += [nn.InstanceNorm2d(after, affine=True), nn.LeakyReLU(0.2)]
            if dropout and number < DROPPED:
                layers.append(nn.Dropout2d(dropout))
            self.up.append(nn.Sequential(*layers))
        self.head = nn.ConvTranspose2d(2 * width, outputs, 4, 2, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, inputs, S, S) in -1..1 to the values before the tanh, (N, outputs, S, S).

        S a multiple of 32, and 64 at least: one pixel has nothing to normalise by.
        """
        features, skips = pictures, []
        for block in self.down:
            features = block(features)
            skips.append(features)
        features = skips.pop()
        for block in self.up:
            features = torch.cat([block(features), skips.pop()], dim=1)
        values: Tensor = self.head(features)
        return values


class MapModule(nn.Module):
    """The map module: one logit per pixel."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.network = FiveBlockUNet(3, 1, width)

    def forward(self, face: Tensor) -> Tensor:
        """(N, 3, S, S) RGB 0..1 to logits (N, 1, S, S).

        The published output is t = tanh(x), read as the probability (1 + t) / 2. That is
        sigmoid(2 x), so the logit is 2 x.
        """
        values: Tensor = self.network(face * 2 - 1)
        return 2 * values


class EditingModule(nn.Module):
    """The editing module's generator: image and map in, the face without the mask out."""

    def __init__(self, width: int = 64, dropout: float = 0.5) -> None:
        super().__init__()
        self.network = FiveBlockUNet(4, 3, width, dropout=dropout)

    def forward(self, face: Tensor, hole: Tensor) -> Tensor:
        """Reconstruct the whole face.

        Args:
            face: (N, 3, S, S) RGB 0..1; its values inside the map are ignored.
            hole: (N, 1, S, S), 1 inside the map and 0 outside.

        Returns:
            (N, 3, S, S) 0..1: the tanh output, moved from -1..1.
        """
        seen = torch.cat([face * (1 - hole) * 2 - 1, hole * 2 - 1], dim=1)
        return torch.tanh(self.network(seen)) * 0.5 + 0.5

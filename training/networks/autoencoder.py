"""The convolutional autoencoder for unmasking of Shete et al.

A face goes in with its mask and comes out without it; everything passes through the bottleneck, for
there are no skips. The published description names the kind of network (convolutions and pooling,
convolutions and upsampling, sigmoid output); the number of levels and the widths are ours.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

LEVELS = 4


class Autoencoder(nn.Module):
    """Encoder and decoder, `width` channels at full resolution, twice as many at each level below."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(LEVELS)]
        down: list[nn.Module] = []
        for inputs, outputs in itertools.pairwise([3, *widths]):
            down += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        up: list[nn.Module] = []
        for inputs, outputs in itertools.pairwise([widths[-1], *widths[::-1]]):
            up += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2)]
        self.encoder = nn.Sequential(*down)
        self.decoder = nn.Sequential(*up, nn.Conv2d(width, 3, 3, padding=1))

    def forward(self, face: Tensor, hole: Tensor) -> Tensor:
        """Reconstruct the whole face.

        Args:
            face: (N, 3, S, S) RGB 0..1; its values inside the map are ignored. S a multiple of 16.
            hole: (N, 1, S, S), 1 inside the map and 0 outside.

        Returns:
            (N, 3, S, S) 0..1.
        """
        return torch.sigmoid(self.decoder(self.encoder(face * (1 - hole))))

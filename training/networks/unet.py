"""The U-Net (Ronneberger et al. 2015, arXiv 1505.04597, fig. 1), as Sivakumar uses it.

Convolutions are padded, so that the output has the input's size, and followed by batch normalisation
(Ioffe & Szegedy 2015), as is usual since; the output is a sigmoid.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

LEVELS = 4


def _double(inputs: int, outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for first in (inputs, outputs):
        layers += [nn.Conv2d(first, outputs, 3, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Two convolutions per level, max pooling down, 2x2 transposed convolutions up, skips joined.

    RGB2RGB has three output channels, RGB2SKETCH one.
    """

    def __init__(self, channels: int, width: int = 64) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(LEVELS + 1)]
        self.encoder = nn.ModuleList(
            [_double(inputs, outputs) for inputs, outputs in itertools.pairwise([3, *widths])]
        )
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ModuleList(
            [nn.ConvTranspose2d(2 * narrow, narrow, 2, stride=2) for narrow in widths[-2::-1]]
        )
        self.decoder = nn.ModuleList([_double(2 * narrow, narrow) for narrow in widths[-2::-1]])
        self.head = nn.Conv2d(width, channels, 1)

    def forward(self, face: Tensor, hole: Tensor) -> Tensor:
        """Reconstruct the whole face or its sketch.

        Args:
            face: (N, 3, S, S) RGB 0..1; its values inside the map are ignored. S a multiple of 16.
            hole: (N, 1, S, S), 1 inside the map and 0 outside.

        Returns:
            (N, channels, S, S) 0..1.
        """
        features = face * (1 - hole)
        skips: list[Tensor] = []
        for level, block in enumerate(self.encoder):
            features = block(self.pool(features) if level else features)
            skips.append(features)
        features = skips.pop()
        for up, block in zip(self.up, self.decoder, strict=True):
            features = block(torch.cat([skips.pop(), up(features)], dim=1))
        return torch.sigmoid(self.head(features))

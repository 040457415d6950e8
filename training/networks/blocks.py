"""Building blocks that several networks share."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """Pre-activation residual block without normalisation (He et al. 2016, arXiv 1603.05027).

    The second convolution starts at zero (Zhang et al. 2019, Fixup), so a deep stack starts as the
    identity and needs no normalisation, which would leak the hole's statistics into the visible face.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        if self.second.bias is not None:
            nn.init.zeros_(self.second.bias)
        self.activation = nn.SiLU()

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape."""
        inner = self.second(self.activation(self.first(self.activation(features))))
        merged: Tensor = features + inner
        return merged


class Upsample(nn.Module):
    """1x1 convolution and pixel shuffle (Shi et al. 2016); then the skip is joined and mixed in."""

    def __init__(self, channels: int, skip: int, out: int) -> None:
        super().__init__()
        self.expand = nn.Conv2d(channels, out * 4, 1)
        self.shuffle = nn.PixelShuffle(2)
        self.mix = nn.Conv2d(out + skip, out, 3, padding=1)

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """(N, C, H, W) and the skip (N, S, 2H, 2W) to (N, out, 2H, 2W)."""
        mixed: Tensor = self.mix(torch.cat([self.shuffle(self.expand(features)), skip], dim=1))
        return mixed

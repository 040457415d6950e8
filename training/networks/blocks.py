"""Building blocks that several networks share."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


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


class SelfAttention(nn.Module):
    """Every place looks at every other one (Zhang et al. 2019, SAGAN, section 3), in several heads.

    Queries and keys have length one and a learned sharpness (Henry et al. 2020, arXiv 2010.04245), so
    that no normalisation is needed before them. The last convolution starts at zero, as in
    :class:`ResidualBlock`.
    """

    def __init__(self, channels: int, heads: int) -> None:
        """Args: channels of the features, and heads, which they can be shared by equally."""
        super().__init__()
        self.heads = heads
        self.questions = nn.Conv2d(channels, 3 * channels, 1)
        self.answer = nn.Conv2d(channels, channels, 1)
        # Used as it is, since a function of it would be folded into another number by an export.
        self.sharpness = nn.Parameter(torch.full((heads, 1, 1), 8.0))
        nn.init.zeros_(self.answer.weight)
        if self.answer.bias is not None:
            nn.init.zeros_(self.answer.bias)

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape."""
        split = self.questions(features).flatten(2).unflatten(1, (3 * self.heads, -1))
        query, key, value = split.transpose(2, 3).chunk(3, dim=1)
        query = functional.normalize(query, dim=-1) * self.sharpness
        match = torch.softmax(query @ functional.normalize(key, dim=-1).transpose(2, 3), dim=-1)
        seen = (match @ value).transpose(2, 3).flatten(1, 2)
        merged: Tensor = features + self.answer(seen.unflatten(2, features.shape[2:]))
        return merged

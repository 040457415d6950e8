"""A discriminator that looks at the features of a fixed network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm


class ProjectedDiscriminator(nn.Module):
    """Small heads on the features of a fixed network, one per layer, after Projected GAN.

    Sauer et al. 2021 (arXiv 2111.01007, section 3.1), without their random mixing of layers and
    channels. What a face looks like need not be learned first, which a discriminator from random
    weights does not manage in some thousand small batches.
    """

    def __init__(
        self, channels: Sequence[int], strides: Sequence[int], *, width: int = 64, reach: int = 8
    ) -> None:
        """
        Args:
            channels: of the fixed network's layers.
            strides: theirs, in pixels of the picture.
            width: channels of the heads.
            reach: the stride of all scores, in pixels; a layer of a larger one keeps its own.
        """
        super().__init__()
        self.heads = nn.ModuleList(
            _head(channel, max(0, (reach // stride).bit_length() - 1), width)
            for channel, stride in zip(channels, strides, strict=True)
        )

    def forward(self, features: Sequence[Tensor], hole: Tensor) -> list[Tensor]:
        """Score patches.

        Args:
            features: (N, C, h, w) of every layer, no value below 0.
            hole: (N, 1, H, W) {0, 1}, of the pictures.

        Returns:
            Scores of every layer, (N, 1, h', w').
        """
        scores: list[Tensor] = []
        for head, layer in zip(self.heads, features, strict=True):
            # Each place is measured by its own activity, as in LPIPS (Zhang et al. 2018, eq. 1): no
            # scale need be known, and a dark photo counts like a bright one.
            activity = layer.mean(dim=1, keepdim=True) + 1e-3
            shrunk = functional.adaptive_max_pool2d(hole, layer.shape[-2:])
            scores.append(head(torch.cat([layer / activity, shrunk.to(layer.dtype)], dim=1)))
        return scores


def _head(channels: int, halvings: int, width: int) -> nn.Sequential:
    layers: list[nn.Module] = [spectral_norm(nn.Conv2d(channels + 1, width, 1)), nn.LeakyReLU(0.2)]
    for _ in range(halvings):
        layers += [spectral_norm(nn.Conv2d(width, width, 4, 2, 1)), nn.LeakyReLU(0.2)]
    layers += [spectral_norm(nn.Conv2d(width, width, 3, 1, 1)), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, spectral_norm(nn.Conv2d(width, 1, 3, 1, 1)))

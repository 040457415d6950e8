"""Patch discriminators."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchDiscriminator(nn.Module):
    """Spectrally normalised patch discriminator.

    After Isola et al. 2017 and the SN-PatchGAN of Yu et al. 2019 (arXiv 1806.03589). It sees the
    picture and the map, and gives one score per patch and the features of every layer for feature
    matching (Wang et al. 2018, pix2pixHD, eq. 4).
    """

    def __init__(self, channels: int, widths: tuple[int, ...] = (64, 128, 256, 256)) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        previous = channels + 1
        for number, width in enumerate(widths):
            stride = 2 if number < len(widths) - 1 else 1
            layers.append(
                spectral_norm(nn.Conv2d(previous, width, 4 if stride == 2 else 3, stride, 1))
            )
            previous = width
        self.layers = nn.ModuleList(layers)
        self.score = spectral_norm(nn.Conv2d(previous, 1, 3, 1, 1))
        self.activation = nn.LeakyReLU(0.2)

    def forward(self, picture: Tensor, hole: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Score patches.

        Args:
            picture: (N, C, S, S) about 0..1.
            hole: (N, 1, S, S) {0, 1}.

        Returns:
            Scores (N, 1, S/8, S/8) and the features of every layer.
        """
        features = torch.cat([picture * 2 - 1, hole], dim=1)
        seen: list[Tensor] = []
        for layer in self.layers:
            features = self.activation(layer(features))
            seen.append(features)
        return self.score(features), seen

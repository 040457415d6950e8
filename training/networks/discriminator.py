"""Patch discriminators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from typing_extensions import override


class PatchDiscriminator(nn.Module):
    """Spectrally normalised patch discriminator.

    After Isola et al. 2017 and the SN-PatchGAN of Yu et al. 2019 (arXiv 1806.03589). It sees the
    picture and the map, and gives one score per patch and the features of every layer for feature
    matching (Wang et al. 2018, pix2pixHD, eq. 4).
    """

    def __init__(
        self, channels: int, widths: tuple[int, ...] = (64, 128, 256, 256), whole: int = 0
    ) -> None:
        """
        Args:
            channels: of the picture.
            widths: channels of the layers.
            whole: channels of two further layers, which see the whole face at once: patches alone let
                a mouth pass that stands under a second nose. 0 leaves them out.
        """
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
        self.whole_layers = nn.ModuleList()
        if whole:
            self.whole_layers.extend(
                spectral_norm(nn.Conv2d(width, whole, 4, 2, 1)) for width in (previous, whole)
            )
            self.whole_score = spectral_norm(nn.Conv2d(whole, 1, 3, 1, 1))
        self.activation = nn.LeakyReLU(0.2)

    def forward(self, picture: Tensor, hole: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Score patches.

        Args:
            picture: (N, C, S, S) about 0..1.
            hole: (N, 1, S, S) {0, 1}.

        Returns:
            Scores, (N, 1, S/8, S/8) and perhaps (N, 1, S/32, S/32), and the features of every layer.
        """
        features = torch.cat([picture * 2 - 1, hole], dim=1)
        seen: list[Tensor] = []
        for layer in self.layers:
            features = self.activation(layer(features))
            seen.append(features)
        scores = [self.score(features)]
        for layer in self.whole_layers:
            features = self.activation(layer(features))
            seen.append(features)
        if self.whole_layers:
            scores.append(self.whole_score(features))
        return scores, seen

    @override
    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> Any:
        """As torch's; a discriminator of patches alone leaves the layers of the whole as they are."""
        own = {
            name: value
            for name, value in self.state_dict().items()
            if name.startswith("whole_") and not any(key.startswith("whole_") for key in state_dict)
        }
        return super().load_state_dict({**own, **state_dict}, strict, assign)

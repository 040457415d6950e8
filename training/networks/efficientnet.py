"""EfficientNet-B0 (Tan & Le 2019, arXiv 1905.11946, table 1) without its classifier, as a backbone."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

STAGES = (
    # expansion, kernel, stride, channels, blocks
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
STEM = 32
TAKEN = (2, 4, 6)
"""Stages whose output the pyramid takes: strides 8, 16 and 32."""

BLOCKS = sum(stage[4] for stage in STAGES)


def normalised(channels: int) -> nn.BatchNorm2d:
    """Batch normalisation with the figures that EfficientNet and EfficientDet use."""
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def scaled(channels: int, width: float) -> int:
    """A number of channels scaled and rounded to a multiple of 8, never down by more than a tenth.

    As the authors' code does it (``round_filters``).
    """
    wanted = channels * width
    rounded = max(8, int(wanted + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * wanted else rounded


class SqueezeExcite(nn.Module):
    """Channels weighted by what the whole picture shows (Hu et al. 2018)."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels, squeezed, 1)
        self.expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape."""
        pooled = features.mean(dim=(2, 3), keepdim=True)
        return features * torch.sigmoid(self.expand(functional.silu(self.reduce(pooled))))


class MobileBlock(nn.Module):
    """Inverted residual (Sandler et al. 2018) with squeeze and excitation, and drop-connect."""

    def __init__(
        self, inputs: int, outputs: int, expansion: int, kernel: int, stride: int, drop: float
    ) -> None:
        super().__init__()
        inner = inputs * expansion
        layers: list[nn.Module] = []
        if expansion > 1:
            layers += [nn.Conv2d(inputs, inner, 1, bias=False), normalised(inner), nn.SiLU()]
        layers += [
            nn.Conv2d(inner, inner, kernel, stride, kernel // 2, groups=inner, bias=False),
            normalised(inner),
            nn.SiLU(),
            SqueezeExcite(inner, max(1, inputs // 4)),
            nn.Conv2d(inner, outputs, 1, bias=False),
            normalised(outputs),
        ]
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs
        self.drop = drop

    def forward(self, features: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        output: Tensor = self.layers(features)
        if not self.residual:
            return output
        if self.training and self.drop:
            kept = torch.rand(len(output), 1, 1, 1, device=output.device) >= self.drop
            output = output * kept / (1 - self.drop)
        return features + output


class EfficientNetB0(nn.Module):
    """The features at strides 8, 16 and 32; `width` 1 is the published size.

    `drop` is the share of the last block's residuals that are left out in training (drop-connect).
    """

    def __init__(self, width: float = 1.0, *, drop: float = 0.2) -> None:
        super().__init__()
        before = scaled(STEM, width)
        self.stem = nn.Sequential(
            nn.Conv2d(3, before, 3, 2, 1, bias=False), normalised(before), nn.SiLU()
        )
        self.stages = nn.ModuleList()
        number = 0
        for expansion, kernel, stride, channels, blocks in STAGES:
            after = scaled(channels, width)
            layers = []
            for block in range(blocks):
                layers.append(
                    MobileBlock(
                        before,
                        after,
                        expansion,
                        kernel,
                        stride if block == 0 else 1,
                        drop * number / BLOCKS,
                    )
                )
                before, number = after, number + 1
            self.stages.append(nn.Sequential(*layers))
        self.channels = tuple(scaled(STAGES[stage][3], width) for stage in TAKEN)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                # By what leaves one filter: torch's own rule takes a depthwise layer for a dense one
                # and draws its weights too small by the root of its channels.
                fan_out = layer.weight[0, 0].numel() * layer.out_channels // layer.groups
                nn.init.normal_(layer.weight, 0.0, math.sqrt(2 / fan_out))
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, picture: Tensor) -> list[Tensor]:
        """(N, 3, H, W), normalised, to three feature maps."""
        features = self.stem(picture)
        seen: list[Tensor] = []
        for number, stage in enumerate(self.stages):
            features = stage(features)
            if number in TAKEN:
                seen.append(features)
        return seen

"""The weighted bidirectional feature pyramid (BiFPN) of EfficientDet (Tan et al. 2020, section 3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.efficientnet import normalised

LEVELS = 5
"""P3 to P7: strides 8 to 128."""

EPSILON = 1e-4


def projection(inputs: int, outputs: int) -> nn.Sequential:
    """1x1 convolution that brings a backbone's feature map to the pyramid's width."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1), normalised(outputs))


def separable(inputs: int, outputs: int) -> nn.Sequential:
    """Depthwise 3x3 and pointwise convolution.

    With torch's own initial weights, otherwise than in the authors' code: there they are drawn so small
    that the heads learn later, which costs a short run more than it gains.
    """
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
        nn.Conv2d(inputs, outputs, 1),
    )


class Fusion(nn.Module):
    """Fast normalised fusion (section 3.3): sum of w_i I_i / (epsilon + sum of w_j), w_i >= 0."""

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.ones(inputs))
        self.convolve = separable(channels, channels)
        self.normal = normalised(channels)

    def forward(self, features: list[Tensor]) -> Tensor:
        """Feature maps of one shape to one of that shape."""
        weights = functional.relu(self.weights)
        weights = weights / (weights.sum() + EPSILON)
        merged = torch.stack([part * weights[number] for number, part in enumerate(features)]).sum(
            dim=0
        )
        fused: Tensor = self.normal(self.convolve(functional.silu(merged)))
        return fused


class BiFpnLayer(nn.Module):
    """Top-down, then bottom-up with another edge from the input (fig. 2d).

    The first layer takes the backbone's three maps: it makes P6 and P7, and brings each map to the
    pyramid's width once for each of its uses.
    """

    def __init__(self, channels: int, backbone: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.down = nn.ModuleList([Fusion(2, channels) for _ in range(LEVELS - 1)])
        self.up = nn.ModuleList(
            [Fusion(3 if level < LEVELS - 2 else 2, channels) for level in range(LEVELS - 1)]
        )
        self.project = nn.ModuleList([projection(inputs, channels) for inputs in backbone])
        self.again = nn.ModuleList([projection(inputs, channels) for inputs in backbone[1:]])
        self.sixth = projection(backbone[-1], channels) if backbone else None

    def forward(self, levels: list[Tensor]) -> list[Tensor]:
        """P3 to P7, or the backbone's maps, to P3 to P7."""
        first = second = levels
        if self.sixth is not None:
            sixth = _half(self.sixth(levels[-1]))
            coarse = [sixth, _half(sixth)]
            first = [layer(x) for layer, x in zip(self.project, levels, strict=True)] + coarse
            second = [first[0]]
            second += [layer(x) for layer, x in zip(self.again, levels[1:], strict=True)]
            second += coarse
        middle = [first[-1]]
        for level in range(LEVELS - 2, -1, -1):
            larger = functional.interpolate(middle[0], size=first[level].shape[-2:], mode="nearest")
            middle.insert(0, self.down[level]([first[level], larger]))
        outputs = [middle[0]]
        for level in range(1, LEVELS):
            smaller = _half(outputs[-1])
            inputs = [second[level], smaller]
            if level < LEVELS - 1:
                inputs.insert(1, middle[level])
            outputs.append(self.up[level - 1](inputs))
        return outputs


def _half(features: Tensor) -> Tensor:
    return functional.max_pool2d(features, 3, 2, 1)

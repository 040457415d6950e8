"""Generator and discriminator of pix2pix (Isola et al. 2017, arXiv 1611.07004).

Layers as in its appendix 6.1: 4x4 convolutions with stride 2, batch normalisation except in the first
layer and the bottleneck, weights drawn from N(0, .02).
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional

DROPPED = 3
"""Decoder layers, from the bottleneck up, with dropout: the only noise that pix2pix has."""

NORMALISATIONS: dict[str, type[nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "instance": nn.InstanceNorm2d,
}


class Pix2PixGenerator(nn.Module):
    """The "U-Net 256": C64-C128-C256-C512-C512-C512-C512-C512 and back, skips at every level.

    With `width` 64 and `depth` 8 it has 54.4 M parameters. `depth` 8 takes 256 px to one pixel; smaller
    pictures want fewer levels.
    """

    def __init__(self, width: int = 64, depth: int = 8) -> None:
        super().__init__()
        widths = [width * min(8, 2**level) for level in range(depth)]
        self.down = nn.ModuleList()
        for level, (inputs, outputs) in enumerate(itertools.pairwise([3, *widths])):
            # A bottleneck of one pixel has no variance to normalise by.
            normal = 0 < level < depth - 1
            layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=not normal)]
            if normal:
                layers.append(nn.BatchNorm2d(outputs))
            self.down.append(nn.Sequential(*layers))
        self.up = nn.ModuleList()
        for number, (inputs, outputs) in enumerate(itertools.pairwise(widths[::-1])):
            joined = inputs if number == 0 else 2 * inputs
            layers = [nn.ConvTranspose2d(joined, outputs, 4, 2, 1, bias=False)]
            layers.append(nn.BatchNorm2d(outputs))
            if number < min(DROPPED, depth - 2):
                layers.append(nn.Dropout(0.5))
            self.up.append(nn.Sequential(*layers))
        self.head = nn.ConvTranspose2d(2 * width, 3, 4, 2, 1)
        self.apply(draw_weights)

    def forward(self, face: Tensor, hole: Tensor) -> Tensor:
        """Reconstruct the whole face.

        Args:
            face: (N, 3, S, S) RGB 0..1; its values inside the map are ignored. S a multiple of
                2 ** depth.
            hole: (N, 1, S, S), 1 inside the map and 0 outside.

        Returns:
            (N, 3, S, S) 0..1: the paper's tanh output, moved from -1..1.
        """
        features = condition(face, hole)
        skips: list[Tensor] = []
        for level, layer in enumerate(self.down):
            features = layer(functional.leaky_relu(features, 0.2) if level else features)
            skips.append(features)
        features = skips.pop()
        for layer in self.up:
            features = torch.cat([layer(functional.relu(features)), skips.pop()], dim=1)
        return torch.tanh(self.head(functional.relu(features))) * 0.5 + 0.5


class PatchGan(nn.Module):
    """The 70x70 discriminator: C64-C128-C256-C512 and one score per patch, strides 2, 2, 2, 1, 1.

    With `width` 64 and six input channels it has 2.77 M parameters, and a score sees 70x70 pixels.
    """

    def __init__(self, channels: int, width: int = 64, normalisation: str = "batch") -> None:
        super().__init__()
        normal = NORMALISATIONS[normalisation]
        layers: list[nn.Module] = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        for level in (1, 2, 3):
            inputs, outputs = width * 2 ** (level - 1), width * 2**level
            stride = 2 if level < 3 else 1
            biased = normalisation == "instance"
            layers += [nn.Conv2d(inputs, outputs, 4, stride, 1, bias=biased)]
            layers += [normal(outputs), nn.LeakyReLU(0.2)]
        layers.append(nn.Conv2d(8 * width, 1, 4, 1, 1))
        self.layers = nn.Sequential(*layers)
        self.apply(draw_weights)

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, channels, S, S), pictures in -1..1, to logits (N, 1, S/8 - 2, S/8 - 2)."""
        scores: Tensor = self.layers(pictures)
        return scores


def condition(face: Tensor, hole: Tensor) -> Tensor:
    """What generator and discriminator are shown of a face: 0..1 moved to -1..1, the map black."""
    return face * (1 - hole) * 2 - 1


def draw_weights(layer: nn.Module) -> None:
    """Initial weights of the paper's section 6.2."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0.0, 0.02)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
        nn.init.zeros_(layer.bias)

"""Inpainting with gated convolution (Yu et al. 2019, arXiv 1806.03589), as Fan et al. use it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from training.networks.attention import contextual_attention

DILATIONS = (2, 4, 8, 16)


class GatedConvolution(nn.Module):
    """ELU(features) times sigmoid(gate), both from one convolution (eq. 3).

    Args:
        channels: of the convolution; half of them are gates, so half come out.
    """

    def __init__(
        self,
        inputs: int,
        channels: int,
        kernel: int = 3,
        *,
        stride: int = 1,
        dilation: int = 1,
        relu: bool = False,
    ) -> None:
        super().__init__()
        padding = dilation * (kernel - 1) // 2
        self.convolution = nn.Conv2d(inputs, channels, kernel, stride, padding, dilation)
        self.relu = relu

    def forward(self, features: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, channels / 2, H / stride, W / stride)."""
        values, gate = self.convolution(features).chunk(2, dim=1)
        values = functional.relu(values) if self.relu else functional.elu(values)
        return values * torch.sigmoid(gate)


def _encoder(widths: tuple[int, int, int, int], channels: int) -> list[nn.Module]:
    """Down to a quarter of the size, `channels` wide at the end."""
    first, second, third, fourth = widths
    return [
        GatedConvolution(5, first, 5),
        GatedConvolution(first // 2, second, stride=2),
        GatedConvolution(second // 2, third),
        GatedConvolution(third // 2, fourth, stride=2),
        GatedConvolution(fourth // 2, channels),
    ]


def _middle(channels: int) -> list[nn.Module]:
    """The dilated convolutions, which see the whole map."""
    plain = GatedConvolution(channels // 2, channels)
    return [plain, *[GatedConvolution(channels // 2, channels, dilation=d) for d in DILATIONS]]


def _decoder(width: int) -> list[nn.Module]:
    """Two convolutions at a quarter of the size, then up to the picture in -1..1."""
    layers: list[nn.Module] = [
        GatedConvolution(2 * width, 4 * width),
        nn.Upsample(scale_factor=2),
        GatedConvolution(2 * width, 2 * width),
        GatedConvolution(width, 2 * width),
        nn.Upsample(scale_factor=2),
        GatedConvolution(width, width),
        GatedConvolution(width // 2, max(4, width // 2)),
        nn.Conv2d(max(4, width // 2) // 2, 3, 3, padding=1),
        nn.Tanh(),
    ]
    return layers


class GatedGenerator(nn.Module):
    """Coarse network, and refinement with a dilated and an attention branch (fig. 3).

    With `width` 48 it has the published 4.1 M parameters; half of a layer's channels are gates. The
    layers are those of the authors' code. Otherwise than there, the refinement is shown the map like the
    coarse network, so that it knows where the coarse picture was pasted, and every face's own map says
    which patches the attention may use.
    """

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        w = width
        self.coarse = nn.Sequential(
            *_encoder((w, 2 * w, 2 * w, 4 * w), 4 * w),
            *_middle(4 * w),
            GatedConvolution(2 * w, 4 * w),
            *_decoder(w),
        )
        self.dilated = nn.Sequential(*_encoder((w, w, 2 * w, 2 * w), 4 * w), *_middle(4 * w))
        self.before = nn.Sequential(
            *_encoder((w, w, 2 * w, 4 * w), 4 * w), GatedConvolution(2 * w, 4 * w, relu=True)
        )
        self.after = nn.Sequential(*[GatedConvolution(2 * w, 4 * w) for _ in range(2)])
        self.decoder = nn.Sequential(GatedConvolution(4 * w, 4 * w), *_decoder(w))

    def stages(self, face: Tensor, hole: Tensor) -> tuple[Tensor, Tensor]:
        """Both stages' pictures, (N, 3, S, S) 0..1; arguments as in :meth:`forward`."""
        known = (face * 2 - 1) * (1 - hole)
        ones = torch.ones_like(hole)
        coarse = self.coarse(torch.cat([known, ones, hole], dim=1))
        pasted = torch.cat([known + coarse * hole, ones, hole], dim=1)
        features = self.before(pasted)
        small = functional.max_pool2d(hole, 4)
        attended = self.after(contextual_attention(features.float(), small).to(features.dtype))
        fine = self.decoder(torch.cat([self.dilated(pasted), attended], dim=1))
        return coarse * 0.5 + 0.5, fine * 0.5 + 0.5

    def forward(self, face: Tensor, hole: Tensor) -> Tensor:
        """Fill the map.

        Args:
            face: (N, 3, S, S) RGB 0..1; its values inside the map are ignored. S a multiple of 8.
            hole: (N, 1, S, S), 1 inside the map and 0 outside.

        Returns:
            (N, 3, S, S) 0..1, the visible face copied.
        """
        return face * (1 - hole) + self.stages(face, hole)[1] * hole


class SnPatchGan(nn.Module):
    """Six spectrally normalised 5x5 convolutions of stride 2 (section 3.2, fig. 4).

    Every value of the last layer is a score of its own. Otherwise than in the authors' code, that layer
    has no leaky rectifier, see below.
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 4
        for after in (width, 2 * width, 4 * width, 4 * width, 4 * width, 4 * width):
            layers += [spectral_norm(nn.Conv2d(before, after, 5, 2, 2)), nn.LeakyReLU(0.2)]
            before = after
        # The last layer's values are the scores: a rectifier would cut the fakes' side of the hinge.
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, picture: Tensor, hole: Tensor) -> Tensor:
        """(N, 3, S, S) 0..1 and (N, 1, S, S) {0, 1} to scores (N, 4 width, S/64, S/64)."""
        scores: Tensor = self.layers(torch.cat([picture * 2 - 1, hole], dim=1))
        return scores

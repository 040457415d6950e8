"""EfficientDet-D0 (Tan et al. 2020, arXiv 1911.09070), the mask detector of Fan et al.

Trained from random weights: the published ones start from ImageNet.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.bifpn import LEVELS, BiFpnLayer, separable
from training.networks.efficientnet import EfficientNetB0, normalised, scaled

STRIDES = (8, 16, 32, 64, 128)
ASPECTS = ((1.0, 1.0), (1.4, 0.7), (0.7, 1.4))
SCALES = (1.0, 2 ** (1 / 3), 2 ** (2 / 3))
ANCHOR_SCALE = 4.0
ANCHORS = len(ASPECTS) * len(SCALES)
"""Anchors per place."""

PRIOR = 0.01
"""Probability of a class before training (Lin et al. 2017, 4.1)."""

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

CLASSES = 2
"""Bare face and masked face."""


class Head(nn.Module):
    """Separable convolutions shared by all levels; the normalisation is each level's own."""

    def __init__(self, channels: int, outputs: int, layers: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList([separable(channels, channels) for _ in range(layers)])
        self.normals = nn.ModuleList(
            [nn.ModuleList([normalised(channels) for _ in range(LEVELS)]) for _ in range(layers)]
        )
        self.predict = separable(channels, outputs)

    def forward(self, levels: list[Tensor]) -> list[Tensor]:
        """P3 to P7 to one prediction each."""
        outputs = []
        for number, features in enumerate(levels):
            for convolution, normals in zip(self.convolutions, self.normals, strict=True):
                assert isinstance(normals, nn.ModuleList)
                features = functional.silu(normals[number](convolution(features)))
            outputs.append(self.predict(features))
        return outputs


class EfficientDet(nn.Module):
    """D0: EfficientNet-B0, three BiFPN layers of 64 channels, three layers in each head (table 1).

    `width` scales the channels of backbone and pyramid; 1 is the published size, 3.9 M parameters.
    Padding is the same on all sides, as usual in torch; TensorFlow's lies at the right and the bottom.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, width: float = 1.0, *, classes: int = CLASSES) -> None:
        super().__init__()
        self.classes = classes
        channels = scaled(64, width)
        # Without drop-connect: the authors' code switches it off in D0.
        self.backbone = EfficientNetB0(width, drop=0.0)
        self.pyramid = nn.ModuleList(
            [
                BiFpnLayer(channels, self.backbone.channels),
                *[BiFpnLayer(channels) for _ in range(2)],
            ]
        )
        self.classify = Head(channels, ANCHORS * classes, 3)
        self.regress = Head(channels, ANCHORS * 4, 3)
        last = self.classify.predict[1]
        assert isinstance(last, nn.Conv2d)
        last.bias = nn.Parameter(torch.full((ANCHORS * classes,), -math.log((1 - PRIOR) / PRIOR)))
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(DEVIATION).view(1, 3, 1, 1))

    def forward(self, photo: Tensor) -> tuple[Tensor, Tensor]:
        """Raw predictions for every anchor; see :func:`anchors_of` for their order.

        Args:
            photo: (N, 3, H, W) RGB 0..1, H and W multiples of 64.

        Returns:
            Class logits (N, A, classes) and box offsets (N, A, 4): y, x, log height, log width.
        """
        features: list[Tensor] = self.backbone((photo - self.mean) / self.deviation)
        for layer in self.pyramid:
            features = layer(features)
        return (
            torch.cat([_rows(part, self.classes) for part in self.classify(features)], dim=1),
            torch.cat([_rows(part, 4) for part in self.regress(features)], dim=1),
        )


def _rows(prediction: Tensor, values: int) -> Tensor:
    """(N, ANCHORS * values, h, w) to (N, h * w * ANCHORS, values)."""
    rows: Tensor = prediction.unflatten(1, (ANCHORS, values))  # type: ignore[no-untyped-call]
    return rows.permute(0, 3, 4, 1, 2).flatten(1, 3).float()


def anchors_of(height: int, width: int, device: torch.device) -> Tensor:
    """(A, 4) centre y, x, height, width of all anchors in input pixels, level by level."""
    shapes = torch.tensor(
        [[scale * y, scale * x] for scale in SCALES for x, y in ASPECTS], device=device
    )
    levels = []
    for stride in STRIDES:
        # P7's map is rounded up, as pooling does; its last anchors may lie beyond the edge.
        rows, columns = (height + stride - 1) // stride, (width + stride - 1) // stride
        ys = (torch.arange(rows, device=device) + 0.5) * stride
        xs = (torch.arange(columns, device=device) + 0.5) * stride
        grid = torch.stack(torch.meshgrid(ys, xs, indexing="ij"), dim=-1).flatten(0, 1)
        sides = (shapes * ANCHOR_SCALE * stride).expand(grid.shape[0], -1, -1)
        levels.append(
            torch.cat([grid[:, None].expand(-1, ANCHORS, -1), sides], dim=2).flatten(0, 1)
        )
    return torch.cat(levels)


def encode(boxes: Tensor, anchors: Tensor) -> Tensor:
    """Boxes (..., 4) x0, y0, x1, y1 to offsets from their anchors (Ren et al. 2015, eq. 2)."""
    centre = (boxes[..., [1, 0]] + boxes[..., [3, 2]]) / 2
    sides = (boxes[..., [3, 2]] - boxes[..., [1, 0]]).clamp(min=1e-3)
    return torch.cat(
        [(centre - anchors[..., :2]) / anchors[..., 2:], torch.log(sides / anchors[..., 2:])], -1
    )


def decode(offsets: Tensor, anchors: Tensor) -> Tensor:
    """The inverse of :func:`encode`."""
    centre = offsets[..., :2] * anchors[..., 2:] + anchors[..., :2]
    half = torch.exp(offsets[..., 2:].clamp(max=6)) * anchors[..., 2:] / 2
    return torch.cat([(centre - half).flip(-1), (centre + half).flip(-1)], dim=-1)


class EfficientDetExport(nn.Module):
    """Network and decoding in one graph: the tensors the application expects."""

    def __init__(self, network: EfficientDet) -> None:
        super().__init__()
        self.network = network

    def forward(self, photo: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, 3, H, W) to boxes (N, A, 4), scores (N, A) and masked (N, A).

        The score is the better class's; masked is the masked class's share of both.
        """
        logits, offsets = self.network(photo)
        anchors = anchors_of(photo.shape[2], photo.shape[3], photo.device)
        classes = torch.sigmoid(logits)
        masked = classes[..., 1] / classes.sum(dim=-1).clamp(min=1e-6)
        return decode(offsets, anchors), classes.amax(dim=-1), masked

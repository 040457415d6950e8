"""Our face locator: an anchor-free one-stage detector with a feature pyramid.

FCOS (Tian et al. 2019, arXiv 1904.01355) on a small plain residual backbone, with one score, one box
and one masked-or-not logit per place. Strides 8 to 64 take faces from about 16 px to the full frame.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDES = (8, 16, 32, 64)


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class _Block(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(_conv(channels, channels), _conv(channels, channels))

    def forward(self, features: Tensor) -> Tensor:
        merged: Tensor = features + self.layers(features)
        return merged


class DetectorNetwork(nn.Module):
    """Raw predictions; :func:`decode` turns them into boxes."""

    def __init__(
        self, widths: tuple[int, ...] = (16, 32, 64, 96, 128, 128), pyramid: int = 64
    ) -> None:
        super().__init__()
        quarter, eighth = widths[1], widths[2]
        self.stem = nn.Sequential(
            _conv(3, widths[0], 2), _conv(widths[0], quarter, 2), _Block(quarter)
        )
        stages: list[nn.Module] = []
        previous = quarter
        for width in widths[2:]:
            stages.append(nn.Sequential(_conv(previous, width, 2), _Block(width), _Block(width)))
            previous = width
        self.stages = nn.ModuleList(stages)
        self.lateral = nn.ModuleList(
            [nn.Conv2d(width, pyramid, 1) for width in (eighth, *widths[3:])]
        )
        self.smooth = nn.ModuleList([_conv(pyramid, pyramid) for _ in widths[2:]])
        self.tower = nn.Sequential(_conv(pyramid, pyramid), _conv(pyramid, pyramid))
        self.predict = nn.Conv2d(pyramid, 6, 3, 1, 1)
        nn.init.normal_(self.predict.weight, std=0.01)
        bias = torch.zeros(6)
        bias[0] = -4.6  # one place in a hundred: the prior of focal loss (Lin et al. 2017, 4.1)
        self.predict.bias = nn.Parameter(bias)

    def forward(self, photo: Tensor) -> list[Tensor]:
        """(N, 3, H, W) RGB 0..1, sides multiples of 64, to (N, 6, H/s, W/s) for every stride s.

        Channels: score logit, log of left, top, right, bottom distance in 4 strides, masked logit.
        """
        features = self.stem(photo * 2 - 1)
        seen: list[Tensor] = []
        for stage in self.stages:
            features = stage(features)
            seen.append(features)
        merged: Tensor | None = None
        outputs: list[Tensor] = []
        for features, lateral, smooth in zip(
            reversed(seen), reversed(list(self.lateral)), reversed(list(self.smooth)), strict=True
        ):
            level = lateral(features)
            if merged is not None:
                level = level + functional.interpolate(merged, scale_factor=2.0, mode="nearest")
            merged = level
            outputs.append(self.predict(self.tower(smooth(level))))
        return outputs[::-1]


def places(height: int, width: int, stride: int, device: torch.device) -> Tensor:
    """(H/s * W/s, 2) x, y in input pixels of every place of a level."""
    ys = (torch.arange(height // stride, device=device, dtype=torch.float32) + 0.5) * stride
    xs = (torch.arange(width // stride, device=device, dtype=torch.float32) + 0.5) * stride
    grid_y, grid_x = torch.meshgrid(ys, xs, indexing="ij")
    return torch.stack([grid_x.flatten(), grid_y.flatten()], dim=1)


def decode(levels: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Predictions to boxes (N, A, 4) in input pixels, scores (N, A) and masked (N, A), both 0..1."""
    boxes, scores, masked = [], [], []
    for level, stride in zip(levels, STRIDES, strict=True):
        level = level.float()
        rows, columns = level.shape[-2:]
        ys = (torch.arange(rows, device=level.device) + 0.5) * stride
        xs = (torch.arange(columns, device=level.device) + 0.5) * stride
        distances = torch.exp(level[:, 1:5].clamp(max=4)) * (4 * stride)
        x, y = xs[None, None, :], ys[None, :, None]
        box = torch.stack(
            [x - distances[:, 0], y - distances[:, 1], x + distances[:, 2], y + distances[:, 3]],
            dim=-1,
        )
        boxes.append(box.flatten(1, 2))
        scores.append(torch.sigmoid(level[:, 0]).flatten(1))
        masked.append(torch.sigmoid(level[:, 5]).flatten(1))
    return torch.cat(boxes, dim=1), torch.cat(scores, dim=1), torch.cat(masked, dim=1)


class LocatorExport(nn.Module):
    """Network and decoding in one graph: the tensors the application expects."""

    def __init__(self, network: DetectorNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, photo: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, 3, H, W) to boxes, scores, masked; see :func:`decode`."""
        return decode(self.network(photo))

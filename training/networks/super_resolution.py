"""Our super-resolution network: the crop of a face at twice its size.

The reconstruction network draws 128 pixels across; the crops of most photos have two to four times as
many. What a face of that size looks like is learned from sharp photos, visible halves of masked faces
among them, as super-resolution is (Dong et al. 2014, arXiv 1501.00092; with a perceptual and an
adversarial loss Ledig et al. 2017, arXiv 1609.04802). A residual network on two levels: what it looks at
is wide enough for an eye or a mouth, and cheap enough for a CPU.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import ResidualBlock, Upsample

FINER = 2
"""How many times finer its pictures are."""

BESIDE = 6
"""Pixels around a map that are enlarged with it: what is drawn depends on what is beside it."""

LEAST = 16
"""Side in pixels of the smallest window, which is a multiple of two."""


class SuperResolutionNetwork(nn.Module):
    """Twice the pixels; see the module's docstring. Untrained it interpolates."""

    def __init__(self, widths: tuple[int, int] = (32, 64), blocks: int = 4) -> None:
        """
        Args:
            widths: channels at the size of the input and at half of it.
            blocks: residual blocks at half of it.
        """
        super().__init__()
        wide, deep = widths
        self.stem = nn.Conv2d(3, wide, 3, padding=1)
        self.before = ResidualBlock(wide)
        self.down = nn.Conv2d(wide, deep, 4, stride=2, padding=1)
        self.middle = nn.Sequential(*[ResidualBlock(deep) for _ in range(blocks)])
        self.up = Upsample(deep, wide, wide)
        self.after = nn.Sequential(ResidualBlock(wide), ResidualBlock(wide))
        self.head = nn.Conv2d(wide, 3 * FINER**2, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        if self.head.bias is not None:
            nn.init.zeros_(self.head.bias)

    @classmethod
    def of(cls, weights: Mapping[str, Tensor]) -> SuperResolutionNetwork:
        """The network of some weights, whatever its size."""
        wide, deep = len(weights["stem.bias"]), len(weights["down.bias"])
        blocks = len({name.split(".")[1] for name in weights if name.startswith("middle.")})
        network = cls((wide, deep), blocks)
        network.load_state_dict(dict(weights))
        return network

    def forward(self, picture: Tensor) -> Tensor:
        """(N, 3, H, W) RGB 0..1, H and W even, to (N, 3, 2H, 2W) about 0..1, not clipped."""
        features = self.stem(picture * 2 - 1)
        skip = self.before(features)
        features = self.middle(self.down(skip))
        features = self.after(self.up(features, skip))
        finer = functional.pixel_shuffle(self.head(functional.silu(features)), FINER)
        enlarged = functional.interpolate(
            picture, scale_factor=FINER, mode="bilinear", align_corners=False
        )
        drawn: Tensor = enlarged + finer
        return drawn


@dataclass(frozen=True, kw_only=True)
class Window:
    """A rectangle of pixels; while a graph is exported its numbers stand for those of any map.

    Attributes:
        top, left: its first row and column, even.
        half_height, half_width: halves of its sides.
    """

    top: int
    left: int
    half_height: int
    half_width: int

    def cut(self, pictures: Tensor) -> Tensor:
        """Of pictures (N, K, C, S, S) what is in it."""
        rows = pictures.narrow(3, self.top, 2 * self.half_height)
        return rows.narrow(4, self.left, 2 * self.half_width)

    def put(self, part: Tensor, whole: Tensor) -> Tensor:
        """Enlarged pictures (N, K, C, ., .) of the window into enlarged whole ones (N, 1, C, ., .)."""
        # Taken from places that are looked up: what is cut has no size yet while a graph is exported.
        high, wide = 2 * FINER * self.half_height, 2 * FINER * self.half_width
        rows = torch.arange(whole.shape[3], device=whole.device) - FINER * self.top
        columns = torch.arange(whole.shape[4], device=whole.device) - FINER * self.left
        inside = ((rows >= 0) & (rows < high))[:, None] & (columns >= 0) & (columns < wide)
        placed = part.index_select(3, rows.clamp(0, high - 1))
        placed = placed.index_select(4, columns.clamp(0, wide - 1))
        return torch.where(inside, placed, whole)


def around(map: Tensor) -> Window:
    """The window that holds all maps (N, 1, S, S) {0, 1}, and BESIDE pixels around them."""
    top, half_height = _span(map.amax(dim=(0, 1, 3)))
    left, half_width = _span(map.amax(dim=(0, 1, 2)))
    return Window(top=top, left=left, half_height=half_height, half_width=half_width)


def _span(line: Tensor) -> tuple[int, int]:
    """Where a window begins that holds what is above 0 in a line (S,), and half of its length."""
    size = len(line)
    place = torch.arange(size, device=line.device)
    first = torch.where(line > 0, place, size).min()
    end = torch.where(line > 0, place + 1, 0).max()
    first = (first - BESIDE).clamp(0, size - LEAST) // 2 * 2
    end = torch.maximum(end + BESIDE, first + LEAST).clamp(max=size)
    begin, half = int(first.item()), int(((end - first + 1) // 2).item())
    # What the exporter cannot see of numbers that are not known yet.
    for holds in (
        begin >= 0,
        begin <= size - LEAST,
        half >= LEAST // 2,
        half <= size // 2,
        begin + 2 * half <= size,
    ):
        torch._check(holds)  # type: ignore[no-untyped-call]
    return begin, half


def halved(picture: Tensor) -> Tensor:
    """(N, C, 2H, 2W) to (N, C, H, W), the means of squares: what cutting a crop does to a photo."""
    reduced: Tensor = functional.avg_pool2d(picture, FINER)
    return reduced


def softened(picture: Tensor, sigma: Tensor) -> Tensor:
    """(N, C, H, W), every picture under a Gaussian of its own `sigma` (N,) pixels; 0 leaves it."""
    reach = 3
    place = torch.arange(-reach, reach + 1, device=picture.device, dtype=picture.dtype)
    weights = torch.exp(-0.5 * (place / sigma.clamp(min=1e-2)[:, None]) ** 2)
    weights = weights / weights.sum(dim=1, keepdim=True)
    count, channels = picture.shape[:2]
    planes = functional.pad(picture, (reach, reach, reach, reach), mode="replicate").flatten(0, 1)
    kernels = weights.repeat_interleave(channels, dim=0)[:, None]
    planes = functional.conv2d(planes[None], kernels[:, :, None, :], groups=count * channels)
    planes = functional.conv2d(planes, kernels[:, :, :, None], groups=count * channels)
    return planes.view(count, channels, *picture.shape[2:])

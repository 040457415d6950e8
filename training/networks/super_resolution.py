"""Our super-resolution network: the crop of a face at twice its size.

The reconstruction network draws 128 pixels across; the crops of most photos have two to four times as
many. What a face of that size looks like is learned from sharp photos, visible halves of masked faces
among them, as super-resolution is (Dong et al. 2014, arXiv 1501.00092; with a perceptual and an
adversarial loss Ledig et al. 2017, arXiv 1609.04802). A residual network on two levels: what it looks at
is wide enough for an eye or a mouth, and cheap enough for a CPU.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import ResidualBlock, Upsample

FINER = 2
"""How many times finer its pictures are."""


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

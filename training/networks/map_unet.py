"""Our map network: one logit per pixel of the aligned face, by a U-Net on a space-to-depth stem."""

from __future__ import annotations

import itertools

from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import ResidualBlock, Upsample


class MapNetwork(nn.Module):
    """U-Net (Ronneberger et al. 2015) with residual blocks.

    It works at half resolution inside; a pixel shuffle brings back the full one at the end.
    """

    def __init__(
        self, widths: tuple[int, ...] = (32, 64, 128, 192, 256), middle_blocks: int = 2
    ) -> None:
        super().__init__()
        self.stem = nn.Conv2d(12, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList([ResidualBlock(width) for width in widths[:-1]])
        self.down = nn.ModuleList(
            [
                nn.Conv2d(narrow, wide, 4, stride=2, padding=1)
                for narrow, wide in itertools.pairwise(widths)
            ]
        )
        self.middle = nn.Sequential(*[ResidualBlock(widths[-1]) for _ in range(middle_blocks)])
        self.up = nn.ModuleList(
            [
                Upsample(wide, narrow, narrow)
                for narrow, wide in zip(widths[-2::-1], widths[:0:-1], strict=True)
            ]
        )
        self.decoder = nn.ModuleList([ResidualBlock(width) for width in widths[-2::-1]])
        self.head = nn.Conv2d(widths[0], 4, 3, padding=1)

    def forward(self, face: Tensor) -> Tensor:
        """(N, 3, S, S) RGB 0..1 to logits (N, 1, S, S); S a multiple of 2 ** len(widths)."""
        features = self.stem(functional.pixel_unshuffle(face * 2 - 1, 2))
        skips: list[Tensor] = []
        for block, down in zip(self.encoder, self.down, strict=True):
            features = block(features)
            skips.append(features)
            features = down(features)
        features = self.middle(features)
        for up, block in zip(self.up, self.decoder, strict=True):
            features = block(up(features, skips.pop()))
        return functional.pixel_shuffle(self.head(functional.silu(features)), 2)

"""Our reconstruction network: the visible face is encoded once, any number of hypotheses decoded.

A residual U-Net on a space-to-depth stem. A latent together with the pooled bottleneck modulates the
decoder's deepest features, after the idea of co-modulated GANs (Zhao et al. 2021, arXiv 2103.10428,
section 3.2: the style is an affine map of latent and picture together); latent zero is the regression
network. Otherwise than there, no mapping network stands before it, the style passes one hidden layer,
the picture's half of it is a plain mean without dropout, no noise is added to the features, and these
are scaled and shifted at two levels instead of the weights of all convolutions: a CPU must draw a
hypothesis in a tenth of a second.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.networks.blocks import ResidualBlock, SelfAttention, Upsample


@dataclass(frozen=True, kw_only=True)
class InpaintingSpec:
    """Size of the network.

    Attributes:
        widths: channels at 1/2, 1/4, 1/8, ... of the input size.
        middle_blocks: residual blocks at the lowest resolution.
        heads: of the self-attention before them; 0 is none.
        further_blocks: by how many residual blocks the decoder is deeper at 1/8, 1/4, ... of the input
            size, beginning one level above the lowest; levels that are not named have none more.
        latent: number of latent values; 0 makes the network deterministic.
        modes: of the distribution that hypotheses are drawn from: the largest of so many latent values
            says which one is meant, see :func:`one_of`. 0 takes all latent values as they come.
        channels: output channels that are pictures: 3 RGB, or 4 for RGB and sketch together.
        error: whether a last channel says how far off the RGB picture is expected to be.
    """

    widths: tuple[int, ...] = (48, 96, 160, 256)
    middle_blocks: int = 3
    heads: int = 0
    further_blocks: tuple[int, ...] = ()
    latent: int = 64
    modes: int = 0
    channels: int = 4
    error: bool = True


LOG_ERROR = -3.0
"""The logarithm of the error that an untrained network expects: about a twentieth of full range."""


class InpaintingNetwork(nn.Module):
    """Fills the map of a face; see the module's docstring."""

    def __init__(self, spec: InpaintingSpec) -> None:
        super().__init__()
        self.spec = spec
        widths = spec.widths
        self.stem = nn.Conv2d(16, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList([ResidualBlock(width) for width in widths[:-1]])
        self.down = nn.ModuleList(
            [
                nn.Conv2d(narrow, wide, 4, stride=2, padding=1)
                for narrow, wide in itertools.pairwise(widths)
            ]
        )
        self.attention = SelfAttention(widths[-1], spec.heads) if spec.heads else None
        self.middle = nn.ModuleList([ResidualBlock(widths[-1]) for _ in range(spec.middle_blocks)])
        self.up = nn.ModuleList(
            [
                Upsample(wide, narrow, narrow)
                for narrow, wide in zip(widths[-2::-1], widths[:0:-1], strict=True)
            ]
        )
        self.decoder = nn.ModuleList([ResidualBlock(width) for width in widths[-2::-1]])
        # Beside the decoder and not in it, so that weights of a network without them keep their names.
        self.further = nn.ModuleList(
            [
                nn.Sequential(*[ResidualBlock(width) for _ in range(count)])
                for width, count in zip(widths[-2::-1], spec.further_blocks, strict=False)
            ]
        )
        self.head = nn.Conv2d(widths[0], (spec.channels + spec.error) * 4, 3, padding=1)
        if spec.latent:
            deepest, next_up = widths[-1], widths[-2]
            self.style = nn.Sequential(nn.Linear(spec.latent + deepest, 256), nn.SiLU())
            self.modulate = nn.ModuleList(
                [nn.Linear(256, 2 * deepest), nn.Linear(256, 2 * next_up)]
            )
            for layer in self.modulate:
                assert isinstance(layer, nn.Linear)
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, face: Tensor, hole: Tensor, latent: Tensor | None = None) -> Tensor:
        """Reconstruct.

        Args:
            face: (N, 3, S, S) RGB 0..1; its values inside the map are ignored.
            hole: (N, 1, S, S), 1 inside the map and 0 outside. S a multiple of 2 ** len(widths).
            latent: (N, K, latent) standard normal; None stands for one latent of zeros.

        Returns:
            (N, K, channels, S, S) about 0..1, not clipped; RGB first, then the sketch (1 = paper).
            The visible face is copied into the RGB channels; the sketch covers the whole crop. With
            `error` there is one channel more, the natural logarithm of the absolute error that is
            expected of the RGB channels.
        """
        known = (1 - hole) * face
        features = torch.cat([known * 2 - (1 - hole), hole], dim=1)
        features = self.stem(functional.pixel_unshuffle(features, 2))
        skips: list[Tensor] = []
        for block, down in zip(self.encoder, self.down, strict=True):
            features = block(features)
            skips.append(features)
            features = down(features)
        if self.attention is not None:
            features = self.attention(features)
        for block in self.middle:
            features = block(features)
        count: int | torch.SymInt = 1
        if self.spec.latent:
            if latent is None:
                latent = face.new_zeros(face.shape[0], 1, self.spec.latent)
            count = latent.shape[1]
            if self.spec.modes:
                latent = one_of(latent, self.spec.modes)
            pooled = features.mean(dim=(2, 3))
            features = _repeat(features, count)
            skips = [_repeat(skip, count) for skip in skips]
            style = self.style(
                torch.cat([latent.flatten(0, 1), _repeat(pooled, count)], dim=1).to(features.dtype)
            )
            features = _modulated(features, self.modulate[0](style))
        for level, (up, block) in enumerate(zip(self.up, self.decoder, strict=True)):
            features = up(features, skips[-1 - level])
            if level == 0 and self.spec.latent:
                features = _modulated(features, self.modulate[1](style))
            features = block(features)
            if level < len(self.further):
                features = self.further[level](features)
        output = functional.pixel_shuffle(self.head(functional.silu(features)), 2)
        output = output.unflatten(0, (-1, count))  # type: ignore[no-untyped-call]
        pictures = output[:, :, : self.spec.channels] * 0.5 + 0.5
        colour = known[:, None] + hole[:, None] * pictures[:, :, :3]
        parts = [colour, pictures[:, :, 3:]]
        if self.spec.error:
            parts.append(output[:, :, self.spec.channels :] + LOG_ERROR)
        return torch.cat(parts, dim=2)

    @torch.no_grad()
    def scale_latent(self, factor: float) -> None:
        """Let latent values count for less; at 0 any of them draw what zeros draw.

        Nearer to the centre pictures are cleaner and differ less (the truncation of Brock et al. 2019,
        arXiv 1809.11096, section 3.1; here of the latent values' weights, so that modes know it too).
        """
        if self.spec.latent:
            weight = self.style[0].weight
            assert isinstance(weight, Tensor)
            weight[:, : self.spec.latent] *= factor

    def _load_from_state_dict(
        self, state_dict: dict[str, Tensor], prefix: str, *arguments: Any
    ) -> None:
        # Weights from before the error channel begin with a head that expects the same error everywhere.
        for name in ("head.weight", "head.bias"):
            given = state_dict.get(prefix + name)
            if given is not None and self.spec.error and len(given) == 4 * self.spec.channels:
                state_dict[prefix + name] = torch.cat([given, torch.zeros_like(given[:4])])
        # A deeper network begins as the one that it is deeper than: what was added changes nothing yet.
        own = self.state_dict()
        blocks = {".".join(name.split(".")[:3]) for name in own if name.startswith("further.")}
        for added in ("attention.", *(f"{block}." for block in sorted(blocks))):
            if not any(name.startswith(prefix + added) for name in state_dict):
                state_dict.update(
                    (prefix + name, value) for name, value in own.items() if name.startswith(added)
                )
        super()._load_from_state_dict(state_dict, prefix, *arguments)


SHARPNESS = 5.0
"""How sure :func:`one_of` is: of eight normal values the largest one gets .86, in the middle."""


def one_of(latent: Tensor, modes: int) -> Tensor:
    """Which of some modes is meant, as latent values that are bounded.

    Of normal values some sum is far out in one hypothesis of twenty, where a network has seen little
    and draws stains. Of so many modes each is drawn often. Values near zero are all modes in equal
    parts, which cancel.

    Args:
        latent: (N, K, L), standard normal; the first `modes` values say what is meant.
        modes: number of modes, no more than L.

    Returns:
        (N, K, L), mean 0 and about unit variance, the same `modes` values over and over.
    """
    share = torch.softmax(SHARPNESS * latent[..., :modes], dim=-1) - 1 / modes
    times = -(-latent.shape[-1] // modes)
    repeated: Tensor = (modes**0.5 * share).repeat(1, 1, times)
    return repeated[..., : latent.shape[-1]]


def _repeat(values: Tensor, count: int | torch.SymInt) -> Tensor:
    """(N, ...) to (N * count, ...), every item `count` times in a row."""
    # While a graph is exported, `count` is a symbol; comparing it would fix it to the example's.
    if isinstance(count, int) and count == 1:
        return values
    return values[:, None].expand(-1, count, *values.shape[1:]).flatten(0, 1)


def _modulated(features: Tensor, style: Tensor) -> Tensor:
    """Scale and shift (N, C, H, W) by (N, 2C); a style of zeros changes nothing."""
    scale, shift = style[:, :, None, None].chunk(2, dim=1)
    return features * (1 + scale) + shift

"""The losses, each a plain function of tensors."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def hole_l1(
    output: Tensor, target: Tensor, hole: Tensor, *, inside: float, outside: float
) -> Tensor:
    """Mean absolute error, weighted inside and outside the map.

    Args:
        output, target: (N, C, S, S).
        hole: (N, 1, S, S) {0, 1}.
    """
    return ((output - target).abs() * (outside + (inside - outside) * hole)).mean()


def coarse_spread(first: Tensor, second: Tensor, hole: Tensor, *, pool: int = 8) -> Tensor:
    """How far two hypotheses differ in shape and tone inside the map, per masked pixel.

    Rewarded pixel by pixel, a network buys spread with fine texture (dotted cheeks); averaged over
    squares of `pool` pixels only differences that a witness would notice count.

    Args:
        first, second: (N, 3, S, S) RGB 0..1.
        hole: (N, 1, S, S) {0, 1}.
    """
    coarse = functional.avg_pool2d((first - second) * hole, pool)
    return coarse.abs().mean() / hole.mean().clamp(min=1e-3)


def hinge_discriminator(
    real: Tensor, fake: Tensor, real_weight: Tensor, fake_weight: Tensor
) -> Tensor:
    """Hinge loss (Lim & Ye 2017; Miyato et al. 2018, eq. 16), the means over the weighted patches."""
    on_real = (functional.relu(1 - real) * real_weight).sum() / real_weight.sum().clamp(min=1)
    on_fake = (functional.relu(1 + fake) * fake_weight).sum() / fake_weight.sum().clamp(min=1)
    return on_real + on_fake


def hinge_generator(fake: Tensor, weight: Tensor) -> Tensor:
    """The generator's side of the hinge loss: minus the mean score over the patches of `weight`."""
    return -(fake * weight).sum() / weight.sum().clamp(min=1)


def feature_matching(fake: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean absolute difference of the discriminator's features (Wang et al. 2018, eq. 4)."""
    terms = [(f - r.detach()).abs().mean() for f, r in zip(fake, real, strict=True)]
    return torch.stack(terms).mean()


def perceptual(fake: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean absolute difference of network features (Johnson et al. 2016, eq. 2).

    Each layer is scaled by its own magnitude, so that none outweighs the others.
    """
    terms = [
        (f - r).abs().mean() / r.abs().mean().clamp(min=1e-3)
        for f, r in zip(fake, real, strict=True)
    ]
    return torch.stack(terms).mean()


def patch_weight(hole: Tensor, scores: Tensor) -> Tensor:
    """Which patches touch the map: (N, 1, S, S) pooled to the shape of the scores."""
    return functional.adaptive_max_pool2d(hole, scores.shape[-2:])


def augment_differentiably(
    pictures: Tensor, hole: Tensor, generator: torch.Generator, *, pairs: int = 1
) -> tuple[Tensor, Tensor]:
    """Random brightness, contrast and shift for real and fake (DiffAugment, Zhao et al. 2020).

    Args:
        pictures: (N, C, S, S) about 0..1.
        hole: (N, 1, S, S) {0, 1}; shifted along.
        generator: where the amounts come from.
        pairs: how many equal parts of the batch share their amounts.
    """
    count = pictures.shape[0] // pairs

    def draw(low: float, high: float) -> Tensor:
        values = torch.rand(count, 1, 1, 1, generator=generator)
        return (low + (high - low) * values).repeat(pairs, 1, 1, 1).to(pictures.device)

    changed = pictures + draw(-0.15, 0.15)
    mean = changed.mean(dim=(1, 2, 3), keepdim=True)
    changed = (changed - mean) * draw(0.8, 1.2) + mean
    most = pictures.shape[-1] // 10
    dx, dy = torch.randint(-most, most + 1, (2,), generator=generator).tolist()
    return changed.roll((dy, dx), (2, 3)), hole.roll((dy, dx), (2, 3))

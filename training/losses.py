"""The losses, each a plain function of tensors.

Where a loss divides by a sum over its batch, that sum is the whole batch's, however many processes
share it.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from training.parallel import own, ranks, whole


def hole_l1(
    output: Tensor, target: Tensor, hole: Tensor, *, inside: float, outside: float
) -> Tensor:
    """Mean absolute error, weighted inside and outside the map.

    Args:
        output, target: (N, C, S, S).
        hole: (N, 1, S, S) {0, 1}.
    """
    return ((output - target).abs() * (outside + (inside - outside) * hole)).mean()


LEAST_SQUARED_ERROR = 3e-4
"""What is added to squared errors before the logarithm: a deviation of a sixtieth of full range, below
which grain and compression are all that is left to learn."""


def hole_log_error(output: Tensor, target: Tensor, hole: Tensor) -> Tensor:
    """The mean over the faces of the logarithm of the mean squared error inside the map.

    Minus .23 of the PSNR in decibels (Chen et al. 2021, arXiv 2105.06086, eq. 3, for the pixels of the
    map): its best answer is the mean of what fits the visible face, where L1's is the median, and it
    asks the same share of every face's error, however large that is.

    Args:
        output, target: (N, C, S, S) 0..1, float32.
        hole: (N, 1, S, S) {0, 1}.
    """
    squared = ((output - target).square() * hole).sum(dim=(1, 2, 3))
    values = hole.sum(dim=(1, 2, 3)).clamp(min=1) * output.shape[1]
    return (squared / values + LEAST_SQUARED_ERROR).log().mean()


def hole_structure(output: Tensor, target: Tensor, hole: Tensor, *, window: int = 7) -> Tensor:
    """One minus the structural similarity of the brightness (Wang et al. 2004, eq. 13) inside the map.

    In square windows, whose running means cost a tenth of torchmetrics' Gaussian ones on a processor.

    Args:
        output, target: (N, 3, S, S) RGB 0..1, float32: the differences of squares need the digits.
        hole: (N, 1, S, S) {0, 1}.
        window: side of the windows, odd.
    """
    one, other = output.mean(dim=1, keepdim=True), target.mean(dim=1, keepdim=True)
    moments = functional.avg_pool2d(
        torch.cat([one, other, one * one, other * other, one * other], dim=1),
        window,
        stride=1,
        padding=window // 2,
        count_include_pad=False,
    )
    mean, mean_other, square, square_other, product = moments.chunk(5, dim=1)
    variances = square - mean**2 + square_other - mean_other**2
    luminance = (2 * mean * mean_other + 1e-4) / (mean**2 + mean_other**2 + 1e-4)
    structure = (2 * (product - mean * mean_other) + 9e-4) / (variances + 9e-4)
    distance = (1 - luminance * structure) * hole
    return distance.sum() / whole(hole.sum()).clamp(min=1)


def coarse_spread(
    first: Tensor, second: Tensor, target: Tensor, hole: Tensor, *, pool: int = 8
) -> tuple[Tensor, Tensor]:
    """How far two hypotheses differ in shape and tone inside the map, and that beside their error.

    Rewarded pixel by pixel, a network buys spread with fine texture (dotted cheeks); averaged over
    squares of `pool` pixels only differences that a witness would notice count.

    Args:
        first, second, target: (N, 3, S, S) RGB 0..1.
        hole: (N, 1, S, S) {0, 1}.

    Returns:
        The mean absolute difference per masked pixel, and the ratio of the mean squared difference to
        the mean squared error of a hypothesis, without gradient. Samples of the true posterior have
        the ratio 1, equal hypotheses 0 (Bendel et al. 2023, arXiv 2210.13389, section 3.3: of P
        samples, the error of one relates to the error of their mean as 2P to P + 1).
    """

    def coarse(difference: Tensor) -> Tensor:
        return functional.avg_pool2d(difference * hole, pool)

    between = coarse(first - second)
    spread = between.abs().mean() / whole(hole.mean()).clamp(min=1e-3)
    with torch.no_grad():
        error = 0.5 * (
            coarse(first - target).square().mean() + coarse(second - target).square().mean()
        )
        ratio = whole(between.square().mean()) / whole(error).clamp(min=1e-8)
    return spread, ratio


def expected_error(log_error: Tensor, error: Tensor, hole: Tensor) -> Tensor:
    """Negative log-likelihood of absolute errors under a Laplace distribution of the expected scale.

    Kendall & Gal 2017 (arXiv 1703.04977, section 2.2) with the Laplace in place of the normal.

    Args:
        log_error: (N, 1, S, S), the logarithm of the scale.
        error: (N, 1, S, S), the absolute errors; no gradient flows into them.
        hole: (N, 1, S, S) {0, 1}.
    """
    log_error = log_error.clamp(-7, 1)
    nll = log_error + error.detach() * torch.exp(-log_error)
    return (nll * hole).sum() / whole(hole.sum()).clamp(min=1)


def hinge_discriminator(
    real: Tensor, fake: Tensor, real_weight: Tensor, fake_weight: Tensor
) -> Tensor:
    """Hinge loss (Lim & Ye 2017; Miyato et al. 2018, eq. 16), the means over the weighted patches."""
    on_real = (functional.relu(1 - real) * real_weight).sum() / whole(real_weight.sum()).clamp(
        min=1
    )
    on_fake = (functional.relu(1 + fake) * fake_weight).sum() / whole(fake_weight.sum()).clamp(
        min=1
    )
    return on_real + on_fake


def hinge_generator(fake: Tensor, weight: Tensor) -> Tensor:
    """The generator's side of the hinge loss: minus the mean score over the patches of `weight`."""
    return -(fake * weight).sum() / whole(weight.sum()).clamp(min=1)


def feature_matching(fake: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean absolute difference of the discriminator's features (Wang et al. 2018, eq. 4)."""
    terms = [(f - r.detach()).abs().mean() for f, r in zip(fake, real, strict=True)]
    return torch.stack(terms).mean()


def perceptual(fake: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean absolute difference of network features (Johnson et al. 2016, eq. 2).

    Each layer is scaled by its own magnitude, so that none outweighs the others.
    """
    terms = [
        (f - r).abs().mean() / whole(r.abs().mean()).clamp(min=1e-3)
        for f, r in zip(fake, real, strict=True)
    ]
    return torch.stack(terms).mean()


Distance = Callable[[Tensor, Tensor], Tensor]
"""Of items (N, ...) and as many others, (N,)."""


def by_value(one: Tensor, other: Tensor) -> Tensor:
    """The mean absolute difference of items (N, ...), (N,): each value is judged by itself."""
    return (one - other).abs().flatten(1).mean(dim=1)


def as_one(one: Tensor, other: Tensor) -> Tensor:
    """The root of the mean squared difference of items (N, ...), (N,): they are judged as wholes."""
    # The root has no slope at zero, where two hypotheses are the same.
    return ((one - other).square().flatten(1).mean(dim=1) + 1e-8).sqrt()


def energy_score(
    first: Tensor,
    second: Tensor,
    truth: Tensor,
    alone: Tensor,
    credit: float,
    distance: Distance = by_value,
) -> Tensor:
    """The energy score of two samples (Gneiting & Raftery 2007, eqs. 21 and 22).

    At a credit of 1 it is strictly proper: samples of the true distribution have the least mean. But
    then a value that is far off in p of the samples costs p squared times its distance, so that a few
    broken pictures are all but free; below 1 they cost about (1 - credit) p times it, and the samples of
    least mean spread less than the truth (normal ones at .8 with .69 of its deviation).

    Args:
        first, second, truth: (N, ...).
        alone: (N,) bool, for which items the first sample is no sample but the best single answer;
            its distance counts alone.
        credit: how much of their difference is credited to the samples, 0..1.
        distance: :func:`by_value`, or :func:`as_one`, which is strictly proper for values that hang
            together.

    Returns:
        (N,).
    """
    single = distance(first, truth)
    pair = 0.5 * (single + distance(second, truth) - credit * distance(first, second))
    return torch.where(alone, single, pair)


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
        values = own(torch.rand(count * ranks(), 1, 1, 1, generator=generator))
        return (low + (high - low) * values).repeat(pairs, 1, 1, 1).to(pictures.device)

    changed = pictures + draw(-0.15, 0.15)
    mean = changed.mean(dim=(1, 2, 3), keepdim=True)
    changed = (changed - mean) * draw(0.8, 1.2) + mean
    most = pictures.shape[-1] // 10
    dx, dy = torch.randint(-most, most + 1, (2,), generator=generator).tolist()
    return changed.roll((dy, dx), (2, 3)), hole.roll((dy, dx), (2, 3))

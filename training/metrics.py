"""Figures of reconstructions, maps and boxes; each a plain function with its formula named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import stats
from skimage.metrics import structural_similarity
from torch import nn
from torchmetrics.functional.image import peak_signal_noise_ratio
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.kid import poly_mmd

Picture = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A figure with its spread.

    Attributes:
        mean: over the samples (or the statistic of them all).
        sd: standard deviation between samples; NaN where the statistic is no mean.
        low, high: 95 % bootstrap interval of the mean; NaN for fewer than two samples.
        n: number of samples.
    """

    mean: float
    sd: float
    low: float
    high: float
    n: int


def summary(values: NDArray[np.floating]) -> Summary:
    """Mean, standard deviation and 95 % percentile bootstrap interval (Efron 1979) of samples (N,)."""
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    low, high = _interval((values,), lambda part: float(np.mean(part)))
    return Summary(mean=float(np.mean(values)), sd=spread, low=low, high=high, n=len(values))


def ratio(parts: NDArray[np.floating], wholes: NDArray[np.floating]) -> Summary:
    """Sum of the parts over the sum of the wholes, samples (N,) each, with its bootstrap interval."""

    def statistic(part: NDArray[np.floating], whole: NDArray[np.floating]) -> float:
        return float(part.sum() / max(float(whole.sum()), 1e-12))

    low, high = _interval((parts, wholes), statistic)
    value = statistic(parts, wholes)
    return Summary(mean=value, sd=float("nan"), low=low, high=high, n=len(parts))


def _interval(
    samples: tuple[NDArray[np.floating], ...], statistic: Callable[..., float]
) -> tuple[float, float]:
    if len(samples[0]) < 2:
        return float("nan"), float("nan")
    found = stats.bootstrap(
        samples,
        statistic,
        paired=True,
        vectorized=False,
        n_resamples=2000,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return float(found.low), float(found.high)


def psnr_hole(output: Picture, target: Picture, hole: NDArray[np.bool_]) -> float:
    """Peak signal-to-noise ratio over the hole's pixels only, in dB.

    Args:
        output, target: (H, W, 3) float32 0..1.
        hole: (H, W) bool, not empty.
    """
    seen, truth = torch.from_numpy(output[hole]), torch.from_numpy(target[hole])
    found = float(peak_signal_noise_ratio(seen.double(), truth.double(), data_range=1.0))
    return min(found, 100.0)  # equal pictures have no error to take the logarithm of


def ssim_hole(output: Picture, target: Picture, hole: NDArray[np.bool_]) -> float:
    """Structural similarity (Wang et al. 2004, 11x11 Gaussian window), the mean of the hole's pixels."""
    _, full = structural_similarity(
        output, target, channel_axis=2, data_range=1.0, gaussian_weights=True, sigma=1.5,
        use_sample_covariance=False, full=True,
    )  # fmt: skip
    return float(full.mean(axis=2)[hole].mean())


def intersection_over_union(seen: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Jaccard index of two maps; 1 when both are empty."""
    union = int((seen | truth).sum())
    return float((seen & truth).sum() / union) if union else 1.0


def landmark_error(
    found: NDArray[np.floating], truth: NDArray[np.floating], unit: NDArray[np.floating] | float
) -> NDArray[np.float64]:
    """Mean distance of landmarks in inter-ocular distances (Sagonas et al. 2013, NME).

    Args:
        found, truth: (N, L, 2) in the same coordinates.
        unit: (N,) inter-ocular distances.

    Returns:
        (N,) float64.
    """
    distances = np.linalg.norm(found.astype(np.float64) - truth, axis=2).mean(axis=1)
    return np.asarray(distances / unit, dtype=np.float64)


def frechet_distance(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Frechet distance of two sets of features (N, D) seen as Gaussians (Heusel et al. 2017, eq. 6).

    With SqueezeNet features it is not FID, and its values must not be compared with published FIDs.
    """
    metric = FrechetInceptionDistance(feature=_Features(first.shape[1]))
    metric.update(torch.from_numpy(np.asarray(first, np.float64)), real=True)
    metric.update(torch.from_numpy(np.asarray(second, np.float64)), real=False)
    return max(0.0, float(metric.compute()))


class _Features(nn.Module):
    """Stands where torchmetrics expects a network: the features are made already."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.num_features = number

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """The features as they are."""
        return features


def kernel_distance(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Unbiased squared MMD of two equally large sets (N, D) with the cubic kernel.

    Binkowski et al. 2018, eq. 4. With Inception features it would be KID; see
    :func:`frechet_distance` about ours.
    """
    one, other = (torch.from_numpy(np.asarray(part, np.float64)) for part in (first, second))
    return float(poly_mmd(one, other, degree=3, coef=1.0))


def interval_coverage(
    error: NDArray[np.floating], half_width: NDArray[np.floating] | float
) -> float:
    """Part of the true values that lie within an interval around the answer (Gneiting et al. 2007).

    Args:
        error: true value minus answer.
        half_width: of the interval, of a shape that broadcasts to the error's, in its unit.
    """
    return float(np.mean(np.abs(error) <= half_width))


def rank_correlation(error: NDArray[np.floating], uncertainty: NDArray[np.floating]) -> float:
    """Spearman's rank correlation of absolute errors and uncertainties (P,); 0 if either is constant."""
    if np.ptp(error) == 0 or np.ptp(uncertainty) == 0:
        return 0.0
    return float(stats.spearmanr(np.abs(error), uncertainty).statistic)


def means_of_squares(
    values: NDArray[np.floating], hole: NDArray[np.bool_], side: int
) -> NDArray[np.float64]:
    """The means (Q,) of values (H, W) over the squares of which half or more is hole, and there alone.

    Args:
        values: only those inside the hole count.
        hole: (H, W) bool.
        side: of a square, in pixels; what is left over at the right and at the bottom is left out.
    """
    height, width = (length // side * side for length in hole.shape)
    shape = (height // side, side, width // side, side)
    part = hole[:height, :width].astype(np.float64)
    inside = part.reshape(shape).mean(axis=(1, 3))
    summed = (values[:height, :width] * part).reshape(shape).mean(axis=(1, 3))
    chosen = inside >= 0.5
    return np.asarray(summed[chosen] / inside[chosen], np.float64)


def match_boxes(
    found: NDArray[np.floating], truth: NDArray[np.floating], *, threshold: float
) -> list[tuple[int, int]]:
    """Greedy one-to-one matches (found, truth) of boxes (F, 4) and (T, 4) by falling overlap.

    Args:
        threshold: least intersection over union of a match.
    """
    if not len(found) or not len(truth):
        return []
    low = np.maximum(found[:, None, :2], truth[None, :, :2])
    high = np.minimum(found[:, None, 2:4], truth[None, :, 2:4])
    inside = np.prod(np.clip(high - low, 0, None), axis=2)
    area_1 = np.prod(found[:, 2:4] - found[:, :2], axis=1)
    area_2 = np.prod(truth[:, 2:4] - truth[:, :2], axis=1)
    overlap = inside / (area_1[:, None] + area_2[None] - inside)
    matches: list[tuple[int, int]] = []
    while overlap.size and overlap.max() >= threshold:
        first, second = np.unravel_index(int(overlap.argmax()), overlap.shape)
        matches.append((int(first), int(second)))
        overlap[first, :] = -1
        overlap[:, second] = -1
    return matches

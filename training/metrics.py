"""Figures of reconstructions, maps and boxes; each a plain function with its formula named."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from skimage.metrics import structural_similarity

Picture = NDArray[np.float32]


def psnr_hole(output: Picture, target: Picture, hole: NDArray[np.bool_]) -> float:
    """Peak signal-to-noise ratio over the hole's pixels only, in dB.

    Args:
        output, target: (H, W, 3) float32 0..1.
        hole: (H, W) bool, not empty.
    """
    error = float(np.mean((output[hole] - target[hole]) ** 2))
    return float(10 * np.log10(1 / max(error, 1e-10)))


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
    mean = first.mean(axis=0) - second.mean(axis=0)
    covariance_1, covariance_2 = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    # trace(sqrt(C1 C2)) through the symmetric form, which stays real for singular covariances.
    root = linalg.sqrtm(covariance_1 + 1e-8 * np.eye(len(covariance_1))).real
    inner = np.linalg.eigvalsh(root @ covariance_2 @ root)
    trace = float(np.sqrt(np.clip(inner, 0, None)).sum())
    return float(mean @ mean + np.trace(covariance_1) + np.trace(covariance_2) - 2 * trace)


def kernel_distance(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Unbiased squared MMD of features (N, D) and (M, D) with the cubic kernel (Binkowski et al. 2018).

    With Inception features it would be KID; see :func:`frechet_distance` about ours.
    """
    first, second = first.astype(np.float64), second.astype(np.float64)
    size = first.shape[1]

    def kernel(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.asarray((a @ b.T / size + 1) ** 3, np.float64)

    own_1, own_2, cross = kernel(first, first), kernel(second, second), kernel(first, second)
    n, m = len(first), len(second)
    within = (own_1.sum() - np.trace(own_1)) / (n * (n - 1)) + (own_2.sum() - np.trace(own_2)) / (
        m * (m - 1)
    )
    return float(within - 2 * cross.mean())


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

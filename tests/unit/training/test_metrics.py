"""Every figure against a value computed by hand or by another library."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training import metrics
from training.evaluate import coco_average_precision


def picture(seed: int, size: int = 48) -> NDArray[np.float32]:
    """A smooth random picture in 0..1."""
    rng = np.random.default_rng(seed)
    coarse = rng.random((6, 6, 3)).astype(np.float32)
    return np.kron(coarse, np.ones((size // 6, size // 6, 1), np.float32))


def hole_of(size: int = 48) -> NDArray[np.bool_]:
    """The middle third of a picture."""
    hole = np.zeros((size, size), np.bool_)
    hole[size // 3 : 2 * size // 3, size // 3 : 2 * size // 3] = True
    return hole


@pytest.mark.parametrize(("error", "decibels"), [(0.1, 20.0), (0.01, 40.0), (1.0, 0.0)])
def test_psnr_of_a_constant_error(error: float, decibels: float) -> None:
    target = np.zeros((48, 48, 3), np.float32)
    output = target + np.float32(error)
    assert metrics.psnr_hole(output, target, hole_of()) == pytest.approx(decibels, abs=1e-4)


def test_psnr_looks_at_the_hole_alone() -> None:
    target, hole = picture(1), hole_of()
    output = target.copy()
    output[~hole] = 0
    assert metrics.psnr_hole(output, target, hole) == pytest.approx(100.0)
    output[hole] += np.float32(0.1)
    assert metrics.psnr_hole(output, target, hole) == pytest.approx(20.0, abs=1e-3)


def test_ssim_is_one_for_equal_pictures_and_looks_at_the_hole_alone() -> None:
    target, hole = picture(1), hole_of()
    assert metrics.ssim_hole(target, target, hole) == pytest.approx(1.0)
    far = target.copy()
    far[:5] = 1 - far[:5]
    assert metrics.ssim_hole(far, target, hole) == pytest.approx(1.0)
    far[hole] = 0.5
    assert metrics.ssim_hole(far, target, hole) < 0.9


def _ssim_at(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Wang et al. 2004, eq. 13, of two 11x11 windows."""
    steps = np.arange(-5, 6)
    gauss = np.exp(-(steps**2) / (2 * 1.5**2))
    weight = np.outer(gauss, gauss) / gauss.sum() ** 2
    mean_1, mean_2 = (weight * first).sum(), (weight * second).sum()
    variance_1 = (weight * (first - mean_1) ** 2).sum()
    variance_2 = (weight * (second - mean_2) ** 2).sum()
    covariance = (weight * (first - mean_1) * (second - mean_2)).sum()
    c1, c2 = 0.01**2, 0.03**2
    above = (2 * mean_1 * mean_2 + c1) * (2 * covariance + c2)
    return float(above / ((mean_1**2 + mean_2**2 + c1) * (variance_1 + variance_2 + c2)))


def test_ssim_is_that_of_the_paper() -> None:
    rng = np.random.default_rng(2)
    target = picture(3)
    output = np.clip(target + rng.normal(0, 0.1, target.shape), 0, 1).astype(np.float32)
    first, second = output.astype(np.float64), target.astype(np.float64)
    values = [
        _ssim_at(first[y - 5 : y + 6, x - 5 : x + 6, c], second[y - 5 : y + 6, x - 5 : x + 6, c])
        for y, x in np.argwhere(hole_of())
        for c in range(3)
    ]
    inside = float(np.mean(values))
    assert metrics.ssim_hole(output, target, hole_of()) == pytest.approx(inside, abs=1e-4)


def test_intersection_over_union() -> None:
    first, second = np.zeros((4, 4), np.bool_), np.zeros((4, 4), np.bool_)
    assert metrics.intersection_over_union(first, second) == 1.0
    first[:2], second[1:3] = True, True
    assert metrics.intersection_over_union(first, second) == pytest.approx(4 / 12)
    assert metrics.intersection_over_union(first, first) == 1.0
    assert metrics.intersection_over_union(first, ~first) == 0.0


def test_landmark_error_is_the_mean_distance_in_units() -> None:
    truth = np.zeros((2, 4, 2), np.float32)
    found = truth.copy()
    found[0, 0] = (3, 4)  # one of four landmarks is 5 px off
    found[1] = (0, 2)  # all are 2 px off
    units = np.array([10.0, 4.0])
    assert metrics.landmark_error(found, truth, units) == pytest.approx([0.125, 0.5])


def test_frechet_distance_of_two_known_gaussians() -> None:
    """For commuting covariances it is |m1 - m2|^2 + sum (s1 - s2)^2."""
    rng = np.random.default_rng(4)
    base = rng.standard_normal((4000, 3))
    base = (base - base.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(base.T))).T
    first = base * [1.0, 2.0, 0.5] + [0, 0, 1]
    second = base * [3.0, 2.0, 1.0] + [2, 0, 0]
    expected = (4 + 1) + (4 + 0 + 0.25)
    assert metrics.frechet_distance(first, second) == pytest.approx(expected, rel=1e-4)
    assert metrics.frechet_distance(first, first) == pytest.approx(0, abs=1e-3)


def test_frechet_distance_survives_fewer_samples_than_features() -> None:
    rng = np.random.default_rng(5)
    first, second = rng.standard_normal((20, 64)), rng.standard_normal((20, 64)) + 1
    assert metrics.frechet_distance(first, first) == pytest.approx(0, abs=1e-2)
    assert metrics.frechet_distance(first, second) > 50


def test_kernel_distance_is_about_zero_for_one_distribution() -> None:
    rng = np.random.default_rng(6)
    values = [
        metrics.kernel_distance(rng.standard_normal((200, 16)), rng.standard_normal((200, 16)))
        for _ in range(20)
    ]
    spread = float(np.std(values)) / np.sqrt(len(values))
    assert abs(float(np.mean(values))) < 4 * spread
    far = metrics.kernel_distance(
        rng.standard_normal((200, 16)), rng.standard_normal((200, 16)) + 1
    )
    assert far > 50 * max(abs(value) for value in values)


def test_kernel_distance_by_hand() -> None:
    first, second = np.array([[1.0], [0.0]]), np.array([[2.0], [1.0]])
    # k(a, b) = (ab + 1)^3: k(1,0) = 1, k(2,1) = 27; across 27, 8, 1, 1.
    expected = 1 + 27 - 2 * (27 + 8 + 1 + 1) / 4
    assert metrics.kernel_distance(first, second) == pytest.approx(expected)


def test_a_summary_has_the_interval_of_the_mean() -> None:
    rng = np.random.default_rng(7)
    values = rng.normal(3, 2, 400)
    seen = metrics.summary(values)
    assert seen.mean == pytest.approx(values.mean())
    assert seen.sd == pytest.approx(values.std(ddof=1))
    # Of so many samples the bootstrap's interval is the normal one: 1.96 standard errors.
    half = 1.96 * values.std(ddof=1) / 20
    assert seen.low == pytest.approx(values.mean() - half, abs=0.04)
    assert seen.high == pytest.approx(values.mean() + half, abs=0.04)
    assert seen.n == 400
    alone = metrics.summary(np.array([5.0]))
    assert alone.mean == 5
    assert np.isnan([alone.sd, alone.low, alone.high]).all()


def test_a_ratio_counts_everything_before_it_divides() -> None:
    seen = metrics.ratio(np.array([1.0, 0.0, 3.0]), np.array([1.0, 2.0, 5.0]))
    assert seen.mean == pytest.approx(4 / 8)
    assert seen.low <= seen.mean <= seen.high
    assert metrics.ratio(np.array([2.0, 2.0]), np.array([2.0, 2.0])).low == 1.0


def test_coverage_by_hand() -> None:
    error = np.array([0.1, -0.1, 0.3, -0.5])
    assert metrics.interval_coverage(error, 0.2) == 0.5
    assert metrics.interval_coverage(error, np.array([0.05, 0.1, 0.4, 0.5])) == 0.75


def test_coverage_of_a_laplace_distribution() -> None:
    """Its central interval of 80 % reaches ln 5 scales to either side."""
    error = np.random.default_rng(8).laplace(0, 0.1, 50_000)
    assert metrics.interval_coverage(error, 0.1 * np.log(5)) == pytest.approx(0.8, abs=0.01)


def test_squares_count_where_half_of_them_or_more_is_hidden() -> None:
    values = np.arange(30.0).reshape(5, 6)
    hole = np.zeros((5, 6), np.bool_)
    hole[:2, :2] = True  # a whole square
    hole[2, 0:2] = True  # half a square
    hole[2, 2] = True  # a quarter
    hole[4, :] = True  # below the last whole square
    found = metrics.means_of_squares(values, hole, 2)
    assert found.tolist() == [np.mean([0, 1, 6, 7]), np.mean([12, 13])]


def test_rank_correlation() -> None:
    error = np.array([0.1, -0.2, 0.3, -0.4])
    assert metrics.rank_correlation(error, np.array([1.0, 4.0, 9.0, 16.0])) == pytest.approx(1)
    assert metrics.rank_correlation(error, np.array([4.0, 3.0, 2.0, 1.0])) == pytest.approx(-1)
    # One neighbouring pair swapped: 1 - 6 * 2 / (4 * 15).
    assert metrics.rank_correlation(error, np.array([2.0, 1.0, 3.0, 4.0])) == pytest.approx(0.8)
    assert metrics.rank_correlation(error, np.ones(4)) == 0.0


def test_matches_go_to_the_largest_overlap_first() -> None:
    truth = np.array([[0, 0, 10, 10], [20, 0, 30, 10]], np.float64)
    found = np.array([[1, 0, 11, 10], [0, 0, 10, 10], [21, 0, 31, 10], [50, 50, 60, 60]], float)
    assert sorted(metrics.match_boxes(found, truth, threshold=0.4)) == [(1, 0), (2, 1)]
    # 9 of 11 columns overlap: below a stricter threshold only the perfect one is left.
    assert metrics.match_boxes(found, truth, threshold=0.9) == [(1, 0)]


def test_matches_of_nothing() -> None:
    none, one = np.zeros((0, 4)), np.array([[0.0, 0, 1, 1]])
    assert metrics.match_boxes(none, one, threshold=0.5) == []
    assert metrics.match_boxes(one, none, threshold=0.5) == []


def _row(photo: int, box: list[float], score: float | None = None) -> dict[str, object]:
    row: dict[str, object] = {"image_id": photo, "category_id": 1, "bbox": box}
    return row if score is None else row | {"score": score}


TRUTH = [
    _row(0, [10, 10, 50, 60]) | {"id": 1, "iscrowd": 0},
    _row(1, [5, 5, 40, 40]) | {"id": 2, "iscrowd": 0},
]


def test_average_precision_of_perfect_boxes_is_one() -> None:
    found = [_row(0, [10, 10, 50, 60], 0.9), _row(1, [5, 5, 40, 40], 0.8)]
    assert coco_average_precision(TRUTH, found, 2) == {"ap": 1.0, "ap50": 1.0, "ar10": 1.0}


def test_average_precision_of_half_the_faces() -> None:
    figures = coco_average_precision(TRUTH, [_row(0, [10, 10, 50, 60], 0.9)], 2)
    # Precision is 1 up to recall 0.5, which is 51 of COCO's 101 points.
    assert figures["ap"] == pytest.approx(51 / 101, abs=1e-3)
    assert figures["ar10"] == pytest.approx(0.5)


def test_average_precision_falls_with_the_overlap() -> None:
    # An overlap of 0.8 counts at the thresholds .50 to .80: seven of ten.
    figures = coco_average_precision(TRUTH[:1], [_row(0, [10, 10, 50, 48], 0.9)], 1)
    assert figures["ap50"] == pytest.approx(1.0)
    assert figures["ap"] in (pytest.approx(0.6, abs=0.01), pytest.approx(0.7, abs=0.01))


def test_average_precision_without_detections_is_zero() -> None:
    assert coco_average_precision(TRUTH, [], 2) == {"ap": 0.0, "ap50": 0.0, "ar10": 0.0}

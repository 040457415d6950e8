"""How far hypotheses differ, by hand and for samples of a known truth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.diversity import differences


def absolute(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(np.abs(one - other).mean(axis=1), np.float64)


def test_differences_by_hand() -> None:
    samples = [np.array([[value], [2 * value]], np.float32) for value in (1.0, 2.0, 4.0)]
    truth = np.array([[0.0], [4.0]], np.float32)
    between, to_truth = differences(samples, truth, absolute)
    assert between == pytest.approx([(1 + 3 + 2) / 3, (2 + 6 + 4) / 3])
    assert to_truth == pytest.approx([(1 + 2 + 4) / 3, (2 + 0 + 4) / 3])


@pytest.mark.parametrize(("scale", "ratio"), [(1.0, 1.0), (0.1, 0.14)])
def test_samples_of_the_truth_differ_as_far_as_they_err(scale: float, ratio: float) -> None:
    random = np.random.default_rng(0)
    truth = random.standard_normal((20000, 1), np.float32)
    samples = [np.float32(scale) * random.standard_normal((20000, 1), np.float32) for _ in range(3)]
    between, to_truth = differences(samples, truth, absolute)
    assert np.mean(between) / np.mean(to_truth) == pytest.approx(ratio, abs=0.01)

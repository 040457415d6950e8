"""The guided filter: edges go where the guide has them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.guided import _solve, explain


def step(side: int, edge: int) -> NDArray[np.float32]:
    """A guide (side, side, 3) that turns from dark to bright at column `edge`."""
    guide = np.full((side, side, 3), 0.2, np.float32)
    guide[:, edge:] = (0.8, 0.7, 0.6)
    return guide


def test_an_edge_a_little_off_comes_to_lie_on_the_guides() -> None:
    answer = np.zeros((64, 64), np.float32)
    answer[:, 34:] = 1  # two columns too far to the right
    snapped = explain(step(64, 32), answer, radius=8, smoothness=1e-4).apply(step(64, 32))
    assert ((snapped > 0.5) == (np.arange(64) >= 32)).all()


def test_the_edge_is_as_fine_as_the_guide_it_is_applied_to() -> None:
    answer = np.zeros((64, 64), np.float32)
    answer[:, 34:] = 1
    fine = step(256, 130)
    snapped = explain(step(64, 32), answer, radius=6, smoothness=1e-4).apply(fine)
    assert ((snapped > 0.5) == (np.arange(256) >= 130)).all()


def test_without_an_edge_in_the_guide_the_answer_is_only_smoothed() -> None:
    answer = np.zeros((64, 64), np.float32)
    answer[:, 32:] = 1
    flat = np.full((64, 64, 3), 0.5, np.float32)
    smooth = explain(flat, answer, radius=3, smoothness=1e-4).apply(flat)
    assert ((smooth > 0.5) == (answer > 0.5)).all()
    assert smooth[:, :20].max() < 0.01
    assert smooth[:, 44:].min() > 0.99


def test_the_functions_solve_the_normal_equations() -> None:
    rng = np.random.default_rng(0)
    root = rng.random((5, 4, 3, 3), np.float32)
    covariance = root @ root.swapaxes(-1, -2)
    shared = rng.random((5, 4, 3), np.float32)
    upper = covariance[..., *np.triu_indices(3)]
    expected = np.linalg.solve(covariance + 0.01 * np.eye(3), shared[..., None])[..., 0]
    assert _solve(upper, shared, 0.01) == pytest.approx(expected, rel=1e-3)

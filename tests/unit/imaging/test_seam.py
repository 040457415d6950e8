"""The seam: a picture in the wrong light meets the photo, and a right one is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.seam import LIMIT, SIZE, seam_offset
from tests.support.pictures import picture

Grey = NDArray[np.float32]


def face(seed: int = 0) -> Grey:
    """(SIZE, SIZE, 3) float32, skin-like: soft, of middle brightness."""
    values = picture(SIZE, SIZE, seed=seed, detail=10) / 255 * 0.5 + 0.25
    return np.asarray(values, np.float32)


def hole() -> NDArray[np.bool_]:
    """Where a mask sits."""
    hidden = np.zeros((SIZE, SIZE), np.bool_)
    hidden[70:118, 30:98] = True
    return hidden


def share_of(hidden: NDArray[np.bool_]) -> Grey:
    return np.where(hidden, np.float32(0), np.float32(1))


def slope(low: float, high: float) -> Grey:
    """An error of light that grows from left to right."""
    return np.broadcast_to(
        np.linspace(low, high, SIZE, dtype=np.float32)[None, :, None], (SIZE, SIZE, 3)
    )


def rim(hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The first pixels inside the map."""
    inner = np.zeros_like(hidden)
    inner[72:116, 32:96] = True
    return hidden & ~inner


@pytest.mark.parametrize("error", [slope(0.08, 0.08), slope(-0.02, 0.1), slope(0.06, -0.06)])
def test_error_of_light_vanishes_along_the_edge(error: Grey) -> None:
    truth, hidden = face(), hole()
    offset = seam_offset(
        truth * share_of(hidden)[..., None], share_of(hidden), truth + error, reach=0.15
    )
    left = np.abs(truth + error + offset - truth)[rim(hidden)].mean()
    assert left < 0.25 * np.abs(error)[rim(hidden)].mean() + 0.002


def test_correction_fades_inward() -> None:
    truth, hidden = face(), hole()
    offset = seam_offset(truth, share_of(hidden), truth - np.float32(0.1), reach=0.1)
    middle = np.abs(offset[90:98, 60:68]).mean()
    assert middle < 0.5 * np.abs(offset[rim(hidden)]).mean()


def test_right_picture_is_left_alone() -> None:
    truth, hidden = face(), hole()
    offset = seam_offset(truth, share_of(hidden), truth, reach=0.15)
    assert np.abs(offset).max() < 1e-6


def test_rim_of_a_mask_that_the_map_misses_is_not_spread() -> None:
    truth, hidden = face(), hole()
    visible = truth.copy()
    visible[68:70, 30:98] = (0.9, 0.95, 1.0)
    visible[40:70, 96:104] = 0.02  # a strap
    clean = seam_offset(truth, share_of(hidden), truth - np.float32(0.05), reach=0.15)
    offset = seam_offset(visible, share_of(hidden), truth - np.float32(0.05), reach=0.15)
    assert np.abs(offset - clean)[hidden].mean() < 0.02


def test_what_is_no_error_of_light_is_left_alone() -> None:
    hidden = hole()
    white, black = np.ones((SIZE, SIZE, 3), np.float32), np.zeros((SIZE, SIZE, 3), np.float32)
    assert not seam_offset(white, share_of(hidden), black, reach=0.15).any()


def test_correction_stays_modest() -> None:
    offset = seam_offset(face(), share_of(hole()), face(1), reach=0.15)
    assert np.abs(offset).max() <= LIMIT + 1e-6


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nothing_to_compare_with(share: float) -> None:
    whole = np.full((SIZE, SIZE), share, np.float32)
    assert not seam_offset(face(), whole, face(1), reach=0.15).any()


def test_small_crops_and_one_channel() -> None:
    for size in (8, 16, 32):
        hidden = np.zeros((size, size), np.float32)
        hidden[size // 2 :] = 1
        offset = seam_offset(
            np.full((size, size, 1), 0.5, np.float32),
            1 - hidden,
            np.zeros((size, size, 1), np.float32),
            reach=0.2,
        )
        assert offset.shape == (size, size, 1)
        assert np.isfinite(offset).all()

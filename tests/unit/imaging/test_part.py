"""Parts of pictures, and the whole pictures composed from them."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.errors import CompositeError
from app.imaging.part import Composites, Part, check_same_outside

RNG = np.random.Generator(np.random.PCG64(5))
GROUND = RNG.integers(0, 65536, (20, 30, 4), dtype=np.uint16)
AREA = (7, 3, 19, 12)


def changed(seed: int) -> np.typing.NDArray[np.uint16]:
    """The ground with other values inside the area."""
    picture = GROUND.copy()
    noise = np.random.Generator(np.random.PCG64(seed)).integers(0, 65536, (9, 12, 4), np.uint16)
    picture[3:12, 7:19] = noise
    return picture


def test_a_part_brings_the_whole_back_bit_for_bit() -> None:
    whole = changed(1)
    part = Part.cut(whole, AREA)
    assert part.rectangle == AREA
    assert part.pixels.shape == (9, 12, 4)
    assert np.array_equal(part.over(GROUND), whole)
    on_zeros = part.over_zeros(20, 30)
    assert np.array_equal(on_zeros[3:12, 7:19], whole[3:12, 7:19])
    assert not on_zeros[:3].any()
    assert on_zeros.dtype == np.uint16


@pytest.mark.parametrize(
    "window", [(0, 0, 30, 20), (10, 5, 15, 8), (0, 0, 7, 3), (15, 10, 30, 20), (7, 0, 8, 20)]
)
def test_a_window_of_the_whole_is_that_of_the_composed(window: tuple[int, int, int, int]) -> None:
    whole = changed(1)
    x0, y0, x1, y1 = window
    made = Part.cut(whole, AREA).inside(window, GROUND)
    assert np.array_equal(made, whole[y0:y1, x0:x1])


def test_a_part_is_a_copy_that_nobody_changes() -> None:
    whole = changed(1)
    part = Part.cut(whole, AREA)
    whole[:] = 0
    assert part.pixels.any()
    with pytest.raises(ValueError, match="read-only"):
        part.pixels[0, 0] = 1


def test_an_empty_rectangle_is_the_ground() -> None:
    part = Part.cut(GROUND, (0, 0, 0, 0))
    assert np.array_equal(part.over(GROUND), GROUND)


def test_composites_are_a_sequence_of_whole_pictures() -> None:
    wholes = [changed(seed) for seed in (1, 2, 3)]
    composites = Composites(GROUND, [Part.cut(whole, AREA) for whole in wholes])
    assert len(composites) == 3
    for made, whole in zip(composites, wholes, strict=True):
        assert np.array_equal(made, whole)
    assert np.array_equal(composites[-1], wholes[2])
    assert len(composites[1:]) == 2
    with pytest.raises(IndexError):
        composites[3]
    assert composites.nbytes == 3 * 9 * 12 * 4 * 2
    composites[0][:] = 0  # a new array each time
    assert np.array_equal(composites[0], wholes[0])


@pytest.mark.parametrize(("x", "y"), [(0, 0), (29, 19), (6, 5), (19, 5), (10, 2), (10, 12)])
def test_a_difference_outside_is_found(x: int, y: int) -> None:
    check_same_outside(GROUND, changed(4), AREA)
    wrong = changed(4)
    wrong[y, x, 0] ^= 1
    with pytest.raises(CompositeError, match="outside the map"):
        check_same_outside(GROUND, wrong, AREA)

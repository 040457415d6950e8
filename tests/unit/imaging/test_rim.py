"""The mixed pixels at a mask's edge: taken into the map, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.rim import Step, levels_of_halo, levels_of_mask, levels_of_shadow, with_rim

SKIN, CLOTH = np.array([210, 160, 130]), np.array([30, 40, 60])

APART = float(np.linalg.norm(SKIN - CLOTH))
"""Levels between both: 228."""


def drawn(
    shares: NDArray[np.floating], *, mask: NDArray[np.int_] = CLOTH
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A photo whose columns hold so much of the mask, and the map of what is all mask."""
    columns = shares[:, None] * mask + (1 - shares[:, None]) * SKIN
    photo = np.repeat(np.round(columns)[None], 40, axis=0).astype(np.uint8)
    return photo, np.repeat((shares >= 1)[None], 40, axis=0)


def edge(*mixed: float) -> NDArray[np.float64]:
    """Columns of skin, then those mixtures, then cloth."""
    return np.concatenate([np.zeros(20), mixed, np.ones(20)])


def test_the_levels_are_those_of_the_mixture() -> None:
    photo, map = drawn(edge(0.35))
    levels = levels_of_mask(map, photo)
    assert levels[20, 20] == pytest.approx(0.35 * APART, abs=1.5)
    assert levels[20, 19] == pytest.approx(0, abs=1.5)


def test_a_pixel_beyond_the_mask_has_no_more_of_it_than_the_mask() -> None:
    photo, map = drawn(edge(1.0), mask=SKIN - 20)
    photo[:, 20], map[:, 20] = 0, False
    assert levels_of_mask(map, photo)[20, 20] == pytest.approx(20 * 3**0.5, abs=0.5)


@pytest.mark.parametrize(
    ("levels", "taken"),
    [((), []), ((110,), []), ((60,), [21]), ((60, 60), [21]), ((60, 20), [20, 21])],
)
def test_it_grows_by_the_pixels_that_the_mask_changes_so_much(
    levels: tuple[float, ...], taken: list[int]
) -> None:
    photo, map = drawn(edge(0.15, 0.45))
    grown = with_rim(map, photo, steps=[Step(least) for least in levels])
    assert np.flatnonzero((grown & ~map)[20]).tolist() == taken
    assert not (map & ~grown).any()


def test_a_pale_mask_leaves_no_line_and_takes_no_pixels_where_a_dark_one_does() -> None:
    for mask, taken in ((CLOTH, [20]), (SKIN + 25, [])):
        photo, map = drawn(edge(0.3), mask=mask)
        grown = with_rim(map, photo, steps=[Step(35)])
        assert np.flatnonzero((grown & ~map)[20]).tolist() == taken


def test_the_map_that_is_given_stays_as_it_is() -> None:
    photo, map = drawn(edge(0.5))
    before = map.copy()
    grown = with_rim(map, photo, steps=[Step(35)])
    assert (map == before).all()
    assert (grown != map).any()


def test_a_map_that_is_sharp_already_is_not_grown() -> None:
    photo, map = drawn(edge())
    assert (with_rim(map, photo, steps=[Step(10), Step(20)]) == map).all()


def test_where_mask_and_skin_are_alike_nothing_is_added() -> None:
    photo, map = drawn(edge(0.5), mask=SKIN - 12)
    assert (with_rim(map, photo, steps=[Step(25)]) == map).all()


@pytest.mark.parametrize("value", [False, True])
def test_empty_and_full_maps(value: bool) -> None:
    photo = np.random.default_rng(0).integers(0, 255, (30, 40, 3), np.uint8)
    map = np.full((30, 40), value)
    assert (with_rim(map, photo, steps=[Step(10), Step(10)]) == map).all()


def test_at_the_photos_edge() -> None:
    photo, map = drawn(edge(0.6)[18:])
    grown = with_rim(map, photo, steps=[Step(35)])
    assert np.flatnonzero((grown & ~map)[0]).tolist() == [2]
    assert np.flatnonzero((grown & ~map)[-1]).tolist() == [2]


def with_shadow(columns: NDArray[np.floating]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A pale mask on skin whose columns are so many levels darker."""
    photo = np.repeat((np.array([150, 150, 150]) - columns[:, None])[None], 40, axis=0)
    photo, map = np.round(photo).astype(np.uint8), np.zeros((40, len(columns)), np.bool_)
    photo[:, 22:], map[:, 22:] = 200, True
    return photo, map


def test_a_shadow_beside_a_pale_mask_is_taken_along() -> None:
    columns = np.zeros(42)
    columns[20:22] = 10, 30
    photo, map = with_shadow(columns)
    assert levels_of_shadow(map, photo)[20, 18:22] == pytest.approx([0, 0, 10, 30], abs=0.5)
    for shadow, taken in ((40, []), (20, [21]), (8, [20, 21])):
        grown = with_rim(map, photo, steps=[Step(35, shadow=shadow)] * 2)
        assert np.flatnonzero((grown & ~map)[20]).tolist() == taken
    assert (with_rim(map, photo, steps=[Step(35)] * 2) == map).all()


def test_the_rim_of_glasses_is_no_shadow() -> None:
    columns = np.zeros(42)
    columns[12:22] = 90
    photo, map = with_shadow(columns)
    assert (with_rim(map, photo, steps=[Step(35, shadow=14)] * 2) == map).all()


def test_a_halo_around_a_dark_mask_is_taken_along() -> None:
    photo, map = drawn(edge(0, 0))
    photo[:, 20:22] += np.array([[20, 20, 20], [40, 40, 40]], np.uint8)
    assert levels_of_halo(map, photo)[20, 18:22] == pytest.approx([0, 0, 20, 40], abs=0.5)
    for halo, taken in ((50, []), (30, [21]), (14, [20, 21])):
        grown = with_rim(map, photo, steps=[Step(35, halo=halo)] * 2)
        assert np.flatnonzero((grown & ~map)[20]).tolist() == taken
    assert (with_rim(map, photo, steps=[Step(35, shadow=14)] * 2) == map).all()


def test_a_coloured_line_of_the_skins_own_lightness_is_a_halo_too() -> None:
    photo, map = drawn(edge(0))
    photo[:, 20] = SKIN + np.array([30, -22, 35])
    assert (with_rim(map, photo, steps=[Step(35, shadow=14)]) == map).all()
    assert with_rim(map, photo, steps=[Step(35, halo=14)])[:, 20].all()


def test_hair_beside_a_mask_is_no_halo() -> None:
    photo, map = drawn(edge(0, 0))
    photo[:, :20:2] -= 60
    photo[:, 20:22] += 25
    assert (with_rim(map, photo, steps=[Step(300, halo=14)] * 2) == map).all()


def test_no_dashes_are_left_of_a_shadow() -> None:
    columns = np.zeros(42)
    columns[21] = 30
    photo, map = with_shadow(columns)
    photo[20:22, 21] = 145
    grown = with_rim(map, photo, steps=[Step(35, shadow=14)])
    assert grown[:, 21].all()
    assert not grown[:, 20].any()


@pytest.mark.parametrize("levels", [levels_of_shadow, levels_of_halo])
def test_what_lies_beside_has_the_same_levels_wherever_the_arrays_lie(
    levels: Callable[[NDArray[np.bool_], NDArray[np.uint8]], NDArray[np.float32]],
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (150, 90, 3), np.uint8)
    map = np.zeros((150, 90), np.bool_)
    map[40:90, 20:60] = True
    first = levels(map, noise)
    threads = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        store = np.empty(noise.size + 8, np.uint8)[5:][: noise.size].reshape(noise.shape)
        store[...] = noise
        assert np.array_equal(levels(map, store), first)
    finally:
        cv2.setNumThreads(threads)


def test_the_levels_are_the_same_wherever_the_arrays_lie() -> None:
    random = np.random.default_rng(0)
    threads = cv2.getNumThreads()
    try:
        for _ in range(10):
            height, width = (int(side) for side in random.integers(40, 200, 2))
            noise = random.integers(0, 255, (height, width, 3), np.uint8)
            photo = np.asarray(cv2.GaussianBlur(noise, (0, 0), 2), np.uint8)
            map = np.zeros((height, width), np.bool_)
            map[height // 4 : height // 2, width // 4 : width // 2] = True
            first = levels_of_mask(map, photo)
            for number in (1, 2):
                cv2.setNumThreads(number)
                for offset in (1, 4, 7):
                    room = np.empty(photo.nbytes + 64, np.uint8)
                    moved = room[offset : offset + photo.nbytes].reshape(photo.shape)
                    moved[...] = photo
                    assert (levels_of_mask(map, moved) == first).all()
    finally:
        cv2.setNumThreads(threads)

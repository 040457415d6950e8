"""Which face a mapped pixel belongs to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, align_box
from app.imaging.faces_in_map import (
    FacePart,
    fill_faces,
    share_map,
    sketch_faces,
    uncertainty_of_faces,
)
from app.imaging.photo import Photo, photo_from_array
from app.imaging.uncertainty import FULL_SPREAD

LEFT = align_box((10, 10, 60, 60), margin=1)
RIGHT = align_box((50, 10, 100, 60), margin=1)
"""Two crops of 50 pixels that share the columns 50 to 60."""


def mapped(*rectangles: tuple[int, int, int, int]) -> NDArray[np.bool_]:
    map_ = np.zeros((80, 120), np.bool_)
    for x0, y0, x1, y1 in rectangles:
        map_[y0:y1, x0:x1] = True
    return map_


def test_each_face_gets_its_own_mask() -> None:
    left, right = share_map(mapped((20, 30, 45, 50), (65, 30, 90, 50)), [LEFT, RIGHT])
    assert left is not None
    assert np.array_equal(left, mapped((20, 30, 45, 50)))
    assert right is not None
    assert np.array_equal(right, mapped((65, 30, 90, 50)))


def test_masks_that_touch_are_cut_half_way() -> None:
    left, right = share_map(mapped((20, 30, 90, 50)), [LEFT, RIGHT])
    assert left is not None
    assert right is not None
    assert np.array_equal(left, mapped((20, 30, 55, 50)))
    assert np.array_equal(right, mapped((55, 30, 90, 50)))


def test_a_neighbour_does_not_take_a_sliver() -> None:
    # The mask reaches two pixels into the half of the other, unmasked face.
    whole = mapped((20, 30, 57, 32))
    left, right = share_map(whole, [LEFT, RIGHT])
    assert right is None
    assert left is not None
    assert np.array_equal(left, whole)


def test_a_small_map_alone_counts() -> None:
    (only,) = share_map(mapped((30, 30, 32, 32)), [LEFT])
    assert only is not None
    assert only.sum() == 4


def test_what_no_crop_reaches_belongs_to_nobody() -> None:
    (only,) = share_map(mapped((20, 30, 45, 50), (110, 70, 120, 80)), [LEFT])
    assert only is not None
    assert only.sum() == 25 * 20


def test_nothing() -> None:
    assert share_map(mapped(), [LEFT, RIGHT]) == (None, None)
    assert share_map(mapped((20, 30, 45, 50)), []) == ()


def parts() -> tuple[Photo, NDArray[np.bool_], list[FacePart]]:
    map_ = mapped((20, 30, 90, 50), (0, 0, 5, 5))
    noise = np.random.default_rng(1).integers(0, 256, (80, 120, 3), dtype=np.uint8)
    shares = share_map(map_, [LEFT, RIGHT])
    made: list[FacePart] = []
    for share, alignment in zip(shares, (LEFT, RIGHT), strict=True):
        assert share is not None
        made.append(FacePart(map=share, pictures=pictures(alignment), alignment=alignment))
    return photo_from_array(noise), map_, made


def pictures(alignment: Alignment) -> NDArray[np.float32]:
    """Two hypotheses: flat grey, darker for the left face."""
    level = 0.3 if alignment is LEFT else 0.7
    return np.stack([np.full((16, 16, 3), level + shift, np.float32) for shift in (0, 0.1)])


def test_all_faces_are_filled() -> None:
    photo, map_, made = parts()
    composite = fill_faces(photo, map_, made, 0)
    assert np.array_equal(composite.pixels[~map_], photo.pixels[~map_])
    assert composite.uncovered == 25
    assert np.array_equal(composite.pixels[:5, :5], photo.pixels[:5, :5])
    assert composite.pixels[40, 30].mean() < composite.pixels[40, 80].mean()


def test_a_sketch_of_all_faces() -> None:
    photo, map_, made = parts()
    sketches = [
        FacePart(map=p.map, pictures=p.pictures[..., :1], alignment=p.alignment) for p in made
    ]
    drawing = sketch_faces(photo, map_, sketches, 1)
    assert drawing.pixels.shape == (80, 120)
    assert drawing.uncovered == 25
    assert drawing.pixels[40, 30] < drawing.pixels[40, 80]


def test_hypotheses_of_sketches_differ_under_the_map_only() -> None:
    photo, map_, made = parts()
    sketches = [
        FacePart(
            map=p.map,
            pictures=np.stack([np.full((16, 16, 1), grey, np.float32) for grey in (0.2, 0.8)]),
            alignment=p.alignment,
        )
        for p in made
    ]
    first, second = (sketch_faces(photo, map_, sketches, number).pixels for number in (0, 1))
    apart = first != second
    assert apart[map_].any()
    assert not apart[~map_].any()


def test_uncertainty_of_all_faces() -> None:
    _, map_, made = parts()
    heat = uncertainty_of_faces(made)
    assert heat[40, 30] > 0
    assert heat[40, 80] > 0
    assert not heat[~map_].any()


def test_uncertainty_that_the_model_states() -> None:
    _, map_, made = parts()
    stated = [replace(part, error=np.full((16, 16), 0.1, np.float32)) for part in made]
    heat = uncertainty_of_faces(stated)
    assert heat[40, 30] == heat[40, 80] == round(0.1 / FULL_SPREAD * 255)
    assert (heat[~map_] == 0).all()

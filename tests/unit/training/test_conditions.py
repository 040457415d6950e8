"""Photos as a worse camera would have taken them."""

from __future__ import annotations

import numpy as np
import pytest

from training.conditions import CONDITIONS, taken
from training.data.real import RealPhoto


@pytest.fixture
def photo() -> RealPhoto:
    """A photo of noise with one face of 80 x 100 px, whose lower half is masked."""
    pixels = np.random.default_rng(1).integers(0, 256, (200, 300, 3), np.uint8)
    covered = np.zeros((200, 300), np.bool_)
    covered[100:150, 100:180] = True
    return RealPhoto(
        pixels=pixels,
        boxes=np.array([[100.0, 50, 180, 150]]),
        ignored=np.array([[0.0, 0, 20, 20]]),
        maps=[covered],
        name="noise",
    )


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_changes_the_pixels_alone_or_everything_in_step(
    photo: RealPhoto, condition: str
) -> None:
    (seen,) = taken([photo], condition)
    height, width = seen.pixels.shape[:2]
    scale = width / 300
    assert seen.pixels.dtype == np.uint8
    assert not np.array_equal(seen.pixels, photo.pixels)
    assert seen.maps[0].shape == (height, width)
    assert seen.maps[0].mean() == pytest.approx(photo.maps[0].mean(), rel=0.05)
    assert seen.boxes == pytest.approx(photo.boxes * scale, rel=0.03)
    assert seen.ignored == pytest.approx(photo.ignored * scale, abs=0.5)


def test_the_same_photo_comes_out_the_same_each_time(photo: RealPhoto) -> None:
    for condition in CONDITIONS:
        (first,), (second,) = taken([photo], condition), taken([photo], condition)
        assert np.array_equal(first.pixels, second.pixels)


def test_small_faces_have_the_width_asked_for_and_are_never_enlarged(photo: RealPhoto) -> None:
    (small,) = taken([photo], "faces of 24 px")
    assert small.boxes[0, 2] - small.boxes[0, 0] == pytest.approx(24, abs=0.5)
    (again,) = taken([small], "faces of 48 px")
    assert again.pixels.shape == small.pixels.shape


def test_dark_is_dark_and_grey_is_grey(photo: RealPhoto) -> None:
    (dark,), (grey,) = taken([photo], "dark"), taken([photo], "grey")
    assert dark.pixels.mean() < 0.3 * photo.pixels.mean()
    assert np.ptp(grey.pixels.astype(int), axis=2).max() == 0

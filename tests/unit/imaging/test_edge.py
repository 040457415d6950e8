"""No step at the map's edge: drawn skin begins with what is beside it, inside the map alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import app.imaging.composite as composing
from app.imaging.composite import composite
from app.imaging.edge import (
    CONTENT,
    FADED,
    LEAST,
    MOST,
    REACH,
    RIM,
    edge_offset,
    margin_of,
    reach_of,
)
from app.imaging.photo import photo_from_array
from tests.support.pictures import picture, tilted

HEIGHT, WIDTH = 60, 80
TOP, LEFT = 20, 25
TAU = 2.0


def hole() -> NDArray[np.bool_]:
    hidden = np.zeros((HEIGHT, WIDTH), np.bool_)
    hidden[TOP:45, LEFT:60] = True
    return hidden


def even(value: float, channels: int = 3) -> NDArray[np.float32]:
    return np.full((HEIGHT, WIDTH, channels), value, np.float32)


def everywhere() -> NDArray[np.bool_]:
    return np.ones((HEIGHT, WIDTH), np.bool_)


def offset(
    photo: NDArray[np.float32],
    drawn: NDArray[np.float32],
    *,
    hidden: NDArray[np.bool_] | None = None,
    known: NDArray[np.bool_] | None = None,
) -> NDArray[np.float32]:
    return edge_offset(
        photo,
        drawn,
        hole() if hidden is None else hidden,
        everywhere() if known is None else known,
        reach=TAU,
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_it_begins_with_the_difference_and_fades(channels: int) -> None:
    made = offset(even(0.5, channels), even(0.55, channels))
    assert made.shape == (HEIGHT, WIDTH, channels)
    assert made.dtype == np.float32
    down = made[TOP:45, 40, 0]
    assert down[0] == pytest.approx(-0.05, abs=1e-5)
    assert down[2] == pytest.approx(-0.05 * np.exp(-2 / TAU), abs=1e-4)
    assert not down[round(FADED * TAU) + 1 : 12].any()
    assert not made[~hole()].any()


def test_a_rim_of_one_pixel_is_no_line_any_more() -> None:
    """Skin of .6, beside the mask a shadow of .52: the largest step is half of what it was."""
    photo = even(0.6)
    photo[TOP - 2, LEFT:60], photo[TOP - 1, LEFT:60] = 0.56, 0.52
    drawn = even(0.6)
    whole = np.where(hole()[..., None], drawn, photo)
    made = np.where(hole()[..., None], drawn + offset(photo, drawn), photo)
    across = np.s_[TOP - 3 : TOP + 8, 42, 0]
    steps = [np.abs(np.diff(each[across])).max() for each in (whole, made)]
    assert steps[0] == pytest.approx(0.08, abs=1e-6)
    assert steps[1] < 0.51 * steps[0]


@pytest.mark.parametrize(
    ("difference", "part"), [(RIM, 1.0), ((RIM + CONTENT) / 2, 0.5), (CONTENT, 0.0), (0.6, 0.0)]
)
def test_what_is_no_rim_is_left_alone(difference: float, part: float) -> None:
    made = offset(even(0.2), even(0.2 + difference))
    assert made[TOP, 40, 0] == pytest.approx(-part * difference, abs=1e-4)


def test_grain_does_not_go_on_as_streaks() -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, (HEIGHT, WIDTH, 3)).astype(np.float32)
    made = offset(even(0.5) + noise, even(0.5))
    assert made[TOP, LEFT + 4 : 56].std() < 0.55 * noise[TOP - 1].std()


def test_nothing_depends_on_hidden_pixels() -> None:
    photo = np.asarray(picture(HEIGHT, WIDTH) / 255, np.float32)
    other = photo.copy()
    other[hole()] = 0.9
    np.testing.assert_array_equal(offset(photo, even(0.5)), offset(other, even(0.5)))


def test_where_other_faces_hide_the_photo_there_is_no_edge() -> None:
    """The map's lower edge touches another face's."""
    hidden = hole()
    hidden[45:] = True
    made = offset(even(0.5), even(0.55), hidden=hidden)
    assert made[TOP, 40, 0] == pytest.approx(-0.05, abs=1e-5)
    assert not made[40:, 40].any()


def test_beyond_the_picture_nothing_is_compared() -> None:
    known = everywhere()
    known[:TOP] = False
    made = offset(even(0.5), even(0.55), known=known)
    assert not made[TOP : TOP + 4, 40].any()
    assert made[44, 40, 0] == pytest.approx(-0.05, abs=1e-5)


@pytest.mark.parametrize("hidden", [True, False])
def test_where_there_is_no_edge_nothing_changes(hidden: bool) -> None:
    assert not offset(even(0.5), even(0.55), hidden=np.full((HEIGHT, WIDTH), hidden)).any()


def test_the_reach_follows_the_face_within_limits() -> None:
    assert [reach_of(side) for side in (10, 250, 5000)] == [LEAST, 250 * REACH, MOST]


def test_a_region_with_its_margin_is_as_the_whole() -> None:
    photo = np.asarray(picture(HEIGHT, WIDTH, detail=2) / 255, np.float32)
    drawn = np.asarray(picture(HEIGHT, WIDTH, detail=2, seed=1) / 255, np.float32)
    whole = offset(photo, drawn)
    margin = margin_of(TAU)
    part = np.s_[30 - margin : 36 + margin, 33 - margin : 50 + margin]
    made = edge_offset(
        np.ascontiguousarray(photo[part]),
        np.ascontiguousarray(drawn[part]),
        np.ascontiguousarray(hole()[part]),
        everywhere()[part],
        reach=TAU,
    )
    np.testing.assert_allclose(made[margin:-margin, margin:-margin], whole[30:36, 33:50], atol=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_composite_has_no_step_and_leaves_the_rest_alone(
    channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    height, width = 300, 320
    hidden = np.zeros((height, width), np.bool_)
    hidden[160:230, 110:210] = True
    pixels = np.full((height, width, channels), 150, np.uint8)
    pixels[159, 110:210, : channels - (channels % 2 == 0)] = 135
    photo = photo_from_array(pixels)
    drawn = np.full((64, 64, 3), 150 / 255, np.float32)
    face = tilted(200, x=160, y=150, degrees=5)
    made = composite(photo, hidden, drawn, face, grain=False)
    np.testing.assert_array_equal(made.pixels[~hidden], photo.pixels[~hidden])
    across = made.pixels[158:175, 160, 0].astype(int)
    assert np.abs(np.diff(across[1:])).max() <= 9
    assert across[-1] == 150
    # A large face is worked on in bands, and looks the same.
    monkeypatch.setattr(composing, "_BAND_PIXELS", 7 * 100)
    np.testing.assert_array_equal(
        composite(photo, hidden, drawn, face, grain=False).pixels, made.pixels
    )


def test_without_a_reach_the_picture_is_put_in_as_it_is() -> None:
    photo = photo_from_array(np.full((300, 320, 3), 150, np.uint8))
    hidden = np.zeros((300, 320), np.bool_)
    hidden[160:230, 110:210] = True
    drawn = np.full((64, 64, 3), 160 / 255, np.float32)
    face = tilted(200, x=160, y=150)
    made = composite(photo, hidden, drawn, face, reach=0, grain=False)
    assert (made.pixels[hidden] == 160).all()


def test_it_is_the_same_wherever_the_arrays_lie() -> None:
    """What a record promises to draw again is the same to the last bit of a 16-bit photo."""
    photo = np.asarray(picture(HEIGHT, WIDTH, bits=16, detail=2) / 65535, np.float32)
    drawn = np.asarray(picture(HEIGHT, WIDTH, bits=16, detail=2, seed=1) / 65535, np.float32)
    first = offset(photo, drawn)
    assert first.any()
    threads = cv2.getNumThreads()
    try:
        for number in (1, 2, 3):
            cv2.setNumThreads(number)
            for start in (1, 3, 6):
                room = np.empty(photo.size + 16, np.float32)
                moved = room[start : start + photo.size].reshape(photo.shape)
                moved[...] = photo
                np.testing.assert_array_equal(offset(moved, drawn), first)
    finally:
        cv2.setNumThreads(threads)

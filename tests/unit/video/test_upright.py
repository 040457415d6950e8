"""Frames as players show them: a camera that is held on its side, a picture that is mirrored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.video.read import open_frames
from tests.support.videos import shown_by, write_video

Change = Callable[[NDArray[Any]], NDArray[Any]]


def corners() -> NDArray[np.uint8]:
    """A picture (48, 64, 3) whose four corners differ."""
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:24, :32] = 230
    picture[:24, 32:] = 150
    picture[24:, :32] = 80
    return picture


@pytest.mark.parametrize(
    ("matrix", "stored"),
    [
        ((1, 0, 0, 1), lambda shown: shown),
        ((0, 1, -1, 0), lambda shown: np.rot90(shown, 1)),
        ((-1, 0, 0, -1), lambda shown: np.rot90(shown, 2)),
        ((0, -1, 1, 0), lambda shown: np.rot90(shown, 3)),
        ((-1, 0, 0, 1), lambda shown: shown[:, ::-1]),
        ((1, 0, 0, -1), lambda shown: shown[::-1]),
        ((0, 1, 1, 0), lambda shown: shown.swapaxes(0, 1)),
        ((0, -1, -1, 0), lambda shown: np.rot90(shown, 2).swapaxes(0, 1)),
    ],
)
def test_every_way_of_showing_a_frame(
    matrix: tuple[int, int, int, int], stored: Change, tmp_path: Path
) -> None:
    shown = corners()
    pixels = np.ascontiguousarray(stored(shown))
    plain = write_video(tmp_path / "plain.mp4", [pixels, pixels], sound=None)
    film = open_frames(str(shown_by(plain, tmp_path / "film.mp4", matrix)))
    try:
        assert (film.info.width, film.info.height) == (64, 48)
        for frame in film.frames():
            assert np.abs(frame.rgb.astype(int) - shown).mean() < 2
    finally:
        film.close()

"""Locating: boxes come back in photo pixels whatever the photo's size and shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.imaging.face import Box
from app.inference.boxes import reduced
from app.inference.errors import Cancelled
from app.inference.locate import ALIGN_BATCH, find_landmarks, locate
from app.inference.session import CancelToken, ModelSession
from app.inference.zoo import Zoo
from tests.support.tiny_models import (
    LONG_SIDE,
    DrawnFace,
    add_model,
    align_model,
    draw_photo,
    locate_model,
    mean_face,
)

Sessions = tuple[ModelSession, ModelSession]


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return make(tmp_path)


def make(folder: Path, *, fixed_box: Box | None = None, sizes: tuple[int, ...] = ()) -> Sessions:
    given = {"size": LONG_SIDE, "sizes": sizes}
    add_model(folder, "locate", "locate", locate_model(fixed_box), input=given)
    add_model(folder, "align", "align", align_model())
    zoo = Zoo(folder)
    return ModelSession(zoo.get("locate"), "cpu"), ModelSession(zoo.get("align"), "cpu")


def overlap(first: Box, second: Box) -> float:
    """Intersection over union."""
    sides = [max(0.0, min(first[i + 2], second[i + 2]) - max(first[i], second[i])) for i in (0, 1)]
    shared = sides[0] * sides[1]
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first, second)]
    return shared / (sum(areas) - shared)


@pytest.mark.parametrize(
    ("width", "height", "box"),
    [
        (400, 300, (100, 60, 180, 160)),
        (300, 400, (10, 250, 110, 380)),
        (64, 48, (16, 8, 40, 40)),
        (200, 200, (0, 0, 200, 200)),
        (6000, 4000, (3000, 1000, 4200, 2500)),
        (2000, 180, (700, 40, 800, 160)),
        (90, 1500, (10, 600, 80, 690)),
        (127, 301, (31, 77, 99, 190)),
    ],
)
def test_finds_the_block(
    sessions: Sessions, width: int, height: int, box: tuple[int, int, int, int]
) -> None:
    (face,) = locate(draw_photo(width, height, [DrawnFace(box)]), *sessions)
    assert overlap(face.box, box) > 0.8
    assert face.score == pytest.approx(0.9)
    assert face.masked == pytest.approx(0.95)
    assert face.landmarks.shape == (68, 2)
    assert face.landmarks.dtype == np.float32
    # The tiny aligner puts the eyes at a known place of the crop around the box.
    side = 1.25 * max(face.box[2] - face.box[0], face.box[3] - face.box[1])
    corner = np.array([face.box[0] + face.box[2] - side, face.box[1] + face.box[3] - side]) / 2
    np.testing.assert_allclose(face.landmarks, corner + mean_face() * side, atol=side * 1e-3 + 0.01)


def test_largest_first_masked_or_not(sessions: Sessions) -> None:
    drawn = [
        DrawnFace((20, 20, 60, 70), masked=False),
        DrawnFace((100, 60, 180, 160)),
        DrawnFace((300, 100, 350, 165), second=True),
    ]
    faces = locate(draw_photo(400, 300, drawn), *sessions)
    assert [round(face.masked, 2) for face in faces] == [0.95, 0.95, 0.0]
    for face, block in zip(faces, [drawn[1], drawn[2], drawn[0]], strict=True):
        assert overlap(face.box, block.box) > 0.8


def test_no_face_is_an_empty_list(sessions: Sessions) -> None:
    assert locate(draw_photo(300, 200, []), *sessions) == []
    assert locate(np.zeros((16, 16, 3), np.uint8), *sessions) == []


def test_several_sizes_give_each_face_once(tmp_path: Path) -> None:
    photo = draw_photo(400, 300, [DrawnFace((100, 60, 180, 160))])
    (once,) = locate(photo, *make(tmp_path / "one"))
    (face,) = locate(photo, *make(tmp_path / "many", sizes=(LONG_SIDE, 64, 256)))
    assert overlap(face.box, once.box) > 0.8


def test_boxes_stay_inside_the_photo(tmp_path: Path) -> None:
    (face,) = locate(draw_photo(300, 200, []), *make(tmp_path, fixed_box=(-0.2, 0.5, 0.6, 1.9)))
    # The fixed box is a share of the padded input, whose 128 rows hold 301 of photo and padding.
    assert face.box == pytest.approx((0, 150.6, 180, 200), abs=1)


def test_the_threshold_is_the_cards(tmp_path: Path) -> None:
    for folder, threshold, count in (("low", 0.85, 1), ("high", 0.95, 0)):
        given = {"size": LONG_SIDE, "score_threshold": threshold}
        add_model(tmp_path / folder, "locate", "locate", locate_model((0, 0, 1, 1)), input=given)
        add_model(tmp_path / folder, "align", "align", align_model())
        zoo = Zoo(tmp_path / folder)
        found = locate(
            draw_photo(100, 100, []),
            ModelSession(zoo.get("locate"), "cpu"),
            ModelSession(zoo.get("align"), "cpu"),
        )
        assert len(found) == count


def test_cancelled(sessions: Sessions) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        locate(draw_photo(300, 200, []), *sessions, token)


def test_landmarks_of_more_faces_than_a_batch(sessions: Sessions) -> None:
    photo = draw_photo(300, 200, [])
    count = ALIGN_BATCH + 3
    boxes = np.array([[i, 2 * i, i + 80, 2 * i + 80] for i in range(count)], np.float32)
    landmarks = find_landmarks(photo, boxes, sessions[1])
    assert landmarks.shape == (count, 68, 2)
    expected = boxes[:, None, :2] - 10 + mean_face()[None] * 100
    np.testing.assert_allclose(landmarks, expected, atol=0.01)
    assert find_landmarks(photo, boxes[:0], sessions[1]).shape == (0, 68, 2)


@pytest.mark.parametrize(("width", "height"), [(6000, 4001), (3333, 800), (900, 5000)])
def test_large_photos_are_reduced_once(sessions: Sessions, width: int, height: int) -> None:
    photo = draw_photo(
        width, height, [DrawnFace((width // 2, height // 4, width - 8, height // 2))]
    )
    small, factor = reduced(photo, LONG_SIDE)
    assert factor >= 2
    assert max(small.shape[:2]) >= 2 * LONG_SIDE
    assert small.shape[:2] == (height // factor, width // factor)
    (face,) = locate(photo, *sessions)
    assert overlap(face.box, (width // 2, height // 4, width - 8, height // 2)) > 0.9

"""Mapping: sharp in the photo's resolution, one map of all faces, no crumbs."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, AlignmentSpec, align
from app.imaging.face import Face
from app.imaging.rim import Step
from app.inference import mapping
from app.inference.errors import Cancelled
from app.inference.mapping import (
    BATCH,
    drop_islands,
    is_cut,
    map_each,
    map_faces,
    map_of_logit,
)
from app.inference.session import CancelToken, ModelSession
from app.inference.zoo import Zoo
from tests.support.tiny_models import (
    DrawnFace,
    add_model,
    draw_photo,
    drawn_mask,
    map_model,
    mean_face,
)


@pytest.fixture
def session(tmp_path: Path) -> ModelSession:
    add_model(tmp_path, "map", "map", map_model())
    return ModelSession(Zoo(tmp_path).get("map"), "cpu")


def face_of(drawn: DrawnFace) -> Face:
    """The face of a drawn block, as the tiny locator and aligner would give it."""
    x0, y0, x1, y1 = drawn.box
    side = 1.25 * max(x1 - x0, y1 - y0)
    corner = np.array([x0 + x1 - side, y0 + y1 - side]) / 2
    return Face(box=drawn.box, landmarks=(corner + mean_face() * side).astype(np.float32))


def truth(photo: NDArray[np.uint8], *faces: DrawnFace) -> NDArray[np.bool_]:
    whole = np.zeros(photo.shape[:2], np.bool_)
    for face in faces:
        x0, y0, x1, y1 = drawn_mask(face)
        whole[max(0, y0) : y1, max(0, x0) : x1] = True
    return whole


def iou(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    return float((first & second).sum() / (first | second).sum())


@pytest.mark.parametrize("scale", [1, 4, 20])
def test_the_map_has_the_photos_resolution(session: ModelSession, scale: int) -> None:
    x0, y0, x1, y1 = (side * scale for side in (60, 40, 140, 140))
    drawn = DrawnFace((x0, y0, x1, y1))
    photo = draw_photo(200 * scale, 180 * scale, [drawn])
    found = map_faces(photo, [face_of(drawn)], session)
    assert found.shape == photo.shape[:2]
    assert found.dtype == np.bool_
    assert iou(found, truth(photo, drawn)) > 0.9
    # Straight edges stay straight: the crop has 32 pixels, its steps would be 12 photo pixels wide.
    top = found[:, (x0 + x1) // 2].argmax()
    columns = np.linspace(x0 + (x1 - x0) / 4, x1 - (x1 - x0) / 4, 9).astype(int)
    assert np.ptp(found[:, columns].argmax(axis=0)) <= 1
    assert abs(int(top) - drawn_mask(drawn)[1]) <= max(1, 2 * scale)


def test_all_faces_in_one_map(session: ModelSession) -> None:
    first = DrawnFace((40, 40, 120, 140))
    second = DrawnFace((200, 60, 260, 135), second=True)
    bare = DrawnFace((300, 30, 360, 100), masked=False)
    photo = draw_photo(400, 200, [first, second, bare])
    faces = [face_of(drawn) for drawn in (first, second, bare)]
    found = map_faces(photo, faces, session)
    assert iou(found, truth(photo, first, second)) > 0.85
    parts = map_each(photo, faces, session)
    assert [bool(part.pixels.any()) for part in parts] == [True, True, False]
    assert map_faces(photo, faces[2:], session).sum() == 0


def test_more_faces_than_a_batch(session: ModelSession) -> None:
    drawn = DrawnFace((40, 40, 120, 140))
    photo = draw_photo(200, 180, [drawn])
    one = map_faces(photo, [face_of(drawn)], session)
    many = map_faces(photo, [face_of(drawn)] * (BATCH + 2), session)
    np.testing.assert_array_equal(one, many)


def test_no_faces(session: ModelSession) -> None:
    assert map_faces(draw_photo(60, 50, []), [], session).sum() == 0


def test_a_turned_face(session: ModelSession) -> None:
    drawn = DrawnFace((100, 80, 200, 205))
    photo = draw_photo(300, 300, [drawn])
    turn = cv2.getRotationMatrix2D((150, 150), 30, 1)
    turned = cv2.warpAffine(photo, turn, (300, 300)).astype(np.uint8)
    expected = cv2.warpAffine(truth(photo, drawn).astype(np.uint8), turn, (300, 300)) > 0
    upright = face_of(drawn)
    landmarks = upright.landmarks @ turn[:, :2].T + turn[:, 2]
    face = Face(box=upright.box, landmarks=landmarks.astype(np.float32))
    assert iou(map_faces(turned, [face], session), expected) > 0.85


def test_a_face_cut_by_the_photos_edge(session: ModelSession) -> None:
    drawn = DrawnFace((0, 30, 60, 150))
    photo = draw_photo(150, 160, [drawn])
    shifted = photo[:, 25:]
    found = map_faces(shifted, [face_of(DrawnFace((-25, 30, 35, 150)))], session)
    assert found.shape == shifted.shape[:2]
    assert iou(found, truth(photo, drawn)[:, 25:]) > 0.85
    far = face_of(DrawnFace((-900, -900, -800, -800)))
    assert map_faces(shifted, [far], session).sum() == 0


def test_nothing_is_claimed_outside_the_crop() -> None:
    eyes = face_of(DrawnFace((80, 80, 120, 130))).landmarks
    turn = cv2.getRotationMatrix2D((100, 100), 45, 1)
    landmarks = (eyes @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
    face = Face(box=(80, 80, 120, 130), landmarks=landmarks)
    alignment = align(face, AlignmentSpec())
    found = map_of_logit(np.ones((32, 32), np.float32), alignment, 400, 400)
    assert found.pixels.sum() == pytest.approx(alignment.crop_size_in_photo**2, rel=0.05)


UNIT = Alignment(np.array([[1 / 320, 0, 0], [0, 1 / 320, 0]]))
"""The crop is the photo of 320 x 320 pixels."""


def test_crumbs_and_specks() -> None:
    logit = np.full((32, 32), -4, np.float32)
    logit[10:20, 10:20] = 4
    logit[2, 2] = 4  # a hundredth of the large piece
    logit[25:28, 25:28] = 4
    found = map_of_logit(logit, UNIT, 320, 320).pixels
    assert found[150, 150]
    assert found[265, 265]
    assert not found[:60, :60].any()
    speck = np.full((32, 32), -4, np.float32)
    speck[10:13, 10:13] = 4
    assert not map_of_logit(speck, UNIT, 320, 320).pixels.any()


def test_drop_islands_keeps_one_piece_as_it_is() -> None:
    pixels = np.zeros((9, 9), np.bool_)
    assert drop_islands(pixels) is pixels
    pixels[4, 4] = True
    assert drop_islands(pixels).sum() == 1


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.5])
def test_a_map_takes_the_masks_blurred_edge_along(
    session: ModelSession, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    """Of small and large faces in the photo, of very large ones where the model sees them."""
    x0, y0, x1, y1 = (round(scale * value) for value in (60, 40, 300, 340))
    drawn, side = DrawnFace((x0, y0, x1, y1)), round(400 * scale)
    photo, face = draw_photo(side, side, [drawn]), face_of(drawn)
    photo = np.asarray(cv2.GaussianBlur(photo, (0, 0), 1.0), np.uint8)
    crop = align(face, session.model.card.input.alignment).crop_size_in_photo
    assert (crop > mapping.LARGE) == (scale > 1)
    grown_map = map_faces(photo, [face], session)
    monkeypatch.setattr(mapping, "LARGE", np.inf)
    monkeypatch.setattr(mapping, "RIM", ((0, ()),))
    plain = map_faces(photo, [face], session)
    assert grown_map[plain].all()
    assert plain.sum() < grown_map.sum() < 1.2 * plain.sum()


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_a_map_takes_the_masks_shadow_along(
    session: ModelSession, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    x0, y0, x1, y1 = (round(scale * value) for value in (60, 40, 300, 340))
    drawn, side = DrawnFace((x0, y0, x1, y1)), round(400 * scale)
    photo, face = draw_photo(side, side, [drawn]), face_of(drawn)
    mask = truth(photo, drawn)
    reach = round(5 * scale)
    shadow = cv2.dilate(mask.astype(np.uint8), np.ones((reach, reach), np.uint8)) > mask
    photo[shadow] -= np.minimum(photo[shadow], 30)
    taken = map_faces(photo, [face], session) & shadow
    monkeypatch.setattr(mapping, "RIM", ((0, (Step(35), Step(35))),))
    monkeypatch.setattr(mapping, "LARGE_RIM", ())
    before = map_faces(photo, [face], session) & shadow
    assert taken[before].mean() > 0.99
    assert taken.sum() > before.sum() + 0.1 * shadow.sum()


def test_cancelled(session: ModelSession) -> None:
    token = CancelToken()
    token.cancel()
    drawn = DrawnFace((40, 40, 120, 140))
    with pytest.raises(Cancelled):
        map_faces(draw_photo(200, 180, [drawn]), [face_of(drawn)], session, token)


def test_a_mask_that_goes_on_below_the_crop_is_followed(session: ModelSession) -> None:
    drawn = DrawnFace((100, 20, 180, 120))
    photo = draw_photo(280, 260, [drawn])
    x0, y0, x1, _ = drawn_mask(drawn)
    face = face_of(drawn)
    spec = session.model.card.input.alignment
    bottom = int(align(face, spec).rectangle(280, 260)[3])
    photo[y0 : bottom + 40, x0:x1] = (220, 220, 20)  # a gaiter
    found = map_faces(photo, [face], session)
    middle = (x0 + x1) // 2
    assert found[y0 + 5 : bottom + 10, middle].all()
    # No seam and no gap where the two crops meet, and nothing beside the cloth.
    assert found[bottom - 3 : bottom + 4, x0 + 4 : x1 - 4].all()
    assert not found[:, : x0 - 6].any()
    assert not found[:, x1 + 6 :].any()


def test_a_mask_inside_the_crop_is_seen_once(session: ModelSession) -> None:
    inside, cut = np.full((2, 32, 32), -3, np.float32)
    inside[15:30, 8:24] = 3
    cut[15:, 8:24] = 3
    assert not is_cut(inside)
    assert is_cut(cut)
    assert is_cut(np.ascontiguousarray(cut.T))
    assert not is_cut(np.ascontiguousarray(cut[::-1]))  # nobody wears a mask above the forehead

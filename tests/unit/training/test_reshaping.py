"""Faces warped towards the shapes of others."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.alignment import AlignmentSpec
from app.imaging.face import MOUTH
from tests.support.training_data import standard_face
from training.data.crops import CropBatches, Jitter
from training.data.faces import FacePack
from training.data.masked import MaskedPack
from training.data.reshaping import Points, Reshaping, Reshapings, canonical_shapes

JAW = slice(0, 17)


def people(count: int = 400) -> Points:
    """Shapes (N, 68, 2) in photos of 250 px: jaws, eyes, mouths of many kinds; all look ahead."""
    rng = np.random.default_rng(0)
    face = standard_face().astype(np.float64)
    face = (face - face.mean(axis=0)) / np.ptp(face[:, 1])
    shapes = []
    for _ in range(count):
        shape = face * [rng.normal(1, 0.06), rng.normal(1, 0.06)]
        shape[JAW, 1] += rng.normal(0, 0.03)
        shape[MOUTH] = (shape[MOUTH] - shape[MOUTH].mean(axis=0)) * [
            rng.normal(1, 0.1),
            rng.uniform(0.5, 2),
        ] + shape[MOUTH].mean(axis=0)
        shapes.append(shape * 110 + 125)
    return np.stack(shapes)


@pytest.fixture(scope="module")
def drawn() -> tuple[Points, list[Reshaping]]:
    """A face, and how it was reshaped twenty times."""
    shapes = people()
    face, rng = shapes[7], np.random.default_rng(1)
    reshapings = [Reshapings(shapes, 1.0).drawn(face, rng) for _ in range(20)]
    return face, [reshaping for reshaping in reshapings if reshaping is not None]


def dot(place: NDArray[np.floating], size: int = 250) -> NDArray[np.uint8]:
    """A photo that is black but for a soft dot at a place (2,) in its pixels."""
    y, x = np.mgrid[:size, :size] + 0.5
    away = (x - place[0]) ** 2 + (y - place[1]) ** 2
    return np.asarray(255 * np.exp(-0.5 * away / 2), np.uint8)


def centre(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Where its dot is."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]] + 0.5
    weights = picture.astype(np.float64)
    return np.asarray([(x * weights).sum() / weights.sum(), (y * weights).sum() / weights.sum()])


@pytest.mark.parametrize("number", [8, 30, 57])
def test_photo_and_landmarks_move_together(
    drawn: tuple[Points, list[Reshaping]], number: int
) -> None:
    face, reshapings = drawn
    moved = []
    for reshaping in reshapings:
        picture, landmarks = reshaping.reshaped(dot(face[number]), face)
        assert np.linalg.norm(centre(picture) - landmarks[number]) < 0.5
        moved.append(float(np.linalg.norm(landmarks[number] - face[number])))
    assert max(moved) > 1.5


def test_a_face_comes_nearer_to_the_other_shape(drawn: tuple[Points, list[Reshaping]]) -> None:
    face, reshapings = drawn
    own = canonical_shapes(face[None])[0]
    for reshaping in reshapings:
        _, landmarks = reshaping.reshaped(np.zeros((250, 250), np.uint8), face)
        left = own + reshaping.offsets - canonical_shapes(landmarks[None])[0]
        assert np.abs(left).mean() < 0.5 * np.abs(reshaping.offsets).mean()


def test_the_same_face_elsewhere_is_reshaped_alike(
    drawn: tuple[Points, list[Reshaping]],
) -> None:
    face, reshapings = drawn
    matrix = np.array([[1.3, 0.4, -60], [-0.4, 1.3, 30]])
    there = face @ matrix[:, :2].T + matrix[:, 2]
    for reshaping in reshapings:
        _, here = reshaping.reshaped(np.zeros((250, 250), np.uint8), face)
        picture, landmarks = reshaping.reshaped(dot(there[8], 400), there)
        expected = here @ matrix[:, :2].T + matrix[:, 2]
        np.testing.assert_allclose(landmarks, expected, atol=0.1)
        assert np.linalg.norm(centre(picture) - expected[8]) < 0.5


def test_mouths_are_neither_opened_nor_closed(drawn: tuple[Points, list[Reshaping]]) -> None:
    _, reshapings = drawn
    for reshaping in reshapings:
        assert np.ptp(reshaping.offsets[MOUTH, 1]) < 1e-9
        assert np.ptp(reshaping.offsets[JAW, 1]) > 1e-3


def test_what_is_far_from_the_face_stays(drawn: tuple[Points, list[Reshaping]]) -> None:
    face, reshapings = drawn
    noise = np.random.default_rng(2).integers(0, 256, (250, 250, 3), np.uint8)
    changed = []
    photo = np.asarray(cv2.GaussianBlur(noise, (0, 0), 2), np.uint8)
    for reshaping in reshapings:
        picture, _ = reshaping.reshaped(photo, face)
        assert picture.shape == photo.shape
        np.testing.assert_allclose(picture[:12].astype(int), photo[:12].astype(int), atol=4)
        changed.append(np.abs(picture.astype(int) - photo)[120:180, 90:160].mean())
    assert np.median(changed) > 3


def test_a_share_of_faces_is_reshaped() -> None:
    shapes, rng = people(), np.random.default_rng(3)
    some = Reshapings(shapes, 0.3)
    drawn = [some.drawn(shapes[number], rng) is not None for number in range(len(shapes))]
    assert 0.2 < np.mean(drawn) < 0.4
    assert Reshapings(shapes, 0.0).drawn(shapes[0], rng) is None


def test_turned_heads_are_lent_the_shapes_of_turned_heads() -> None:
    shapes = people(2000)
    # Noses point to the right by more and more; jaws of the turned ones are narrow.
    turns = np.linspace(-1, 1, len(shapes))
    shapes[:, 27:36, 0] += 15 * turns[:, None]
    turned = Reshapings(shapes, 1.0)
    for number in (200, 1000, 1800):
        for seed in range(10):
            reshaping = turned.drawn(shapes[number], np.random.default_rng(seed))
            assert reshaping is not None
            moved = canonical_shapes(shapes[number][None])[0] + reshaping.offsets
            width = moved[16, 0] - moved[0, 0]
            turn = (moved[30, 0] - 0.5 * (moved[0, 0] + moved[16, 0])) / width
            own = canonical_shapes(shapes[number][None])[0]
            before = (own[30, 0] - 0.5 * (own[0, 0] + own[16, 0])) / (own[16, 0] - own[0, 0])
            assert turn == pytest.approx(before, abs=0.06)


def test_holes_of_masks_are_reshaped_with_the_face() -> None:
    """The photo is light where its mask is, which lies in a pack of other size and place."""
    shapes = people(60).astype(np.float32)
    lit = np.zeros((60, 250, 250, 3), np.uint8)
    worn = np.zeros((60, 300, 300), np.uint8)
    there = shapes * 1.2 + [3, -5]
    for number in range(60):
        for picture, points in ((lit[number], shapes[number]), (worn[number], there[number])):
            cv2.fillConvexPoly(picture, cv2.convexHull(points[2:15].astype(np.int32)), (255,) * 3)
    split = np.array(["train"] * 60)
    faces = FacePack(lit, shapes, [str(number) for number in range(60)], split, "", [])
    masked = MaskedPack(
        np.zeros((60, 300, 300, 3), np.uint8),
        np.packbits(worn > 0, axis=2),
        there.astype(np.float32),
        np.ones(60, bool),
        split,
        "",
    )
    batches = CropBatches(
        faces,
        size=128,
        batch=8,
        seed=0,
        steps=5,
        spec=AlignmentSpec(),
        jitter=Jitter(),
        sketches=False,
        worn=masked,
        worn_share=1.0,
        reshaped_share=1.0,
    )
    for number in range(60):
        item = batches.item(np.random.default_rng(number), number)
        grey = item["face"].mean(axis=2)
        light = grey > 0.5 * grey.max()
        # Holes are drawn a little larger than masks.
        inside = item["hole"] > 0
        assert light[~inside].sum() < 0.03 * light.sum()
        assert light[cv2.erode(item["hole"], np.ones((9, 9), np.uint8)) > 0].mean() > 0.95

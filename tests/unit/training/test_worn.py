"""Synthetic worn masks: the map says exactly what the mask covers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.training_data import astronaut_face, drawn_face
from training.masks.outline import random_outline
from training.masks.templates import Template, read_templates, side_of_face, warp_template
from training.masks.worn import Wardrobe, occlude, wear

BARE = Wardrobe([], [])
FACES = [astronaut_face(1), astronaut_face(3), drawn_face(0), drawn_face(2)]
SEEDS = range(40)

Worn = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.bool_], float]


@cache
def worn(seed: int) -> Worn:
    """The bare photo, the photo with a mask, the map, and the distance of the eyes."""
    photo, landmarks = FACES[seed % len(FACES)]
    masked, region = wear(np.random.default_rng(seed), photo, landmarks, BARE)
    eyes = landmarks[42:48].mean(axis=0) - landmarks[36:42].mean(axis=0)
    return photo, masked, region, float(np.hypot(*eyes))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_map_is_what_changed(seed: int) -> None:
    photo, masked, region, unit = worn(seed)
    assert masked.shape == photo.shape
    assert masked.dtype == np.uint8
    assert region.shape == photo.shape[:2]
    assert 0.5 * unit**2 < region.sum() < 10 * unit**2  # a scarf is the largest
    changed = np.any(masked != photo, axis=2)
    assert changed[region].mean() > 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_far_from_the_mask_nothing_changes(seed: int) -> None:
    photo, masked, region, unit = worn(seed)
    # A strap from the chin to above the ear is the longest; beyond it is bare photo.
    away = cv2.distanceTransform((~region).astype(np.uint8), cv2.DIST_L2, 5) > 1.8 * unit
    assert away.any()
    assert np.array_equal(masked[away], photo[away])


def test_straps_are_in_the_picture_and_not_in_the_map() -> None:
    strapped = 0
    for seed in SEEDS:
        photo, masked, region, unit = worn(seed)
        # Further out than shadow and soft edge, only a strap can have changed a pixel much.
        outside = cv2.distanceTransform((~region).astype(np.uint8), cv2.DIST_L2, 5)
        beyond = (outside > 0.25 * unit) & (outside < 1.2 * unit)
        difference = np.abs(masked.astype(int) - photo).max(axis=2)
        strapped += bool(((difference > 40) & beyond).sum() > 5)
    assert 5 < strapped < len(SEEDS)


def test_a_mask_depends_on_the_seed_alone() -> None:
    photo, landmarks = FACES[0]
    first = wear(np.random.default_rng(5), photo, landmarks, BARE)
    again = wear(np.random.default_rng(5), photo.copy(), landmarks.copy(), BARE)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])


def test_the_photo_that_is_given_is_left_alone() -> None:
    photo, landmarks = FACES[0]
    before = photo.copy()
    for seed in range(10):
        wear(np.random.default_rng(seed), photo, landmarks, BARE)
        occlude(np.random.default_rng(seed), photo, 60.0)
    assert np.array_equal(photo, before)


def test_outlines_are_of_every_style_and_worn_right_or_wrong() -> None:
    photo, landmarks = FACES[0]
    nose = landmarks[33].astype(int)
    styles, nose_free = set(), 0
    for seed in range(120):
        rng = np.random.default_rng(seed)
        outline = random_outline(rng, landmarks, (photo.shape[0], photo.shape[1]))
        styles.add(outline.style)
        nose_free += not outline.region[nose[1] - 4, nose[0]]
    assert styles == {"surgical", "respirator", "cloth", "gaiter", "scarf"}
    assert 5 < nose_free < 50


def cut_out(side: str = "front") -> Template:
    """A plain green mask of 100 x 60 px."""
    picture = np.zeros((60, 100, 4), np.uint8)
    picture[...] = (40, 200, 80, 255)
    anchors = np.array([[2, 2], [50, 2], [98, 2], [10, 57], [50, 58], [90, 57]], np.float64)
    return Template(picture=picture, anchors=anchors, side=side, name=f"green_{side}")


def test_a_template_lands_on_its_anchors() -> None:
    _, landmarks = drawn_face(0)
    layer = warp_template(np.random.default_rng(1), cut_out(), landmarks, (250, 250))
    assert layer.shape == (250, 250, 4)
    assert layer.dtype == np.float32
    covered = layer[..., 3] > 0.5
    x, y = landmarks[48:68].mean(axis=0).astype(int)
    assert covered[y, x]
    assert not covered[landmarks[19:25, 1].astype(int), landmarks[19:25, 0].astype(int)].any()
    assert layer[covered][:, 1].mean() > 0.7


@pytest.mark.parametrize("side", ["front", "left"])
def test_templates_are_worn_where_they_fit(side: str) -> None:
    """A wardrobe without the face's side falls back to sewn masks instead of failing."""
    photo, landmarks = drawn_face(0)
    assert side_of_face(landmarks) == "front"
    green = 0
    for seed in range(60):
        wardrobe = Wardrobe([cut_out(side)], [])
        masked, region = wear(np.random.default_rng(seed), photo, landmarks, wardrobe)
        assert region.any()
        tone = masked[region].astype(float).mean(axis=0)
        green += bool(tone[1] > 2.2 * tone[0] and tone[1] > 1.5 * tone[2])
    # Sewn cloth is as green as that now and then.
    assert green >= 7 if side == "front" else green <= 4


def test_turned_heads_take_the_templates_of_their_side() -> None:
    _, landmarks = drawn_face(0)
    turned = landmarks.copy()
    turned[30, 0] = landmarks[1, 0] + 5
    assert side_of_face(turned) == "left"
    turned[30, 0] = landmarks[15, 0] - 5
    assert side_of_face(turned) == "right"


def test_templates_are_read_from_their_public_layout(tmp_path: Path) -> None:
    picture = np.zeros((600, 700, 4), np.uint8)
    picture[..., 0], picture[..., 3] = 250, 255  # blue, as OpenCV writes it
    cv2.imwrite(str(tmp_path / "cloth.png"), picture)
    anchors = "".join(f"mask_{letter}: {10 * i}, {20 * i}\n" for i, letter in enumerate("abcdef"))
    (tmp_path / "masks.cfg").write_text(
        f"[cloth_left]\ntemplate: masks/cloth.png\n{anchors}\n"
        f"[gone]\ntemplate: masks/gone.png\n{anchors}\n"
        "[other]\nname: nothing\n"
    )
    (template,) = read_templates(tmp_path)
    assert (template.name, template.side) == ("cloth_left", "left")
    assert template.picture.shape == (300, 350, 4)
    assert template.picture[0, 0].tolist() == [0, 0, 250, 255]
    assert template.anchors[5].tolist() == [25, 50]


def test_prints_may_be_on_the_cloth() -> None:
    photo, landmarks = drawn_face(0)
    pattern = np.zeros((64, 64, 3), np.uint8)
    pattern[..., 2] = 255
    blue = 0
    for seed in range(60):
        masked, region = wear(
            np.random.default_rng(seed), photo, landmarks, Wardrobe([], [pattern])
        )
        tone = masked[region].astype(float).mean(axis=0)
        blue += bool(tone[2] > 3 * tone[1])
    assert blue > 2


def test_an_occlusion_is_somewhere_and_not_everywhere() -> None:
    photo, _ = FACES[0]
    shares = [
        float(np.any(occlude(np.random.default_rng(seed), photo, 60.0) != photo, axis=2).mean())
        for seed in range(20)
    ]
    assert max(shares) < 0.6
    assert np.mean(shares) > 0.01

"""Scenes: boxes that sit where the faces are, and what two detectors say together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.training_data import write_picture
from training.data.masked import MaskedPack
from training.data.scenes import DOUBTED, SURE, SceneBatches, _framed, merged
from training.data.unlabelled import pack_unlabelled


def centre_of(tile: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The middle of what is bright, in pixels counted from the tile's edge."""
    weight = tile.astype(np.float64).sum(axis=2)
    weight[weight < 0.5 * weight.max()] = 0
    rows, columns = np.indices(weight.shape) + 0.5
    total = weight.sum()
    return np.array([(columns * weight).sum() / total, (rows * weight).sum() / total])


def test_boxes_stay_on_the_face_at_every_zoom() -> None:
    photo = np.zeros((250, 250, 3), np.uint8)
    photo[100:140, 110:150] = 255
    boxes = np.array([[110, 100, 150, 140, 1]], np.float32)
    sides = []
    for seed in range(80):
        tile, seen = _framed(np.random.default_rng(seed), photo, boxes, 320, 320)
        whole = len(seen) and (seen[0, :4] > 1).all() and (seen[0, :4] < 319).all()
        framed = np.concatenate([tile[0], tile[-1], tile[:, 0], tile[:, -1]]).max() > 0
        if not whole or framed or np.isnan(seen[0, 4]):
            continue  # cut off by the tile's edge, or beside a bright border
        middle = (seen[0, :2] + seen[0, 2:4]) / 2
        assert np.abs(middle - centre_of(tile)).max() < 0.5
        sides.append(float(seen[0, 2] - seen[0, 0]))
    assert len(sides) > 10
    assert min(sides) < 40 < 120 < max(sides)


YUNET = np.array([[0, 0, 100, 100]], np.float32)


def own(*rows: tuple[float, ...]) -> NDArray[np.float32]:
    return np.array(rows, np.float32).reshape(-1, 6)


def test_a_sure_box_that_the_other_detector_missed_is_a_face() -> None:
    faces = merged(YUNET, own((200, 200, 300, 300, SURE, 0.99)))
    assert faces[:, 4].tolist() == [-1, 1]


def test_a_doubted_box_is_left_alone_and_a_fainter_one_is_background() -> None:
    faces = merged(
        YUNET, own((200, 200, 300, 300, DOUBTED, 0.99), (400, 0, 500, 90, DOUBTED - 0.01, 0.99))
    )
    assert len(faces) == 2
    assert np.isnan(faces[1, 4])


def test_a_face_that_both_found_learns_whether_it_is_masked() -> None:
    for masked, label in ((0.97, 1), (0.02, 0), (0.5, -1)):
        faces = merged(YUNET, own((5, 5, 100, 100, 0.8, masked)))
        assert faces.tolist() == [[0, 0, 100, 100, label]]


def test_half_overlapping_boxes_add_nothing() -> None:
    assert len(merged(YUNET, own((50, 0, 150, 100, 0.9, 0.99)))) == 1


@pytest.mark.parametrize("packed", [False, True])
def test_the_real_photos_are_told_as_they_are(tmp_path: Path, *, packed: bool) -> None:
    """The number is that of the photos, and the finder the one that their table names."""
    real, packs = tmp_path / "real_masked", tmp_path / "packs"
    for number in range(3):
        write_picture(real / f"{number:03d}.jpg", np.full((80, 60, 3), 90, np.uint8))
    table = {f"{number:03d}.jpg": [{"box": [5, 5, 40, 50], "score": 0.9}] for number in range(3)}
    found = {"source": "SCRFD 2.5g, score >= 0.5: machine-made", "photos": table}
    (real / "faces_yunet.json").write_text(json.dumps(found))
    (real / "labels.json").write_text(json.dumps({"format": 1, "images": [{"id": "001"}]}))
    if packed:
        out = packs / "real"
        pack_unlabelled(tmp_path, tmp_path / "taught", out, quality=90, shard_mib=1.0)
    data = tmp_path / "nowhere" if packed else tmp_path
    told = scenes(data, packs, real_share=0.3).further
    assert told == "; boxes found by SCRFD 2.5g on 2 unlabelled real photos of people in masks"
    assert scenes(data, packs, real_share=0.0).further == ""


def scenes(data: Path, packs: Path, *, real_share: float) -> SceneBatches:
    """Scenes of one empty packed photo and the real ones."""
    pack = MaskedPack(
        photos=np.zeros((1, 250, 250, 3), np.uint8),
        packed=np.zeros((1, 250, 32), np.uint8),
        landmarks=np.zeros((1, 68, 2), np.float32),
        worn=np.zeros(1, np.bool_),
        splits=np.array(["train"]),
        sha256="",
    )
    return SceneBatches(
        pack, ["a"], data, size=64, batch=1, seed=1, steps=1, real_share=real_share, packs=packs
    )

"""The one test that reads the public data sets themselves, where somebody has them."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.imaging.photo import read_photo
from training.data.faces import read_diverse, read_lfw
from training.data.masked import read_wardrobe
from training.data.real import read_real
from training.data.scenes import RealPhotos
from training.masks.shapes import evaluation_polygon
from training.masks.worn import wear

DATA = os.environ.get("REVISAGE_DATA")


@pytest.mark.skipif(not DATA, reason="REVISAGE_DATA names no data folder")
def test_the_data_sets_are_read() -> None:
    data = Path(str(DATA))
    entries = list(read_lfw(data))
    assert len(entries) > 10_000
    splits = {
        name: {entry.identity for entry in entries if entry.split == name}
        for name in ("train", "val", "test")
    }
    for first, second in (("train", "val"), ("train", "test"), ("val", "test")):
        assert not splits[first] & splits[second], "identities are in two splits"
    wardrobe = read_wardrobe(data)
    for number, entry in enumerate([*entries[::4000], *list(read_diverse(data))[:2]]):
        photo = read_photo(data / entry.name).rgb
        assert entry.landmarks.min() > -50
        assert entry.landmarks.max() < max(photo.shape) + 50
        side = min(photo.shape[:2])
        masked, region = wear(np.random.default_rng(number), photo, entry.landmarks, wardrobe)
        assert masked.shape == photo.shape
        assert region.any()
        if photo.shape[0] == photo.shape[1]:
            assert 0.02 < evaluation_polygon(entry.landmarks, side).mean() < 0.3
    if (data / "real_masked").is_dir():
        labelled = read_real(data)
        assert all(region.any() for photo in labelled for region in photo.maps)
        taught = RealPhotos(data).photos
        assert len(taught) > 100
        hashes = {cv2.resize(photo.pixels, (16, 16)).tobytes() for photo in labelled}
        assert not hashes & {cv2.resize(photo, (16, 16)).tobytes() for photo, _ in taught}

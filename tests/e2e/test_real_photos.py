"""The shipped models on real people in real masks; only where the data set is, which we cannot ship."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.inference.zoo import Zoo
from training.data.real import read_real
from training.evaluate import evaluate_locate
from training.map_figures import real_maps

DATA = Path(os.environ.get("REVISAGE_DATA", "no-data-set"))

pytestmark = pytest.mark.skipif(
    not (DATA / "real_masked" / "labels.json").exists(),
    reason="needs the hand-labelled real photos; set REVISAGE_DATA to the data folder",
)


@pytest.fixture(scope="module")
def zoo() -> Zoo:
    return Zoo(Path(__file__).parents[2] / "model_zoo")


def test_faces_are_found(zoo: Zoo) -> None:
    figures = evaluate_locate(zoo, DATA)["real"]
    assert figures["faces"] == sum(len(photo.boxes) for photo in read_real(DATA))
    assert float(figures["recall_iou40"]) >= 0.95
    assert float(figures["precision_iou40"]) >= 0.85


def test_masks_are_mapped(zoo: Zoo) -> None:
    overlaps = [overlap for _, overlap, _ in real_maps(zoo, read_real(DATA))]
    assert sum(overlaps) / len(overlaps) >= 0.8

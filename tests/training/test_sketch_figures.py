"""What is measured of sketches, of a trained model; by SqueezeNet where somebody has it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from app.inference.session import ModelSession
from app.inference.zoo import Zoo
from tests.training.conftest import Workplace
from training.data.faces import open_pack
from training.reconstruct_figures import measured_rows
from training.sketch_figures import measure_sketch

DATA = os.environ.get("REVISAGE_DATA")
NAME = "tiny_adversarial_sketch"


def test_the_error_of_blank_paper_is_the_blackness_of_the_truth(
    trained: Workplace, zoo: Zoo
) -> None:
    pack = open_pack(trained.packs / "faces")
    rows = measured_rows(pack, "train", 3)
    seen = measure_sketch(ModelSession(zoo.get(NAME)), pack, rows, trained.data / "none")
    assert "squeeze_distance" not in seen.each
    blackness, blank, away = (
        np.array(seen.each[name]) for name in ("ink_hole", "l1_hole_of_blank_paper", "l1_hole")
    )
    # Who draws more or less than there is errs by the difference at least.
    assert (away >= abs(blackness - blank) - 1e-6).all()


@pytest.mark.skipif(not DATA, reason="REVISAGE_DATA names no data folder")
def test_further_sketches_are_compared_with_the_truth_and_each_other(
    trained: Workplace, zoo: Zoo
) -> None:
    pack = open_pack(trained.packs / "faces")
    rows = measured_rows(pack, "train", 2)
    session, tools = ModelSession(zoo.get(NAME)), Path(str(DATA)) / "instruments"
    several = measure_sketch(session, pack, rows, tools, hypotheses=3)
    assert {"squeeze_difference", "squeeze_distance_further"} <= set(several.each)
    assert all(0 < value < 10 for value in several.each["squeeze_distance"])
    assert {"squeeze_frechet", "squeeze_kernel"} <= set(several.whole)
    one = measure_sketch(session, pack, rows, tools, hypotheses=1)
    assert "squeeze_difference" not in one.each
    # The first sketch is the same, however many are asked for.
    assert one.each["squeeze_distance"] == pytest.approx(several.each["squeeze_distance"], abs=1e-3)

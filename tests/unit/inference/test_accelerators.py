"""Real models on a real accelerator agree with the CPU; skipped, and said so, where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.inference import devices
from app.inference.contract import inputs_of
from app.inference.session import ModelSession, Tensors
from app.inference.zoo import Model, Zoo

ZOO = Zoo(Path(__file__).resolve().parents[3] / "model_zoo")
TOLERANCE = 2e-3
"""Half a step of an 8-bit picture; logits, boxes and landmarks are scaled to the same range."""

FREE = {"N": 2, "K": 3, "H": 256, "W": 320}


def inputs(model: Model) -> Tensors:
    rng = np.random.default_rng(3)
    tensors: Tensors = {}
    for name, shape in inputs_of(model.card).items():
        sides = [FREE[side] if isinstance(side, str) else side for side in shape]
        values = rng.standard_normal(sides) if name == "latent" else rng.random(sides)
        chosen = np.round(values) if name == "map" else values
        tensors[name] = chosen.astype(np.float32)
    return tensors


@pytest.mark.parametrize("device", ["cuda", "tensorrt", "directml", "coreml"])
@pytest.mark.parametrize("model", ZOO.entries, ids=lambda model: model.card.name)
def test_equal_to_the_cpu(model: Model, device: devices.RealDevice) -> None:
    reason = devices.problem(device)
    if reason is not None:
        pytest.skip(reason)
    accelerated = ModelSession(model, device)
    given = inputs(model)
    found = accelerated.run(given)
    assert accelerated.provider == devices.PROVIDERS[device]
    for name, expected in ModelSession(model, "cpu").run(given).items():
        scale = max(1.0, float(np.abs(expected).max()))
        np.testing.assert_allclose(found[name] / scale, expected / scale, atol=TOLERANCE)

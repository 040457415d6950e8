"""An exported network that looks at a face several times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from tests.support.training_recipes import TINY
from tests.training.conftest import Workplace
from training.export import export_onnx, graph_of
from training.tasks import read_recipe


def test_a_model_looks_several_times_at_the_first_hypothesis_most_of_all(
    trained: Workplace, tmp_path: Path
) -> None:
    weights = torch.load(trained.runs / "adversarial" / "weights.pt", weights_only=True)
    face, hole = torch.rand(2, 3, 32, 32), torch.zeros(2, 1, 32, 32)
    hole[..., 12:24, 8:24] = 1
    values = {"face": face * (1 - hole), "map": hole, "latent": torch.randn(2, 4, 8)}
    drawn, graphs = {}, {}
    for name, looks, further in (("all", 4, None), ("once", 1, None), ("some", 4, 1), ("two", 4, 2)):
        asked = {"looks": looks, "further_looks": further, "looks_detail": 1.5}
        graphs[name] = graph_of(read_recipe(TINY["adversarial"] | asked), weights)
        with torch.no_grad():
            drawn[name] = graphs[name].module(*values.values())[0].numpy()
    assert drawn["all"].shape == drawn["once"].shape == (2, 4, 3, 32, 32)
    assert abs(drawn["once"] - drawn["all"]).max() > 1e-3
    np.testing.assert_array_equal(drawn["some"][:, 1:], drawn["once"][:, 1:])
    np.testing.assert_allclose(drawn["some"][:, :1], drawn["all"][:, :1], atol=1e-6)
    np.testing.assert_allclose(drawn["two"][:, :1], drawn["all"][:, :1], atol=1e-6)
    for other in ("all", "once"):
        assert abs(drawn["two"][:, 1:] - drawn[other][:, 1:]).max() > 1e-4
    # Checked against torch, in several sizes of batches; one hypothesis alone is the first as well.
    export_onnx(graphs["some"], tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    for count in (1, 3, 4):
        given = {name: value.numpy() for name, value in values.items()}
        given["latent"] = given["latent"][:, :count]
        made = session.run(["output"], given)[0]
        assert made.shape == (2, count, 3, 32, 32)
        assert abs(made - drawn["some"][:, :count]).max() < 0.005

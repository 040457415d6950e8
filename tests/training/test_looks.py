"""An exported network that looks at a face several times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from tests.support.training_recipes import TINY
from tests.training.conftest import Workplace
from training.export import export_onnx, graph_of
from training.networks.looks import SelectChannels
from training.tasks import read_recipe


def test_a_model_looks_several_times_at_the_first_hypothesis_most_of_all(
    trained: Workplace, tmp_path: Path
) -> None:
    weights = torch.load(trained.runs / "adversarial" / "weights.pt", weights_only=True)
    random = torch.Generator().manual_seed(0)
    for level in (0, 1):  # which an untrained network draws alike
        name = f"modulate.{level}.weight"
        weights[name] = 0.3 * torch.randn(weights[name].shape, generator=random)
    face, hole = torch.rand(2, 3, 32, 32, generator=random), torch.zeros(2, 1, 32, 32)
    hole[..., 12:24, 8:24] = 1
    values = {"face": face * (1 - hole), "map": hole, "latent": torch.randn(2, 4, 8, generator=random)}
    drawn, graphs = {}, {}
    for name, looks, further in (("all", 4, None), ("once", 1, None), ("some", 4, 1), ("two", 4, 2)):
        asked = {"looks": looks, "further_looks": further, "looks_detail": 1.5}
        graphs[name] = graph_of(read_recipe(TINY["adversarial"] | asked), weights)
        with torch.no_grad():
            drawn[name] = graphs[name].module(*values.values())[0].numpy()
    assert drawn["all"].shape == drawn["once"].shape == (2, 4, 3, 32, 32)
    assert abs(drawn["once"] - drawn["all"]).max() > 1e-3
    # What the other looks changed in the first hypothesis is changed in those of fewer looks as well,
    # before values are cut off.
    changed = drawn["all"][:, :1] - drawn["once"][:, :1]
    inside = (drawn["once"] > 0.05) & (drawn["once"] < 0.95)
    inside &= (abs(changed) < 0.05) & inside[:, :1]
    assert inside[:, 1:].mean() > 0.5
    expected = drawn["once"] + changed
    np.testing.assert_allclose(
        drawn["some"][:, 1:][inside[:, 1:]], expected[:, 1:][inside[:, 1:]], atol=1e-5
    )
    apart = [abs(drawn[name] - drawn["all"])[:, 1:].mean() for name in ("some", "once")]
    assert apart[0] < 0.8 * apart[1]
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


def test_sketches_have_looks_and_detail_of_their_own_and_keep_their_lines(
    trained: Workplace,
) -> None:
    weights = torch.load(trained.runs / "adversarial" / "weights.pt", weights_only=True)
    asked = {"looks": 2, "looks_detail": 2.5, "looks_even": True, "further_looks": 1}
    asked |= {"sketch_looks": 4, "sketch_further_looks": 2, "sketch_detail": 1.5}
    recipe = read_recipe(TINY["adversarial"] | asked)
    for sketch, expected in ((False, (2, 1, 2.5, True)), (True, (4, 2, 1.5, False))):
        module = graph_of(recipe, weights, sketch=sketch).module
        assert isinstance(module, SelectChannels)
        looks = len(module.looks), module.further_looks
        assert (*looks, module.detail, module.even) == expected


def test_what_is_exported_takes_lattices_out_as_torch_does(
    trained: Workplace, tmp_path: Path
) -> None:
    weights = torch.load(trained.runs / "adversarial" / "weights.pt", weights_only=True)
    random = torch.Generator().manual_seed(0)
    face, hole = torch.rand(1, 3, 32, 32, generator=random), torch.zeros(1, 1, 32, 32)
    hole[..., 4:28, 4:28] = 1
    latent = torch.randn(1, 2, 8, generator=random)
    given = {"face": face * (1 - hole), "map": hole, "latent": latent}
    made = {}
    for even in (False, True):
        graph = graph_of(read_recipe(TINY["adversarial"] | {"looks_even": even}), weights)
        file = tmp_path / f"{even}.onnx"
        # Checked against torch.
        export_onnx(graph, file)
        session = onnxruntime.InferenceSession(file)
        made[even] = session.run(["output"], {name: v.numpy() for name, v in given.items()})[0]
        assert np.isfinite(made[even]).all()
    beside = hole[0, 0].numpy() == 0
    np.testing.assert_allclose(made[True][..., beside], made[False][..., beside], atol=1e-6)
    assert abs(made[True] - made[False]).max() > 1e-5

"""The published systems: recipes, real steps on one fixed batch, resuming, and export."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import tomli_w
import torch
from pydantic import ValidationError
from torch import Tensor, nn

from app.inference.session import ModelSession
from app.inference.zoo import Zoo
from tests.support.training_published import PUBLISHED
from tests.support.training_steps import ready, repeated, stepped
from tests.training.conftest import Workplace
from training.cli import main
from training.export import export_onnx
from training.networks.attention import contextual_attention
from training.networks.efficientdet import EfficientDet
from training.networks.efficientnet import MobileBlock
from training.options import RECIPES
from training.system import Graph, Recipe, batch_dimension
from training.task import Task
from training.tasks import make_task, read_recipe, system_of
from training.tasks.efficientdet import EfficientDetTask, class_targets, momentum_of
from training.tasks.unet import Plateau, UNetRecipe

FALLING = {
    "autoencoder": ("mse", 0.9),
    "rgb2rgb": ("mse", 0.8),
    "rgb2sketch": ("mse", 0.8),
    "pix2pix_l1": ("l1", 0.9),
    "pix2pix_cosine_mean": ("cosine_mean", 0.9),
    "pix2pix_cosine_sum": ("cosine_sum", 0.9),
    "map_module": ("bce", 0.9),
    "editing_module": ("l1", 0.9),
    "gated": ("l1", 0.99),  # later steps belong to the discriminator
    "efficientdet_d0": ("class", 0.9),
}


def made(workplace: Workplace, name: str, **changes: Any) -> Task:
    """A tiny task."""
    return make_task(
        read_recipe(PUBLISHED[name] | {"steps": 1000} | changes),
        packs=workplace.packs,
        data=workplace.data,
        runs=workplace.runs,
        device=torch.device("cpu"),
    )


def bundled(name: str, *, narrow: bool = False) -> Recipe:
    """A recipe as it is shipped."""
    values = tomllib.loads((RECIPES / f"{name}.toml").read_text(encoding="utf-8"))
    return read_recipe(values, narrow=narrow)


@pytest.mark.parametrize("name", list(PUBLISHED))
def test_the_bundled_recipe_has_a_narrow_variant(name: str) -> None:
    full, narrow = bundled(name), bundled(name, narrow=True)
    assert (full.name, narrow.name) == (name, f"{name}_narrow")
    assert full.task == PUBLISHED[name]["task"]
    with torch.device("meta"):
        sizes = [
            sum(value.numel() for value in _network(recipe).parameters())
            for recipe in (full, narrow)
        ]
    assert sizes[1] < 0.5 * sizes[0] or name == "gated"


def _network(recipe: Recipe) -> torch.nn.Module:
    """What the system would export, without loading weights."""
    weights: dict[str, torch.Tensor] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.nn.Module, "load_state_dict", lambda *_: None)
        return system_of(recipe).graph(recipe, weights, sketch=False, latent=False).module


def test_another_number_of_steps_goes_before_the_narrow_one() -> None:
    values = {**PUBLISHED["gated"], "narrow": {"steps": 9, "width": 12}}
    assert read_recipe(values).steps == 4
    assert read_recipe(values, narrow=True).steps == 9
    assert read_recipe(values, narrow=True, steps=7).steps == 7
    with pytest.raises(ValueError, match="no table narrow"):
        read_recipe(PUBLISHED["gated"], narrow=True)


@pytest.mark.parametrize("name", list(PUBLISHED))
def test_the_loss_falls(workplace: Workplace, name: str) -> None:
    rates = {"rgb2rgb": 1e-2, "rgb2sketch": 1e-2, "efficientdet_d0": 0.3, "gated": 1e-3}
    task = made(workplace, name, rate=rates.get(name, 2e-3))
    rows = repeated(task, ready(task, 0), 16)
    metric, least = FALLING[name]
    last = sum(row[metric] for row in rows[-3:]) / 3
    assert last < least * rows[0][metric]
    assert all(torch.isfinite(value).all() for value in task.model.state_dict().values())


@pytest.mark.parametrize("name", ["rgb2rgb", "pix2pix_l1", "editing_module", "gated"])
def test_a_restored_task_goes_on_as_if_nothing_had_happened(
    workplace: Workplace, name: str
) -> None:
    first = made(workplace, name)
    stepped(first, ready(first, 0))
    file = io.BytesIO()
    torch.save({"model": first.model.state_dict(), "task": first.state()}, file)
    second = made(workplace, name)
    saved = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    second.model.load_state_dict(saved["model"])
    second.load_state(saved["task"])
    assert stepped(first, ready(first, 1), 501) == stepped(second, ready(second, 1), 501)
    for key, value in first.model.state_dict().items():
        assert torch.equal(value, second.model.state_dict()[key]), key


def test_the_rate_falls_on_plateaus_and_not_below_its_least() -> None:
    recipe = read_recipe(PUBLISHED["rgb2rgb"] | {"patience": 1})
    assert isinstance(recipe, UNetRecipe)
    optimiser = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=recipe.rate)
    plateau = Plateau(optimiser, recipe, epoch=2)
    rates = []
    for _ in range(20):
        plateau.note(torch.tensor(0.5))
        rates.append(optimiser.param_groups[0]["lr"])
    assert rates[0] == 1e-2
    assert 1e-3 in rates
    assert rates[-1] == pytest.approx(1e-4)


def test_the_second_discriminator_joins_later(workplace: Workplace) -> None:
    task = made(workplace, "editing_module", region_from=0.4)
    batch = ready(task, 0)
    assert "d_region" not in stepped(task, batch, 390)
    assert "d_region" in stepped(task, batch, 410)


def test_anchors_find_the_faces_they_overlap(workplace: Workplace) -> None:
    task = made(workplace, "efficientdet_d0")
    assert isinstance(task, EfficientDetTask)
    nan = float("nan")
    boxes = [
        [16.0, 16.0, 48.0, 48.0, 1.0],  # about an anchor
        [100.0, 100.0, 110.0, 110.0, 0.0],  # smaller than any
        [64.0, 16.0, 96.0, 48.0, nan],  # to be ignored
        [nan] * 5,
    ]
    owner, ignored = task.assign(torch.tensor([boxes]))
    assert set(owner.unique().tolist()) == {-1, 0, 1}  # type: ignore[no-untyped-call]
    assert int((owner == 1).sum()) == 1
    assert bool(ignored.any())
    assert not bool((ignored & (owner >= 0)).any())


def test_a_short_run_knows_its_statistics(workplace: Workplace) -> None:
    apart = {}
    for steps in (100, 100_000):
        task = made(workplace, "efficientdet_d0", steps=steps)
        network, photo = task.model, ready(task, 0)["photo"]
        assert isinstance(network, EfficientDet)
        for block in network.modules():
            if isinstance(block, MobileBlock):
                block.drop = 0.0
        with torch.no_grad():
            for _ in range(100):
                learned = network.backbone(photo)[0]
            network.eval()
            used = network.backbone(photo)[0]
        apart[steps] = float((used - learned).norm() / learned.norm())
    assert apart[100] < 0.1
    # The published momentum: after 100 steps the network in use is still another one.
    assert apart[100_000] > 0.3


def test_the_statistics_follow_the_length_of_the_run() -> None:
    assert momentum_of(300) == 0.1
    assert momentum_of(1500) == pytest.approx(0.02)
    assert momentum_of(100_000) == 0.01


def test_an_unknown_mask_is_taught_to_the_better_class() -> None:
    logits = torch.tensor([[[1.0, -1.0], [0.0, 0.0], [0.0, 0.0], [5.0, 5.0]]])
    masked = torch.tensor([[-1.0, 1.0, 0.0, 0.0]])
    positive = torch.tensor([[True, True, False, False]])
    ignored = torch.tensor([[False, False, False, True]])
    target, counted = class_targets(logits, masked, positive, ignored)
    assert target[0].tolist() == [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
    assert counted[0].tolist() == [[1.0, 0.0], [1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("pix2pix_l1", {"loss": "l2"}),
        ("pix2pix_l1", {"depth": 2}),
        ("editing_module", {"size": 32}),
        ("gated", {"width": 10}),
        ("gated", {"size": 32}),
        ("efficientdet_d0", {"size": 100}),
        ("rgb2rgb", {"size": 24}),
    ],
)
def test_what_no_network_can_do_is_refused(name: str, problem: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read_recipe(PUBLISHED[name] | problem)


@pytest.mark.parametrize("name", ["rgb2sketch", "map_module"])
def test_a_run_becomes_a_model_of_the_zoo(workplace: Workplace, tmp_path: Path, name: str) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(tomli_w.dumps(PUBLISHED[name] | {"steps": 1}), encoding="utf-8")
    run, folder = tmp_path / "run", tmp_path / "zoo"
    assert main(workplace.train(recipe, "--out", str(run))) == 0
    assert main(["export", str(run), "--name", name, "--zoo", str(folder)]) == 0
    zoo = Zoo(folder)
    assert not zoo.problems
    card = zoo.get(name).card
    assert not card.default
    assert card.kind == ("sketch" if name == "rgb2sketch" else None)
    size = card.input.size
    inputs = {"face": np.full((2, 3, size, size), 0.5, np.float32)}
    if card.task == "reconstruct":
        inputs["map"] = np.zeros((2, 1, size, size), np.float32)
    # The session checks the tensors against the application's contract.
    outputs = ModelSession(zoo.get(name), "cpu", threads=1).run(inputs)
    assert all(len(output) == 2 and np.isfinite(output).all() for output in outputs.values())


class Attention(nn.Module):
    """The one part of the gated generator that is not made of layers."""

    def forward(self, face: Tensor, map: Tensor) -> Tensor:
        return contextual_attention(face, map)


def test_attention_can_be_exported(tmp_path: Path) -> None:
    batch = batch_dimension()
    graph = Graph(
        module=Attention(),
        inputs=(torch.rand(2, 3, 16, 16), (torch.rand(2, 1, 16, 16) > 0.5).float()),
        names=["face", "map"],
        outputs=["output"],
        dynamic=[{0: batch}, {0: batch}],
    )
    assert export_onnx(graph, tmp_path / "model.onnx") < 1e-4


def test_the_detector_can_be_exported_for_photos_of_any_size(tmp_path: Path) -> None:
    recipe = read_recipe(PUBLISHED["efficientdet_d0"])
    graph = system_of(recipe).graph(
        recipe, EfficientDet(0.25).state_dict(), sketch=False, latent=False
    )
    network = graph.module.network
    assert isinstance(network, EfficientDet)
    # One layer of the pyramid and none in the heads are exported in a fraction of the time.
    network.pyramid = network.pyramid[:1]
    for stage in network.backbone.stages:
        assert isinstance(stage, nn.Sequential)
        del stage[1:]
    for head in (network.classify, network.regress):
        head.convolutions, head.normals = head.convolutions[:0], head.normals[:0]
    export_onnx(graph, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(
        str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    for height, width in ((128, 128), (192, 320), (256, 128)):
        photo = torch.rand(2, 3, height, width)
        with torch.no_grad():
            expected = graph.module(photo)
        for found, wanted in zip(
            session.run(None, {"photo": photo.numpy()}), expected, strict=True
        ):
            assert found.shape == wanted.shape
            assert np.allclose(found, wanted.numpy(), rtol=1e-2, atol=0.05)

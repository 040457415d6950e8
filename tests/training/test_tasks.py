"""Real steps of every task on one fixed batch: what is minimised falls."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
from pathlib import Path
from typing import Any

import onnx
import pytest
import torch

from tests.support.training_recipes import TINY
from tests.support.training_steps import ready, repeated, stepped
from tests.training.conftest import Workplace
from training.export import export_onnx, graph_of
from training.tasks import read_recipe, reconstruct_energy, system_of
from training.tasks.reconstruct_task import ReconstructTask, SpreadWeight, around_hole

PLAIN: dict[str, Any] = {"heads": 0, "further_blocks": []}
"""The network without what it may have more, for tests of the losses alone."""


@pytest.mark.parametrize(
    ("name", "falling", "least"),
    [
        ("map", ("bce",), 0.85),
        ("align", ("error", "eye"), 0.7),
        ("locate", ("score", "box"), 0.5),
        ("landmarks", ("mouth",), 0.7),
        ("regression", ("l1",), 0.8),
        ("muon", ("l1",), 0.8),
        ("adversarial", ("l1",), 0.8),
    ],
)
def test_the_loss_falls(
    workplace: Workplace, name: str, falling: tuple[str, ...], least: float
) -> None:
    task = workplace.task(name)
    rows = repeated(task, ready(task, 0), 20)
    for metric in falling:
        first, last = rows[0][metric], sum(row[metric] for row in rows[-3:]) / 3
        assert last < least * first, metric


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 2), (0.6, 6, 16), (1.0, 20, 20)])
def test_as_many_faces_have_no_colour_as_the_recipe_says(
    workplace: Workplace, share: float, least: int, most: int
) -> None:
    task = workplace.task("map", grey_share=share)
    faces = torch.cat([task.data[step]["face"] for step in range(20)])[:20].float()
    # Noise is coloured and comes last, so that colour is looked for in the means of squares. A face that
    # is nothing but black has none either.
    squares = torch.nn.functional.avg_pool2d(faces.permute(0, 3, 1, 2), 8)
    spread = (squares[:, 0] - squares[:, 2]).abs().flatten(1).mean(dim=1)
    assert least <= int((spread < 6).sum()) <= most


def test_the_discriminator_learns_to_tell_real_from_fake(workplace: Workplace) -> None:
    # L1 alone keeps both hypotheses pictures; nothing in the network's loss hears the discriminator.
    alone = {"adversarial": 0.0, "matching": 0.0, "spread": 0.0}
    task = workplace.task("adversarial", rate=3e-4, **alone, **PLAIN)
    rows = repeated(task, ready(task, 0), 25)
    assert rows[0]["d"] == pytest.approx(2.0, abs=0.1)
    # Random brightness and shifts make single steps uneven.
    assert sum(row["d"] for row in rows[-5:]) / 5 < 0.9 * rows[0]["d"]


@pytest.fixture(scope="module")
def with_vgg(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """The workplace with the network of the perceptual losses in its data folder."""
    return workplace.with_vgg(tmp_path_factory.mktemp("with_vgg") / "data")


def test_the_discriminator_on_features_tells_real_from_fake_at_once(with_vgg: Workplace) -> None:
    # The network stands still: on one batch, L1 would soon leave nothing to tell apart.
    still = {"rate": 1e-7, "judge_rate": 5000.0, "perceptual": 1.0}
    task = with_vgg.task("adversarial", projected=True, **still, **PLAIN)
    rows = repeated(task, ready(task, 0), 25)
    for figure in ("d", "d_sketch"):
        assert rows[0][figure] == pytest.approx(2.0, abs=0.1)
        assert sum(row[figure] for row in rows[-5:]) / 5 < 0.8 * rows[0][figure]


def test_the_network_hears_the_discriminator_on_features(with_vgg: Workplace) -> None:
    other = {"l1": 0.0, "perceptual": 1e-6, "spread": 0.0, "error": 0.0, "judge_rate": 0.0}
    scores, gradients = [], []
    for weight in (0.0, 1.0):
        changes = {"rate": 3e-3, "adversarial": weight, **other, **PLAIN}
        task = with_vgg.task("adversarial", projected=True, **changes)
        rows = repeated(task, ready(task, 0), 20)
        gradients.append(rows[0]["gradient_model"])
        # Both runs are augmented alike, step by step.
        scores.append(sum(row["adversarial"] for row in rows[-5:]) / 5)
    assert gradients[1] > 10 * gradients[0]
    assert scores[1] < scores[0] - 0.005


def test_a_discriminator_on_features_needs_the_perceptual_loss(workplace: Workplace) -> None:
    with pytest.raises(ValueError, match="set perceptual above 0, or leave out projected"):
        workplace.task("adversarial", projected=True, perceptual=0.0)


@pytest.mark.parametrize(("batch", "latent"), [(1, 8), (3, 0)])
def test_a_discriminator_on_features_takes_any_batch(
    with_vgg: Workplace, batch: int, latent: int
) -> None:
    task = with_vgg.task("adversarial", projected=True, perceptual=0.5, batch=batch, latent=latent)
    figures = stepped(task, ready(task, 0))
    assert ("d_sketch" in figures) == (batch > 1)
    assert all(math.isfinite(value) for value in figures.values())


def test_hypotheses_differ_where_that_is_credited(with_vgg: Workplace) -> None:
    spreads = []
    for credit in (0.01, 1.0):
        scores = {"energy": credit, "perceptual": 1.0, "adversarial": 0.0, "judge_rate": 0.0}
        task = with_vgg.task("adversarial", projected=True, rate=1e-3, **scores, **PLAIN)
        batch = ready(task, 0)
        rows = repeated(task, batch, 25)
        assert sum(row["energy"] for row in rows[-5:]) / 5 < 0.9 * rows[0]["energy"]
        latent = torch.randn(4, 2, 8, generator=torch.Generator().manual_seed(1))
        with torch.no_grad():
            output = task.model(batch["face"], batch["hole"], latent)
        spreads.append(float((output[:, 0, :3] - output[:, 1, :3]).abs().mean()))
    assert spreads[1] > 2 * spreads[0] > 0


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_the_energy_score_takes_any_batch(with_vgg: Workplace, batch: int) -> None:
    changes = {"energy": 0.8, "perceptual": 0.5, "batch": batch}
    task = with_vgg.task("adversarial", projected=True, **changes)
    figures = stepped(task, ready(task, 0))
    assert ("d_sketch" in figures) == (batch > 1)
    assert all(math.isfinite(value) for value in figures.values())


@pytest.mark.parametrize("changes", [{"projected": False}, {"latent": 0}])
def test_the_energy_score_needs_two_hypotheses_and_their_features(
    with_vgg: Workplace, changes: dict[str, Any]
) -> None:
    values = {"projected": True, "energy": 0.8, "perceptual": 0.5} | changes
    with pytest.raises(ValueError, match="energy score"):
        with_vgg.task("adversarial", **values)


def test_the_energy_score_needs_faces_that_halve_in_every_process(
    with_vgg: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"projected": True, "energy": 0.8, "perceptual": 0.5, "batch": 8}
    monkeypatch.setattr(reconstruct_energy, "ranks", lambda: 2)
    with_vgg.task("adversarial", perceptual_faces=4, **values)
    with pytest.raises(ValueError, match="multiple of 4 and batch one of 8"):
        with_vgg.task("adversarial", perceptual_faces=2, **values)


def test_more_modes_than_latent_values_are_refused(workplace: Workplace) -> None:
    with pytest.raises(
        ValueError, match="asks for 9 modes, which 8 latent values cannot tell apart"
    ):
        workplace.task("adversarial", modes=9)


def test_a_reward_for_spread_makes_hypotheses_differ(workplace: Workplace) -> None:
    spreads = []
    for wanted in (0.0, 1.0):
        task = workplace.task("adversarial", rate=1e-3, spread=wanted, **PLAIN)
        batch = ready(task, 0)
        repeated(task, batch, 25)
        latent = torch.randn(4, 2, 8, generator=torch.Generator().manual_seed(1))
        with torch.no_grad():
            output = task.model(batch["face"], batch["hole"], latent)
        spreads.append(float((output[:, 0, :3] - output[:, 1, :3]).abs().mean()))
    assert spreads[1] > 2 * spreads[0] > 0


def test_the_reward_is_steered_towards_the_wanted_spread() -> None:
    weight = SpreadWeight(1.0)
    first = float(weight.value)
    for _ in range(10):
        weight.steer(torch.tensor(0.1))
    raised = float(weight.value)
    for _ in range(20):
        weight.steer(torch.tensor(5.0))
    assert first < raised <= 2.0
    assert 0.02 <= float(weight.value) < raised
    other = SpreadWeight(1.0)
    other.load_state_dict(weight.state_dict())
    assert torch.equal(other.value, weight.value)


def test_without_a_latent_there_is_one_hypothesis(workplace: Workplace) -> None:
    task = workplace.task("adversarial", latent=0)
    assert "spread" not in stepped(task, ready(task, 0))


def test_the_visible_face_is_copied(workplace: Workplace) -> None:
    task = workplace.task("regression")
    batch = ready(task, 0)
    face, hole = batch["face"], batch["hole"]
    with torch.no_grad():
        output = task.model(face, hole)[:, 0]
        hidden = task.model(face * (1 - hole), hole)[:, 0]
    assert torch.equal((output[:, :3] - face) * (1 - hole), torch.zeros_like(face))
    assert torch.equal(output, hidden)


def test_batches_are_what_the_tasks_say(workplace: Workplace) -> None:
    face = ready(workplace.task("map"), 0)
    assert face["face"].shape == (4, 3, 32, 32)
    assert set(face["map"].flatten().tolist()) <= {0.0, 1.0}
    points = ready(workplace.task("align"), 0)["landmarks"]
    assert points.shape == (4, 68, 2)
    assert -0.3 < points.min() < points.max() < 1.3
    scene = ready(workplace.task("locate"), 0)
    boxes = scene["faces"][~torch.isnan(scene["faces"][..., 0])]
    assert len(boxes)
    assert (boxes[:, 2:4] > boxes[:, :2]).all()
    assert boxes[:, :4].min() >= 0
    assert boxes[:, :4].max() <= 128
    crops = ready(workplace.task("regression"), 0)
    assert {name: tuple(value.shape[1:]) for name, value in crops.items()} == {
        "face": (3, 32, 32),
        "hole": (1, 32, 32),
        "sketch": (1, 32, 32),
        "landmarks": (68, 2),
    }
    pictures = [crops[name] for name in ("face", "hole", "sketch")]
    for value in (*pictures, face["face"], scene["photo"]):
        assert value.dtype == torch.float32
        assert 0 <= value.min() <= value.max() <= 1


@pytest.mark.parametrize("name", list(TINY))
def test_a_batch_depends_on_seed_and_step_alone(workplace: Workplace, name: str) -> None:
    first, again = workplace.task(name).data, workplace.task(name).data
    other = workplace.task(name, seed=2).data
    again[0]
    for key, value in first[3].items():
        assert torch.equal(value.float().nan_to_num(-9), again[3][key].float().nan_to_num(-9))
        assert not torch.equal(value.float().nan_to_num(-9), other[3][key].float().nan_to_num(-9))
        assert not torch.equal(value.float().nan_to_num(-9), first[4][key].float().nan_to_num(-9))


def test_a_labelled_photo_is_never_a_training_scene(workplace: Workplace) -> None:
    task = workplace.task("locate")
    photos = task.data.real  # type: ignore[attr-defined]
    assert len(photos) == 1
    # 001.jpg is the mirrored one; 000.jpg has a hand-drawn label.
    (_, boxes) = photos[0]
    assert boxes[0].tolist() == [237.0, 59.0, 337.0, 182.0, -1.0]


def test_perceptual_weights_that_are_missing_are_named(
    workplace: Workplace, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"VGG-19: put vgg19_to_relu3_4\.npz, or torchvision"):
        workplace.task("regression", perceptual=0.5)


def test_the_window_of_the_perceptual_loss_lies_around_the_map() -> None:
    place = torch.arange(64).repeat(3, 2, 64, 1).float()
    hole = torch.zeros(3, 1, 64, 64)
    hole[0, :, 20:40, 30:50] = 1  # its centre of gravity is at 39.5, 29.5
    hole[1, :, 60:, :4] = 1
    seen = around_hole(place, hole, 24)
    assert seen.shape == (3, 2, 24, 24)
    assert seen[:, 0, 0, 0].tolist() == [28, 0, 0]
    rows = around_hole(place.transpose(2, 3), hole, 24)
    assert rows[:, 0, 0, 0].tolist() == [18, 40, 0]
    assert around_hole(place, hole, 64) is place


def test_warm_start_takes_the_averaged_weights(trained: Workplace) -> None:
    task = trained.task("adversarial", warm_start="regression/weights.pt")
    assert isinstance(task, ReconstructTask)
    saved = torch.load(trained.runs / "regression" / "weights.pt", weights_only=True)
    for name, value in task.model.state_dict().items():
        assert torch.equal(value, saved[name]), name


def test_warm_start_beside_a_folder_of_runs_that_is_not_there_yet(
    trained: Workplace, tmp_path: Path
) -> None:
    shutil.copytree(trained.runs / "map", tmp_path / "zoo")
    fresh = dataclasses.replace(trained, runs=tmp_path / "runs")
    saved = torch.load(tmp_path / "zoo" / "weights.pt", weights_only=True)
    state = fresh.task("map", warm_start="../zoo/weights.pt").model.state_dict()
    assert all(torch.equal(state[name], value) for name, value in saved.items())


def test_warm_start_from_a_model_whose_weights_the_exporter_merged(
    workplace: Workplace, tmp_path: Path
) -> None:
    task = workplace.task("regression")
    with torch.no_grad():
        for name, value in task.model.named_parameters():
            if name.endswith("bias"):
                value.fill_(0.25)
    saved = {name: value.clone() for name, value in task.model.state_dict().items()}
    recipe = read_recipe(TINY["regression"])
    export_onnx(graph_of(recipe, saved, latent=False), tmp_path / "model.onnx")
    kept = {tensor.name for tensor in onnx.load(tmp_path / "model.onnx").graph.initializer}
    assert any(f"network.{name}" not in kept for name in saved if name.endswith("bias"))
    begun = workplace.task("regression", seed=5, warm_start=str(tmp_path / "model.onnx"))
    for name, value in begun.model.state_dict().items():
        assert torch.allclose(value, saved[name], atol=1e-3), name


def test_what_another_run_learned_is_added(trained: Workplace, tmp_path: Path) -> None:
    saved = torch.load(trained.runs / "regression" / "weights.pt", weights_only=True)
    earlier, later = tmp_path / "earlier.pt", tmp_path / "later.pt"
    torch.save({name: value * 0 + 0.5 for name, value in saved.items()}, earlier)
    torch.save({name: value * 0 + 0.75 for name, value in saved.items()}, later)
    files = [str(earlier), str(later)]
    start = "regression/weights.pt"
    task = trained.task("regression", warm_start=start, added_training=files)
    for name, value in task.model.state_dict().items():
        assert torch.allclose(value, saved[name] + 0.25, atol=1e-6), name
    task = trained.task("regression", warm_start=start, added_training=files, added_share=0.2)
    for name, value in task.model.state_dict().items():
        assert torch.allclose(value, saved[name] + 0.05, atol=1e-6), name
    with pytest.raises(ValueError, match=r"gone\.pt to start from are missing"):
        trained.task("regression", warm_start=start, added_training=[str(earlier), "gone.pt"])


def test_an_exported_model_is_blended_with_the_weights_that_its_recipe_names(
    trained: Workplace, tmp_path: Path
) -> None:
    saved = torch.load(trained.runs / "regression" / "weights.pt", weights_only=True)
    torch.save({name: value + 1 for name, value in saved.items()}, tmp_path / "rest.pt")
    values = TINY["regression"] | {"blend": 0.75, "blend_with": str(tmp_path / "rest.pt")}
    recipe = read_recipe(values)
    exported = system_of(recipe).exported(recipe, saved, trained.runs)
    for name, value in exported.items():
        assert torch.allclose(value, saved[name] + 0.25, atol=1e-6), name


def test_warm_start_from_an_exported_model(trained: Workplace, tmp_path: Path) -> None:
    saved = torch.load(trained.runs / "regression" / "weights.pt", weights_only=True)
    recipe = read_recipe(
        json.loads((trained.runs / "regression" / "recipe.json").read_text())["recipe"]
    )
    export_onnx(graph_of(recipe, saved, latent=False), tmp_path / "model.onnx")
    task = trained.task("regression", warm_start=str(tmp_path / "model.onnx"))
    for name, value in task.model.state_dict().items():
        assert torch.allclose(value, saved[name], atol=1e-3), name
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ValueError, match="damaged or belong to another network"):
        trained.task("regression", warm_start=str(tmp_path / "model.onnx"))

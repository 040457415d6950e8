"""A network that learns what several draw together."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.support.training_recipes import TINY
from tests.support.training_runs import run
from tests.training.conftest import Workplace
from training.task import Batch, Step, Task
from training.tasks import read_recipe, system_of
from training.tasks.reconstruct_taught import TaughtReconstructTask

FIRST = "regression/weights.pt"


@pytest.fixture
def place(trained: Workplace, tmp_path: Path) -> Workplace:
    """Runs of which two draw differently: what one draws is lighter."""
    runs = tmp_path / "runs"
    for name, added in (("regression", 0.0), ("lighter", 0.5)):
        weights = torch.load(trained.runs / "regression" / "weights.pt", weights_only=True)
        weights["head.bias"] += added
        (runs / name).mkdir(parents=True)
        torch.save(weights, runs / name / "weights.pt")
    return dataclasses.replace(trained, runs=runs)


def a_task(place: Workplace, **changes: Any) -> TaughtReconstructTask:
    """A tiny task that learns from the two runs."""
    task = place.task(
        "muon",
        **{"warm_start": FIRST, "structure": 1.0, "log_error": 0.1} | changes,
    )
    assert isinstance(task, TaughtReconstructTask)
    return task


def finished(task: Task, number: int = 0) -> Batch:
    """A batch as the engine hands it over."""
    return task.data.finish({k: torch.as_tensor(v) for k, v in task.data[number].items()})


def parts_of(task: Task, batch: Batch) -> dict[str, Tensor]:
    """What the run's metrics would show of a batch."""
    (loss,) = task.losses(batch, Step(number=0, random=torch.Generator().manual_seed(0)))
    return {name: part.detach() for name, part in loss.parts.items()}


def test_who_draws_as_taught_has_nothing_to_learn(place: Workplace) -> None:
    task = a_task(place, teachers=[[1.0, FIRST]])
    parts = parts_of(task, finished(task))
    assert float(parts["l1"]) < 1e-6
    assert float(parts["structure"]) < 1e-5


def test_taught_is_the_weighted_mean(place: Workplace) -> None:
    # The lighter one's head gives .5 more, which are .25 of its pictures; a fifth of it is .05.
    task = a_task(place, teachers=[[4.0, FIRST], [1.0, "lighter/weights.pt"]])
    batch = finished(task)
    own = task.split(task.model(batch["face"], batch["hole"]))[0][:, 0]
    (loss,) = task.losses(batch, Step(number=0, random=torch.Generator().manual_seed(0)))
    hidden = float(batch["hole"].mean())
    colour, sketch = 0.05 * 6.2 * hidden, 0.05 * (0.2 + 6.0 * hidden)
    assert own.shape[1] == 4
    assert loss.parts["l1"].item() == pytest.approx(0.75 * colour + 0.25 * sketch, rel=1e-3)


def test_the_expected_error_learns_from_the_photo(place: Workplace) -> None:
    task = a_task(place, teachers=[[1.0, FIRST]])
    batch = finished(task)
    darker = batch | {"face": batch["face"] * (1 - 0.9 * batch["hole"])}
    # What is hidden is another face: the picture and what is taught are as before.
    assert float(parts_of(task, darker)["l1"]) < 1e-6
    assert parts_of(task, darker)["error_nll"] != parts_of(task, batch)["error_nll"]


def test_faces_in_real_masks_are_drawn_as_taught(place: Workplace) -> None:
    """What is under their masks is nobody's to know: the loss says nothing of it."""
    place = place.with_masked(under=0)
    teachers = [[1.0, "lighter/weights.pt"]]
    task = a_task(place, teachers=teachers, taught_faces=2)
    parts = parts_of(task, finished(task))
    other = a_task(place.with_masked(under=255), teachers=teachers, taught_faces=2)
    assert parts_of(other, finished(other)) == parts
    none = a_task(place, teachers=teachers)
    alone = parts_of(none, finished(none))
    assert parts["l1"] != alone["l1"]
    # The error to expect has a truth of the others alone.
    assert parts["error_nll"] == pytest.approx(alone["error_nll"])
    # Who draws them as the teacher does has nothing to learn, and what was read has another hash.
    same = a_task(place, teachers=[[1.0, FIRST]], taught_faces=2)
    assert float(parts_of(same, finished(same))["l1"]) < 1e-6
    assert task.data_sha256 not in (none.data_sha256, other.data_sha256)


def test_a_run_comes_nearer_to_what_it_is_taught(place: Workplace, tmp_path: Path) -> None:
    teachers = [[1.0, FIRST], [1.0, "lighter/weights.pt"]]
    task = a_task(place, teachers=teachers, steps=40, rate=2e-3)
    before = float(parts_of(task, finished(task, 50))["l1"])
    kept = [
        teacher.network.state_dict()["head.bias"].clone() for _, teacher in task.teachers.looking
    ]
    assert run(task, task.recipe, tmp_path / "run", log_seconds=0)
    after = float(parts_of(task, finished(task, 50))["l1"])
    assert after < 0.5 * before
    for (_, teacher), bias in zip(task.teachers.looking, kept, strict=True):
        assert torch.equal(teacher.network.state_dict()["head.bias"], bias)


def test_every_hypothesis_is_taught_what_the_same_latent_values_draw(place: Workplace) -> None:
    changes = {"stage": "taught", "teachers": [[1.0, "adversarial/weights.pt"]]}
    shutil.copytree(place.runs / "regression", place.runs / "adversarial")
    weights = torch.load(place.runs / "adversarial" / "weights.pt", weights_only=True)
    for level in (0, 1):  # which an untrained network draws alike
        weights[f"modulate.{level}.weight"] = torch.randn_like(weights[f"modulate.{level}.weight"])
    torch.save(weights, place.runs / "adversarial" / "weights.pt")
    same = a_task(place, **changes | {"warm_start": "adversarial/weights.pt"})
    batch = finished(same)
    assert float(parts_of(same, batch)["l1"]) < 1e-6
    # Hypotheses of a face are two, and differ.
    latent, _ = same.latents(4, torch.device("cpu"), torch.Generator().manual_seed(0))
    first, second = same.split(same.model(batch["face"], batch["hole"], latent))[0].unbind(dim=1)
    assert float((first - second).detach().abs().max()) > 0.01
    # Who does not know the latent values does not draw what they mean.
    other = a_task(place, **changes)
    assert float(parts_of(other, batch)["l1"]) > 0.001


def test_one_look_comes_nearer_to_what_four_draw(place: Workplace, tmp_path: Path) -> None:
    changes = {"stage": "taught", "taught_looks": 4, "looks_detail": 1.5, "steps": 60, "rate": 1e-3}
    task = a_task(place, teachers=[[1.0, FIRST]], **changes)
    batch = finished(task, 90)
    (teacher,) = [network for _, network in task.teachers.looking]
    one = task.split(teacher.network(batch["face"], batch["hole"]))[0]
    four = task.split(teacher.looked(batch["face"], batch["hole"], None))[0]
    assert len(teacher.looks) == 4
    assert float((one - four).detach().abs().mean()) > 1e-4
    before = parts_of(task, batch)
    assert run(task, task.recipe, tmp_path / "run", log_seconds=0)
    after = parts_of(task, batch)
    assert float(after["l1"]) < 0.9 * float(before["l1"])
    # It is exported as what draws hypotheses.
    assert system_of(task.recipe).latent(task.recipe) == task.recipe.latent
    assert system_of(task.recipe).latent(read_recipe(TINY["muon"])) == 0


def test_what_cannot_be_taught_is_refused(place: Workplace) -> None:
    with pytest.raises(ValueError, match='set stage = "regression" for one answer or "taught"'):
        place.task("adversarial", teachers=[[1.0, FIRST]])
    with pytest.raises(ValueError, match="is to be taught and names no teachers"):
        place.task("muon", stage="taught")
    with pytest.raises(ValueError, match=r"gone/weights\.pt to start from are missing"):
        a_task(place, teachers=[[1.0, "gone/weights.pt"]])
    with pytest.raises(ValueError, match="greater than 0"):
        a_task(place, teachers=[[0.0, FIRST]])

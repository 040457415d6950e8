"""Hypotheses that stay near what teachers draw while they are judged."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.support.training_steps import ready, repeated, stepped
from tests.training.conftest import Workplace
from training.tasks.reconstruct_anchored import AnchoredReconstructTask

TEACHER = "teacher/weights.pt"


@pytest.fixture
def place(trained: Workplace, tmp_path: Path) -> Workplace:
    """VGG-19, and a run whose hypotheses differ and which draws coarse pictures."""
    runs = tmp_path / "runs"
    shutil.copytree(trained.runs / "regression", runs / "regression")
    weights = torch.load(runs / "regression" / "weights.pt", weights_only=True)
    random = torch.Generator().manual_seed(0)
    for level in (0, 1):  # which an untrained network draws alike
        name = f"modulate.{level}.weight"
        weights[name] = torch.randn(weights[name].shape, generator=random)
    (runs / "teacher").mkdir()
    torch.save(weights, runs / "teacher" / "weights.pt")
    return dataclasses.replace(trained.with_vgg(tmp_path / "data"), runs=runs)


def anchored(place: Workplace, **changes: Any) -> AnchoredReconstructTask:
    """A tiny task that has a teacher and a discriminator."""
    judged = {"projected": True, "energy": 0.5, "perceptual": 0.5}
    near = {"teachers": [[1.0, TEACHER]], "anchor": 1.0, "structure": 0.5}
    task = place.task("adversarial", **judged | near | changes)
    assert isinstance(task, AnchoredReconstructTask)
    return task


def test_who_draws_as_the_teacher_is_where_it_is_to_stay(place: Workplace) -> None:
    same = anchored(place, warm_start=TEACHER)
    figures = stepped(same, ready(same, 0))
    assert figures["anchor"] < 1e-6
    assert figures["structure"] < 1e-5
    # It is judged all the same.
    assert {"d", "adversarial", "perceptual", "energy"} <= set(figures)
    # Another network knows what is wanted of the first hypothesis, and not of the second.
    other = anchored(place)
    assert stepped(other, ready(other, 0))["anchor"] > 1e-3


def test_what_pulls_away_pulls_less_than_an_anchor_that_weighs_much(place: Workplace) -> None:
    ends = []
    for weight in (0.01, 20.0):
        task = anchored(place, warm_start=TEACHER, anchor=weight, rate=2e-3)
        ends.append(repeated(task, ready(task, 0), 25)[-1]["anchor"])
    assert ends[1] < 0.5 * ends[0]


def test_the_teacher_itself_stays_as_it_is(place: Workplace) -> None:
    task = anchored(place)
    ((_, teacher),) = task.teachers.looking
    before = {name: value.clone() for name, value in teacher.state_dict().items()}
    stepped(task, ready(task, 0))
    assert all(torch.equal(value, before[name]) for name, value in teacher.state_dict().items())


def test_teachers_and_anchor_belong_together(place: Workplace) -> None:
    with pytest.raises(ValueError, match="needs both, teachers and the weight"):
        anchored(place, anchor=0.0)
    with pytest.raises(ValueError, match="needs both, teachers and the weight"):
        anchored(place, teachers=[])
    with pytest.raises(ValueError, match="set energy above 0, or leave out anchor"):
        place.task("adversarial", anchor=1.0)

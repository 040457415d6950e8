"""Hypotheses that stay near what teachers draw while they are judged."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from app.imaging.alignment import AlignmentSpec
from tests.support.training_steps import ready, repeated, stepped
from tests.training.conftest import Workplace
from training.data.taught import open_taught
from training.data.taught_crops import TaughtCrops
from training.tasks import system_of
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
    # The weights that the teacher's were made from do not know the latent values.
    other = anchored(place)
    assert stepped(other, ready(other, 0))["anchor"] > 1e-3


def test_what_pulls_away_pulls_less_than_an_anchor_that_weighs_much(place: Workplace) -> None:
    ends = []
    for weight in (0.01, 20.0):
        task = anchored(place, warm_start=TEACHER, anchor=weight, rate=2e-3)
        ends.append(repeated(task, ready(task, 0), 25)[-1]["anchor"])
    assert ends[1] < 0.5 * ends[0]


def test_faces_in_real_masks_count_and_are_not_judged(place: Workplace) -> None:
    """What is under their masks is nobody's to know: the loss says nothing of it."""
    place = place.with_masked(under=0)
    one = anchored(place, taught_faces=2)
    figures = stepped(one, ready(one, 0))
    other = anchored(place.with_masked(under=255), taught_faces=2)
    assert stepped(other, ready(other, 0)) == figures
    none = anchored(place)
    assert stepped(none, ready(none, 0))["anchor"] != figures["anchor"]
    # Who draws them as the teacher does is where it is to stay, and what was read has another hash.
    same = anchored(place, warm_start=TEACHER, taught_faces=2)
    assert stepped(same, ready(same, 0))["anchor"] < 1e-6
    assert one.data_sha256 not in (none.data_sha256, other.data_sha256)
    assert one.pack_sha256 == none.pack_sha256
    # The card says so.
    assert "faces in real masks" in system_of(one.recipe).data(one.recipe)
    assert system_of(none.recipe).data(none.recipe) == ""


def test_masked_faces_are_shown_as_in_use(place: Workplace) -> None:
    place = place.with_masked(under=200)
    spec = AlignmentSpec(eye_distance=0.3, eye_y=0.42)
    crops = TaughtCrops(open_taught(place.packs / "taught"), size=32, spec=spec)
    faces, holes = crops.drawn([1, 2, 3])
    assert faces.shape == (3, 3, 32, 32)
    assert holes.shape == (3, 1, 32, 32)
    assert set(holes.flatten().tolist()) == {0.0, 1.0}
    assert float((faces * holes).abs().max()) == 0
    # Nothing of the mask is seen beside it.
    assert float(((faces - 50 / 255) * (1 - holes)).abs().max()) < 0.01
    again, _ = crops.drawn([2])
    assert torch.equal(again[0], faces[1])
    assert not torch.equal(faces[0], faces[1])


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
    with pytest.raises(ValueError, match="needs both, teachers and the weight"):
        anchored(place, teachers=[], anchor=0.0, taught_faces=2)
    with pytest.raises(ValueError, match="taught pack"):
        anchored(place, taught_faces=2)
    with pytest.raises(ValueError, match="name teachers, or leave out taught_faces"):
        place.task("adversarial", taught_faces=2)
    with pytest.raises(ValueError, match="set energy above 0, or leave out anchor"):
        place.task("adversarial", anchor=1.0)

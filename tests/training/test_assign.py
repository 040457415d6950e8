"""Which place of the locator learns to find which face."""

from __future__ import annotations

import pytest
import torch

from tests.support.training_recipes import TINY
from tests.training.conftest import Workplace
from training.tasks import make_task, read_recipe
from training.tasks.locate import LocateTask


@pytest.fixture(scope="module")
def task(workplace: Workplace) -> LocateTask:
    """A locator for scenes of 128 px."""
    made = make_task(
        read_recipe(TINY["locate"]),
        packs=workplace.packs,
        data=workplace.data,
        runs=workplace.runs,
        device=torch.device("cpu"),
    )
    assert isinstance(made, LocateTask)
    return made


@pytest.mark.parametrize(("face", "stride"), [(20.0, 8), (60.0, 16), (100.0, 32)])
def test_a_face_belongs_to_the_stride_of_its_size(
    task: LocateTask, face: float, stride: int
) -> None:
    box = torch.tensor([[[60 - face / 2, 64 - face / 2, 60 + face / 2, 64 + face / 2, 1.0]]])
    owner, ignored = task.assign(box)
    owned = task.strides[owner[0] >= 0]
    assert len(owned)
    assert set(owned.tolist()) == {float(stride)}
    at = task.places[owner[0] >= 0]
    assert ((at - torch.tensor([60.0, 64.0])).abs() <= 1.5 * stride).all()
    assert not ignored.any()


def test_of_two_faces_the_smaller_owns_the_place(task: LocateTask) -> None:
    nan = float("nan")
    faces = torch.tensor(
        [[[40.0, 40, 80, 80, 0], [50.0, 50, 70, 70, 1], [nan, nan, nan, nan, nan]]]
    )
    owner, _ = task.assign(faces)
    centre = (task.places - 60).abs().amax(dim=1) < 5
    assert set(owner[0, centre & (task.strides == 8)].tolist()) == {1}


def test_doubtful_faces_are_neither_taught_nor_punished(task: LocateTask) -> None:
    nan = float("nan")
    faces = torch.tensor([[[40.0, 40, 60, 60, nan], [80.0, 80, 110, 110, 1]]])
    owner, ignored = task.assign(faces)
    inside = ((task.places > 40) & (task.places < 60)).all(dim=1)
    assert ignored[0][inside].all()
    assert not ignored[0][~inside].any()
    assert (owner[0][inside] == -1).all()
    assert (owner[0] == 1).any()


def test_no_face_owns_nothing(task: LocateTask) -> None:
    owner, ignored = task.assign(torch.full((2, 5, 5), float("nan")))
    assert (owner == -1).all()
    assert not ignored.any()

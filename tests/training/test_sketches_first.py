"""A recipe may learn sketches first: how much of its losses is theirs, and how many are looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.support.training_recipes import TINY
from tests.support.training_steps import ready, repeated, stepped
from tests.training.conftest import Workplace
from training.export import graph_of
from training.networks.looks import SelectChannels
from training.tasks import read_recipe
from training.tasks.reconstruct_energy import EnergyReconstructTask

ENERGY: dict[str, Any] = {"projected": True, "energy": 0.5, "perceptual": 0.5}
ALONE: dict[str, Any] = {"perceptual": 1e-6, "adversarial": 0.0, "judge_rate": 0.0, "error": 0.0}
"""Pixels alone teach the network."""


@pytest.fixture(scope="module")
def place(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return workplace.with_vgg(tmp_path_factory.mktemp("sketches_first") / "data")


def task_of(place: Workplace, **changes: Any) -> EnergyReconstructTask:
    task = place.task("adversarial", **ENERGY | {"heads": 0, "further_blocks": []} | changes)
    assert isinstance(task, EnergyReconstructTask)
    return task


def errors(task: EnergyReconstructTask, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Of pictures and of sketches, inside the maps."""
    truth = torch.cat([batch["face"], batch["sketch"]], dim=1)
    with torch.no_grad():
        drawn = task.model(batch["face"], batch["hole"], None)[:, 0, :4]
    away = ((drawn - truth).abs() * batch["hole"]).mean(dim=(0, 2, 3))
    return torch.stack([away[:3].mean(), away[3]])


def test_what_has_the_larger_share_is_learned_first(place: Workplace) -> None:
    gained = {}
    for share in (0.0, 1.0):
        task = task_of(place, sketch_share=share, rate=2e-3, **ALONE)
        batch = ready(task, 0)
        before = errors(task, batch)
        repeated(task, batch, 20)
        gained[share] = (before - errors(task, batch)) / before
    pictures, sketches = gained[0.0], gained[1.0]
    assert pictures[0] > 0.1
    assert pictures[0] > pictures[1] + 0.1
    assert sketches[1] > 0.1
    assert sketches[1] > sketches[0] + 0.1


def test_as_many_sketches_are_looked_at_as_the_recipe_says(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for faces, sketches, wanted in ((2, 0, 1), (1, 3, 3)):
        task = task_of(place, perceptual_faces=faces, perceptual_sketches=sketches)
        seen: dict[str, int] = {}
        look = task._seen

        def counted(*given: Any, look: Any = look, seen: dict[str, int] = seen) -> Any:
            kinds = look(*given)
            seen |= {kind: len(each.reals[0]) for kind, each in kinds.items()}
            assert all(each.hypotheses == 2 for each in kinds.values())
            return kinds

        monkeypatch.setattr(task, "_seen", counted)
        stepped(task, ready(task, 0))
        assert seen == {"face": faces, "sketch": wanted}


def test_a_batch_has_the_faces_that_are_to_be_looked_at(place: Workplace) -> None:
    with pytest.raises(ValueError, match="looks at 2 faces and the sketches of 3 others"):
        task_of(place, perceptual_faces=2, perceptual_sketches=3)


def test_sketches_have_looks_and_detail_of_their_own(trained: Workplace) -> None:
    weights = torch.load(
        Path(trained.runs / "adversarial" / "weights.pt"), map_location="cpu", weights_only=True
    )
    asked = {"looks": 2, "looks_detail": 2.5, "sketch_looks": 4, "sketch_detail": 1.5}
    recipe = read_recipe(TINY["adversarial"] | asked | {"further_looks": 1})
    for sketch, (looks, detail) in ((False, (2, 2.5)), (True, (4, 1.5))):
        module = graph_of(recipe, weights, sketch=sketch).module
        assert isinstance(module, SelectChannels)
        assert (len(module.looks), module.further_looks, module.detail) == (looks, 1, detail)

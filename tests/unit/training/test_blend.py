"""Exported weights between those of a run and those it began with."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.networks.inpainting import InpaintingNetwork
from training.tasks.reconstruct import ReconstructSystem
from training.tasks.reconstruct_recipe import ReconstructRecipe, network_spec

LATENT = 2
SMALL = {"widths": [4, 8], "middle_blocks": 1, "latent": LATENT}


def recipe(**changes: float) -> ReconstructRecipe:
    return ReconstructRecipe.model_validate(
        {
            "task": "reconstruct",
            "name": "tiny",
            "stage": "adversarial",
            "steps": 2,
            "warm_start": "before/weights.pt",
            **SMALL,
            **changes,
        }
    )


@pytest.mark.parametrize("blend", [1.0, 0.75, 0.0])
def test_weights_lie_so_far_between(tmp_path: Path, blend: float) -> None:
    torch.manual_seed(0)
    before, after = (InpaintingNetwork(network_spec(recipe())).state_dict() for _ in range(2))
    (tmp_path / "before").mkdir()
    torch.save(before, tmp_path / "before" / "weights.pt")
    found = ReconstructSystem().exported(recipe(blend=blend), after, tmp_path)
    assert found.keys() == after.keys()
    for name, value in found.items():
        assert torch.allclose(value, blend * after[name] + (1 - blend) * before[name]), name


@pytest.mark.parametrize(("drawn", "expected"), [(None, 0.75), (0.25, 0.25), (1.0, 1.0)])
def test_a_sketch_may_have_a_blend_of_its_own(
    tmp_path: Path, drawn: float | None, expected: float
) -> None:
    before, after = (InpaintingNetwork(network_spec(recipe())).state_dict() for _ in range(2))
    (tmp_path / "before").mkdir()
    torch.save(before, tmp_path / "before" / "weights.pt")
    values = recipe(blend=0.75).model_copy(update={"sketch_blend": drawn})
    for sketch, blend in ((False, 0.75), (True, expected)):
        found = ReconstructSystem().exported(values, after, tmp_path, sketch=sketch)
        for name, value in found.items():
            assert torch.allclose(value, blend * after[name] + (1 - blend) * before[name]), name


def test_a_sketch_may_have_a_rest_of_its_own(tmp_path: Path) -> None:
    first, other, after = (InpaintingNetwork(network_spec(recipe())).state_dict() for _ in range(3))
    for name, weights in (("before", first), ("other", other)):
        (tmp_path / name).mkdir()
        torch.save(weights, tmp_path / name / "weights.pt")
    values = recipe(blend=0.75).model_copy(
        update={"sketch_blend": 0.5, "sketch_blend_with": "other/weights.pt"}
    )
    for sketch, blend, rest in ((False, 0.75, first), (True, 0.5, other)):
        found = ReconstructSystem().exported(values, after, tmp_path, sketch=sketch)
        for name, value in found.items():
            assert torch.allclose(value, blend * after[name] + (1 - blend) * rest[name]), name


def test_latent_values_of_another_meaning_are_not_blended_in(tmp_path: Path) -> None:
    before, after = (InpaintingNetwork(network_spec(recipe())).state_dict() for _ in range(2))
    (tmp_path / "before").mkdir()
    torch.save(before, tmp_path / "before" / "weights.pt")
    values = recipe(blend=0.75).model_copy(update={"latent_afresh": True})
    found = ReconstructSystem().exported(values, after, tmp_path)["style.0.weight"]
    own, rest = after["style.0.weight"], before["style.0.weight"]
    assert torch.allclose(found[:, :LATENT], 0.75 * own[:, :LATENT])
    assert torch.allclose(found[:, LATENT:], 0.75 * own[:, LATENT:] + 0.25 * rest[:, LATENT:])


def test_a_blend_without_its_beginning_is_said(tmp_path: Path) -> None:
    weights = InpaintingNetwork(network_spec(recipe())).state_dict()
    with pytest.raises(ValueError, match=r"before/weights\.pt to start from are missing"):
        ReconstructSystem().exported(recipe(blend=0.5), weights, tmp_path)

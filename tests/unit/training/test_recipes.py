"""The bundled recipes are valid, and every network they ask for can be built."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from training.options import RECIPES
from training.tasks import read_recipe, recipe_problem, system_of
from training.tasks.common import scheduled
from training.tasks.reconstruct_recipe import ReconstructRecipe, network_spec

FILES = sorted(RECIPES.glob("*.toml"))


def values_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_bundled_recipe_is_valid(path: Path) -> None:
    recipe = read_recipe(values_of(path))
    assert recipe.name == path.stem
    assert recipe.steps > 0


def test_there_is_a_recipe_for_every_stage() -> None:
    recipes = [read_recipe(values_of(path)) for path in FILES]
    tools = ("landmarks", "super_resolution")
    instruments = [recipe for recipe in recipes if recipe.task in tools]
    stages = {system_of(recipe).stage for recipe in recipes if recipe not in instruments}
    assert stages == {"locate", "align", "map", "reconstruct"}
    # What other runs learn from, or end in, is no stage of the application.
    assert [recipe.name for recipe in instruments] == ["landmarks", "super_resolution"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_recipe_survives_the_way_through_a_run(path: Path) -> None:
    recipe = read_recipe(values_of(path))
    assert read_recipe(recipe.model_dump(mode="json")) == recipe


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_recipe_starts_from_fits_it(path: Path) -> None:
    recipe = read_recipe(values_of(path))
    start = str(getattr(recipe, "warm_start", ""))
    if not start:
        return
    if start.endswith(".onnx"):
        # A model of an earlier zoo: whether it fits is checked when it is read.
        assert re.fullmatch(r"\.\./model_zoo_\d+/[a-z_]+/model\.onnx", start)
        return
    name, file = start.split("/")
    assert file == "weights.pt"
    first = read_recipe(values_of(RECIPES / f"{name}.toml"))
    assert first.task == recipe.task
    if isinstance(recipe, ReconstructRecipe):
        assert isinstance(first, ReconstructRecipe)
        # What latent values mean may change where their weights are forgotten, and only there.
        modes = recipe.modes if recipe.latent_afresh else first.modes
        assert replace(network_spec(first), modes=modes) == network_spec(recipe)
        assert (first.size, first.eye_distance, first.eye_y) == (
            recipe.size,
            recipe.eye_distance,
            recipe.eye_y,
        )


def test_problems_are_half_sentences() -> None:
    with pytest.raises(ValidationError) as caught:
        read_recipe({"task": "map", "name": "x", "steps": 3, "bach": 4})
    assert recipe_problem(caught.value) == "has the unknown field bach (did you mean batch?)"


def test_the_rate_warms_up_stays_and_falls() -> None:
    def rate(step: int) -> float:
        return scheduled(0.01, step / 1000, 1000, 0.4)

    assert rate(0) == pytest.approx(0.0001)
    assert rate(49) == pytest.approx(0.005)
    assert rate(99) == rate(600) == pytest.approx(0.01)
    assert rate(800) == pytest.approx(0.005)
    assert 0 < rate(999) < 1e-5
    assert scheduled(0.01, 1.0, 1000, 0.4) == pytest.approx(0, abs=1e-12)
    assert scheduled(0.01, 1.0, 1000, 0.0) == pytest.approx(0.01)
    # A short run takes as long to warm up, unless the optimiser does not need it.
    assert scheduled(0.01, 49 / 200, 200, 0.0) == pytest.approx(0.005)
    assert scheduled(0.01, 49 / 200, 200, 0.0, warm_up=20) == pytest.approx(0.01)

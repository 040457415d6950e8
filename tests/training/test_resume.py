"""Every kind of training that a bundled recipe asks for, stopped and gone on with."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.support.training_published import PUBLISHED
from tests.support.training_recipes import SUPER_RESOLUTION, TINY
from tests.support.training_runs import (
    STARTUP_S,
    Watched,
    metrics,
    run,
    started,
    step_of,
    stop,
)
from tests.training.conftest import Workplace
from training.cli import main
from training.options import RECIPES
from training.run_description import MAY_DIFFER, difference
from training.system import Recipe
from training.task import Task
from training.tasks import make_task, read_recipe

_FEATURES = {"projected": True, "perceptual": 0.5, "warm_start": ""}
_ENERGY = _FEATURES | {"energy": 0.5}
_ANCHOR = {"optimiser": "muon", "teachers": [[1.0, "teacher/weights.pt"]], "anchor": 1.0}

KINDS: dict[str, dict[str, Any]] = {
    **TINY,
    "adversarial": TINY["adversarial"] | {"warm_start": "", "perceptual": 0.5},
    "adversarial_muon": TINY["adversarial"] | {"warm_start": "", "optimiser": "muon"},
    "taught_map": TINY["map"] | {"taught_share": 0.5},
    "taught_locate": TINY["locate"] | {"taught": True, "real_share": 0.5},
    "taught_pictures": TINY["muon"]
    | {"name": "taught_pictures", "teachers": [[1.0, "teacher/weights.pt"]]},
    "taught_masked": TINY["muon"]
    | {"name": "taught_masked", "teachers": [[1.0, "teacher/weights.pt"]], "taught_faces": 2},
    "taught_hypotheses": TINY["muon"]
    | {"name": "taught_hypotheses", "stage": "taught", "teachers": [[1.0, "teacher/weights.pt"]]},
    "projected": TINY["adversarial"] | _FEATURES | {"optimiser": "muon"},
    "energy": TINY["adversarial"] | _ENERGY | {"optimiser": "muon", "modes": 4},
    "shapes": TINY["adversarial"] | _ENERGY | {"optimiser": "muon", "landmarks": 1.0},
    "anchored": TINY["adversarial"] | _ENERGY | _ANCHOR | {"name": "anchored"},
    "anchored_shapes": TINY["adversarial"]
    | _ENERGY
    | _ANCHOR
    | {"name": "anchored_shapes", "landmarks": 1.0, "taught_faces": 2},
    "super_resolution": SUPER_RESOLUTION,
    **PUBLISHED,
    "editing_module": PUBLISHED["editing_module"] | {"perceptual": 1.0},
}
"""Small recipes, one at least for every :func:`kind` of the bundled ones."""

PARTS = (
    "projected",
    "energy",
    "landmarks",
    "taught",
    "taught_faces",
    "taught_share",
    "teachers",
)
"""Fields that bring further networks, data or states into a task."""


def kind(recipe: Recipe) -> tuple[str, ...]:
    """What makes a recipe's training another one than that of a recipe with other numbers."""
    named = ("task", "stage", "optimiser", "loss")
    texts = [str(getattr(recipe, name)) for name in named if hasattr(recipe, name)]
    return (*texts, *[name for name in PARTS if getattr(recipe, name, None)])


def test_every_kind_of_bundled_recipe_is_among_them() -> None:
    tested = {kind(read_recipe(values)) for values in KINDS.values()}
    for path in sorted(RECIPES.glob("*.toml")):
        recipe = read_recipe(tomllib.loads(path.read_text(encoding="utf-8")))
        assert kind(recipe) in tested, path.stem


@pytest.fixture(scope="module")
def place(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A workplace with VGG-19, a taught pack, a run that reads landmarks, and one to learn from."""
    folder = tmp_path_factory.mktemp("resume")
    own = dataclasses.replace(
        workplace.with_vgg(folder / "data"),
        packs=Path(shutil.copytree(workplace.packs, folder / "packs")),
        runs=folder / "runs",
        recipes=folder / "recipes",
    )
    taught = own.packs / "taught"
    taught.mkdir()
    rng = np.random.default_rng(0)
    np.save(taught / "crops.npy", rng.integers(0, 256, (3, 208, 208, 3), np.uint8))
    np.save(taught / "maps.npy", rng.integers(0, 256, (3, 208, 208), np.uint8))
    (taught / "faces.json").write_text(json.dumps({"001.jpg": [[9, 9, 90, 90, 0.9, 0.9]]}))
    for recipe in (own.recipe("landmarks"), own.recipe("regression", name="teacher")):
        assert main([*own.train(recipe), "--steps", "1"]) == 0
    return own


def made(place: Workplace, name: str) -> tuple[Task, Recipe]:
    """A tiny task of four steps, as the command line makes it."""
    recipe = read_recipe(KINDS[name] | {"steps": 4})
    folders = {"packs": place.packs, "data": place.data, "runs": place.runs}
    return make_task(recipe, **folders, device=torch.device("cpu")), recipe


def different(one: Any, other: Any, at: str = "") -> list[str]:
    """Where two checkpoints are not the same, bit for bit."""
    if isinstance(one, torch.Tensor):
        return [] if torch.equal(one, other) else [at]
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return [at]
        return [place for key in one for place in different(one[key], other[key], f"{at}/{key}")]
    if isinstance(one, list | tuple):
        pairs = zip(one, other, strict=True)
        return [place for i, pair in enumerate(pairs) for place in different(*pair, f"{at}/{i}")]
    return [] if one == other else [at]


@pytest.mark.parametrize("name", list(KINDS))
def test_a_resumed_run_is_the_same_run(place: Workplace, tmp_path: Path, name: str) -> None:
    task, recipe = made(place, name)
    whole = Watched(task)
    assert run(task, recipe, tmp_path / "whole", log_seconds=0)
    task, _ = made(place, name)
    first = Watched(task, at=1, then=stop)
    assert not run(task, recipe, tmp_path / "parts", log_seconds=0)
    assert step_of(tmp_path / "parts") == 2
    task, _ = made(place, name)
    second = Watched(task)
    assert run(task, recipe, tmp_path / "parts", log_seconds=0)
    assert first.seen + second.seen == whole.seen
    straight, resumed = (
        torch.load(tmp_path / part / "checkpoint.pt", weights_only=True)
        for part in ("whole", "parts")
    )
    # Optimisers, discriminators and whatever else the rest of a longer run would depend on, too.
    assert different(straight, resumed) == []
    timed = {"seconds_per_step", "waiting_for_data"}
    rows = [
        [{key: value for key, value in row.items() if key not in timed} for row in metrics(out)]
        for out in (tmp_path / "whole", tmp_path / "parts")
    ]
    assert [row["step"] for row in rows[0]] == [1, 2, 3, 4]
    assert rows[0] == rows[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_run_that_was_killed_goes_on_from_its_last_checkpoint(
    place: Workplace, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    path = place.recipe("map", name="killed", steps=100_000)
    often = ("--checkpoint-seconds", "0", "--log-seconds", "0")
    arguments = place.train(path, "--out", str(out), "--workers", "1", *often)
    process = started(arguments, out)
    deadline = time.monotonic() + STARTUP_S
    while not (out / "weights.pt").exists():
        assert time.monotonic() < deadline, "no checkpoint was written"
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    output, _ = process.communicate(timeout=STARTUP_S)
    assert process.returncode == -signal.SIGKILL, output
    reached = step_of(out)
    assert reached >= 1
    again = [*arguments, "--workers", "0", "--steps", str(reached + 2)]
    assert main(again) == 0
    assert [row["step"] for row in metrics(out)] == list(range(1, reached + 3))
    assert step_of(out) == reached + 2
    assert not list(out.glob(".*"))


def test_a_run_goes_on_with_what_only_its_export_reads() -> None:
    before = read_recipe(TINY["muon"]).model_dump(mode="json")
    for name in MAY_DIFFER:
        assert name in before
        assert difference(before, before | {name: 3}) == ""
    said = difference(before, before | {"looks_detail": 1.5, "looks": 4})
    assert said == "started with looks_detail = 0.0, and the recipe now says 1.5"

"""Weights that a recipe starts from and that are missing: how they are made, or brought back."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from training.earlier_zoos import EARLIER_ZOOS, how_to_get
from training.options import RECIPES

ROOT = RECIPES.parents[1]


def started_from() -> list[tuple[int, str]]:
    """Number and model of every earlier zoo that a bundled recipe names in any of its fields."""
    named = set()
    for path in RECIPES.glob("*.toml"):
        for value in tomllib.loads(path.read_text(encoding="utf-8")).values():
            for zoo, model in re.findall(r"\.\./model_zoo_(\d+)/(\w+)/model\.onnx", str(value)):
                named.add((int(zoo), model))
    return sorted(named)


def test_every_earlier_zoo_that_a_recipe_names_is_known() -> None:
    assert started_from()
    assert {number for number, _ in started_from()} == EARLIER_ZOOS.keys()


@pytest.mark.parametrize(("number", "model"), started_from())
def test_its_commit_has_the_model(number: int, model: str) -> None:
    commit = EARLIER_ZOOS[number]
    if _git("cat-file", "-e", commit):
        pytest.skip("a copy without the history")
    assert _git("cat-file", "-e", f"{commit}:model_zoo/{model}/model.onnx") == 0


def _git(*arguments: str) -> int:
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True).returncode
    except FileNotFoundError:
        return 1


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("runs/align/weights.pt", "the recipe align first (`revisage-train train align`)"),
        ("runs/gan_third/checkpoint.pt", "(`revisage-train train gan_third`)"),
        ("runs/ours_regression_narrow/weights.pt", "train ours_regression --narrow`)"),
        ("runs/my_own/weights.pt", "train their recipe first"),
        ("model_zoo_99/mask_map/model.onnx", "train their recipe first"),
    ],
)
def test_the_recipe_of_a_run_is_named(weights: str, said: str) -> None:
    assert said in how_to_get(Path(weights))
    assert how_to_get(Path(weights)).endswith("or give --runs the folder of its runs.")


def test_the_command_that_brings_a_model_back_works_as_it_is_written(tmp_path: Path) -> None:
    if _git("cat-file", "-e", EARLIER_ZOOS[3]):
        pytest.skip("a copy without the history")
    weights = tmp_path / "of mine" / "model_zoo_3" / "landmark_aligner" / "model.onnx"
    (command,) = re.findall(r"`(.*)`", how_to_get(weights))
    subprocess.run(command, shell=True, cwd=ROOT, check=True)
    assert weights.stat().st_size > 1_000_000

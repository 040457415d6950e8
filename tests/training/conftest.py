"""A small prepared data folder and, of every task, one tiny trained run; made once per session."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
import torch
from tqdm import tqdm

from app.inference.zoo import Zoo
from tests.support.training_data import write_data
from tests.support.training_recipes import MODELS, TINY
from tests.support.vgg19 import vgg19_table
from training.cli import main
from training.data.taught import SIZE as TAUGHT_SIZE
from training.task import Task
from training.tasks import make_task, read_recipe


@dataclass(frozen=True)
class Workplace:
    """The folders of one researcher.

    Attributes:
        data: in the public layout.
        packs: made from it.
        runs: one per recipe, see :data:`TINY`.
        recipes: the recipes as TOML files.
    """

    data: Path
    packs: Path
    runs: Path
    recipes: Path

    def recipe(self, name: str, /, **changes: object) -> Path:
        """Write a tiny recipe, with some fields changed, and return its file."""
        values = TINY[name] | changes
        self.recipes.mkdir(exist_ok=True)
        path = self.recipes / f"{values['name']}.toml"
        path.write_text(tomli_w.dumps(values), encoding="utf-8")
        return path

    def with_vgg(self, data: Path) -> Workplace:
        """The same with another data folder, which has VGG-19 with random weights too."""
        shutil.copytree(self.data, data)
        (data / "instruments").mkdir()
        np.savez(data / "instruments" / "vgg19_to_relu3_4.npz", **vgg19_table())  # type: ignore[arg-type]
        return dataclasses.replace(self, data=data)

    def with_masked(self, *, under: int) -> Workplace:
        """The same with a taught pack of even faces in masks of one grey value."""
        packs = self.runs.parent / f"packs_{under}"
        shutil.copytree(self.packs, packs, ignore=shutil.ignore_patterns("taught"))
        taught = packs / "taught"
        taught.mkdir()
        crops = np.full((2, TAUGHT_SIZE, TAUGHT_SIZE, 3), 50, np.uint8)
        maps = np.zeros((2, TAUGHT_SIZE, TAUGHT_SIZE), np.uint8)
        for number, top in enumerate((100, 110)):
            maps[number, top:170, 60:150] = 255
        crops[maps > 0] = under
        np.save(taught / "crops.npy", crops)
        np.save(taught / "maps.npy", maps)
        return dataclasses.replace(self, packs=packs)

    def task(self, name: str, /, **changes: Any) -> Task:
        """A tiny task, as the command line makes it."""
        values = TINY[name] | {"steps": 1000, "warm_start": ""} | changes
        return make_task(
            read_recipe(values),
            packs=self.packs,
            data=self.data,
            runs=self.runs,
            device=torch.device("cpu"),
        )

    def train(self, recipe: Path, *more: str) -> list[str]:
        """The arguments that train a recipe."""
        folders = ("--data", self.data, "--packs", self.packs, "--runs", self.runs)
        given = [str(part) for part in ("train", recipe, *folders)]
        return [*given, "--device", "cpu", "--threads", "1", "--workers", "0", *more]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Tiny networks are slower on several threads, and one thread always adds in the same order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session", autouse=True)
def no_monitor() -> Iterator[None]:
    """The exporter's progress bars start a thread that outlives them; no test needs it."""
    interval = tqdm.monitor_interval
    tqdm.monitor_interval = 0
    yield
    tqdm.monitor_interval = interval


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Data and packs, nothing trained."""
    folder = tmp_path_factory.mktemp("workplace")
    data = write_data(folder / "data")
    packs = folder / "packs"
    assert main(["prepare", "--data", str(data), "--packs", str(packs)]) == 0
    return Workplace(data, packs, folder / "runs", folder / "recipes")


@pytest.fixture(scope="session")
def trained(workplace: Workplace) -> Workplace:
    """A finished run of every tiny recipe; the adversarial one starts from the regression."""
    for name in TINY:
        assert main(workplace.train(workplace.recipe(name))) == 0
    return workplace


@pytest.fixture(scope="session")
def zoo(trained: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    """Every tiny run, exported by the command line."""
    folder = tmp_path_factory.mktemp("zoo")
    for model in MODELS:
        arguments = ["export", str(trained.runs / model.run), "--name", model.name]
        kind = ["--kind", model.kind] if model.kind else []
        assert main([*arguments, *kind, "--version", "7", "--zoo", str(folder)]) == 0
    return Zoo(folder)


@pytest.fixture(scope="session")
def crops(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workplace's packs as crops of 64 px that travel."""
    out = tmp_path_factory.mktemp("crops")
    folders = ("--data", str(workplace.data), "--packs", str(workplace.packs))
    assert main(["pack", *folders, "--out", str(out), "--size", "64"]) == 0
    return out

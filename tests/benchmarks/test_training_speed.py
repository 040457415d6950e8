"""How quick training is beside a plain PyTorch loop, and how long it waits for its data; prints figures.

The loops train the same network, one after the other and again, so that a busy machine slows all of
them. Run with ``pytest tests/benchmarks/test_training_speed.py -s``; data and packs are made for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
import torch
from torch import nn

from tests.support.training_data import write_data
from training import losses
from training.cli import main
from training.engine import Averaged, take_step
from training.networks.inpainting import InpaintingNetwork
from training.optimisers import MuonOfConvolutions
from training.task import Batch, Task
from training.tasks import make_task, read_recipe
from training.tasks.reconstruct_recipe import ReconstructRecipe, network_spec

RECIPE = {
    "task": "reconstruct",
    "name": "speed",
    "stage": "regression",
    "size": 96,
    "batch": 8,
    "steps": 1000,
    "error": 0.0,
}
ROUNDS, STEPS = 5, 4


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speed")
    write_data(folder / "data")
    arguments = ["--data", str(folder / "data"), "--packs", str(folder / "packs")]
    assert main(["prepare", *arguments]) == 0
    return folder


def task_of(folder: Path, optimiser: str = "adamw") -> Task:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return make_task(
        read_recipe({**RECIPE, "optimiser": optimiser}),
        packs=folder / "packs",
        data=folder / "data",
        runs=folder / "runs",
        device=device,
    )


class Plain:
    """What one would write without this project: 32-bit numbers, the default memory order.

    Muon is torch's own in both, since it is no part of what is compared.
    """

    def __init__(self, device: torch.device, optimiser: str, *, tuned: bool) -> None:
        recipe = read_recipe(RECIPE)
        assert isinstance(recipe, ReconstructRecipe)
        torch.manual_seed(1)
        self.device, self.tuned = device, tuned
        self.network = InpaintingNetwork(network_spec(recipe)).to(device)
        if tuned:
            self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimiser: torch.optim.Optimizer
        if optimiser == "muon":
            self.optimiser = MuonOfConvolutions(self.network, 1e-3, edges=("stem", "head"))
        else:
            self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=1e-3)

    def step(self, batch: Batch) -> None:
        target = torch.cat([batch["face"], batch["sketch"]], dim=1)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.tuned):
            output = self.network(batch["face"], batch["hole"])[:, 0, :4].float()
        loss = losses.hole_l1(output, target, batch["hole"], inside=6.2, outside=0.2)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()


@pytest.mark.parametrize("optimiser", ["adamw", "muon"])
def test_images_per_second_beside_a_plain_loop(packs: Path, optimiser: str) -> None:
    task = task_of(packs, optimiser)
    averaged = Averaged(task.model)
    batch = task.data.finish({key: v.to(task.device) for key, v in task.data[0].items()})
    plain = Plain(task.device, optimiser, tuned=False)
    tuned = Plain(task.device, optimiser, tuned=True)

    def engine() -> None:
        take_step(task, batch, 500)
        averaged.follow(0.999)

    loops: dict[str, Callable[[], None]] = {
        "engine": engine,
        "plain": lambda: plain.step(batch),
        "plain, bf16 and channels_last": lambda: tuned.step(batch),
    }
    rates: dict[str, list[float]] = {name: [] for name in loops}
    for number in range(ROUNDS + 1):
        for name, loop in loops.items():
            began = time.perf_counter()
            for _ in range(STEPS):
                loop()
            if task.device.type == "cuda":
                torch.cuda.synchronize()
            seconds = time.perf_counter() - began
            if number:  # the first round warms up
                rates[name].append(STEPS * RECIPE["batch"] / seconds)  # type: ignore[operator]
    print(f"\n{optimiser}")
    for name, values in rates.items():
        ratios = [ours / other for ours, other in zip(rates["engine"], values, strict=True)]
        print(f"{name}: {median(values):.1f} images/s; engine / this {median(ratios):.2f}")
    ratio = median(
        ours / other for ours, other in zip(rates["engine"], rates["plain"], strict=True)
    )
    assert ratio > 0.9


def test_how_long_an_item_takes(packs: Path) -> None:
    data = task_of(packs).data
    data[0]
    began = time.perf_counter()
    for step in range(1, 11):
        data[step]
    milliseconds = 1000 * (time.perf_counter() - began) / (10 * data.batch)
    print(f"\none face, hole and all: {milliseconds:.2f} ms of one core")

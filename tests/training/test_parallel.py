"""Two processes train as one does: the same data, the same losses, one run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tomli_w
import torch

from tests.conftest import ROOT
from tests.support.training_published import PUBLISHED
from tests.support.training_recipes import TINY
from tests.training.conftest import Workplace
from training.cli import main

START_S = 540
"""How long two processes may take to import torch and to find each other on a loaded machine."""

STEPS = 5

pytestmark = pytest.mark.timeout(600)
"""Importing torch four times at once takes minutes where others work too."""


ALONE = ("--standalone", "--nproc-per-node", "2")
"""torchrun's options for two processes on one machine."""


def launch(arguments: list[str], *, how: tuple[str, ...] = ALONE) -> subprocess.Popen[str]:
    """Processes of one training under torchrun."""
    return subprocess.Popen(
        [sys.executable, "-m", "torch.distributed.run", *how, "-m", "training", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"},
    )


def curve(out: Path) -> list[dict[str, float]]:
    """The figures of every step that do not depend on the clock."""
    rows = [json.loads(row) for row in (out / "metrics.jsonl").read_text().splitlines()]
    timed = {"seconds_per_step", "waiting_for_data"}
    return [{key: value for key, value in row.items() if key not in timed} for row in rows]


@pytest.mark.parametrize("name", ["adversarial", "projected", "energy", "locate", "rgb2rgb", "map"])
def test_two_processes_learn_what_one_learns(
    workplace: Workplace, tmp_path: Path, name: str
) -> None:
    on_features = name in {"projected", "energy"}
    values = (TINY | PUBLISHED)["adversarial" if on_features else name]
    values = values | {"steps": STEPS, "name": f"{name}_pair"}
    if on_features:
        workplace = workplace.with_vgg(tmp_path / "data")
        values |= {"projected": True, "perceptual": 0.5, "adversarial": 0.1}
    if name == "energy":
        # Each process looks at an even number of faces.
        values |= {"energy": 0.8, "batch": 8, "perceptual_faces": 4}
    values.pop("warm_start", None)
    # Adam makes whole steps of gradients that are mostly rounding: small ones keep the weights together.
    # The locator's gradient grows threefold within three steps, and the differences with it.
    values["rate"] = 2e-5 if name == "locate" else 1e-4
    path = tmp_path / "recipe.toml"
    path.write_text(tomli_w.dumps(values), encoding="utf-8")
    one, two = tmp_path / "one", tmp_path / "two"
    assert main(workplace.train(path, "--out", str(one), "--log-seconds", "0")) == 0
    process = launch(workplace.train(path, "--out", str(two), "--log-seconds", "0"))
    output, _ = process.communicate(timeout=START_S)
    assert process.returncode == 0, output
    assert output.count(f"Finished: {two}") == 1
    check_alike(curve(one), curve(two))
    flat = [
        torch.cat(
            [value.float().flatten() for value in torch.load(file, weights_only=True).values()]
        )
        for file in (one / "weights.pt", two / "weights.pt")
    ]
    assert (flat[0] - flat[1]).norm() < 0.05 * flat[0].norm()


def check_alike(alone: list[dict[str, float]], shared: list[dict[str, float]]) -> None:
    """What one process learned is what several did."""
    assert [row["step"] for row in shared] == list(range(1, STEPS + 1))
    for first, second in zip(alone, shared, strict=True):
        for key, value in first.items():
            # Sums of 16-bit products in another order: gradients feel it first.
            loose = 0.15 if key.startswith("gradient") else 0.03
            assert second[key] == pytest.approx(value, rel=loose, abs=2e-3), (key, first["step"])


def test_two_machines_go_on_where_one_has_stopped(workplace: Workplace, tmp_path: Path) -> None:
    """Each machine has folders of its own: the second one has never seen the checkpoint."""
    path = tmp_path / "recipe.toml"
    path.write_text(tomli_w.dumps(PUBLISHED["rgb2rgb"] | {"rate": 1e-4}), encoding="utf-8")
    often = ("--log-seconds", "0")
    one, first, second = (tmp_path / name for name in ("one", "first", "second"))
    for out, steps in ((one, STEPS), (first, STEPS - 2)):
        given = workplace.train(path, "--out", str(out), "--steps", str(steps), *often)
        assert main(given) == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    processes = []
    for node, out in enumerate((first, second)):
        given = workplace.train(path, "--out", str(out), "--steps", str(STEPS), *often)
        machine = ("--nnodes", "2", "--node-rank", str(node), "--nproc-per-node", "1")
        meeting = ("--master-addr", "127.0.0.1", "--master-port", port)
        processes.append(launch(given, how=(*machine, *meeting)))
    said = [process.communicate(timeout=START_S)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert f"Continuing {first} at step {STEPS - 2} of {STEPS}." in said[0]
    check_alike(curve(one), curve(first))
    assert not second.exists()


def test_a_batch_that_cannot_be_shared_is_one_sentence(
    workplace: Workplace, tmp_path: Path
) -> None:
    path = workplace.recipe("map", batch=3, name="odd")
    process = launch(workplace.train(path, "--out", str(tmp_path / "run")))
    output, _ = process.communicate(timeout=START_S)
    assert process.returncode != 0
    said = [line for line in output.splitlines() if "revisage-train: " in line]
    assert len(said) == 1
    assert "A batch of 3 cannot be shared by 2 processes" in said[0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to signal")
def test_one_signal_stops_both_at_the_same_step(workplace: Workplace, tmp_path: Path) -> None:
    out = tmp_path / "run"
    path = workplace.recipe("map", name="long_pair", steps=100_000)
    process = launch(workplace.train(path, "--out", str(out)))
    deadline = time.monotonic() + START_S
    while not (out / "metrics.jsonl").exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "the training did not begin"
        time.sleep(0.1)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGTERM)
    output, _ = process.communicate(timeout=START_S)
    assert f"Stopped; the same command continues: {out}" in output
    reached = int(torch.load(out / "checkpoint.pt", weights_only=True)["step"])
    assert reached >= 1
    # One process goes on where two have stopped.
    arguments = workplace.train(path, "--out", str(out), "--steps", str(reached + 1))
    assert main(arguments) == 0
    assert int(torch.load(out / "checkpoint.pt", weights_only=True)["step"]) == reached + 1

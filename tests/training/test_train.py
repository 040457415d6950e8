"""Runs: what they leave behind, resuming them, and stopping them with a signal."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.conftest import ROOT
from tests.support.training_recipes import STEPS, TINY
from tests.training.conftest import Workplace
from training.cli import main
from training.engine import Batch, train
from training.tasks import make_task, read_recipe

STARTUP_S = 90
"""How long a loaded machine may take to import torch and begin."""


def metrics(out: Path) -> list[dict[str, float]]:
    """The rows of a run's metrics file."""
    return [json.loads(row) for row in (out / "metrics.jsonl").read_text().splitlines()]


def step_of(out: Path) -> int:
    """The step that a run's checkpoint was written at."""
    return int(torch.load(out / "checkpoint.pt", weights_only=True)["step"])


@pytest.mark.parametrize("name", list(TINY))
def test_a_run_leaves_recipe_metrics_checkpoint_and_weights(trained: Workplace, name: str) -> None:
    out = trained.runs / name
    described = json.loads((out / "recipe.json").read_text())
    assert described["recipe"]["name"] == name
    assert described["recipe"]["seed"] == 1
    assert re.fullmatch(r"[0-9a-f]{64}", described["data_sha256"])
    assert described["torch"] == torch.__version__
    assert metrics(out)[-1]["step"] == STEPS
    assert step_of(out) == STEPS
    weights = torch.load(out / "weights.pt", weights_only=True)
    assert all(value.isfinite().all() for value in weights.values())
    assert not list(out.glob(".*"))


def test_a_finished_run_is_left_alone(
    trained: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = (trained.runs / "map" / "weights.pt").read_bytes()
    assert main(trained.train(trained.recipe("map"))) == 0
    assert "Finished" in capsys.readouterr().out
    assert (trained.runs / "map" / "weights.pt").read_bytes() == weights


def test_more_steps_continue_a_finished_run(workplace: Workplace, tmp_path: Path) -> None:
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path / "run"))
    assert main([*arguments, "--steps", "2"]) == 0
    assert main([*arguments, "--steps", "3"]) == 0
    assert [row["step"] for row in metrics(tmp_path / "run")] == [2, 3]


class Recorder:
    """A real task that notes the batches it is given, and may ask for a stop at one of them."""

    def __init__(self, workplace: Workplace, name: str, stop_at: int | None = None) -> None:
        values = TINY[name] | {"steps": 6, "warm_start": ""}
        self.recipe = read_recipe(values)
        self.device = torch.device("cpu")
        self.task = make_task(
            self.recipe,
            packs=workplace.packs,
            data=workplace.data,
            runs=workplace.runs,
            device=self.device,
        )
        self.model, self.data = self.task.model, self.task.data
        self.data_sha256 = self.task.data_sha256
        self.stop_at = stop_at
        self.seen: list[str] = []
        self.progress: list[float] = []

    def step(self, batch: Batch, progress: float) -> dict[str, float]:
        digest = hashlib.sha256()
        for name in sorted(batch):
            digest.update(batch[name].numpy().tobytes())
        self.seen.append(digest.hexdigest())
        self.progress.append(progress)
        row = self.task.step(batch, progress)
        if len(self.seen) == self.stop_at:
            os.kill(os.getpid(), signal.SIGTERM)
        return row

    def state(self) -> dict[str, Any]:
        return self.task.state()

    def load_state(self, state: dict[str, Any]) -> None:
        self.task.load_state(state)

    def run(self, out: Path) -> bool:
        described = self.recipe.model_dump()
        return train(self, recipe=described, out=out, steps=6, device=self.device, workers=0)


@pytest.mark.parametrize("name", list(TINY))
def test_a_resumed_run_is_the_same_run(workplace: Workplace, tmp_path: Path, name: str) -> None:
    whole = Recorder(workplace, name)
    assert whole.run(tmp_path / "whole")
    first = Recorder(workplace, name, stop_at=2)
    assert not first.run(tmp_path / "parts")
    assert step_of(tmp_path / "parts") == 2
    second = Recorder(workplace, name)
    assert second.run(tmp_path / "parts")
    assert first.seen + second.seen == whole.seen
    assert first.progress + second.progress == whole.progress
    straight, resumed = (
        torch.load(tmp_path / part / "weights.pt", weights_only=True) for part in ("whole", "parts")
    )
    for key, value in straight.items():
        assert torch.equal(value, resumed[key]), key


def test_the_old_signal_handlers_come_back(workplace: Workplace, tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    Recorder(workplace, "map", stop_at=1).run(tmp_path)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_weights_that_cannot_be_written_leave_the_old_checkpoint(
    trained: Workplace, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert main(trained.train(trained.recipe("map"), "--out", str(out))) == 0
    before = (out / "checkpoint.pt").read_bytes()
    (out / ".checkpoint.pt.part").mkdir()
    with pytest.raises((OSError, RuntimeError)):
        main(trained.train(trained.recipe("map"), "--out", str(out), "--steps", "6"))
    assert (out / "checkpoint.pt").read_bytes() == before


def started(arguments: list[str], out: Path) -> subprocess.Popen[str]:
    """A training in a process group of its own, some steps after its start."""
    process = subprocess.Popen(
        [sys.executable, "-m", "training", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"},
    )
    deadline = time.monotonic() + STARTUP_S
    # The metrics file appears when the signal handlers are in place and the first batch is awaited.
    while not (out / "metrics.jsonl").exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "the training did not begin"
        time.sleep(0.1)
    time.sleep(1)  # the worker has begun as well
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to signal")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_stops_cleanly(
    workplace: Workplace, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "run"
    path = workplace.recipe("map", name="long", steps=100_000)
    arguments = workplace.train(path, "--out", str(out), "--workers", "1")
    process = started(arguments, out)
    os.killpg(process.pid, number)
    output, _ = process.communicate(timeout=STARTUP_S)
    assert process.returncode == 1, output
    assert f"Stopped; the same command continues: {out}" in output
    assert "Traceback" not in output
    reached = step_of(out)
    assert reached >= 1
    assert metrics(out)[-1]["step"] == reached
    assert not list(out.glob(".*"))
    # The same command continues; here only one step further, so that it ends.
    assert main([*arguments, "--workers", "0", "--steps", str(reached + 1)]) == 0
    assert step_of(out) == reached + 1

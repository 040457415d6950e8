"""Runs: what they leave behind, resuming them, and stopping them with a signal."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.support.training_data import read_picture
from tests.support.training_recipes import STEPS, TINY
from tests.support.training_runs import (
    STARTUP_S,
    Watched,
    metrics,
    run,
    started,
    step_of,
    stop,
    task_of,
)
from tests.training.conftest import Workplace
from training.cli import main
from training.pace import Pace


@pytest.mark.parametrize("name", list(TINY))
def test_a_run_leaves_recipe_metrics_checkpoint_and_weights(trained: Workplace, name: str) -> None:
    out = trained.runs / name
    described = json.loads((out / "recipe.json").read_text())
    assert described["recipe"]["name"] == name
    assert described["recipe"]["seed"] == 1
    assert re.fullmatch(r"[0-9a-f]{64}", described["data_sha256"])
    assert described["torch"] == torch.__version__
    assert re.fullmatch(r".+, (bfloat16|float32)", described["device"])
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


def test_a_run_from_before_a_field_goes_on_with_what_the_field_is_left_out_for(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    arguments = workplace.train(workplace.recipe("regression"), "--out", str(run))
    assert main([*arguments, "--steps", "2"]) == 0
    saved = torch.load(run / "checkpoint.pt", weights_only=True)
    older = json.loads(saved["recipe"])
    assert older.pop("momentum") == 0.95
    torch.save(saved | {"recipe": json.dumps(older)}, run / "checkpoint.pt")
    capsys.readouterr()
    other = workplace.train(workplace.recipe("regression", momentum=0.5), "--out", str(run))
    assert main([*other, "--steps", "3"]) == 1
    assert "momentum = 0.95, and the recipe now says 0.5" in capsys.readouterr().err
    workplace.recipe("regression")
    assert main([*arguments, "--steps", "3"]) == 0
    assert [row["step"] for row in metrics(run)] == [2, 3]


def test_more_steps_continue_a_finished_run(workplace: Workplace, tmp_path: Path) -> None:
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path / "run"))
    assert main([*arguments, "--steps", "2"]) == 0
    assert main([*arguments, "--steps", "3"]) == 0
    assert [row["step"] for row in metrics(tmp_path / "run")] == [2, 3]


def test_figures_after_the_last_checkpoint_are_told_once(
    workplace: Workplace, tmp_path: Path
) -> None:
    task, recipe = task_of(workplace, "map", steps=3)
    assert run(task, recipe, tmp_path, log_seconds=0)
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 4}\n{"step": 5}\n')
    task, recipe = task_of(workplace, "map", steps=5)
    assert run(task, recipe, tmp_path, log_seconds=0)
    assert [row["step"] for row in metrics(tmp_path)] == [1, 2, 3, 4, 5]


def test_tensorboard_shows_what_the_metrics_file_holds(
    workplace: Workplace, tmp_path: Path
) -> None:
    task, recipe = task_of(workplace, "map", steps=3)
    assert run(task, recipe, tmp_path, log_seconds=0)
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    shown = [(event.step, event.value) for event in events.Scalars("bce")]
    assert shown == [(row["step"], pytest.approx(row["bce"])) for row in metrics(tmp_path)]
    assert events.Images("samples")


@pytest.mark.parametrize(
    ("name", "columns"), [("map", 3), ("align", 2), ("locate", 2), ("adversarial", 6)]
)
def test_sample_pictures_are_kept_with_the_run(
    workplace: Workplace, tmp_path: Path, name: str, columns: int
) -> None:
    task, recipe = task_of(workplace, name, steps=1)
    before = {key: value.clone() for key, value in task.model.state_dict().items()}
    assert run(task, recipe, tmp_path)
    (sheet,) = (tmp_path / "samples").glob("*.png")
    assert sheet.name == "step_0000001.png"
    rows = min(recipe.batch, 6)
    assert read_picture(sheet).shape == (rows * recipe.size, columns * recipe.size, 3)
    assert read_picture(sheet).std() > 1
    assert task.model.training
    assert any(
        not torch.equal(value, before[key]) for key, value in task.model.state_dict().items()
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"batch": 2}, "batch = 4, and the recipe now says 2"),
        ({"rate": 0.5}, "rate = 0.001, and the recipe now says 0.5"),
        ({"widths": [4, 8, 12]}, "widths = [8, 12, 16], and the recipe now says [4, 8, 12]"),
        ({"seed": 9}, "seed = 1, and the recipe now says 9"),
    ],
)
def test_another_recipe_does_not_continue_a_run(
    workplace: Workplace, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    task, recipe = task_of(workplace, "map", steps=1)
    assert run(task, recipe, tmp_path)
    task, recipe = task_of(workplace, "map", **changes)
    with pytest.raises(ValueError, match=re.escape(said)):
        run(task, recipe, tmp_path)
    assert step_of(tmp_path) == 1


def test_other_data_does_not_continue_a_run(workplace: Workplace, tmp_path: Path) -> None:
    task, recipe = task_of(workplace, "map", steps=1)
    assert run(task, recipe, tmp_path)
    task, recipe = task_of(workplace, "map")
    task.data_sha256 = "0" * 64
    with pytest.raises(ValueError, match=r"other data \(data_sha256 .*now 000000000000"):
        run(task, recipe, tmp_path)


def test_the_old_signal_handlers_come_back(workplace: Workplace, tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    task, recipe = task_of(workplace, "map")
    Watched(task, at=0, then=stop)
    assert not run(task, recipe, tmp_path)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


@pytest.mark.parametrize(
    ("per_step", "steps", "told"),
    [(0.5, 100, "50 s"), (2.0, 100, "3 min"), (60.0, 100, "1 h 40 min")],
)
def test_the_remaining_time_follows_the_pace(
    monkeypatch: pytest.MonkeyPatch, per_step: float, steps: int, told: str
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    pace = Pace(0)
    clock[0] += 600  # a slow start, of which nothing is left after some minutes
    pace.note(1)
    for done in range(2, 400):
        clock[0] += per_step
        pace.note(done)
    assert pace.remaining(steps) == told


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

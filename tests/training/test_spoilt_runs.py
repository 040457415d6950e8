"""What spoils a run: losses that are no numbers, full disks, and damaged rows of figures."""

from __future__ import annotations

import gc
import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.support.training_runs import Watched, metrics, run, step_of, task_of
from tests.training.conftest import Workplace
from training.cli import main
from training.engine import DivergedError
from training.run_folder import Journal


def test_a_loss_that_is_no_number_stops_the_run(workplace: Workplace, tmp_path: Path) -> None:
    task, recipe = task_of(workplace, "map")

    def spoil() -> None:
        next(task.model.parameters()).data.fill_(float("nan"))

    Watched(task, at=3, then=spoil)
    rows = ", ".join(str(row) for row in task.data.rows_of(3))
    with pytest.raises(DivergedError) as caught:
        run(task, recipe, tmp_path, checkpoint_seconds=0)
    assert f"of batch 3 (rows {rows} of the pack) is nan" in str(caught.value)
    assert "the last good checkpoint, of step 3, is kept" in str(caught.value)
    # The folder would refuse another rate.
    assert "Train with a lower rate into another folder (--out)" in str(caught.value)
    assert step_of(tmp_path) == 3
    weights = torch.load(tmp_path / "weights.pt", weights_only=True)
    assert all(value.isfinite().all() for value in weights.values())
    # From there it goes on, the same as if nothing had happened.
    task, _ = task_of(workplace, "map")
    again = Watched(task)
    assert run(task, recipe, tmp_path)
    assert [number for number, _ in again.seen] == [3, 4, 5]


def test_weights_that_are_no_numbers_are_never_kept(workplace: Workplace, tmp_path: Path) -> None:
    task, recipe = task_of(workplace, "map", steps=3)
    optimiser = task.learners["model"].optimiser

    def spoil(*_: object) -> None:
        if len(watched.seen) == 3:
            next(task.model.parameters()).data.fill_(float("inf"))

    watched = Watched(task)
    # Only the last step of all spoils them, after a loss that is still a number.
    optimiser.register_step_post_hook(spoil)
    with pytest.raises(DivergedError, match=r"a weight after the step of batch 2 .* of step 2, is"):
        run(task, recipe, tmp_path, checkpoint_seconds=0)
    assert step_of(tmp_path) == 2
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    for part in ("model", "averaged"):
        assert all(value.isfinite().all() for value in saved[part].values())


def test_a_rate_that_is_far_too_high_is_one_sentence(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workplace.recipe("map", name="wild", rate=1e30, steps=20)
    assert main(workplace.train(path, "--out", str(tmp_path))) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "Training stopped: " in said
    assert said.endswith("no checkpoint was written yet. Take a lower rate, or look at those rows.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
@pytest.mark.parametrize("name", ["checkpoint.pt", "weights.pt"])
def test_a_full_disk_leaves_the_last_good_checkpoint(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path))
    assert main(arguments) == 0
    files = ("checkpoint.pt", "weights.pt")
    before = [(tmp_path / file).read_bytes() for file in files]
    (tmp_path / f".{name}.part").symlink_to("/dev/full")
    capsys.readouterr()
    assert main([*arguments, "--steps", "6"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("revisage-train: The checkpoint of step 6 could not be written into")
    assert "No space left on device" in said[-1]
    assert [(tmp_path / file).read_bytes() for file in files] == before
    assert not list(tmp_path.glob(".*"))
    assert main([*arguments, "--steps", "6"]) == 0
    assert step_of(tmp_path) == 6


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_a_run_that_cannot_be_saved_ends_its_workers(workplace: Workplace, tmp_path: Path) -> None:
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path), "--workers", "1")
    (tmp_path / ".checkpoint.pt.part").symlink_to("/dev/full")
    # The error knows the loop that it came from, which knows the loader, until this comes by.
    gc.disable()
    try:
        assert main(arguments) == 1
        assert not multiprocessing.active_children()
    finally:
        gc.enable()


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file may grow beyond `size`: the nearest to a full disk that needs no disk of its own."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_checkpoint_that_is_cut_off_in_the_middle_costs_nothing(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path))
    assert main(arguments) == 0
    files = ("checkpoint.pt", "weights.pt", "recipe.json")
    before = [(tmp_path / file).read_bytes() for file in files[:2]]
    assert len(before[0]) > 2**15
    capsys.readouterr()
    with largest_file(2**15):
        assert main([*arguments, "--steps", "6"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("revisage-train: The checkpoint of step 6 could not be written into")
    assert "File too large" in said
    assert "the last good one is kept" in said
    assert [(tmp_path / file).read_bytes() for file in files[:2]] == before
    assert not list(tmp_path.glob(".*"))
    assert main([*arguments, "--steps", "6"]) == 0
    assert step_of(tmp_path) == 6


def test_a_disk_that_was_full_from_the_beginning_keeps_nothing(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path))
    with largest_file(2**15):
        assert main(arguments) == 1
    assert "there was none before it" in capsys.readouterr().err.splitlines()[-1]
    assert main(arguments) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("samples/step_0000006.png", "The sample pictures of step 6 could not be written into"),
        (".recipe.json.part", "recipe.json could not be written"),
    ],
)
def test_a_disk_too_full_for_pictures_is_one_sentence(
    workplace: Workplace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    problem: str,
) -> None:
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path))
    assert main(arguments) == 0
    described = (tmp_path / "recipe.json").read_bytes()
    (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / name).symlink_to("/dev/full")
    capsys.readouterr()
    assert main([*arguments, "--steps", "6"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert problem in said
    assert "No space left on device" in said
    assert "make room" in said
    if name.startswith("."):
        assert (tmp_path / "recipe.json").read_bytes() == described
    (tmp_path / name).unlink(missing_ok=True)
    assert main([*arguments, "--steps", "6"]) == 0


def test_a_disk_too_full_for_figures_is_one_sentence_and_leaves_whole_rows(tmp_path: Path) -> None:
    journal = Journal(tmp_path, 0)
    journal.note(1, {"loss": 0.5})
    with (
        largest_file((tmp_path / "metrics.jsonl").stat().st_size + 9),
        pytest.raises(OSError, match=r"The figures of step 2 could not .* \(File too large\)"),
    ):
        journal.note(2, {"loss": 0.4})
    assert metrics(tmp_path) == [{"loss": 0.5, "step": 1}]
    assert (tmp_path / "metrics.jsonl").read_text().endswith("}\n")


def test_a_disk_too_full_for_tensorboard_is_one_sentence_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    journal = Journal(tmp_path, 0)
    journal.note(1, {"loss": 0.5})
    rows = (tmp_path / "metrics.jsonl").stat().st_size
    (events,) = (tmp_path / "tensorboard").iterdir()
    before = events.read_bytes()
    assert len(before) > 2 * rows
    with (
        largest_file(len(before) + 9),
        pytest.raises(OSError, match=r"The figures of step 2 could not .* \(File too large\)"),
    ):
        journal.note(2, {"loss": 0.4})
    assert events.read_bytes() == before
    journal.note(3, {"loss": 0.3})
    shown = EventAccumulator(str(tmp_path / "tensorboard"))
    shown.Reload()
    assert [event.step for event in shown.Scalars("loss")] == [1, 3]
    assert died == []


def test_half_a_row_that_a_killed_process_left_is_taken_out(
    workplace: Workplace, tmp_path: Path
) -> None:
    task, recipe = task_of(workplace, "map", steps=2)
    assert run(task, recipe, tmp_path, log_seconds=0)
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"bce": 0.6, "gradient_mo')
    task, recipe = task_of(workplace, "map", steps=3)
    assert run(task, recipe, tmp_path, log_seconds=0)
    assert [row["step"] for row in metrics(tmp_path)] == [1, 2, 3]


def test_a_damaged_row_of_figures_is_named(workplace: Workplace, tmp_path: Path) -> None:
    task, recipe = task_of(workplace, "map", steps=2)
    assert run(task, recipe, tmp_path, log_seconds=0)
    rows = (tmp_path / "metrics.jsonl").read_text()
    (tmp_path / "metrics.jsonl").write_text(f"{rows[9:]}")
    task, recipe = task_of(workplace, "map", steps=3)
    with pytest.raises(ValueError, match=r"Line 1 of .*metrics\.jsonl is damaged; delete"):
        run(task, recipe, tmp_path)

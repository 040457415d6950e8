"""One folder per run, written by the first process.

``recipe.json`` (the resolved recipe, seed, data hash, versions, commit), ``metrics.jsonl`` and
``tensorboard/`` (the same figures, as they come), ``samples/`` (sheets of sample pictures),
``checkpoint.pt`` (everything needed to go on) and ``weights.pt`` (the averaged weights that are
evaluated and exported).
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import torch
from torch import Tensor

from training.data.side_files import append, replace_text
from training.parallel import from_first, rank
from training.run_description import OTHER, describe, difference, other_data
from training.task import Task
from training.weights import BROKEN

if TYPE_CHECKING:
    from training.board import Board

log = logging.getLogger(__name__)

CHECKPOINT, WEIGHTS, METRICS = "checkpoint.pt", "weights.pt", "metrics.jsonl"


def restore(path: Path, task: Task, recipe: dict[str, Any]) -> dict[str, Any] | None:
    """Put a task where its run's checkpoint left it.

    Args:
        path: the run's folder.
        task: model and state are replaced.
        recipe: the resolved recipe of the command that continues.

    Returns:
        ``step`` (the number of steps done) and ``averaged`` (the averaged weights, on the CPU), or None
        where there is no checkpoint.

    Raises:
        ValueError: the checkpoint is damaged, of another recipe or of other data; the sentence says
            which field differs.
    """
    checkpoint = path / CHECKPOINT
    saved, problem = from_first(_read(checkpoint) if rank() == 0 else (None, ""))
    if problem:
        raise ValueError(problem)
    if saved is None:
        return None
    # A checkpoint of before the further packs were hashed knows the first pack's hash alone.
    expected = task.data_sha256 if "pack_sha256" in saved else task.pack_sha256
    if differing := difference(json.loads(saved["recipe"]), recipe):
        raise ValueError(f"The run {path} was {differing}; {OTHER.format('recipe')}")
    if saved["data_sha256"] != expected:
        raise ValueError(
            f"The run {path} was {other_data(saved['data_sha256'], expected)}; {OTHER.format('packs')}"
        )
    try:
        # The average goes through the model first: what does not fit is complained of here.
        for weights in ("averaged", "model"):
            task.model.load_state_dict(saved[weights])
        task.load_state(saved["task"])
    except BROKEN as error:
        raise ValueError(
            f"The checkpoint {checkpoint} is damaged or belongs to another network; delete it to start "
            "again, or give --out another folder."
        ) from error
    return {"step": saved["step"], "averaged": saved["averaged"]}


def _read(checkpoint: Path) -> tuple[dict[str, Any] | None, str]:
    """What a checkpoint holds, if it is there, and what is wrong with it, as a sentence."""
    if not checkpoint.exists():
        return None, ""
    try:
        saved: dict[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
        json.loads(saved["recipe"])
        for name in ("data_sha256", "model", "task", "averaged", "step"):
            _ = saved[name]
    except BROKEN as error:
        if isinstance(error, OSError) and error.filename:
            return None, f"The checkpoint {checkpoint} cannot be read ({error.strerror})."
        return None, (
            f"The checkpoint {checkpoint} is damaged or of an older version; delete it to start again, "
            "or give --out another folder."
        )
    return saved, ""


def save(
    path: Path, task: Task, recipe: dict[str, Any], averaged: dict[str, Tensor], step: int
) -> None:
    """Write the checkpoint and the averaged weights, both of them or neither.

    Raises:
        OSError: the disk is full or not writable; the sentence says so, the last files are as they were.
    """
    state = {
        "model": task.model.state_dict(),
        "task": task.state(),
        "averaged": averaged,
        "step": step,
        "recipe": json.dumps(recipe),
        "data_sha256": task.data_sha256,
        "pack_sha256": task.pack_sha256,
    }
    written = []
    try:
        for name, value in ((CHECKPOINT, state), (WEIGHTS, averaged)):
            temporary = path / f".{name}.part"
            written.append(temporary)
            with temporary.open("wb") as file:
                torch.save(value, file)
                file.flush()
                os.fsync(file.fileno())
    except (OSError, RuntimeError) as error:
        for temporary in written:
            if not temporary.is_dir():
                temporary.unlink(missing_ok=True)
        # torch's writer reports what the disk said as a RuntimeError of its own.
        cause = error if isinstance(error, OSError) else error.__context__
        reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(error)
        kept = (
            "the last good one is kept: make room, and the same command continues from it"
            if (path / CHECKPOINT).exists()
            else "there was none before it: make room, and the same command starts again"
        )
        raise OSError(
            f"The checkpoint of step {step} could not be written into {path} ({reason}); {kept}."
        ) from error
    for temporary in written:
        temporary.replace(path / temporary.name.removeprefix(".").removesuffix(".part"))


def metric_rows(path: Path) -> list[dict[str, float]]:
    """The rows of a run's figures; half a last one, which a killed process leaves behind, is left out.

    Args:
        path: the run's folder.

    Raises:
        ValueError: another line is damaged; the sentence names file and line.
    """
    file = path / METRICS
    lines = file.read_bytes().splitlines()
    rows: list[dict[str, float]] = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            row: dict[str, float] = json.loads(line)
            _ = row["step"]
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines):
                break
            raise ValueError(
                f"Line {number} of {file} is damaged; delete that line, and give the same command again."
            ) from error
        rows.append(row)
    return rows


class Journal:
    """What a run says about itself while it goes on.

    On a full disk its methods raise an OSError whose sentence says so; the last checkpoint stays.
    """

    def __init__(self, path: Path, start: int) -> None:
        """Continue the files of a folder at a step; what they say about later ones is taken out."""
        self.path = path
        self._figures = path / METRICS
        if self._figures.exists():
            kept = [row for row in metric_rows(path) if row["step"] <= start]
            replace_text(self._figures, "".join(f"{json.dumps(row)}\n" for row in kept))
        # Its presence says that the run has begun, long before the first row.
        self._figures.touch()
        with self._told("The figures", start):
            self._board = _board(path / "tensorboard", start)

    def note(self, step: int, row: dict[str, float]) -> None:
        """Write one row of figures."""
        with self._told("The figures", step):
            append(self._figures, f"{json.dumps(row | {'step': step})}\n".encode())
            if self._board is not None:
                self._board.figures(step, row)

    def show(self, step: int, columns: Sequence[Tensor]) -> None:
        """Write a sheet of sample pictures, one face per row."""
        if not columns:
            return
        sheet = sheet_of(columns)
        folder = self.path / "samples"
        folder.mkdir(exist_ok=True)
        done, data = cv2.imencode(".png", sheet[:, :, ::-1])
        if not done:
            return
        with self._told("The sample pictures", step):
            (folder / f"step_{step:07d}.png").write_bytes(data.tobytes())
            if self._board is not None:
                self._board.picture(step, "samples", data.tobytes(), sheet.shape[:2])

    @contextmanager
    def _told(self, what: str, step: int) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise OSError(
                f"{what} of step {step} could not be written into {self.path} ({reason}); make room, "
                "and the same command continues from the last checkpoint."
            ) from error


def sheet_of(columns: Sequence[Tensor]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Columns of pictures, (N, 1 or 3, S, S) in 0..1 each, as one (N S, K S, 3) uint8 RGB sheet."""
    sheet = torch.cat([values.float().cpu().expand(-1, 3, -1, -1) for values in columns], dim=3)
    bytes_ = (sheet.clamp(0, 1) * 255 + 0.5).byte().permute(0, 2, 3, 1).flatten(0, 1)
    return np.ascontiguousarray(bytes_.numpy())


def begin(
    path: Path, task: Task, recipe: dict[str, Any], start: int, *, writes: bool
) -> Journal | None:
    """Describe a run and begin or go on with its journal; a process that does not write gets None."""
    if not writes:
        return None
    path.mkdir(parents=True, exist_ok=True)
    describe(path, task, recipe, start)
    return Journal(path, start)


def _board(folder: Path, start: int) -> Board | None:
    try:
        from training.board import Board
    except ImportError:
        log.info("TensorBoard is not installed; the figures are in metrics.jsonl alone.")
        return None
    return Board(folder, start)

"""`revisage selftest`: known photos through every stage, on this machine, with this zoo.

It answers one question, whether this installation works, and so checks what must be true of any
installation. How good the models are is measured by training's evaluation, not here.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.cli.console import DONE, FAILED, Progress, complain, one_line, print_json
from app.imaging.errors import RevisageError
from app.imaging.face import Box, Face
from app.imaging.photo import Photo
from app.inference.card import KINDS, Task
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.sample import FACE_BOX, sample_map, unmasked_photo, write_sample
from app.workbench import Outcome, Workbench

LEAST_BOX_OVERLAP = 0.4
LEAST_MAP_OVERLAP = 0.7
"""Intersection over union with the truth that any working model reaches on the sample."""

CHAIN: tuple[Task, ...] = ("locate", "align", "map")

HYPOTHESES = 2
SEED = 1


class SelftestError(RevisageError):
    """A stage ran, but what it gave cannot be right."""


@dataclass(frozen=True)
class Stage:
    """How one stage went.

    Attributes:
        name: what was done.
        ok: whether it worked.
        seconds: how long it took; a model's first run includes loading it.
        provider: what ran the model; empty where no model ran.
        detail: what was found, or what went wrong.
    """

    name: str
    ok: bool
    seconds: float
    provider: str
    detail: str


def run(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Run every stage and print how each went; returns the exit code."""
    with Progress(1, quiet=options.quiet) as progress, tempfile.TemporaryDirectory() as folder:
        progress.photo("sample")
        selftest = Selftest(Workbench(device=options.device), Path(folder), progress, cancel)
        stages = selftest.run()
    good = all(stage.ok for stage in stages)
    if options.json:
        print_json({"ok": good, "stages": [vars(stage) for stage in stages]})
    else:
        for stage in stages:
            print(
                f"{'ok' if stage.ok else 'FAILED':<7}{stage.name:<34}{stage.seconds:8.3f} s  "
                f"{stage.provider or '-':<23}{stage.detail}"
            )
        if good:
            print("Everything works.")
    if not good:
        complain(f"The selftest failed at the stage {stages[-1].name}: {stages[-1].detail}")
    return DONE if good else FAILED


@dataclass(frozen=True)
class Found:
    """What a stage found, in words, and what ran its model."""

    detail: str
    provider: str = ""


class Selftest:
    """The stages in their order; one that fails ends the run, because the next ones need it."""

    def __init__(
        self, bench: Workbench, folder: Path, progress: Progress, cancel: CancelToken
    ) -> None:
        self._bench = bench
        self._folder = folder
        self._progress = progress
        self._cancel = cancel
        self._stages: list[Stage] = []
        self._photo: Photo
        self._faces: list[Face]
        self._map: NDArray[np.bool_]

    def run(self) -> list[Stage]:
        """Every stage that was reached."""
        steps: list[tuple[str, Callable[[], Found]]] = [
            ("model files", self._models),
            ("open", self._open),
            ("locate", self._locate),
            ("map", self._map_sample),
            ("map of an unmasked photo", self._map_unmasked),
        ]
        steps.extend(
            (f"reconstruct {card.name}", partial(self._reconstruct, card.name))
            for card in self._bench.models
            if card.task == "reconstruct"
        )
        for name, work in steps:
            if not self._stage(name, work):
                break
        return self._stages

    def _stage(self, name: str, work: Callable[[], Found]) -> bool:
        self._progress.step(name)
        clock = time.perf_counter()
        try:
            found, ok = work(), True
        except Cancelled:
            raise
        except RevisageError as error:
            found, ok = Found(one_line(error)), False
        seconds = round(time.perf_counter() - clock, 3)
        self._stages.append(Stage(name, ok, seconds, found.provider, found.detail))
        return ok

    def _models(self) -> Found:
        zoo = self._bench.zoo
        problems = [problem.message for problem in zoo.problems]
        for model in zoo.entries:
            problems.extend(zoo.verify(model.card.name))
        if problems:
            raise SelftestError(problems[0])
        for task in CHAIN:
            zoo.default(task)
        for kind in KINDS:
            zoo.default("reconstruct", kind)
        return Found(f"{len(zoo.entries)} models are as their cards say")

    def _open(self) -> Found:
        self._photo = self._bench.open_photo(write_sample(self._folder))
        return Found(f"{self._photo.width} x {self._photo.height} pixels")

    def _locate(self) -> Found:
        self._faces = self._bench.locate(self._photo, cancel=self._cancel)
        overlaps = [_box_overlap(face.box, FACE_BOX) for face in self._faces]
        if not overlaps or max(overlaps) < LEAST_BOX_OVERLAP:
            raise SelftestError("The sample's face was not found; install the models again.")
        return Found(
            f"{len(overlaps)} found, overlap with the known box {max(overlaps):.2f}",
            self._bench.session("locate").provider,
        )

    def _map_sample(self) -> Found:
        self._map = self._bench.map(self._photo, self._faces, cancel=self._cancel)
        truth = sample_map()
        union = int(np.count_nonzero(self._map | truth))
        overlap = int(np.count_nonzero(self._map & truth)) / union
        if overlap < LEAST_MAP_OVERLAP:
            raise SelftestError(
                f"The sample's map overlaps the drawn mask by {overlap:.2f} only; "
                "install the models again."
            )
        return Found(
            f"overlap with the drawn mask {overlap:.2f}", self._bench.session("map").provider
        )

    def _map_unmasked(self) -> Found:
        photo = unmasked_photo()
        faces = self._bench.locate(photo, cancel=self._cancel)
        count = int(np.count_nonzero(self._bench.map(photo, faces, cancel=self._cancel)))
        if count:
            raise SelftestError(f"An unmasked photo got a map of {count} pixels, not an empty one.")
        return Found("empty, as it must be", self._bench.session("map").provider)

    def _reconstruct(self, name: str) -> Found:
        outcome = self._bench.reconstruct(
            self._photo,
            self._faces,
            self._map,
            model=name,
            hypotheses=HYPOTHESES,
            seed=SEED,
            cancel=self._cancel,
        )
        sketch = outcome.card.output.kind == "sketch"
        if not sketch and not self._only_the_map_changed(outcome):
            raise SelftestError(f"{name} changed pixels outside the map, or none inside it.")
        self._check_export(outcome)
        what = "sketch" if sketch else "composite"
        return Found(
            f"{what}, {outcome.result.made} of {HYPOTHESES} hypotheses", outcome.result.provider
        )

    def _only_the_map_changed(self, outcome: Outcome) -> bool:
        differs = (outcome.composites[0] != self._photo.pixels).any(axis=2)
        return bool(differs.any()) and not bool((differs & ~self._map).any())

    def _check_export(self, outcome: Outcome) -> None:
        """Write the first hypothesis and read it back: the border must leave the picture alone."""
        path = self._folder / f"{outcome.card.name}.png"
        self._bench.export_composite(outcome, 1, path)
        pixels = outcome.composites[0]
        read = self._bench.open_photo(path).pixels[: pixels.shape[0], : pixels.shape[1]]
        if not np.array_equal(read.reshape(pixels.shape), pixels):
            raise SelftestError(
                f"{outcome.card.name} was written, but its file holds other pixels."
            )


def _box_overlap(first: Box, second: Box) -> float:
    """Intersection over union."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    shared = max(0.0, width) * max(0.0, height)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return shared / (areas - shared)

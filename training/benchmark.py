"""Every system, trained under one budget and measured on the same faces.

One system per call, in any order, on any machine that has the folders::

    revisage-train benchmark --data DATA --packs PACKS --runs RUNS --zoo model_zoo \\
        --budget-images 92800 --narrow --systems pix2pix_l1

Without installation it is ``python -m training benchmark ...``. A call goes on where the last one
stopped, and skips what is trained and measured; a finished run of another recipe or other packs is
refused. ``--part train`` only trains (a machine without the measuring networks can do that), ``--part
measure`` only measures finished runs, ``--collect`` only writes the tables (``--out docs/benchmark.md``)
from the results that are there: of every budget, or of the one that is given. A name that is no system
of :mod:`training.benchmark_systems` must be a model of the zoo; it is measured as it is.

Everything that one budget made lies in ``RUNS/benchmark/<budget>/``: the runs by their recipe's name,
``zoo/`` with the exported models, ``results/<system>.json``, and the picture grid ``grid.png``, which
shows validation faces and never enters the repository.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from app.inference.session import ModelSession
from app.inference.zoo import Model, Zoo
from training import baselines, metrics
from training.benchmark_systems import BY_NAME, Entry, Stage
from training.benchmark_training import (
    FINISHED,
    Budget,
    Place,
    export_entry,
    read_finished,
    read_stage,
    recipe_file,
    train_entry,
)
from training.branches import every_graph
from training.data.faces import FacePack, open_pack
from training.data.masked import open_masked
from training.data.real import read_real
from training.data.side_files import read_json
from training.data.storage import read_index
from training.engine import git_commit
from training.evaluate import (
    Find,
    Located,
    locate_real,
    whole_index,
    zoo_boxes,
    zoo_locator,
)
from training.map_figures import labelled_photos, real_maps, split_rows, synthetic_maps
from training.masks.shapes import evaluation_polygon
from training.recipe_files import checked_recipe
from training.reconstruct_figures import (
    Filler,
    Measured,
    ModelFiller,
    measure,
    measured_rows,
)
from training.run_description import read_description
from training.sketch_figures import measure_sketch

log = logging.getLogger(__name__)

GRID_FACES = 8
"""Validation faces that every system fills for the picture grid."""

PACKAGES = ("torch", "torchmetrics", "onnxruntime-gpu", "opencv-python", "numpy")

Figures = dict[str, dict[str, float | int | None]]

BASELINES: dict[str, Callable[[FacePack], Filler]] = {
    "grey_hole": lambda _: baselines.grey_hole(),
    "telea": lambda _: baselines.telea(),
    "navier_stokes": lambda _: baselines.navier_stokes(),
    "ppca": baselines.Ppca,
    "nearest_face": baselines.NearestFace,
}
"""What makes the reconstructing systems that need no training, from the pack of faces."""


def entry_of(name: str, zoo: Zoo) -> Entry:
    """A system of the benchmark, or a model of the zoo as it is.

    Raises:
        app.inference.errors.ModelError: it is neither.
    """
    if name in BY_NAME:
        return BY_NAME[name]
    card = zoo.get(name).card
    if card.task == "align":
        raise ValueError(f"{name} is an aligner, which the benchmark has no table for.")
    stage: Stage = "sketch" if card.kind == "sketch" else card.task
    return Entry(name=name, title=card.title, source="as installed", stage=stage, kind=card.kind)


def train(entry: Entry, place: Place, budget: Budget) -> bool:
    """Train what there is to train of a system; False when a signal stopped it."""
    return not entry.recipes or train_entry(entry, place, budget) is not None


def measure_entry(
    entry: Entry, place: Place, budget: Budget, zoo: Zoo, *, count: int, hypotheses: int
) -> Path:
    """Measure a trained system and write its result, unless the same was measured before.

    Args:
        entry: the system.
        place: where it was trained.
        budget: under which.
        zoo: gives locator and aligner, and the model itself where it is no system of the benchmark.
        count: faces at most.
        hypotheses: of systems that have several.

    Raises:
        ValueError: it is not trained to the end of its budget, or the pack holds crops, not photos.
    """
    data = measured_data(entry.stage, place)
    run = finished_run(entry, place, budget)
    model: Model | None = None
    if run is not None:
        model = export_entry(entry, place, run)
    elif entry.name not in BY_NAME:
        model = zoo.get(entry.name)
    described: dict[str, Any] = {
        "system": entry.name,
        "title": entry.title,
        "source": entry.source,
        "stage": entry.stage,
        "count": count,
        "hypotheses": hypotheses,
        "commit": git_commit(),
        "model_sha256": model.card.file.sha256 if model else "",
        "instruments": sorted(path.name for path in (place.data / "instruments").glob("*")),
        "data_sha256": data,
        "training": _training(entry, place, budget, model),
        "parameters": _parameters(model) if model else 0,
        "machine": _machine(),
        "versions": {name: version(name) for name in PACKAGES if _installed(name)},
    }
    path = place.folder / "results" / f"{entry.name}.json"
    if path.exists() and _same(
        read_json(path, dict, remedy="delete it, and the system is measured again"), described
    ):
        log.info("%s is measured already: %s", entry.name, path)
        return path
    measured = {
        "reconstruct": _measure_reconstruct,
        "sketch": _measure_sketch,
        "map": _measure_map,
        "locate": _measure_locate,
    }[entry.stage]
    described["figures"] = measured(entry, model, place, zoo, count, hypotheses)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(described, indent=2))
    part.replace(path)
    return path


def measured_data(stage: Stage, place: Place) -> dict[str, str]:
    """SHA-256 of what a system is measured on: of the pack, and of the labels of the real photos.

    Raises:
        OSError, ValueError: there is no pack, or it holds crops instead of photos.
    """
    if stage in ("reconstruct", "sketch"):
        return {"faces": whole_index(place.packs / "faces")["sha256"]}
    labels = place.data / "real_masked" / "labels.json"
    real = hashlib.sha256(labels.read_bytes()).hexdigest() if labels.exists() else ""
    if stage == "locate":
        return {"real": real}
    return {"masked": read_index(place.packs / "masked")["sha256"], "real": real}


def finished_run(entry: Entry, place: Place, budget: Budget) -> Path | None:
    """The run of a system's last stage; None where nothing is trained.

    Raises:
        ValueError: it is not finished.
    """
    run: Path | None = None
    for name, _ in entry.recipes:
        values = read_stage(place, name, budget, run)
        file = recipe_file(place, name)
        run = place.folder / checked_recipe(values, file, narrow="narrow" in values).name
        if not (run / FINISHED).exists():
            raise ValueError(
                f"The run {run} of {entry.name} is not finished; run the same command without "
                "--part measure."
            )
    return run


def _measure_reconstruct(
    entry: Entry, model: Model | None, place: Place, _zoo: Zoo, count: int, hypotheses: int
) -> dict[str, Figures]:
    pack = open_pack(place.packs / "faces")
    fill = ModelFiller(ModelSession(model)) if model else BASELINES[entry.name](pack)
    rows = measured_rows(pack, "test", count)
    seen = measure(fill, pack, rows, place.data / "instruments", hypotheses=hypotheses)
    shown = []
    for row in measured_rows(pack, "val", GRID_FACES):
        photo, landmarks = np.array(pack.photos[row]), pack.landmarks[row]
        shown.append(fill(photo, evaluation_polygon(landmarks, len(photo)), landmarks).pictures[0])
    _keep_pictures(place, entry, shown)
    return {"test": _figures(seen)}


def _measure_sketch(
    entry: Entry, model: Model | None, place: Place, _zoo: Zoo, count: int, hypotheses: int
) -> dict[str, Figures]:
    assert model is not None
    pack, session = open_pack(place.packs / "faces"), ModelSession(model)
    tools = place.data / "instruments"
    seen = measure_sketch(
        session, pack, measured_rows(pack, "test", count), tools, hypotheses=hypotheses
    )
    shown = measure_sketch(
        session, pack, measured_rows(pack, "val", GRID_FACES), tools, hypotheses=1
    )
    _keep_pictures(place, entry, shown.pictures)
    return {"test": _figures(seen)}


def _measure_map(
    _entry: Entry, model: Model | None, place: Place, zoo: Zoo, count: int, _hypotheses: int
) -> dict[str, Figures]:
    assert model is not None
    pack = open_masked(place.packs / "masked")
    rows = split_rows(pack, "test", count)
    ious, false_area = synthetic_maps(ModelSession(model), pack, rows)
    figures = {"test": _overlaps(ious)}
    if false_area:
        figures["test"]["bare_false_area"] = asdict(metrics.summary(np.array(false_area)))
    found = real_maps(zoo, labelled_photos(place.data), model=model)
    return figures | {"real": _overlaps([score for _, score, _ in found])}


def _overlaps(ious: Sequence[float]) -> Figures:
    """Nothing of no face."""
    if not ious:
        return {}
    return {
        "iou": asdict(metrics.summary(np.array(ious))),
        "iou_p10": _one(float(np.percentile(ious, 10)), len(ious)),
    }


def _measure_locate(
    _entry: Entry, model: Model | None, place: Place, zoo: Zoo, _count: int, _hypotheses: int
) -> dict[str, Figures]:
    find: Find = baselines.HaarLocator() if model is None else zoo_locator(zoo, model)
    every = None if model is None else zoo_boxes(zoo, model)
    return {"real": locate_figures(locate_real(find, read_real(place.data), every=every))}


def locate_figures(seen: Located) -> Figures:
    """Recall and precision with the spread between photos, COCO figures, and time."""
    photos = len(seen.faces)
    return {
        "recall": asdict(metrics.ratio(seen.hits, seen.faces)),
        "precision": asdict(metrics.ratio(seen.hits, seen.hits + seen.extras)),
        **{name: _one(float(value), photos) for name, value in seen.coco.items()},
        "milliseconds": _one(float(np.median(seen.milliseconds)), photos),
    }


def _figures(seen: Measured) -> Figures:
    figures: Figures = {}
    for name, values in seen.each.items():
        if name == "milliseconds":
            figures[name] = _one(float(np.median(values)), seen.faces)
        else:
            figures[name] = asdict(metrics.summary(np.array(values)))
    return figures | {name: _one(value, seen.faces) for name, value in seen.whole.items()}


def _one(value: float, count: int) -> dict[str, float | int | None]:
    """A figure of the whole set, which has no spread."""
    return {"mean": value, "sd": None, "low": None, "high": None, "n": count}


def _keep_pictures(place: Place, entry: Entry, pictures: list[NDArray[np.uint8]]) -> None:
    folder = place.folder / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / f"{entry.name}.npz", *pictures)


def _training(
    entry: Entry, place: Place, budget: Budget, model: Model | None
) -> list[dict[str, Any]]:
    """What each stage of the training took."""
    stages: list[dict[str, Any]] = []
    run: Path | None = None
    for name, _ in entry.recipes:
        values = read_stage(place, name, budget, run)
        file = recipe_file(place, name)
        run = place.folder / checked_recipe(values, file, narrow="narrow" in values).name
        described = read_description(run)
        recipe = described["recipe"]
        stages.append(
            {
                "recipe": recipe["name"],
                "size": recipe.get("size"),
                "batch": recipe.get("batch"),
                "seed": recipe.get("seed"),
                "machine": described.get("machine"),
                "commit": described.get("commit"),
                **read_finished(run),
            }
        )
    if not stages and model is not None:
        card = model.card
        known = card.training
        stages.append(
            {
                "recipe": known.recipe,
                "size": card.input.size,
                "seed": known.seed,
                "images": known.images,
                "machine": known.machine,
                "commit": known.commit,
            }
        )
    return stages


def _parameters(model: Model) -> int:
    graph = onnx.load(str(model.path)).graph
    weights = (tensor for each in every_graph(graph) for tensor in each.initializer)
    return sum(int(np.prod(tensor.dims)) for tensor in weights)


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    keys = ("model_sha256", "count", "hypotheses", "instruments", "data_sha256")
    # Results from before they named the instruments were measured with all of them; those that do not
    # name their data count as they are, because nobody can tell any more.
    return all(old.get(key, new[key]) == new[key] for key in keys)

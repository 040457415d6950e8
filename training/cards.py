"""What the cards of our models say in words.

Their figures are measured and come from :mod:`training.evaluate`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from app.inference.card import (
    Card,
    FileCard,
    InputCard,
    Kind,
    OutputCard,
    TrainingCard,
    read_card,
)
from training.data.faces import LFW
from training.run_description import read_description
from training.run_folder import CHECKPOINT, METRICS, WEIGHTS
from training.system import GROUPS, NARROW, Recipe
from training.tasks import system_of
from training.weights import BROKEN

OF_LFW = (
    "Labeled Faces in the Wild (deep-funneled), training identities only, and 229 further faces; "
    "masks synthetic (drawn by this project, MaskTheFace templates and fabrics)"
)
OF_OTHERS = "{}, those of the training split only; masks synthetic, drawn by this project"

SCENES_BEFORE = "; boxes found by YuNet on 328 unlabelled real photos of people in masks"
"""What runs saw that are older than the note of it in their ``recipe.json``."""

END = "finer_"
"""What the fields begin with that speak of the network that a model ends in."""

OTHER_GROUPS = (
    "Whom the training photos show was not looked at. Sex and age band were not evaluated, skin tone "
    "and pose only where figures by group are given."
)
"""Takes the place of :data:`training.system.GROUPS`, which speaks of LFW."""


def make_card(
    recipe: Recipe,
    run: Path,
    model: Path,
    *,
    name: str,
    kind: Kind | None,
    version: str,
    latent: int,
    runs: Path | None = None,
) -> Card:
    """The card of an exported model, still without figures.

    Args:
        recipe: of the run.
        run: the run's folder.
        model: the exported ONNX file.
        name: the model's name in the zoo.
        kind: for a reconstruction.
        version: of the model.
        latent: latent values of the exported graph.
        runs: the folder of the runs, where another run's network that the model ends in is looked for.

    Raises:
        OSError, ValueError: ``recipe.json`` is missing or damaged, or nothing in the run says how many
            steps its weights have seen.
    """
    system = system_of(recipe)
    text = system.text(recipe, kind)
    described = read_description(run)
    # Runs from before the packs said what they are made of were trained on LFW.
    data = described.get("data") or LFW
    data, groups = (OF_LFW, GROUPS) if data == LFW else (OF_OTHERS.format(data), OTHER_GROUPS)
    further = described.get("further_data", SCENES_BEFORE if system.stage == "locate" else "")
    steps = trained_steps(run)
    return Card(
        format=1,
        name=name,
        title=text.title,
        task=system.stage,
        kind=kind,
        version=version,
        default=system.default,
        licence="MIT",
        summary=text.summary,
        intended_use=text.intended_use,
        limits=tuple(groups if limit == GROUPS else limit for limit in text.limits),
        not_for=text.not_for,
        input=InputCard(**system.input(recipe)),
        output=OutputCard(
            kind=system.output(kind), latent=latent, **system.output_details(recipe, kind)
        ),
        file=file_card(model),
        training=TrainingCard(
            recipe=recipe.name,
            data=data + system.data(recipe) + further,
            data_sha256=described["data_sha256"],
            seed=recipe.seed,
            commit=described["commit"],
            images=steps * recipe.batch,
            command=_command(recipe),
            machine=described["machine"],
            **_end(system.ends_in(recipe, kind), runs or run.parent),
        ),
    )


def _end(weights: str, runs: Path) -> dict[str, Any]:
    """How the network came about that the model ends in; nothing where it ends in its own."""
    if not weights:
        return {}
    path = (runs / weights).resolve()
    if path.suffix == ".onnx":
        # Of an earlier version, whose card says it.
        extra = read_card(path.parent).training.model_extra or {}
        return {name: value for name, value in extra.items() if name.startswith(END)}
    described = read_description(path.parent)
    recipe = described["recipe"]
    return {
        f"{END}recipe": recipe["name"],
        f"{END}data": described.get("further_data", "").removeprefix("; "),
        f"{END}data_sha256": described["data_sha256"],
        f"{END}seed": recipe["seed"],
        f"{END}commit": described["commit"],
        f"{END}images": trained_steps(path.parent) * recipe["batch"],
    }


def _command(recipe: Recipe) -> str:
    base = recipe.name.removesuffix(NARROW)
    return f"revisage-train train {base}" + (" --narrow" if base != recipe.name else "")


def file_card(path: Path) -> FileCard:
    """The card's table about an ONNX file."""
    content = path.read_bytes()
    return FileCard(
        name=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        precision="fp16",
    )


def trained_steps(run: Path) -> int:
    """The steps that a run's weights have seen.

    Its checkpoint says so. Where only the weights were brought home, the last row of figures does:
    of a run that ended by itself or on a signal it is of the same step.

    Raises:
        ValueError: neither says so.
    """
    step = _checkpoint_step(run)
    if step is not None:
        return step
    path = run / METRICS
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
        return int(json.loads(rows[-1])["step"])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError(
            f"{path} does not end in a row of figures, which says how many steps the weights have seen; "
            f"copy it again, or {CHECKPOINT} with the weights."
        ) from error


def _checkpoint_step(run: Path) -> int | None:
    """The step of the checkpoint; None where there is none that belongs to the weights."""
    try:
        saved, weights = (
            torch.load(run / name, map_location="cpu", weights_only=True)
            for name in (CHECKPOINT, WEIGHTS)
        )
        averaged: dict[str, Any] = saved["averaged"]
        step = int(saved["step"])
    except BROKEN:
        return None
    # Weights that were brought home from another machine may lie beside an older checkpoint.
    same = averaged.keys() == weights.keys() and all(
        torch.equal(averaged[name], value) for name, value in weights.items()
    )
    return step if same else None

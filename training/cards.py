"""What the cards of our models say in words.

Their figures are measured and come from :mod:`training.evaluate`.
"""

from __future__ import annotations

import json
from pathlib import Path

from app.inference.card import Card, InputCard, Kind, OutputCard, TrainingCard
from training.data.faces import LFW
from training.export import file_card
from training.system import GROUPS, NARROW, Recipe
from training.tasks import system_of

OF_LFW = (
    "Labeled Faces in the Wild (deep-funneled), training identities only, and 229 further faces; "
    "masks synthetic (drawn by this project, MaskTheFace templates and fabrics)"
)
OF_OTHERS = "{}, those of the training split only; masks synthetic, drawn by this project"

SCENES_BEFORE = "; boxes found by YuNet on 328 unlabelled real photos of people in masks"
"""What runs saw that are older than the note of it in their ``recipe.json``."""

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
    """
    system = system_of(recipe)
    text = system.text(recipe, kind)
    described = json.loads((run / "recipe.json").read_text())
    # Runs from before the packs said what they are made of were trained on LFW.
    data = described.get("data") or LFW
    data, groups = (OF_LFW, GROUPS) if data == LFW else (OF_OTHERS.format(data), OTHER_GROUPS)
    further = described.get("further_data", SCENES_BEFORE if system.stage == "locate" else "")
    steps = _last_step(run)
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
        ),
    )


def _command(recipe: Recipe) -> str:
    base = recipe.name.removesuffix(NARROW)
    return f"revisage-train train {base}" + (" --narrow" if base != recipe.name else "")


def _last_step(run: Path) -> int:
    rows = (run / "metrics.jsonl").read_text().splitlines()
    return int(json.loads(rows[-1])["step"])

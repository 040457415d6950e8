"""What the cards of our models say in words.

Their figures are measured and come from :mod:`training.evaluate`.
"""

from __future__ import annotations

import json
from pathlib import Path

from app.inference.card import Card, InputCard, Kind, OutputCard, TrainingCard
from training.export import file_card
from training.system import NARROW, Recipe
from training.tasks import system_of

DATA = (
    "Labeled Faces in the Wild (deep-funneled), training identities only, and 229 further faces; "
    "masks synthetic (drawn by this project, MaskTheFace templates and fabrics)"
)


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
        limits=text.limits,
        not_for=text.not_for,
        input=InputCard(**system.input(recipe)),
        output=OutputCard(
            kind=system.output(kind), latent=latent, **system.output_details(recipe, kind)
        ),
        file=file_card(model),
        training=TrainingCard(
            recipe=recipe.name,
            data=DATA + system.data(recipe),
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

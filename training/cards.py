"""What the cards of our models say in words.

Their figures are measured and come from :mod:`training.evaluate`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.inference.card import Card, InputCard, Kind, OutputCard, TrainingCard
from training.export import file_card
from training.tasks import Recipe
from training.tasks.align import AlignRecipe
from training.tasks.locate import LocateRecipe
from training.tasks.map import MapRecipe
from training.tasks.reconstruct import ReconstructRecipe

DATA = (
    "Labeled Faces in the Wild (deep-funneled), training identities only, and 229 further faces; "
    "masks synthetic (drawn by this project, MaskTheFace templates and fabrics)"
)
REAL = "; boxes found by YuNet on 328 unlabelled real photos of people in masks"

NOT_FOR = (
    "Identifying, recognising or excluding a person: what is under the mask is guessed, not seen.",
    "A claim about what the person looks like; it is one hypothesis among many.",
)
GROUPS = (
    "LFW is mostly white, male and middle-aged; figures by skin tone, sex and age band were not "
    "evaluated."
)


@dataclass(frozen=True, kw_only=True)
class Text:
    """The words of one card."""

    title: str
    summary: str
    intended_use: str
    limits: tuple[str, ...]
    not_for: tuple[str, ...] = NOT_FOR


def text_of(recipe: Recipe, kind: Kind | None) -> Text:
    """The words for a recipe's model."""
    match recipe:
        case LocateRecipe():
            return Text(
                title="Face locator",
                summary=(
                    "Finds faces with and without masks "
                    "(anchor-free detector with a feature pyramid, after FCOS)."
                ),
                intended_use="Proposing face boxes that the analyst accepts, corrects or deletes.",
                limits=(
                    "Faces smaller than about 16 px in the photo are missed.",
                    "Profiles and faces turned by more than about 30 degrees are found less often.",
                    GROUPS,
                ),
            )
        case AlignRecipe():
            return Text(
                title="Landmark aligner",
                summary="Places 68 landmarks in a face box, also under a mask.",
                intended_use="Aligning a face by its eyes for the map and the reconstruction.",
                limits=(
                    "Nose, mouth and jaw under a mask are estimates from the visible part.",
                    "Full profiles were hardly in the training data.",
                    GROUPS,
                ),
            )
        case MapRecipe():
            return Text(
                title="Mask map",
                summary="Draws the binary map of the worn mask in an aligned face (residual U-Net).",
                intended_use="A first map that the analyst corrects with the brush.",
                limits=(
                    "Trained on synthetic masks only; unusual respirators, scarves and hands may be "
                    "cut short.",
                    "Straps are not part of the map.",
                    GROUPS,
                ),
            )
        case ReconstructRecipe():
            return _reconstruct_text(recipe, kind)


def _reconstruct_text(recipe: ReconstructRecipe, kind: Kind | None) -> Text:
    size = recipe.size
    limits = (
        f"Works at {size} px for the whole face crop: it shows no detail finer than that.",
        "Beard, mouth shape, teeth and age under the mask are guesses from the visible part.",
        "Heads turned far to the side are filled less well.",
        GROUPS,
    )
    use = "A lead or a witness sketch, shown beside the photo and other hypotheses."
    if kind == "rgb":
        return Text(
            title=f"RGB inpainting, {size} px",
            summary=(
                "Fills the map with the average of what fits the visible face "
                "(residual U-Net, regression)."
            ),
            intended_use=use,
            limits=("One smooth answer without hypotheses; it looks blurred by design.", *limits),
        )
    if kind == "sketch":
        return Text(
            title=f"Sketch inpainting, {size} px",
            summary="Draws the hidden part as a pencil sketch in the hand of the visible part.",
            intended_use="A witness sketch, shown beside the photo and other hypotheses.",
            limits=limits,
        )
    return Text(
        title=f"GAN inpainting, {size} px",
        summary=(
            "Fills the map with sharp, plausible hypotheses "
            "(residual U-Net with a latent, patch discriminator)."
        ),
        intended_use=use,
        limits=(
            "Sharpness is invented: a crisp mouth is no better known than a blurred one.",
            *limits,
        ),
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
    text = text_of(recipe, kind)
    described = json.loads((run / "recipe.json").read_text())
    steps = _last_step(run)
    values: dict[str, Any] = {"size": recipe.size}
    match recipe:
        case LocateRecipe():
            values |= {"size": 640, "sizes": (640, 320, 192), "score_threshold": 0.5}
            kind_of_output: Any = "boxes"
        case AlignRecipe():
            values |= {"margin": recipe.margin}
            kind_of_output = "landmarks"
        case MapRecipe():
            values |= {"eye_distance": recipe.eye_distance, "eye_y": recipe.eye_y}
            kind_of_output = "logit"
        case ReconstructRecipe():
            values |= {
                "eye_distance": recipe.eye_distance,
                "eye_y": recipe.eye_y,
                "map_dilation": 1,
            }
            kind_of_output = "sketch" if kind == "sketch" else "rgb"
    return Card(
        format=1,
        name=name,
        title=text.title,
        task=recipe.task,
        kind=kind,
        version=version,
        default=True,
        licence="MIT",
        summary=text.summary,
        intended_use=text.intended_use,
        limits=text.limits,
        not_for=text.not_for,
        input=InputCard(**values),
        output=OutputCard(kind=kind_of_output, latent=latent),
        file=file_card(model),
        training=TrainingCard(
            recipe=recipe.name,
            data=DATA + (REAL if isinstance(recipe, LocateRecipe) else ""),
            data_sha256=described["data_sha256"],
            seed=recipe.seed,
            commit=described["commit"],
            images=steps * recipe.batch,
            command=f"revisage-train train {recipe.name}",
            machine=described["machine"],
        ),
    )


def _last_step(run: Path) -> int:
    rows = (run / "metrics.jsonl").read_text().splitlines()
    return int(json.loads(rows[-1])["step"])

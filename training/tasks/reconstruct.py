"""The reconstruction network as a system: its task, its exported graphs, and what its cards say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.export import Dim
from typing_extensions import override

from app.inference.card import KINDS, Kind, OutputKind
from training.networks.inpainting import InpaintingNetwork
from training.networks.looks import SelectChannels
from training.networks.super_resolution import FINER, SuperResolutionNetwork
from training.system import GROUPS, Graph, Setting, System, Text, batch_dimension
from training.task import Task
from training.tasks.faces import crop_input, drawn_as, example_face
from training.tasks.reconstruct_anchored import AnchoredReconstructTask
from training.tasks.reconstruct_energy import EnergyReconstructTask
from training.tasks.reconstruct_projected import ProjectedReconstructTask
from training.tasks.reconstruct_recipe import ReconstructRecipe, network_spec
from training.tasks.reconstruct_task import ReconstructTask
from training.tasks.reconstruct_taught import TaughtReconstructTask
from training.weights import read_part, warm_start

FINER_WEIGHTS = "finer."
"""What the names of the super-resolution network's weights begin with."""


class ReconstructSystem(System[ReconstructRecipe]):
    """See :class:`training.system.System`."""

    recipe = ReconstructRecipe
    stage = "reconstruct"

    @override
    def task(self, recipe: ReconstructRecipe, setting: Setting) -> Task:
        if recipe.modes > recipe.latent:
            raise ValueError(
                f"The recipe {recipe.name} asks for {recipe.modes} modes, which {recipe.latent} latent "
                f"values cannot tell apart; set latent to {recipe.modes} at least, or take fewer modes."
            )
        if recipe.energy:
            if not (recipe.projected and recipe.latent):
                raise ValueError(
                    f"The recipe {recipe.name} asks for the energy score, which compares two hypotheses "
                    "in the discriminator's features; set projected = true and latent above 0, or leave "
                    "out energy."
                )
            if bool(recipe.teachers) != bool(recipe.anchor) or (
                recipe.taught_faces and not recipe.anchor
            ):
                raise ValueError(
                    f"The recipe {recipe.name} needs both, teachers and the weight of the distance from "
                    "what they draw; name teachers and set anchor above 0, or leave out both."
                )
            return (AnchoredReconstructTask if recipe.teachers else EnergyReconstructTask)(
                recipe, setting
            )
        if recipe.taught_faces and not recipe.teachers:
            raise ValueError(
                f"The recipe {recipe.name} sets taught_faces, which are drawn as teachers draw them; "
                "name teachers, or leave out taught_faces."
            )
        for what in ("landmarks", "anchor"):
            if getattr(recipe, what):
                raise ValueError(
                    f"The recipe {recipe.name} sets {what}, which belongs to the energy score; set "
                    f"energy above 0, or leave out {what}."
                )
        if recipe.teachers:
            if recipe.stage == "adversarial":
                raise ValueError(
                    f"The recipe {recipe.name} names teachers, whose answers are known and not judged; "
                    'set stage = "regression" for one answer or "taught" for hypotheses, set energy and '
                    "anchor above 0, or leave out teachers."
                )
            return TaughtReconstructTask(recipe, setting)
        if recipe.stage == "taught":
            raise ValueError(
                f"The recipe {recipe.name} is to be taught and names no teachers; name some, or set "
                'stage = "regression".'
            )
        kind = ProjectedReconstructTask if recipe.projected else ReconstructTask
        return kind(recipe, setting)

    @override
    def graph(
        self, recipe: ReconstructRecipe, weights: dict[str, Tensor], *, sketch: bool, latent: bool
    ) -> Graph:
        """Visible face, map and perhaps latent to RGB or sketch."""
        own, enlarging = _split(weights)
        network = InpaintingNetwork(network_spec(recipe))
        network.load_state_dict(own)
        latent = latent and bool(recipe.latent)
        if latent:
            network.scale_latent(recipe.truncation)
        inputs: tuple[Tensor, ...] = example_face(recipe.size)
        batch = batch_dimension()
        names, dynamic = ["face", "map"], [{0: batch}, {0: batch}]
        if latent:
            inputs += (torch.randn(2, 3, recipe.latent),)
            names.append("latent")
            dynamic.append({0: batch, 1: Dim("hypotheses", min=1, max=64)})
        channels = slice(3, 4) if sketch else slice(0, 3)
        finer = None if sketch or not enlarging else SuperResolutionNetwork.of(enlarging)
        if finer is not None:
            inputs += (torch.ones(1),)
            names.append("enlarge")
            dynamic.append({})
        return Graph(
            module=SelectChannels(
                network,
                channels,
                latent=latent,
                error=not sketch,
                looks=recipe.sketch_looks if sketch else recipe.looks,
                further_looks=recipe.sketch_further_looks if sketch else recipe.further_looks,
                detail=recipe.sketch_detail if sketch else recipe.looks_detail,
                even=recipe.looks_even and not sketch,
                finer=finer,
            ),
            inputs=inputs,
            names=names,
            outputs=["output"] if sketch else ["output", "error", *(["finer"] if finer else [])],
            dynamic=dynamic,
        )

    @override
    def exported(
        self,
        recipe: ReconstructRecipe,
        weights: dict[str, Tensor],
        runs: Path,
        *,
        sketch: bool = False,
    ) -> dict[str, Tensor]:
        blend, rest = recipe.blend, recipe.blend_with or recipe.warm_start
        if sketch and recipe.sketch_blend is not None:
            blend, rest = recipe.sketch_blend, recipe.sketch_blend_with or rest
        added: dict[str, Tensor] = {}
        finer = self.ends_in(recipe, "sketch" if sketch else None)
        if finer:
            enlarging = read_part((runs / finer).resolve(), FINER_WEIGHTS)
            added = {FINER_WEIGHTS + name: value for name, value in enlarging.items()}
        if blend == 1:
            return weights | added
        network = InpaintingNetwork(network_spec(recipe))
        warm_start(network, runs / rest)
        if recipe.latent_afresh:
            # There latent values meant something else.
            network.scale_latent(0)
        return {
            name: blend * weights[name] + (1 - blend) * value
            for name, value in network.state_dict().items()
        } | added

    @override
    def text(self, recipe: ReconstructRecipe, kind: Kind | None) -> Text:
        """The words of the card."""
        size = recipe.size
        judge = "patch discriminator"
        if recipe.projected:
            judge = "discriminator on the features of VGG-19"
        finest = "it shows no detail finer than that"
        if self.ends_in(recipe, kind):
            finest = "finer detail is invented, as much as the visible face has of it"
        limits = (
            f"Works at {size} px for the whole face crop: {finest}.",
            "Beard, mouth shape, teeth and age under the mask are guesses from the visible part.",
            "Heads turned far to the side are filled less well.",
            GROUPS,
        )
        use = "A lead or a witness sketch, shown beside the photo and other hypotheses."
        if kind == "rgb":
            how = "regression"
            softness = "One smooth answer without hypotheses; it looks blurred by design."
            if recipe.teachers:
                how = f"learned from the mean of {len(recipe.teachers)} networks' pictures"
                softness = (
                    "One answer without hypotheses, softer than a photo by design; a lip or a nostril "
                    "that looks sharp is no better known."
                )
            return Text(
                title=f"RGB inpainting, {size} px",
                summary=(
                    "Fills the map with the average of what fits the visible face "
                    f"(residual U-Net, {how})."
                ),
                intended_use=use,
                limits=(softness, *limits),
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
                f"(residual U-Net with a latent, {judge})."
            ),
            intended_use=use,
            limits=(
                "Sharpness is invented: a crisp mouth is no better known than a blurred one.",
                *limits,
            ),
        )

    @override
    def data(self, recipe: ReconstructRecipe) -> str:
        """The pack of :mod:`training.data.taught`, where it was used."""
        if not recipe.taught_faces:
            return ""
        return (
            "; faces in real masks (people in photos, MaskedFaceSegmentation), drawn as an earlier "
            "version draws them"
        )

    @override
    def input(self, recipe: ReconstructRecipe) -> dict[str, Any]:
        return crop_input(recipe)

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        return drawn_as(kind)

    @override
    def kinds(self, recipe: ReconstructRecipe) -> tuple[Kind, ...]:
        """The network draws RGB and sketch."""
        return KINDS

    @override
    def latent(self, recipe: ReconstructRecipe) -> int:
        """Only a network that was trained to differ may be asked for several hypotheses."""
        return 0 if recipe.stage == "regression" else recipe.latent

    @override
    def ends_in(self, recipe: ReconstructRecipe, kind: Kind | None) -> str:
        """Pictures are enlarged, sketches are not."""
        return "" if kind == "sketch" else recipe.finer

    @override
    def output_details(self, recipe: ReconstructRecipe, kind: Kind | None) -> dict[str, Any]:
        """The expected error as it is; `revisage-train evaluate` fits its factor."""
        details: dict[str, Any] = {} if kind == "sketch" else {"error": 1.0}
        if self.ends_in(recipe, kind):
            details |= {"finer": FINER, "enlarge": True}
        if self.latent(recipe):
            details["central"] = recipe.central
            details |= {"modes": recipe.modes} if recipe.modes else {"antithetic": True}
        return details


def _split(weights: dict[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The weights of the network itself, and those of the super-resolution that it ends in."""
    enlarging = {
        name.removeprefix(FINER_WEIGHTS): value
        for name, value in weights.items()
        if name.startswith(FINER_WEIGHTS)
    }
    own = {name: value for name, value in weights.items() if not name.startswith(FINER_WEIGHTS)}
    return own, enlarging

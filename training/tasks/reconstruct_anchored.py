"""Adversarial training of hypotheses that stay near what teachers draw."""

from __future__ import annotations

import torch
from torch import Tensor
from typing_extensions import override

from training import losses
from training.system import Setting
from training.tasks.reconstruct_energy import EnergyReconstructTask
from training.tasks.reconstruct_recipe import ReconstructRecipe
from training.tasks.reconstruct_task import Hypotheses
from training.tasks.reconstruct_taught import Teachers


class AnchoredReconstructTask(EnergyReconstructTask):
    """What one look draws is drawn towards what several looks draw, and judged against photos.

    The mean of looks has the right mouth and no stains, but is smooth; a discriminator and the features
    of photos ask for skin and lips, but not for the same ones at every look. Each lacks what the other
    has (a loss of what a teacher draws beside a discriminator: Sauer et al. 2023, arXiv 2311.17042,
    section 3.2).
    """

    def __init__(self, recipe: ReconstructRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.teachers = Teachers(recipe, setting)
        self._taught = torch.empty(0)

    @override
    def hypotheses(self, face: Tensor, hole: Tensor, random: torch.Generator) -> Hypotheses:
        latent, central = self.latents(len(face), face.device, random)
        self._taught = self.teachers(face, hole, latent)
        pictures, log_error = self.split(self.model(face, hole, latent))
        return Hypotheses(pictures=pictures, log_error=log_error, central=central)

    @override
    def errors_and_spread(
        self, drawn: Hypotheses, target: Tensor, hole: Tensor, parts: dict[str, Tensor]
    ) -> Tensor:
        loss = super().errors_and_spread(drawn, target, hole, parts)
        recipe, taught = self.recipe, self._taught.flatten(0, 1)
        pictures = drawn.pictures.flatten(0, 1)
        hidden = hole.repeat_interleave(drawn.pictures.shape[1], dim=0)
        parts["anchor"] = self._l1(pictures, taught, hidden)
        anchor = parts["anchor"]
        if recipe.structure:
            parts["structure"] = losses.hole_structure(pictures[:, :3], taught[:, :3], hidden)
            anchor = anchor + recipe.structure * parts["structure"]
        return loss + recipe.anchor * anchor

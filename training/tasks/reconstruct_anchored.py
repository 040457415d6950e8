"""Adversarial training of hypotheses that stay near what teachers draw."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from typing_extensions import override

from training import losses
from training.system import Setting
from training.tasks.faces import face_sha256s
from training.tasks.reconstruct_energy import EnergyReconstructTask
from training.tasks.reconstruct_recipe import ReconstructRecipe
from training.tasks.reconstruct_task import Hypotheses
from training.tasks.reconstruct_taught import Teachers, masked_faces


@dataclass(frozen=True, kw_only=True)
class AnchoredHypotheses(Hypotheses):
    """Hypotheses of the judged faces, and how far all of them are from what is taught.

    Attributes:
        away: the distances, by part of the loss.
    """

    away: dict[str, Tensor]


class AnchoredReconstructTask(EnergyReconstructTask):
    """What one look draws is drawn towards what several looks draw, and judged against photos.

    The mean of looks has the right mouth and no stains, but is smooth; a discriminator and the features
    of photos ask for skin and lips, but not for the same ones at every look. Each lacks what the other
    has (a loss of what a teacher draws beside a discriminator: Sauer et al. 2023, arXiv 2311.17042,
    section 3.1).

    What a teacher draws can be asked of any face. `taught_faces` of a step wear real masks: nobody knows
    what is under them, so that they are not judged, but one look is to draw them as several do.
    """

    def __init__(self, recipe: ReconstructRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.teachers = Teachers(recipe, setting)
        self.masked = masked_faces(recipe, setting)
        if self.masked is not None:
            self.reads(*face_sha256s(self.data), self.masked.sha256)

    @override
    def hypotheses(self, face: Tensor, hole: Tensor, random: torch.Generator) -> Hypotheses:
        judged = len(face)
        if self.masked is not None:
            face, hole = self.masked.beside(face, hole, random)
        latent, central = self.latents(len(face), face.device, random)
        taught = self.teachers(face, hole, latent)
        pictures, log_error = self.split(self.model(face, hole, latent))
        return AnchoredHypotheses(
            pictures=pictures[:judged],
            log_error=log_error[:judged],
            central=central[:judged],
            away=self._distance(pictures, taught, hole),
        )

    def _distance(self, pictures: Tensor, taught: Tensor, hole: Tensor) -> dict[str, Tensor]:
        """How far hypotheses (N, K, 4, S, S) are from what is taught, by every part of the loss."""
        hole = hole.repeat_interleave(pictures.shape[1], dim=0)
        pictures, taught = pictures.flatten(0, 1), taught.flatten(0, 1)
        parts = {"anchor": self._l1(pictures, taught, hole)}
        if self.recipe.structure:
            parts["structure"] = losses.hole_structure(pictures[:, :3], taught[:, :3], hole)
        return parts

    @override
    def errors_and_spread(
        self, drawn: Hypotheses, target: Tensor, hole: Tensor, parts: dict[str, Tensor]
    ) -> Tensor:
        assert isinstance(drawn, AnchoredHypotheses)
        loss = super().errors_and_spread(drawn, target, hole, parts)
        parts |= drawn.away
        away = drawn.away["anchor"]
        if "structure" in drawn.away:
            away = away + self.recipe.structure * drawn.away["structure"]
        return loss + self.recipe.anchor * away

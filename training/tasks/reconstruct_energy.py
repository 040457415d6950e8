"""Training of hypotheses that are samples: judged together, by a proper score."""

from __future__ import annotations

import torch
from torch import Tensor
from typing_extensions import override

from training import losses
from training.parallel import whole
from training.tasks.reconstruct_projected import ProjectedReconstructTask, Seen
from training.tasks.reconstruct_task import Hypotheses

SQUARES = (8, 32)
"""Sides of the squares of pixels that are compared: features of a face, and half of what is hidden."""


class EnergyReconstructTask(ProjectedReconstructTask):
    """The energy score of two hypotheses, in pixels and VGG-19's features, instead of losses of each.

    A loss of each draws every hypothesis to the same middle, and a reward for spread is bought where it
    costs least: lighter and darker jaws. A proper score asks of their differences what it asks of the
    hypotheses themselves: to be like those of the faces that could be hidden there. It is used so to
    train networks that sample (Bouchacourt et al. 2016, arXiv 1606.02556, section 3; Shen & Meinshausen
    2024, arXiv 2307.00835, eq. 8).

    Where the first hypothesis is drawn near the centre of the latent values, it is no sample but the
    best single answer, and the score is its distance alone.
    """

    @override
    def errors_and_spread(
        self, drawn: Hypotheses, target: Tensor, hole: Tensor, parts: dict[str, Tensor]
    ) -> Tensor:
        recipe, pictures = self.recipe, drawn.pictures
        truth, two = target * hole, (pictures[:, 0] * hole, pictures[:, -1] * hole)
        scores = []
        for channels, share in ((slice(0, 3), 0.75), (slice(3, 4), 0.25 * recipe.sketch_l1)):
            first, second = (picture[:, channels] for picture in two)
            for side in SQUARES:
                distances = (
                    losses.patch_distance(first, truth[:, channels], side),
                    losses.patch_distance(second, truth[:, channels], side),
                    losses.patch_distance(first, second, side),
                )
                score = losses.energy_score(*distances, drawn.central).mean()
                scores.append(share / len(SQUARES) * recipe.inside * score)
        parts["energy"] = torch.stack(scores).sum()
        mean = pictures.mean(dim=1)
        # The sketch covers the visible part as well, where nothing is uncertain.
        drawing = losses.hole_l1(
            mean[:, 3:], target[:, 3:], hole, inside=0.0, outside=recipe.outside
        )
        loss = recipe.l1 * (parts["energy"] + 0.25 * recipe.sketch_l1 * drawing)
        with torch.no_grad():
            sampled = hole * (~drawn.central)[:, None, None, None]
            parts["spread"], parts["ratio"] = losses.coarse_spread(
                pictures[:, 0, :3], pictures[:, -1, :3], target[:, :3], sampled
            )
        return loss + self.expected(drawn.log_error, mean, target, hole, parts)

    @override
    def distance(self, seen: Seen) -> Tensor:
        """The energy score in the features, each layer measured by its own magnitude."""
        terms = []
        for fakes, real in zip(seen.fakes, seen.reals, strict=True):
            first, second = fakes.float().chunk(2)
            truth = real.float()
            # As many pixels of the picture in every layer.
            side = max(1, SQUARES[0] * truth.shape[-1] // self.recipe.window)
            score = losses.energy_score(
                losses.patch_distance(first, truth, side),
                losses.patch_distance(second, truth, side),
                losses.patch_distance(first, second, side),
                seen.central,
            )
            nothing = torch.zeros_like(truth)
            magnitude = whole(losses.patch_distance(truth, nothing, side).mean())
            terms.append(score.mean() / magnitude.clamp(min=1e-3))
        return torch.stack(terms).mean()

    @override
    def drawings(self, faces: int) -> int:
        return max(1, faces // 2)

    @override
    def sketches(self, pictures: Tensor, faces: slice) -> Tensor:
        return pictures[:, faces, 3:].flatten(0, 1)

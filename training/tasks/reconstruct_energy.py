"""Training of hypotheses that are samples: judged together, by a proper score."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional
from typing_extensions import override

from app.imaging.face import MOUTH
from training import losses
from training.parallel import ranks, whole
from training.system import Setting
from training.tasks.landmarks import landmark_reader
from training.tasks.reconstruct_projected import ProjectedReconstructTask, Seen
from training.tasks.reconstruct_recipe import ReconstructRecipe
from training.tasks.reconstruct_task import Hypotheses, times

COARSE = 8
"""Side of the squares of pixels whose means are compared too: shape and tone, without texture."""

NOSE, CHIN = slice(27, 36), slice(4, 13)
SHAPES = (MOUTH, NOSE, CHIN)
"""Landmarks that are judged as wholes: a mouth, not the place of each of its points."""

SHARES = (0.6, 0.2, 0.2)
"""Of the loss, in the order of SHAPES: of what is under a mask, mouths tell people apart most."""


class EnergyReconstructTask(ProjectedReconstructTask):
    """The energy score of two hypotheses, in pixels and VGG-19's features, instead of losses of each.

    A loss of each draws every hypothesis to the same middle, and a reward for spread is bought where it
    costs least: lighter and darker jaws. A proper score asks of their differences what it asks of the
    hypotheses themselves: to be like those of the faces that could be hidden there. It is used so to
    train networks that sample (Bouchacourt et al. 2016, arXiv 1606.02556, section 3; Shen & Meinshausen
    2024, arXiv 2307.00835, eq. 8).

    Credited are differences in the last layer and in the means of squares of pixels. Credited in pixels
    and the first layers as well, hypotheses differed in dots and wrinkles.

    With `landmarks`, the places of mouth, nose and chin are read off both hypotheses and judged so too,
    each as a whole. Judged value by value, textures that are strong or weak together are as good as a
    mouth; two mouths that differ in shape differ here alone.

    Where the first hypothesis is drawn near the centre of the latent values, it is no sample but the
    best single answer, and the score is its distance alone.
    """

    def __init__(self, recipe: ReconstructRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        seen = min(recipe.perceptual_faces // ranks(), recipe.batch // ranks() // 2)
        if ranks() > 1 and seen % 2:
            # Sketches of half as many faces are looked at, in all processes together as in one.
            raise ValueError(
                f"The recipe {recipe.name} looks at {seen} faces in each of {ranks()} processes, which "
                f"the energy score cannot halve; make perceptual_faces a multiple of {2 * ranks()} and "
                f"batch one of {4 * ranks()}."
            )

        self.reader = (
            landmark_reader(setting, recipe.landmarks_reader, recipe.size)
            if recipe.landmarks
            else None
        )

    @override
    def errors_and_spread(
        self, drawn: Hypotheses, target: Tensor, hole: Tensor, parts: dict[str, Tensor]
    ) -> Tensor:
        recipe, pictures = self.recipe, drawn.pictures
        fine = [part * hole for part in (pictures[:, 0], pictures[:, -1], target)]
        coarse = [functional.avg_pool2d(part, COARSE) for part in fine]
        scores = []
        for channels, share in ((slice(0, 3), 0.75), (slice(3, 4), 0.25 * recipe.sketch_l1)):
            for parts_of, credit in ((fine, 0.0), (coarse, recipe.energy)):
                first, second, truth = (part[:, channels] for part in parts_of)
                score = losses.energy_score(first, second, truth, drawn.central, credit).mean()
                scores.append(0.5 * share * recipe.inside * score)
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
        if self.reader is not None:
            parts["landmarks"] = self._shapes(drawn, target, hole)
            loss = loss + recipe.landmarks * parts["landmarks"]
        return loss + self.expected(drawn.log_error, mean, target, hole, parts)

    def _shapes(self, drawn: Hypotheses, target: Tensor, hole: Tensor) -> Tensor:
        """The energy score of the shapes that are read off the hypotheses, in eye distances."""
        assert self.reader is not None
        fakes = drawn.pictures[:, :, :3].transpose(0, 1).flatten(0, 1)
        first, second = self.reader(fakes, times(hole, 2)).chunk(2)
        with torch.no_grad():
            truth = self.reader(target[:, :3], hole)
        terms = []
        for shape, share in zip(SHAPES, SHARES, strict=True):
            one, other, true = (
                points[:, shape] / self.recipe.eye_distance for points in (first, second, truth)
            )
            credit = self.recipe.landmarks_energy
            score = losses.energy_score(one, other, true, drawn.central, credit, losses.as_one)
            terms.append(share * score.mean())
        return torch.stack(terms).sum()

    @override
    def distance(self, seen: Seen) -> Tensor:
        """The energy score in the features, each layer measured by its own magnitude."""
        terms = []
        for level, (fakes, real) in enumerate(zip(seen.fakes, seen.reals, strict=True), start=1):
            first, second, truth = (part.float() for part in (*fakes.chunk(2), real))
            credit = self.recipe.energy if level == len(seen.reals) else 0.0
            score = losses.energy_score(first, second, truth, seen.central, credit).mean()
            terms.append(score / whole(truth.abs().mean()).clamp(min=1e-3))
        return torch.stack(terms).mean()

    @override
    def drawings(self, faces: int) -> int:
        return max(1, faces // 2)

    @override
    def sketches(self, pictures: Tensor, faces: slice) -> Tensor:
        return pictures[:, faces, 3:].flatten(0, 1)

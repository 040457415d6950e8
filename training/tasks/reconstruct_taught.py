"""Training of a network on what several draw together, or one that looks several times."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from typing_extensions import override

from training.data.hashes import taught_sha256
from training.data.taught import open_taught
from training.data.taught_crops import TaughtCrops
from training.networks.inpainting import InpaintingNetwork
from training.networks.looks import SelectChannels
from training.parallel import own, ranks
from training.system import Setting
from training.task import Batch, Loss, Step, placed
from training.tasks.faces import face_sha256s
from training.tasks.reconstruct_recipe import ReconstructRecipe, network_spec
from training.tasks.reconstruct_task import ReconstructTask
from training.weights import warm_start

SEEDS = 1 << 31


class TaughtReconstructTask(ReconstructTask):
    """The mean of some pictures is what a network of the teachers' shape learns to draw by itself.

    Networks that err in different ways err less together, and one can learn what they are together
    (knowledge distillation: Hinton et al. 2015, arXiv 1503.02531, section 4 of ensembles; here of
    pictures, as they are). So do several looks at one face, and one look can learn what they give. A
    photo shows one of many faces that a map may hide; what is learned from here is the same whenever a
    face is shown, and so it is for every hypothesis with the same latent values, so that some hundred
    steps suffice.

    What they draw of a face in a real mask, whose truth nobody knows, can be learned as well.

    Only the expected error learns from the photo: it is the distance to the true face.
    """

    def __init__(self, recipe: ReconstructRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.teachers = Teachers(recipe, setting)
        self.masked = masked_faces(recipe, setting)
        if self.masked is not None:
            self.reads(*face_sha256s(self.data), self.masked.sha256)

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        truth = torch.cat([batch["face"], batch["sketch"]], dim=1)
        face, hole = batch["face"], batch["hole"]
        if self.masked is not None:
            face, hole = self.masked.beside(face, hole, step.random)
        latent = None
        if self.recipe.latent and self.recipe.stage == "taught":
            latent, _ = self.latents(len(face), face.device, step.random)
        with self.autocast():
            taught = self.teachers(face, hole, latent)
        yield self.regression(face, hole, taught.flatten(0, 1), truth, latent)


class Teachers:
    """Fixed networks whose pictures' weighted mean is to be learned."""

    def __init__(self, recipe: ReconstructRecipe, setting: Setting) -> None:
        self.looking = [(part, _teacher(recipe, setting, file)) for part, file in recipe.teachers]

    @torch.no_grad()
    def __call__(self, face: Tensor, hole: Tensor, latent: Tensor | None) -> Tensor:
        """The mean of their pictures of faces, maps and latent values, (N, K, 4, S, S)."""
        whole = sum(part for part, _ in self.looking)
        drawn = [
            part / whole * looking.looked(face, hole, latent)[:, :, :4].float()
            for part, looking in self.looking
        ]
        return torch.stack(drawn).sum(dim=0)


def _teacher(recipe: ReconstructRecipe, setting: Setting, file: str) -> SelectChannels:
    teacher = InpaintingNetwork(network_spec(recipe))
    # A first run has no folder of runs yet, and a path that leaves a missing folder leads nowhere.
    warm_start(teacher, (setting.runs / file).resolve())
    looking = SelectChannels(
        teacher,
        slice(0, 4),
        latent=bool(recipe.latent) and recipe.stage != "regression",
        error=False,
        looks=recipe.taught_looks,
        detail=recipe.looks_detail,
    )
    placed(looking.requires_grad_(requires_grad=False), setting.device)
    return looking


class MaskedFaces:
    """So many faces in real masks in every step, beside those whose truth is known.

    Attributes:
        sha256: of the pack that they are of.
    """

    def __init__(self, recipe: ReconstructRecipe, setting: Setting) -> None:
        folder = setting.packs / "taught"
        self.count = recipe.taught_faces
        self.crops = TaughtCrops(open_taught(folder), size=recipe.size, spec=recipe.spec)
        self.sha256 = taught_sha256(folder)

    def beside(self, face: Tensor, hole: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Faces (N, 3, S, S) and maps (N, 1, S, S) of a step, those in real masks after them."""
        seeds = torch.randint(SEEDS, (self.count * ranks(),), generator=random)
        masked, hidden = self.crops.drawn(own(seeds).tolist())
        return torch.cat([face, masked.to(face.device)]), torch.cat([hole, hidden.to(hole.device)])


def masked_faces(recipe: ReconstructRecipe, setting: Setting) -> MaskedFaces | None:
    """What a recipe's `taught_faces` ask for."""
    return MaskedFaces(recipe, setting) if recipe.taught_faces else None

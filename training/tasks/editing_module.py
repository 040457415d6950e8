"""Training of the editing module of the two-discriminator system (after Din et al. 2020)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from training import losses_published as published
from training.losses import perceptual
from training.networks.din import EditingModule
from training.networks.perceptual import VggFeatures
from training.networks.pix2pix import PatchGan
from training.system import Count, Rate, Setting, Share, Weight
from training.task import MODEL, Batch, Loss, Step, Task
from training.tasks.faces import GAN_BETAS, FaceRecipe, FaceSystem, FaceTask, vgg19


class EditingModuleRecipe(FaceRecipe):
    """The recipe.

    Attributes:
        l1, ssim: weights of the two reconstruction losses.
        perceptual: weight of the VGG-19 loss.
        whole, region: weights of the adversarial losses, of the whole picture and of the map.
        region_from: share of the run after which the map's discriminator joins: the whole face is
            learned first, the hidden part then.
        dropout: in the decoder's lowest blocks.
        width, discriminator_width: channels of the first layers; 64 is the full size.
    """

    least_size: ClassVar[tuple[int, str]] = (64, "instance normalisation")

    task: Literal["editing_module"]
    size: Count = 256
    batch: Count = 16
    rate: Rate = 2e-4
    l1: Weight = 100.0
    ssim: Weight = 100.0
    perceptual: Weight = 10.0
    whole: Weight = 0.3
    region: Weight = 0.7
    region_from: Share = 0.4
    dropout: Share = 0.5
    width: Count = 64
    discriminator_width: Count = 64

    @property
    @override
    def halvings(self) -> int:
        return 5


class EditingModuleTask(FaceTask[EditingModuleRecipe]):
    """The joint loss: L1 + SSIM + perceptual + both adversarial ones, weighted; Adam.

    The map is the data's own. In use it is the analyst's, drawn by whichever map model and corrected.
    The map's discriminator sees the picture with everything but the map black, and the map.
    """

    def __init__(self, recipe: EditingModuleRecipe, setting: Setting) -> None:
        super().__init__(
            recipe, setting, lambda: EditingModule(recipe.width, recipe.dropout), GAN_BETAS
        )
        for name in ("whole", "region"):
            self.opponent(name, PatchGan(4, recipe.discriminator_width, "instance"))
        self.features: VggFeatures | None = vgg19(setting) if recipe.perceptual else None

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        recipe, face, hole = self.recipe, batch["face"], batch["hole"]
        with self.autocast():
            output = self.model(face, hole).float()
        l1 = functional.l1_loss(output, face)
        ssim = published.ssim_distance(output, face)
        parts = {"l1": l1, "ssim": ssim}
        loss = recipe.l1 * l1 + recipe.ssim * ssim
        if self.features is not None:
            with self.autocast():
                seen = [layer.float() for layer in self.features(torch.cat([output, face]))]
            halves = [layer.chunk(2) for layer in seen]
            near = perceptual([half[0] for half in halves], [half[1] for half in halves])
            loss = loss + recipe.perceptual * near
            parts["perceptual"] = near
        judges = {"whole": recipe.whole}
        if step.number >= recipe.region_from * recipe.steps:
            judges["region"] = recipe.region
        for name, weight in judges.items():
            judge = self.learners[name].network
            fake_input = _judged(output, hole, only_map=name == "region")
            real_input = _judged(face, hole, only_map=name == "region")
            with self.autocast():
                real, fake = judge(real_input), judge(fake_input.detach())
            against = published.gan_discriminator(real.float(), fake.float())
            yield Loss(name, against, {f"d_{name}": against})
            with self.autocast():
                fake = judge(fake_input)
            loss = loss + weight * published.gan_generator(fake.float())
        yield Loss(MODEL, loss, parts)


def _judged(picture: Tensor, hole: Tensor, *, only_map: bool) -> Tensor:
    """What a discriminator sees, (N, 4, S, S) in -1..1: the picture, or its part in the map; the map."""
    shown = picture * 2 - 1
    if only_map:
        shown = shown * hole - (1 - hole)
    return torch.cat([shown, hole * 2 - 1], dim=1)


class EditingModuleSystem(FaceSystem[EditingModuleRecipe]):
    """See :class:`training.system.System`."""

    recipe = EditingModuleRecipe

    @override
    def task(self, recipe: EditingModuleRecipe, setting: Setting) -> Task:
        return EditingModuleTask(recipe, setting)

    @override
    def network(self, recipe: EditingModuleRecipe) -> nn.Module:
        return EditingModule(recipe.width, recipe.dropout)

    @override
    def words(self, recipe: EditingModuleRecipe) -> tuple[str, str]:
        return (
            "Two-discriminator GAN",
            f"Editing module after Din et al. 2020, {recipe.width} channels wide.",
        )

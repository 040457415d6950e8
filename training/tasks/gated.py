"""Training of the gated-convolution generator with SN-PatchGAN (Fan et al., after Yu et al. 2019)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import torch
from pydantic import Field
from torch import nn
from torch.nn import functional
from typing_extensions import override

from training import losses_published as losses
from training.networks.gated import GatedGenerator, SnPatchGan
from training.system import Count, Rate, Setting, Weight
from training.task import MODEL, Batch, Loss, Step, Task
from training.tasks.faces import GAN_BETAS, FaceRecipe, FaceSystem, FaceTask


class GatedRecipe(FaceRecipe):
    """The recipe.

    Attributes:
        l1, adversarial: weights of the two losses, 1 : 1 in the paper.
        width: channels of the generator's first layer, gates included; 48 is the full size.
        discriminator_width: channels of the discriminator's first layer; 64 is the full size.
    """

    # On one pixel, oneDNN's 16-bit 5x5 convolution leaves parts of its gradient unset (torch 2.13).
    least_size: ClassVar[tuple[int, str]] = (64, "the discriminator")

    task: Literal["gated"]
    size: Count = 256
    batch: Count = 16
    rate: Rate = 1e-4
    l1: Weight = 1.0
    adversarial: Weight = 1.0
    width: Annotated[int, Field(ge=8, multiple_of=4)] = 48
    discriminator_width: Count = 64

    @property
    @override
    def halvings(self) -> int:
        return 3


class GatedTask(FaceTask[GatedRecipe]):
    """L1 of both stages and the hinge loss of the composite, whole pictures in -1..1; Adam."""

    def __init__(self, recipe: GatedRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting, lambda: GatedGenerator(recipe.width), GAN_BETAS)
        discriminator = SnPatchGan(recipe.discriminator_width)
        self.discriminator = self.opponent("discriminator", discriminator).network

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        recipe, face, hole = self.recipe, batch["face"], batch["hole"]
        network = self.model
        assert isinstance(network, GatedGenerator)
        with self.autocast():
            coarse, fine = network.stages(face, hole)
            filled = face * (1 - hole) + fine.float() * hole
            scores = self.discriminator(torch.cat([face, filled.detach()]), torch.cat([hole, hole]))
        real, fake = scores.float().chunk(2)
        loss_d = losses.hinge_discriminator(real, fake)
        yield Loss("discriminator", loss_d, {"d": loss_d})
        with self.autocast():
            fake = self.discriminator(filled, hole)
        adversarial = losses.hinge_generator(fake.float())
        # The paper's pictures are in -1..1, twice ours.
        near = 2 * (
            functional.l1_loss(coarse.float(), face) + functional.l1_loss(fine.float(), face)
        )
        yield Loss(
            MODEL,
            recipe.l1 * near + recipe.adversarial * adversarial,
            {"adversarial": adversarial, "l1": near},
        )


class GatedSystem(FaceSystem[GatedRecipe]):
    """See :class:`training.system.System`."""

    recipe = GatedRecipe

    @override
    def task(self, recipe: GatedRecipe, setting: Setting) -> Task:
        return GatedTask(recipe, setting)

    @override
    def network(self, recipe: GatedRecipe) -> nn.Module:
        return GatedGenerator(recipe.width)

    @override
    def words(self, recipe: GatedRecipe) -> tuple[str, str]:
        return (
            "Gated convolution",
            "Gated convolution with contextual attention and SN-PatchGAN after Fan et al. and "
            f"Yu et al. 2019, {recipe.width} channels wide.",
        )

"""Training of the gated-convolution generator with SN-PatchGAN (Fan et al., after Yu et al. 2019)."""

from __future__ import annotations

from typing import Literal, Self

import torch
from pydantic import model_validator
from torch import nn
from torch.nn import functional
from typing_extensions import override

from training import losses_published as losses
from training.engine import Batch, Task
from training.networks.gated import GatedGenerator, SnPatchGan
from training.system import Count, Rate, Setting, Weight
from training.tasks.common import check_size, placed
from training.tasks.faces import FaceRecipe, FaceSystem, FaceTask, descend

BETAS = (0.5, 0.999)


class GatedRecipe(FaceRecipe):
    """The recipe.

    Attributes:
        l1, adversarial: weights of the two losses, 1 : 1 in the paper.
        width: channels of the generator's first layer, gates included; 48 is the full size.
        discriminator_width: channels of the discriminator's first layer; 64 is the full size.
    """

    task: Literal["gated"]
    size: Count = 256
    batch: Count = 16
    rate: Rate = 1e-4
    l1: Weight = 1.0
    adversarial: Weight = 1.0
    width: Count = 48
    discriminator_width: Count = 64

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        check_size(self.size, 8)
        # On one pixel, oneDNN's 16-bit 5x5 convolution leaves parts of its gradient unset (torch 2.13).
        if self.size < 64:
            raise ValueError(f"has the size {self.size}; the discriminator wants 64 at least")
        if self.width < 8 or self.width % 4:
            raise ValueError(f"has the width {self.width}, which is not a multiple of 4 from 8 on")
        return self


class GatedTask(FaceTask[GatedRecipe]):
    """L1 of both stages and the hinge loss of the composite, whole pictures in -1..1; Adam."""

    def __init__(self, recipe: GatedRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting, lambda: GatedGenerator(recipe.width))
        self.discriminator = placed(SnPatchGan(recipe.discriminator_width), setting.device)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=recipe.rate, betas=BETAS)
        self.discriminator_optimiser = torch.optim.Adam(
            self.discriminator.parameters(), lr=recipe.rate, betas=BETAS
        )
        self.parts = {
            "optimiser": self.optimiser,
            "discriminator": self.discriminator,
            "discriminator_optimiser": self.discriminator_optimiser,
        }

    @override
    def learn(self, batch: Batch, step: int) -> dict[str, float]:
        recipe, face, hole = self.recipe, batch["face"], batch["hole"]
        network = self.model
        assert isinstance(network, GatedGenerator)
        with self.autocast():
            coarse, fine = network.stages(face, hole)
            filled = face * (1 - hole) + fine.float() * hole
            scores = self.discriminator(torch.cat([face, filled.detach()]), torch.cat([hole, hole]))
        real, fake = scores.float().chunk(2)
        loss_d = losses.hinge_discriminator(real, fake)
        descend(self.discriminator_optimiser, loss_d)
        self.discriminator.requires_grad_(False)
        with self.autocast():
            fake = self.discriminator(filled, hole)
        adversarial = losses.hinge_generator(fake.float())
        # The paper's pictures are in -1..1, twice ours.
        near = 2 * (
            functional.l1_loss(coarse.float(), face) + functional.l1_loss(fine.float(), face)
        )
        descend(self.optimiser, recipe.l1 * near + recipe.adversarial * adversarial)
        self.discriminator.requires_grad_(True)
        return {
            "d": float(loss_d.detach()),
            "adversarial": float(adversarial.detach()),
            "l1": float(near.detach()),
        }


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

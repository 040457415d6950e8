"""Training of pix2pix (Isola et al. 2017) with the three losses of Sunagad et al."""

from __future__ import annotations

from typing import Literal, Self

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from training import losses_published as losses
from training.engine import Batch, Task
from training.networks.pix2pix import PatchGan, Pix2PixGenerator, condition
from training.system import Count, Rate, Setting, Weight
from training.tasks.common import check_size, placed
from training.tasks.faces import FaceRecipe, FaceSystem, FaceTask, descend

BETAS = (0.5, 0.999)


class Pix2PixRecipe(FaceRecipe):
    """The recipe.

    Attributes:
        loss: what is added to the adversarial loss: l1 is pix2pix, cosine_mean and cosine_sum take
            the cosine similarity's mean or sum over the batch.
        weight: of that loss (the paper's lambda).
        width, discriminator_width: channels of the first layers; 64 is the full size.
        depth: levels of the generator; 8 for 256 px.
    """

    task: Literal["pix2pix"]
    size: Count = 256
    batch: Count = 16
    rate: Rate = 2e-4
    loss: Literal["l1", "cosine_mean", "cosine_sum"]
    weight: Weight = 100.0
    width: Count = 64
    discriminator_width: Count = 64
    depth: Count = 8

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        if self.depth < 3:
            raise ValueError("has a depth below 3")
        check_size(self.size, max(32, 2**self.depth))
        return self


class Pix2PixTask(FaceTask[Pix2PixRecipe]):
    """One step of the discriminator, one of the generator (Isola et al. 2017, eq. 4), both Adam.

    The paper trains one picture at a time, so that batch normalisation works on single pictures in
    training and in use. Here batches are larger, and the exported network normalises by the running
    figures and has no dropout: the same face always gives the same picture.
    """

    def __init__(self, recipe: Pix2PixRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting, lambda: Pix2PixGenerator(recipe.width, recipe.depth))
        self.discriminator = placed(PatchGan(6, recipe.discriminator_width), setting.device)
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
        seen, target = condition(batch["face"], batch["hole"]), batch["face"] * 2 - 1
        with self.autocast():
            output = self.model(batch["face"], batch["hole"]) * 2 - 1
            real = self.discriminator(torch.cat([seen, target], dim=1))
            fake = self.discriminator(torch.cat([seen, output.detach()], dim=1))
        loss_d = losses.gan_discriminator(real.float(), fake.float())
        descend(self.discriminator_optimiser, loss_d)
        self.discriminator.requires_grad_(False)
        with self.autocast():
            fake = self.discriminator(torch.cat([seen, output], dim=1))
        adversarial = losses.gan_generator(fake.float())
        near = self.distance(output.float(), target)
        descend(self.optimiser, adversarial + self.recipe.weight * near)
        self.discriminator.requires_grad_(True)
        return {
            "d": float(loss_d.detach()),
            "adversarial": float(adversarial.detach()),
            self.recipe.loss: float(near.detach()),
        }

    def distance(self, output: Tensor, target: Tensor) -> Tensor:
        """The recipe's loss of pictures in -1..1."""
        match self.recipe.loss:
            case "l1":
                return functional.l1_loss(output, target)
            case "cosine_mean":
                return losses.cosine_distance(output, target, "mean")
            case "cosine_sum":
                return losses.cosine_distance(output, target, "sum")


class Pix2PixSystem(FaceSystem[Pix2PixRecipe]):
    """See :class:`training.system.System`."""

    recipe = Pix2PixRecipe

    @override
    def task(self, recipe: Pix2PixRecipe, setting: Setting) -> Task:
        return Pix2PixTask(recipe, setting)

    @override
    def network(self, recipe: Pix2PixRecipe) -> nn.Module:
        return Pix2PixGenerator(recipe.width, recipe.depth)

    @override
    def words(self, recipe: Pix2PixRecipe) -> tuple[str, str]:
        loss = {"l1": "L1", "cosine_mean": "cosine mean", "cosine_sum": "cosine sum"}[recipe.loss]
        return (
            f"Pix2pix, {loss}",
            f"Pix2pix with {loss} loss after Sunagad et al., {recipe.width} channels wide.",
        )

"""Training of pix2pix (Isola et al. 2017) with the three losses of Sunagad et al."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from training import losses_published as losses
from training.networks.pix2pix import PatchGan, Pix2PixGenerator, condition
from training.parallel import ranks
from training.system import Count, Rate, Setting, Weight
from training.task import MODEL, Batch, Loss, Step, Task
from training.tasks.faces import GAN_BETAS, FaceRecipe, FaceSystem, FaceTask


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
    depth: Annotated[int, Field(ge=3)] = 8

    @property
    @override
    def halvings(self) -> int:
        return max(5, self.depth)


class Pix2PixTask(FaceTask[Pix2PixRecipe]):
    """One step of the discriminator, one of the generator (Isola et al. 2017, eq. 4), both Adam.

    The paper trains one picture at a time, so that batch normalisation works on single pictures in
    training and in use. Here batches are larger, and the exported network normalises by the running
    figures and has no dropout: the same face always gives the same picture. The rate stays what it is
    (section 3.3); the authors' later code lets it fall to zero over the second half of the run. Random
    crops of an enlarged picture and mirror images are the jitter that all systems share.
    """

    def __init__(self, recipe: Pix2PixRecipe, setting: Setting) -> None:
        super().__init__(
            recipe, setting, lambda: Pix2PixGenerator(recipe.width, recipe.depth), GAN_BETAS
        )
        discriminator = PatchGan(6, recipe.discriminator_width)
        self.discriminator = self.opponent("discriminator", discriminator).network

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        seen, target = condition(batch["face"], batch["hole"]), batch["face"] * 2 - 1
        with self.autocast():
            output = self.model(batch["face"], batch["hole"]) * 2 - 1
            real = self.discriminator(torch.cat([seen, target], dim=1))
            fake = self.discriminator(torch.cat([seen, output.detach()], dim=1))
        loss_d = losses.gan_discriminator(real.float(), fake.float())
        yield Loss("discriminator", loss_d, {"d": loss_d})
        with self.autocast():
            fake = self.discriminator(torch.cat([seen, output], dim=1))
        adversarial = losses.gan_generator(fake.float())
        near = self.distance(output.float(), target)
        yield Loss(
            MODEL,
            adversarial + self.recipe.weight * near,
            {"adversarial": adversarial, self.recipe.loss: near},
        )

    def distance(self, output: Tensor, target: Tensor) -> Tensor:
        """The recipe's loss of pictures in -1..1."""
        match self.recipe.loss:
            case "l1":
                return functional.l1_loss(output, target)
            case "cosine_mean":
                return losses.cosine_distance(output, target, "mean")
            case "cosine_sum":
                # The processes' gradients are averaged, and a sum over the whole batch is wanted.
                return ranks() * losses.cosine_distance(output, target, "sum")


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

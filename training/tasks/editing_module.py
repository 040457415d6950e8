"""Training of the editing module of the two-discriminator system (after Din et al. 2020)."""

from __future__ import annotations

from typing import Literal, Self

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from training import losses_published as losses
from training.engine import Batch, Task
from training.losses import perceptual
from training.networks.din import EditingModule
from training.networks.perceptual import VggFeatures
from training.networks.pix2pix import PatchGan
from training.system import Count, Rate, Setting, Share, Weight
from training.tasks.common import check_size, placed
from training.tasks.faces import FaceRecipe, FaceSystem, FaceTask, descend, vgg19

BETAS = (0.5, 0.999)


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

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        check_size(self.size, 32)
        if self.size < 64:
            raise ValueError(f"has the size {self.size}; instance normalisation wants 64 at least")
        return self


class EditingModuleTask(FaceTask[EditingModuleRecipe]):
    """The joint loss: L1 + SSIM + perceptual + both adversarial ones, weighted; Adam.

    The map is the data's own. In use it is the analyst's, drawn by whichever map model and corrected.
    The map's discriminator sees the picture with everything but the map black, and the map.
    """

    def __init__(self, recipe: EditingModuleRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting, lambda: EditingModule(recipe.width, recipe.dropout))
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=recipe.rate, betas=BETAS)
        self.whole, self.region = (
            placed(PatchGan(4, recipe.discriminator_width, "instance"), setting.device)
            for _ in range(2)
        )
        self.whole_optimiser, self.region_optimiser = (
            torch.optim.Adam(network.parameters(), lr=recipe.rate, betas=BETAS)
            for network in (self.whole, self.region)
        )
        self.features: VggFeatures | None = vgg19(setting) if recipe.perceptual else None
        self.parts = {
            "optimiser": self.optimiser,
            "whole": self.whole,
            "whole_optimiser": self.whole_optimiser,
            "region": self.region,
            "region_optimiser": self.region_optimiser,
        }

    @override
    def learn(self, batch: Batch, step: int) -> dict[str, float]:
        recipe, face, hole = self.recipe, batch["face"], batch["hole"]
        with self.autocast():
            output = self.model(face, hole).float()
        metrics: dict[str, float] = {}
        l1 = functional.l1_loss(output, face)
        ssim = losses.ssim_distance(output, face)
        metrics |= {"l1": float(l1.detach()), "ssim": float(ssim.detach())}
        loss = recipe.l1 * l1 + recipe.ssim * ssim
        if self.features is not None:
            with self.autocast():
                seen = [layer.float() for layer in self.features(torch.cat([output, face]))]
            halves = [layer.chunk(2) for layer in seen]
            near = perceptual([half[0] for half in halves], [half[1] for half in halves])
            loss = loss + recipe.perceptual * near
            metrics["perceptual"] = float(near.detach())
        loss = loss + recipe.whole * self._against(
            self.whole, self.whole_optimiser, (output, face, hole), None, metrics
        )
        if step >= recipe.region_from * recipe.steps:
            loss = loss + recipe.region * self._against(
                self.region, self.region_optimiser, (output, face, hole), hole, metrics
            )
        descend(self.optimiser, loss)
        return metrics

    def _against(
        self,
        discriminator: PatchGan,
        optimiser: torch.optim.Optimizer,
        pictures: tuple[Tensor, Tensor, Tensor],
        only: Tensor | None,
        metrics: dict[str, float],
    ) -> Tensor:
        """One step of a discriminator; returns the generator's loss against it."""
        output, face, hole = pictures
        shown = [
            picture * 2 - 1 if only is None else (picture * 2 - 1) * only - (1 - only)
            for picture in (output, face)
        ]
        fake_input, real_input = (torch.cat([picture, hole * 2 - 1], dim=1) for picture in shown)
        with self.autocast():
            real, fake = discriminator(real_input), discriminator(fake_input.detach())
        loss = losses.gan_discriminator(real.float(), fake.float())
        descend(optimiser, loss)
        metrics["d_whole" if only is None else "d_region"] = float(loss.detach())
        discriminator.requires_grad_(False)
        with self.autocast():
            fake = discriminator(fake_input)
        discriminator.requires_grad_(True)
        return losses.gan_generator(fake.float())


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

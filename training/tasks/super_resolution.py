"""Training of the super-resolution network, which exports of the reconstruction network end in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional
from typing_extensions import override

from training import losses
from training.data.faces import open_pack
from training.data.sharp import SharpBatches, sharp_faces
from training.networks.projected import ProjectedDiscriminator
from training.networks.super_resolution import (
    FINER,
    SuperResolutionNetwork,
    halved,
    softened,
)
from training.system import Count, Setting, Share, Training, Weight, Widths
from training.task import MODEL, Batch, Learner, Loss, Step, Task, placed
from training.tasks.common import FramedRecipe, ScheduledRecipe, adamw, course, started_from
from training.tasks.faces import vgg19

BETAS = (0.5, 0.99)


class SuperResolutionRecipe(ScheduledRecipe, FramedRecipe):
    """Size, losses and schedule.

    Attributes:
        size: side, in pixels, of the crop that becomes twice as large.
        patch: side of the patches of the larger crop that are trained on.
        widths, blocks: of the network.
        softest: the strongest blur of what is shown, see :class:`training.data.sharp.SharpBatches`.
        l1, perceptual, adversarial: weights of the losses.
        judge_rate: the discriminator's rate over the network's.
    """

    task: Literal["super_resolution"]
    size: Count = 128
    patch: Count = 128
    batch: Count = 8
    cooldown: Share = 0.5
    widths: Widths = (32, 64)
    blocks: Count = 4
    softest: Weight = 1.2
    l1: Weight = 2.0
    perceptual: Weight = 1.0
    adversarial: Weight = 0.015
    judge_rate: Weight = 1.0

    @property
    @override
    def halvings(self) -> int:
        return 1


class SuperResolutionTask(Task):
    """L1, perceptual loss and a discriminator on VGG-19's features."""

    def __init__(self, recipe: SuperResolutionRecipe, setting: Setting) -> None:
        super().__init__(
            lambda: super_resolution(recipe),
            seed=recipe.seed,
            device=setting.device,
            start=started_from(recipe, setting),
        )
        self.recipe = recipe
        size = FINER * recipe.size
        faces = sharp_faces(setting.data, setting.packs, size=size, spec=recipe.spec)
        self.data = SharpBatches(
            faces,
            open_pack(setting.packs / "faces"),
            size=size,
            patch=recipe.patch,
            batch=recipe.batch,
            seed=recipe.seed,
            steps=recipe.steps,
            softest=recipe.softest,
        )
        self.reads(self.data.pack.sha256, self.data.sha256)
        self.features = vgg19(setting, last="3_2")
        self.learners[MODEL] = Learner(
            network=self.model,
            optimiser=adamw(self.model, recipe.rate, BETAS),
            rate=course(recipe),
            longest=1.0,
        )
        judge = placed(
            ProjectedDiscriminator(self.features.channels, self.features.strides, reach=4),
            setting.device,
        )
        self.learners["discriminator"] = Learner(
            network=judge,
            optimiser=adamw(judge, recipe.judge_rate * recipe.rate, BETAS),
            rate=course(recipe, factor=recipe.judge_rate),
            longest=1.0,
        )

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        recipe, judge = self.recipe, self.learners["discriminator"].network
        sharp = batch["sharp"]
        everywhere = sharp.new_ones(len(sharp), 1, *sharp.shape[2:])
        with self.autocast():
            drawn = self.model(self.shown_to(batch))
            fake = self.features(drawn)
            with torch.no_grad():
                real = self.features(sharp)
            both = [torch.cat([f.detach(), r]) for f, r in zip(fake, real, strict=True)]
            scores = judge(both, everywhere.repeat(2, 1, 1, 1))
        each = []
        for score in scores:
            on_fake, on_real = score.float().chunk(2)
            ones = torch.ones_like(on_fake)
            each.append(losses.hinge_discriminator(on_real, on_fake, ones, ones))
        told = torch.stack(each).mean()
        yield Loss("discriminator", told, {"d": told})
        with self.autocast():
            scores = judge(fake, everywhere)
            persuasion = torch.stack(
                [losses.hinge_generator(s.float(), torch.ones_like(s).float()) for s in scores]
            ).mean()
        figures = {
            "l1": functional.l1_loss(drawn.float(), sharp),
            "perceptual": losses.perceptual([f.float() for f in fake], [r.float() for r in real]),
            "adversarial": persuasion,
        }
        loss = recipe.l1 * figures["l1"] + recipe.perceptual * figures["perceptual"]
        yield Loss(MODEL, loss + recipe.adversarial * figures["adversarial"], figures)

    def shown_to(self, batch: Batch) -> Tensor:
        """What the network is shown of the patches: half of their size, some of them blurred."""
        return softened(halved(batch["sharp"]), batch["soft"])

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        shown = self.shown_to(batch)
        enlarged = functional.interpolate(shown, scale_factor=FINER, mode="bicubic")
        return [enlarged.clamp(0, 1), self.model(shown).clamp(0, 1), batch["sharp"]]


class SuperResolutionTraining(Training[SuperResolutionRecipe]):
    """See :class:`training.system.Training`; its runs end in those of the reconstruction network."""

    recipe = SuperResolutionRecipe

    @override
    def task(self, recipe: SuperResolutionRecipe, setting: Setting) -> Task:
        return SuperResolutionTask(recipe, setting)


def super_resolution(recipe: SuperResolutionRecipe) -> SuperResolutionNetwork:
    """The network that a recipe asks for, its weights still random.

    Raises:
        ValueError: the recipe has another number of widths.
    """
    if len(recipe.widths) != 2:
        raise ValueError(f"The recipe {recipe.name} has {len(recipe.widths)} widths; give it two.")
    return SuperResolutionNetwork((recipe.widths[0], recipe.widths[1]), recipe.blocks)

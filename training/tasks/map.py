"""Training of the map network on synthetic masks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from app.inference.card import Kind
from training.data.hashes import taught_sha256
from training.degrade import GREY
from training.networks.map_unet import MapNetwork
from training.parallel import whole
from training.system import GROUPS, Count, Setting, Share, Text, Widths
from training.task import MODEL, Batch, Learner, Loss, Step, Task
from training.tasks.common import (
    MapRecipeBase,
    MapSystemBase,
    ScheduledRecipe,
    adamw,
    course,
    map_batches,
    started_from,
)


class MapRecipe(ScheduledRecipe, MapRecipeBase):
    """Size, data and schedule.

    `taught_share` of the faces come from the pack of :mod:`training.data.taught`, which a first map
    model must have made; `wide_share` of all crops are as wide as the application's second look, and
    `grey_share` have no colour.
    """

    task: Literal["map"]
    size: Count = 128
    batch: Count = 32
    widths: Widths = (32, 64, 128, 192, 256)
    taught_share: float = 0.0
    wide_share: float = 0.0
    grey_share: Share = GREY

    @property
    @override
    def halvings(self) -> int:
        return len(self.widths)


class MapTask(Task):
    """Cross-entropy plus soft Dice (Milletari et al. 2016, eq. for D)."""

    def __init__(self, recipe: MapRecipe, setting: Setting) -> None:
        super().__init__(
            lambda: MapNetwork(recipe.widths),
            seed=recipe.seed,
            device=setting.device,
            start=started_from(recipe, setting),
        )
        self.data = map_batches(
            recipe,
            setting,
            taught_share=recipe.taught_share,
            wide_share=recipe.wide_share,
            grey_share=recipe.grey_share,
        )
        taught = [taught_sha256(setting.packs / "taught")] if recipe.taught_share else []
        self.reads(self.data.pack.sha256, *taught)
        self.learners[MODEL] = Learner(
            network=self.model,
            optimiser=adamw(self.model, recipe.rate),
            rate=course(recipe),
            longest=1.0,
        )

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        target = batch["map"]
        with self.autocast():
            logit = self.model(batch["face"]).float()
        entropy = functional.binary_cross_entropy_with_logits(logit, target)
        probability = torch.sigmoid(logit)
        overlap = (probability * target).sum(dim=(1, 2, 3))
        total = probability.sum(dim=(1, 2, 3)) + target.sum(dim=(1, 2, 3))
        dice = (1 - (2 * overlap + 20) / (total + 20)).mean()
        yield Loss(MODEL, entropy + 0.5 * dice, {"bce": entropy} | overlaps(logit, target))

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        return [batch["face"], torch.sigmoid(self.model(batch["face"])), batch["map"]]


@torch.no_grad()
def overlaps(logit: Tensor, target: Tensor) -> dict[str, Tensor]:
    """Mean IoU of the faces that wear a mask, and the share of the others that is called mask.

    Both are over the faces of all processes, which need not have equally many of either kind.

    Args:
        logit: (N, 1, S, S), above 0 where a mask is seen.
        target: (N, 1, S, S) in 0..1.
    """
    seen, truth = (logit > 0).flatten(1), (target > 0.5).flatten(1)
    worn = truth.any(dim=1).float()
    either = (seen | truth).sum(dim=1).clamp(min=1)
    iou = (seen & truth).sum(dim=1) / either
    area = seen.float().mean(dim=1)
    share = whole(worn.mean())
    none = (share == 0).float()
    # A share of no face is 0, and so is what it divides.
    return {
        "iou": (iou * worn).mean() / share.clamp(min=1e-6) + none,
        "false_area": (area * (1 - worn)).mean() / (1 - share).clamp(min=1e-6),
    }


class MapSystem(MapSystemBase[MapRecipe]):
    """See :class:`training.system.System`."""

    recipe = MapRecipe

    @override
    def task(self, recipe: MapRecipe, setting: Setting) -> Task:
        return MapTask(recipe, setting)

    @override
    def network(self, recipe: MapRecipe) -> nn.Module:
        return MapNetwork(recipe.widths)

    @override
    def text(self, recipe: MapRecipe, kind: Kind | None) -> Text:
        taught = "Trained on synthetic masks only"
        if recipe.taught_share:
            taught = "Trained on synthetic masks and on real ones that an earlier version mapped"
        return Text(
            title="Mask map",
            summary="Draws the binary map of the worn mask in an aligned face (residual U-Net).",
            intended_use="A first map that the analyst corrects with the brush.",
            limits=(
                f"{taught}; unusual respirators, scarves and hands may be cut short.",
                "Straps are not part of the map.",
                GROUPS,
            ),
        )

    @override
    def data(self, recipe: MapRecipe) -> str:
        """The pack of :mod:`training.data.taught`, where it was used."""
        if not recipe.taught_share:
            return ""
        return (
            "; real photos of people in masks, mapped by an earlier version; MaskedFaceSegmentation"
        )

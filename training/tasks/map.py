"""Training of the map network on synthetic masks."""

from __future__ import annotations

from typing import Any, Literal, Self

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from app.imaging.alignment import AlignmentSpec
from app.inference.card import Kind, OutputKind
from training.data.masked import open_masked
from training.data.masked_crops import MapBatches
from training.data.taught import open_taught
from training.engine import Batch, Task
from training.networks.map_unet import MapNetwork
from training.system import (
    GROUPS,
    Count,
    Graph,
    Rate,
    Recipe,
    Setting,
    Share,
    System,
    Text,
    Widths,
    batch_dimension,
)
from training.tasks.common import check_size, placed, scheduled, set_rate, update, warm_start


class MapRecipe(Recipe):
    """Size, data and schedule.

    ``eye_distance`` and ``eye_y`` frame the face so that a gaiter fits in. `taught_share` of the
    faces come from the pack of :mod:`training.data.taught`, which a first map model must have made.
    """

    task: Literal["map"]
    size: Count = 128
    batch: Count = 32
    rate: Rate = 1e-3
    cooldown: Share = 0.4
    warm_start: str = ""
    widths: Widths = (32, 64, 128, 192, 256)
    eye_distance: float = 0.26
    eye_y: float = 0.38
    taught_share: float = 0.0

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        check_size(self.size, 2 ** len(self.widths))
        return self


class MapTask:
    """See :class:`training.engine.Task`.

    Cross-entropy plus soft Dice (Milletari et al. 2016, eq. for D).
    """

    def __init__(self, recipe: MapRecipe, setting: Setting) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device = recipe, setting.device
        network = MapNetwork(recipe.widths)
        if recipe.warm_start:
            warm_start(network, setting.runs / recipe.warm_start)
        self.model: nn.Module = placed(network, setting.device)
        pack = open_masked(setting.packs / "masked")
        self.data_sha256 = pack.sha256
        self.data = MapBatches(
            pack,
            size=recipe.size,
            batch=recipe.batch,
            seed=recipe.seed,
            steps=recipe.steps,
            spec=AlignmentSpec(eye_distance=recipe.eye_distance, eye_y=recipe.eye_y),
            taught=open_taught(setting.packs / "taught") if recipe.taught_share else None,
            taught_share=recipe.taught_share,
        )
        self.optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, betas=(0.9, 0.99))

    def state(self) -> dict[str, Any]:
        """The optimiser."""
        return {"optimiser": self.optimiser.state_dict()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take back :meth:`state`."""
        self.optimiser.load_state_dict(state["optimiser"])

    def step(self, batch: Batch, progress: float) -> dict[str, float]:
        """One step."""
        recipe = self.recipe
        set_rate(self.optimiser, scheduled(recipe.rate, progress, recipe.steps, recipe.cooldown))
        face, target = batch["face"], batch["map"]
        with torch.autocast(self.device.type, torch.bfloat16):
            logit = self.model(face).float()
        entropy = functional.binary_cross_entropy_with_logits(logit, target)
        probability = torch.sigmoid(logit)
        overlap = (probability * target).sum(dim=(1, 2, 3))
        total = probability.sum(dim=(1, 2, 3)) + target.sum(dim=(1, 2, 3))
        dice = (1 - (2 * overlap + 20) / (total + 20)).mean()
        update(self.optimiser, entropy + 0.5 * dice, self.model.parameters())
        with torch.no_grad():
            seen = logit > 0
            truth = target > 0.5
            worn = truth.flatten(1).any(dim=1)
            both = (seen & truth).flatten(1).sum(dim=1)[worn]
            either = (seen | truth).flatten(1).sum(dim=1)[worn].clamp(min=1)
            iou = float((both / either).mean()) if bool(worn.any()) else 1.0
            false_area = float(seen[~worn].float().mean()) if bool((~worn).any()) else 0.0
        return {"bce": float(entropy.detach()), "iou": iou, "false_area": false_area}


class MapSystem(System[MapRecipe]):
    """See :class:`training.system.System`."""

    recipe = MapRecipe
    stage = "map"

    @override
    def task(self, recipe: MapRecipe, setting: Setting) -> Task:
        """The training."""
        return MapTask(recipe, setting)

    @override
    def graph(
        self, recipe: MapRecipe, weights: dict[str, Tensor], *, sketch: bool, latent: bool
    ) -> Graph:
        """Face to one logit per pixel."""
        network = MapNetwork(recipe.widths)
        network.load_state_dict(weights)
        return Graph(
            module=network,
            inputs=(torch.rand(2, 3, recipe.size, recipe.size),),
            names=["face"],
            outputs=["logit"],
            dynamic=[{0: batch_dimension()}],
        )

    @override
    def text(self, recipe: MapRecipe, kind: Kind | None) -> Text:
        """The words of the card."""
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

    @override
    def input(self, recipe: MapRecipe) -> dict[str, Any]:
        """An aligned crop."""
        return {
            "size": recipe.size,
            "eye_distance": recipe.eye_distance,
            "eye_y": recipe.eye_y,
        }

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        """A logit per pixel."""
        return "logit"

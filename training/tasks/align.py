"""Training of the aligner: landmarks under synthetic masks."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
import torch
from pydantic import model_validator
from torch import Tensor, nn
from typing_extensions import override

from app.imaging.face import LEFT_EYE, RIGHT_EYE
from app.inference.card import Kind, OutputKind
from training.data.masked import open_masked
from training.data.masked_crops import AlignBatches
from training.engine import Batch, Task
from training.networks.aligner import AlignerNetwork
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
    batch_dimension,
)
from training.tasks.common import check_size, placed, scheduled, set_rate, update, warm_start

EYE_WEIGHT = 3.0
"""The alignment hangs on the eyes alone, and they are the part that is seen."""


class AlignRecipe(Recipe):
    """Size, data and schedule; `margin` is the crop's side over the box's longer side."""

    task: Literal["align"]
    size: Count = 96
    batch: Count = 64
    rate: Rate = 1e-3
    cooldown: Share = 0.5
    warm_start: str = ""
    margin: float = 1.3

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        check_size(self.size, 16)
        return self


class AlignTask:
    """See :class:`training.engine.Task`. Absolute error in inter-ocular distances, eyes weighted."""

    def __init__(self, recipe: AlignRecipe, setting: Setting) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device = recipe, setting.device
        network = AlignerNetwork(recipe.size)
        pack = open_masked(setting.packs / "masked")
        self.data_sha256 = pack.sha256
        self.data = AlignBatches(
            pack,
            size=recipe.size,
            batch=recipe.batch,
            seed=recipe.seed,
            steps=recipe.steps,
            margin=recipe.margin,
        )
        shapes = [
            self.data.box_alignment(points).to_crop(points)
            for points in pack.landmarks[pack.indices("train")[::50]]
        ]
        if recipe.warm_start:
            warm_start(network, setting.runs / recipe.warm_start)
        # The mean shape follows this recipe's crop, which may be another than the first run's.
        network.mean_shape.copy_(torch.from_numpy(np.mean(shapes, axis=0)).float())
        self.model: nn.Module = placed(network, setting.device)
        self.optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, betas=(0.9, 0.99))
        weight = torch.ones(68)
        weight[RIGHT_EYE] = weight[LEFT_EYE] = EYE_WEIGHT
        self.weight = (weight / weight.mean()).to(setting.device)

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
        target = batch["landmarks"]
        with torch.autocast(self.device.type, torch.bfloat16):
            output = self.model(batch["face"])
        eyes = target[:, RIGHT_EYE].mean(dim=1) - target[:, LEFT_EYE].mean(dim=1)
        unit = eyes.norm(dim=1).clamp(min=0.1)[:, None]
        distance = (output.float() - target).norm(dim=2) / unit
        loss = (distance * self.weight).mean()
        update(self.optimiser, loss, self.model.parameters())
        eye = 0.5 * (distance[:, RIGHT_EYE].mean() + distance[:, LEFT_EYE].mean())
        return {"error": float(distance.detach().mean()), "eye": float(eye.detach())}


class AlignSystem(System[AlignRecipe]):
    """See :class:`training.system.System`."""

    recipe = AlignRecipe
    stage = "align"

    @override
    def task(self, recipe: AlignRecipe, setting: Setting) -> Task:
        """The training."""
        return AlignTask(recipe, setting)

    @override
    def graph(
        self, recipe: AlignRecipe, weights: dict[str, Tensor], *, sketch: bool, latent: bool
    ) -> Graph:
        """Face to landmarks."""
        network = AlignerNetwork(recipe.size)
        network.load_state_dict(weights)
        return Graph(
            module=network,
            inputs=(torch.rand(2, 3, recipe.size, recipe.size),),
            names=["face"],
            outputs=["landmarks"],
            dynamic=[{0: batch_dimension()}],
        )

    @override
    def text(self, recipe: AlignRecipe, kind: Kind | None) -> Text:
        """The words of the card."""
        return Text(
            title="Landmark aligner",
            summary="Places 68 landmarks in a face box, also under a mask.",
            intended_use="Aligning a face by its eyes for the map and the reconstruction.",
            limits=(
                "Nose, mouth and jaw under a mask are estimates from the visible part.",
                "Full profiles were hardly in the training data.",
                GROUPS,
            ),
        )

    @override
    def input(self, recipe: AlignRecipe) -> dict[str, Any]:
        """A crop around the face's box."""
        return {"size": recipe.size, "margin": recipe.margin}

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        """Landmarks."""
        return "landmarks"

"""Training of the aligner: landmarks under synthetic masks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from typing_extensions import override

from app.imaging.face import LEFT_EYE, RIGHT_EYE
from app.inference.card import Kind, OutputKind
from training.data.masked_crops import AlignBatches
from training.networks.aligner import AlignerNetwork
from training.system import GROUPS, Count, Graph, Setting, Share, Text
from training.task import MODEL, Batch, Learner, Loss, Step, Task
from training.tasks.common import (
    NetworkSystem,
    ScheduledRecipe,
    adamw,
    course,
    dotted,
    face_graph,
    masked_pack,
    started_from,
)

EYE_WEIGHT = 3.0
"""The alignment hangs on the eyes alone, and they are the part that is seen."""


class AlignRecipe(ScheduledRecipe):
    """Size, data and schedule.

    Attributes:
        margin: the crop's side over the box's longer side.
        turned_share: part of the heads that are turned further than in their photos.
    """

    task: Literal["align"]
    size: Count = 96
    batch: Count = 64
    cooldown: Share = 0.5
    margin: float = 1.3
    turned_share: Share = 0.0

    @property
    @override
    def halvings(self) -> int:
        return 4


class AlignTask(Task):
    """Absolute error in inter-ocular distances, eyes weighted."""

    data: AlignBatches

    def __init__(self, recipe: AlignRecipe, setting: Setting) -> None:
        super().__init__(
            lambda: AlignerNetwork(recipe.size),
            seed=recipe.seed,
            device=setting.device,
            start=started_from(recipe, setting),
        )
        pack = masked_pack(setting, "align")
        self.reads(pack.sha256)
        self.data = AlignBatches(
            pack,
            size=recipe.size,
            batch=recipe.batch,
            seed=recipe.seed,
            steps=recipe.steps,
            margin=recipe.margin,
            turned_share=recipe.turned_share,
        )
        shapes = [
            self.data.box_alignment(points).to_crop(points)
            for points in pack.landmarks[pack.indices("train")[::50]]
        ]
        # The mean shape follows this recipe's crop, which may be another than the first run's.
        assert isinstance(self.model, AlignerNetwork)
        self.model.mean_shape.copy_(torch.from_numpy(np.mean(shapes, axis=0)).float())
        self.learners[MODEL] = Learner(
            network=self.model,
            optimiser=adamw(self.model, recipe.rate),
            rate=course(recipe),
            longest=1.0,
        )
        weight = torch.ones(68)
        weight[RIGHT_EYE] = weight[LEFT_EYE] = EYE_WEIGHT
        self.weight = (weight / weight.mean()).to(setting.device)

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        target = batch["landmarks"]
        with self.autocast():
            output = self.model(batch["face"])
        eyes = target[:, RIGHT_EYE].mean(dim=1) - target[:, LEFT_EYE].mean(dim=1)
        unit = eyes.norm(dim=1).clamp(min=0.1)[:, None]
        distance = (output.float() - target).norm(dim=2) / unit
        eye = 0.5 * (distance[:, RIGHT_EYE].mean() + distance[:, LEFT_EYE].mean())
        yield Loss(MODEL, (distance * self.weight).mean(), {"error": distance.mean(), "eye": eye})

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        face = batch["face"]
        return [dotted(face, self.model(face)), dotted(face, batch["landmarks"])]


class AlignSystem(NetworkSystem[AlignRecipe]):
    """See :class:`training.system.System`."""

    recipe = AlignRecipe
    stage = "align"

    @override
    def task(self, recipe: AlignRecipe, setting: Setting) -> Task:
        return AlignTask(recipe, setting)

    @override
    def network(self, recipe: AlignRecipe) -> nn.Module:
        return AlignerNetwork(recipe.size)

    @override
    def wrapped(self, recipe: AlignRecipe, network: nn.Module) -> Graph:
        return face_graph(network, recipe.size, "landmarks")

    @override
    def text(self, recipe: AlignRecipe, kind: Kind | None) -> Text:
        return Text(
            title="Landmark aligner",
            summary="Places 68 landmarks in a face box, also under a mask.",
            intended_use="Aligning a face by its eyes for the map and the reconstruction.",
            limits=(
                "Nose, mouth and jaw under a mask are estimates from the visible part.",
                "Full profiles in training were made from half profiles.",
                GROUPS,
            ),
        )

    @override
    def input(self, recipe: AlignRecipe) -> dict[str, Any]:
        return {"size": recipe.size, "margin": recipe.margin}

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        return "landmarks"

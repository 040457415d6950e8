"""Training of the map module of the two-discriminator system (after Din et al. 2020)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from app.inference.card import Kind
from training.networks.din import MapModule
from training.system import GROUPS, Count, Rate, Setting, Text
from training.task import MODEL, Batch, Learner, Loss, Step, Task
from training.tasks.common import MapRecipeBase, MapSystemBase, adam, map_batches


class MapModuleRecipe(MapRecipeBase):
    """The recipe; `width` is the number of channels after the first block, 64 the full size."""

    least_size: ClassVar[tuple[int, str]] = (64, "instance normalisation")

    task: Literal["map_module"]
    size: Count = 256
    batch: Count = 16
    rate: Rate = 2e-4
    width: Count = 64

    @property
    @override
    def halvings(self) -> int:
        return 5


class MapModuleTask(Task):
    """Cross-entropy of the tanh output, Adam at a constant rate.

    It is trained on the synthetic masks that our own map network is trained on.
    """

    def __init__(self, recipe: MapModuleRecipe, setting: Setting) -> None:
        super().__init__(lambda: MapModule(recipe.width), seed=recipe.seed, device=setting.device)
        self.data = map_batches(recipe, setting)
        self.reads(self.data.pack.sha256)
        optimiser = adam(self.model, recipe.rate, (0.5, 0.999))
        self.learners[MODEL] = Learner(network=self.model, optimiser=optimiser)

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        with self.autocast():
            logit = self.model(batch["face"]).float()
        loss = functional.binary_cross_entropy_with_logits(logit, batch["map"])
        yield Loss(MODEL, loss, {"bce": loss})

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        return [batch["face"], torch.sigmoid(self.model(batch["face"])), batch["map"]]


class MapModuleSystem(MapSystemBase[MapModuleRecipe]):
    """See :class:`training.system.System`."""

    recipe = MapModuleRecipe
    default = False

    @override
    def task(self, recipe: MapModuleRecipe, setting: Setting) -> Task:
        return MapModuleTask(recipe, setting)

    @override
    def network(self, recipe: MapModuleRecipe) -> nn.Module:
        return MapModule(recipe.width)

    @override
    def text(self, recipe: MapModuleRecipe, kind: Kind | None) -> Text:
        return Text(
            title=f"Map module, {recipe.size} px",
            summary=f"Map module after Din et al. 2020, {recipe.width} channels wide.",
            intended_use="Comparison with published work; prefer the default map model.",
            limits=("Trained on synthetic masks only.", "Straps are not part of the map.", GROUPS),
        )

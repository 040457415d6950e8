"""Training of the map module of the two-discriminator system (after Din et al. 2020)."""

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
from training.engine import Batch, Task
from training.networks.din import MapModule
from training.system import (
    GROUPS,
    Count,
    Graph,
    Rate,
    Recipe,
    Setting,
    System,
    Text,
    batch_dimension,
)
from training.tasks.common import check_size, placed
from training.tasks.faces import descend


class MapModuleRecipe(Recipe):
    """The recipe; `width` is the number of channels after the first block, 64 the full size."""

    task: Literal["map_module"]
    size: Count = 256
    batch: Count = 16
    rate: Rate = 2e-4
    width: Count = 64
    eye_distance: float = 0.26
    eye_y: float = 0.38

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        check_size(self.size, 32)
        if self.size < 64:
            raise ValueError(f"has the size {self.size}; instance normalisation wants 64 at least")
        return self


class MapModuleTask:
    """See :class:`training.engine.Task`. Cross-entropy of the tanh output, Adam.

    It is trained on the synthetic masks that our own map network is trained on.
    """

    def __init__(self, recipe: MapModuleRecipe, setting: Setting) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device = recipe, setting.device
        self.model: nn.Module = placed(MapModule(recipe.width), setting.device)
        pack = open_masked(setting.packs / "masked")
        self.data_sha256 = pack.sha256
        self.data = MapBatches(
            pack,
            size=recipe.size,
            batch=recipe.batch,
            seed=recipe.seed,
            steps=recipe.steps,
            spec=AlignmentSpec(eye_distance=recipe.eye_distance, eye_y=recipe.eye_y),
        )
        self.optimiser = torch.optim.Adam(
            self.model.parameters(), lr=recipe.rate, betas=(0.5, 0.999)
        )

    def state(self) -> dict[str, Any]:
        """The optimiser."""
        return {"optimiser": self.optimiser.state_dict()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take back :meth:`state`."""
        self.optimiser.load_state_dict(state["optimiser"])

    def step(self, batch: Batch, progress: float) -> dict[str, float]:  # noqa: ARG002
        """One step; the rate is constant."""
        with torch.autocast(self.device.type, torch.bfloat16):
            logit = self.model(batch["face"]).float()
        loss = functional.binary_cross_entropy_with_logits(logit, batch["map"])
        descend(self.optimiser, loss)
        return {"bce": float(loss.detach())}


class MapModuleSystem(System[MapModuleRecipe]):
    """See :class:`training.system.System`."""

    recipe = MapModuleRecipe
    stage = "map"
    default = False

    @override
    def task(self, recipe: MapModuleRecipe, setting: Setting) -> Task:
        return MapModuleTask(recipe, setting)

    @override
    def graph(
        self, recipe: MapModuleRecipe, weights: dict[str, Tensor], *, sketch: bool, latent: bool
    ) -> Graph:
        network = MapModule(recipe.width)
        network.load_state_dict(weights)
        return Graph(
            module=network,
            inputs=(torch.rand(2, 3, recipe.size, recipe.size),),
            names=["face"],
            outputs=["logit"],
            dynamic=[{0: batch_dimension()}],
        )

    @override
    def text(self, recipe: MapModuleRecipe, kind: Kind | None) -> Text:
        return Text(
            title=f"Map module, {recipe.size} px",
            summary=f"Map module after Din et al. 2020, {recipe.width} channels wide.",
            intended_use="Comparison with published work; prefer the default map model.",
            limits=("Trained on synthetic masks only.", "Straps are not part of the map.", GROUPS),
        )

    @override
    def input(self, recipe: MapModuleRecipe) -> dict[str, Any]:
        return {
            "size": recipe.size,
            "eye_distance": recipe.eye_distance,
            "eye_y": recipe.eye_y,
        }

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        return "logit"

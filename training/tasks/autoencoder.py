"""Training of the convolutional autoencoder (Shete et al.)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from torch import nn
from torch.nn import functional
from typing_extensions import override

from app.inference.card import Kind
from training.networks.autoencoder import LEVELS, Autoencoder
from training.system import Count, Rate, Setting
from training.task import MODEL, Batch, Loss, Step, Task
from training.tasks.faces import FaceRecipe, FaceSystem, FaceTask


class AutoencoderRecipe(FaceRecipe):
    """The recipe; `width` is the number of channels at full resolution."""

    task: Literal["autoencoder"]
    size: Count = 128
    batch: Count = 32
    rate: Rate = 1e-3
    width: Count = 64

    @property
    @override
    def halvings(self) -> int:
        return LEVELS


class AutoencoderTask(FaceTask[AutoencoderRecipe]):
    """Mean squared error over the whole face, Adam."""

    def __init__(self, recipe: AutoencoderRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting, lambda: Autoencoder(recipe.width))

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        with self.autocast():
            output = self.model(batch["face"], batch["hole"])
        loss = functional.mse_loss(output.float(), batch["face"])
        yield Loss(MODEL, loss, {"mse": loss})


class AutoencoderSystem(FaceSystem[AutoencoderRecipe]):
    """See :class:`training.system.System`."""

    recipe = AutoencoderRecipe

    @override
    def task(self, recipe: AutoencoderRecipe, setting: Setting) -> Task:
        return AutoencoderTask(recipe, setting)

    @override
    def network(self, recipe: AutoencoderRecipe) -> nn.Module:
        return Autoencoder(recipe.width)

    @override
    def kinds(self, recipe: AutoencoderRecipe) -> tuple[Kind, ...]:
        return ("rgb",)

    @override
    def words(self, recipe: AutoencoderRecipe) -> tuple[str, str]:
        return (
            "Autoencoder",
            f"Convolutional autoencoder after Shete et al., {recipe.width} channels wide.",
        )

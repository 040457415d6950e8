"""Training of RGB2RGB and RGB2SKETCH (Sivakumar): a U-Net for faces, and one for their sketches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import ReduceLROnPlateau
from typing_extensions import override

from app.inference.card import Kind
from training.networks.unet import LEVELS, UNet
from training.parallel import whole
from training.system import Count, Natural, Rate, Setting
from training.task import MODEL, Batch, Loss, Step, Task
from training.tasks.faces import FaceRecipe, FaceSystem, FaceTask


class UNetRecipe(FaceRecipe):
    """The recipe.

    Attributes:
        task: rgb2rgb draws the face, rgb2sketch its pencil sketch.
        rate, least_rate: learning rate at the start and at the end.
        factor: what the rate is multiplied by on a plateau.
        patience: epochs without improvement that make a plateau.
        epoch_steps: steps of an epoch; 0 for one pass over the faces.
        width: channels at full resolution; 64 is the full size.
    """

    task: Literal["rgb2rgb", "rgb2sketch"]
    size: Count = 128
    batch: Count = 32
    rate: Rate = 1e-2
    least_rate: Rate = 1e-4
    factor: Rate = 0.1
    patience: Natural = 2
    epoch_steps: Natural = 0
    width: Count = 64

    @property
    @override
    def halvings(self) -> int:
        return LEVELS


class Plateau:
    """Reduces the rate when an epoch's mean loss stops falling.

    The mean of the training loss stands for the validation loss: every batch is new, drawn and
    jittered, so there is little to over-fit to, and no pass over other data interrupts the run.
    """

    def __init__(self, optimiser: torch.optim.Optimizer, recipe: UNetRecipe, epoch: int) -> None:
        self.epoch, self.count = epoch, 0
        self.total = torch.zeros((), dtype=torch.float64)
        self.scheduler = ReduceLROnPlateau(
            optimiser, factor=recipe.factor, patience=recipe.patience, min_lr=recipe.least_rate
        )

    def note(self, loss: Tensor) -> None:
        """Count one step's loss, which may still be on its way."""
        self.total = self.total.to(loss.device) + whole(loss.double())
        self.count += 1
        if self.count >= self.epoch:
            self.scheduler.step(float(self.total) / self.count)
            self.total, self.count = torch.zeros_like(self.total), 0

    def state_dict(self) -> dict[str, Any]:
        """The scheduler and the epoch so far."""
        return {
            "scheduler": self.scheduler.state_dict(),
            "total": self.total,
            "count": self.count,
        }

    def load_state_dict(self, state: dict[str, Any], /) -> None:
        """Take back :meth:`state_dict`."""
        self.scheduler.load_state_dict(state["scheduler"])
        self.total, self.count = state["total"], state["count"]


class UNetTask(FaceTask[UNetRecipe]):
    """Mean squared error of the sigmoid output, Adam, the rate falling on plateaus.

    A sketch is taught with the targets that :func:`app.imaging.sketch.sketch` draws.
    """

    def __init__(self, recipe: UNetRecipe, setting: Setting) -> None:
        self.sketches = recipe.task == "rgb2sketch"
        super().__init__(recipe, setting, lambda: UNet(_channels(recipe), recipe.width))
        epoch = recipe.epoch_steps or max(1, len(self.data.rows) // recipe.batch)
        self.optimiser = self.learners[MODEL].optimiser
        self.plateau = Plateau(self.optimiser, recipe, epoch)
        self.parts["plateau"] = self.plateau

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        target = batch["sketch" if self.sketches else "face"]
        with self.autocast():
            output = self.model(batch["face"], batch["hole"])
        loss = functional.mse_loss(output.float(), target)
        rate = torch.tensor(float(self.optimiser.param_groups[0]["lr"]))
        yield Loss(MODEL, loss, {"mse": loss, "rate": rate.to(loss.device)})
        self.plateau.note(loss.detach())


def _channels(recipe: UNetRecipe) -> int:
    return 1 if recipe.task == "rgb2sketch" else 3


class UNetSystem(FaceSystem[UNetRecipe]):
    """Both tasks; see :class:`training.system.System`."""

    recipe = UNetRecipe

    @override
    def task(self, recipe: UNetRecipe, setting: Setting) -> Task:
        return UNetTask(recipe, setting)

    @override
    def network(self, recipe: UNetRecipe) -> nn.Module:
        return UNet(_channels(recipe), recipe.width)

    @override
    def kinds(self, recipe: UNetRecipe) -> tuple[Kind, ...]:
        return ("sketch",) if recipe.task == "rgb2sketch" else ("rgb",)

    @override
    def words(self, recipe: UNetRecipe) -> tuple[str, str]:
        name = "RGB2SKETCH" if recipe.task == "rgb2sketch" else "RGB2RGB"
        return f"{name} U-Net", f"{name} U-Net after Sivakumar, {recipe.width} channels wide."

"""What the published reconstruction systems share.

All of them are trained on the batches that ours is trained on, so that figures compare systems and
not data. The papers show their networks faces that wear masks. Here the map is set to zero first, in
training as in use: the application never lets the worn mask reach a model, so to these networks every
mask is black. That is also why a system without a map among its inputs can still see where the mask is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn
from typing_extensions import override

from app.imaging.alignment import AlignmentSpec
from app.inference.card import Kind, OutputKind
from training.data.crops import CropBatches, Jitter
from training.data.faces import open_pack
from training.engine import Batch
from training.networks.perceptual import VggFeatures
from training.system import (
    GROUPS,
    Graph,
    Rate,
    Recipe,
    Setting,
    System,
    Text,
    batch_dimension,
)
from training.tasks.common import placed


class FaceRecipe(Recipe):
    """What the recipes of the published systems share.

    Attributes:
        rate: learning rate; each system has its published one.
        eye_distance, eye_y: see :class:`app.imaging.alignment.AlignmentSpec`.
    """

    rate: Rate
    eye_distance: float = 0.30
    eye_y: float = 0.42


class Stateful(Protocol):
    """An optimiser, a network, or what else resuming has to restore."""

    def state_dict(self) -> dict[str, Any]:
        """Its state."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> Any:
        """Take back the state."""
        ...


F = TypeVar("F", bound=FaceRecipe)


class FaceTask(ABC, Generic[F]):
    """See :class:`training.engine.Task`; a subclass writes :meth:`learn`.

    Attributes:
        parts: by name, everything besides the model that has a state.
    """

    def __init__(self, recipe: F, setting: Setting, network: Callable[[], nn.Module]) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device = recipe, setting.device
        self.model = placed(network(), setting.device)
        self.data = face_batches(recipe, setting)
        self.data_sha256 = self.data.pack.sha256
        self.parts: dict[str, Stateful] = {}

    @abstractmethod
    def learn(self, batch: Batch, step: int) -> dict[str, float]:
        """One step; see :meth:`step`."""

    def step(self, batch: Batch, progress: float) -> dict[str, float]:
        """One step."""
        number = round(progress * self.recipe.steps)
        # Dropout draws from torch's own generator: seeded by the step, a resumed run draws the same.
        torch.manual_seed(self.recipe.seed * 1_000_003 + number)
        return self.learn(batch, number)

    def state(self) -> dict[str, Any]:
        """The states of all parts."""
        return {name: part.state_dict() for name, part in self.parts.items()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take back :meth:`state`."""
        for name, part in self.parts.items():
            part.load_state_dict(state[name])

    def autocast(self) -> torch.autocast:
        """16-bit arithmetic where it is safe."""
        return torch.autocast(self.device.type, torch.bfloat16)


def face_batches(recipe: FaceRecipe, setting: Setting) -> CropBatches:
    """The batches that our own network is trained on."""
    return CropBatches(
        open_pack(setting.packs / "faces"),
        size=recipe.size,
        batch=recipe.batch,
        seed=recipe.seed,
        steps=recipe.steps,
        spec=AlignmentSpec(eye_distance=recipe.eye_distance, eye_y=recipe.eye_y),
        jitter=Jitter(),
    )


def vgg19(setting: Setting) -> VggFeatures:
    """The fixed network of the perceptual losses, up to relu3_4."""
    weights = setting.data / "instruments" / "vgg19_to_relu3_4.npz"
    return placed(VggFeatures(weights, last="3_4"), setting.device)


def descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    """One optimiser step, the gradient as it is: none of the papers clips it."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()


class FaceExport(nn.Module):
    """A published network behind the tensors of the application's contract."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, face: Tensor, map: Tensor) -> Tensor:
        """(N, 3, S, S) with the map zeroed and (N, 1, S, S) to (N, 1, C, S, S) 0..1."""
        output: Tensor = self.network(face, map)
        return output[:, None].clamp(0, 1)


class FaceSystem(System[F]):
    """A published reconstruction system; see :class:`training.system.System`.

    A subclass gives the network and the card's words.
    """

    stage = "reconstruct"
    default = False

    @abstractmethod
    def network(self, recipe: F) -> nn.Module:
        """The network: face and map to a picture (N, C, S, S)."""

    @abstractmethod
    def words(self, recipe: F) -> tuple[str, str]:
        """Title, without the size, and summary of the card."""

    @override
    def graph(self, recipe: F, weights: dict[str, Tensor], *, sketch: bool, latent: bool) -> Graph:
        network = self.network(recipe)
        network.load_state_dict(weights)
        face = torch.rand(2, 3, recipe.size, recipe.size)
        hole = (torch.rand(2, 1, recipe.size, recipe.size) > 0.5).float()
        batch = batch_dimension()
        return Graph(
            module=FaceExport(network),
            inputs=(face, hole),
            names=["face", "map"],
            outputs=["output"],
            dynamic=[{0: batch}, {0: batch}],
        )

    @override
    def text(self, recipe: F, kind: Kind | None) -> Text:
        title, summary = self.words(recipe)
        return Text(
            title=f"{title}, {recipe.size} px",
            summary=summary,
            intended_use="Comparison with published work; for a lead, prefer the default models.",
            limits=(
                "One answer without hypotheses; it says nothing of how sure it is.",
                f"Works at {recipe.size} px for the whole face crop: it shows no finer detail.",
                "Trained on faces whose map is black, not on faces that wear masks.",
                "Beard, mouth shape, teeth and age under the mask are guesses.",
                GROUPS,
            ),
        )

    @override
    def input(self, recipe: F) -> dict[str, Any]:
        return {
            "size": recipe.size,
            "eye_distance": recipe.eye_distance,
            "eye_y": recipe.eye_y,
            "map_dilation": 1,
        }

    @override
    def kinds(self, recipe: F) -> tuple[Kind, ...]:
        return ("gan",)

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        return "sketch" if kind == "sketch" else "rgb"

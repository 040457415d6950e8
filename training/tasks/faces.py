"""What the published reconstruction systems share.

All of them are trained on the batches that ours is trained on, so that figures compare systems and
not data. The papers show their networks faces that wear masks. Here the map is set to zero first, in
training as in use: the application never lets the worn mask reach a model, so to these networks every
mask is black. That is also why a system without a map among its inputs can still see where the mask is.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn
from typing_extensions import override

from app.inference.card import Kind, OutputKind
from training.data.crops import CropBatches, Jitter
from training.data.faces import open_pack
from training.data.masked import open_masked
from training.data.vgg19 import FILES, find_vgg19
from training.networks.perceptual import VggFeatures
from training.system import GROUPS, Graph, Rate, Setting, Text, batch_dimension
from training.task import MODEL, Batch, Learner, Task, placed
from training.tasks.common import Betas, FramedRecipe, NetworkSystem, adam

GAN_BETAS = (0.5, 0.999)
"""Adam's, as Isola et al. 2017 and those after them set them."""


class FaceRecipe(FramedRecipe):
    """What the recipes of the published systems share.

    Attributes:
        rate: learning rate; each system has its published one, and none cuts its gradients.
    """

    rate: Rate


F = TypeVar("F", bound=FaceRecipe)


class FaceTask(Task, Generic[F]):
    """A subclass writes :meth:`losses`."""

    data: CropBatches
    sketches = False

    def __init__(
        self,
        recipe: F,
        setting: Setting,
        network: Callable[[], nn.Module],
        betas: Betas = (0.9, 0.999),
    ) -> None:
        super().__init__(network, seed=recipe.seed, device=setting.device)
        self.recipe = recipe
        self.data = face_batches(recipe, setting, sketches=self.sketches)
        self.reads(*face_sha256s(self.data))
        self.learners[MODEL] = Learner(
            network=self.model, optimiser=adam(self.model, recipe.rate, betas)
        )

    def opponent(self, name: str, network: nn.Module) -> Learner:
        """Place a discriminator and let it learn at the generator's rate."""
        network = placed(network, self.device)
        optimiser = adam(network, self.recipe.rate, GAN_BETAS)
        self.learners[name] = Learner(network=network, optimiser=optimiser)
        return self.learners[name]

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        face, hole = batch["face"], batch["hole"]
        hidden = face * (1 - hole)
        output = self.model(face, hole)
        return [hidden, output, face]


def face_batches(
    recipe: FramedRecipe,
    setting: Setting,
    *,
    sketches: bool = False,
    worn_share: float = 0.0,
    turned_share: float = 0.0,
    reshaped_share: float = 0.0,
) -> CropBatches:
    """Aligned faces with holes; `worn_share` of these are masks of the masked pack.

    `turned_share` of the heads are turned further than in their photos, `reshaped_share` of the faces
    warped towards another person's shape.
    """
    return CropBatches(
        open_pack(setting.packs / "faces"),
        size=recipe.size,
        batch=recipe.batch,
        seed=recipe.seed,
        steps=recipe.steps,
        spec=recipe.spec,
        jitter=Jitter(),
        sketches=sketches,
        worn=open_masked(setting.packs / "masked") if worn_share else None,
        worn_share=worn_share,
        turned_share=turned_share,
        reshaped_share=reshaped_share,
    )


def face_sha256s(data: CropBatches) -> tuple[str, ...]:
    """The hashes of the face pack and, where it gives holes, of the masked pack."""
    return (data.pack.sha256, *((data.worn.sha256,) if data.worn is not None else ()))


def vgg19(setting: Setting, *, last: str = "3_4") -> VggFeatures:
    """The fixed network of the perceptual losses, up to the named ReLU.

    Raises:
        ValueError: its weights are not there.
    """
    instruments = setting.data / "instruments"
    weights = find_vgg19(instruments)
    if weights is None:
        raise ValueError(
            f"The perceptual loss needs VGG-19: put {FILES[0]}, or torchvision's {FILES[1]}, into "
            f"{instruments}, or set perceptual = 0 in the recipe."
        )
    return placed(VggFeatures(weights, last=last), setting.device)


class FaceExport(nn.Module):
    """A published network behind the tensors of the application's contract."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, face: Tensor, map: Tensor) -> Tensor:
        """(N, 3, S, S) with the map zeroed and (N, 1, S, S) to (N, 1, C, S, S) 0..1."""
        output: Tensor = self.network(face, map)
        return output[:, None].clamp(0, 1)


class FaceSystem(NetworkSystem[F]):
    """A published reconstruction system; see :class:`training.system.System`.

    A subclass gives the network (face and map to a picture (N, C, S, S)) and the card's words.
    """

    stage = "reconstruct"
    default = False

    @abstractmethod
    def words(self, recipe: F) -> tuple[str, str]:
        """Title, without the size, and summary of the card."""

    @override
    def wrapped(self, recipe: F, network: nn.Module) -> Graph:
        batch = batch_dimension()
        return Graph(
            module=FaceExport(network),
            inputs=example_face(recipe.size),
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
        return crop_input(recipe)

    @override
    def kinds(self, recipe: F) -> tuple[Kind, ...]:
        return ("gan",)

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        return drawn_as(kind)


def example_face(size: int) -> tuple[Tensor, Tensor]:
    """Two faces and maps to trace a network with."""
    return torch.rand(2, 3, size, size), (torch.rand(2, 1, size, size) > 0.5).float()


def crop_input(recipe: FramedRecipe) -> dict[str, Any]:
    """The card's input of a reconstruction."""
    return {
        "size": recipe.size,
        "eye_distance": recipe.eye_distance,
        "eye_y": recipe.eye_y,
        "map_dilation": 1,
    }


def drawn_as(kind: Kind | None) -> OutputKind:
    """What the output tensor of a reconstruction means."""
    return "sketch" if kind == "sketch" else "rgb"

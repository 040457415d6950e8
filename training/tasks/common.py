"""What the tasks share: fields of recipes, schedules, optimisers, data, graphs and sample pictures."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.export import Dim
from typing_extensions import override

from app.imaging.alignment import AlignmentSpec
from app.inference.card import Kind, OutputKind
from app.inference.card import Task as Stage
from training.data.compact import check_framing
from training.data.faces import open_pack
from training.data.hashes import scene_sha256s
from training.data.masked import MaskedPack, open_masked
from training.data.masked_crops import MapBatches
from training.data.scenes import SceneBatches
from training.data.taught import BOXES, check_made, open_taught
from training.degrade import GREY
from training.system import Count, Graph, Rate, Recipe, Setting, Share, System, batch_dimension


class ScheduledRecipe(Recipe):
    """A recipe with a course of its learning rate and perhaps weights to begin with.

    Attributes:
        rate: learning rate at its highest.
        cooldown: the last part of the run in which the rate falls to zero along a cosine.
        warm_start: weights to begin with, relative to the runs folder; none if empty.
    """

    rate: Rate = 1e-3
    cooldown: Share = 0.4
    warm_start: str = ""


class FramedRecipe(Recipe):
    """A recipe whose crops are aligned by the eyes; see :class:`app.imaging.alignment.AlignmentSpec`."""

    eye_distance: float = 0.30
    eye_y: float = 0.42

    @property
    def spec(self) -> AlignmentSpec:
        """Where the eyes are."""
        return AlignmentSpec(eye_distance=self.eye_distance, eye_y=self.eye_y)


class MapRecipeBase(FramedRecipe):
    """Framed so that a gaiter fits in."""

    eye_distance: float = 0.26
    eye_y: float = 0.38


class SceneRecipe(Recipe):
    """A recipe for whole photos.

    Attributes:
        real_share: part of the tiles that show real photos: bodies, hands and rooms that are no faces
            are only there.
    """

    batch: Count = 16
    real_share: Share = 0.3


def started_from(recipe: ScheduledRecipe, setting: Setting) -> Path | None:
    """The file of the weights to begin with."""
    # A first run has no folder of runs yet, and a path that leaves a missing folder again leads nowhere.
    return (setting.runs / recipe.warm_start).resolve() if recipe.warm_start else None


WARM_UP = 100
"""Steps in which the rate rises. Adam needs them in short runs too: its second moments are not known
before (Ma & Yarats 2021, arXiv 1910.04209, ask for 2 / (1 - beta2), which is 200). Where it was only
a tenth of the run, our reconstruction's L1 rose again at full rate, in a run of 60 steps tenfold."""


def scheduled(
    rate: float, progress: float, steps: int, cooldown: float, warm_up: int = WARM_UP
) -> float:
    """The learning rate at `progress` (0..1) of a run of so many `steps`.

    So many steps of warm-up, then constant, then a cosine to zero over the last `cooldown` of the run.
    """
    warm = min(1.0, (progress * steps + 1) / warm_up)
    if progress <= 1 - cooldown:
        return rate * warm
    return rate * warm * 0.5 * (1 + math.cos(math.pi * (progress - (1 - cooldown)) / cooldown))


def course(
    recipe: ScheduledRecipe, *, factor: float = 1.0, warm_up: int = WARM_UP
) -> Callable[[int], float]:
    """The learning rate at each step of the recipe."""
    rate = factor * recipe.rate

    def at(step: int) -> float:
        return scheduled(rate, step / recipe.steps, recipe.steps, recipe.cooldown, warm_up)

    return at


Betas = tuple[float, float]


def adam(network: nn.Module, rate: float, betas: Betas = (0.9, 0.999)) -> torch.optim.Optimizer:
    """Adam (Kingma & Ba 2015) over a network, in one pass over its weights."""
    return torch.optim.Adam(network.parameters(), lr=rate, betas=betas, fused=True)


def adamw(
    network: nn.Module, rate: float, betas: Betas = (0.9, 0.99), decay: float = 1e-2
) -> torch.optim.Optimizer:
    """AdamW (Loshchilov & Hutter 2019) over a network, in one pass over its weights."""
    return torch.optim.AdamW(
        network.parameters(), lr=rate, betas=betas, weight_decay=decay, fused=True
    )


def masked_pack(setting: Setting, wanted: str) -> MaskedPack:
    """The masked pack, which must not have been cut for another stage than the wanted one."""
    folder = setting.packs / "masked"
    pack = open_masked(folder)
    check_framing(pack.framing, wanted, folder)
    return pack


def map_batches(
    recipe: MapRecipeBase,
    setting: Setting,
    *,
    taught_share: float = 0.0,
    wide_share: float = 0.0,
    grey_share: float = GREY,
) -> MapBatches:
    """Synthetic masks, as many faces of the taught pack, wide crops and grey ones as asked for."""
    return MapBatches(
        masked_pack(setting, "map"),
        size=recipe.size,
        batch=recipe.batch,
        seed=recipe.seed,
        steps=recipe.steps,
        spec=recipe.spec,
        taught=open_taught(setting.packs / "taught") if taught_share else None,
        taught_share=taught_share,
        wide_share=wide_share,
        grey_share=grey_share,
    )


def scene_batches(recipe: SceneRecipe, setting: Setting, *, taught: bool = False) -> SceneBatches:
    """Scenes with faces of every size; with `taught` an earlier locator's boxes count too.

    Raises:
        ValueError: a pack is missing or damaged; the boxes are in the taught one.
    """
    if taught and recipe.real_share:
        # Without them it would silently be another recipe.
        check_made(setting.packs / "taught", BOXES)
    return SceneBatches(
        masked_pack(setting, "locate"),
        open_pack(setting.packs / "faces").names,
        setting.data,
        size=recipe.size,
        batch=recipe.batch,
        seed=recipe.seed,
        steps=recipe.steps,
        real_share=recipe.real_share,
        packs=setting.packs,
        taught=setting.packs / "taught" if taught else None,
    )


def scene_hashes(recipe: SceneRecipe, setting: Setting, *, taught: bool = False) -> tuple[str, ...]:
    """The hashes of what :func:`scene_batches` shows beside the masked pack."""
    return scene_sha256s(
        setting.data,
        setting.packs,
        real=bool(recipe.real_share),
        taught=setting.packs / "taught" if taught else None,
    )


def face_graph(network: nn.Module, size: int, output: str) -> Graph:
    """A network that takes a face crop (N, 3, S, S) and nothing else."""
    return Graph(
        module=network,
        inputs=(torch.rand(2, 3, size, size),),
        names=["face"],
        outputs=[output],
        dynamic=[{0: batch_dimension()}],
    )


R = TypeVar("R", bound=Recipe)
M = TypeVar("M", bound=MapRecipeBase)
S = TypeVar("S", bound=SceneRecipe)


class NetworkSystem(System[R]):
    """A system whose exported network is the trained one behind a contract's tensors."""

    @abstractmethod
    def network(self, recipe: R) -> nn.Module:
        """The network that a recipe asks for, its weights still random."""

    @abstractmethod
    def wrapped(self, recipe: R, network: nn.Module) -> Graph:
        """The network with the tensors of the contract."""

    @override
    def graph(self, recipe: R, weights: dict[str, Tensor], *, sketch: bool, latent: bool) -> Graph:
        network = self.network(recipe)
        network.load_state_dict(weights)
        return self.wrapped(recipe, network)


class MapSystemBase(NetworkSystem[M]):
    """A network that gives one logit per pixel of an aligned face."""

    stage: ClassVar[Stage] = "map"

    @override
    def wrapped(self, recipe: M, network: nn.Module) -> Graph:
        return face_graph(network, recipe.size, "logit")

    @override
    def input(self, recipe: M) -> dict[str, Any]:
        return {"size": recipe.size, "eye_distance": recipe.eye_distance, "eye_y": recipe.eye_y}

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        return "logit"


class SceneSystem(NetworkSystem[S]):
    """A network that finds faces in photos of any size whose sides are multiples of 64."""

    stage: ClassVar[Stage] = "locate"

    @abstractmethod
    def located(self, network: nn.Module) -> nn.Module:
        """The network with boxes, scores and masked as its outputs."""

    @override
    def wrapped(self, recipe: S, network: nn.Module) -> Graph:
        rows, columns = 64 * Dim("rows", min=2, max=64), 64 * Dim("columns", min=2, max=64)
        return Graph(
            module=self.located(network),
            inputs=(torch.rand(2, 3, 256, 320),),
            names=["photo"],
            outputs=["boxes", "scores", "masked"],
            dynamic=[{0: batch_dimension(), 2: rows, 3: columns}],
        )

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        return "boxes"


def dotted(pictures: Tensor, points: Tensor) -> Tensor:
    """Pictures (N, 3, S, S) 0..1 with a dot at each of the points (N, P, 2), 0..1 of the side."""
    side = pictures.shape[-1]

    def draw(canvas: np.ndarray[Any, Any], places: np.ndarray[Any, Any]) -> None:
        for x, y in places * side:
            cv2.circle(canvas, (int(x), int(y)), 1, (0.1, 1.0, 0.2), -1)

    return _drawn(pictures, list(points.float().cpu().numpy()), draw)


def boxed(pictures: Tensor, boxes: Iterable[Tensor]) -> Tensor:
    """Pictures (N, 3, S, S) 0..1 with boxes (F, 4), x0, y0, x1, y1 in pixels, for each."""

    def draw(canvas: np.ndarray[Any, Any], places: np.ndarray[Any, Any]) -> None:
        for x0, y0, x1, y1 in places:
            cv2.rectangle(canvas, (int(x0), int(y0)), (int(x1), int(y1)), (0.1, 1.0, 0.2), 1)

    return _drawn(pictures, [values.float().cpu().numpy() for values in boxes], draw)


def found_faces(located: nn.Module, photos: Tensor) -> list[Tensor]:
    """Photos with the boxes whose score is above one half."""
    boxes, scores, _ = located(photos)
    kept = [places[score > 0.5][:50] for places, score in zip(boxes, scores.float(), strict=True)]
    return [photos.cpu(), boxed(photos, kept)]


def _drawn(
    pictures: Tensor,
    places: list[np.ndarray[Any, Any]],
    draw: Callable[[np.ndarray[Any, Any], np.ndarray[Any, Any]], None],
) -> Tensor:
    canvases = pictures.float().cpu().permute(0, 2, 3, 1).contiguous().numpy().copy()
    for canvas, where in zip(canvases, places, strict=True):
        draw(canvas, np.nan_to_num(where, nan=-1e4, posinf=1e4, neginf=-1e4).clip(-1e4, 1e4))
    return torch.from_numpy(canvases).permute(0, 3, 1, 2)

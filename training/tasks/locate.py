"""Training of the locator."""

from __future__ import annotations

from typing import Any, Literal, Self

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.export import Dim
from torch.nn import functional
from typing_extensions import override

from app.inference.card import Kind, OutputKind
from training.data.faces import open_pack
from training.data.masked import open_masked
from training.data.scenes import SceneBatches
from training.engine import Batch, Task
from training.networks.detector import STRIDES, DetectorNetwork, LocatorExport, places
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

LEVEL_LIMITS = (0.0, 44.0, 88.0, 176.0, 1e9)
"""Geometric mean sides of faces, in input pixels, between which each stride is responsible."""

CENTRE_RADIUS = 1.5
"""Places within so many strides of a face's centre are taught to find it (FCOS, centre sampling)."""


class LocateRecipe(Recipe):
    """Scene size, batch and schedule.

    `real_share` of the tiles show real photos: bodies, hands and rooms that are no faces are only there.
    With `taught` an earlier locator's boxes on them count too (`revisage-train prepare --teach ZOO`).
    """

    task: Literal["locate"]
    size: Count = 320
    batch: Count = 16
    rate: Rate = 1e-3
    cooldown: Share = 0.4
    warm_start: str = ""
    real_share: float = 0.3
    taught: bool = False

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        check_size(self.size, STRIDES[-1])
        return self


class LocateTask:
    """See :class:`training.engine.Task`.

    Focal loss (Lin et al. 2017) for the score, GIoU (Rezatofighi et al. 2019) for the box,
    cross-entropy for masked or not.
    """

    def __init__(self, recipe: LocateRecipe, setting: Setting) -> None:
        torch.manual_seed(recipe.seed)
        device = setting.device
        self.recipe, self.device = recipe, device
        network = DetectorNetwork()
        if recipe.warm_start:
            warm_start(network, setting.runs / recipe.warm_start)
        self.model: nn.Module = placed(network, device)
        pack = open_masked(setting.packs / "masked")
        self.data_sha256 = pack.sha256
        self.data = SceneBatches(
            pack,
            open_pack(setting.packs / "faces").names,
            setting.data,
            size=recipe.size,
            batch=recipe.batch,
            seed=recipe.seed,
            steps=recipe.steps,
            real_share=recipe.real_share,
            taught=setting.packs / "taught" / "faces.json" if recipe.taught else None,
        )
        self.optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=1e-4)
        side = recipe.size
        self.places = torch.cat([places(side, side, stride, device) for stride in STRIDES])
        counts = [(side // stride) ** 2 for stride in STRIDES]
        self.strides = torch.cat(
            [
                torch.full((n,), float(s), device=device)
                for n, s in zip(counts, STRIDES, strict=True)
            ]
        )
        self.low = torch.cat(
            [
                torch.full((n,), v, device=device)
                for n, v in zip(counts, LEVEL_LIMITS[:-1], strict=True)
            ]
        )
        self.high = torch.cat(
            [
                torch.full((n,), v, device=device)
                for n, v in zip(counts, LEVEL_LIMITS[1:], strict=True)
            ]
        )

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
        with torch.autocast(self.device.type, torch.bfloat16):
            levels = self.model(batch["photo"])
        raw = torch.cat([level.float().flatten(2) for level in levels], dim=2).transpose(1, 2)
        owner, ignored = self.assign(batch["faces"])
        positive = owner >= 0
        count = positive.sum().clamp(min=1)
        score = _focal(raw[..., 0], positive.float())
        score_loss = (score * ~ignored).sum() / count
        picked = torch.gather(batch["faces"], 1, owner.clamp(min=0)[..., None].expand(-1, -1, 5))[
            positive
        ]
        at = self.places.expand(raw.shape[0], -1, -1)[positive]
        stride = self.strides.expand(raw.shape[0], -1)[positive]
        distances = torch.exp(raw[..., 1:5][positive].clamp(max=4)) * (4 * stride[:, None])
        boxes = torch.cat([at - distances[:, :2], at + distances[:, 2:]], dim=1)
        box_loss = (1 - generalised_iou(boxes, picked[:, :4])).sum() / count
        known = picked[:, 4] >= 0
        masked = functional.binary_cross_entropy_with_logits(
            raw[..., 5][positive][known], picked[known, 4], reduction="sum"
        ) / known.sum().clamp(min=1)
        update(self.optimiser, score_loss + 2 * box_loss + 0.5 * masked, self.model.parameters())
        return {
            "score": float(score_loss.detach()),
            "box": float(box_loss.detach()),
            "masked": float(masked.detach()),
        }

    def assign(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Which face every place is to find.

        Args:
            faces: (N, F, 5), NaN-padded; NaN only in the last column marks a face to be ignored.

        Returns:
            owner (N, A) int64, -1 for none; ignored (N, A) bool.
        """
        present = ~torch.isnan(faces[..., 0])
        doubtful = present & torch.isnan(faces[..., 4])
        taught = present & ~doubtful
        boxes = torch.nan_to_num(faces[..., :4])
        centre = (boxes[..., :2] + boxes[..., 2:]) / 2
        sides = (boxes[..., 2:] - boxes[..., :2]).clamp(min=1e-3)
        mean_side = sides.prod(dim=-1).sqrt()
        at = self.places[None, :, None]
        inside = ((at > boxes[:, None, :, :2]) & (at < boxes[:, None, :, 2:])).all(dim=-1)
        reach = CENTRE_RADIUS * self.strides[None, :, None]
        near = ((at - centre[:, None]).abs() < reach[..., None]).all(dim=-1)
        fits = (mean_side[:, None] >= self.low[None, :, None]) & (
            mean_side[:, None] < self.high[None, :, None]
        )
        candidate = inside & near & fits & taught[:, None]
        # Of several faces the smallest owns the place.
        cost = torch.where(candidate, mean_side[:, None].expand_as(candidate), torch.inf)
        best, owner = cost.min(dim=2)
        owner = torch.where(torch.isinf(best), -1, owner)
        ignored = (inside & doubtful[:, None]).any(dim=2) & (owner < 0)
        return owner, ignored


def _focal(logit: Tensor, target: Tensor, alpha: float = 0.25, gamma: float = 2.0) -> Tensor:
    """Focal loss, Lin et al. 2017, eq. 5, elementwise."""
    entropy = functional.binary_cross_entropy_with_logits(logit, target, reduction="none")
    probability = torch.sigmoid(logit)
    wrong = target * (1 - probability) + (1 - target) * probability
    return (alpha * target + (1 - alpha) * (1 - target)) * wrong**gamma * entropy


def generalised_iou(a: Tensor, b: Tensor) -> Tensor:
    """GIoU of boxes (P, 4) and (P, 4), Rezatofighi et al. 2019, algorithm 1; -1..1."""
    low, high = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    inside = (high - low).clamp(min=0).prod(dim=1)
    union = (a[:, 2:] - a[:, :2]).prod(dim=1) + (b[:, 2:] - b[:, :2]).prod(dim=1) - inside
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(dim=1)
    return inside / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)


class LocateSystem(System[LocateRecipe]):
    """See :class:`training.system.System`."""

    recipe = LocateRecipe
    stage = "locate"

    @override
    def task(self, recipe: LocateRecipe, setting: Setting) -> Task:
        """The training."""
        return LocateTask(recipe, setting)

    @override
    def graph(
        self, recipe: LocateRecipe, weights: dict[str, Tensor], *, sketch: bool, latent: bool
    ) -> Graph:
        """Photo of any size to boxes."""
        network = DetectorNetwork()
        network.load_state_dict(weights)
        rows, columns = 64 * Dim("rows", min=2, max=64), 64 * Dim("columns", min=2, max=64)
        return Graph(
            module=LocatorExport(network),
            inputs=(torch.rand(2, 3, 256, 320),),
            names=["photo"],
            outputs=["boxes", "scores", "masked"],
            dynamic=[{0: batch_dimension(), 2: rows, 3: columns}],
        )

    @override
    def text(self, recipe: LocateRecipe, kind: Kind | None) -> Text:
        """The words of the card."""
        return Text(
            title="Face locator",
            summary=(
                "Finds faces with and without masks "
                "(anchor-free detector with a feature pyramid, after FCOS)."
            ),
            intended_use="Proposing face boxes that the analyst accepts, corrects or deletes.",
            limits=(
                "Faces smaller than about 16 px in the photo are missed.",
                "Profiles and faces turned by more than about 30 degrees are found less often.",
                GROUPS,
            ),
        )

    @override
    def input(self, recipe: LocateRecipe) -> dict[str, Any]:
        """The photo at three sizes, so that faces of every size are found."""
        return {"size": 640, "sizes": (640, 320, 192), "score_threshold": 0.5}

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        """Boxes."""
        return "boxes"

    @override
    def data(self, recipe: LocateRecipe) -> str:
        """The real photos."""
        return "; boxes found by YuNet on 328 unlabelled real photos of people in masks"

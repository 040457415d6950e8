"""Training of the locator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from app.inference.card import Kind
from training.losses_published import focal
from training.networks.detector import STRIDES, DetectorNetwork, LocatorExport, places
from training.parallel import whole
from training.system import GROUPS, Count, Setting, Text
from training.task import MODEL, Batch, Learner, Loss, Step, Task
from training.tasks.common import (
    SceneRecipe,
    SceneSystem,
    ScheduledRecipe,
    adamw,
    course,
    found_faces,
    scene_batches,
    scene_hashes,
    started_from,
)

LEVEL_LIMITS = (0.0, 44.0, 88.0, 176.0, 1e9)
"""Geometric mean sides of faces, in input pixels, between which each stride is responsible."""

CENTRE_RADIUS = 1.5
"""Places within so many strides of a face's centre are taught to find it (FCOS, centre sampling)."""


class LocateRecipe(SceneRecipe, ScheduledRecipe):
    """Scene size, batch and schedule.

    With `taught` an earlier locator's boxes on real photos count too (`revisage-train prepare --teach
    ZOO`).
    """

    task: Literal["locate"]
    size: Count = 320
    taught: bool = False

    @property
    @override
    def halvings(self) -> int:
        return STRIDES[-1].bit_length() - 1


class LocateTask(Task):
    """Focal loss (Lin et al. 2017) for the score, GIoU (Rezatofighi et al. 2019) for the box.

    Cross-entropy for masked or not.
    """

    def __init__(self, recipe: LocateRecipe, setting: Setting) -> None:
        super().__init__(
            DetectorNetwork,
            seed=recipe.seed,
            device=setting.device,
            start=started_from(recipe, setting),
        )
        self.data = scene_batches(recipe, setting, taught=recipe.taught)
        self.reads(self.data.pack.sha256, *scene_hashes(recipe, setting, taught=recipe.taught))
        self.learners[MODEL] = Learner(
            network=self.model,
            optimiser=adamw(self.model, recipe.rate, (0.9, 0.999), 1e-4),
            rate=course(recipe),
            longest=1.0,
        )
        side, device = recipe.size, setting.device
        levels = [places(side, side, stride, device) for stride in STRIDES]
        self.places = torch.cat(levels)
        counts = torch.tensor([len(level) for level in levels], device=device)
        self.strides, self.low, self.high = (
            torch.tensor(values, dtype=torch.float32, device=device).repeat_interleave(counts)
            for values in (STRIDES, LEVEL_LIMITS[:-1], LEVEL_LIMITS[1:])
        )

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        with self.autocast():
            levels = self.model(batch["photo"])
        raw = torch.cat([level.float().flatten(2) for level in levels], dim=2).transpose(1, 2)
        owner, ignored = self.assign(batch["faces"])
        positive = owner >= 0
        count = whole(positive.sum().float()).clamp(min=1)
        score = focal(raw[..., 0], positive.float(), gamma=2.0)
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
        ) / whole(known.sum().float()).clamp(min=1)
        yield Loss(
            MODEL,
            score_loss + 2 * box_loss + 0.5 * masked,
            {"score": score_loss, "box": box_loss, "masked": masked},
        )

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        assert isinstance(self.model, DetectorNetwork)
        return found_faces(LocatorExport(self.model), batch["photo"])

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


def generalised_iou(a: Tensor, b: Tensor) -> Tensor:
    """GIoU of boxes (P, 4) and (P, 4), Rezatofighi et al. 2019, algorithm 1; -1..1."""
    low, high = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    inside = (high - low).clamp(min=0).prod(dim=1)
    union = (a[:, 2:] - a[:, :2]).prod(dim=1) + (b[:, 2:] - b[:, :2]).prod(dim=1) - inside
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(dim=1)
    return inside / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)


class LocateSystem(SceneSystem[LocateRecipe]):
    """See :class:`training.system.System`."""

    recipe = LocateRecipe

    @override
    def task(self, recipe: LocateRecipe, setting: Setting) -> Task:
        return LocateTask(recipe, setting)

    @override
    def network(self, recipe: LocateRecipe) -> nn.Module:
        return DetectorNetwork()

    @override
    def located(self, network: nn.Module) -> nn.Module:
        assert isinstance(network, DetectorNetwork)
        return LocatorExport(network)

    @override
    def text(self, recipe: LocateRecipe, kind: Kind | None) -> Text:
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

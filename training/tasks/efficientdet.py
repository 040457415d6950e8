"""Training of the mask detector of Fan et al.: EfficientDet-D0 with the classes bare and masked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from app.inference.card import Kind
from training.losses_published import focal
from training.networks.efficientdet import (
    EfficientDet,
    EfficientDetExport,
    anchors_of,
    encode,
)
from training.parallel import whole
from training.system import GROUPS, Count, Rate, Setting, Share, Text
from training.task import MODEL, Batch, Learner, Loss, Step, Task
from training.tasks.common import (
    WARM_UP,
    SceneRecipe,
    SceneSystem,
    ScheduledRecipe,
    course,
    found_faces,
    scene_batches,
    scene_hashes,
    started_from,
)

MATCH = 0.5
"""Anchors that overlap a face by this much (IoU) are taught to find it, all others not to."""

HUBER = 0.1
BOX_WEIGHT = 50.0
"""Delta and weight of the box loss in the published code."""

WEIGHT_DECAY = 4e-5

LONGEST_GRADIENT = 10.0

PUBLISHED_MOMENTUM, MOST_MOMENTUM = 0.01, 0.1
KNOWN_WITHIN = 30.0
"""A run's statistics have taken in this many times their memory by its end."""


class EfficientDetRecipe(SceneRecipe, ScheduledRecipe):
    """The recipe.

    Attributes:
        rate: learning rate at its highest; the published one is .08 for 64 pictures a step.
        width: 1 is the published size.
    """

    least_size: ClassVar[tuple[int, str]] = (128, "the pyramid")

    task: Literal["efficientdet"]
    size: Count = 512
    rate: Rate = 0.02
    cooldown: Share = 1.0
    width: Rate = 1.0

    @property
    @override
    def halvings(self) -> int:
        return 6


class EfficientDetTask(Task):
    """Focal loss for the classes, smooth L1 (Huber) for the boxes, over the number of matched anchors.

    SGD with momentum .9, weight decay 4e-5 and a cosine, focal loss with alpha .25 and gamma 1.5 (Tan et
    al. 2020, section 5.1), boxes weighted, weights decayed and the norm of all gradients together cut as
    in the authors' code (google/automl). Otherwise than there the backbone starts from random weights,
    so that every system of the benchmark has seen the same pictures. For shorter runs the warm-up lasts
    100 steps, or a tenth of a run of less than 1000, not an epoch, the decay of the weights' average is
    .999, not .9998, and batch normalisation follows :func:`momentum_of`. Single gradients are not cut
    before the whole one, nor the class loss of a level above 2, which would silence a network that is
    still far off. A face of which it is not known whether it wears a mask is taught to the class that
    finds it better.

    The smallest anchor is 32 px wide: of smaller faces only the best anchor is taught, and a face of
    less than about 20 px is hardly learned, whatever the number of steps.
    """

    def __init__(self, recipe: EfficientDetRecipe, setting: Setting) -> None:
        super().__init__(
            lambda: EfficientDet(recipe.width),
            seed=recipe.seed,
            device=setting.device,
            start=started_from(recipe, setting),
        )
        for layer in self.model.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.momentum = momentum_of(recipe.steps)
        self.data = scene_batches(recipe, setting)
        self.reads(self.data.pack.sha256, *scene_hashes(recipe, setting))
        self.anchors = anchors_of(recipe.size, recipe.size, setting.device)
        self.learners[MODEL] = Learner(
            network=self.model,
            optimiser=torch.optim.SGD(
                decayed(self.model), lr=recipe.rate, momentum=0.9, fused=True
            ),
            rate=course(recipe, warm_up=max(1, min(WARM_UP, recipe.steps // 10))),
            longest=LONGEST_GRADIENT,
        )

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        with self.autocast():
            logits, offsets = self.model(batch["photo"])
        owner, ignored = self.assign(batch["faces"])
        positive = owner >= 0
        count = whole(positive.sum().float()).clamp(min=1)
        picked = torch.gather(batch["faces"], 1, owner.clamp(min=0)[..., None].expand(-1, -1, 5))
        target, counted = class_targets(logits.detach(), picked[..., 4], positive, ignored)
        class_loss = (focal(logits, target) * counted).sum() / count
        wanted = encode(picked[..., :4], self.anchors)[positive]
        box_loss = functional.huber_loss(
            offsets[positive], wanted, reduction="sum", delta=HUBER
        ) / (4 * count)
        yield Loss(
            MODEL, class_loss + BOX_WEIGHT * box_loss, {"class": class_loss, "box": box_loss}
        )

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        assert isinstance(self.model, EfficientDet)
        return found_faces(EfficientDetExport(self.model), batch["photo"])

    def assign(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Which face every anchor is to find.

        Args:
            faces: (N, F, 5), NaN-padded; NaN only in the last column marks a face to be ignored.

        Returns:
            owner (N, A) int64, -1 for none; ignored (N, A) bool.
        """
        present = ~torch.isnan(faces[..., 0])
        doubtful = present & torch.isnan(faces[..., 4])
        overlap = _overlap(self.anchors, torch.nan_to_num(faces[..., :4]))
        taught = torch.where((present & ~doubtful)[:, None], overlap, -1.0)
        best, owner = taught.max(dim=2)
        owner = torch.where(best >= MATCH, owner, -1)
        # A face that no anchor fits well has at least its best one.
        most, anchor = taught.max(dim=1)
        for item, face in (most > 0).nonzero().tolist():
            owner[item, anchor[item, face]] = face
        near = torch.where(doubtful[:, None], overlap, -1.0).amax(dim=2) >= 0.3
        return owner, near & (owner < 0)


def decayed(network: nn.Module) -> list[dict[str, Any]]:
    """The parameters for an optimiser: as published only the weights of convolutions decay.

    Scales and shifts of normalisation, biases and the weights of the pyramid's fusion do not.
    """
    kernels = [value for value in network.parameters() if value.dim() > 1]
    others = [value for value in network.parameters() if value.dim() <= 1]
    return [
        {"params": kernels, "weight_decay": WEIGHT_DECAY},
        {"params": others, "weight_decay": 0.0},
    ]


def momentum_of(steps: int) -> float:
    """How fast batch normalisation learns the statistics that the network uses after training.

    The published .01 is made for hundreds of thousands of steps. After a few hundred the statistics
    still hold much of the untrained network, through dozens of layers: taught eight scenes for a hundred
    steps, a detector scored up to .99 in training and nothing above .02 in use.
    """
    return min(MOST_MOMENTUM, max(PUBLISHED_MOMENTUM, KNOWN_WITHIN / steps))


def class_targets(
    logits: Tensor, masked: Tensor, positive: Tensor, ignored: Tensor
) -> tuple[Tensor, Tensor]:
    """What the classes are taught.

    Args:
        logits: (N, A, 2), bare and masked.
        masked: (N, A) of each anchor's face: 1 yes, 0 no, -1 unknown; of no meaning without one.
        positive, ignored: (N, A) bool.

    Returns:
        Targets and what of them counts, both (N, A, 2) float.
    """
    known = positive & (masked >= 0)
    unknown = positive & (masked < 0)
    kind = torch.where(masked > 0.5, 1, 0)
    better = logits.argmax(dim=2)
    taught = functional.one_hot(torch.where(unknown, better, kind), 2).bool()
    target = taught & (known | unknown)[..., None]
    counted = ~ignored[..., None] & (taught | ~unknown[..., None])
    return target.float(), counted.float()


def _overlap(anchors: Tensor, boxes: Tensor) -> Tensor:
    """IoU (N, A, F) of anchors (A, 4) y, x, height, width and boxes (N, F, 4) x0, y0, x1, y1."""
    half = anchors[:, 2:] / 2
    low = (anchors[:, :2] - half).flip(1)[None, :, None]
    high = (anchors[:, :2] + half).flip(1)[None, :, None]
    corner = torch.minimum(high, boxes[:, None, :, 2:])
    inside = (corner - torch.maximum(low, boxes[:, None, :, :2])).clamp(min=0).prod(dim=3)
    area = (boxes[..., 2:] - boxes[..., :2]).prod(dim=2)[:, None]
    own = anchors[:, 2:].prod(dim=1)[None, :, None]
    return inside / (area + own - inside).clamp(min=1e-6)


class EfficientDetSystem(SceneSystem[EfficientDetRecipe]):
    """See :class:`training.system.System`."""

    recipe = EfficientDetRecipe
    default = False

    @override
    def task(self, recipe: EfficientDetRecipe, setting: Setting) -> Task:
        return EfficientDetTask(recipe, setting)

    @override
    def network(self, recipe: EfficientDetRecipe) -> nn.Module:
        return EfficientDet(recipe.width)

    @override
    def located(self, network: nn.Module) -> nn.Module:
        assert isinstance(network, EfficientDet)
        return EfficientDetExport(network)

    @override
    def text(self, recipe: EfficientDetRecipe, kind: Kind | None) -> Text:
        return Text(
            title=f"EfficientDet-D0, {recipe.size} px",
            summary=(
                "Mask detector after Fan et al. (EfficientDet-D0, Tan et al. 2020), "
                f"{recipe.width:g} of its width, trained from random weights."
            ),
            intended_use="Comparison with published work; prefer the default locator.",
            limits=("Faces smaller than about 20 px in its input are missed.", GROUPS),
        )

    @override
    def input(self, recipe: EfficientDetRecipe) -> dict[str, Any]:
        return {"size": recipe.size, "sizes": (recipe.size,), "score_threshold": 0.5}

"""Training of the mask detector of Fan et al.: EfficientDet-D0 with the classes bare and masked."""

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
from training.losses_published import focal
from training.networks.efficientdet import (
    EfficientDet,
    EfficientDetExport,
    anchors_of,
    encode,
)
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
from training.tasks.common import check_size, placed, scheduled, set_rate

MATCH = 0.5
"""Anchors that overlap a face by this much (IoU) are taught to find it, all others not to."""

HUBER = 0.1
BOX_WEIGHT = 50.0
"""Delta and weight of the box loss in the published code."""

LONGEST_GRADIENT = 10.0


class EfficientDetRecipe(Recipe):
    """The recipe.

    Attributes:
        rate: learning rate at its highest; the published one is .08 for 64 pictures a step.
        real_share: of the tiles that show real photos, see :class:`training.tasks.locate.LocateRecipe`.
        width: 1 is the published size.
    """

    task: Literal["efficientdet"]
    size: Count = 512
    batch: Count = 16
    rate: Rate = 0.02
    cooldown: Share = 1.0
    real_share: Share = 0.3
    width: Rate = 1.0

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        check_size(self.size, 64)
        if self.size < 128:
            raise ValueError(f"has the size {self.size}; the pyramid wants 128 at least")
        return self


class EfficientDetTask:
    """See :class:`training.engine.Task`.

    Focal loss for the classes, smooth L1 (Huber) for the boxes, both over the number of matched
    anchors; SGD with momentum .9, weight decay 4e-5 and a cosine (Tan et al. 2020, section 5.1).
    A face of which it is not known whether it wears a mask is taught to the class that finds it better.
    """

    def __init__(self, recipe: EfficientDetRecipe, setting: Setting) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device = recipe, setting.device
        self.model: nn.Module = placed(EfficientDet(recipe.width), setting.device)
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
        )
        self.anchors = anchors_of(recipe.size, recipe.size, setting.device)
        self.optimiser = torch.optim.SGD(
            self.model.parameters(), lr=recipe.rate, momentum=0.9, weight_decay=4e-5
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
        # Drop-connect draws from torch's own generator: a resumed run draws the same.
        torch.manual_seed(recipe.seed * 1_000_003 + round(progress * recipe.steps))
        with torch.autocast(self.device.type, torch.bfloat16):
            logits, offsets = self.model(batch["photo"])
        owner, ignored = self.assign(batch["faces"])
        positive = owner >= 0
        count = positive.sum().clamp(min=1)
        picked = torch.gather(batch["faces"], 1, owner.clamp(min=0)[..., None].expand(-1, -1, 5))
        target, counted = class_targets(logits.detach(), picked[..., 4], positive, ignored)
        class_loss = (focal(logits, target) * counted).sum() / count
        wanted = encode(picked[..., :4], self.anchors)[positive]
        box_loss = functional.huber_loss(
            offsets[positive], wanted, reduction="sum", delta=HUBER
        ) / (4 * count)
        self.optimiser.zero_grad(set_to_none=True)
        (class_loss + BOX_WEIGHT * box_loss).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), LONGEST_GRADIENT)
        self.optimiser.step()
        return {"class": float(class_loss.detach()), "box": float(box_loss.detach())}

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


class EfficientDetSystem(System[EfficientDetRecipe]):
    """See :class:`training.system.System`."""

    recipe = EfficientDetRecipe
    stage = "locate"
    default = False

    @override
    def task(self, recipe: EfficientDetRecipe, setting: Setting) -> Task:
        return EfficientDetTask(recipe, setting)

    @override
    def graph(
        self, recipe: EfficientDetRecipe, weights: dict[str, Tensor], *, sketch: bool, latent: bool
    ) -> Graph:
        network = EfficientDet(recipe.width)
        network.load_state_dict(weights)
        rows, columns = 64 * Dim("rows", min=2, max=64), 64 * Dim("columns", min=2, max=64)
        return Graph(
            module=EfficientDetExport(network),
            inputs=(torch.rand(2, 3, 320, 448),),
            names=["photo"],
            outputs=["boxes", "scores", "masked"],
            dynamic=[{0: batch_dimension(), 2: rows, 3: columns}],
        )

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

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        return "boxes"

    @override
    def data(self, recipe: EfficientDetRecipe) -> str:
        return "; boxes found by YuNet on 328 unlabelled real photos of people in masks"

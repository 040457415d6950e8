"""Training of the reconstruction network: regression first, then adversarial with diverse hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from typing_extensions import override

from training import losses
from training.data.crops import CropBatches
from training.networks.discriminator import PatchDiscriminator
from training.networks.inpainting import InpaintingNetwork
from training.optimisers import MuonOfConvolutions
from training.parallel import own, ranks
from training.system import Setting
from training.task import MODEL, Batch, Learner, Loss, Step, Task, placed
from training.tasks.common import Betas, adamw, course, started_from
from training.tasks.faces import face_batches, face_sha256s, vgg19
from training.tasks.reconstruct_recipe import ReconstructRecipe, network_spec
from training.weights import add_training, warm_start

DISCRIMINATOR_BETAS = (0.5, 0.99)

SPREAD_WEIGHT = 0.3
"""Where the weight of the spread begins."""

STEERING = 0.02
"""How fast that weight is steered, per step and unit of the ratio."""


class SpreadWeight:
    """The weight of the reward for spread, steered so that the hypotheses spread as far as they err."""

    def __init__(self, wanted: float) -> None:
        self.wanted, self.value = wanted, torch.tensor(SPREAD_WEIGHT)

    def steer(self, ratio: Tensor) -> None:
        """Raise it while the hypotheses are too much alike, lower it when they scatter."""
        away = self.wanted - ratio.clamp(max=2 * self.wanted)
        self.value = (self.value.to(ratio.device) * torch.exp(STEERING * away)).clamp(0.02, 2.0)

    def state_dict(self) -> dict[str, Any]:
        """The weight."""
        return {"value": self.value}

    def load_state_dict(self, state: dict[str, Any], /) -> None:
        """Take it back."""
        self.value = state["value"]


@dataclass(frozen=True, kw_only=True)
class Hypotheses:
    """What the network draws for N faces, K hypotheses of each.

    Attributes:
        pictures: (N, K, 4, S, S), RGB and sketch.
        log_error: (N, 1, S, S), the logarithm of the expected error.
        central: (N,) bool, whether the first one is drawn near the centre of the latent values.
    """

    pictures: Tensor
    log_error: Tensor
    central: Tensor


class ReconstructTask(Task):
    """L1 and perceptual loss alone, or two hypotheses per face against a discriminator."""

    data: CropBatches

    def __init__(self, recipe: ReconstructRecipe, setting: Setting) -> None:
        super().__init__(
            lambda: InpaintingNetwork(network_spec(recipe)),
            seed=recipe.seed,
            device=setting.device,
            start=started_from(recipe, setting),
        )
        self.recipe = recipe
        if recipe.added_training is not None:
            earlier, later = ((setting.runs / path).resolve() for path in recipe.added_training)
            add_training(self.model, earlier, later, recipe.added_share)
        if recipe.latent_afresh:
            assert isinstance(self.model, InpaintingNetwork)
            self.model.scale_latent(0)
        self.data = face_batches(
            recipe,
            setting,
            sketches=True,
            worn_share=recipe.worn_share,
            turned_share=recipe.turned_share,
            reshaped_share=recipe.reshaped_share,
        )
        self.reads(*face_sha256s(self.data))
        betas = DISCRIMINATOR_BETAS if recipe.stage == "adversarial" else (0.9, 0.99)
        self.learners[MODEL] = Learner(
            network=self.model,
            optimiser=_optimiser(recipe, self.model, betas),
            rate=course(recipe),
            longest=1.0,
        )
        last = recipe.perceptual_layer
        self.features = vgg19(setting, last=last) if recipe.perceptual else None
        self.spread = SpreadWeight(recipe.spread)
        self.parts["spread"] = self.spread
        if recipe.stage == "adversarial":
            judge = self.judge(recipe)
            if recipe.judge:
                warm_start(judge, setting.runs / recipe.judge, part="discriminator")
            judge = placed(judge, setting.device)
            self.learners["discriminator"] = Learner(
                network=judge,
                optimiser=adamw(judge, recipe.judge_rate * recipe.rate, DISCRIMINATOR_BETAS),
                rate=course(recipe, factor=recipe.judge_rate),
                longest=1.0,
            )

    def judge(self, recipe: ReconstructRecipe) -> nn.Module:
        """The discriminator, from random weights."""
        return PatchDiscriminator(4, recipe.discriminator_widths, recipe.discriminator_whole)

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        target = torch.cat([batch["face"], batch["sketch"]], dim=1)
        if self.recipe.stage == "regression":
            yield self.regression(batch["face"], batch["hole"], target)
        else:
            yield from self.adversarial(batch["face"], batch["hole"], target, step.random)

    def regression(
        self,
        face: Tensor,
        hole: Tensor,
        target: Tensor,
        truth: Tensor | None = None,
        latent: Tensor | None = None,
    ) -> Loss:
        """The loss of answers that are known, one per face or one per latent.

        Args:
            face: (N, 3, S, S) RGB 0..1.
            hole: (N, 1, S, S) {0, 1}.
            target: (N * K, 4, S, S), RGB and sketch, what the network is to draw, a face's K answers in
                a row.
            truth: (M, 4, S, S), the same of the photos of the first M faces, whose distance from the
                mean of the answers is the error that it is to expect; None where that is the target.
            latent: (N, K, L), of the answers; None asks for one of latent zero.
        """
        recipe = self.recipe
        with self.autocast():
            drawn, log_error = self.split(self.model(face, hole, latent))
            known = target if truth is None else truth
            seen = slice(0, len(known))
            expecting = (log_error[seen], drawn[seen].mean(dim=1), known, hole[seen])
            output, hole = drawn.flatten(0, 1), hole.repeat_interleave(drawn.shape[1], dim=0)
            l1 = self._l1(output, target, hole)
            parts = {"l1": l1}
            loss = l1 + self._perceptual(output, target, hole, parts)
            loss = loss + self.expected(*expecting, parts)
        if recipe.log_error:
            parts["log_error"] = losses.hole_log_error(output[:, :3], target[:, :3], hole)
            loss = loss + recipe.log_error * parts["log_error"]
        for name, weight, channels in (
            ("structure", recipe.structure, slice(0, 3)),
            ("sketch_structure", recipe.sketch_structure, slice(3, 4)),
        ):
            if weight:
                parts[name] = losses.hole_structure(output[:, channels], target[:, channels], hole)
                loss = loss + weight * parts[name]
        return Loss(MODEL, loss, parts)

    def _l1(self, output: Tensor, target: Tensor, hole: Tensor) -> Tensor:
        """The mean over RGB and sketch, (N, 4, S, S) each."""
        recipe = self.recipe
        weights = {"inside": recipe.inside, "outside": recipe.outside}
        if recipe.sketch_l1 == 1:
            return losses.hole_l1(output, target, hole, **weights)
        # The median of uncertain pencil lines is blank paper, so L1 may say little about the sketch.
        colour = losses.hole_l1(output[:, :3], target[:, :3], hole, **weights)
        drawn = losses.hole_l1(output[:, 3:], target[:, 3:], hole, **weights)
        return 0.75 * colour + 0.25 * recipe.sketch_l1 * drawn

    def split(self, output: Tensor) -> tuple[Tensor, Tensor]:
        """The pictures (N, K, 4, S, S) and the logarithm of their expected error (N, 1, S, S)."""
        output = output.float()
        return output[:, :, :4], output[:, :, 4:].mean(dim=1)

    def expected(
        self,
        log_error: Tensor,
        output: Tensor,
        target: Tensor,
        hole: Tensor,
        parts: dict[str, Tensor],
    ) -> Tensor:
        """The loss of the expected error (N, 1, S, S) of pictures (N, 4, S, S)."""
        error = (output[:, :3] - target[:, :3]).abs().mean(dim=1, keepdim=True)
        parts["error_nll"] = losses.expected_error(log_error, error, hole)
        return self.recipe.error * parts["error_nll"]

    def latents(
        self, count: int, device: torch.device, random: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Latents (N, 1 or 2, L) of so many faces, and of which the first is drawn near the centre."""
        recipe, whole_batch = self.recipe, count * ranks()
        hypotheses = 2 if recipe.latent else 1
        latent = torch.randn(whole_batch, hypotheses, max(1, recipe.latent), generator=random)
        central = torch.rand(whole_batch, generator=random) < recipe.central_share
        latent[central, 0] *= recipe.central
        return own(latent).to(device), own(central).to(device)

    def hypotheses(self, face: Tensor, hole: Tensor, random: torch.Generator) -> Hypotheses:
        """One picture per face, or two if the network has latent values."""
        latent, central = self.latents(len(face), face.device, random)
        output = self.model(face, hole, latent if self.recipe.latent else None)
        pictures, log_error = self.split(output)
        return Hypotheses(pictures=pictures, log_error=log_error, central=central)

    def adversarial(
        self, face: Tensor, hole: Tensor, target: Tensor, random: torch.Generator
    ) -> Iterator[Loss]:
        """The discriminator's loss, then the network's.

        Args:
            face: (N, 3, S, S) RGB 0..1.
            hole: (N, 1, S, S) {0, 1}.
            target: (N, 4, S, S), face and sketch.
            random: of this step.
        """
        recipe, judge = self.recipe, self.learners["discriminator"].network
        with self.autocast():
            drawn = self.hypotheses(face, hole, random)
            outputs = drawn.pictures
            # The discriminator judges the composite: what is known is the same in real and fake. It sees
            # every hypothesis: one that it never sees ends in teeth where none should be.
            hidden = hole[:, None]
            composites = hidden * outputs + (1 - hidden) * target[:, None]
            judged, holes = torch.cat(composites.unbind(dim=1)), times(hole, outputs.shape[1])
            real, real_hole = losses.augment_differentiably(target, hole, random)
            fake, fake_hole = losses.augment_differentiably(judged.detach(), holes, random)
            scores, _ = judge(torch.cat([real, fake]), torch.cat([real_hole, fake_hole]))
            each = []
            for score in scores:
                real_score, fake_score = score.float().split([len(real), len(fake)])
                each.append(
                    losses.hinge_discriminator(
                        real_score,
                        fake_score,
                        losses.patch_weight(real_hole, real_score),
                        losses.patch_weight(fake_hole, fake_score),
                    )
                )
        told = dict(zip(("d", "d_whole"), each, strict=False))
        yield Loss("discriminator", torch.stack(each).sum(), told)
        parts: dict[str, Tensor] = {}
        with self.autocast():
            # Real and fake are augmented alike, so that one pass serves the score and the matching.
            groups = outputs.shape[1] + 1
            alike, alike_hole = losses.augment_differentiably(
                torch.cat([judged, target]), times(hole, groups), random, pairs=groups
            )
            scores, seen = judge(alike, alike_hole)
            fakes = [score.float()[: len(judged)] for score in scores]
            adversarial = torch.stack(
                [
                    losses.hinge_generator(
                        score, losses.patch_weight(alike_hole[: len(judged)], score)
                    )
                    for score in fakes
                ]
            ).sum()
            matching = losses.feature_matching(
                [layer.float()[: len(judged)] for layer in seen],
                [times(layer.float()[len(judged) :], groups - 1) for layer in seen],
            )
            parts["matching"] = matching
            loss = recipe.matching * matching + recipe.adversarial * adversarial
            loss = loss + self.errors_and_spread(drawn, target, hole, parts)
            # Half of the few faces that it can be afforded for show it their second hypothesis.
            shown = composites[:, 0].clone()
            shown[1::2] = composites[1::2, -1]
            loss = loss + self._perceptual(shown, target, hole, parts)
        yield Loss(MODEL, loss, parts)

    def errors_and_spread(
        self, drawn: Hypotheses, target: Tensor, hole: Tensor, parts: dict[str, Tensor]
    ) -> Tensor:
        """L1 of the mean of the hypotheses, the reward for their spread, and the expected error.

        Args:
            drawn: the hypotheses.
            target: (N, 4, S, S).
            hole: (N, 1, S, S) {0, 1}.
            parts: takes the figures.
        """
        recipe, outputs, mean = self.recipe, drawn.pictures, drawn.pictures.mean(dim=1)
        parts["l1"] = self._l1(mean, target, hole)
        loss = recipe.l1 * parts["l1"]
        if recipe.latent and recipe.spread:
            spread, ratio = losses.coarse_spread(
                outputs[:, 0, :3], outputs[:, 1, :3], target[:, :3], hole
            )
            reward = self.spread.value.to(spread.device)
            loss = loss - reward * spread
            parts |= {"spread": spread, "ratio": ratio, "spread_weight": reward}
            self.spread.steer(ratio)
        return loss + self.expected(drawn.log_error, mean, target, hole, parts)

    def _perceptual(
        self, output: Tensor, target: Tensor, hole: Tensor, parts: dict[str, Tensor]
    ) -> Tensor:
        if self.features is None:
            return output.new_zeros(())
        few = max(1, self.recipe.perceptual_faces // ranks())
        both = torch.cat([output[: 2 * few], target[: 2 * few]], dim=1)
        both = around_hole(both, hole[: 2 * few], self.recipe.perceptual_window)
        # Other faces of the batch are judged by their sketches, so that both cost no more than one.
        pictures = [
            torch.cat([values[:few, :3], values[few:, 3:].expand(-1, 3, -1, -1)])
            for values in both.chunk(2, dim=1)
        ]
        halves = [layer.float().chunk(2) for layer in self.features(torch.cat(pictures))]
        loss = losses.perceptual([half[0] for half in halves], [half[1] for half in halves])
        parts["perceptual"] = loss
        return self.recipe.perceptual * loss

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        face, hole = batch["face"], batch["hole"]
        latent = None
        if self.recipe.latent and self.recipe.stage != "regression":
            random = torch.Generator().manual_seed(self.seed)
            latent = torch.randn(len(face), 2, self.recipe.latent, generator=random)
            latent = latent.to(face.device)
        output = self.model(face, hole, latent).float()
        first, last = output[:, 0], output[:, -1]
        # Two hypotheses where the network was taught to differ, one otherwise.
        answers = [first[:, :3]] if latent is None else [first[:, :3], last[:, :3]]
        return [face * (1 - hole), *answers, face, first[:, 3:4], batch["sketch"]]


def around_hole(pictures: Tensor, hole: Tensor, side: int) -> Tensor:
    """Windows cut around the centres of gravity of maps, as far as the pictures reach.

    Args:
        pictures: (N, C, S, S).
        hole: (N, 1, S, S) {0, 1}.
        side: of the windows; 0 is the whole picture.

    Returns:
        (N, C, side, side); the pictures themselves where they are no larger.
    """
    size = pictures.shape[-1]
    if not side or side >= size:
        return pictures
    place = torch.arange(size, device=hole.device, dtype=hole.dtype)
    area = hole.sum(dim=(1, 2, 3)).clamp(min=1)
    starts = [
        (((hole.sum(dim=(1, other)) * place).sum(dim=1) / area).round().long() - side // 2)
        .clamp(0, size - side)
        .tolist()
        for other in (3, 2)
    ]
    return torch.stack(
        [
            picture[:, top : top + side, left : left + side]
            for picture, top, left in zip(pictures, *starts, strict=True)
        ]
    )


def times(values: Tensor, count: int) -> Tensor:
    """(N, ...) to (N * count, ...): the whole batch so many times."""
    return values.repeat(count, *[1] * (values.dim() - 1))


def _optimiser(
    recipe: ReconstructRecipe, network: nn.Module, betas: Betas
) -> torch.optim.Optimizer:
    if recipe.optimiser == "adamw":
        return adamw(network, recipe.rate, betas, 1e-4)
    return MuonOfConvolutions(
        network,
        recipe.rate,
        edges=("stem", "head"),
        betas=betas,
        momentum=recipe.momentum,
        decay=1e-4,
    )

"""Training of the reconstruction network: regression first, then adversarial with diverse hypotheses."""

from __future__ import annotations

import math
from typing import Any, Literal, Self

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.export import Dim
from typing_extensions import override

from app.imaging.alignment import AlignmentSpec
from app.inference.card import KINDS, Kind, OutputKind
from training import losses
from training.data.crops import CropBatches, Jitter
from training.data.faces import open_pack
from training.data.masked import open_masked
from training.engine import Batch, Task
from training.networks.discriminator import PatchDiscriminator
from training.networks.inpainting import InpaintingNetwork, InpaintingSpec, SelectChannels
from training.networks.perceptual import VggFeatures
from training.system import (
    GROUPS,
    Count,
    Graph,
    Natural,
    Rate,
    Recipe,
    Setting,
    Share,
    System,
    Text,
    Weight,
    Widths,
    batch_dimension,
)
from training.tasks.common import check_size, placed, scheduled, set_rate, update, warm_start

SPREAD_WEIGHT = 0.3
"""Where the weight of the spread begins."""

STEERING = 0.02
"""How fast that weight is steered, per step and unit of the ratio."""


class ReconstructRecipe(Recipe):
    """The recipe of one stage.

    Attributes:
        stage: regression, or adversarial (with two hypotheses per face).
        size: side of the crop in pixels.
        batch: faces per step.
        steps: steps of the whole stage.
        seed: seed of data order, weights and latents.
        rate: learning rate of the network; the discriminator's is twice as high.
        cooldown: the last part of the stage in which the rate falls to zero along a cosine.
        warm_start: weights to begin with, relative to the runs folder.
        worn_share: part of the holes that have the shape of a mask drawn on the face (the masked pack).
        l1: weight of the L1 loss.
        perceptual: weight of the VGG-19 loss; `perceptual_faces` pictures and as many sketches count.
        sketch_l1: weight of the sketch's L1 loss relative to the RGB's, in the adversarial stage.
        matching, adversarial: weights of feature matching and hinge loss.
        spread: how large the squared difference of two hypotheses shall be, relative to the squared
            error of one: 1 are samples of the posterior, 0 leaves the spread alone. The weight of the
            reward for it is steered to reach that (rcGAN, Bendel et al. 2023, section 3.3).
        error: weight of the likelihood that teaches the expected error.
        central: the factor of the latent values of the first hypothesis in use, see
            :class:`app.inference.card.OutputCard`.
        central_share: part of the faces whose first hypothesis is drawn so in training.
    """

    task: Literal["reconstruct"]
    stage: Literal["regression", "adversarial"]
    size: Count = 96
    batch: Count = 32
    rate: Rate = 1e-3
    cooldown: Share = 0.3
    warm_start: str = ""
    widths: Widths = (48, 96, 160, 256)
    middle_blocks: Count = 3
    latent: Natural = 64
    eye_distance: float = 0.30
    eye_y: float = 0.42
    worn_share: Share = 0.0
    l1: Weight = 1.0
    inside: Weight = 6.2
    outside: Weight = 0.2
    perceptual: Weight = 0.0
    perceptual_faces: Count = 8
    sketch_l1: Weight = 1.0
    matching: Weight = 2.0
    adversarial: Weight = 0.05
    spread: Weight = 0.0
    error: Weight = 0.02
    central: Share = 0.25
    central_share: Share = 0.33
    discriminator_widths: Widths = (48, 96, 192, 192)

    @model_validator(mode="after")
    def _fits_network(self) -> Self:
        check_size(self.size, 2 ** len(self.widths))
        return self


class ReconstructTask:
    """See :class:`training.engine.Task`."""

    def __init__(self, recipe: ReconstructRecipe, setting: Setting) -> None:
        torch.manual_seed(recipe.seed)
        device = setting.device
        self.recipe, self.device = recipe, device
        self.network = InpaintingNetwork(network_spec(recipe))
        if recipe.warm_start:
            warm_start(self.network, setting.runs / recipe.warm_start)
        self.model: nn.Module = placed(self.network, device)
        pack = open_pack(setting.packs / "faces")
        self.data_sha256 = pack.sha256
        self.data = CropBatches(
            pack,
            size=recipe.size,
            batch=recipe.batch,
            seed=recipe.seed,
            steps=recipe.steps,
            spec=AlignmentSpec(eye_distance=recipe.eye_distance, eye_y=recipe.eye_y),
            jitter=Jitter(),
            worn=open_masked(setting.packs / "masked") if recipe.worn_share else None,
            worn_share=recipe.worn_share,
        )
        betas = (0.9, 0.99) if recipe.stage == "regression" else (0.5, 0.99)
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.rate, betas=betas, weight_decay=1e-4
        )
        self.features: VggFeatures | None = None
        if recipe.perceptual:
            features = VggFeatures(setting.data / "instruments" / "vgg19_to_relu3_4.npz")
            self.features = placed(features, device)
        self.random = torch.Generator().manual_seed(recipe.seed)
        self.spread_weight = SPREAD_WEIGHT
        self.discriminator: PatchDiscriminator | None = None
        if recipe.stage == "adversarial":
            self.discriminator = placed(PatchDiscriminator(4, recipe.discriminator_widths), device)
            self.discriminator_optimiser = torch.optim.AdamW(
                self.discriminator.parameters(), lr=2 * recipe.rate, betas=(0.5, 0.99)
            )

    def state(self) -> dict[str, Any]:
        """Optimisers, discriminator and the latents' generator."""
        state: dict[str, Any] = {
            "optimiser": self.optimiser.state_dict(),
            "random": self.random.get_state(),
            "spread_weight": self.spread_weight,
        }
        if self.discriminator is not None:
            state["discriminator"] = self.discriminator.state_dict()
            state["discriminator_optimiser"] = self.discriminator_optimiser.state_dict()
        return state

    def load_state(self, state: dict[str, Any]) -> None:
        """Take back :meth:`state`."""
        self.optimiser.load_state_dict(state["optimiser"])
        self.random.set_state(state["random"])
        self.spread_weight = state["spread_weight"]
        if self.discriminator is not None:
            self.discriminator.load_state_dict(state["discriminator"])
            self.discriminator_optimiser.load_state_dict(state["discriminator_optimiser"])

    def step(self, batch: Batch, progress: float) -> dict[str, float]:
        """One step of the recipe's stage."""
        rate = scheduled(self.recipe.rate, progress, self.recipe.steps, self.recipe.cooldown)
        set_rate(self.optimiser, rate)
        face, hole = batch["face"], batch["hole"]
        target = torch.cat([face, batch["sketch"]], dim=1)
        if self.discriminator is None:
            return self._regression(face, hole, target)
        return self._adversarial(face, hole, target, rate)

    def _regression(self, face: Tensor, hole: Tensor, target: Tensor) -> dict[str, float]:
        recipe = self.recipe
        with self._autocast():
            output, log_error = self._split(self.model(face, hole))
            output = output[:, 0]
            loss = losses.hole_l1(
                output, target, hole, inside=recipe.inside, outside=recipe.outside
            )
            metrics = {"l1": float(loss.detach())}
            loss = loss + self._perceptual(output, target, metrics)
            loss = loss + self._expected(log_error, output, target, hole, metrics)
        update(self.optimiser, loss, self.model.parameters())
        return metrics

    def _split(self, output: Tensor) -> tuple[Tensor, Tensor]:
        """The pictures (N, K, 4, S, S) and the logarithm of their expected error (N, 1, S, S)."""
        output = output.float()
        return output[:, :, :4], output[:, :, 4:].mean(dim=1)

    def _expected(
        self,
        log_error: Tensor,
        output: Tensor,
        target: Tensor,
        hole: Tensor,
        metrics: dict[str, float],
    ) -> Tensor:
        error = (output[:, :3] - target[:, :3]).abs().mean(dim=1, keepdim=True)
        loss = losses.expected_error(log_error, error, hole)
        metrics["error_nll"] = float(loss.detach())
        return self.recipe.error * loss

    def _adversarial(
        self, face: Tensor, hole: Tensor, target: Tensor, rate: float
    ) -> dict[str, float]:
        assert self.discriminator is not None
        recipe = self.recipe
        set_rate(self.discriminator_optimiser, 2 * rate)
        count = 2 if recipe.latent else 1
        latent = torch.randn(face.shape[0], count, max(1, recipe.latent), generator=self.random)
        central = torch.rand(face.shape[0], generator=self.random) < recipe.central_share
        latent[central, 0] *= recipe.central
        with self._autocast():
            outputs, log_error = self._split(
                self.model(face, hole, latent.to(face.device) if recipe.latent else None)
            )
            # The discriminator judges the composite: what is known is the same in real and fake.
            hidden = hole[:, None]
            judged = (hidden * outputs + (1 - hidden) * target[:, None])[:, 0]
            real, real_hole = losses.augment_differentiably(target, hole, self.random)
            fake, fake_hole = losses.augment_differentiably(judged.detach(), hole, self.random)
            score, _ = self.discriminator(
                torch.cat([real, fake]), torch.cat([real_hole, fake_hole])
            )
            real_score, fake_score = score.float().chunk(2)
            loss_d = losses.hinge_discriminator(
                real_score,
                fake_score,
                losses.patch_weight(real_hole, real_score),
                losses.patch_weight(fake_hole, fake_score),
            )
        update(self.discriminator_optimiser, loss_d, self.discriminator.parameters())
        metrics = {"d": float(loss_d.detach())}
        self.discriminator.requires_grad_(False)
        with self._autocast():
            mean = outputs.mean(dim=1)
            weights = {"inside": recipe.inside, "outside": recipe.outside}
            l1 = 0.75 * losses.hole_l1(mean[:, :3], target[:, :3], hole, **weights)
            # The median of uncertain pencil lines is blank paper, so L1 may say little about the sketch.
            drawn = losses.hole_l1(mean[:, 3:], target[:, 3:], hole, **weights)
            l1 = l1 + 0.25 * recipe.sketch_l1 * drawn
            # Real and fake are augmented alike, so that one pass serves the score and the matching.
            pair, pair_hole = losses.augment_differentiably(
                torch.cat([judged, target]), torch.cat([hole, hole]), self.random, pairs=2
            )
            score, seen = self.discriminator(pair, pair_hole)
            fake_score = score.float().chunk(2)[0]
            weight = losses.patch_weight(pair_hole.chunk(2)[0], fake_score)
            adversarial = losses.hinge_generator(fake_score, weight)
            halves = [layer.float().chunk(2) for layer in seen]
            matching = losses.feature_matching(
                [half[0] for half in halves], [half[1] for half in halves]
            )
            loss = recipe.l1 * l1 + recipe.matching * matching + recipe.adversarial * adversarial
            metrics |= {"l1": float(l1.detach()), "matching": float(matching.detach())}
            if count == 2 and recipe.spread:
                spread, ratio = losses.coarse_spread(
                    outputs[:, 0, :3], outputs[:, 1, :3], target[:, :3], hole
                )
                loss = loss - self.spread_weight * spread
                metrics |= {"spread": float(spread.detach()), "ratio": float(ratio)}
                metrics["spread_weight"] = self.spread_weight
                self._steer(float(ratio))
            loss = loss + self._expected(log_error, mean, target, hole, metrics)
            loss = loss + self._perceptual(judged, target, metrics)
        update(self.optimiser, loss, self.model.parameters())
        self.discriminator.requires_grad_(True)
        return metrics

    def _steer(self, ratio: float) -> None:
        """Raise the reward while the hypotheses are too much alike, lower it when they scatter."""
        step = math.exp(STEERING * (self.recipe.spread - min(ratio, 2 * self.recipe.spread)))
        self.spread_weight = min(2.0, max(0.02, self.spread_weight * step))

    def _perceptual(self, output: Tensor, target: Tensor, metrics: dict[str, float]) -> Tensor:
        if self.features is None:
            return output.new_zeros(())
        few = self.recipe.perceptual_faces
        # Other faces of the batch are judged by their sketches, so that both cost no more than one.
        pictures = [
            torch.cat([values[:few, :3], values[few : 2 * few, 3:].expand(-1, 3, -1, -1)])
            for values in (output, target)
        ]
        halves = [layer.float().chunk(2) for layer in self.features(torch.cat(pictures))]
        loss = losses.perceptual([half[0] for half in halves], [half[1] for half in halves])
        metrics["perceptual"] = float(loss.detach())
        return self.recipe.perceptual * loss

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16)


def network_spec(recipe: ReconstructRecipe) -> InpaintingSpec:
    """The network a recipe asks for."""
    return InpaintingSpec(
        widths=recipe.widths, middle_blocks=recipe.middle_blocks, latent=recipe.latent, channels=4
    )


class ReconstructSystem(System[ReconstructRecipe]):
    """See :class:`training.system.System`."""

    recipe = ReconstructRecipe
    stage = "reconstruct"

    @override
    def task(self, recipe: ReconstructRecipe, setting: Setting) -> Task:
        """The training."""
        return ReconstructTask(recipe, setting)

    @override
    def graph(
        self, recipe: ReconstructRecipe, weights: dict[str, Tensor], *, sketch: bool, latent: bool
    ) -> Graph:
        """Visible face, map and perhaps latent to RGB or sketch."""
        network = InpaintingNetwork(network_spec(recipe))
        network.load_state_dict(weights)
        latent = latent and bool(recipe.latent)
        face = torch.rand(2, 3, recipe.size, recipe.size)
        hole = (torch.rand(2, 1, recipe.size, recipe.size) > 0.5).float()
        inputs: tuple[Tensor, ...] = (face, hole)
        batch = batch_dimension()
        names, dynamic = ["face", "map"], [{0: batch}, {0: batch}]
        if latent:
            inputs += (torch.randn(2, 3, recipe.latent),)
            names.append("latent")
            dynamic.append({0: batch, 1: Dim("hypotheses", min=1, max=64)})
        channels = slice(3, 4) if sketch else slice(0, 3)
        return Graph(
            module=SelectChannels(network, channels, latent=latent, error=not sketch),
            inputs=inputs,
            names=names,
            outputs=["output"] if sketch else ["output", "error"],
            dynamic=dynamic,
        )

    @override
    def text(self, recipe: ReconstructRecipe, kind: Kind | None) -> Text:
        """The words of the card."""
        size = recipe.size
        limits = (
            f"Works at {size} px for the whole face crop: it shows no detail finer than that.",
            "Beard, mouth shape, teeth and age under the mask are guesses from the visible part.",
            "Heads turned far to the side are filled less well.",
            GROUPS,
        )
        use = "A lead or a witness sketch, shown beside the photo and other hypotheses."
        if kind == "rgb":
            return Text(
                title=f"RGB inpainting, {size} px",
                summary=(
                    "Fills the map with the average of what fits the visible face "
                    "(residual U-Net, regression)."
                ),
                intended_use=use,
                limits=(
                    "One smooth answer without hypotheses; it looks blurred by design.",
                    *limits,
                ),
            )
        if kind == "sketch":
            return Text(
                title=f"Sketch inpainting, {size} px",
                summary="Draws the hidden part as a pencil sketch in the hand of the visible part.",
                intended_use="A witness sketch, shown beside the photo and other hypotheses.",
                limits=limits,
            )
        return Text(
            title=f"GAN inpainting, {size} px",
            summary=(
                "Fills the map with sharp, plausible hypotheses "
                "(residual U-Net with a latent, patch discriminator)."
            ),
            intended_use=use,
            limits=(
                "Sharpness is invented: a crisp mouth is no better known than a blurred one.",
                *limits,
            ),
        )

    @override
    def input(self, recipe: ReconstructRecipe) -> dict[str, Any]:
        """An aligned crop."""
        return {
            "size": recipe.size,
            "eye_distance": recipe.eye_distance,
            "eye_y": recipe.eye_y,
            "map_dilation": 1,
        }

    @override
    def output(self, kind: Kind | None) -> OutputKind:
        """A picture."""
        return "sketch" if kind == "sketch" else "rgb"

    @override
    def kinds(self, recipe: ReconstructRecipe) -> tuple[Kind, ...]:
        """The network draws RGB and sketch."""
        return KINDS

    @override
    def latent(self, recipe: ReconstructRecipe) -> int:
        """Only a network that was trained to differ may be asked for several hypotheses."""
        return recipe.latent if recipe.stage == "adversarial" else 0

    @override
    def output_details(self, recipe: ReconstructRecipe, kind: Kind | None) -> dict[str, float]:
        """The expected error as it is; `revisage-train evaluate` fits its factor."""
        details = {} if kind == "sketch" else {"error": 1.0}
        if self.latent(recipe):
            details["central"] = recipe.central
        return details

"""Adversarial training of the reconstruction network against a discriminator on VGG-19's features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from typing_extensions import override

from training import losses
from training.networks.projected import ProjectedDiscriminator
from training.parallel import own, ranks
from training.task import MODEL, Loss
from training.tasks.reconstruct_recipe import ReconstructRecipe
from training.tasks.reconstruct_task import Hypotheses, ReconstructTask, around_hole, times


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Pictures of one kind as VGG-19 sees them.

    Attributes:
        fakes: K hypotheses of N faces, the first ones of all before the second ones: (K * N, C, h, w) of
            every layer.
        reals: what they should be, (N, C, h, w), without gradient.
        hole: (N, 1, H, W), the maps.
        central: (N,) bool, whether the first hypothesis is drawn near the centre of the latent values.
    """

    fakes: list[Tensor]
    reals: list[Tensor]
    hole: Tensor
    central: Tensor

    @property
    def hypotheses(self) -> int:
        """How many there are of each."""
        return len(self.fakes[0]) // len(self.hole)

    @property
    def drawn(self) -> tuple[list[Tensor], Tensor]:
        """What the discriminator is to take for real: features and maps."""
        return self.fakes, times(self.hole, self.hypotheses)

    @property
    def told_apart(self) -> tuple[list[Tensor], Tensor]:
        """What the discriminator learns from, fakes first: features without gradient, and maps."""
        both = zip(self.fakes, self.reals, strict=True)
        features = [torch.cat([fake.detach(), real]) for fake, real in both]
        return features, times(self.hole, self.hypotheses + 1)

    def discrimination(self, scores: list[Tensor]) -> Tensor:
        """The discriminator's loss by its scores of :attr:`told_apart`, the mean over the layers."""
        each = []
        for score in scores:
            weight = losses.patch_weight(times(self.hole, self.hypotheses + 1), score)
            fakes = len(self.fakes[0])
            parts = score.float(), weight
            (fake, real), (on_fake, on_real) = (part.tensor_split([fakes]) for part in parts)
            each.append(losses.hinge_discriminator(real, fake, on_real, on_fake))
        return torch.stack(each).mean()

    def persuasion(self, scores: list[Tensor]) -> Tensor:
        """The network's loss by the scores of its fakes, the mean over the layers."""
        _, hole = self.drawn
        each = [
            losses.hinge_generator(score.float(), losses.patch_weight(hole, score))
            for score in scores
        ]
        return torch.stack(each).mean()


class ProjectedDiscriminators(nn.Module):
    """One discriminator of faces and one of sketches, which have little in common."""

    def __init__(self, channels: list[int], strides: list[int]) -> None:
        super().__init__()
        self.kinds = nn.ModuleDict(
            {kind: ProjectedDiscriminator(channels, strides) for kind in ("face", "sketch")}
        )

    def forward(self, seen: Mapping[str, tuple[list[Tensor], Tensor]]) -> dict[str, list[Tensor]]:
        """The scores of every layer, of the features and maps of every kind."""
        return {kind: self.kinds[kind](*given) for kind, given in seen.items()}


class ProjectedReconstructTask(ReconstructTask):
    """One pass through VGG-19 serves discriminator, network and perceptual loss.

    It sees windows around the maps: both hypotheses of some faces, a sketch of each of as many others.
    """

    @override
    def judge(self, recipe: ReconstructRecipe) -> nn.Module:
        if self.features is None:
            raise ValueError(
                f"The recipe {recipe.name} has a discriminator on VGG-19's features and no perceptual "
                "loss, which brings them; set perceptual above 0, or leave out projected."
            )
        return ProjectedDiscriminators(self.features.channels, self.features.strides)

    @override
    def adversarial(
        self, face: Tensor, hole: Tensor, target: Tensor, random: torch.Generator
    ) -> Iterator[Loss]:
        recipe, judge = self.recipe, self.learners["discriminator"].network
        with self.autocast():
            drawn = self.hypotheses(face, hole, random)
            seen = self._seen(drawn, target, hole, random)
            scores = judge({kind: each.told_apart for kind, each in seen.items()})
        told = {
            "d" if kind == "face" else f"d_{kind}": each.discrimination(scores[kind])
            for kind, each in seen.items()
        }
        yield Loss("discriminator", torch.stack(list(told.values())).sum(), told)
        with self.autocast():
            scores = judge({kind: each.drawn for kind, each in seen.items()})
            parts = {
                "adversarial": [each.persuasion(scores[kind]) for kind, each in seen.items()],
                "perceptual": [self.distance(each) for each in seen.values()],
            }
            figures = {name: torch.stack(values).mean() for name, values in parts.items()}
            loss = recipe.adversarial * figures["adversarial"]
            loss = loss + recipe.perceptual * figures["perceptual"]
            loss = loss + self.errors_and_spread(drawn, target, hole, figures)
        yield Loss(MODEL, loss, figures)

    def distance(self, seen: Seen) -> Tensor:
        """The perceptual loss of every fake and the real picture that it should be."""
        beside = (times(real, seen.hypotheses) for real in seen.reals)
        pairs = [
            (fake.float(), real.float()) for fake, real in zip(seen.fakes, beside, strict=True)
        ]
        return losses.perceptual([fake for fake, _ in pairs], [real for _, real in pairs])

    def drawings(self, faces: int) -> int:
        """Of how many faces the sketches are looked at, beside the pictures of so many."""
        return faces

    def sketches(self, pictures: Tensor, faces: slice) -> Tensor:
        """Which hypotheses' sketches are looked at, all first ones before all second ones.

        Args:
            pictures: (K, N, 4, side, side), the windows of this process's part of the batch.
            faces: whose sketches are looked at.
        """
        # Half of them are second hypotheses, of the same faces in any number of processes.
        whole = torch.arange(pictures.shape[1] * ranks())
        second = own(whole)[faces].to(pictures.device) % 2 == 1
        first, last = pictures[0, faces, 3:], pictures[-1, faces, 3:]
        return torch.where(second[:, None, None, None], last, first)

    def _seen(
        self, drawn: Hypotheses, target: Tensor, hole: Tensor, random: torch.Generator
    ) -> dict[str, Seen]:
        """Windows of drawn and real pictures, augmented alike and seen by VGG-19."""
        outputs, hypotheses = drawn.pictures, drawn.pictures.shape[1]
        # The composite is judged: what is known is the same in real and fake.
        composites = times(hole, hypotheses) * torch.cat(outputs.unbind(dim=1))
        composites = composites + times((1 - hole) * target, hypotheses)
        every, holes = losses.augment_differentiably(
            torch.cat([composites, target]),
            times(hole, hypotheses + 1),
            random,
            pairs=hypotheses + 1,
        )
        both = torch.cat([every, holes], dim=1)
        both = around_hole(both, holes, self.recipe.perceptual_window)
        every, holes = both[:, :4], both[:, 4:]
        every, holes = (
            values.reshape(hypotheses + 1, -1, *values.shape[1:]) for values in (every, holes)
        )
        few = max(1, min(self.recipe.perceptual_faces // ranks(), len(target) // 2))
        faces = {"face": slice(few), "sketch": slice(few, few + self.drawings(few))}
        fakes = {
            "face": every[:-1, faces["face"], :3].flatten(0, 1),
            "sketch": self.sketches(every[:-1], faces["sketch"]),
        }
        reals = {"face": every[-1, faces["face"], :3], "sketch": every[-1, faces["sketch"], 3:]}
        fake = self._features(fakes)
        with torch.no_grad():
            real = self._features(reals)
        return {
            kind: Seen(
                fakes=fake[kind],
                reals=real[kind],
                # Augmented alike, the pictures of a face share its map.
                hole=holes[-1, which],
                central=drawn.central[which],
            )
            for kind, which in faces.items()
            if len(reals[kind])
        }

    def _features(self, pictures: dict[str, Tensor]) -> dict[str, list[Tensor]]:
        """The layers of pictures of several kinds, in one pass."""
        assert self.features is not None
        every = torch.cat([part.expand(-1, 3, -1, -1) for part in pictures.values()])
        layers = self.features(every.contiguous(memory_format=torch.channels_last))
        parts = zip(
            *(layer.split([len(part) for part in pictures.values()]) for layer in layers),
            strict=True,
        )
        return dict(zip(pictures, map(list, parts), strict=True))

"""The recipe of the reconstruction network, and the network that it asks for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import override

from training.networks.inpainting import InpaintingSpec
from training.networks.looks import LOOKS
from training.system import Count, Natural, Share, Weight, Widths
from training.tasks.common import FramedRecipe, ScheduledRecipe

Looks = Annotated[int, Field(ge=1, le=len(LOOKS))]
"""How often a face is looked at."""


Part = Annotated[float, Field(gt=0)]
"""Of a weighted mean, in any unit."""


class ReconstructRecipe(ScheduledRecipe, FramedRecipe):
    """The recipe of one stage.

    Attributes:
        stage: regression, adversarial (with two hypotheses per face), or taught (two hypotheses per face
            as `teachers` draw them).
        size: side of the crop in pixels.
        batch: faces per step.
        steps: steps of the whole stage.
        seed: seed of data order, weights and latents.
        discriminator_whole: channels of the discriminator's layers that see the whole face; 0 is none.
        projected: whether the discriminator looks at the features of the perceptual loss instead of
            learning its own, see :mod:`training.networks.projected`. `matching`, which would be the
            perceptual loss again, and the discriminator's widths say nothing then.
        energy: above 0, two hypotheses are judged together by the energy score of coarse pictures and
            deep features, which credits their difference so much, see
            :mod:`training.tasks.reconstruct_energy`; `l1` and `perceptual` are its weights then, and
            `spread` says nothing. It needs `projected`.
        landmarks: weight of the energy score of the landmarks of nose, mouth and jaw that are read off
            two hypotheses, in eye distances; `energy` has to be above 0.
        landmarks_energy: how much of their difference is credited there.
        landmarks_reader: the run that reads them, in the folder of runs.
        judge: checkpoint of a run, in the folder of runs, with whose discriminator this one begins.
        added_training: two files of weights, in the folder of runs: what a run began with, and what it
            ended with. `added_share` of what it learned is added to the weights of `warm_start`, see
            :func:`training.weights.add_training`.
        teachers: weights and files of weights, in the folder of runs, of networks of this shape; the
            weighted mean of their pictures is what is learned then, see
            :mod:`training.tasks.reconstruct_taught`. In the regression stage they draw one answer.
        anchor: weight of the distance from what the teachers draw, in the adversarial stage; `structure`
            is relative to it there.
        taught_faces: how many faces in real masks, of the pack of :mod:`training.data.taught`, are drawn
            in every step besides, as the teachers draw them, and not judged.
        taught_looks: how often a teacher looks at a face, with `looks_detail`, for what the network is
            to draw at one look.
        modes: of the distribution of hypotheses, see
            :class:`training.networks.inpainting.InpaintingSpec`.
        latent_afresh: whether the weights of the latent values are forgotten, so that all hypotheses
            begin as the one that latent values of zero draw.
        optimiser: of the network; a discriminator's is AdamW.
        momentum: Muon's.
        rate: learning rate of the network.
        judge_rate: the discriminator's learning rate, in those of the network.
        worn_share: part of the holes that have the shape of a mask drawn on the face (the masked pack).
        turned_share: part of the heads that are turned further than in their photos.
        reshaped_share: part of the faces that are warped towards another person's shape.
        l1: weight of the L1 loss.
        log_error: weight of the logarithm of each face's squared error inside the map, in the regression
            stage, see :func:`training.losses.hole_log_error`.
        structure: weight of one minus the structural similarity inside the map, in the regression stage.
        sketch_structure: the same of the sketch.
        perceptual: weight of the VGG-19 loss; `perceptual_faces` pictures and as many sketches count.
        perceptual_window: side of the windows around the maps that it looks at; 0 is the whole crop.
        perceptual_layer: the last layer of VGG-19 that it looks at.
        sketch_l1: weight of the sketch's L1 loss relative to the RGB's.
        matching, adversarial: weights of feature matching and hinge loss.
        spread: how large the squared difference of two hypotheses shall be, relative to the squared
            error of one: 1 are samples of the posterior, 0 leaves the spread alone. The weight of the
            reward for it is steered to reach that (rcGAN, Bendel et al. 2023, section 3.3).
        error: weight of the likelihood that teaches the expected error.
        central: the factor of the latent values of the first hypothesis in use, see
            :class:`app.inference.card.OutputCard`.
        truncation: how much latent values count in the exported model, see
            :meth:`training.networks.inpainting.InpaintingNetwork.scale_latent`; training does not
            know it.
        looks: how often the exported model looks at a face: once, at the mirror image too, or at both a
            few pixels aside as well (4), see :class:`training.networks.looks.SelectChannels`.
            Training looks once.
        further_looks: how often at every hypothesis but the first one; None is as often.
        looks_detail: the Gaussian in pixels whose finer detail comes of the first look alone; 0 takes
            the mean as it is.
        looks_even: whether lattices are taken out of the pictures that the exported model draws, see
            :mod:`training.networks.lattice`.
        sketch_looks, sketch_further_looks, sketch_detail: of the exported sketch.
        blend: how much the exported model has of the run's own weights; the rest is what the
            run began with, which is less sharp and errs less (network interpolation: Wang et al. 2018,
            arXiv 1809.00219, section 3.4).
        blend_with: the file of that rest, in the folder of runs, where it is not `warm_start`.
        sketch_blend, sketch_blend_with: the same of the sketch; None and nothing are those of the
            picture.
        finer: the weights, in the folder of runs, of the super-resolution network by which the exported
            pictures are enlarged besides, see :mod:`training.networks.super_resolution`; none if empty.
            An ONNX file of the zoo that ends in such a network will do.
        central_share: part of the faces whose first hypothesis is drawn so in training.
    """

    task: Literal["reconstruct"]
    stage: Literal["regression", "adversarial", "taught"]
    optimiser: Literal["adamw", "muon"] = "adamw"
    momentum: Share = 0.95
    size: Count = 96
    batch: Count = 32
    cooldown: Share = 0.3
    widths: Widths = (48, 96, 160, 256)
    middle_blocks: Count = 3
    heads: Natural = 0
    further_blocks: tuple[Natural, ...] = ()
    latent: Natural = 64
    modes: Natural = 0
    latent_afresh: bool = False
    worn_share: Share = 0.0
    turned_share: Share = 0.0
    reshaped_share: Share = 0.0
    l1: Weight = 1.0
    log_error: Weight = 0.0
    structure: Weight = 0.0
    sketch_structure: Weight = 0.0
    inside: Weight = 6.2
    outside: Weight = 0.2
    perceptual: Weight = 0.0
    perceptual_faces: Count = 8
    perceptual_window: Natural = 0
    perceptual_layer: Literal["2_2", "3_2", "3_4"] = "2_2"
    sketch_l1: Weight = 1.0
    matching: Weight = 2.0
    adversarial: Weight = 0.05
    spread: Weight = 0.0
    error: Weight = 0.02
    central: Share = 0.25
    truncation: Share = 0.6
    looks: Looks = 1
    further_looks: Looks | None = None
    looks_detail: Weight = 0.0
    looks_even: bool = False
    sketch_looks: Looks = 1
    sketch_further_looks: Looks | None = None
    sketch_detail: Weight = 0.0
    blend: Share = 1.0
    blend_with: str = ""
    sketch_blend: Share | None = None
    sketch_blend_with: str = ""
    finer: str = ""
    central_share: Share = 0.33
    projected: bool = False
    energy: Share = 0.0
    landmarks: Weight = 0.0
    landmarks_energy: Share = 0.9
    landmarks_reader: str = "landmarks"
    judge: str = ""
    judge_rate: Weight = 2.0
    added_training: tuple[str, str] | None = None
    added_share: Share = 1.0
    teachers: tuple[tuple[Part, str], ...] = ()
    taught_looks: Looks = 1
    anchor: Weight = 0.0
    taught_faces: Natural = 0
    discriminator_widths: Widths = (48, 96, 192, 192)
    discriminator_whole: Natural = 0

    @property
    @override
    def halvings(self) -> int:
        return len(self.widths)


def network_spec(recipe: ReconstructRecipe) -> InpaintingSpec:
    """The network a recipe asks for."""
    return InpaintingSpec(
        widths=recipe.widths,
        middle_blocks=recipe.middle_blocks,
        heads=recipe.heads,
        further_blocks=recipe.further_blocks,
        latent=recipe.latent,
        modes=recipe.modes,
        channels=4,
    )

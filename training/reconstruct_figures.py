"""Figures of reconstructions, the same for every system: models of the zoo and classical baselines.

All of them fill the same hole of the same photos, and every figure is kept face by face, so that it has
a spread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import norm

from app.imaging.alignment import AlignmentSpec
from app.imaging.composite import composite
from app.imaging.face import LEFT_EYE, MOUTH, RIGHT_EYE, Face, box_of_landmarks
from app.imaging.photo import photo_from_array
from app.imaging.uncertainty import spread
from app.inference.card import COVERAGE
from app.inference.reconstruct import reconstruct
from app.inference.session import ModelSession
from training import metrics
from training.data.crops import aligned
from training.data.faces import FacePack
from training.diversity import Distance, differences
from training.instruments import (
    FaceEmbedding,
    HaarFaces,
    InceptionFeatures,
    LandmarkInstrument,
    SqueezeFeatures,
    present,
)
from training.masks.shapes import evaluation_polygon

FACE_CROP = AlignmentSpec(eye_distance=0.36, eye_y=0.36)
"""What perceptual and Frechet distances look at: the face and little else."""

CROP_SIZE = 160

SQUARE = 8
"""Side in pixels of the squares over which errors are compared too: an eighth of the eyes' distance."""

NORMAL_QUANTILE = float(norm.ppf(0.5 + COVERAGE / 2))
"""Standard deviations on each side of a normal distribution's mean that hold COVERAGE of it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Filled:
    """One system's answer for one photo.

    Attributes:
        pictures: per hypothesis the whole photo (H, W, 3) uint8, changed inside the hole alone.
        half_width: (H, W) float32 in 0..1, half of the interval around the mean of the hypotheses that
            is stated to hold the truth with :data:`app.inference.card.COVERAGE`; None where the system
            states none.
    """

    pictures: list[NDArray[np.uint8]]
    half_width: NDArray[np.float32] | None = None


class Filler(Protocol):
    """A system that reconstructs.

    Attributes:
        latent: whether it has several hypotheses.
    """

    latent: bool

    def __call__(
        self,
        photo: NDArray[np.uint8],
        hole: NDArray[np.bool_],
        landmarks: NDArray[np.floating],
        *,
        hypotheses: int = 1,
    ) -> Filled:
        """Fill the hole (H, W) of a photo (H, W, 3) of a face with landmarks (68, 2)."""
        ...


class ModelFiller:
    """A reconstruction model as the application runs it: its own alignment, stages and compositing."""

    def __init__(self, session: ModelSession) -> None:
        self.session = session
        self.latent = session.model.card.output.latent > 0

    def __call__(
        self,
        photo: NDArray[np.uint8],
        hole: NDArray[np.bool_],
        landmarks: NDArray[np.floating],
        *,
        hypotheses: int = 1,
    ) -> Filled:
        """See :class:`Filler`."""
        face = Face(box=box_of_landmarks(landmarks), landmarks=landmarks)
        result = reconstruct(photo, hole, face, self.session, hypotheses=hypotheses, seed=0)
        whole = photo_from_array(photo)
        # The grain is laid over what is shown; the mean of several hypotheses is of the drawn ones.
        grain = hypotheses == 1
        pictures = [
            composite(whole, hole, picture, result.alignment, grain=grain, finer=finer).pixels
            for picture, finer in zip(
                result.pictures,
                [None] * len(result.pictures) if result.finer is None else result.finer,
                strict=True,
            )
        ]
        filled = Filled(pictures=[np.asarray(picture, np.uint8) for picture in pictures])
        half_width = result.error
        if half_width is None and len(pictures) > 1:
            # A model that states no interval: its hypotheses taken for a normal distribution.
            half_width = spread(result.pictures) * np.float32(NORMAL_QUANTILE)
        if half_width is None:
            return filled
        height, width = hole.shape
        rectangle = (0, 0, width, height)
        stated = result.alignment.paste_into(half_width, rectangle, interpolation=cv2.INTER_LINEAR)
        return replace(filled, half_width=np.asarray(stated, np.float32))


@dataclass(kw_only=True, eq=False)
class Measured:
    """What was measured of one system.

    Attributes:
        faces: number of faces.
        each: by figure, one value per face.
        whole: by figure, one value of the whole set.
        hypotheses: how many were asked for where a figure is about several.
        pictures: the first hypotheses, in the order of the faces.
        further: by face the other ones, which are drawn with latent values as they come.
    """

    faces: int
    each: dict[str, list[float]] = field(default_factory=dict)
    whole: dict[str, float] = field(default_factory=dict)
    hypotheses: int = 1
    pictures: list[NDArray[np.uint8]] = field(default_factory=list)
    further: list[list[NDArray[np.uint8]]] = field(default_factory=list)

    def note(self, **values: float) -> None:
        """Add one face's values."""
        for name, value in values.items():
            self.each.setdefault(name, []).append(float(value))


def measured_rows(pack: FacePack, split: str, count: int) -> list[int]:
    """One photo of each person of a split, at most `count`: LFW's where there are any.

    Several photos of one person are no independent samples.
    """
    rows = [int(row) for row in pack.indices(split)]
    lfw = [row for row in rows if pack.names[row].startswith("lfw")]
    first: dict[str, int] = {}
    for row in lfw or rows:
        first.setdefault(pack.identities[row], row)
    if not first:
        raise ValueError(
            f"The pack has no face of the split {split}, which the figures need; "
            "prepare the data again with people in it."
        )
    return list(first.values())[:count]


def measure(
    fill: Filler, pack: FacePack, rows: Sequence[int], instruments: Path, *, hypotheses: int = 4
) -> Measured:
    """All columns of the reconstruction table, in the packed photos' 250 px frame.

    Args:
        fill: the system.
        pack: the photos.
        rows: which of them.
        instruments: folder of the measuring networks; figures whose network is missing are left out.
        hypotheses: how many are asked of a system that has several.
    """
    result = Measured(faces=len(rows), hypotheses=hypotheses if fill.latent else 1)
    targets: list[NDArray[np.uint8]] = []
    for row in rows:
        photo, landmarks = np.array(pack.photos[row]), pack.landmarks[row]
        hole = evaluation_polygon(landmarks, photo.shape[1])
        began = time.perf_counter()
        filled = fill(photo, hole, landmarks)
        result.note(milliseconds=1000 * (time.perf_counter() - began))
        target, first = _scaled(photo), _scaled(filled.pictures[0])
        result.note(
            psnr_hole=metrics.psnr_hole(first, target, hole),
            ssim_hole=metrics.ssim_hole(first, target, hole),
            l1=float(np.abs(first - target).mean()),
            l2=float(((first - target) ** 2).mean()),
        )
        if result.hypotheses > 1:
            several = fill(photo, hole, landmarks, hypotheses=hypotheses)
            _note_hypotheses(result, several, target, hole)
            result.further.append(several.pictures[1:])
        else:
            _note_interval(result, filled, first, target, hole)
        result.pictures.append(filled.pictures[0])
        targets.append(photo)
    _measure_perception(result, targets, [pack.landmarks[row] for row in rows], instruments)
    return result


def _note_hypotheses(
    result: Measured, filled: Filled, target: NDArray[np.float32], hole: NDArray[np.bool_]
) -> None:
    pictures = np.stack([_scaled(picture) for picture in filled.pictures])
    mean = pictures.mean(axis=0)
    result.note(
        psnr_hole_of_mean=metrics.psnr_hole(mean, target, hole),
        spread=float(pictures[:, hole].std(axis=0).mean()),
    )
    _note_interval(result, filled, mean, target, hole)


def _note_interval(
    result: Measured,
    filled: Filled,
    mean: NDArray[np.float32],
    target: NDArray[np.float32],
    hole: NDArray[np.bool_],
) -> None:
    if filled.half_width is not None:
        error, stated = np.abs(mean - target), filled.half_width
        of_pixels = error.mean(axis=-1)
        # One pixel's error is mostly chance: drawn from the very distributions that are stated, it would
        # correlate with them by no more than .3 to .5. What is stated shows over a part of a face.
        of_squares, stated_of_squares = (
            metrics.means_of_squares(values, hole, SQUARE) for values in (of_pixels, stated)
        )
        result.note(
            coverage=metrics.interval_coverage(error[hole], stated[hole][:, None]),
            error_correlation=metrics.rank_correlation(of_pixels[hole], stated[hole]),
            error_correlation_squares=metrics.rank_correlation(of_squares, stated_of_squares),
        )


def _measure_perception(
    result: Measured,
    targets: list[NDArray[np.uint8]],
    landmarks: list[NDArray[np.floating]],
    instruments: Path,
) -> None:
    """The columns that need an instrument, as far as there is one."""
    outputs = result.pictures
    # Two hypotheses that differ need two that are drawn as latent values come.
    further = [list(each) for each in zip(*result.further, strict=True)]
    further = further if len(further) > 1 else []
    haar = HaarFaces()
    for output, target in zip(outputs, targets, strict=True):
        result.note(face_found=haar(output), face_found_in_originals=haar(target))
    finder = present(LandmarkInstrument, instruments)
    if finder is not None:
        eyes = np.stack(landmarks)
        unit = np.linalg.norm(eyes[:, RIGHT_EYE].mean(1) - eyes[:, LEFT_EYE].mean(1), axis=1)

        def mouths(pictures: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
            return finder(pictures, landmarks)[:, MOUTH]

        def apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
            return metrics.landmark_error(one, other, unit)

        truth = mouths(targets)
        result.each["mouth_error"] = apart(mouths(outputs), truth).tolist()
        if further:
            drawn = [mouths(pictures) for pictures in further]
            between, to_truth = differences(drawn, truth, apart)
            result.each |= {"mouth_difference": between, "mouth_error_further": to_truth}
    embed = present(FaceEmbedding, instruments)
    if embed is not None:
        cosine = (embed(outputs, landmarks) * embed(targets, landmarks)).sum(axis=1)
        result.each["identity_cosine"] = [float(value) for value in cosine]
    crops = [_face_crops(pictures, landmarks) for pictures in (outputs, targets)]
    squeeze = present(SqueezeFeatures, instruments)
    if squeeze is not None:
        distance = squeeze_distance(squeeze)
        result.each["squeeze_distance"] = distance(crops[0].numpy(), crops[1].numpy()).tolist()
        if further:
            drawn = [_face_crops(pictures, landmarks).numpy() for pictures in further]
            between, to_truth = differences(drawn, crops[1].numpy(), distance)
            result.each |= {"squeeze_difference": between, "squeeze_distance_further": to_truth}
    if len(outputs) < 2:
        return
    if squeeze is not None:
        pooled = [by_parts(squeeze.pooled, crop) for crop in crops]
        result.whole["squeeze_frechet"] = metrics.frechet_distance(pooled[0], pooled[1])
        result.whole["squeeze_kernel"] = metrics.kernel_distance(pooled[0], pooled[1])
    inception = present(InceptionFeatures, instruments)
    if inception is not None:
        pooled = [by_parts(inception, crop) for crop in crops]
        result.whole["fid"] = metrics.frechet_distance(pooled[0], pooled[1])


def squeeze_distance(squeeze: SqueezeFeatures) -> Distance:
    """SqueezeNet distance of crops (N, 3, S, S), in parts of the memory."""

    def apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
        parts = (
            squeeze.distance(*(torch.from_numpy(crops[i : i + 32]) for crops in (one, other)))
            for i in range(0, len(one), 32)
        )
        return np.concatenate([part.numpy() for part in parts]).astype(np.float64)

    return apart


def by_parts(
    network: Callable[[torch.Tensor], NDArray[np.float32]], pictures: torch.Tensor
) -> NDArray[np.float32]:
    return np.concatenate([network(pictures[i : i + 32]) for i in range(0, len(pictures), 32)])


def _face_crops(
    pictures: list[NDArray[np.uint8]], landmarks: list[NDArray[np.floating]]
) -> torch.Tensor:
    """(N, 3, 160, 160) crops that hold the face and little else."""
    crops = [
        aligned(points, FACE_CROP).crop(picture, CROP_SIZE)
        for picture, points in zip(pictures, landmarks, strict=True)
    ]
    return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 255


def _scaled(pixels: NDArray[np.integer]) -> NDArray[np.float32]:
    """8-bit pixels as float32 in 0..1."""
    return pixels.astype(np.float32) / np.float32(255)

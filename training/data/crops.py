"""Aligned, jittered crops with a hole: the batches that reconstruction networks are trained on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from typing_extensions import override

from app.imaging.alignment import Alignment, AlignmentSpec, align_eyes
from app.imaging.face import LEFT_EYE, RIGHT_EYE, box_of_landmarks
from training.data.batches import Batch, Batches, Item
from training.data.faces import FacePack, train_rows
from training.data.masked import MaskedPack
from training.data.reshaping import Reshaping, Reshapings
from training.data.turning import Turning
from training.degrade import degrade
from training.masks.shapes import random_hole
from training.sketching import draw_sketches

FLIP = np.array(
    [
        *range(16, -1, -1),
        *range(26, 16, -1),
        *range(27, 31),
        *range(35, 30, -1),
        *range(45, 41, -1),
        47,
        46,
        *range(39, 35, -1),
        41,
        40,
        *range(54, 47, -1),
        *range(59, 54, -1),
        *range(64, 59, -1),
        67,
        66,
        65,
    ]
)
"""Which of the 68 landmarks each one becomes in the mirrored picture."""


DEGRADED = 0.25
"""Part of the crops that are blurred, noisy or compressed."""


@dataclass(frozen=True, kw_only=True)
class Jitter:
    """How far a training crop may stray from the exact alignment: what the locator's error will be."""

    degrees: float = 5.0
    scale: float = 0.06
    shift: float = 0.025


def aligned(landmarks: NDArray[np.floating], spec: AlignmentSpec) -> Alignment:
    """The exact alignment of a face that is known by its 68 landmarks (68, 2) in photo pixels."""
    eyes = np.stack([landmarks[RIGHT_EYE].mean(axis=0), landmarks[LEFT_EYE].mean(axis=0)])
    box = box_of_landmarks(landmarks)
    return align_eyes(eyes, box_height=box[3] - box[1], spec=spec)


Move = NDArray[np.float64]
"""(2, 3): how the unit crop is turned and scaled about its middle, and shifted."""


def drawn_jitter(jitter: Jitter, rng: np.random.Generator) -> Move:
    """A random move."""
    angle = np.deg2rad(rng.uniform(-jitter.degrees, jitter.degrees))
    scale = np.exp(rng.uniform(-jitter.scale, jitter.scale))
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    shift = np.array([0.5, 0.5]) + rng.uniform(-jitter.shift, jitter.shift, size=2)
    return np.column_stack([turn, shift])


def moved(alignment: Alignment, move: Move) -> Alignment:
    """The alignment followed by a move."""
    turn = move[:, :2]
    offset = turn @ (alignment.matrix[:, 2] - 0.5) + move[:, 2]
    return Alignment(np.column_stack([turn @ alignment.matrix[:, :2], offset]))


def jittered(alignment: Alignment, jitter: Jitter, rng: np.random.Generator) -> Alignment:
    """The alignment turned, scaled and shifted by a random amount about the crop's centre."""
    return moved(alignment, drawn_jitter(jitter, rng))


class CropBatches(Batches):
    """``face`` (N, 3, S, S) float32 RGB 0..1 with nothing hidden, ``hole`` (N, 1, S, S) float32 {0, 1}.

    ``landmarks`` (N, 68, 2) float32 are in 0..1 of the crop. With `sketches`, also ``sketch``
    (N, 1, S, S) float32 0..1, drawn from the face where the batch is.
    """

    def __init__(
        self,
        pack: FacePack,
        *,
        size: int,
        batch: int,
        seed: int,
        steps: int,
        spec: AlignmentSpec,
        jitter: Jitter,
        sketches: bool = True,
        worn: MaskedPack | None = None,
        worn_share: float = 0.5,
        turned_share: float = 0.0,
        reshaped_share: float = 0.0,
    ) -> None:
        """
        Args:
            sketches: whether the batches hold them.
            worn: the masked pack of the same faces: so many of the holes have the shape of a mask that
                was drawn on the very face, gaiters and respirators among them.
            worn_share: see `worn`.
            turned_share: part of the heads that are turned further than in their photos.
            reshaped_share: part of the faces that are warped towards another person's shape.
        """
        super().__init__(pack.splits, batch=batch, seed=seed, steps=steps)
        self.pack, self.size, self.sketches = pack, size, sketches
        self.worn, self.worn_share = worn, worn_share if worn is not None else 0.0
        self.spec, self.jitter = spec, jitter
        trained = pack.landmarks[train_rows(pack.splits)]
        self.turning = Turning(trained, turned_share)
        self.reshapings = Reshapings(trained, reshaped_share)

    @override
    def item(self, rng: np.random.Generator, row: int) -> Item:
        size, landmarks = self.size, self.pack.landmarks[row]
        angle = self.turning.angle(landmarks, rng)
        photo, landmarks = self.turning.turned(self.pack.photos[row], landmarks, angle)
        reshaping = self.reshapings.drawn(landmarks, rng)
        if reshaping is not None:
            photo, landmarks = reshaping.reshaped(photo, landmarks)
        move = drawn_jitter(self.jitter, rng)
        alignment = moved(aligned(landmarks, self.spec), move)
        crop = alignment.crop(photo, size)
        points = alignment.to_crop(landmarks, size)
        hole = self._worn_hole(row, move, angle, reshaping, rng)
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
            hole = None if hole is None else hole[:, ::-1]
            points = points[FLIP]
            points[:, 0] = size - points[:, 0]
        crop = lit(np.ascontiguousarray(crop), rng)
        if rng.random() < DEGRADED:
            # Target and visible face alike: what is drawn is to be as sharp and as grainy as they.
            crop = degrade(rng, crop, strength=0.5)
        if hole is None:
            hole = random_hole(rng, points, size)
        return {
            "face": crop,
            "hole": hole.astype(np.uint8),
            "landmarks": (points / size).astype(np.float32),
        }

    def exact_landmarks(self, rows: NDArray[np.int64]) -> Tensor:
        """The landmarks (N, 68, 2) of some rows, in 0..1 of the crop, without any jitter."""
        shapes = [
            aligned(points, self.spec).to_crop(points) for points in self.pack.landmarks[rows]
        ]
        return torch.from_numpy(np.stack(shapes)).float()

    def _worn_hole(
        self,
        row: int,
        move: Move,
        angle: float,
        reshaping: Reshaping | None,
        rng: np.random.Generator,
    ) -> NDArray[np.bool_] | None:
        """The outline of a mask that the masked pack put on this face, a little too large, or None.

        The mask is turned by `angle` with the head, and reshaped with the face.
        """
        if self.worn is None or rng.random() >= self.worn_share:
            return None
        count = len(self.pack.names)
        drawn = row + count * int(rng.integers(len(self.worn.worn) // count))
        if not self.worn.worn[drawn]:
            return None
        # The masked pack may be cut otherwise than the faces are, so that its own landmarks count.
        outline, landmarks = self.worn.map(drawn) * np.uint8(255), self.worn.landmarks[drawn]
        outline, landmarks = self.turning.turned(outline, landmarks, angle)
        if reshaping is not None:
            outline, landmarks = reshaping.reshaped(outline, landmarks)
        alignment = moved(aligned(landmarks, self.spec), move)
        hole = alignment.crop(outline, self.size, border=cv2.BORDER_CONSTANT) > 127
        if not 0.01 < hole.mean() < 0.66:
            return None
        side = 2 * int(rng.integers(0, max(2, self.size // 24))) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        return cv2.dilate(hole.astype(np.uint8), kernel) > 0

    @override
    def finish(self, batch: Batch) -> Batch:
        batch = super().finish(batch)
        if self.sketches:
            batch["sketch"] = draw_sketches(batch["face"])
        return batch


def lit(crop: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Another exposure, contrast and white balance; a tenth of the crops become grey.

    Every value depends on the old one and its channel alone, so that a table of 256 rows does it.
    """
    table = np.repeat(np.linspace(0, 1, 256, dtype=np.float32)[:, None], 3, axis=1)
    if rng.random() < 0.6:
        table = table ** np.float32(np.exp(rng.normal(0, 0.2)))
        table = table * np.exp(rng.normal(0, 0.05, size=3)).astype(np.float32)
        table = table * np.float32(np.exp(rng.normal(0, 0.12)))
    changed = (np.clip(table, 0, 1) * 255 + 0.5).astype(np.uint8)
    crop = np.asarray(cv2.LUT(crop, changed[None]), np.uint8)
    if rng.random() < 0.1:
        grey = cv2.transform(crop, np.full((3, 3), 1 / 3, np.float32))
        crop = np.asarray(grey, np.uint8)
    return crop

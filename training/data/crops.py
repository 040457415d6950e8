"""Aligned, jittered crops with a hole: the batches that reconstruction networks are trained on.

Every batch is a pure function of (seed, step): a resumed run sees the same data in the same order
without any saved state.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from app.imaging.alignment import Alignment, AlignmentSpec, align_eyes
from app.imaging.face import LEFT_EYE, RIGHT_EYE, box_of_landmarks
from app.imaging.sketch import sketch
from training.data.faces import FacePack, train_rows
from training.data.masked import MaskedPack
from training.degrade import degrade
from training.masks.shapes import random_hole

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


def jittered(alignment: Alignment, jitter: Jitter, rng: np.random.Generator) -> Alignment:
    """The alignment turned, scaled and shifted by a random amount about the crop's centre."""
    angle = np.deg2rad(rng.uniform(-jitter.degrees, jitter.degrees))
    scale = np.exp(rng.uniform(-jitter.scale, jitter.scale))
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    shift = np.array([0.5, 0.5]) + rng.uniform(-jitter.shift, jitter.shift, size=2)
    offset = turn @ (alignment.matrix[:, 2] - 0.5) + shift
    return Alignment(np.column_stack([turn @ alignment.matrix[:, :2], offset]))


class CropBatches(Dataset[dict[str, Tensor]]):
    """Item `step` is the whole batch of that step.

    A batch holds ``face`` (N, 3, S, S) float32 RGB 0..1 with nothing hidden, ``hole`` (N, 1, S, S)
    float32 {0, 1} and ``sketch`` (N, 1, S, S) float32 0..1.
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
        worn: MaskedPack | None = None,
        worn_share: float = 0.5,
    ) -> None:
        """
        Args:
            worn: the masked pack of the same faces: so many of the holes have the shape of a mask that
                was drawn on the very face, gaiters and respirators among them.
            worn_share: see `worn`.
        """
        self.pack, self.worn = pack, worn
        self.worn_share = worn_share if worn is not None else 0.0
        self.rows = train_rows(pack.splits)
        self.size, self.batch, self.seed, self.steps = size, batch, seed, steps
        self.spec, self.jitter = spec, jitter

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        rng = np.random.default_rng([self.seed, step])
        size = self.size
        faces = np.empty((self.batch, size, size, 3), np.uint8)
        holes = np.empty((self.batch, size, size), np.float32)
        sketches = np.empty((self.batch, size, size), np.float32)
        for item, row in enumerate(rng.choice(self.rows, self.batch)):
            landmarks = self.pack.landmarks[row]
            alignment = jittered(aligned(landmarks, self.spec), self.jitter, rng)
            crop = alignment.crop(self.pack.photos[row], size)
            points = alignment.to_crop(landmarks, size)
            hole = self._worn_hole(int(row), alignment, rng)
            if rng.random() < 0.5:
                crop = crop[:, ::-1]
                hole = None if hole is None else hole[:, ::-1]
                points = points[FLIP]
                points[:, 0] = size - points[:, 0]
            crop = _lit(np.ascontiguousarray(crop), rng)
            if rng.random() < DEGRADED:
                # Target and visible face alike: what is drawn is to be as sharp and as grainy as they.
                crop = degrade(rng, crop, strength=0.5)
            faces[item] = crop
            holes[item] = random_hole(rng, points, size) if hole is None else hole
            sketches[item] = sketch(crop, face_size=size)
        return {
            "face": torch.from_numpy(faces).permute(0, 3, 1, 2).float().div_(255),
            "hole": torch.from_numpy(holes)[:, None],
            "sketch": torch.from_numpy(sketches)[:, None],
        }

    def _worn_hole(
        self, row: int, alignment: Alignment, rng: np.random.Generator
    ) -> NDArray[np.bool_] | None:
        """The outline of a mask that the masked pack put on this face, a little too large, or None."""
        if self.worn is None or rng.random() >= self.worn_share:
            return None
        count = len(self.pack.names)
        drawn = row + count * int(rng.integers(len(self.worn.worn) // count))
        if not self.worn.worn[drawn]:
            return None
        outline = self.worn.map(drawn) * np.uint8(255)
        hole = alignment.crop(outline, self.size, border=cv2.BORDER_CONSTANT) > 127
        if not 0.01 < hole.mean() < 0.66:
            return None
        side = 2 * int(rng.integers(0, max(2, self.size // 24))) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        return cv2.dilate(hole.astype(np.uint8), kernel) > 0


def _lit(crop: NDArray[np.generic], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Another exposure, contrast and white balance; a tenth of the crops become grey."""
    values = crop.astype(np.float32) / 255
    if rng.random() < 0.6:
        values = values ** np.exp(rng.normal(0, 0.2))
        values = values * np.exp(rng.normal(0, 0.05, size=3)).astype(np.float32)
        values = values * np.exp(rng.normal(0, 0.12))
    if rng.random() < 0.1:
        values = np.repeat(values.mean(axis=2, keepdims=True), 3, axis=2)
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)

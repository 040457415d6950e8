"""Batches for the map and the aligner: crops of the masked pack, jittered and degraded."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from app.imaging.alignment import Alignment, AlignmentSpec, align_box
from app.imaging.face import box_of_landmarks
from training.data.crops import FLIP, Jitter, aligned, jittered
from training.data.faces import train_rows
from training.data.masked import MaskedPack
from training.data.taught import TaughtPack
from training.degrade import degrade


class MapBatches(Dataset[dict[str, Tensor]]):
    """``face`` (N, 3, S, S) float32 0..1 and ``map`` (N, 1, S, S) float32 {0, 1}, aligned by `spec`."""

    def __init__(
        self,
        pack: MaskedPack,
        *,
        size: int,
        batch: int,
        seed: int,
        steps: int,
        spec: AlignmentSpec,
        taught: TaughtPack | None = None,
        taught_share: float = 0.0,
    ) -> None:
        self.pack, self.rows = pack, train_rows(pack.splits)
        self.taught, self.taught_share = taught, taught_share if taught is not None else 0.0
        self.size, self.batch, self.seed, self.steps, self.spec = size, batch, seed, steps, spec
        # The aligner's own error under a mask is part of what the map must live with.
        self.jitter = Jitter(degrees=8, scale=0.12, shift=0.05)

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        rng = np.random.default_rng([self.seed, step])
        size = self.size
        faces = np.empty((self.batch, size, size, 3), np.uint8)
        maps = np.empty((self.batch, size, size), np.float32)
        for item, row in enumerate(rng.choice(self.rows, self.batch)):
            border = cv2.BORDER_REPLICATE if rng.random() < 0.7 else cv2.BORDER_CONSTANT
            if self.taught is not None and rng.random() < self.taught_share:
                number = int(rng.integers(len(self.taught.crops)))
                photo, covering = self.taught.crops[number], self.taught.maps[number]
                alignment = self.taught.alignment(self.spec)
            else:
                photo, covering = self.pack.photos[row], self.pack.map(row) * np.uint8(255)
                alignment = aligned(self.pack.landmarks[row], self.spec)
            alignment = jittered(alignment, self.jitter, rng)
            crop = alignment.crop(photo, size, border=border)
            covered = alignment.crop(covering, size, border=border)
            if rng.random() < 0.5:
                crop, covered = crop[:, ::-1], covered[:, ::-1]
            faces[item] = degrade(rng, np.ascontiguousarray(crop))
            maps[item] = covered > 127
        return {
            "face": torch.from_numpy(faces).permute(0, 3, 1, 2).float().div_(255),
            "map": torch.from_numpy(maps)[:, None],
        }


class AlignBatches(Dataset[dict[str, Tensor]]):
    """``face`` (N, 3, S, S) float32 0..1, cut around the box, and its ``landmarks`` (N, 68, 2), 0..1."""

    def __init__(
        self, pack: MaskedPack, *, size: int, batch: int, seed: int, steps: int, margin: float
    ) -> None:
        self.pack, self.rows = pack, train_rows(pack.splits)
        self.size, self.batch, self.seed, self.steps, self.margin = size, batch, seed, steps, margin
        self.jitter = Jitter(degrees=25, scale=0.15, shift=0.07)

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        rng = np.random.default_rng([self.seed, step])
        size = self.size
        faces = np.empty((self.batch, size, size, 3), np.uint8)
        points = np.empty((self.batch, 68, 2), np.float32)
        for item, row in enumerate(rng.choice(self.rows, self.batch)):
            landmarks = self.pack.landmarks[row]
            alignment = self.box_alignment(landmarks)
            alignment = jittered(alignment, self.jitter, rng)
            crop = alignment.crop(self.pack.photos[row], size)
            seen = alignment.to_crop(landmarks)
            if rng.random() < 0.5:
                crop, seen = crop[:, ::-1], seen[FLIP]
                seen[:, 0] = 1 - seen[:, 0]
            faces[item] = degrade(rng, np.ascontiguousarray(crop))
            points[item] = seen
        return {
            "face": torch.from_numpy(faces).permute(0, 3, 1, 2).float().div_(255),
            "landmarks": torch.from_numpy(points),
        }

    def box_alignment(self, landmarks: NDArray[np.floating]) -> Alignment:
        """The exact crop around a face known by its landmarks."""
        return align_box(box_of_landmarks(landmarks), margin=self.margin)

"""Batches for the map and the aligner: crops of the masked pack, jittered and degraded."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.imaging.alignment import Alignment, AlignmentSpec, align_box, widened
from app.imaging.face import box_of_landmarks
from app.inference.mapping import WIDER
from training.data.batches import Batches, Item
from training.data.crops import FLIP, Jitter, aligned, jittered
from training.data.masked import MaskedPack
from training.data.taught import TaughtPack
from training.data.turning import Turning
from training.degrade import GREY, degrade

SOFTEST = 0.03
"""Blur of the worst photos, as a fraction of the crop: a twentieth of the face."""


class MapBatches(Batches):
    """``face`` (N, 3, S, S) float32 0..1 and ``map`` (N, 1, S, S) float32 {0, 1}, aligned by `spec`.

    Args:
        wide_share: part of the crops that are as wide as the application's second look.
        grey_share: part of the crops without colour.
    """

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
        wide_share: float = 0.0,
        grey_share: float = GREY,
    ) -> None:
        super().__init__(pack.splits, batch=batch, seed=seed, steps=steps)
        self.pack, self.size, self.spec = pack, size, spec
        self.taught, self.taught_share = taught, taught_share if taught is not None else 0.0
        self.wide_share, self.grey_share = wide_share, grey_share
        # The aligner's own error under a mask is part of what the map must live with.
        self.jitter = Jitter(degrees=8, scale=0.12, shift=0.05)

    @override
    def item(self, rng: np.random.Generator, row: int) -> Item:
        border = cv2.BORDER_REPLICATE if rng.random() < 0.7 else cv2.BORDER_CONSTANT
        if self.taught is not None and rng.random() < self.taught_share:
            number = int(rng.integers(len(self.taught.crops)))
            photo, covering = self.taught.crops[number], self.taught.maps[number]
            alignment = self.taught.alignment(self.spec)
        else:
            photo, covering = self.pack.photos[row], self.pack.map(row) * np.uint8(255)
            alignment = aligned(self.pack.landmarks[row], self.spec)
        if self.wide_share and rng.random() < self.wide_share:
            alignment = widened(alignment, self.spec, WIDER)
        alignment = jittered(alignment, self.jitter, rng)
        crop = alignment.crop(photo, self.size, border=border)
        covered = alignment.crop(covering, self.size, border=border)
        if rng.random() < 0.5:
            crop, covered = crop[:, ::-1], covered[:, ::-1]
        face = degrade(rng, np.ascontiguousarray(crop), softest=SOFTEST, grey=self.grey_share)
        return {"face": face, "map": (covered > 127).view(np.uint8)}


class AlignBatches(Batches):
    """``face`` (N, 3, S, S) float32 0..1, cut around the box, and its ``landmarks`` (N, 68, 2), 0..1.

    Args:
        turned_share: part of the heads that are turned further than in their photos.
    """

    def __init__(
        self,
        pack: MaskedPack,
        *,
        size: int,
        batch: int,
        seed: int,
        steps: int,
        margin: float,
        turned_share: float = 0.0,
    ) -> None:
        super().__init__(pack.splits, batch=batch, seed=seed, steps=steps)
        self.pack, self.size, self.margin = pack, size, margin
        self.turning = Turning(pack.landmarks[pack.indices("train")], turned_share)
        self.jitter = Jitter(degrees=25, scale=0.15, shift=0.07)

    @override
    def item(self, rng: np.random.Generator, row: int) -> Item:
        landmarks = self.pack.landmarks[row]
        angle = self.turning.angle(landmarks, rng)
        photo, landmarks = self.turning.turned(self.pack.photos[row], landmarks, angle)
        alignment = jittered(self.box_alignment(landmarks), self.jitter, rng)
        crop = alignment.crop(photo, self.size)
        seen = alignment.to_crop(landmarks)
        if rng.random() < 0.5:
            crop, seen = crop[:, ::-1], seen[FLIP]
            seen[:, 0] = 1 - seen[:, 0]
        face = degrade(rng, np.ascontiguousarray(crop))
        return {"face": face, "landmarks": seen.astype(np.float32)}

    def box_alignment(self, landmarks: NDArray[np.floating]) -> Alignment:
        """The exact crop around a face known by its landmarks."""
        return align_box(box_of_landmarks(landmarks), margin=self.margin)

"""Real faces in real masks as a reconstruction network is shown them in use; nobody knows the truth."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.imaging.alignment import AlignmentSpec
from app.imaging.composite import prepare_face_input
from training.data.crops import Jitter, jittered
from training.data.taught import TaughtPack


class TaughtCrops:
    """Random crops of the faces and maps of the taught pack."""

    def __init__(self, pack: TaughtPack, *, size: int, spec: AlignmentSpec) -> None:
        self.pack, self.size = pack, size
        self.alignment = pack.alignment(spec)

    def drawn(self, seeds: Iterable[int]) -> tuple[Tensor, Tensor]:
        """A face for each seed.

        Returns:
            RGB 0..1 (N, 3, S, S), zero under the maps and independent of what is there, and the maps
            (N, 1, S, S) {0, 1}, float32.
        """
        both = [self._drawn(np.random.default_rng(seed)) for seed in seeds]
        faces = np.stack([face for face, _ in both]).transpose(0, 3, 1, 2)
        holes = np.stack([hole for _, hole in both])[:, None]
        return torch.from_numpy(np.ascontiguousarray(faces)), torch.from_numpy(holes)

    def _drawn(self, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        number = int(rng.integers(len(self.pack.crops)))
        alignment = jittered(self.alignment, Jitter(), rng)
        face, hole = prepare_face_input(
            self.pack.crops[number], self.pack.maps[number] > 127, alignment, self.size
        )
        if rng.random() < 0.5:
            face, hole = face[:, ::-1], hole[:, ::-1]
        return np.ascontiguousarray(face), np.ascontiguousarray(hole)

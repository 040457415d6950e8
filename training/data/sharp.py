"""Patches of photos that are sharp at twice the size of the reconstruction's crops.

Super-resolution is learned from them. They are cut at the scale at which faces are drawn: from the
further unmasked faces, and from around the faces in real photos of people in masks, of which the visible
half, hair and cloth teach what edges and skin look like. LFW holds no such detail at this scale, so that
its faces are shown at half of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.imaging.alignment import AlignmentSpec
from training.data.batches import Batches, Item
from training.data.crops import aligned, lit
from training.data.faces import FacePack, LabelledPhoto, read_diverse
from training.data.unlabelled import find_unlabelled

CROP = 1.45
"""Side of a face's crop, in heights of the box that a detector found."""

REDUCED = 0.97
"""Photos are reduced at least to this part of their size: pixels as cameras and JPEG leave them hold
less detail than they could."""

BLURRED = 0.5
"""Photos with less fine detail beside their coarser one are left out, see :func:`sharpness`."""

DRAWN = 0.8
"""Part of the patches that are seen as soft as what networks draw: in octaves of a crop of 128 px the
shipped GAN has .41 to .79 of the detail of photos, a Gaussian of .9 pixels leaves .41 to .95 of it."""

LFW_SHARE = 0.25
"""Part of the patches that show faces of LFW at half of the scale."""

SCALES = (0.75, 1.35)
"""Between what sizes patches are cut, beside that at which faces are drawn."""


@dataclass(frozen=True, eq=False)
class SharpFace:
    """The surroundings of one face.

    Attributes:
        photo: (H, W, 3) uint8 RGB, sharp.
        scale: by which it is resized for the face to have the size at which it is drawn; less than 1.
        split: of the face.
    """

    photo: NDArray[np.uint8]
    scale: float
    split: str


def sharpness(photo: NDArray[np.uint8]) -> float:
    """Deviation of the detail that halving a photo (H, W, 3) loses, over that of the next octave."""
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32)
    size = (grey.shape[1] // 4 * 4, grey.shape[0] // 4 * 4)
    grey = grey[: size[1], : size[0]]

    def coarse(factor: int) -> NDArray[np.float32]:
        reduced = (size[0] // factor, size[1] // factor)
        small = cv2.resize(grey, reduced, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.float32)

    half = coarse(2)
    return float(np.std(grey - half) / max(np.std(half - coarse(4)), 1e-6))


def sharp_faces(
    data: Path, packs: Path | None = None, *, size: int, spec: AlignmentSpec
) -> list[SharpFace]:
    """The faces of the data folder that have more pixels than `size` across their crop.

    Args:
        data: the data folder.
        packs: where a compact pack of the photos of people in masks may be, which takes their place.
        size: side of a crop in pixels, at the scale that is drawn.
        spec: of the crops.
    """
    found: list[SharpFace] = []
    for photo, box, side, split in (*_diverse(data, spec), *_masked(data, packs)):
        scale = size / side
        if scale > REDUCED:
            continue
        height, width = photo.shape[:2]
        x0, y0 = max(0, round(box[0])), max(0, round(box[1]))
        x1, y1 = min(width, round(box[2])), min(height, round(box[3]))
        part = photo[y0:y1, x0:x1]
        if min(part.shape[:2]) * scale < size / 2:
            continue
        fine = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        if sharpness(np.asarray(fine, np.uint8)) >= BLURRED:
            found.append(SharpFace(np.ascontiguousarray(part), scale, split))
    return found


Around = tuple[NDArray[np.uint8], tuple[float, float, float, float], float, str]
"""A photo, a face's surroundings in it, the side of its crop in pixels, and its split."""


def _diverse(data: Path, spec: AlignmentSpec) -> Iterator[Around]:
    faces: list[LabelledPhoto] = list(read_diverse(data))
    for face in faces:
        photo = cv2.imread(str(data / face.name), cv2.IMREAD_COLOR_RGB)
        if photo is None:
            continue
        alignment = aligned(face.landmarks, spec)
        corners = alignment.corners()
        x0, y0 = corners.min(axis=0)
        x1, y1 = corners.max(axis=0)
        box = (float(x0), float(y0), float(x1), float(y1))
        yield np.asarray(photo, np.uint8), box, float(alignment.crop_size_in_photo), face.split


def _masked(data: Path, packs: Path | None) -> Iterator[Around]:
    source = find_unlabelled(data, packs)
    if source is None:
        return
    for name in sorted(source.found):
        loaded = source.load(name)
        if loaded is None:
            continue
        photo, reduced = loaded
        for x0, y0, x1, y1 in (source.found[name] * reduced).tolist():
            side = CROP * (y1 - y0)
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            around = (x - side / 2, y - side / 2, x + side / 2, y + side / 2)
            yield photo, around, side, "train"


class SharpBatches(Batches):
    """``sharp`` (N, 3, S, S) float32 RGB 0..1, and ``soft`` (N,) float32.

    ``soft`` is the deviation, in pixels of the halved patch, of the Gaussian under which it is to be
    seen: what a network has drawn is not quite as sharp as a photo of its size.
    """

    def __init__(
        self,
        faces: list[SharpFace],
        pack: FacePack,
        *,
        size: int,
        patch: int,
        batch: int,
        seed: int,
        steps: int,
        softest: float,
    ) -> None:
        """
        Args:
            faces: that are sharp, see :func:`sharp_faces`.
            pack: faces that are shown at half of the scale.
            size: side of a face's crop at the scale that is drawn.
            patch: side of the patches.
            batch, seed, steps: see :class:`Batches`.
            softest: the largest ``soft``.

        Raises:
            ValueError: there is nothing to train on.
        """
        splits = np.array([face.split for face in faces], np.str_)
        if "train" not in splits:
            raise ValueError(
                f"No photo shows a face sharply whose crop has more than {size} pixels across, and "
                "super-resolution is learned from such; give --data a folder that has some in diverse "
                "or real_masked, or take a smaller size."
            )
        super().__init__(splits, batch=batch, seed=seed, steps=steps)
        self.faces, self.pack, self.size, self.patch = faces, pack, size, patch
        self.softest = softest
        self.spec = AlignmentSpec(eye_distance=0.30, eye_y=0.42)
        self.small = pack.indices("train")

    @property
    def sha256(self) -> str:
        """The hash of the sharp faces."""
        digest = hashlib.sha256()
        for face in self.faces:
            digest.update(f"{face.photo.shape} {face.scale:.6f} {face.split}".encode())
            digest.update(np.ascontiguousarray(face.photo).tobytes())
        return digest.hexdigest()

    @property
    @override
    def further(self) -> str:
        return "; sharp photos of further faces and of people in masks"

    @override
    def item(self, rng: np.random.Generator, row: int) -> Item:
        split = self.faces[row].split
        crop = (
            self._small(rng)
            if split == "train" and rng.random() < LFW_SHARE
            else self._drawn(self.faces[row], rng)
        )
        x, y = (int(rng.integers(0, side - self.patch + 1)) for side in crop.shape[1::-1])
        crop = crop[y : y + self.patch, x : x + self.patch]
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
        soft = rng.uniform(0.25, 1) * self.softest if rng.random() < DRAWN else 0.0
        return {"sharp": lit(np.ascontiguousarray(crop), rng), "soft": np.asarray(soft, np.float32)}

    def _drawn(self, face: SharpFace, rng: np.random.Generator) -> NDArray[np.uint8]:
        scale = face.scale * np.exp(rng.uniform(*np.log(SCALES)))
        least = self.patch / min(face.photo.shape[:2])
        scale = max(min(scale, REDUCED), least + 1e-3)
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        resized = cv2.resize(face.photo, None, fx=scale, fy=scale, interpolation=how)
        return np.asarray(resized, np.uint8)

    def _small(self, rng: np.random.Generator) -> NDArray[np.uint8]:
        row = int(rng.choice(self.small))
        side = max(self.patch, round(self.size / 2 * np.exp(rng.uniform(-0.1, 0.25))))
        return aligned(self.pack.landmarks[row], self.spec).crop(self.pack.photos[row], side)

"""Classical systems that the trained ones are measured against: none of them is a network.

Each is a :class:`training.reconstruct_figures.Filler`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from cv2.data import haarcascades
from numpy.typing import NDArray
from scipy import linalg

from app.imaging.alignment import Alignment, AlignmentSpec
from app.imaging.face import Box
from training.data.crops import aligned
from training.data.faces import FacePack, train_rows
from training.reconstruct_figures import Filled

Photo = NDArray[np.uint8]
Hole = NDArray[np.bool_]
Points = NDArray[np.floating]

SPEC = AlignmentSpec(eye_distance=0.30, eye_y=0.42)
"""The crop of the statistical baselines: that of our own networks."""


class Inpainting:
    """A way to fill a hole from what is around it, without having seen a face.

    Attributes:
        latent: False, there is one answer.
    """

    latent = False

    def __init__(self, paint: Callable[[Photo, Hole], Photo]) -> None:
        self._paint = paint

    def __call__(
        self, photo: Photo, hole: Hole, landmarks: Points, *, hypotheses: int = 1
    ) -> Filled:
        """See :class:`training.reconstruct_figures.Filler`."""
        del landmarks, hypotheses
        return Filled(pictures=[_inside(photo, self._paint(photo, hole), hole)])


def grey_hole() -> Inpainting:
    """The hole in mid-grey: what every figure must be compared with."""
    return Inpainting(lambda photo, _: np.full_like(photo, 128))


def telea() -> Inpainting:
    """OpenCV's fast marching inpainting (Telea 2004), radius 5."""
    return Inpainting(
        lambda photo, hole: _bytes(cv2.inpaint(photo, _mask(hole), 5, cv2.INPAINT_TELEA))
    )


def navier_stokes() -> Inpainting:
    """OpenCV's fluid dynamics inpainting (Bertalmio et al. 2001), radius 5."""
    return Inpainting(
        lambda photo, hole: _bytes(cv2.inpaint(photo, _mask(hole), 5, cv2.INPAINT_NS))
    )


class Ppca:
    """Conditional mean of the hidden pixels under probabilistic PCA (Tipping & Bishop 1999).

    Fitted on aligned crops of training faces by maximum likelihood: the loadings are
    W = U (L - s^2 I)^(1/2) with s^2 the mean of the eigenvalues left out (their eq. 7 and 8). Given the
    visible pixels v, the hidden ones have the mean m_h + W_h (W_v' W_v + s^2 I)^-1 W_v' (v - m_v).

    Attributes:
        latent: False; its samples hardly differ from its mean.
    """

    latent = False

    def __init__(
        self,
        pack: FacePack,
        *,
        faces: int = 2000,
        components: int = 150,
        size: int = 96,
        seed: int = 0,
    ) -> None:
        rows = _sample(pack, faces, seed)
        self.size = size
        samples = np.empty((len(rows), size * size * 3), np.float32)
        for number, row in enumerate(rows):
            crop = aligned(pack.landmarks[row], SPEC).crop(pack.photos[row], size)
            samples[number] = crop.reshape(-1) / np.float32(255)
        self.fit(samples, components)

    def fit(self, samples: NDArray[np.float32], components: int) -> None:
        """Find mean, loadings and noise of samples (N, D), which are used up."""
        self.mean = samples.mean(axis=0)
        samples -= self.mean
        # The small Gram matrix has the eigenvalues of the large covariance (Turk & Pentland 1991).
        values, vectors = linalg.eigh((samples @ samples.T).astype(np.float64) / len(samples))
        values = np.clip(values[::-1], 0, None)
        kept = min(components, len(samples) - 1)
        # The covariance has as many eigenvalues as there are pixels; all others are zero.
        self.noise = max(float(values[kept:].sum()) / (samples.shape[1] - kept), 1e-8)
        scale = np.sqrt(np.clip(values[:kept] - self.noise, 0, None))
        scale = scale / np.sqrt(np.maximum(values[:kept] * len(samples), 1e-12))
        top = (vectors[:, ::-1][:, :kept] * scale).astype(np.float32)
        self.loadings = samples.T @ top

    def __call__(
        self, photo: Photo, hole: Hole, landmarks: Points, *, hypotheses: int = 1
    ) -> Filled:
        """See :class:`training.reconstruct_figures.Filler`."""
        del hypotheses
        alignment = aligned(landmarks, SPEC)
        crop = alignment.crop(photo, self.size).astype(np.float32) / np.float32(255)
        covered = alignment.crop(_mask(hole), self.size) > 0
        # A pixel more: bilinear crops mix the hole into its neighbours.
        covered = cv2.dilate(covered.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        picture = self.conditional_mean(crop, covered)
        return Filled(pictures=[_inside(photo, _pasted(photo, picture, alignment), hole)])

    def conditional_mean(self, crop: NDArray[np.float32], hole: Hole) -> NDArray[np.float32]:
        """The crop (S, S, 3) in 0..1 with its hole (S, S) filled."""
        hidden = np.repeat(hole.reshape(-1), 3)
        seen = self.loadings[~hidden]
        difference = crop.reshape(-1)[~hidden] - self.mean[~hidden]
        inner = seen.T.astype(np.float64) @ seen + self.noise * np.eye(seen.shape[1])
        latent = linalg.solve(inner, seen.T.astype(np.float64) @ difference, assume_a="pos")
        filled = crop.reshape(-1).copy()
        filled[hidden] = self.mean[hidden] + self.loadings[hidden] @ latent.astype(np.float32)
        return np.clip(filled, 0, 1).reshape(crop.shape).astype(np.float32)


class NearestFace:
    """The training face whose visible part is most alike, aligned and colour-matched.

    Alike is the root of the mean squared difference of the visible pixels of small crops, each brought
    to the mean and spread of the other. The colours are matched by mean and standard deviation per
    channel (Reinhard et al. 2001), in CIE Lab, over the visible face around the hole.

    Attributes:
        latent: False, the nearest one is taken.
    """

    latent = False

    def __init__(self, pack: FacePack, *, faces: int = 2500, size: int = 48, seed: int = 0) -> None:
        self.pack, self.size = pack, size
        self.rows = _sample(pack, faces, seed)
        self.crops = np.stack(
            [aligned(pack.landmarks[row], SPEC).crop(pack.photos[row], size) for row in self.rows]
        )

    def __call__(
        self, photo: Photo, hole: Hole, landmarks: Points, *, hypotheses: int = 1
    ) -> Filled:
        """See :class:`training.reconstruct_figures.Filler`."""
        del hypotheses
        alignment = aligned(landmarks, SPEC)
        size = self.size
        covered = alignment.crop(_mask(hole), size) > 0
        visible = ~(cv2.dilate(covered.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
        row = self.rows[self.nearest(alignment.crop(photo, size), visible)]
        side = 2 * round(alignment.crop_size_in_photo / 2)
        other = aligned(self.pack.landmarks[row], SPEC).crop(self.pack.photos[row], side)
        target = alignment.crop(photo, side)
        seen = alignment.crop(_mask(hole), side) == 0
        matched = reinhard(other, target, seen & _oval(side))
        picture = matched.astype(np.float32) / np.float32(255)
        return Filled(pictures=[_inside(photo, _pasted(photo, picture, alignment), hole)])

    def nearest(self, crop: Photo, visible: Hole) -> int:
        """Which of the kept crops is most alike where `visible`, by number."""
        inside = visible & _oval(self.size)
        wanted = _standard(crop[inside].astype(np.float32)[None])
        known = _standard(self.crops[:, inside].astype(np.float32))
        return int(((known - wanted) ** 2).mean(axis=(1, 2)).argmin())


def reinhard(source: Photo, target: Photo, where: Hole) -> Photo:
    """`source` with the colours of `target`: mean and spread of CIE Lab (Reinhard et al. 2001).

    Args:
        source, target: (S, S, 3) uint8 RGB.
        where: (S, S) bool, the pixels of both that the statistics come from.
    """
    labs = [
        cv2.cvtColor(picture.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
        for picture in (source, target)
    ]
    (own_mean, own_sd), (mean, sd) = [
        (lab[where].mean(axis=0), lab[where].std(axis=0)) for lab in labs
    ]
    # A spread cannot be made out of nothing: a flat source keeps its own.
    factor = np.clip(sd / np.maximum(own_sd, 1e-3), 0.3, 3.0)
    moved = ((labs[0] - own_mean) * factor + mean).astype(np.float32)
    back = cv2.cvtColor(moved, cv2.COLOR_LAB2RGB)
    return np.asarray(np.clip(back, 0, 1) * 255 + 0.5).astype(np.uint8)


class HaarLocator:
    """OpenCV's frontal cascade (Viola & Jones 2001): the published way to find a face."""

    def __init__(self) -> None:
        self.cascade = cv2.CascadeClassifier(
            str(Path(haarcascades) / "haarcascade_frontalface_default.xml")
        )

    def __call__(self, photo: Photo) -> list[tuple[Box, float]]:
        """Boxes x0, y0, x1, y1 in photo pixels with the weight of the last stage as score."""
        grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
        least = max(20, min(photo.shape[:2]) // 20)
        boxes, _, weights = self.cascade.detectMultiScale3(
            grey, 1.1, 3, minSize=(least, least), outputRejectLevels=True
        )
        return [
            ((float(x), float(y), float(x + width), float(y + height)), float(weight))
            for (x, y, width, height), weight in zip(boxes, np.ravel(weights), strict=True)
        ]


def _sample(pack: FacePack, faces: int, seed: int) -> NDArray[np.int64]:
    rows = train_rows(pack.splits)
    count = min(faces, len(rows))
    return np.sort(np.random.default_rng(seed).choice(rows, count, replace=False))


def _oval(size: int) -> Hole:
    """Where a face is in a crop of our alignment; the rest is hair and background."""
    ys, xs = np.mgrid[:size, :size] / size + 0.5 / size
    return np.asarray(((xs - 0.5) / 0.36) ** 2 + ((ys - 0.55) / 0.44) ** 2 < 1)


def _standard(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Pixels (N, P, 3) with mean 0 and spread 1 per picture and channel."""
    mean, sd = values.mean(axis=1, keepdims=True), values.std(axis=1, keepdims=True)
    return np.asarray((values - mean) / np.maximum(sd, 1e-3), np.float32)


def _pasted(photo: Photo, picture: NDArray[np.float32], alignment: Alignment) -> Photo:
    height, width = photo.shape[:2]
    whole = alignment.paste_into(picture, (0, 0, width, height), interpolation=cv2.INTER_LINEAR)
    return (np.clip(whole, 0, 1) * 255 + 0.5).astype(np.uint8)


def _inside(photo: Photo, painted: Photo, hole: Hole) -> Photo:
    return np.where(hole[:, :, None], painted, photo).astype(np.uint8)


def _mask(hole: Hole) -> Photo:
    return hole.astype(np.uint8)


def _bytes(picture: object) -> Photo:
    return np.asarray(picture, np.uint8)

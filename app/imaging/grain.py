"""The photo's own grain, carried on into what a model draws.

A model's picture is smooth where the photo is full of sensor noise, and the eye takes the smooth patch
for a defect of the face. The grain is measured where the photo shows something even, and noise of the
same strength, colour and coarseness is laid over the picture. It says nothing about the face.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

TILE = 8
"""Side, in photo pixels, of the places where grain is measured: small enough that a small face has even
ones."""

TILES = 256
"""Places looked at, spread over the face, and as many over the crop."""

FACE = (0.2, 0.12, 0.8, 0.8)
"""Left, top, right and bottom of the face, in fractions of its crop. Hair and background are elsewhere,
and a blurred background has less grain, hair more, than skin has."""

ENOUGH = 12
"""With fewer visible places in the face the whole crop is looked at."""

FEWEST = 6
"""With fewer there, too, there is nothing to be said about the grain."""

EVENEST = 0.25
"""Part of the places that counts: the most even ones show grain and little else."""

TEXTURE = 0.01
"""Standard deviation up to which what the face shows is carried on, whether noise or pores: of what is
stronger only as much as is everywhere, see :data:`QUIETEST`. The rest are freckles, stubble, or the
traces of sharpening and JPEG, which noise does not look like."""

QUIETEST = 0.03
"""Part of the crop's places, the most even ones: there the camera's noise is as well."""

STEADY = 1.5
"""By how much it may be stronger in the face than there."""

STRONGEST = 0.06
"""Largest standard deviation that is taken for grain; what is stronger is the picture's own texture."""

WEAKEST = 0.002
"""Below half a step of 8 bits there is no grain to be seen."""

FIELD = 256
"""Side of the noise field in photo pixels; it repeats."""

BLURS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0, 2.5)
"""Coarsenesses to choose from: how far demosaicing, noise reduction and JPEG spread a pixel's noise."""

_SEED = 20_260_301
"""The field is always the same, so that a reconstruction can be made again bit for bit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Grain:
    """Noise to lay over a picture.

    Attributes:
        field: (FIELD, FIELD, C) float32, repeating, in fractions of full range.
    """

    field: NDArray[np.float32]

    def over(self, rectangle: tuple[int, int, int, int]) -> NDArray[np.float32]:
        """The noise of a rectangle x0, y0, x1, y1 of the photo, (y1 - y0, x1 - x0, C) float32."""
        x0, y0, x1, y1 = rectangle
        rows = np.arange(y0, y1) % FIELD
        columns = np.arange(x0, x1) % FIELD
        return self.field[rows[:, None], columns[None, :]]


def measure_grain(
    photo: NDArray[np.unsignedinteger[Any]],
    hidden: NDArray[np.bool_],
    rectangle: tuple[int, int, int, int],
    *,
    finest: float,
) -> Grain | None:
    """The grain of a photo's visible part around a face.

    Args:
        photo: (H, W, C) uint8 or uint16, C is 1 or 3.
        hidden: (H, W) bool; nothing there is looked at.
        rectangle: x0, y0, x1, y1 in photo pixels, of the face's crop.
        finest: photo pixels per pixel of the model's picture: what is coarser the model draws itself.

    Returns:
        The grain, or None where too little is visible or there is none.
    """
    # In steps, so that the fields of earlier photos serve again.
    sigma = float(np.clip(np.round(2 * finest) / 2, 1.0, 5.0))
    everywhere = _residuals(photo, hidden, rectangle, sigma=sigma)
    residuals = _residuals(photo, hidden, _face(rectangle), sigma=sigma)
    if len(residuals) < ENOUGH:
        residuals = everywhere
    if len(residuals) < FEWEST:
        return None
    evenest = _evenest(residuals, EVENEST)
    channels = photo.shape[2]
    values = evenest.reshape(-1, channels).astype(np.float64)
    covariance = values.T @ values / len(values)
    strength = float(np.sqrt(np.trace(covariance) / channels))
    if strength < WEAKEST:
        return None
    steady = STEADY * float(np.sqrt(np.square(_evenest(everywhere, QUIETEST)).mean()))
    most = min(STRONGEST, max(TEXTURE, steady))
    covariance *= min(1.0, (most / strength) ** 2)
    noise = _noise(_coarseness(evenest, sigma), sigma, channels)
    # The Cholesky factor gives independent noise the measured covariance of the channels.
    factor = np.linalg.cholesky(covariance + np.eye(channels) * 1e-12)
    return Grain(field=np.ascontiguousarray(noise @ factor.T.astype(np.float32)))


def _evenest(residuals: NDArray[np.float32], part: float) -> NDArray[np.float32]:
    """That part of (N, ...) residuals in which there is least, a few at least."""
    energy = np.square(residuals).mean(axis=(1, 2, 3))
    return residuals[np.argsort(energy)[: max(FEWEST, round(part * len(energy)))]]


def _face(rectangle: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The part of a crop's rectangle where the face is."""
    x0, y0, x1, y1 = rectangle
    left, top, right, bottom = FACE
    across, down = x1 - x0, y1 - y0
    return (
        round(x0 + left * across),
        round(y0 + top * down),
        round(x0 + right * across),
        round(y0 + bottom * down),
    )


def _residuals(
    photo: NDArray[np.unsignedinteger[Any]],
    hidden: NDArray[np.bool_],
    rectangle: tuple[int, int, int, int],
    *,
    sigma: float,
) -> NDArray[np.float32]:
    """(N, TILE, TILE, C) float32: what is finer than `sigma` in visible places of a rectangle."""
    border = round(2 * sigma)
    side = TILE + 2 * border
    height, width = hidden.shape
    x0, y0 = max(0, rectangle[0]), max(0, rectangle[1])
    x1, y1 = min(width, rectangle[2]), min(height, rectangle[3])
    across = max(1, round(np.sqrt(TILES)))
    full = np.float32(np.iinfo(photo.dtype).max)
    found: list[NDArray[np.float32]] = []
    for top in _places(y0, y1 - side, across):
        for left in _places(x0, x1 - side, across):
            place = (slice(top, top + side), slice(left, left + side))
            if hidden[place].any():
                continue
            tile = photo[place].astype(np.float32) / full
            if _clipped(tile):
                continue
            fine = tile - cv2.GaussianBlur(tile, (0, 0), sigma).reshape(tile.shape)
            found.append(fine[border : border + TILE, border : border + TILE])
    if not found:
        return np.zeros((0, TILE, TILE, photo.shape[2]), np.float32)
    return np.stack(found)


def _places(low: int, high: int, count: int) -> list[int]:
    """At most so many different whole numbers from low to high, evenly spread; none if high < low."""
    if high < low:
        return []
    return sorted({round(value) for value in np.linspace(low, high, count).tolist()})


def _clipped(tile: NDArray[np.float32]) -> bool:
    """Whether much of it is black or white: where the sensor ends, so does its noise."""
    return bool(((tile <= 0.01) | (tile >= 0.99)).mean() > 0.05)


def _coarseness(residuals: NDArray[np.float32], sigma: float) -> float:
    """The blur, in photo pixels, that gives white noise the neighbours' correlation of the residuals."""
    usable = [blur for blur in BLURS if blur < 0.9 * sigma]
    found = np.array([_neighbours(_kernel(blur, sigma)[None, :, :, None]) for blur in usable])
    return usable[int(np.abs(found - _neighbours(residuals)).argmin())]


def _kernel(blur: float, sigma: float) -> NDArray[np.float32]:
    """(41, 41) float32: what blurring and the high pass make of a single pixel.

    Its correlation with itself is that of the noise made with it.
    """
    single = np.zeros((41, 41), np.float32)
    single[20, 20] = 1
    blurred = cv2.GaussianBlur(single, (0, 0), blur) if blur > 0 else single
    return np.asarray(blurred - cv2.GaussianBlur(blurred, (0, 0), sigma), np.float32)


def _neighbours(residuals: NDArray[np.float32]) -> float:
    """The correlation of pixels that lie beside or below each other, over (N, H, W, C)."""
    beside = (residuals[:, :, 1:] * residuals[:, :, :-1]).mean()
    below = (residuals[:, 1:] * residuals[:, :-1]).mean()
    return float((beside + below) / 2 / max(float(np.square(residuals).mean()), 1e-12))


@lru_cache(maxsize=8)
def _noise(blur: float, sigma: float, channels: int) -> NDArray[np.float32]:
    """(FIELD, FIELD, channels) float32 of variance 1: blurred, and high-passed as the residuals are."""
    generator = np.random.Generator(np.random.PCG64(_SEED))
    noise = generator.standard_normal((FIELD, FIELD, channels), np.float32)
    if blur > 0:
        noise = _wrapped_blur(noise, blur)
    noise = noise - _wrapped_blur(noise, sigma)
    return cast(NDArray[np.float32], noise / noise.std(axis=(0, 1)))


def _wrapped_blur(noise: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """A Gaussian blur of a field that repeats."""
    reach = int(4 * sigma) + 1
    wide = np.pad(noise, ((reach, reach), (reach, reach), (0, 0)), mode="wrap")
    blurred = cv2.GaussianBlur(wide, (0, 0), sigma).reshape(wide.shape)
    return np.asarray(blurred[reach:-reach, reach:-reach], np.float32)

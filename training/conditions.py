"""Hand-labelled photos as a worse camera would have taken them, to measure what that costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.data.real import RealPhoto

Generator = np.random.Generator

DARKNESS = 0.04
"""Light that is left in the dark, as a fraction of the linear light."""

GAMMA = 2.2

BLUR = 0.035
"""Standard deviation of the blur, as a fraction of a face's width."""

NOISE = 0.1
"""Standard deviation of the noise, of a full range of 1; a fifth of it comes with the dark."""

QUALITY = 8
"""JPEG quality of a picture that was sent on too often."""


def dark(photo: RealPhoto, rng: Generator) -> RealPhoto:
    """A fourth of the brightness, and the noise that comes with it."""
    values = _values(photo) * np.float32(DARKNESS ** (1 / GAMMA))
    return _shown(photo, _noisy(values, NOISE / 5, rng))


def blurred(photo: RealPhoto, _: Generator) -> RealPhoto:
    """Out of focus by :data:`BLUR` of the face."""
    return replace(
        photo, pixels=_pixels(cv2.GaussianBlur(photo.pixels, (0, 0), BLUR * _width(photo)))
    )


def noisy(photo: RealPhoto, rng: Generator) -> RealPhoto:
    """Noise of :data:`NOISE` in every channel."""
    return _shown(photo, _noisy(_values(photo), NOISE, rng))


def grey(photo: RealPhoto, _: Generator) -> RealPhoto:
    """Without colour."""
    flat = cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY)
    return replace(photo, pixels=np.repeat(flat[:, :, None], 3, axis=2))


def compressed(photo: RealPhoto, _: Generator) -> RealPhoto:
    """JPEG of quality :data:`QUALITY`."""
    bgr = np.ascontiguousarray(photo.pixels[:, :, ::-1])
    packed = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
    unpacked = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    assert unpacked is not None
    return replace(photo, pixels=_pixels(unpacked[:, :, ::-1]))


def small(side: int) -> Callable[[RealPhoto, Generator], RealPhoto]:
    """The photo shrunk until its faces (their median) are `side` pixels wide; never enlarged."""

    def shrunk(photo: RealPhoto, _: Generator) -> RealPhoto:
        height, width = photo.pixels.shape[:2]
        scale = min(1.0, side / _width(photo))
        size = max(8, round(scale * width)), max(8, round(scale * height))
        ratio = np.array([size[0] / width, size[1] / height] * 2)

        def resized(values: NDArray[np.floating | np.integer]) -> NDArray[np.float32]:
            return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)

        return replace(
            photo,
            pixels=_pixels(resized(photo.pixels)),
            boxes=photo.boxes * ratio,
            ignored=photo.ignored * ratio,
            maps=[
                np.asarray(resized(one.view(np.uint8) * np.float32(1)) > 0.5) for one in photo.maps
            ],
        )

    return shrunk


CONDITIONS: dict[str, Callable[[RealPhoto, Generator], RealPhoto]] = {
    "dark": dark,
    "blurred": blurred,
    "noisy": noisy,
    "grey": grey,
    f"JPEG quality {QUALITY}": compressed,
    "faces of 48 px": small(48),
    "faces of 24 px": small(24),
}
"""By name what is done to a photo; the same every time for a generator of the same seed."""


def taken(photos: list[RealPhoto], condition: str) -> list[RealPhoto]:
    """The photos under one of :data:`CONDITIONS`."""
    rng = np.random.default_rng(0)
    return [CONDITIONS[condition](photo, rng) for photo in photos]


def _width(photo: RealPhoto) -> float:
    """Median width of the labelled faces in pixels; a tenth of the photo where none is."""
    if not len(photo.boxes):
        return 0.1 * float(photo.pixels.shape[1])
    return float(np.median(photo.boxes[:, 2] - photo.boxes[:, 0]))


def _noisy(values: NDArray[np.float32], strength: float, rng: Generator) -> NDArray[np.float32]:
    noise = rng.standard_normal(values.shape, dtype=np.float32)
    return np.asarray(values + noise * np.float32(strength), np.float32)


def _values(photo: RealPhoto) -> NDArray[np.float32]:
    return photo.pixels.astype(np.float32) / np.float32(255)


def _shown(photo: RealPhoto, values: NDArray[np.float32]) -> RealPhoto:
    return replace(photo, pixels=_pixels(np.clip(values, 0, 1) * 255 + np.float32(0.5)))


def _pixels(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(values).astype(np.uint8)

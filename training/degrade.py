"""What cameras, lenses and messengers do to a photo: the photometric half of the augmentation."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Generator = np.random.Generator


GREY = 0.2
"""How many photos become grey."""


def degrade(
    rng: Generator,
    photo: NDArray[np.generic],
    *,
    strength: float = 1.0,
    softest: float = 0.018,
    grey: float = GREY,
) -> NDArray[np.uint8]:
    """A randomly relit and degraded copy.

    Args:
        rng: the sample's generator.
        photo: (H, W, 3) uint8 RGB.
        strength: 1 reaches what is barely recognisable; 0 leaves the photo alone, except that as many
            become grey at any strength.
        softest: standard deviation of the strongest blur, as a fraction of the width.
        grey: how many become grey, 0..1.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    values: NDArray[Any] = photo.astype(np.float32) / np.float32(255)
    if rng.random() < 0.8:
        values = values ** np.float32(np.exp(rng.normal(0, 0.35 * strength)))
        values = values * np.exp(rng.normal(0, 0.08 * strength, 3)).astype(np.float32)
        values = (values - 0.5) * np.float32(np.exp(rng.normal(0, 0.25 * strength))) + 0.5
        values = values + np.float32(rng.normal(0, 0.08 * strength))
    if rng.random() < 0.12 * strength:  # dark scenes
        values = values * np.float32(rng.uniform(0.12, 0.5))
    if rng.random() < grey:
        values = np.repeat(values.mean(axis=2, keepdims=True), 3, axis=2)
    height, width = values.shape[:2]
    if rng.random() < 0.3 * strength:
        values = cv2.GaussianBlur(values, (0, 0), rng.uniform(0.3, softest * width))
    elif rng.random() < 0.12 * strength:
        values = _motion_blurred(rng, values)
    if rng.random() < 0.3 * strength:  # few pixels on the face
        factor = rng.uniform(1.2, 5.0)
        small = cv2.resize(
            values,
            (max(8, int(width / factor)), max(8, int(height / factor))),
            interpolation=cv2.INTER_AREA,
        )
        how = cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC
        values = cv2.resize(small, (width, height), interpolation=how)
    if rng.random() < 0.35 * strength:
        noise = rng.standard_normal(values.shape, dtype=np.float32) * np.float32(
            rng.uniform(0.005, 0.08)
        )
        values = values + noise
    bytes_ = (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)
    if rng.random() < 0.4 * strength:
        quality = int(np.exp(rng.uniform(np.log(6), np.log(90))))
        ok, buffer = cv2.imencode(".jpg", bytes_, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if ok:
            decoded = cv2.imdecode(buffer, cv2.IMREAD_COLOR)
            if decoded is not None:
                bytes_ = decoded
    return np.ascontiguousarray(bytes_)


def _motion_blurred(rng: Generator, values: NDArray[np.float32]) -> NDArray[np.float32]:
    length = int(rng.uniform(3, max(4, values.shape[1] * 0.06))) | 1
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), rng.uniform(0, 180), 1)
    turned = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
    turned = turned / np.float32(max(float(turned.sum()), 1e-6))
    return np.asarray(cv2.filter2D(values, -1, turned), np.float32)

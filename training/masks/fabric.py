"""Colour, print and shading of worn masks."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Generator = np.random.Generator
Picture = NDArray[np.float32]

PLAIN_COLOURS = np.array(
    [
        (0.62, 0.78, 0.88),
        (0.50, 0.70, 0.85),
        (0.70, 0.83, 0.86),
        (0.92, 0.93, 0.94),
        (0.96, 0.96, 0.95),
        (0.06, 0.06, 0.07),
        (0.10, 0.10, 0.12),
        (0.15, 0.16, 0.20),
        (0.55, 0.75, 0.65),
        (0.90, 0.70, 0.75),
        (0.45, 0.45, 0.47),
        (0.15, 0.20, 0.40),
        (0.60, 0.12, 0.15),
        (0.75, 0.68, 0.55),
    ],
    dtype=np.float32,
)
"""The colours most masks are sold in; every draw strays from them."""


def random_fabric(
    rng: Generator, shape: tuple[int, int], scale: float, prints: Sequence[NDArray[np.uint8]]
) -> Picture:
    """The unshaded cloth.

    Args:
        rng: the sample's generator.
        shape: height and width.
        scale: inter-ocular distance in pixels; prints follow the face's size.
        prints: pictures (h, w, 3) uint8 RGB that may be printed on the cloth.

    Returns:
        (H, W, 3) float32 RGB, 0..1.
    """
    base = PLAIN_COLOURS[rng.integers(len(PLAIN_COLOURS))] + rng.normal(0, 0.04, 3)
    if rng.random() < 0.15:
        base = rng.uniform(0, 1, 3)
    cloth = np.broadcast_to(np.clip(base, 0.01, 0.99).astype(np.float32), (*shape, 3)).copy()
    kind = rng.random()
    if kind < 0.6:
        return cloth
    if kind < 0.8 and prints:
        return _printed(rng, shape, scale, prints[int(rng.integers(len(prints)))])
    other = np.clip(rng.uniform(0, 1, 3), 0, 1).astype(np.float32)
    pattern = _pattern(rng, shape, scale)[..., None]
    return cloth * (1 - pattern) + other * pattern


def _printed(
    rng: Generator, shape: tuple[int, int], scale: float, picture: NDArray[np.uint8]
) -> Picture:
    height, width = shape
    angle, zoom = rng.uniform(-40, 40), scale * rng.uniform(0.8, 3.0) / max(picture.shape[:2])
    matrix = cv2.getRotationMatrix2D((picture.shape[1] / 2, picture.shape[0] / 2), angle, zoom)
    matrix[:, 2] = matrix[:, 2] + rng.uniform(0, [width, height])
    warped = cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT
    )
    return np.clip(warped.astype(np.float32) / 255 * rng.uniform(0.6, 1.05), 0, 1).astype(
        np.float32
    )


def _pattern(rng: Generator, shape: tuple[int, int], scale: float) -> NDArray[np.float32]:
    ys, xs = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    angle = rng.uniform(0, np.pi)
    period = scale * rng.uniform(0.06, 0.5)
    u = (xs * np.cos(angle) + ys * np.sin(angle)) / period
    v = (-xs * np.sin(angle) + ys * np.cos(angle)) / period
    kind = rng.integers(4)
    if kind == 0:  # stripes
        return np.asarray(np.sin(2 * np.pi * u) > rng.uniform(-0.5, 0.7), np.float32)
    if kind == 1:  # checks
        rows, columns = np.sin(2 * np.pi * u) > 0, np.sin(2 * np.pi * v) > 0
        return np.asarray(0.5 * (rows.astype(np.float32) + columns.astype(np.float32)), np.float32)
    if kind == 2:  # dots
        return np.asarray(np.hypot(u % 1 - 0.5, v % 1 - 0.5) < rng.uniform(0.15, 0.4), np.float32)
    noise = smooth_noise(rng, shape, period)  # camouflage and flowers
    return (noise > rng.normal(0, 0.4)).astype(np.float32)


def smooth_noise(rng: Generator, shape: tuple[int, int], period: float) -> NDArray[np.float32]:
    """(H, W) float32 noise of unit variance whose features are about `period` pixels wide."""
    rows = max(2, int(shape[0] / max(period, 1)) + 2)
    columns = max(2, int(shape[1] / max(period, 1)) + 2)
    coarse = rng.standard_normal((rows, columns)).astype(np.float32)
    return cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)  # type: ignore[return-value]


def shade(
    rng: Generator,
    cloth: Picture,
    region: NDArray[np.bool_],
    photo: Picture,
    scale: float,
    style: str,
) -> Picture:
    """Light the cloth as the face was lit and give it form: pleats, folds, wrinkles, darker rims.

    Args:
        rng: the sample's generator.
        cloth: (H, W, 3) float32 0..1.
        region: (H, W) bool, what the mask covers.
        photo: (H, W, 3) float32 0..1, the unmasked face.
        scale: inter-ocular distance in pixels.
        style: the outline's style.
    """
    shape = region.shape
    grey = photo.mean(axis=2)
    lit = cv2.GaussianBlur(grey, (0, 0), 0.3 * scale)
    level = float(lit[region].mean()) if region.any() else 0.5
    light = (lit / max(level, 0.05)) ** rng.uniform(0.2, 0.9)
    # A dark photo darkens the mask too; auto exposure takes some of it back.
    light = light * np.clip(level / 0.5, 0.15, 1.4) ** rng.uniform(0.3, 0.9)
    distance = cv2.distanceTransform(region.astype(np.uint8), cv2.DIST_L2, 3) / max(0.6 * scale, 1)
    rim = np.clip(distance, 0, 1)
    light = light * (1 - rng.uniform(0, 0.35) * (1 - rim) ** 2)
    ys, xs = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    columns = np.flatnonzero(region.any(axis=0))
    if len(columns):
        first, last = columns[0], columns[-1] + 1
        across = (xs - first) / max(1, last - first) * 2 - 1
        light = light * (1 + rng.normal(0, 0.12) * across)
        top = np.argmax(region, axis=0).astype(np.float32)
        bottom = shape[0] - 1 - np.argmax(region[::-1], axis=0).astype(np.float32)
        along = (ys - top) / np.maximum(bottom - top, 1)
        if style == "surgical" and rng.random() < 0.8:
            pleats = rng.integers(2, 5)
            phase = along * pleats + rng.uniform(0, 1) + rng.normal(0, 0.06) * across
            saw = phase % 1
            light = light * (
                1 - rng.uniform(0.04, 0.3) * np.exp(-((saw / rng.uniform(0.05, 0.2)) ** 2))
            )
            light = light * (1 + rng.uniform(0, 0.12) * (saw - 0.5))
        if style == "respirator" and rng.random() < 0.6:  # the vertical fold of a KN95
            ridge = np.exp(-((across / rng.uniform(0.02, 0.08)) ** 2))
            light = light * (
                1 + rng.uniform(-0.15, 0.12) * ridge - rng.uniform(0, 0.25) * np.abs(across)
            )
        light = light * (1 + rng.uniform(-0.25, 0.1) * (along - 0.5))
    light = light * (
        1 + rng.uniform(0, 0.09) * smooth_noise(rng, shape, rng.uniform(0.08, 0.4) * scale)
    )
    weave = rng.standard_normal(shape).astype(np.float32) * rng.uniform(0, 0.035)
    colour = photo.reshape(-1, 3).mean(axis=0)
    cast = (colour / max(float(colour.mean()), 0.05)) ** rng.uniform(0, 0.5)
    shaded = cloth * (light + weave)[..., None] * cast
    return np.asarray(np.clip(shaded, 0, 1), np.float32)

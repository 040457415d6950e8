"""A hand before the face: it hides skin or mask, and is neither."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.masks.fabric import smooth_noise

Generator = np.random.Generator


def hold_hand(
    rng: Generator, photo: NDArray[np.uint8], landmarks: NDArray[np.floating]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Put a hand in front of the lower face: palm, four fingers and a thumb in the face's own skin.

    Args:
        rng: the sample's generator.
        photo: (H, W, 3) uint8 RGB.
        landmarks: (68, 2) in its pixels.

    Returns:
        The photo with the hand, and what it covers, (H, W) bool.
    """
    height, width = photo.shape[:2]
    unit = float(np.hypot(*(landmarks[42:48].mean(axis=0) - landmarks[36:42].mean(axis=0))))
    unit = max(unit, 0.1 * float(np.ptp(landmarks[:, 1])))
    tip = landmarks[int(rng.choice([4, 12, 8, 30, 57]))] + rng.normal(0, 0.15, 2) * unit
    # The fingers point up and inwards, from a wrist below the face.
    away = np.sign(tip[0] - landmarks[30, 0]) or 1.0
    angle = -np.pi / 2 - away * rng.uniform(-0.2, 0.7)
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    scale = unit * rng.uniform(0.8, 1.15)
    palm = tip - along * scale * 1.15
    region = np.zeros((height, width), np.uint8)
    creases = np.zeros((height, width), np.float32)
    tilt = float(np.degrees(angle)) + 90
    cv2.ellipse(
        region, _whole(palm), (int(0.5 * scale) + 1, int(0.6 * scale) + 1), tilt, 0, 360, 1, -1
    )
    cv2.line(region, _whole(palm), _whole(palm - along * 4 * scale), 1, max(2, int(0.75 * scale)))
    spread = rng.uniform(0.02, 0.16)
    for number, (place, length) in enumerate(
        zip((-0.39, -0.13, 0.13, 0.39), (0.75, 0.95, 1.0, 0.8), strict=True)
    ):
        root = palm + along * 0.4 * scale + across * place * scale
        direction = along + across * place * spread * 4
        bend = rng.normal(0, 0.05) * scale
        end = root + direction * length * scale + across * bend
        thick = max(2, int(0.24 * scale * (0.9 if number in (0, 3) else 1.0)))
        cv2.line(region, _whole(root), _whole(end), 1, thick, cv2.LINE_8)
        edge = across * 0.13 * scale
        cv2.line(creases, _whole(root + edge), _whole(end + edge), 1.0, max(1, thick // 8))
    thumb = palm + across * away * 0.5 * scale
    cv2.line(
        region,
        _whole(thumb),
        _whole(thumb + (along * 0.6 + across * away * 0.35) * scale),
        1,
        max(2, int(0.27 * scale)),
    )
    covered = region > 0
    skin = _skin(photo, landmarks) * rng.uniform(0.75, 1.1)
    light = 1 + 0.06 * smooth_noise(rng, (height, width), 0.4 * unit)
    depth = cv2.distanceTransform(region, cv2.DIST_L2, 3) / max(0.14 * scale, 1.0)
    light = light * (0.78 + 0.22 * np.clip(depth, 0, 1))
    light = light - 0.3 * cv2.GaussianBlur(creases, (0, 0), max(0.5, 0.02 * scale))
    colour = np.clip(skin * light[..., None], 0, 255)
    soft = cv2.GaussianBlur(region.astype(np.float32), (0, 0), max(0.5, 0.015 * unit))[..., None]
    shadow = cv2.GaussianBlur(region.astype(np.float32), (0, 0), 0.12 * unit)[..., None]
    below = photo * (1 - 0.35 * shadow)
    picture = np.clip(below * (1 - soft) + colour * soft, 0, 255)
    return (picture + 0.5).astype(np.uint8), covered


def _skin(photo: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.float64]:
    """The colour between brows and eyes, which no mask covers; its brighter half is skin."""
    patch = np.concatenate([landmarks[19:25], landmarks[[28, 39, 42]]])
    low = np.clip(patch.min(axis=0), 0, [photo.shape[1] - 2, photo.shape[0] - 2]).astype(int)
    high = np.maximum(np.ceil(patch.max(axis=0)).astype(int), low + 1)
    seen = photo[low[1] : high[1], low[0] : high[0]].reshape(-1, 3)
    return np.asarray(np.percentile(seen, 80, axis=0), np.float64)


def _whole(point: NDArray[np.floating]) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))

"""A synthetic worn mask on a photo of a bare face, with its exact map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.masks.fabric import random_fabric, shade, smooth_noise
from training.masks.outline import Outline, random_outline
from training.masks.templates import Template, side_of_face, warp_template

Generator = np.random.Generator


@dataclass(frozen=True, eq=False)
class Wardrobe:
    """Everything a mask can be made from.

    Attributes:
        templates: cut-out masks.
        prints: (h, w, 3) uint8 RGB pictures that may be printed on cloth.
    """

    templates: Sequence[Template]
    prints: Sequence[NDArray[np.uint8]]


def wear(
    rng: Generator, photo: NDArray[np.uint8], landmarks: NDArray[np.floating], wardrobe: Wardrobe
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Put a random mask on a face.

    Args:
        rng: the sample's generator.
        photo: (H, W, 3) uint8 RGB.
        landmarks: (68, 2) in its pixels.
        wardrobe: what the mask is made from.

    Returns:
        The photo with the mask, (H, W, 3) uint8, and the map, (H, W) bool. Straps are not in the map.
    """
    colour = photo.astype(np.float32) / np.float32(255)
    unit = float(
        np.hypot(
            *(landmarks[42:48].mean(axis=0) - landmarks[36:42].mean(axis=0)).astype(np.float64)
        )
    )
    unit = max(unit, 0.1 * float(np.ptp(landmarks[:, 1])))
    masked, region = colour, np.zeros(colour.shape[:2], np.bool_)
    if wardrobe.templates and rng.random() < 0.25:
        masked, region = _from_template(rng, colour, landmarks, wardrobe, unit)
    # A template bent onto a profile can go wild; a mask covers half to six squared eye distances.
    if not 0.5 * unit**2 < region.sum() < 6 * unit**2:
        masked, region = _from_cloth(rng, colour, landmarks, wardrobe, unit)
    return (np.clip(masked, 0, 1) * 255 + 0.5).astype(np.uint8), region


def _from_template(
    rng: Generator,
    photo: NDArray[np.float32],
    landmarks: NDArray[np.floating],
    wardrobe: Wardrobe,
    unit: float,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    side = side_of_face(landmarks)
    fitting = [template for template in wardrobe.templates if template.side == side]
    if not fitting:  # a wardrobe without this side: an empty map makes the caller sew one instead
        return photo, np.zeros(photo.shape[:2], np.bool_)
    template = fitting[int(rng.integers(len(fitting)))]
    shape = photo.shape[:2]
    layer = warp_template(rng, template, landmarks, (shape[0], shape[1]))
    alpha = layer[..., 3:]
    cloth = layer[..., :3]
    if rng.random() < 0.5:
        fabric = random_fabric(rng, (shape[0], shape[1]), unit, wardrobe.prints)
        cloth = (
            fabric
            * cloth.mean(axis=2, keepdims=True)
            / max(float(cloth[alpha[..., 0] > 0.5].mean()), 0.2)
        )
    region = alpha[..., 0] > 0.5
    # Straps are thin: opening removes them from the map and leaves them in the picture.
    side_px = max(3, int(0.18 * unit)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side_px, side_px))
    region = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0
    cloth = shade(rng, np.clip(cloth, 0, 1).astype(np.float32), region, photo, unit, "cloth")
    return photo * (1 - alpha) + cloth * alpha, region


def _from_cloth(
    rng: Generator,
    photo: NDArray[np.float32],
    landmarks: NDArray[np.floating],
    wardrobe: Wardrobe,
    unit: float,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    shape = (photo.shape[0], photo.shape[1])
    outline = random_outline(rng, landmarks, shape)
    region = outline.region
    cloth = random_fabric(rng, shape, unit, wardrobe.prints)
    if rng.random() < 0.35:
        cloth = _rimmed(rng, cloth, region, unit)
    if outline.style == "respirator" and rng.random() < 0.4:
        cloth = _with_valve(rng, cloth, landmarks, unit)
    cloth = shade(rng, cloth, region, photo, unit, outline.style)
    under = photo
    if rng.random() < 0.7:
        under = _shadowed(rng, photo, region, unit)
    if outline.style in ("surgical", "respirator", "cloth") and rng.random() < 0.75:
        under = _strapped(rng, under, outline, landmarks, cloth, unit)
    soft = cv2.GaussianBlur(
        region.astype(np.float32), (0, 0), max(0.35, rng.uniform(0.005, 0.02) * unit)
    )
    masked = under * (1 - soft[..., None]) + cloth * soft[..., None]
    return masked, region


def _rimmed(
    rng: Generator, cloth: NDArray[np.float32], region: NDArray[np.bool_], unit: float
) -> NDArray[np.float32]:
    """A hem of another brightness or colour along the edge."""
    width = max(1.0, rng.uniform(0.02, 0.09) * unit)
    distance = cv2.distanceTransform(region.astype(np.uint8), cv2.DIST_L2, 3)
    rim = ((distance > 0) & (distance < width))[..., None]
    hem = (
        cloth * rng.uniform(0.6, 1.25)
        if rng.random() < 0.7
        else np.float32(1) * rng.uniform(0, 1, 3)
    )
    return np.where(rim, np.clip(hem, 0, 1), cloth).astype(np.float32)


def _with_valve(
    rng: Generator,
    cloth: NDArray[np.float32],
    landmarks: NDArray[np.floating],
    unit: float,
) -> NDArray[np.float32]:
    middle = landmarks[48:68].mean(axis=0) + rng.normal(0, 0.25, 2) * unit
    radius = rng.uniform(0.12, 0.26) * unit
    valve = cloth.copy()
    shade_of = float(rng.uniform(0.1, 0.95))
    centre = (int(middle[0]), int(middle[1]))
    cv2.circle(valve, centre, max(2, int(radius)), (shade_of,) * 3, -1)
    cv2.circle(
        valve, centre, max(2, int(radius * 0.7)), (shade_of * 0.8,) * 3, max(1, int(0.03 * unit))
    )
    return valve


def _shadowed(
    rng: Generator, photo: NDArray[np.float32], region: NDArray[np.bool_], unit: float
) -> NDArray[np.float32]:
    """The mask's shadow on the skin around it."""
    shadow = cv2.GaussianBlur(region.astype(np.float32), (0, 0), rng.uniform(0.03, 0.15) * unit)
    matrix = np.array([[1, 0, rng.normal(0, 0.03) * unit], [0, 1, rng.normal(0.03, 0.04) * unit]])
    shadow = cv2.warpAffine(shadow, matrix, (shadow.shape[1], shadow.shape[0]))
    return photo * (1 - rng.uniform(0.1, 0.55) * shadow[..., None])


def _strapped(
    rng: Generator,
    photo: NDArray[np.float32],
    outline: Outline,
    landmarks: NDArray[np.floating],
    cloth: NDArray[np.float32],
    unit: float,
) -> NDArray[np.float32]:
    """Ear loops or head straps: in the picture, never in the map."""
    strapped = np.ascontiguousarray(photo.copy())
    tone = (
        cloth[outline.region].mean(axis=0) if outline.region.any() and rng.random() < 0.5 else None
    )
    colour = np.full(3, rng.choice([0.9, 0.95, 0.08, 0.5])) if tone is None else tone
    thickness = max(1, round(rng.uniform(0.02, 0.06) * unit))
    lift = rng.uniform(-0.5, 0.1) * unit
    for corner, low, ear in (
        (outline.upper_left, outline.lower_left, landmarks[0]),
        (outline.upper_right, outline.lower_right, landmarks[16]),
    ):
        away = np.sign(ear[0] - landmarks[30, 0]) * rng.uniform(0, 0.15) * unit
        end = np.array([ear[0] + away, ear[1] + lift])
        for start in (corner, low) if rng.random() < 0.7 else (corner,):
            path = np.round(np.stack([start, end]) * 16).astype(np.int32)
            cv2.polylines(strapped, [path], False, colour.tolist(), thickness, cv2.LINE_AA, shift=4)
    return strapped


def occlude(rng: Generator, photo: NDArray[np.uint8], unit: float) -> NDArray[np.uint8]:
    """Something before the face that is no mask: a coloured bar, a blob, a hand-like skin patch."""
    shape = (photo.shape[0], photo.shape[1])
    noise = smooth_noise(rng, shape, rng.uniform(0.3, 0.9) * unit)
    ys, xs = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    centre = rng.uniform(0.25, 0.85, 2) * np.array(shape[::-1])
    reach = np.hypot(xs - centre[0], ys - centre[1]) / (rng.uniform(0.25, 0.7) * unit)
    region = (reach + 0.35 * noise) < 1
    tone = (
        photo[region].mean(axis=0) * rng.uniform(0.6, 1.2)
        if region.any() and rng.random() < 0.5
        else None
    )
    colour = rng.uniform(0, 255, 3) if tone is None else tone
    patch = np.clip(colour * (1 + 0.1 * smooth_noise(rng, shape, 0.15 * unit)[..., None]), 0, 255)
    soft = cv2.GaussianBlur(region.astype(np.float32), (0, 0), 0.8)[..., None]
    return np.asarray(photo * (1 - soft) + patch * soft + 0.5).astype(np.uint8)

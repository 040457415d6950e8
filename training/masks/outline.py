"""Outlines of worn masks from landmarks: surgical, respirator, cloth, gaiter and scarf, worn right
or wrong."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

Generator = np.random.Generator
Points = NDArray[np.float64]


STYLES = ("surgical", "respirator", "cloth", "gaiter", "scarf")
"""What is worn."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Outline:
    """The shape of one worn mask.

    Attributes:
        region: (H, W) bool, what the mask covers.
        upper_left, upper_right, lower_left, lower_right: (2,) corners from which straps run.
        style: surgical, respirator, cloth, gaiter or scarf.
    """

    region: NDArray[np.bool_]
    upper_left: Points
    upper_right: Points
    lower_left: Points
    lower_right: Points
    style: str


def random_outline(
    rng: Generator, landmarks: NDArray[np.floating], shape: tuple[int, int]
) -> Outline:
    """Draw the outline of a mask on a face.

    Args:
        rng: the sample's generator.
        landmarks: (68, 2) in photo pixels.
        shape: height and width of the photo.
    """
    points = landmarks.astype(np.float64)
    style = str(rng.choice(STYLES, p=[0.38, 0.16, 0.29, 0.12, 0.05]))
    eyes = points[42:48].mean(axis=0) - points[36:42].mean(axis=0)
    unit = float(np.hypot(*eyes))
    down = _unit(points[8] - points[27])
    worn = rng.random()
    if worn < 0.82:
        bridge = _between(points[27:31], rng.uniform(0.2, 2.2))
        cheek = rng.uniform(0.15, 0.55)
    elif worn < 0.93:  # the nose is free
        bridge = points[33] + down * unit * rng.uniform(-0.02, 0.12)
        cheek = rng.uniform(0.6, 0.9)
    else:  # worn on the chin: nose and mouth are free
        bridge = points[57] + down * unit * rng.uniform(0.02, 0.15)
        cheek = rng.uniform(1.0, 1.25)
    reach = (
        rng.uniform(0.98, 1.12, size=2)
        if style in ("gaiter", "scarf")
        else rng.uniform(0.78, 1.06, size=2)
    )
    low = rng.uniform(1.0, 1.16)
    centre = points[30]
    top = int(rng.integers(1, 4)) if worn < 0.82 else int(rng.integers(3, 6))
    left = centre + (points[top] - centre) * reach[0]
    right = centre + (points[16 - top] - centre) * reach[1]
    cheek_left = points[41] + (points[48] - points[41]) * cheek
    cheek_right = points[46] + (points[54] - points[46]) * cheek
    first = max(top + 1, 4)
    jaw = centre + (points[first : 17 - first] - centre) * low
    widen = np.linspace(reach[0], reach[1], len(jaw))[:, None]
    narrowed = centre[0] + (jaw[:, 0] - centre[0]) * np.clip(widen[:, 0] * 1.05, 0.75, 1.1)
    jaw[:, 0] = narrowed
    if style == "respirator":
        jaw[:, 1] = jaw[:, 1] + rng.uniform(-0.02, 0.06) * unit
    lower_left, lower_right = jaw[0].copy(), jaw[-1].copy()
    if style == "gaiter":
        drop = rng.uniform(0.4, 1.4) * unit
        jaw = np.stack([jaw[0], jaw[0] + down * drop, jaw[-1] + down * drop, jaw[-1]])
    if style == "scarf":  # wound around the neck: wider than the jaw, and far down
        drop = rng.uniform(0.7, 1.9) * unit
        side = _unit(points[16] - points[0]) * unit * rng.uniform(0.1, 0.5, size=(2, 1))
        jaw = np.stack(
            [
                jaw[0] - side[0],
                jaw[0] - side[0] + down * drop,
                points[8] + down * drop * rng.uniform(0.8, 1.1),
                jaw[-1] + side[1] + down * drop,
                jaw[-1] + side[1],
            ]
        )
    contour = np.concatenate([[left], jaw, [right], [cheek_right], [bridge], [cheek_left]])
    contour = contour + rng.normal(0, 0.02 * unit, size=contour.shape)
    smooth = _smooth(contour) if rng.random() < 0.75 else contour
    region = np.zeros(shape, np.uint8)
    # Four bits of sub-pixel position keep the outline from snapping to whole pixels.
    corners = np.round(smooth * 16 - 8).astype(np.int32)
    cv2.fillPoly(region, [corners], 1, shift=4)
    return Outline(
        region=region > 0,
        upper_left=left,
        upper_right=right,
        lower_left=lower_left,
        lower_right=lower_right,
        style=style,
    )


def _unit(vector: Points) -> Points:
    return vector / max(float(np.hypot(*vector)), 1e-6)


def _between(points: Points, at: float) -> Points:
    low = min(int(at), len(points) - 2)
    return np.asarray(points[low] + (at - low) * (points[low + 1] - points[low]), np.float64)


def _smooth(contour: Points) -> Points:
    closed = np.concatenate([contour, contour[:1]])
    lengths = np.hypot(*np.diff(closed, axis=0).T)
    position = np.concatenate([[0.0], np.cumsum(np.maximum(np.sqrt(lengths), 1e-3))])
    spline = CubicSpline(position, closed, bc_type="periodic")
    return np.asarray(spline(np.linspace(0, position[-1], 96, endpoint=False)), dtype=np.float64)

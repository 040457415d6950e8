"""Shapes of the hidden region, drawn from landmarks: what a reconstruction must fill."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Generator = np.random.Generator


def evaluation_polygon(landmarks: NDArray[np.floating], size: int) -> NDArray[np.bool_]:
    """The fixed hole of the reconstruction figures: landmarks 1-15 and 28, dilated 7x7 at 250 px.

    Args:
        landmarks: (68, 2) in pixels of the frame.
        size: side of the frame in pixels; the dilation grows with it.

    Returns:
        (size, size) bool.
    """
    points = np.concatenate([landmarks[1:16], landmarks[28:29]])
    hole = _filled(points, size)
    side = max(3, round(7 * size / 250) | 1)
    return cv2.dilate(hole, np.ones((side, side), np.uint8)) > 0


def random_hole(rng: Generator, landmarks: NDArray[np.floating], size: int) -> NDArray[np.bool_]:
    """A random hole for training: mostly mask-like polygons, some blobs, some hand-drawn odd shapes.

    Args:
        rng: the sample's own generator.
        landmarks: (68, 2) in pixels of the crop.
        size: side of the crop in pixels.

    Returns:
        (size, size) bool, never empty and never more than two thirds of the crop.
    """
    for _ in range(8):
        kind = rng.random()
        if kind < 0.78:
            hole = mask_polygon(rng, landmarks, size)
        elif kind < 0.9:
            hole = random_blobs(rng, size)
        else:
            hole = mask_polygon(rng, landmarks, size) | random_blobs(rng, size)
        if 0.01 < hole.mean() < 0.66:
            return hole
    return evaluation_polygon(landmarks, size)


def mask_polygon(rng: Generator, landmarks: NDArray[np.floating], size: int) -> NDArray[np.bool_]:
    """The outline of a worn mask: jaw, cheeks, an upper edge somewhere between nose bridge and tip."""
    jaw = landmarks[1:16].astype(np.float64)
    middle = landmarks[30].astype(np.float64)
    jaw = middle + (jaw - middle) * rng.uniform(0.94, 1.15, size=2)
    # The side edges end anywhere between the ear and the cheek: drop some of the highest jaw points.
    drop = int(rng.integers(0, 4))
    jaw = jaw[drop : len(jaw) - drop]
    along = rng.uniform(0, 3)
    low = int(along)
    bridge = landmarks[27 + low] + (along - low) * (landmarks[28 + low] - landmarks[27 + low])
    cheeks = landmarks[[41, 46]] + (landmarks[[31, 35]] - landmarks[[41, 46]]) * rng.uniform(
        0.15, 0.7
    )
    upper = np.stack([cheeks[1], bridge, cheeks[0]])
    if rng.random() < 0.4:
        upper = upper[1:2]
    points = np.concatenate([jaw, upper]) + rng.normal(
        0, 0.008 * size, size=(len(jaw) + len(upper), 2)
    )
    hole = _filled(points, size)
    side = int(rng.integers(1, max(2, size // 12))) | 1
    return cv2.dilate(hole, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))) > 0


def random_blobs(rng: Generator, size: int) -> NDArray[np.bool_]:
    """A few thick strokes and ellipses anywhere in the face, as an analyst may draw by hand."""
    hole = np.zeros((size, size), np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        centre = rng.uniform(0.2, 0.9, size=2) * size
        if rng.random() < 0.5:
            axes = rng.uniform(0.08, 0.28, size=2) * size
            cv2.ellipse(
                hole,
                (int(centre[0]), int(centre[1])),
                (int(axes[0]) + 1, int(axes[1]) + 1),
                float(rng.uniform(0, 180)),
                0,
                360,
                1,
                -1,
            )
        else:
            steps = np.cumsum(rng.normal(0, 0.12 * size, size=(int(rng.integers(3, 7)), 2)), axis=0)
            path = (centre + steps).astype(np.int32)[None]
            thickness = int(rng.uniform(0.06, 0.2) * size) + 1
            cv2.polylines(hole, [path], False, 1, thickness)
    return hole > 0


def _filled(points: NDArray[np.floating], size: int) -> NDArray[np.uint8]:
    hole = np.zeros((size, size), np.uint8)
    cv2.fillPoly(hole, [np.round(points).astype(np.int32)], 1)
    return hole

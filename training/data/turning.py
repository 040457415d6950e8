"""Heads turned further than training photos show them: mask wearers are seen in profile, too.

A mean head is found in the landmarks of all faces by factorisation (Tomasi & Kanade 1992). It lends
each landmark its depth; the head is turned about the axis through its ears, and the photo follows in
triangles, the nearest in front (Zhu et al. 2016, arXiv 1511.07212, section 4.1, with fewer triangles).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

EAR_TO_EAR = (0, 16)
EYES = (slice(36, 42), slice(42, 48))
MOUTH = slice(48, 68)
NOSE_TIP = 30

FARTHEST = np.deg2rad(78)
"""How far from frontal a head is turned at most."""

MOST = np.deg2rad(40)
"""How much further than in the photo: what the photo does not show is stretched from what it shows."""

FRONTAL = np.deg2rad(10)
"""Heads turned less than that may be turned to either side."""

SLIVER = 1e-6
"""A triangle whose areas before and after, in square pixels, have a smaller product covers no pixel."""

FOREHEAD = 7
"""Points of the arc from ear to ear over the top of the head, which has no landmarks."""


def mean_head(landmarks: NDArray[np.floating]) -> Points:
    """The shape whose scaled orthographic projections come nearest to all faces.

    Args:
        landmarks: (N, 68, 2) in pixels, turned heads among them.

    Returns:
        (68, 3) as a frontal head stands before the camera: x to the right of the picture, y down, z
        away from the camera; in distances between the eyes, about its centre.
    """
    centred = landmarks - landmarks.mean(axis=1, keepdims=True)
    centred = centred / np.sqrt(np.square(centred).sum(axis=(1, 2), keepdims=True))
    measured = centred.transpose(0, 2, 1).reshape(-1, landmarks.shape[1]).astype(np.float64)
    _, _, basis = np.linalg.svd(measured.T @ measured)
    shape = _upright((_metric(measured @ basis[:3].T) @ basis[:3]).T)
    return shape / np.linalg.norm(shape[EYES[1]].mean(axis=0) - shape[EYES[0]].mean(axis=0))


def _metric(cameras: Points) -> Points:
    """The (3, 3) matrix that makes shapes metric: rows of a camera are orthogonal, equally long.

    Args:
        cameras: (2N, 3), the rows of N affine cameras.
    """
    first, second = cameras[::2], cameras[1::2]

    def products(left: Points, right: Points) -> Points:
        rows, columns = np.triu_indices(3)
        twice = left[:, rows] * right[:, columns] + left[:, columns] * right[:, rows]
        return np.where(rows == columns, 0.5 * twice, twice)

    both = products(first, first) + products(second, second)
    equations = np.concatenate(
        [
            products(first, first) - products(second, second),
            products(first, second),
            # The scale is free; this fixes it.
            both.sum(axis=0, keepdims=True),
        ]
    )
    right_side = np.zeros(len(equations))
    right_side[-1] = 2 * len(first)
    solved = np.linalg.lstsq(equations, right_side, rcond=None)[0]
    gram = np.zeros((3, 3))
    gram[np.triu_indices(3)] = solved
    gram = gram + np.triu(gram, 1).T
    values, vectors = np.linalg.eigh(gram)
    # Without turned heads nothing is known of depth, and one direction has no length.
    lengths = np.sqrt(np.maximum(values, 0.05 * values.max()))
    return np.asarray(np.linalg.inv(vectors * lengths))


def _upright(shape: Points) -> Points:
    """The shape (68, 3) about its centre, seen from the front."""
    shape = shape - shape.mean(axis=0)
    eyes = [shape[eye].mean(axis=0) for eye in EYES]
    across = eyes[1] - eyes[0]
    across /= np.linalg.norm(across)
    down = shape[MOUTH].mean(axis=0) - 0.5 * (eyes[0] + eyes[1])
    down -= across * (across @ down)
    down /= np.linalg.norm(down)
    shape = shape @ np.stack([across, down, np.cross(across, down)], axis=1)
    # Orthographic pictures leave open what is near and what is far; noses are near.
    if shape[NOSE_TIP, 2] > shape[list(EAR_TO_EAR), 2].mean():
        shape[:, 2] *= -1
    return shape


@dataclass(frozen=True, eq=False)
class Head:
    """How the mean head (68, 3) lies over a face.

    Attributes:
        shape: with the points of the forehead, (68 + F, 3).
        camera: (3, 3), pixels per unit: what is right, what is down, and what is away from the camera.
        centre: (2,) in pixels.
    """

    shape: Points
    camera: Points
    centre: Points

    @property
    def yaw(self) -> float:
        """How far the head is turned, in radians; positive if its nose points to the right."""
        forward = -self.camera[:, 2]
        return float(np.arctan2(forward[0], -forward[2]))


def fitted(mean: Points, landmarks: NDArray[np.floating]) -> Head:
    """Lay the mean head over a face by least squares."""
    solved = np.linalg.lstsq(np.column_stack([mean, np.ones(len(mean))]), landmarks, rcond=None)[0]
    right, down = solved[:3].T
    away = np.cross(right, down)
    away *= np.sqrt(np.linalg.norm(right) * np.linalg.norm(down)) / np.linalg.norm(away)
    left_ear, right_ear = mean[list(EAR_TO_EAR)]
    arc = np.linspace(0, np.pi, FOREHEAD + 2)[1:-1, None]
    middle, reach = 0.5 * (left_ear + right_ear), 0.5 * np.linalg.norm(right_ear - left_ear)
    forehead = middle + reach * (
        -np.cos(arc) * [1, 0, 0] + np.sin(arc) * np.array([0, -1.05, -0.55])
    )
    return Head(
        shape=np.concatenate([mean, forehead]),
        camera=np.stack([right, down, away]),
        centre=solved[3],
    )


def turned(
    photo: NDArray[np.uint8], landmarks: NDArray[np.floating], head: Head, angle: float
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The photo and its landmarks with the head turned by an angle about the axis through its ears.

    Args:
        photo: (H, W) or (H, W, C), uint8, of up to four channels.
        landmarks: (68, 2) in its pixels.
        head: as :func:`fitted` lays it over the landmarks.
        angle: in radians; positive turns the nose to the right.
    """
    height, width = photo.shape[:2]
    depth = head.shape @ head.camera[2]
    ears = head.shape[list(EAR_TO_EAR)].mean(axis=0)
    axis = head.camera[:2, 1] / np.linalg.norm(head.camera[:2, 1])
    across = np.array([axis[1], -axis[0]])
    guessed = head.shape[len(landmarks) :] @ head.camera[:2].T + head.centre
    source = np.concatenate([landmarks, guessed]).astype(np.float64)
    about = source - (head.centre + head.camera[:2] @ ears)
    away = depth - head.camera[2] @ ears
    sideways = about @ across
    moved = sideways * np.cos(angle) - away * np.sin(angle)
    target = source + np.outer(moved - sideways, across)
    away_after = np.concatenate([away * np.cos(angle) + sideways * np.sin(angle), [np.inf]])
    # Far around the photo nothing moves, and all that is in the background.
    frame = _frame(width, height)
    corners = np.concatenate([source, frame])
    triangles = _triangles(corners)
    away_of = away_after[np.minimum(triangles, len(source))].mean(axis=1)
    after = np.concatenate([target, frame])
    # Those that are seen from behind are not drawn, nor those that have no width to be solved for.
    visible = _area(after[triangles]) * _area(corners[triangles]) > SLIVER
    triangles, away_of = triangles[visible], away_of[visible]
    triangles = triangles[np.argsort(-away_of, kind="stable")]
    pixels = _followed(corners[triangles], after[triangles], width, height)
    picture = cv2.remap(
        photo, pixels[..., 0], pixels[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(picture, np.uint8), target[: len(landmarks)].astype(np.float32)


def _triangles(points: Points) -> NDArray[np.intp]:
    """Delaunay's triangles (T, 3) of points (P, 2), of which no two are the same, by their numbers."""
    # OpenCV's and not SciPy's, which a machine that merely trains may lack. It keeps 32 bits.
    kept = points.astype(np.float32)
    x, y = (int(value) for value in np.floor(kept.min(axis=0)) - 1)
    width, height = (int(value) for value in np.ceil(kept.max(axis=0) - (x, y)) + 1)
    subdivision = cv2.Subdiv2D((x, y, width, height))
    subdivision.insert([(float(x), float(y)) for x, y in kept])
    numbers = {tuple(point): number for number, point in enumerate(kept.tolist())}
    corners = np.reshape(subdivision.getTriangleList(), (-1, 3, 2)).tolist()
    return np.array([[numbers[tuple(point)] for point in each] for each in corners], np.intp)


def _frame(width: int, height: int) -> Points:
    """Points around a photo, at a distance."""
    steps = np.linspace(-0.6, 1.6, 9)
    sides = [(x, y) for x in steps for y in (-0.6, 1.6)]
    sides += [(x, y) for x in (-0.6, 1.6) for y in steps[1:-1]]
    return np.array(sides) * [width, height]


def _area(triangles: Points) -> Points:
    """Twice the signed area of triangles (T, 3, 2)."""
    first, second = (triangles[:, 1:] - triangles[:, :1]).transpose(1, 0, 2)
    return np.asarray(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])


def _followed(source: Points, target: Points, width: int, height: int) -> NDArray[np.float32]:
    """Where each pixel (H, W, 2) of the picture lies in the photo; later triangles are in front."""
    label = np.zeros((height, width), np.int32)
    fixed = np.round(target * 16).astype(np.int32)
    for number, corners in enumerate(fixed):
        cv2.fillConvexPoly(label, corners, number, shift=4)
    ones = np.ones((len(target), 3, 1))
    affine = np.linalg.solve(np.concatenate([target, ones], axis=2), source)
    y, x = np.mgrid[:height, :width]
    place = np.stack([x, y, np.ones_like(x)], axis=2)
    return np.asarray(np.einsum("yxk,yxkc->yxc", place, affine[label]), np.float32)


def drawn_turn(head: Head, rng: np.random.Generator) -> float:
    """By what angle to turn a head further: up to 40 degrees, to 78 at most; frontal ones either way."""
    side = np.sign(head.yaw) if abs(head.yaw) > FRONTAL else rng.choice([-1, 1])
    most = min(MOST, max(0.0, FARTHEST - side * head.yaw))
    return float(side * rng.uniform(0.2, 1) * most)


HEADS = 2000
"""Faces that the mean head is found in."""


class Turning:
    """Turns some of the faces of a pack."""

    def __init__(self, landmarks: NDArray[np.floating], share: float) -> None:
        """
        Args:
            landmarks: (N, 68, 2), the faces to learn the mean head from.
            share: part of the faces to turn; with 0 nothing is learned.
        """
        self.share = share
        self._mean = mean_head(landmarks[:: max(1, len(landmarks) // HEADS)]) if share else None

    def angle(self, landmarks: NDArray[np.floating], rng: np.random.Generator) -> float:
        """By what angle to turn a face with these landmarks (68, 2); 0 for most."""
        if self._mean is None or rng.random() >= self.share:
            return 0.0
        return drawn_turn(fitted(self._mean, landmarks), rng)

    def turned(
        self, photo: NDArray[np.uint8], landmarks: NDArray[np.floating], angle: float
    ) -> tuple[NDArray[np.uint8], NDArray[np.floating]]:
        """Photo and landmarks after the turn, see :func:`turned`; untouched where the angle is 0."""
        if self._mean is None or not angle:
            return photo, landmarks
        return turned(photo, landmarks, fitted(self._mean, landmarks), angle)

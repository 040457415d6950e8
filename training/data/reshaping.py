"""Faces of another shape: what is hidden is to be guessed for people whom training does not show.

A photo is warped towards the landmarks of another person whose head is turned alike, all the way or
part of it, as in morphing (Wolberg 1998, "Image morphing: a survey", section 2.4, radial basis
functions). Texture and light stay, so that a network cannot tell by a familiar forehead whose chin
belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.face import MOUTH

Points = NDArray[np.float64]

ALIKE = 150
"""So many faces whose heads are turned a little less, and as many turned a little more, lend shapes."""

LEAST, MOST = 0.3, 1.0
"""How far a face moves towards the other one, in their difference."""

WIDTH = 0.45
"""Reach of a landmark's pull, the standard deviation of its Gaussian in distances between the eyes."""

STIFF = 0.3
"""How much landmarks that lie close may disagree with the warp; 0 folds the picture between them."""

GRID = 8
"""Pixels between two points at which the warp is computed; between them it is interpolated."""

ROUNDS = 3
"""Fixed-point steps that find where a landmark goes."""


def canonical_shapes(landmarks: NDArray[np.floating]) -> Points:
    """Shapes (N, 68, 2) upright about their eyes' middle, in distances between the eyes."""
    return np.stack([_to_canonical(points)[0] for points in landmarks.astype(np.float64)])


def _to_canonical(points: Points) -> tuple[Points, Points]:
    """A shape about its eyes, and the (2, 2) matrix that takes its offsets back to pixels."""
    right, left = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
    across = left - right
    # In profile the eyes come together; the face's height says then how large it is.
    height = np.linalg.norm(points[MOUTH].mean(axis=0) - 0.5 * (right + left))
    size = max(float(np.linalg.norm(across)), 0.8 * float(height))
    across = across / max(float(np.linalg.norm(across)), 1e-6)
    back = size * np.array([[across[0], -across[1]], [across[1], across[0]]])
    return (points - 0.5 * (right + left)) @ np.linalg.inv(back).T, back


@dataclass(frozen=True, eq=False)
class Reshaping:
    """Where the landmarks of a face move.

    Attributes:
        offsets: (68, 2) in distances between the eyes, as an upright face sees right and down.
    """

    offsets: Points

    def reshaped(
        self, photo: NDArray[np.uint8], landmarks: NDArray[np.floating]
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """A photo and its landmarks after the warp.

        Args:
            photo: (H, W) or (H, W, C), uint8, of up to four channels.
            landmarks: (68, 2) in its pixels, of the same face in whatever size and place.
        """
        height, width = photo.shape[:2]
        own = landmarks.astype(np.float64)
        canonical, back = _to_canonical(own)
        goal = canonical + self.offsets
        pull = np.linalg.solve(_pull(goal, goal) + STIFF * np.eye(len(goal)), -self.offsets)
        x = np.linspace(0, width - 1, max(2, width // GRID)) + 0.5
        y = np.linspace(0, height - 1, max(2, height // GRID)) + 0.5
        middle = own[0] - back @ canonical[0]
        places = np.stack(np.meshgrid(x, y), axis=2).reshape(-1, 2)
        moves = _pull((places - middle) @ np.linalg.inv(back).T, goal) @ pull @ back.T
        source = (places + moves - 0.5).reshape(len(y), len(x), 2).astype(np.float32)
        pixels = _spread(source, width, height)
        after = goal
        for _ in range(ROUNDS):
            after = canonical - _pull(after, goal) @ pull
        picture = cv2.remap(
            photo,
            pixels[..., 0],
            pixels[..., 1],
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        return np.asarray(picture, np.uint8), (after @ back.T + middle).astype(np.float32)


def _pull(places: Points, goal: Points) -> Points:
    """How much each goal (G, 2) pulls at each place (P, 2): (P, G), 1 at the goal itself."""
    apart = np.square(places[:, None] - goal[None]).sum(axis=2)
    return np.asarray(np.exp(-0.5 * apart / WIDTH**2))


def _spread(corners: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Values at evenly spaced points, the first and last at the edges, at every pixel between them."""
    rows, columns = corners.shape[:2]
    x = np.linspace(0, columns - 1, width, dtype=np.float32)
    y = np.linspace(0, rows - 1, height, dtype=np.float32)
    return np.asarray(cv2.remap(corners, *np.meshgrid(x, y), cv2.INTER_LINEAR), np.float32)


class Reshapings:
    """Draws other shapes for some of the faces of a pack."""

    def __init__(self, landmarks: NDArray[np.floating], share: float) -> None:
        """
        Args:
            landmarks: (N, 68, 2), the faces that lend their shapes.
            share: part of the faces to reshape; with 0 nothing is learned.
        """
        self.share = share
        if share:
            shapes = canonical_shapes(landmarks)
            turns = _turn(shapes)
            order = np.argsort(turns, kind="stable")
            self._shapes, self._turns = shapes[order], turns[order]

    def drawn(self, landmarks: NDArray[np.floating], rng: np.random.Generator) -> Reshaping | None:
        """How to reshape the face with these landmarks (68, 2); None for some."""
        if not self.share or rng.random() >= self.share:
            return None
        own = canonical_shapes(landmarks[None])
        near = int(np.searchsorted(self._turns, _turn(own)[0])) + int(
            rng.integers(-ALIKE, ALIKE + 1)
        )
        other = self._shapes[min(max(near, 0), len(self._shapes) - 1)]
        offsets = other - own[0]
        # An open mouth that is warped shut has no teeth; mouths move and widen as they are.
        ours, theirs = own[0][MOUTH], other[MOUTH]
        middle = theirs.mean(axis=0) - ours.mean(axis=0)
        wider = np.ptp(theirs[:, 0]) / max(float(np.ptp(ours[:, 0])), 1e-6) - 1
        offsets[MOUTH] = middle
        offsets[MOUTH, 0] += np.clip(wider, -0.3, 0.3) * (ours - ours.mean(axis=0))[:, 0]
        return Reshaping(rng.uniform(LEAST, MOST) * offsets)


def _turn(shapes: Points) -> Points:
    """How far heads (N, 68, 2) are turned: the nose's tip between the ends of the jaw, in its width."""
    left, right = shapes[:, 0, 0], shapes[:, 16, 0]
    return (shapes[:, 30, 0] - 0.5 * (left + right)) / np.maximum(right - left, 0.1)

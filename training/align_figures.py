"""Measures the aligner: landmarks under synthetic masks, also of heads turned further than in photos."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.imaging.alignment import BOX_HEIGHT_IN_EYE_DISTANCES, BOX_WEIGHT
from app.imaging.face import LEFT_EYE, RIGHT_EYE, box_of_landmarks
from app.inference.locate import find_landmarks
from app.inference.session import ModelSession
from app.inference.zoo import Model, Zoo
from training import metrics
from training.data.faces import train_rows
from training.data.masked import MaskedPack
from training.data.turning import Turning
from training.evaluate import Figures, short
from training.groups import pose
from training.map_figures import split_rows

TURNED_FURTHER = "head turned further"
"""Faces whose heads were turned by :mod:`training.data.turning`."""

LOCATOR_ERROR = 0.04
"""How far the sides of a box are off, in its widths: one standard deviation."""


def evaluate_align(
    zoo: Zoo,
    pack: MaskedPack,
    split: str = "val",
    count: int = 400,
    *,
    model: Model | None = None,
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Landmark errors on synthetic masks, from boxes as inexact as the locator's.

    In eye distances; a turned head's are taken for at least what its box's height says, as the
    alignment takes them. The aligner that is measured is `model`, or the zoo's default.

    Returns:
        The figures, and those by pose: of the photos as they are, and of the same heads turned further.

    Raises:
        ValueError: the pack has no face of the split.
    """
    session = ModelSession(model or zoo.default("align"))
    rows = split_rows(pack, split, count)
    turning = Turning(pack.landmarks[train_rows(pack.splits)], 1.0)
    errors: dict[str, list[tuple[float, float]]] = {}
    every = []
    for row in rows:
        # Every face has numbers of its own, so that another face more changes none of them.
        rng = np.random.default_rng([0, row])
        photo, landmarks = np.array(pack.photos[row]), pack.landmarks[row]
        angle = turning.angle(landmarks, rng)
        further = turning.turned(photo, landmarks, angle)
        every.append(_error(photo, landmarks, session, rng))
        errors.setdefault(pose(landmarks), []).append(every[-1])
        errors.setdefault(TURNED_FURTHER, []).append(_error(*further, session, rng))
    groups = {f"{split}, {group}": _figures(errors[group]) for group in sorted(errors)}
    return {split: _figures(every)}, groups


def _error(
    photo: Any, landmarks: Any, session: ModelSession, rng: np.random.Generator
) -> tuple[float, float]:
    """The mean error of all landmarks, and of the centres of the eyes."""
    x0, y0, x1, y1 = box_of_landmarks(landmarks)
    box = np.array([[x0, y0, x1, y1]]) + rng.normal(0, LOCATOR_ERROR, 4) * (x1 - x0)
    found = find_landmarks(photo, box, session)[0]
    eyes, true_eyes = (
        np.stack([points[RIGHT_EYE].mean(axis=0), points[LEFT_EYE].mean(axis=0)])
        for points in (found, landmarks)
    )
    least = BOX_WEIGHT * (y1 - y0) / BOX_HEIGHT_IN_EYE_DISTANCES
    unit = np.array([max(float(np.linalg.norm(true_eyes[1] - true_eyes[0])), least)])
    whole = metrics.landmark_error(found[None], landmarks[None], unit)
    seen = metrics.landmark_error(eyes[None], true_eyes[None], unit)
    return float(whole[0]), float(seen[0])


def _figures(errors: list[tuple[float, float]]) -> Figures:
    whole, eyes = np.array(errors).T
    return {
        "faces": len(errors),
        "error": short(whole.mean()),
        "eye_error": short(eyes.mean()),
        "eye_error_p90": short(np.percentile(eyes, 90)),
    }

"""Smoothing over time that does not lag: the one-euro filter (Casiez, Roussel and Vogel, CHI 2012)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

UNSHARED = 0.2
"""How much motion counts that the points do not share, such as that of a face that turns or nears."""


@dataclass(frozen=True, kw_only=True)
class OneEuro:
    """A low-pass filter whose cutoff grows with the speed: a still face does not tremble, and one that
    moves is not left behind.

    Attributes:
        still: cutoff in Hz of what does not move.
        agility: by how many Hz the cutoff grows per unit of speed (units per second).
        speed: cutoff in Hz of the speed itself.
    """

    still: float = 1.2
    agility: float = 25.0
    speed: float = 1.0

    def step(
        self, value: Values, state: tuple[Values, Values] | None, seconds: float
    ) -> tuple[Values, Values]:
        """Take in the next value.

        Args:
            value: (N, ...), N points; in units in which a speed of 1 per second is a fast one.
            state: what the last step returned; None at the beginning.
            seconds: since then, above 0.

        Returns:
            The smoothed value and its speed: the state for the next step.
        """
        if state is None:
            return value.copy(), np.zeros_like(value)
        last, moving = state
        rate = _weight(self.speed, seconds)
        moving = moving + rate * ((value - last) / seconds - moving)
        # One cutoff for the whole face: points smoothed each by itself would bend it. What they have in
        # common is motion; what they have not is mostly noise.
        common = float(np.linalg.norm(moving.mean(axis=0)))
        pace = common + UNSHARED * float(np.sqrt(np.mean(np.square(moving))))
        return last + _weight(self.still + self.agility * pace, seconds) * (value - last), moving


def _weight(cutoff: float, seconds: float) -> float:
    """Of the new value, in a first-order low pass."""
    return 1 / (1 + 1 / (2 * math.pi * cutoff * seconds))


def blend(
    last: NDArray[np.float32] | None, new: NDArray[np.float32], *, cutoff: float, seconds: float
) -> NDArray[np.float32]:
    """An exponential mean over time of pictures that lie on each other.

    Args:
        last: the mean so far; None at the beginning.
        new: of the same shape.
        cutoff: in Hz.
        seconds: since the last one.
    """
    if last is None:
        return new
    return np.asarray(last + np.float32(_weight(cutoff, seconds)) * (new - last), np.float32)

"""How far the hypotheses of a face differ, beside how far they are from the truth.

Samples of the true posterior are, on average, as far from each other as from the truth, whatever the
distance: both are independent draws from the same faces. Hypotheses whose mouths differ by a fifth of
the mouth error show one mouth several times.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Distance = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float64]]
"""Two times what was measured of N pictures, (N, ...), to (N,) distances."""


def differences(
    samples: Sequence[NDArray[np.float32]], truth: NDArray[np.float32], distance: Distance
) -> tuple[list[float], list[float]]:
    """Compare hypotheses with each other and with the truth.

    Args:
        samples: of every hypothesis, two at least, what was measured of it in N faces, (N, ...).
        truth: (N, ...), the same of the uncovered faces.
        distance: of such values.

    Returns:
        Per face the mean distance of two hypotheses, and the mean distance of a hypothesis to the truth.
    """
    apart = [distance(one, other) for one, other in itertools.combinations(samples, 2)]
    off = [distance(sample, truth) for sample in samples]
    return np.mean(apart, axis=0).tolist(), np.mean(off, axis=0).tolist()

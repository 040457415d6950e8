"""Snapping a coarse answer to a photo's edges: the guided filter.

He, Sun & Tang, "Guided Image Filtering", TPAMI 2013, and He & Sun, "Fast Guided Filter",
arXiv 1505.00996: around every pixel the answer is explained as a linear function of the photo's colour;
the functions are found at low resolution and applied at high resolution, so that edges of the answer
come to lie on edges of the photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class ColourModel:
    """What explains an answer by colour, pixel by pixel.

    Attributes:
        slopes: (S, S, 3) float32.
        offset: (S, S) float32.
    """

    slopes: NDArray[np.float32]
    offset: Plane

    def apply(self, guide: NDArray[np.float32]) -> Plane:
        """The answer for a guide (T, T, 3) float32 0..1 of the same view, of any resolution T."""
        size = (guide.shape[1], guide.shape[0])
        slopes = cv2.resize(self.slopes, size, interpolation=cv2.INTER_LINEAR)
        offset = cv2.resize(self.offset, size, interpolation=cv2.INTER_LINEAR)
        return cast(Plane, np.einsum("yxc,yxc->yx", slopes, guide) + offset)


def explain(
    guide: NDArray[np.float32], answer: Plane, *, radius: int, smoothness: float
) -> ColourModel:
    """Fit the linear functions, He et al. 2013, eqs. 19 to 21.

    Args:
        guide: (S, S, 3) float32 0..1, the photo.
        answer: (S, S) float32.
        radius: of the square windows, in pixels.
        smoothness: epsilon, in squared units of the guide: contrasts well below its root are no edges.
    """

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        side = 2 * radius + 1
        blurred = cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT)
        return cast(NDArray[np.float32], blurred.reshape(values.shape))

    average, level = mean(guide), mean(answer)
    shared = mean(guide * answer[..., None]) - average * level[..., None]
    red, green, blue = (guide[..., index] for index in range(3))
    products = np.stack(
        [red * red, red * green, red * blue, green * green, green * blue, blue * blue], axis=-1
    )
    r, g, b = (average[..., index] for index in range(3))
    means = np.stack([r * r, r * g, r * b, g * g, g * b, b * b], axis=-1)
    # cv2.blur takes four channels at most.
    covariance = np.concatenate([mean(products[..., :3]), mean(products[..., 3:])], axis=-1) - means
    slopes = _solve(covariance, shared, smoothness)
    offset = level - np.einsum("yxc,yxc->yx", slopes, average)
    return ColourModel(slopes=mean(slopes), offset=mean(offset))


def _solve(
    covariance: NDArray[np.float32], shared: NDArray[np.float32], smoothness: float
) -> NDArray[np.float32]:
    """(covariance + smoothness * identity)^-1 shared for every pixel, by cofactors.

    Args:
        covariance: (S, S, 6): rr, rg, rb, gg, gb, bb.
        shared: (S, S, 3).
    """
    rr, rg, rb, gg, gb, bb = (covariance[..., index].astype(np.float64) for index in range(6))
    rr, gg, bb = rr + smoothness, gg + smoothness, bb + smoothness
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    determinant = rr * c_rr + rg * c_rg + rb * c_rb
    r, g, b = (shared[..., index] for index in range(3))
    solved = np.stack(
        [
            c_rr * r + c_rg * g + c_rb * b,
            c_rg * r + c_gg * g + c_gb * b,
            c_rb * r + c_gb * g + c_bb * b,
        ],
        axis=-1,
    )
    return np.asarray(solved / determinant[..., None], np.float32)

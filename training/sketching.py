"""The pencil sketch of :mod:`app.imaging.sketch` on tensors, drawn where the pictures are."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from app.imaging.sketch import BLUR_FRACTION, FINEST, SHARPENED, SMOOTHED

GREY = (0.299, 0.587, 0.114)
"""Weights of R, G and B (ITU-R BT.601), as OpenCV takes them."""


def draw_sketches(pictures: Tensor) -> Tensor:
    """Draw aligned face crops.

    Args:
        pictures: (N, 3, S, S) float32 RGB 0..1.

    Returns:
        (N, 1, S, S) float32, 0 black .. 1 paper, within a few thousandths of what
        :func:`app.imaging.sketch.sketch` draws.
    """
    with torch.autocast(pictures.device.type, enabled=False):
        weights = pictures.new_tensor(GREY).view(1, 3, 1, 1)
        grey = (pictures * weights).sum(dim=1, keepdim=True).contiguous()
        size = grey.shape[-1]
        scale = max(1.0, size / FINEST)
        fine = _blurred(grey, SMOOTHED * scale) if scale > 1 else grey
        below = _blurred(grey, max(0.8, BLUR_FRACTION * size)).clamp(min=1 / 255)
        dodged = (fine / below).clamp(max=1)
        if scale > 1:
            return (5 * dodged - 4 * _blurred(dodged, SHARPENED * scale)).clamp(0, 1)
        wide = _reflected(_reflected(dodged, 1, 3), 1, 2)
        four = wide[:, :, :-2, 1:-1] + wide[:, :, 2:, 1:-1] + wide[:, :, 1:-1, :-2]
        four = four + wide[:, :, 1:-1, 2:]
        return (5 * dodged - four).clamp(0, 1)


def _blurred(grey: Tensor, sigma: float) -> Tensor:
    """(N, 1, S, S) under a Gaussian of `sigma` pixels."""
    kernel = _gaussian(sigma).to(grey.device)
    reach = len(kernel) // 2
    rows = functional.conv2d(_reflected(grey, reach, 3), kernel.view(1, 1, 1, -1))
    return functional.conv2d(_reflected(rows, reach, 2), kernel.view(1, 1, -1, 1))


def _reflected(values: Tensor, reach: int, dim: int) -> Tensor:
    """Continued beyond both edges by its mirror image (OpenCV's BORDER_REFLECT)."""
    low = values.narrow(dim, 0, reach).flip(dim)
    high = values.narrow(dim, values.shape[dim] - reach, reach).flip(dim)
    return torch.cat([low, values, high], dim=dim)


@cache
def _gaussian(sigma: float) -> Tensor:
    """As wide as OpenCV makes it for 32-bit pictures."""
    size = round(sigma * 8 + 1) | 1
    at = torch.arange(size, dtype=torch.float64) - size // 2
    kernel = torch.exp(-0.5 * (at / sigma) ** 2)
    return (kernel / kernel.sum()).float()

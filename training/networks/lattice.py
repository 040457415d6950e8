"""Lattices that networks draw, told from texture by their place on the grid of pixels, and taken out.

Networks that end in pixel shuffles draw lattices on faces unlike those that they have learned from
(Odena et al. 2016, "Deconvolution and checkerboard artifacts", doi 10.23915/distill.00003): every
second, fourth or eighth pixel is too light over a whole cheek, and enlarged that is hatching. Texture of
skin, lips and beards has no such place. So fine detail is averaged over pixels that have the same place
in their squares of PERIOD pixels; what is left of it there, beyond what chance leaves, is lattice.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

PERIOD = 8
"""Pixels from one to the next of the widest lattice: of three pixel shuffles, one after the other."""

FINE = 1.2
"""Only detail finer than a Gaussian of so many pixels is looked at; a lip is coarser."""

AVERAGED = 2.5
"""The Gaussian of the averages, in squares: over some 80 of them."""

CHANCE = 2.0
"""How many times what chance leaves is not taken for lattice: detail of neighbours is alike."""


def without_lattice(pictures: Tensor, map: Tensor) -> Tensor:
    """Pictures without the lattice under the map.

    How much of an average is lattice follows from how it compares with detail that has no place: of
    independent values the average over n has an nth of their variance (the estimate is Wiener's, of
    a signal's share in what was measured).

    Args:
        pictures: (N, K, C, S, S) about 0..1, S a multiple of PERIOD.
        map: (N, 1, S, S) {0, 1}.

    Returns:
        The same shape; nothing beside the map is changed.
    """
    inside = map[:, None]
    detail = (pictures - blurred(pictures, FINE)) * inside
    # (N, K, C, place in the square, row and column of the square), as far as they differ.
    weight, sums = (_averaged(_by_place(values)) for values in (inside, detail))
    squares = _averaged(_by_place(detail.square()).sum(dim=3, keepdim=True))
    known = weight.sum(dim=3, keepdim=True).clamp(min=1e-3)
    average = sums / weight.clamp(min=1e-3) - sums.sum(dim=3, keepdim=True) / known
    average = average * (weight > 1e-3)
    found = (average.square() * weight).sum(dim=3, keepdim=True) / known
    chance = CHANCE * squares / known / (4 * math.pi * AVERAGED**2)
    # All colours of a picture have one share, since a lattice is in all of them.
    found, chance = (values.mean(dim=2, keepdim=True) for values in (found, chance))
    share = (1 - chance / found.clamp(min=1e-9)).clamp(0, 1)
    lattice = functional.pixel_shuffle((share * average).flatten(0, 2), PERIOD)
    return pictures - lattice.view_as(pictures) * inside


def _by_place(pictures: Tensor) -> Tensor:
    """(N, K, C, S, S) to (N, K, C, PERIOD ** 2, S / PERIOD, S / PERIOD)."""
    planes = functional.pixel_unshuffle(pictures.flatten(0, 2)[:, None], PERIOD)
    return planes.view(*pictures.shape[:3], *planes.shape[1:])


def _averaged(squares: Tensor) -> Tensor:
    """(..., H, H) under a Gaussian of AVERAGED, nothing beyond the edges."""
    # By a matrix: of so few squares that is quicker than a convolution.
    place = torch.arange(squares.shape[-1], device=squares.device, dtype=squares.dtype)
    weights = torch.exp(-0.5 * ((place[:, None] - place) / AVERAGED) ** 2)
    weights = weights / (math.sqrt(2 * math.pi) * AVERAGED)
    return weights @ squares @ weights


def blurred(pictures: Tensor, sigma: float) -> Tensor:
    """(N, K, C, H, W) under a Gaussian of `sigma` pixels, the edge pixels repeated."""
    reach = max(1, round(3 * sigma))
    place = torch.arange(-reach, reach + 1, device=pictures.device, dtype=pictures.dtype)
    weights = torch.exp(-0.5 * (place / sigma) ** 2)
    weights = weights / weights.sum()
    planes = pictures.flatten(0, 2)[:, None]
    planes = functional.pad(planes, (reach, reach, reach, reach), mode="replicate")
    planes = functional.conv2d(planes, weights.view(1, 1, 1, -1))
    planes = functional.conv2d(planes, weights.view(1, 1, -1, 1))
    return planes.view_as(pictures)

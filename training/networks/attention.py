"""Contextual attention (Yu et al. 2018, arXiv 1801.07892, section 4.1), for free-form maps.

Patches inside the map are made of patches outside it: matched at half resolution by cosine similarity,
smoothed along the diagonals of the match matrix, weighted by a softmax, and laid over one another.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

SHARPNESS = 10.0
"""Scale of the softmax (the paper's lambda, eq. 3)."""


def contextual_attention(features: Tensor, hole: Tensor) -> Tensor:
    """Rebuild features from the visible ones.

    Args:
        features: (N, C, H, W), H and W even.
        hole: (N, 1, H, W) {0, 1}.

    Returns:
        (N, C, H, W).
    """
    height, width = features.shape[2] // 2, features.shape[3] // 2
    small = features[:, :, ::2, ::2]
    patches = _patches3(small)
    keys = functional.normalize(patches, dim=1, eps=1e-4)
    match = torch.bmm(keys.transpose(1, 2), patches)  # (N, source, place)
    match = _fused(match, height, width)
    # A source patch may be used when it is visible as a whole.
    usable = (_patches3(hole[:, :, ::2, ::2]).amax(dim=1) == 0).to(match.dtype)[:, :, None]
    weights = torch.softmax(match * usable * SHARPNESS, dim=1) * usable
    # Each place is covered by four of the 4x4 patches that lie two apart.
    built = torch.bmm(_patches4(features), weights)
    return _laid(built, features.shape[1], height, width) / 4


def _patches3(features: Tensor) -> Tensor:
    """(N, C, H, W) to (N, 9 C, H W): the 3x3 neighbourhood of every pixel."""
    height, width = features.shape[2:]
    padded = functional.pad(features, (1, 1, 1, 1))
    parts = [padded[:, :, y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return torch.cat(parts, dim=1).flatten(2)


def _patches4(features: Tensor) -> Tensor:
    """(N, C, 2 H, 2 W) to (N, 16 C, H W): 4x4 patches, two pixels apart."""
    height, width = features.shape[2:]
    padded = functional.pad(features, (1, 1, 1, 1))
    parts = [
        padded[:, :, y : y + height : 2, x : x + width : 2] for y in range(4) for x in range(4)
    ]
    return torch.cat(parts, dim=1).flatten(2)


def _laid(patches: Tensor, channels: int, height: int, width: int) -> Tensor:
    """The sum of overlapping patches: the transpose of :func:`_patches4`."""
    parts = patches.unflatten(1, (4, 4, channels)).unflatten(4, (height, width))  # type: ignore[no-untyped-call]
    total = patches.new_zeros(patches.shape[0], channels, 2 * height + 2, 2 * width + 2)
    for y in (0, 2):
        for x in (0, 2):
            four = parts[:, y : y + 2, x : x + 2].permute(0, 3, 4, 1, 5, 2)
            block = four.reshape(patches.shape[0], channels, 2 * height, 2 * width)
            total = total + functional.pad(block, (x, 2 - x, y, 2 - y))
    return total[:, :, 1:-1, 1:-1]


def _fused(match: Tensor, height: int, width: int) -> Tensor:
    """Attention propagation: a good match's neighbours match its source's neighbours (eq. 4).

    Args:
        match: (N, H W, H W).
    """
    swapped = (0, 2, 1, 4, 3)
    match = _diagonal(match)
    match = match.view(-1, height, width, height, width).permute(swapped)
    match = _diagonal(match.reshape(-1, height * width, height * width))
    match = match.view(-1, width, height, width, height).permute(swapped)
    return match.reshape(-1, height * width, height * width)


def _diagonal(match: Tensor) -> Tensor:
    """Every entry plus its two neighbours on the diagonal."""
    padded = functional.pad(match, (1, 1, 1, 1))
    return padded[:, :-2, :-2] + match + padded[:, 2:, 2:]

"""Losses of the published systems, each a plain function of tensors."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Reduction = Literal["mean", "sum"]


def gan_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Cross-entropy of the logits (Goodfellow et al. 2014, eq. 1), halved (Isola et al. 2017, 3.3)."""
    on_real = functional.binary_cross_entropy_with_logits(real, torch.ones_like(real))
    on_fake = functional.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))
    return 0.5 * (on_real + on_fake)


def gan_generator(fake: Tensor) -> Tensor:
    """The generator's side: maximise log D(G(x)), as Isola et al. 2017, 3.3."""
    return functional.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))


def cosine_distance(output: Tensor, target: Tensor, reduction: Reduction) -> Tensor:
    """One minus the cosine between pictures taken as vectors (Sunagad et al.).

    Args:
        output, target: (N, C, S, S), -1..1.
        reduction: over the batch.
    """
    cosine = functional.cosine_similarity(output.flatten(1), target.flatten(1), dim=1)
    distance = 1 - cosine
    return distance.mean() if reduction == "mean" else distance.sum()


def ssim_distance(output: Tensor, target: Tensor) -> Tensor:
    """One minus the structural similarity (Wang et al. 2004, eq. 13), Gaussian window of 11 px.

    Args:
        output, target: (N, C, S, S), 0..1, float32.
    """
    # Only the editing module needs torchmetrics, which a machine that merely trains may lack.
    from torchmetrics.functional.image import structural_similarity_index_measure

    similarity = structural_similarity_index_measure(output, target, data_range=1.0)
    assert isinstance(similarity, Tensor)
    return 1 - similarity


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Hinge loss over every score (Yu et al. 2019, eq. 4, the discriminator's half)."""
    return functional.relu(1 - real).mean() + functional.relu(1 + fake).mean()


def hinge_generator(fake: Tensor) -> Tensor:
    """Minus the mean score (Yu et al. 2019, eq. 4, the generator's half)."""
    return -fake.mean()


def focal(logits: Tensor, target: Tensor, *, alpha: float = 0.25, gamma: float = 1.5) -> Tensor:
    """Focal loss (Lin et al. 2017, eq. 5), elementwise; alpha and gamma as EfficientDet sets them."""
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    probability = torch.sigmoid(logits)
    wrong = target * (1 - probability) + (1 - target) * probability
    return (alpha * target + (1 - alpha) * (1 - target)) * wrong**gamma * entropy

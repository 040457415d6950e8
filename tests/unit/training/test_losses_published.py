"""The published losses against values worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from training import losses_published as losses


def test_gan_loss_of_an_undecided_discriminator() -> None:
    scores = torch.zeros(2, 1, 3, 3)
    assert float(losses.gan_discriminator(scores, scores)) == pytest.approx(math.log(2))
    assert float(losses.gan_generator(scores)) == pytest.approx(math.log(2))


def test_cosine_distance_by_hand() -> None:
    output = torch.tensor([[1.0, 0.0], [1.0, 1.0]]).view(2, 1, 1, 2)
    target = torch.tensor([[0.0, 1.0], [2.0, 2.0]]).view(2, 1, 1, 2)
    assert float(losses.cosine_distance(output, target, "sum")) == pytest.approx(1.0)
    assert float(losses.cosine_distance(output, target, "mean")) == pytest.approx(0.5)


def test_ssim_distance_of_flat_pictures() -> None:
    """Without variance only the luminance term of Wang et al. 2004, eq. 6, is left."""
    a, b = 0.25, 0.75
    similarity = (2 * a * b + 1e-4) / (a * a + b * b + 1e-4)
    found = losses.ssim_distance(torch.full((1, 3, 32, 32), a), torch.full((1, 3, 32, 32), b))
    assert float(found) == pytest.approx(1 - similarity, abs=1e-3)
    picture = torch.rand(1, 3, 32, 32)
    assert float(losses.ssim_distance(picture, picture)) == pytest.approx(0, abs=1e-5)


def test_hinge_by_hand() -> None:
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([-2.0, 1.0])
    assert float(losses.hinge_discriminator(real, fake)) == pytest.approx(0.5 + 1.0)
    assert float(losses.hinge_generator(fake)) == pytest.approx(0.5)


def test_focal_by_hand() -> None:
    logits, target = torch.zeros(2), torch.tensor([1.0, 0.0])
    found = losses.focal(logits, target, alpha=0.25, gamma=2.0)
    expected = torch.tensor([0.25, 0.75]) * 0.25 * math.log(2)
    assert torch.allclose(found, expected)

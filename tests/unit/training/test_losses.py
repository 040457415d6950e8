"""The losses by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pytest
import torch
from skimage.metrics import structural_similarity

from training import losses

HOLE = torch.zeros(1, 1, 8, 8)
HOLE[..., :4, :] = 1


def test_hole_l1_weighs_inside_and_outside() -> None:
    target = torch.zeros(1, 3, 8, 8)
    output = torch.full_like(target, 0.5)
    loss = losses.hole_l1(output, target, HOLE, inside=6.0, outside=0.2)
    assert float(loss) == pytest.approx(0.5 * (6.0 + 0.2) / 2)
    assert float(losses.hole_l1(target, target, HOLE, inside=6.0, outside=0.2)) == 0


def test_log_error_is_the_mean_psnr_of_the_faces_inside_the_map() -> None:
    target = torch.zeros(2, 3, 8, 8)
    output = target + torch.tensor([0.1, 0.2])[:, None, None, None]
    output[:, :, 4:] = 0.9  # outside the map
    hole = HOLE.expand(2, -1, -1, -1)
    decibels = [20.0, 13.979]
    expected = [-psnr * math.log(10) / 10 for psnr in decibels]
    found = float(losses.hole_log_error(output, target, hole))
    # The least error that is added is worth a tenth of a decibel here.
    assert found == pytest.approx(sum(expected) / 2, abs=0.03)
    assert found > sum(expected) / 2
    nothing = losses.hole_log_error(output, target, torch.zeros_like(hole))
    assert float(nothing) == pytest.approx(math.log(losses.LEAST_SQUARED_ERROR))


def test_structure_is_the_library_s_for_the_brightness_inside_the_map() -> None:
    random = torch.Generator().manual_seed(0)
    target = torch.rand(2, 3, 40, 40, generator=random)
    output = 0.5 * target + 0.5 * torch.rand(2, 3, 40, 40, generator=random)
    hole = torch.zeros(2, 1, 40, 40)
    hole[:, :, 10:30, 12:28] = 1
    expected = [
        structural_similarity(
            one.mean(axis=0), other.mean(axis=0), data_range=1.0, win_size=7,
            use_sample_covariance=False, full=True,
        )[1][10:30, 12:28].mean()
        for one, other in zip(output.numpy(), target.numpy(), strict=True)
    ]  # fmt: skip
    assert float(losses.hole_structure(output, target, hole)) == pytest.approx(
        1 - sum(expected) / 2, abs=1e-5
    )
    assert float(losses.hole_structure(target, target, hole)) == pytest.approx(0, abs=1e-6)


def test_hinge_discriminator_stops_at_the_margin() -> None:
    weight = torch.ones(1, 1, 2, 2)
    real = torch.tensor([[[[2.0, 1.0], [0.0, -1.0]]]])
    fake = torch.tensor([[[[-2.0, -1.0], [0.0, 1.0]]]])
    # Beyond the margin nothing is left to learn: (0 + 0 + 1 + 2) / 4 on either side.
    assert float(losses.hinge_discriminator(real, fake, weight, weight)) == pytest.approx(1.5)


def test_patches_outside_the_map_do_not_count() -> None:
    scores = torch.tensor([[[[3.0, -1.0]]]])
    weight = torch.tensor([[[[0.0, 1.0]]]])
    assert float(losses.hinge_generator(scores, weight)) == pytest.approx(1.0)
    assert float(losses.hinge_discriminator(scores, scores, weight, weight)) == pytest.approx(2.0)
    nothing = torch.zeros_like(weight)
    assert float(losses.hinge_generator(scores, nothing)) == 0


def test_patch_weight_marks_every_patch_that_touches_the_map() -> None:
    hole = torch.zeros(1, 1, 8, 8)
    hole[0, 0, 3, 0] = 1
    weight = losses.patch_weight(hole, torch.zeros(1, 1, 4, 4))
    assert weight.shape == (1, 1, 4, 4)
    assert weight.nonzero().tolist() == [[0, 0, 1, 0]]


def test_feature_matching_pulls_the_fake_only() -> None:
    fake = [torch.full((1, 2, 2, 2), 1.0, requires_grad=True), torch.zeros(1, 1, 1, 1)]
    real = [torch.zeros(1, 2, 2, 2, requires_grad=True), torch.full((1, 1, 1, 1), 3.0)]
    loss = losses.feature_matching(fake, real)
    assert float(loss.detach()) == pytest.approx(2.0)
    loss.backward()  # type: ignore[no-untyped-call]
    assert fake[0].grad is not None
    assert real[0].grad is None


def test_perceptual_loss_does_not_depend_on_a_layers_scale() -> None:
    generator = torch.Generator().manual_seed(0)
    fake, real = (torch.rand(2, 4, 8, 8, generator=generator) + 0.5 for _ in range(2))
    loss = losses.perceptual([fake], [real])
    assert float(losses.perceptual([1000 * fake], [1000 * real])) == pytest.approx(float(loss))
    assert float(losses.perceptual([real], [real])) == 0


def test_augmentation_treats_pairs_alike_and_moves_the_map_along() -> None:
    generator = torch.Generator().manual_seed(3)
    pictures = torch.rand(3, 4, 20, 20, generator=generator)
    hole = (pictures[:, :1] > 0.5).float()
    both, holes = losses.augment_differentiably(
        torch.cat([pictures, pictures]), torch.cat([hole, hole]), generator, pairs=2
    )
    assert torch.equal(both[:3], both[3:])
    assert torch.equal(holes[:3], holes[3:])
    assert holes.sum() == 2 * hole.sum()
    shifts = [
        (dy, dx)
        for dy in range(-2, 3)
        for dx in range(-2, 3)
        if torch.equal(hole.roll((dy, dx), (2, 3)), holes[:3])
    ]
    assert len(shifts) == 1
    # Contrast and brightness are one straight line per picture, so the order of values stays.
    moved = pictures.roll(shifts[0], (2, 3))
    order = moved[0].flatten().argsort()
    assert (both[0].flatten()[order].diff() >= -1e-6).all()


def test_augmentation_lets_gradients_through() -> None:
    pictures = torch.rand(2, 3, 20, 20, requires_grad=True)
    changed, _ = losses.augment_differentiably(
        pictures, torch.ones(2, 1, 20, 20), torch.Generator().manual_seed(1)
    )
    changed.sum().backward()  # type: ignore[no-untyped-call]
    assert pictures.grad is not None
    assert (pictures.grad != 0).all()


def test_coarse_spread_ignores_texture() -> None:
    first = torch.zeros(1, 3, 16, 16)
    rows, columns = torch.meshgrid(torch.arange(16), torch.arange(16), indexing="ij")
    dots = ((rows + columns) % 2 * 2.0 - 1).expand(1, 3, 16, 16)
    everywhere = torch.ones(1, 1, 16, 16)

    def spread(second: torch.Tensor, hole: torch.Tensor) -> float:
        return float(losses.coarse_spread(first, second, first, hole)[0])

    assert spread(dots, everywhere) == pytest.approx(0)
    assert spread(first + 0.5, everywhere) == pytest.approx(0.5)
    # Per masked pixel: a smaller map counts no less.
    half = torch.zeros(1, 1, 16, 16)
    half[..., :8, :] = 1
    assert spread(first + 0.5, half) == pytest.approx(0.5)


def test_the_spreads_ratio_is_one_for_samples_of_the_posterior() -> None:
    generator = torch.Generator().manual_seed(0)
    first, second, target = torch.randn(3, 400, 3, 8, 8, generator=generator).unbind()
    hole = torch.ones(400, 1, 8, 8)
    assert float(losses.coarse_spread(first, second, target, hole)[1]) == pytest.approx(1, abs=0.1)
    assert float(losses.coarse_spread(first, first, target, hole)[1]) == pytest.approx(0)


def test_the_expected_error_is_best_where_it_is_the_mean_error() -> None:
    error = torch.tensor([0.02, 0.1, 0.3]).reshape(1, 1, 1, 3)
    hole = torch.ones(1, 1, 1, 3)
    scales = torch.linspace(-4, 0, 401)
    values = [float(losses.expected_error(s.expand(1, 1, 1, 3), error, hole)) for s in scales]
    best = float(scales[int(torch.tensor(values).argmin())])
    assert best == pytest.approx(float(error.mean().log()), abs=0.01)
    # What is visible has no error to expect, and counts for nothing.
    hole[..., 2] = 0
    log_error = error[..., :2].mean().log().expand(1, 1, 1, 3)
    assert float(losses.expected_error(log_error, error, hole)) == pytest.approx(
        float(error[..., :2].mean().log()) + 1, abs=1e-4
    )


def test_the_energy_score_by_hand() -> None:
    first, second = torch.tensor([[1.0, 3.0]]), torch.tensor([[2.0, -1.0]])
    truth = torch.tensor([[0.0, 1.0]])
    samples, alone = torch.tensor([False]), torch.tensor([True])
    # Off by 1 and 2, by 2 and 2; from each other by 1 and 4.
    expected = 0.5 * (1.5 + 2.0 - 0.8 * 2.5)
    assert float(losses.energy_score(first, second, truth, samples, 0.8)) == pytest.approx(expected)
    assert float(losses.energy_score(first, second, truth, alone, 0.8)) == pytest.approx(1.5)


def test_a_whole_is_judged_by_its_distance_in_all_values() -> None:
    first, second = torch.tensor([[[3.0, 4.0]]]), torch.tensor([[[0.0, 0.0]]])
    # The root of half of 9 + 16, and not the mean of 3 and 4.
    assert float(losses.as_one(first, second)) == pytest.approx(12.5**0.5)
    assert float(losses.by_value(first, second)) == pytest.approx(3.5)
    same = first.clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(losses.as_one(same, first).sum(), same)
    assert torch.equal(slope, torch.zeros_like(same))


def test_only_wholes_tell_values_that_hang_together_from_those_that_do_not() -> None:
    """Pairs that are always alike, and pairs of strangers: value by value they have one distribution."""
    random = torch.Generator().manual_seed(1)
    truth, *alike = torch.randn(3, 100000, 1, generator=random).expand(-1, -1, 2)
    strangers = torch.randn(2, 100000, 2, generator=random)
    alone = torch.zeros(len(truth), dtype=torch.bool)

    def score(samples: Iterable[torch.Tensor], distance: losses.Distance) -> float:
        first, second = samples
        return float(losses.energy_score(first, second, truth, alone, 1.0, distance).mean())

    by_value = [score(samples, losses.by_value) for samples in (alike, strangers)]
    assert by_value[0] == pytest.approx(by_value[1], abs=0.01)
    assert score(alike, losses.as_one) < score(strangers, losses.as_one) - 0.02


@pytest.mark.parametrize(("credit", "best"), [(1.0, 1.0), (0.8, 0.69)])
def test_the_energy_score_is_least_for_samples_of_the_truth(credit: float, best: float) -> None:
    """By their own spread at a credit of 1, by the stated part of it at .8, and by no other."""
    random = torch.Generator().manual_seed(0)
    truth, first, second = torch.randn(3, 100000, 1, generator=random)
    alone = torch.zeros(len(truth), dtype=torch.bool)

    def score(scale: float) -> float:
        each = losses.energy_score(scale * first, scale * second, truth, alone, credit)
        return float(each.mean())

    scores = {factor: score(factor * best) for factor in (0.0, 0.7, 1.0, 1.4)}
    assert min(scores, key=lambda factor: scores[factor]) == 1.0
    if credit == 1:
        # E|x - y| / 2 of standard normal values is 1 / sqrt(pi).
        assert scores[1.0] == pytest.approx(0.5642, abs=0.01)


def test_a_few_broken_samples_are_free_at_full_credit_alone() -> None:
    truth = torch.zeros(10000, 1)
    broken = torch.zeros(2, 10000, 1)
    broken[torch.rand(broken.shape, generator=torch.Generator().manual_seed(0)) < 0.05] = 10.0
    alone = torch.zeros(len(truth), dtype=torch.bool)
    full, less = (
        float(losses.energy_score(broken[0], broken[1], truth, alone, credit).mean())
        for credit in (1.0, 0.8)
    )
    assert full == pytest.approx(10 * 0.05**2, rel=0.2)
    assert less == pytest.approx(10 * (0.2 * 0.05 + 0.8 * 0.05**2), rel=0.2)

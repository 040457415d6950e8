"""The discriminator on a fixed network's features: its scores, and what does not change them."""

from __future__ import annotations

import torch
from torch import Tensor

from training.networks.projected import ProjectedDiscriminator


def features() -> list[Tensor]:
    """Of two pictures of 80 px."""
    torch.manual_seed(1)
    return [torch.rand(2, 6, 80, 80), torch.rand(2, 12, 40, 40), torch.rand(2, 24, 10, 10)]


def made() -> ProjectedDiscriminator:
    torch.manual_seed(2)
    return ProjectedDiscriminator([6, 12, 24], [1, 2, 8], width=16).eval()


def test_all_layers_are_scored_at_one_stride() -> None:
    scores = made()(features(), torch.ones(2, 1, 80, 80))
    assert [score.shape for score in scores] == [(2, 1, 10, 10)] * 3


def test_brightness_that_scales_all_features_changes_no_score() -> None:
    judge, seen, hole = made(), features(), torch.ones(2, 1, 80, 80)
    for one, other in zip(
        judge(seen, hole), judge([4 * layer for layer in seen], hole), strict=True
    ):
        assert (one - other).abs().max() < 0.01 * one.abs().max()


def test_it_is_told_where_the_map_is() -> None:
    judge, seen = made(), features()
    hole = torch.zeros(2, 1, 80, 80)
    hole[:, :, 20:40, 20:40] = 1
    for one, other in zip(judge(seen, hole), judge(seen, 1 - hole), strict=True):
        assert (one - other).abs().max() > 0


def test_every_layer_has_a_head_of_its_own() -> None:
    judge, seen, hole = made(), features(), torch.ones(2, 1, 80, 80)
    changed = [seen[0], seen[1] + torch.rand_like(seen[1]), seen[2]]
    same = [
        torch.equal(one, other)
        for one, other in zip(judge(seen, hole), judge(changed, hole), strict=True)
    ]
    assert same == [True, False, True]

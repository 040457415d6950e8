"""Building blocks of networks."""

from __future__ import annotations

import torch
from torch.nn import functional

from training.networks.blocks import SelfAttention


def test_self_attention_is_torchs_with_queries_and_keys_of_length_one() -> None:
    torch.manual_seed(0)
    channels, heads = 12, 3
    block = SelfAttention(channels, heads)
    torch.nn.init.normal_(block.answer.weight)
    torch.nn.init.normal_(block.sharpness)
    features = torch.randn(2, channels, 4, 5)
    query, key, value = (
        part.flatten(2).view(2, heads, channels // heads, 20).transpose(2, 3)
        for part in block.questions(features).chunk(3, dim=1)
    )
    seen = functional.scaled_dot_product_attention(
        functional.normalize(query, dim=-1) * block.sharpness,
        functional.normalize(key, dim=-1),
        value,
        scale=1.0,
    )
    expected = features + block.answer(seen.transpose(2, 3).reshape(2, channels, 4, 5))
    assert torch.allclose(block(features), expected, atol=1e-5)


def test_self_attention_changes_nothing_before_it_has_learned() -> None:
    features = torch.randn(1, 8, 3, 3)
    assert torch.equal(SelfAttention(8, 2)(features), features)

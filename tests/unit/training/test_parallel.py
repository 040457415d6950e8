"""What several processes share, checked in a group of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import distributed, nn

from training.parallel import WholeBatchNorm2d, agreed, average_gradients, own, whole


@pytest.fixture
def group(tmp_path: Path) -> Iterator[None]:
    """A process group that has one member."""
    distributed.init_process_group(
        "gloo", init_method=f"file://{tmp_path / 'store'}", rank=0, world_size=1
    )
    yield
    distributed.destroy_process_group()


@pytest.mark.usefixtures("group")
def test_shared_batch_normalisation_is_that_of_torch() -> None:
    torch.manual_seed(1)
    theirs, ours = nn.BatchNorm2d(5), WholeBatchNorm2d(5)
    with torch.no_grad():
        theirs.weight.uniform_(0.5, 2)
        theirs.bias.normal_()
    ours.load_state_dict(theirs.state_dict())
    inputs = [(torch.randn(4, 5, 3, 6) * 3 + 2).requires_grad_() for _ in range(1)] * 2
    weight = torch.randn(4, 5, 3, 6)
    gradients = []
    for layer, values in zip((theirs, ours), inputs, strict=True):
        output = layer(values)
        gradients.append(
            torch.autograd.grad((output * weight).sum(), [values, layer.weight, layer.bias])
        )
    for first, second in zip(*gradients, strict=True):
        assert torch.allclose(first, second, atol=1e-4)
    for key, value in theirs.state_dict().items():
        assert torch.allclose(value, ours.state_dict()[key], atol=1e-5), key
    assert torch.allclose(theirs.eval()(inputs[0]), ours.eval()(inputs[0]), atol=1e-5)


def test_one_process_is_left_as_it_is() -> None:
    values = torch.arange(6.0)
    assert torch.equal(own(values), values)
    assert float(whole(values.sum())) == 15
    assert agreed(1.0, False, 0.5) == [1.0, False, 0.5]
    layer = nn.Linear(2, 1)
    layer(torch.ones(1, 2)).sum().backward()
    before = [value.grad.clone() for value in layer.parameters() if value.grad is not None]
    average_gradients(layer.parameters())
    for value, gradient in zip(layer.parameters(), before, strict=True):
        assert value.grad is not None
        assert torch.equal(value.grad, gradient)

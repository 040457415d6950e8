"""Muon for kernels, AdamW for the rest."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from training.optimisers import MuonInFloat32, MuonOfConvolutions, orthogonal
from training.precision import fast_in_bfloat16


def _network() -> nn.Sequential:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 6, 3), nn.Conv2d(6, 4, 3), nn.Conv2d(4, 2, 1))
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _optimiser(network: nn.Module) -> MuonOfConvolutions:
    return MuonOfConvolutions(network, 1e-2, edges=("0", "2"), decay=0.1)


def _train(network: nn.Module, optimiser: torch.optim.Optimizer, steps: range) -> None:
    for step in steps:
        optimiser.zero_grad()
        picture = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(step))
        network(picture).square().mean().backward()
        optimiser.step()


def _weights(network: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in network.parameters()]


def test_kernels_between_the_edges_take_torchs_muon_and_all_else_adamw() -> None:
    network = _network()
    twin = copy.deepcopy(network)
    _train(network, _optimiser(network), range(3))

    inner = twin[1].weight
    assert isinstance(inner, nn.Parameter)
    rest = [parameter for parameter in twin.parameters() if parameter is not inner]
    adam = torch.optim.AdamW(rest, lr=1e-2, betas=(0.9, 0.99), weight_decay=0.1)
    matrix = nn.Parameter(inner.detach().permute(0, 2, 3, 1).reshape(4, -1).clone())
    fast = fast_in_bfloat16(torch.device("cpu"))
    muon = (torch.optim.Muon if fast else MuonInFloat32)(
        [matrix], lr=1e-2, weight_decay=0.1, momentum=0.95, adjust_lr_fn="match_rms_adamw"
    )
    for step in range(3):
        twin.zero_grad()
        picture = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(step))
        twin(picture).square().mean().backward()
        assert inner.grad is not None
        matrix.grad = inner.grad.permute(0, 2, 3, 1).reshape(4, -1)
        muon.step()  # type: ignore[no-untyped-call]
        adam.step()
        inner.data.copy_(matrix.detach().view(4, 3, 3, 6).permute(0, 3, 1, 2))
    for ours, expected in zip(_weights(network), _weights(twin), strict=True):
        assert torch.allclose(ours, expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(5, 40), (40, 5), (7, 7)])
def test_muon_in_float32_steps_as_torchs_in_bfloat16(shape: tuple[int, int]) -> None:
    torch.manual_seed(1)
    begin = torch.randn(shape)
    gradients = [torch.randn(shape) for _ in range(3)]
    matrices = []
    for kind in (torch.optim.Muon, MuonInFloat32):
        matrix = nn.Parameter(begin.clone())
        optimiser = kind(
            [matrix], lr=1e-2, weight_decay=0.1, momentum=0.9, adjust_lr_fn="match_rms_adamw"
        )
        for gradient in gradients:
            matrix.grad = gradient.clone()
            optimiser.step()  # type: ignore[no-untyped-call]
        matrices.append(matrix.detach() - begin)
        assert set(optimiser.state[matrix]) == {"momentum_buffer"}
    torchs, ours = matrices
    assert torch.norm(ours - torchs) < 0.02 * torch.norm(torchs)
    assert torch.norm(ours) > 0.01


@pytest.mark.parametrize("shape", [(5, 40), (40, 5), (7, 7)])
def test_an_orthogonal_matrix_keeps_its_directions_and_loses_its_lengths(
    shape: tuple[int, int],
) -> None:
    torch.manual_seed(2)
    matrix = torch.randn(shape)
    turned = orthogonal(matrix, (3.4445, -4.7750, 2.0315), 5, 1e-7)
    left, lengths, right = torch.linalg.svd(turned, full_matrices=False)
    assert 0.5 < lengths.min() < lengths.max() < 1.5
    polar = left @ right
    true_left, _, true_right = torch.linalg.svd(matrix, full_matrices=False)
    assert torch.allclose(polar, true_left @ true_right, atol=1e-3)
    assert not orthogonal(torch.zeros(shape), (3.4445, -4.7750, 2.0315), 5, 1e-7).any()


def test_a_resumed_run_goes_on_as_if_it_had_not_stopped() -> None:
    whole = _network()
    _train(whole, _optimiser(whole), range(4))
    parted = _network()
    first = _optimiser(parted)
    _train(parted, first, range(2))
    second = _optimiser(parted)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    _train(parted, second, range(2, 4))
    for one, other in zip(_weights(whole), _weights(parted), strict=True):
        assert torch.equal(one, other)


def test_a_rate_that_is_set_from_outside_counts_also_after_resuming() -> None:
    network = _network()
    optimiser = _optimiser(network)
    optimiser.load_state_dict(copy.deepcopy(optimiser.state_dict()))
    for group in optimiser.param_groups:
        group["lr"] = 0.0
    before = _weights(network)
    _train(network, optimiser, range(2))
    for one, other in zip(before, _weights(network), strict=True):
        assert torch.equal(one, other)


def test_gradients_are_forgotten_between_steps() -> None:
    network = _network()
    optimiser = _optimiser(network)
    network(torch.ones(1, 3, 8, 8)).mean().backward()
    optimiser.zero_grad()
    assert all(parameter.grad is None for parameter in network.parameters())
    network(torch.ones(1, 3, 8, 8)).mean().backward()
    optimiser.zero_grad(set_to_none=False)
    assert all(
        parameter.grad is not None and not parameter.grad.any()
        for parameter in network.parameters()
    )


def test_closures_are_refused() -> None:
    with pytest.raises(ValueError, match="no closure"):
        _optimiser(_network()).step(lambda: 0.0)

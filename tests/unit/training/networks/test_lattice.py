"""What has its place on the grid of pixels is taken out; what has none stays."""

from __future__ import annotations

import pytest
import torch

from training.networks.lattice import PERIOD, blurred, without_lattice

SIDE = 64


def _texture(seed: int = 0) -> torch.Tensor:
    """Two hypotheses of three colours, as fine as what is drawn: (1, 2, 3, SIDE, SIDE)."""
    random = torch.Generator().manual_seed(seed)
    coarse = blurred(torch.randn(1, 2, 3, SIDE, SIDE, generator=random), 4.0)
    fine = blurred(torch.randn(1, 2, 3, SIDE, SIDE, generator=random), 0.6)
    return 0.5 + coarse + 0.04 * fine


def _lattice(period: int) -> torch.Tensor:
    """(SIDE, SIDE), of as many pixels from one to the next."""
    phase = torch.arange(SIDE) * (2 * torch.pi / period)
    return 0.03 * torch.cos(phase)[:, None] * torch.cos(phase)[None]


def _map() -> torch.Tensor:
    hidden = torch.zeros(1, 1, SIDE, SIDE)
    hidden[..., 20:60, 8:56] = 1
    return hidden


def _left(pictures: torch.Tensor, what: torch.Tensor, hidden: torch.Tensor) -> float:
    """How much of something is in pictures, by least squares under the map."""
    inside = hidden[0, 0] > 0
    values, pattern = (
        pictures[..., inside].flatten(),
        what.expand(2, 3, -1, -1)[..., inside].flatten(),
    )
    return float(values @ pattern / (pattern @ pattern))


@pytest.mark.parametrize("period", [2, 4, PERIOD])
def test_a_lattice_goes_and_what_it_lay_over_stays(period: int) -> None:
    texture, lattice, hidden = _texture(), _lattice(period), _map()
    drawn = texture + lattice
    evened = without_lattice(drawn, hidden)
    there = _left(drawn - texture, lattice, hidden)
    left = _left(evened - texture, lattice, hidden)
    assert there == pytest.approx(1, abs=1e-4)
    # A Gaussian takes a lattice of eight pixels for detail by half.
    assert left < (0.5 if period == PERIOD else 0.2)


def test_texture_that_has_no_place_stays() -> None:
    texture, hidden = _texture(), _map()
    evened = without_lattice(texture, hidden)
    detail = (texture - blurred(texture, 1.6)) * hidden
    assert float((evened - texture).square().sum()) < 0.05 * float(detail.square().sum())


def test_nothing_beside_the_map_is_changed() -> None:
    drawn, hidden = _texture() + _lattice(4), _map()
    evened = without_lattice(drawn, hidden)
    beside = hidden[0, 0] == 0
    assert torch.equal(evened[..., beside], drawn[..., beside])
    nothing = torch.zeros_like(hidden)
    assert torch.equal(without_lattice(drawn, nothing), drawn)


def test_faces_and_hypotheses_are_evened_each_by_itself() -> None:
    plain, lined, hidden = _texture(), _texture(1) + _lattice(4), _map()
    other = torch.zeros_like(hidden)
    other[..., 30:50, 20:40] = 1
    together = without_lattice(torch.cat([plain, lined]), torch.cat([hidden, other]))
    alone = torch.cat([without_lattice(plain, hidden), without_lattice(lined, other)])
    assert torch.allclose(together, alone, atol=1e-6)
    first = without_lattice(lined[:, :1], other)
    assert torch.allclose(first, alone[1:, :1], atol=1e-6)

"""The reconstruction network: how it grows, and what its latent values mean."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from training.networks.inpainting import InpaintingNetwork, InpaintingSpec, one_of


def test_a_deeper_network_begins_as_the_one_whose_weights_it_is_given() -> None:
    torch.manual_seed(1)
    plain = InpaintingNetwork(InpaintingSpec(widths=(8, 12, 16), middle_blocks=1, latent=4))
    for parameter in plain.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    spec = InpaintingSpec(
        widths=(8, 12, 16), middle_blocks=1, latent=4, heads=2, further_blocks=(2, 1)
    )
    deeper = InpaintingNetwork(spec)
    deeper.load_state_dict(plain.state_dict())
    face, latent = torch.rand(2, 3, 32, 32), torch.randn(2, 3, 4)
    hole = (torch.rand(2, 1, 32, 32) > 0.5).float()
    with torch.no_grad():
        assert torch.equal(plain(face, hole, latent), deeper(face, hole, latent))
        for name, parameter in deeper.named_parameters():
            if name.startswith(("attention.", "further.")):
                torch.nn.init.normal_(parameter, std=0.3)
        grown = deeper(face, hole, latent)
    assert not torch.allclose(plain(face, hole, latent), grown, atol=1e-3)
    again = InpaintingNetwork(spec)
    again.load_state_dict(deeper.state_dict())
    assert torch.equal(again(face, hole, latent), grown)
    # Deeper once more, where it has further blocks already.
    deepest = InpaintingNetwork(dataclasses.replace(spec, further_blocks=(3, 1)))
    deepest.load_state_dict(deeper.state_dict())
    with torch.no_grad():
        assert torch.equal(deepest(face, hole, latent), grown)


def test_latent_values_may_count_for_less() -> None:
    torch.manual_seed(2)
    network = InpaintingNetwork(InpaintingSpec(widths=(8, 12, 16), middle_blocks=1, latent=4))
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    face, hole, latent = torch.rand(2, 3, 32, 32), torch.ones(2, 1, 32, 32), torch.randn(2, 3, 4)
    with torch.no_grad():
        middle = network(face, hole)
        assert not torch.allclose(network(face, hole, latent)[:, :1], middle, atol=1e-3)
        half = network(face, hole, 0.5 * latent)
        network.scale_latent(0.5)
        assert torch.allclose(network(face, hole, latent), half, atol=1e-5)
        network.scale_latent(0)
        assert torch.allclose(network(face, hole, latent), middle.expand(-1, 3, -1, -1, -1))


def test_the_largest_value_says_which_mode_is_meant() -> None:
    latent = torch.randn(500, 2, 10, generator=torch.Generator().manual_seed(0))
    seen = one_of(latent, 4)
    assert seen.shape == latent.shape
    assert torch.equal(seen[..., :4].argmax(dim=-1), latent[..., :4].argmax(dim=-1))
    assert torch.equal(seen[..., 4:8], seen[..., :4])
    assert torch.equal(seen[..., 8:], seen[..., :2])
    # However far out a value is, the mode is the same.
    assert float(seen.abs().max()) <= 4**0.5 * 0.75 + 1e-6
    far = torch.zeros(1, 1, 10)
    far[..., 2] = 3.0
    assert torch.allclose(one_of(far, 4), one_of(10 * far, 4), atol=1e-4)
    # Further values say nothing, and zeros mean all modes alike.
    other = torch.cat([latent[..., :4], -latent[..., 4:]], dim=-1)
    assert torch.equal(one_of(other, 4), seen)
    assert float(one_of(torch.zeros(1, 1, 10), 4).abs().max()) < 1e-6


def test_opposite_values_mean_different_modes() -> None:
    latent = torch.randn(200, 1, 8, generator=torch.Generator().manual_seed(1))
    modes, opposite = (one_of(values, 8).argmax(dim=-1) for values in (latent, -latent))
    assert bool((modes != opposite).all())


def test_a_network_of_modes_keeps_to_them() -> None:
    torch.manual_seed(3)
    spec = InpaintingSpec(widths=(8, 12, 16), middle_blocks=1, latent=6, modes=3)
    network = InpaintingNetwork(spec)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    latent = torch.randn(1, 4, 6)
    latent[:, :, :3] = torch.eye(3)[[0, 0, 1, 2]] * torch.tensor([9.0, 30.0, 9.0, 9.0])[:, None]
    with torch.no_grad():
        drawn = network(torch.rand(1, 3, 32, 32), torch.ones(1, 1, 32, 32), latent)[0]
    assert torch.allclose(drawn[0], drawn[1], atol=1e-5)
    assert not torch.allclose(drawn[0], drawn[2], atol=1e-3)
    assert not torch.allclose(drawn[2], drawn[3], atol=1e-3)


def test_a_half_of_what_was_added_is_refused() -> None:
    spec = InpaintingSpec(widths=(8, 12), middle_blocks=1, latent=0, heads=2, further_blocks=(1,))
    network = InpaintingNetwork(spec)
    state = network.state_dict()
    del state["further.0.0.first.weight"]
    with pytest.raises(RuntimeError, match=r"further\.0\.0\.first\.weight"):
        network.load_state_dict(state)

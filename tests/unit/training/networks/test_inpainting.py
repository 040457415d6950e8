"""The reconstruction network: what is exported of it, and how it grows."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from training.networks.inpainting import (
    LOOKS,
    InpaintingNetwork,
    InpaintingSpec,
    SelectChannels,
    blurred,
    one_of,
)


def _network(*, latent: int = 4) -> InpaintingNetwork:
    spec = InpaintingSpec(widths=(8, 12, 16), middle_blocks=1, latent=latent)
    network = InpaintingNetwork(spec)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return network


def _face() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.rand(2, 3, 32, 32), (torch.rand(2, 1, 32, 32) > 0.5).float()


@pytest.mark.parametrize("looks", [1, 2])
def test_a_model_that_looks_twice_answers_a_mirror_image_with_the_mirrored_answer(
    looks: int,
) -> None:
    torch.manual_seed(0)
    model = SelectChannels(_network(), slice(0, 3), latent=False, error=True, looks=looks)
    face, hole = _face()
    with torch.no_grad():
        pictures, error = model(face, hole)
        seen, seen_error = model(face.flip(3), hole.flip(3))
    assert pictures.shape == (2, 1, 3, 32, 32)
    assert error.shape == (2, 1, 32, 32)
    assert torch.allclose(pictures, seen.flip(4), atol=1e-5) == (looks == 2)
    assert torch.allclose(error, seen_error.flip(3), atol=1e-5) == (looks == 2)


def test_every_look_is_brought_back_to_its_place() -> None:
    """A network that draws the same about each pixel, wherever that is, gives each look's answer."""

    class Brightness(torch.nn.Module):
        spec = InpaintingSpec(error=False)

        def forward(
            self, face: torch.Tensor, hole: torch.Tensor, latent: torch.Tensor | None = None
        ) -> torch.Tensor:
            return torch.cat([face * (1 - hole) * 0.5, hole], dim=1)[:, None]

    model = SelectChannels(
        Brightness(),  # type: ignore[arg-type]
        slice(0, 4),
        latent=False,
        error=False,
        looks=len(LOOKS),
    )
    torch.manual_seed(5)
    face, hole = _face()
    answer = model(face, hole)[:, 0]
    inside = (slice(None), slice(None), slice(4, -4), slice(4, -4))
    assert torch.allclose(answer[:, :3][inside], (face * (1 - hole) * 0.5)[inside], atol=1e-6)
    assert torch.allclose(answer[:, 3:][inside], hole[inside], atol=1e-6)


def test_detail_comes_of_the_first_look_alone_but_for_the_finest() -> None:
    torch.manual_seed(6)
    network = _network()
    face, hole = _face()

    def drawn(looks: int, detail: float) -> torch.Tensor:
        model = SelectChannels(
            network, slice(0, 3), latent=False, error=False, looks=looks, detail=detail
        )
        with torch.no_grad():
            pictures: torch.Tensor = model(face, hole)[:, 0]
            return pictures

    once, mean, split = drawn(1, 2.0), drawn(4, 0.0), drawn(4, 2.0)

    def band(pictures: torch.Tensor) -> torch.Tensor:
        """Detail of some three to eight pixels."""
        return (blurred(pictures[:, None], 1.0) - blurred(pictures[:, None], 1.5))[:, 0]

    def finest(pictures: torch.Tensor) -> torch.Tensor:
        """What is left where every second pixel counts the other way."""
        return torch.nn.functional.avg_pool2d(pictures * (-1) ** torch.arange(32), 8)

    def apart(one: torch.Tensor, other: torch.Tensor) -> float:
        return float((one - other).abs().mean())

    assert apart(band(split), band(once)) < 0.5 * apart(band(mean), band(once))
    assert apart(finest(split), finest(mean)) < 0.2 * apart(finest(once), finest(mean))
    assert apart(split, once) > 1e-3


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

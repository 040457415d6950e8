"""What is exported of the reconstruction network: several looks, and what is enlarged."""

from __future__ import annotations

import pytest
import torch

from training.networks.inpainting import InpaintingNetwork, InpaintingSpec
from training.networks.lattice import blurred
from training.networks.looks import LOOKS, SelectChannels
from training.networks.super_resolution import (
    BESIDE,
    FINER,
    LEAST,
    SuperResolutionNetwork,
    Window,
    around,
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


def test_the_visible_face_is_enlarged_once() -> None:
    """Each hypothesis is enlarged around the map, as it would be alone; the rest is the first one's."""
    torch.manual_seed(7)
    enlarging = SuperResolutionNetwork((8, 8), 1)
    for parameter in enlarging.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    model = SelectChannels(
        _network(), slice(0, 3), latent=True, error=False, finer=enlarging, looks=1
    )
    face, hole, latent = torch.rand(1, 3, 64, 64), torch.zeros(1, 1, 64, 64), torch.randn(1, 3, 4)
    hole[..., 26:44, 20:40] = 1
    with torch.no_grad():
        finer = model(face, hole, latent, torch.ones(1))[1]
        alone = [model(face, hole, latent[:, [k]], torch.ones(1))[1] for k in range(3)]
        none = model(face, hole, latent, torch.zeros(1))[1]
    assert finer.shape == none.shape == (1, 3, 3, 128, 128)
    assert float(none.abs().max()) == 0
    whole = torch.cat(alone, dim=1)
    assert torch.allclose(finer[:, :1], whole[:, :1], atol=1e-5)
    # Within the map as good as nothing is missing of what is enlarged whole.
    near = (..., slice(52, 88), slice(40, 80))
    assert torch.allclose(finer[near], whole[near], atol=5e-3)
    assert not torch.allclose(finer[:, :1][near], finer[:, 1:2][near], atol=0.05)
    far = (..., slice(0, 32), slice(None))
    assert torch.equal(finer[:, 1:][far], finer[:, :1].expand(-1, 2, -1, -1, -1)[far])


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ((26, 44), (20, 40)),
        ((0, 3), (61, 64)),
        ((31, 32), (0, 64)),
        ((0, 64), (0, 64)),
        ((5, 5), (5, 5)),
    ],
)
def test_a_window_holds_the_map_wherever_it_is(
    rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    hole = torch.zeros(1, 1, 64, 64)
    hole[..., rows[0] : rows[1], columns[0] : columns[1]] = 1
    window = around(hole)
    for begin, half, (first, end) in (
        (window.top, window.half_height, rows),
        (window.left, window.half_width, columns),
    ):
        assert begin % 2 == 0
        assert begin >= 0
        assert LEAST <= 2 * half <= 64 - begin
        if first < end:
            assert begin <= max(0, first - BESIDE)
            assert begin + 2 * half >= min(64, end + BESIDE)


def test_what_is_cut_comes_back_to_its_place() -> None:
    window = Window(top=6, left=10, half_height=9, half_width=8)
    pictures = torch.rand(1, 2, 3, 64, 64)
    part = window.cut(pictures)
    assert part.shape == (1, 2, 3, 18, 16)
    larger = part.repeat_interleave(FINER, dim=3).repeat_interleave(FINER, dim=4)
    whole = torch.full((1, 1, 3, 128, 128), -1.0)
    placed = window.put(larger, whole)
    assert torch.equal(placed[..., 12:48, 20:52], larger)
    placed[..., 12:48, 20:52] = -1
    assert bool((placed == -1).all())

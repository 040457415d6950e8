"""What is exported of the reconstruction network."""

from __future__ import annotations

import pytest
import torch

from training.networks.inpainting import InpaintingNetwork, InpaintingSpec, SelectChannels


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_mirrored_model_answers_a_mirror_image_with_the_mirrored_answer(mirrored: bool) -> None:
    torch.manual_seed(0)
    spec = InpaintingSpec(widths=(8, 12, 16), middle_blocks=1, latent=4)
    network = InpaintingNetwork(spec)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    model = SelectChannels(network, slice(0, 3), latent=False, error=True, mirrored=mirrored)
    face = torch.rand(2, 3, 32, 32)
    hole = (torch.rand(2, 1, 32, 32) > 0.5).float()
    with torch.no_grad():
        pictures, error = model(face, hole)
        seen, seen_error = model(face.flip(3), hole.flip(3))
    assert pictures.shape == (2, 1, 3, 32, 32)
    assert error.shape == (2, 1, 32, 32)
    assert torch.allclose(pictures, seen.flip(4), atol=1e-5) == mirrored
    assert torch.allclose(error, seen_error.flip(3), atol=1e-5) == mirrored

"""The published networks at full size: parameters and receptive fields as published."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from training.networks.attention import _laid, _patches4, contextual_attention
from training.networks.autoencoder import Autoencoder
from training.networks.din import EditingModule, MapModule
from training.networks.efficientdet import (
    EfficientDet,
    EfficientDetExport,
    anchors_of,
    decode,
    encode,
)
from training.networks.efficientnet import EfficientNetB0
from training.networks.gated import GatedGenerator, SnPatchGan
from training.networks.pix2pix import PatchGan, Pix2PixGenerator
from training.networks.unet import UNet


def parameters(network: nn.Module) -> int:
    return sum(values.numel() for values in network.parameters())


@pytest.mark.parametrize(
    ("network", "published"),
    [
        (lambda: Pix2PixGenerator(), 54.41e6),
        (lambda: PatchGan(6), 2.769e6),
        (lambda: UNet(1), 31.04e6),
        (lambda: GatedGenerator(), 4.1e6),
        (lambda: EfficientNetB0(), 3.595e6),
        (lambda: EfficientDet(classes=90), 3.88e6),
    ],
)
def test_as_many_parameters_as_published(network: type[nn.Module], published: float) -> None:
    with torch.device("meta"):
        made = network()
    assert parameters(made) == pytest.approx(published, rel=0.011)


def test_a_patch_score_sees_70_pixels() -> None:
    """Without normalisation, which looks at everything."""
    network = PatchGan(1, 2)
    plain = nn.Sequential(*[x for x in network.layers if not isinstance(x, nn.BatchNorm2d)])
    picture = torch.rand(1, 1, 128, 128, requires_grad=True)
    scores = plain(picture)
    assert scores.shape == (1, 1, 14, 14)
    (gradient,) = torch.autograd.grad(scores[0, 0, 7, 7], picture)
    seen = gradient[0, 0].abs() > 0
    for axis in (0, 1):
        felt = seen.any(dim=axis).nonzero()
        assert int(felt.max() - felt.min()) + 1 == 70


@pytest.mark.parametrize(
    ("network", "channels"),
    [
        (Autoencoder(4), 3),
        (UNet(3, 4), 3),
        (UNet(1, 4), 1),
        (Pix2PixGenerator(4, 5), 3),
        (EditingModule(4), 3),
        (GatedGenerator(8), 3),
    ],
)
def test_what_is_under_the_map_is_never_seen(network: nn.Module, channels: int) -> None:
    network.eval()
    face, hole = torch.rand(2, 3, 64, 64), torch.zeros(2, 1, 64, 64)
    hole[:, :, 32:56, 16:48] = 1
    with torch.no_grad():
        first = network(face, hole)
        second = network(torch.where(hole > 0, torch.rand_like(face), face), hole)
    assert first.shape == (2, channels, 64, 64)
    assert 0 <= first.min() <= first.max() <= 1
    assert torch.equal(first, second)


def test_the_gated_generator_copies_the_visible_face() -> None:
    face, hole = torch.rand(1, 3, 32, 32), torch.zeros(1, 1, 32, 32)
    hole[:, :, 16:28, 8:24] = 1
    output = GatedGenerator(8)(face, hole)
    assert torch.equal(output * (1 - hole), face * (1 - hole))


def test_the_map_module_gives_logits_of_the_tanh_output() -> None:
    network = MapModule(4).eval()
    face = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        tanh = torch.tanh(network.network(face * 2 - 1))
        assert torch.allclose(torch.sigmoid(network(face)), (1 + tanh) / 2, atol=1e-6)


def test_every_value_of_the_last_layer_is_a_score() -> None:
    scores = SnPatchGan(8)(torch.rand(2, 3, 128, 128), torch.zeros(2, 1, 128, 128))
    assert scores.shape == (2, 32, 2, 2)
    assert scores.min() < 0


def test_patches_are_laid_as_fold_lays_them() -> None:
    features = torch.rand(2, 3, 8, 12)
    patches = functional.unfold(features, 4, padding=1, stride=2)
    expected = functional.fold(patches, (8, 12), 4, padding=1, stride=2)
    assert torch.allclose(_laid(_patches4(features), 3, 4, 6), expected)


def test_attention_takes_nothing_from_under_the_map() -> None:
    features, hole = torch.rand(1, 4, 32, 32), torch.zeros(1, 1, 32, 32)
    hole[:, :, 8:16, 8:16] = 1
    # The hidden places ask with what they hold, but what they are given is of the visible ones.
    features[:, :, 8:16, 8:16] = 50.0
    assert contextual_attention(features, hole).max() <= 1.0 + 1e-5


def test_boxes_and_offsets_are_inverse() -> None:
    anchors = anchors_of(128, 128, torch.device("cpu"))
    corner = torch.rand(len(anchors), 2) * 60
    boxes = torch.cat([corner, corner + 3 + torch.rand(len(anchors), 2) * 50], dim=1)
    assert torch.allclose(decode(encode(boxes, anchors), anchors), boxes, atol=1e-3)


def test_an_anchor_for_every_prediction() -> None:
    network = EfficientDetExport(EfficientDet(0.125)).eval()
    for height, width in ((128, 192), (256, 64)):
        with torch.no_grad():
            boxes, scores, masked = network(torch.rand(1, 3, height, width))
        count = len(anchors_of(height, width, torch.device("cpu")))
        assert boxes.shape == (1, count, 4)
        assert scores.shape == masked.shape == (1, count)
        assert 0 <= scores.min() <= scores.max() < 0.2  # the prior
    # Level by level, row by row, anchor by anchor: the first is P3's first, 32 px square.
    first = anchors_of(128, 128, torch.device("cpu"))[0]
    assert first.tolist() == [4.0, 4.0, 32.0, 32.0]

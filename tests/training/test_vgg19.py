"""VGG-19 from either file gives the features that the network has, in the form that it wants."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.support.vgg19 import torchvision_state, vgg19_table
from training.data.vgg19 import FILES, PLACES, find_vgg19, read_vgg19, write_vgg19
from training.networks.perceptual import (
    CAFFE_MEAN,
    IMAGENET_DEVIATION,
    IMAGENET_MEAN,
    VggFeatures,
)


def reference(pictures: torch.Tensor) -> list[torch.Tensor]:
    """The features of torchvision's own arrangement of layers, after ReLUs 1_2, 2_2, 3_2 and 3_4."""
    layers: list[nn.Module] = []
    before = 3
    for width, count in ((64, 2), (128, 2), (256, 4)):
        for _ in range(count):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU()]
            before = width
        layers.append(nn.MaxPool2d(2))
    features = nn.Sequential(*layers)
    state = {
        name.removeprefix("features."): value
        for name, value in torchvision_state().items()
        if name.startswith("features.")
    }
    features.load_state_dict(state)
    seen = []
    with torch.no_grad():
        for number, layer in enumerate(features):
            pictures = layer(pictures)
            if number in (3, 8, 13, 17):
                seen.append(pictures)
    return seen


@pytest.fixture
def caffe(tmp_path: Path) -> Path:
    path = tmp_path / FILES[0]
    np.savez(path, **vgg19_table())  # type: ignore[arg-type]
    return path


@pytest.fixture
def torchvision(tmp_path: Path) -> Path:
    path = tmp_path / FILES[1]
    torch.save(torchvision_state(), path)
    return path


def test_the_features_of_the_caffe_network(caffe: Path) -> None:
    pictures = torch.rand(2, 3, 16, 16)
    mean = torch.tensor(CAFFE_MEAN).view(1, 3, 1, 1)
    expected = reference(pictures.flip(1) * 255 - mean)
    for seen, wanted in zip(VggFeatures(caffe, last="3_4")(pictures), expected, strict=True):
        torch.testing.assert_close(seen, wanted)


def test_the_features_of_the_torchvision_network(torchvision: Path) -> None:
    pictures = torch.rand(2, 3, 16, 16)
    mean, deviation = (
        torch.tensor(values).view(1, 3, 1, 1) for values in (IMAGENET_MEAN, IMAGENET_DEVIATION)
    )
    expected = reference((pictures - mean) / deviation)
    for seen, wanted in zip(VggFeatures(torchvision, last="3_4")(pictures), expected, strict=True):
        torch.testing.assert_close(seen, wanted)


@pytest.mark.parametrize("last", ["2_2", "3_2", "3_4"])
def test_the_layers_are_what_they_are_said_to_be(caffe: Path, last: str) -> None:
    features = VggFeatures(caffe, last=last)
    seen = features(torch.rand(1, 3, 16, 16))
    assert [layer.shape[1] for layer in seen] == features.channels
    assert [16 // layer.shape[2] for layer in seen] == features.strides


def test_either_file_travels_as_a_small_table(torchvision: Path, tmp_path: Path) -> None:
    written = write_vgg19(torchvision, tmp_path / "out")
    assert written.name == FILES[0]
    again, before = read_vgg19(written), read_vgg19(torchvision)
    assert not again.caffe
    assert set(again.weights) == {kind + layer for layer in PLACES for kind in "wb"}
    for name, values in before.weights.items():
        np.testing.assert_array_equal(again.weights[name], values)


def test_the_table_goes_before_the_large_file(caffe: Path, torchvision: Path) -> None:
    assert find_vgg19(caffe.parent) == caffe
    caffe.unlink()
    assert find_vgg19(caffe.parent) == torchvision
    torchvision.unlink()
    assert find_vgg19(caffe.parent) is None


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"{name} .*; get the file again\.$"):
        read_vgg19(tmp_path / name)


def test_another_network_is_not_vgg19(tmp_path: Path) -> None:
    torch.save({"conv1.weight": torch.zeros(1)}, tmp_path / FILES[1])
    with pytest.raises(ValueError, match="does not hold VGG-19"):
        read_vgg19(tmp_path / FILES[1])

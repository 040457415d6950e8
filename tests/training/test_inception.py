"""FID where a user has the network: loaded, asked as its authors ask it, and missed in words."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.instruments import (
    FaceEmbedding,
    InceptionFeatures,
    Instrument,
    LandmarkInstrument,
    SqueezeFeatures,
    present,
)
from training.metrics import frechet_distance

FEATURES = 24


class Inception(nn.Module):
    """Random weights behind the published file's interface: bytes of any size in, features out.

    As there, the pictures are scaled to 299 px and -1..1 by the network itself.
    """

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.stem = nn.Conv2d(3, 8, 3, stride=8)
        self.mixed = nn.Conv2d(8, FEATURES, 3, stride=4)
        self.output = nn.Linear(FEATURES, 1008)

    def forward(self, img: Tensor, return_features: bool = False) -> Tensor:
        """(N, 3, H, W) uint8 to features (N, FEATURES), or to probabilities of classes."""
        assert img.dtype == torch.uint8
        pictures = functional.interpolate(
            img.float(), size=(299, 299), mode="bilinear", align_corners=False
        )
        features = functional.relu(self.stem((pictures - 128) / 128))
        features = functional.relu(self.mixed(features)).mean(dim=(2, 3))
        if return_features:
            return features
        return torch.softmax(self.output(features), dim=1)


@pytest.fixture
def instruments(tmp_path: Path) -> Path:
    """A folder with the network in it."""
    torch.jit.script(Inception()).save(str(tmp_path / InceptionFeatures.FILE))  # type: ignore[no-untyped-call]
    return tmp_path


def test_the_features_are_those_of_the_bytes(instruments: Path) -> None:
    network = present(InceptionFeatures, instruments)
    assert network is not None
    pictures = torch.rand(3, 3, 40, 40)
    # An eight-bit picture holds no finer values, and none beyond its range.
    pictures[0, :, 0, 0] = torch.tensor([-0.2, 1.3, 0.5])
    with torch.no_grad():
        expected = Inception().eval()((pictures * 255).round().clamp(0, 255).byte(), True)
    np.testing.assert_allclose(network(pictures), expected.numpy(), rtol=1e-4, atol=1e-5)


def test_the_distance_is_that_of_two_normal_distributions(instruments: Path) -> None:
    network = present(InceptionFeatures, instruments)
    assert network is not None
    torch.manual_seed(1)
    bright, dark = torch.rand(64, 3, 24, 24), 0.5 * torch.rand(64, 3, 24, 24)
    first, second = network(bright).astype(np.float64), network(dark).astype(np.float64)
    # Heusel et al. 2017, eq. 6; the root's trace from the eigenvalues of the product.
    one, other = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    root = np.sqrt(np.linalg.eigvals(one @ other).real.clip(0)).sum()
    expected = np.square(first.mean(0) - second.mean(0)).sum() + np.trace(one + other) - 2 * root
    found = frechet_distance(network(bright), network(dark))
    assert found == pytest.approx(expected, rel=1e-3)
    assert found > 10 * frechet_distance(network(bright), network(bright))


def test_a_missing_network_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert present(InceptionFeatures, tmp_path) is None
    assert f"put inception-2015-12-05.pt into {tmp_path} to have it" in caplog.text


@pytest.mark.parametrize("content", [b"", b"no network", b"PK\x03\x04"])
@pytest.mark.parametrize(
    "kind", [InceptionFeatures, SqueezeFeatures, FaceEmbedding, LandmarkInstrument]
)
def test_a_damaged_file_is_named(tmp_path: Path, kind: type[Instrument], content: bytes) -> None:
    path = tmp_path / kind.FILE
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"{re.escape(str(path))} is damaged; get it again, or"):
        present(kind, tmp_path)


def test_another_network_is_named(tmp_path: Path) -> None:
    torch.jit.script(nn.Conv2d(3, 4, 3)).save(str(tmp_path / InceptionFeatures.FILE))  # type: ignore[no-untyped-call]
    network = InceptionFeatures(tmp_path)
    with pytest.raises(ValueError, match="is another network"):
        network(torch.rand(1, 3, 8, 8))

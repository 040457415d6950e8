"""Classical baselines: what they fill, and that they do what their papers say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.sample import unmasked_photo
from tests.support.training_data import ASTRONAUT
from tests.training.conftest import Workplace
from training import baselines, metrics
from training.data.faces import FacePack, open_pack
from training.masks.shapes import evaluation_polygon
from training.reconstruct_figures import Filler, measured_rows


@pytest.fixture
def pack(workplace: Workplace) -> FacePack:
    """The small pack."""
    return open_pack(workplace.packs / "faces")


def fillers(pack: FacePack) -> dict[str, Filler]:
    """Every baseline, small."""
    return {
        "grey": baselines.grey_hole(),
        "telea": baselines.telea(),
        "navier_stokes": baselines.navier_stokes(),
        "ppca": baselines.Ppca(pack, components=6, size=48),
        "nearest": baselines.NearestFace(pack, size=32),
    }


def test_only_the_hole_changes_and_who_has_seen_faces_beats_grey(pack: FacePack) -> None:
    psnr: dict[str, list[float]] = {}
    systems = fillers(pack)
    for row in [*pack.indices("val"), *pack.indices("test")]:
        photo, landmarks = np.array(pack.photos[row]), pack.landmarks[row]
        hole = evaluation_polygon(landmarks, 250)
        for name, fill in systems.items():
            (picture,) = fill(photo, hole, landmarks, hypotheses=3).pictures
            assert picture.dtype == np.uint8
            assert np.array_equal(picture[~hole], photo[~hole]), name
            output, target = (p.astype(np.float32) / np.float32(255) for p in (picture, photo))
            psnr.setdefault(name, []).append(metrics.psnr_hole(output, target, hole))
    means = {name: float(np.mean(values)) for name, values in psnr.items()}
    assert min(means["ppca"], means["nearest"]) > means["grey"] + 3


def _ppca_of(samples: NDArray[np.float32], components: int) -> baselines.Ppca:
    """A PPCA of made-up crops, fitted without a pack."""
    made = baselines.Ppca.__new__(baselines.Ppca)
    made.fit(samples.copy(), components)
    return made


def test_ppca_recovers_what_depends_linearly_on_the_visible_part() -> None:
    rng = np.random.default_rng(0)
    size, count = 8, 300
    directions = rng.normal(0, 0.05, (3, size * size * 3))
    samples = (0.5 + rng.normal(0, 1, (count, 3)) @ directions).astype(np.float32)
    model = _ppca_of(samples[:-1], 3)
    truth = samples[-1].reshape(size, size, 3)
    hole = np.zeros((size, size), np.bool_)
    hole[4:] = True
    seen = np.where(hole[..., None], 0, truth).astype(np.float32)
    filled = model.conditional_mean(seen, hole)
    assert np.abs(filled - np.clip(truth, 0, 1))[hole].max() < 0.02
    assert np.array_equal(filled[~hole], np.clip(truth, 0, 1)[~hole])


def test_ppca_noise_and_loadings_are_the_maximum_likelihood_ones() -> None:
    """Tipping & Bishop 1999, eq. 7 and 8, against the eigenvalues of the full covariance."""
    rng = np.random.default_rng(1)
    samples = rng.normal(0, [3, 2, *[0.5] * 10], (400, 12)).astype(np.float32)
    model = _ppca_of(samples, 2)
    values = np.sort(np.linalg.eigvalsh(np.cov(samples.T, bias=True)))[::-1]
    assert model.noise == pytest.approx(values[2:].mean(), rel=1e-3)
    lengths = np.sort((model.loadings**2).sum(axis=0))[::-1]
    assert lengths == pytest.approx(values[:2] - values[2:].mean(), rel=1e-3)


def test_the_nearest_face_of_a_known_face_is_itself(pack: FacePack) -> None:
    model = baselines.NearestFace(pack, size=32)
    visible = np.ones((32, 32), np.bool_)
    visible[20:] = False
    for number, crop in enumerate(model.crops):
        darker = (crop * 0.7 + 20).astype(np.uint8)
        assert model.nearest(darker, visible) == number


def test_reinhard_brings_mean_and_spread_over() -> None:
    rng = np.random.default_rng(2)
    source = rng.integers(60, 120, (24, 24, 3)).astype(np.uint8)
    target = np.clip(source.astype(int) * 1.4 + [30, 10, -20], 0, 255).astype(np.uint8)
    moved = baselines.reinhard(source, target, np.ones((24, 24), np.bool_))
    assert moved.reshape(-1, 3).mean(0) == pytest.approx(target.reshape(-1, 3).mean(0), abs=4)
    assert moved.std() == pytest.approx(target.std(), rel=0.15)


def test_one_photo_of_each_person_is_measured(pack: FacePack) -> None:
    rows = measured_rows(pack, "train", 100)
    assert all(pack.names[row].startswith("lfw") for row in rows)
    assert len({pack.identities[row] for row in rows}) == len(rows)
    assert len(measured_rows(pack, "train", 3)) == 3
    with pytest.raises(ValueError, match="no face of the split nobody"):
        measured_rows(pack, "nobody", 3)


def test_the_haar_cascade_finds_the_astronaut() -> None:
    found = baselines.HaarLocator()(np.array(unmasked_photo().rgb))
    boxes = np.array([box for box, _ in found])
    assert metrics.match_boxes(boxes, np.array([ASTRONAUT]), threshold=0.4)

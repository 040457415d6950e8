"""What a run keeps: the record, and no more of the pictures than the map's rectangle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.case.records import hash_of_pixels
from app.imaging.edit import bounding_rectangle
from app.imaging.photo import Photo, photo_from_array
from app.imaging.uncertainty import FULL_SPREAD
from app.outcome import NoMappedFace, Outcome
from app.workbench import Workbench
from tests.support.tiny_models import (
    DrawnFace,
    add_model,
    draw_photo,
    reconstruct_model,
    write_tiny_zoo,
)

FACE = DrawnFace((60, 50, 160, 190))
WIDTH, HEIGHT = 600, 401


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench([write_tiny_zoo(tmp_path_factory.mktemp("zoo"))], device="cpu")


@pytest.fixture(scope="module")
def photo() -> Photo:
    return photo_from_array(draw_photo(WIDTH, HEIGHT, [FACE]))


def run(bench: Workbench, photo: Photo, model: str, hypotheses: int = 3, seed: int = 3) -> Outcome:
    faces = bench.locate(photo)
    return bench.reconstruct(
        photo, faces, bench.map(photo, faces), model=model, hypotheses=hypotheses, seed=seed
    )


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("model", ["tiny_rgb", "tiny_gan", "tiny_sketch"])
def test_whole_pictures_have_the_recorded_hashes(
    bench: Workbench, photo: Photo, model: str, deep: bool
) -> None:
    if deep:
        photo = photo_from_array(photo.pixels.astype(np.uint16) * np.uint16(257))
    outcome = run(bench, photo, model)
    assert tuple(hash_of_pixels(each) for each in outcome.composites) == outcome.result.outputs
    assert all(each.dtype == photo.pixels.dtype for each in outcome.composites)
    if model != "tiny_sketch":
        for each in outcome.composites:
            assert np.array_equal(each[~outcome.map], photo.pixels[~outcome.map])


def test_only_the_maps_rectangle_is_kept(bench: Workbench, photo: Photo) -> None:
    outcome = run(bench, photo, "tiny_gan")
    x0, y0, x1, y1 = outcome.area
    assert outcome.area == bounding_rectangle(outcome.map)
    pixels = (x1 - x0) * (y1 - y0)
    # Three hypotheses in colour, the map and the uncertainty, all of the rectangle only.
    assert outcome.nbytes == pixels * (3 * 3 + 1 + 1)
    assert pixels < WIDTH * HEIGHT / 10
    assert outcome.composites.ground is photo.pixels


def test_sketches_share_one_drawing(bench: Workbench, photo: Photo) -> None:
    outcome = run(bench, photo, "tiny_sketch")
    x0, y0, x1, y1 = outcome.area
    assert outcome.nbytes == WIDTH * HEIGHT + (x1 - x0) * (y1 - y0) * 2
    assert outcome.composites[0].shape == (HEIGHT, WIDTH)


def test_map_and_uncertainty_come_back_whole(bench: Workbench, photo: Photo) -> None:
    outcome = run(bench, photo, "tiny_gan")
    faces = bench.locate(photo)
    assert np.array_equal(outcome.map, bench.map(photo, faces))
    assert outcome.uncertainty is not None
    assert outcome.uncertainty.shape == (HEIGHT, WIDTH)
    assert outcome.uncertainty.dtype == np.uint8
    assert not outcome.uncertainty[~outcome.map].any()
    assert run(bench, photo, "tiny_gan", hypotheses=1).uncertainty is None


class TestPlan:
    def test_it_is_the_request_of_the_run(self, bench: Workbench, photo: Photo) -> None:
        faces = bench.locate(photo)
        request = bench.reconstruction_request(
            photo, faces, bench.map(photo, faces), model="tiny_gan", hypotheses=3, seed=3
        )
        assert request == run(bench, photo, "tiny_gan").request

    def test_every_input_changes_the_key(self, bench: Workbench, photo: Photo) -> None:
        faces = bench.locate(photo)
        mapped = bench.map(photo, faces)

        def key(
            *,
            photo: Photo = photo,
            model: str = "tiny_gan",
            hypotheses: int = 3,
            seed: int = 3,
            touched: bool = False,
            moved: bool = False,
        ) -> str:
            map_ = mapped.copy()
            map_[100, 100] ^= touched
            shift = np.float32(1 if moved else 0)
            given = [replace(face, landmarks=face.landmarks + shift) for face in faces]
            return bench.reconstruction_request(
                photo, given, map_, model=model, hypotheses=hypotheses, seed=seed
            ).key

        keys = [
            key(),
            key(photo=replace(photo, sha256="0" * 64)),
            key(model="tiny_rgb"),
            key(hypotheses=4),
            key(seed=4),
            key(touched=True),
            key(moved=True),
        ]
        assert key() == keys[0]
        assert len(set(keys)) == len(keys)

    def test_nothing_under_the_map_is_said_before_the_run(
        self, bench: Workbench, photo: Photo
    ) -> None:
        faces = bench.locate(photo)
        empty = np.zeros((HEIGHT, WIDTH), np.bool_)
        with pytest.raises(NoMappedFace, match="paint the map"):
            bench.reconstruction_request(photo, faces, empty, model="tiny_gan")


@pytest.mark.parametrize("hypotheses", [1, 3])
def test_a_model_that_states_its_error_needs_no_second_hypothesis(
    tmp_path: Path, photo: Photo, hypotheses: int
) -> None:
    zoo = write_tiny_zoo(tmp_path)
    add_model(
        zoo, "careful", "reconstruct", reconstruct_model(error=0.05),
        output={"kind": "rgb", "latent": 0, "error": 2.0}, default=False,
    )  # fmt: skip
    outcome = run(Workbench([zoo], device="cpu"), photo, "careful", hypotheses=hypotheses)
    assert outcome.result.made == 1
    if hypotheses == 1:
        # Who asks for one hypothesis gets no picture of the uncertainty: the file names are a contract.
        assert outcome.uncertainty is None
        return
    assert outcome.uncertainty is not None
    assert outcome.uncertainty.max() == round(2 * 0.05 / FULL_SPREAD * 255)
    assert not outcome.uncertainty[~outcome.map].any()

"""The whole chain on the sample case with the models that ship, through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.face import Box
from app.inference.card import KINDS
from app.sample import FACE_BOX, sample_map, sample_photo, unmasked_photo
from tests.e2e.conftest import Cli, read_png, write_png

Pixels = NDArray[Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="module")
def sample(folder: Path) -> Path:
    return write_png(folder / "sample.png", sample_photo().pixels)


@pytest.fixture(scope="module")
def unmasked(folder: Path) -> Path:
    return write_png(folder / "unmasked.png", unmasked_photo().pixels)


def overlap(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Intersection over union."""
    return float(np.count_nonzero(first & second) / np.count_nonzero(first | second))


def box_overlap(first: Box, second: Box) -> float:
    """Intersection over union."""
    pixels = np.zeros((2, 512, 512), np.bool_)
    for raster, (x0, y0, x1, y1) in zip(pixels, (first, second), strict=True):
        raster[int(y0) : int(y1), int(x0) : int(x1)] = True
    return overlap(pixels[0], pixels[1])


def reconstruct(cli: Cli, photo: Path, out: Path, *options: str) -> dict[str, Any]:
    """Reconstruct without borders; returns the photo's entry of the report."""
    run = cli("reconstruct", photo, "--no-border", "--out", out, "--json", *options)
    assert run.code == 0, run.err
    (entry,) = run.document["photos"]
    assert entry["status"] == "reconstructed"
    return dict(entry)


def test_every_task_and_kind_has_a_default_that_is_as_its_card_says(cli: Cli) -> None:
    assert cli("models", "verify").code == 0
    run = cli("models", "list", "--json")
    assert run.document["problems"] == []
    defaults = [
        (model["task"], model.get("kind")) for model in run.document["models"] if model["default"]
    ]
    wanted: list[tuple[str, str | None]] = [("locate", None), ("align", None), ("map", None)]
    wanted += [("reconstruct", kind) for kind in KINDS]
    assert sorted(defaults, key=str) == sorted(wanted, key=str)


def test_cards_say_how_the_model_came_about_and_what_it_must_not_do(cli: Cli) -> None:
    for model in cli("models", "list", "--json").document["models"]:
        assert model["limits"], model["name"]
        assert model["not_for"], model["name"]
        assert model["figures"], model["name"]
        assert model["training"]["images"] > 0, model["name"]


def test_the_face_is_found_with_and_without_mask(cli: Cli, sample: Path, unmasked: Path) -> None:
    run = cli("locate", sample, unmasked, "--json", "--quiet")
    for entry, masked in zip(run.document["photos"], (True, False), strict=True):
        best = max(entry["faces"], key=lambda face: box_overlap(face["box"], FACE_BOX))
        assert box_overlap(best["box"], FACE_BOX) > 0.5
        assert (best["masked"] > 0.5) is masked
        eyes = np.array(best["landmarks"])[36:48].reshape(2, 6, 2).mean(axis=1)
        assert np.allclose(eyes, [[202, 99], [248, 101]], atol=12)


def test_the_map_is_the_drawn_mask(cli: Cli, sample: Path, unmasked: Path, tmp_path: Path) -> None:
    assert cli("map", sample, unmasked, "--out", tmp_path).code == 0
    assert overlap(read_png(tmp_path / "sample.map.png") > 0, sample_map()) > 0.85
    assert not read_png(tmp_path / "unmasked.map.png").any()


def test_every_kind_of_model_fills_the_map_and_nothing_else(
    cli: Cli, sample: Path, tmp_path: Path
) -> None:
    assert cli("map", sample, "--out", tmp_path).code == 0
    hidden = read_png(tmp_path / "sample.map.png") > 0
    original = read_png(sample)
    entry = reconstruct(cli, sample, tmp_path, "--model", "rgb,sketch,gan", "--hypotheses", "3")
    for model in entry["models"]:
        assert model["uncovered"] == 0
        for path in model["hypotheses"]:
            picture = read_png(Path(path))
            if model["model"] == "sketch":
                assert picture.shape == (512, 512)
                assert 0.2 < (picture > 128).mean() < 1.0
                continue
            assert np.array_equal(picture[~hidden], original[~hidden])
            # The drawn mask is blue; skin, lips and shadow are not.
            inside = picture[hidden].astype(int)
            assert (inside[:, 0] > inside[:, 2]).mean() > 0.9
    record = json.loads((tmp_path / "sample.provenance.json").read_text())
    assert [run["request"]["model"]["kind"] for run in record["runs"]] == list(KINDS)


@pytest.mark.parametrize("side", [200, 1600, 5120])
def test_small_and_large_photos(cli: Cli, tmp_path: Path, side: int) -> None:
    large = side > 512
    pixels = cv2.resize(
        sample_photo().pixels,
        (side, side),
        interpolation=cv2.INTER_CUBIC if large else cv2.INTER_AREA,
    )
    photo = write_png(tmp_path / "photo.png", pixels)
    assert cli("map", photo, "--out", tmp_path).code == 0
    hidden = read_png(tmp_path / "photo.map.png") > 0
    truth = cv2.resize(sample_map().astype(np.float32), (side, side)) > 0.5
    assert overlap(hidden, truth) > 0.8
    reconstruct(cli, photo, tmp_path)
    composite = read_png(tmp_path / "photo.rgb.h1.png")
    assert np.array_equal(composite[~hidden], pixels[~hidden])
    assert (composite[hidden] != pixels[hidden]).any()


@pytest.mark.parametrize("form", ["grey", "16 bit", "alpha"])
def test_other_forms_of_photo(cli: Cli, tmp_path: Path, form: str) -> None:
    pixels: Pixels = sample_photo().pixels
    if form == "grey":
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    elif form == "16 bit":
        noise = np.random.default_rng(1).integers(0, 256, pixels.shape, dtype=np.uint16)
        pixels = pixels.astype(np.uint16) * 256 + noise
    else:
        pixels = np.dstack([pixels, np.arange(512 * 512, dtype=np.uint32).reshape(512, 512) % 251])
        pixels = pixels.astype(np.uint8)
    photo = write_png(tmp_path / "photo.png", pixels)
    assert cli("map", photo, "--out", tmp_path).code == 0
    hidden = read_png(tmp_path / "photo.map.png") > 0
    assert np.count_nonzero(hidden & sample_map()) > 0.9 * np.count_nonzero(sample_map())
    reconstruct(cli, photo, tmp_path)
    composite = read_png(tmp_path / "photo.rgb.h1.png")
    assert (composite.shape, composite.dtype) == (pixels.shape, pixels.dtype)
    assert np.array_equal(composite[~hidden], pixels[~hidden])


def test_the_selftest_passes(revisage: Cli) -> None:
    run = revisage("selftest", "--json", "--quiet")
    assert run.code == 0, run.out
    assert all(stage["ok"] for stage in run.document["stages"])


def test_as_a_process_of_its_own(revisage: Cli, sample: Path, tmp_path: Path) -> None:
    run = revisage(
        "reconstruct", sample, "--model", "gan", "--out", tmp_path, "--json", cwd=tmp_path
    )
    assert run.code == 0
    (model,) = run.document["photos"][0]["models"]
    assert model["provider"] in ("CPUExecutionProvider", "CUDAExecutionProvider")
    assert read_png(Path(model["hypotheses"][0])).shape[0] > 512

"""Compact packs: small, in shards, and trained on like the ones they were made of."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.training.conftest import Workplace
from training.cli import main
from training.data.compact import FACES, MASKED, open_compact
from training.data.crops import aligned
from training.data.faces import LFW, open_pack
from training.data.hashes import combined
from training.data.masked import open_masked
from training.data.scenes import RealPhotos

NOT_NEEDED = ("PIL", "scipy", "skimage", "onnx", "onnxruntime", "torchmetrics", "tqdm", "PySide6")
"""Packages that a machine which only trains may lack, like Fabric and TensorBoard."""


@pytest.fixture(scope="module")
def compact(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """The workplace's packs, made compact for crops of 128 px in shards of 112 KiB."""
    out = tmp_path_factory.mktemp("compact")
    folders = ("--data", str(workplace.data), "--packs", str(workplace.packs))
    arguments = ["pack", *folders, "--out", str(out), "--size", "128", "--shard", "0.11"]
    assert main(arguments) == 0
    return Workplace(workplace.data, out, out / "runs", out / "recipes")


def test_no_shard_is_larger_than_asked(compact: Workplace) -> None:
    shards = sorted(compact.packs.glob("*/shard_*.npz"))
    assert max(shard.stat().st_size for shard in shards) <= 0.11 * 2**20
    index = json.loads((compact.packs / "masked" / "index.json").read_text())
    assert index["shards"] == len(list((compact.packs / "masked").glob("shard_*.npz"))) > 1


def test_faces_are_where_their_landmarks_are(workplace: Workplace, compact: Workplace) -> None:
    before, after = open_pack(workplace.packs / "faces"), open_pack(compact.packs / "faces")
    assert after.names == before.names
    assert after.splits.tolist() == before.splits.tolist()
    assert after.described == before.described == LFW
    assert after.sha256 != before.sha256
    side = after.photos.shape[1]
    assert 64 * FACES.reach < side <= round(128 * FACES.reach)
    assert len(after.photos) == len(before.names)
    for row in range(len(before.names)):
        spec = FACES.spec
        shapes = [
            aligned(pack.landmarks[row], spec).to_crop(pack.landmarks[row])
            for pack in (before, after)
        ]
        assert np.abs(shapes[0] - shapes[1]).max() < 0.002
        crops = [
            aligned(pack.landmarks[row], spec).crop(np.asarray(pack.photos[row]), 64).astype(float)
            for pack in (before, after)
        ]
        assert np.abs(crops[0] - crops[1]).mean() < 6


def test_maps_are_those_of_the_pack(workplace: Workplace, compact: Workplace) -> None:
    before, after = open_masked(workplace.packs / "masked"), open_masked(compact.packs / "masked")
    assert after.worn.tolist() == before.worn.tolist()
    assert after.worn.any()
    spec = MASKED.spec
    for row in np.flatnonzero(before.worn).tolist():
        maps = [
            aligned(pack.landmarks[row], spec).crop(pack.map(row) * np.uint8(255), 64) > 127
            for pack in (before, after)
        ]
        # A pixel more or less along the outline of a small mask is much of it.
        assert (maps[0] ^ maps[1]).mean() < 0.01
        assert (maps[0] & maps[1]).sum() / (maps[0] | maps[1]).sum() > 0.85


@pytest.mark.parametrize("name", ["map", "regression"])
def test_a_compact_pack_is_trained_on(compact: Workplace, tmp_path: Path, name: str) -> None:
    changes = {"worn_share": 0.9, "reshaped_share": 0.5} if name == "regression" else {}
    arguments = compact.train(compact.recipe(name, **changes), "--out", str(tmp_path / "run"))
    assert main(arguments) == 0
    described = json.loads((tmp_path / "run" / "recipe.json").read_text())
    faces, masked = (
        json.loads((compact.packs / pack / "index.json").read_text())["sha256"]
        for pack in ("faces", "masked")
    )
    expected = combined(faces, [masked]) if name == "regression" else masked
    assert described["data_sha256"] == expected


def test_a_pack_cut_for_the_map_does_not_teach_the_aligner(
    compact: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(compact.train(compact.recipe("align"))) == 1
    assert "make it again with `revisage-train pack --whole`" in capsys.readouterr().err


def test_whole_photos_teach_the_aligner(workplace: Workplace, tmp_path: Path) -> None:
    folders = ("--data", str(workplace.data), "--packs", str(workplace.packs))
    assert main(["pack", *folders, "--out", str(tmp_path), "--whole"]) == 0
    before, after = open_pack(workplace.packs / "faces"), open_pack(tmp_path / "faces")
    assert after.photos.shape == before.photos.shape
    assert np.abs(after.landmarks - before.landmarks).max() <= 1 / 64
    small = Workplace(workplace.data, tmp_path, tmp_path / "runs", tmp_path / "recipes")
    assert main(small.train(small.recipe("align"))) == 0


@pytest.fixture(scope="module")
def travelled(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Whole photos packed to travel, and no data folder: as on a borrowed machine."""
    packs = tmp_path_factory.mktemp("packs") / "packs"
    shutil.copytree(workplace.packs, packs)
    taught = packs / "taught"
    taught.mkdir()
    rng = np.random.default_rng(1)
    np.save(taught / "crops.npy", rng.integers(0, 256, (3, 208, 208, 3), np.uint8))
    np.save(taught / "maps.npy", rng.integers(0, 256, (3, 208, 208), np.uint8))
    # Of a photo in which the other detector found nobody, and of one that is labelled by hand.
    found = {"001.jpg": [[237.0, 59.0, 337.0, 182.0, 0.9, 0.99]], "000.jpg": [[0, 0, 9, 9, 1, 1]]}
    (taught / "faces.json").write_text(json.dumps(found))
    data = workplace.with_vgg(packs.parent / "data").data
    out = packs.parent / "travel"
    folders = ("--data", str(data), "--packs", str(packs))
    assert main(["pack", *folders, "--out", str(out), "--whole", "--shard", "0.3"]) == 0
    return Workplace(packs.parent / "gone", out, out / "runs", out / "recipes")


def without_data(place: Workplace, recipe: Path, *more: str) -> list[str]:
    """The arguments that train from the packs alone."""
    folders = ("--packs", str(place.packs), "--runs", str(place.runs))
    threads = ("--device", "cpu", "--threads", "1", "--workers", "0")
    return ["train", str(recipe), *folders, *threads, *more]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("regression", {"perceptual": 0.5, "perceptual_window": 16, "worn_share": 0.5}),
        ("map", {"taught_share": 0.5}),
        ("align", {}),
        ("locate", {"taught": True, "real_share": 0.9}),
    ],
)
def test_every_stage_is_trained_from_packs_alone(
    travelled: Workplace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    changes: dict[str, object],
) -> None:
    monkeypatch.delenv("REVISAGE_DATA", raising=False)
    arguments = without_data(travelled, travelled.recipe(name, **changes))
    assert main([*arguments, "--out", str(tmp_path)]) == 0
    assert (tmp_path / "weights.pt").exists()


def test_the_real_photos_travel_with_their_faces(
    workplace: Workplace, travelled: Workplace
) -> None:
    (before,) = RealPhotos(workplace.data).photos
    (after,) = RealPhotos(travelled.data, travelled.packs).photos
    assert after[1].tolist() == before[1].tolist()
    assert np.abs(after[0].astype(float) - before[0]).mean() < 4
    (taught,) = RealPhotos(
        travelled.data, travelled.packs, taught=travelled.packs / "taught"
    ).photos
    assert taught[1][:, 4].tolist() == [1.0]


def test_all_that_travels_is_in_files_of_the_size_asked_for(travelled: Workplace) -> None:
    shards = list(travelled.packs.glob("*/shard_*.npz"))
    assert max(shard.stat().st_size for shard in shards) <= 0.3 * 2**20
    assert {shard.parent.name for shard in shards} == {"faces", "masked", "taught", "real"}
    assert len(list((travelled.packs / "masked").glob("shard_*.npz"))) > 1


def test_packs_that_bring_no_data_ask_for_the_folder(
    compact: Workplace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("REVISAGE_DATA", raising=False)
    packs = shutil.copytree(compact.packs, tmp_path / "packs")
    small = Workplace(compact.data, packs, tmp_path / "runs", tmp_path / "recipes")
    recipe = small.recipe("regression", perceptual=0.5)
    assert main(without_data(small, recipe)) == 1
    said = capsys.readouterr().err
    assert (
        f"VGG-19: put vgg19_to_relu3_4.npz, or torchvision's vgg19-dcbb9e9d.pth, into {packs}"
        in said
    )
    shutil.rmtree(packs / "data")
    assert main(without_data(small, recipe)) == 1
    assert "No data folder is known; name it with --data" in capsys.readouterr().err


def test_a_damaged_shard_is_named(
    compact: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packs = shutil.copytree(compact.packs, tmp_path / "packs")
    shard = packs / "masked" / "shard_001.npz"
    shard.write_bytes(shard.read_bytes()[:5000])
    assert main(compact.train(compact.recipe("map"), "--packs", str(packs))) == 1
    assert f"{shard} is missing or damaged" in capsys.readouterr().err
    with pytest.raises(ValueError, match="copy the pack again"):
        open_compact(packs / "masked")


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (["--size", "0"], "Packs need --size from 8"),
        (["--quality", "101"], "--quality from 1 to 100"),
    ],
)
def test_what_makes_no_pack(
    workplace: Workplace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    problem: str,
) -> None:
    folders = ("--data", str(workplace.data), "--packs", str(workplace.packs))
    assert main(["pack", *folders, "--out", str(tmp_path), *more]) == 1
    assert problem in capsys.readouterr().err


def test_packs_are_never_written_over_themselves(
    workplace: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = ("--data", str(workplace.data), "--packs", str(workplace.packs))
    assert main(["pack", *folders, "--out", str(workplace.packs)]) == 1
    assert "give --out another folder" in capsys.readouterr().err
    assert open_pack(workplace.packs / "faces").photos.shape[1] == 250


def test_training_starts_with_torch_numpy_opencv_and_pydantic_alone(
    compact: Workplace, tmp_path: Path
) -> None:
    blocked = (*NOT_NEEDED, "lightning_fabric", "tensorboard", "onnxscript", "tomli_w")
    program = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({blocked!r}))\n"
        "from training.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    arguments = compact.train(compact.recipe("map"), "--out", str(tmp_path / "run"))
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "TensorBoard is not installed" in result.stderr
    assert (tmp_path / "run" / "weights.pt").exists()

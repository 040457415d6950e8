"""What a researcher gets wrong: one sentence on standard error, exit code 1, no traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.conftest import Workplace
from training.cli import main
from training.options import RECIPES


def complaint(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence that a command ends in."""
    capsys.readouterr()
    assert main(arguments) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("revisage-train: ")
    assert lines[0].endswith(".")
    return lines[0]


def test_no_data_folder_named(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("REVISAGE_DATA", raising=False)
    assert "--data or REVISAGE_DATA" in complaint(["prepare"], capsys)


def test_the_data_folder_of_the_environment_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REVISAGE_DATA", str(tmp_path / "gone"))
    assert str(tmp_path / "gone") in complaint(["prepare"], capsys)


@pytest.mark.parametrize("command", ["prepare", "train map", "evaluate x"])
def test_missing_data_folder(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [*command.split(), "--data", str(tmp_path / "gone"), "--device", "cpu"]
    assert f"{tmp_path / 'gone'} does not exist" in complaint(arguments, capsys)


def test_empty_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = complaint(["prepare", "--data", str(tmp_path), "--packs", str(tmp_path)], capsys)
    assert "holds no photos and none of the known tables" in text


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("lfw_landmarks68.npz", b"PK no zip", "is not a table"),
        ("lfw_landmarks68.npz", b"", "is not a table"),
        ("diverse_landmarks68.npz", b"text", "is not a table"),
        ("lfw_split.csv", b"file,person\nx,y\n", "has no column identity"),
        ("lfw_split.csv", b"file,identity,split\nx,y,train\nz,w\n", "has none of the splits"),
        ("lfw_split.csv", b"file,identity,split\nx,y,tra", "has none of the splits"),
        ("lfw_split.csv", b"file,identity,split\nx,\xff,train\n", "is no table"),
    ],
)
def test_damaged_tables(
    workplace: Workplace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes,
    problem: str,
) -> None:
    data = shutil.copytree(workplace.data, tmp_path / "data")
    (data / name).write_bytes(content)
    text = complaint(["prepare", "--data", str(data), "--packs", str(tmp_path / "packs")], capsys)
    assert f"{data / name} {problem}" in text


def test_landmarks_of_another_number(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = shutil.copytree(workplace.data, tmp_path / "data")
    np.savez(data / "lfw_landmarks68.npz", files=["a.jpg"], landmarks=np.zeros((1, 5, 2)))
    text = complaint(["prepare", "--data", str(data), "--packs", str(tmp_path / "packs")], capsys)
    assert "(1, 5, 2)" in text


def test_tables_without_photos(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = shutil.copytree(workplace.data, tmp_path / "data")
    shutil.rmtree(data / "lfw-deepfunneled")
    shutil.rmtree(data / "diverse")
    text = complaint(["prepare", "--data", str(data), "--packs", str(tmp_path / "packs")], capsys)
    assert "none of the 18 photos" in text


@pytest.mark.expects_log("Left out of the pack")
def test_only_damaged_photos(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = shutil.copytree(workplace.data, tmp_path / "data")
    for photo in (*data.glob("lfw-deepfunneled/*/*.jpg"), *data.glob("diverse/*.jpg")):
        photo.write_bytes(b"no picture")
    capsys.readouterr()
    assert main(["prepare", "--data", str(data), "--packs", str(tmp_path / "packs")]) == 1
    assert "Not one of the 18 photos" in capsys.readouterr().err


def test_nobody_to_train_on(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packs = shutil.copytree(workplace.packs, tmp_path / "packs")
    for pack in ("faces", "masked"):
        index = json.loads((packs / pack / "index.json").read_text())
        index["splits"] = ["test"] * len(index["splits"])
        (packs / pack / "index.json").write_text(json.dumps(index))
    for name in ("map", "regression"):
        arguments = workplace.train(workplace.recipe(name), "--packs", str(packs))
        assert "no face of the split train" in complaint(arguments, capsys)


def test_no_packs(workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = workplace.train(workplace.recipe("map"), "--packs", str(tmp_path))
    assert "There is no pack in" in complaint(arguments, capsys)
    assert "revisage-train prepare" in complaint(arguments, capsys)


def test_unknown_recipe(workplace: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    text = complaint(workplace.train(Path("nonsense")), capsys)
    names = sorted(path.stem for path in RECIPES.glob("*.toml"))
    assert f"There is no recipe nonsense; there are {', '.join(names)}." in text


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"stepps": 3}, "has the unknown field stepps (did you mean steps?)"),
        ({"xyzzy": 3}, "has the unknown field xyzzy"),
        ({"steps": "many"}, "has a wrong value in the field steps"),
        ({"steps": -5}, "has a wrong value in the field steps"),
        ({"batch": 0}, "has a wrong value in the field batch"),
        ({"rate": 0.0}, "has a wrong value in the field rate"),
        ({"rate": float("inf")}, "has a wrong value in the field rate"),
        ({"eye_y": float("nan")}, "has a wrong value in the field eye_y"),
        ({"seed": -1}, "has a wrong value in the field seed"),
        ({"cooldown": 2.0}, "has a wrong value in the field cooldown"),
        ({"widths": [8]}, "has a wrong value in the field widths"),
        ({"size": 33}, "has the size 33, which is not a multiple of 8"),
        (
            {"task": "paint"},
            "has the unknown task 'paint'; there are align, ",
        ),
        ({"steps": 0, "batch": 0}, "(and 1 more)"),
    ],
)
def test_wrong_field(
    workplace: Workplace,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, object],
    problem: str,
) -> None:
    path = workplace.recipe("map", name="wrong", **changes)
    text = complaint(workplace.train(path), capsys)
    assert problem in text
    assert str(path) in text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'name = "x"\nsteps = 3\n', "has no field task"),
        (b'task = "map"\nsteps = 3\n', "has no field name"),
        (b"task = map\n", "is not valid TOML"),
        (b'name = "\xff"\n', "is not UTF-8"),
    ],
)
def test_recipe_file_that_is_none(
    workplace: Workplace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    problem: str,
) -> None:
    path = tmp_path / "recipe.toml"
    path.write_bytes(content)
    assert f"{path} {problem}" in complaint(workplace.train(path), capsys)


def test_a_folder_instead_of_a_recipe(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"{tmp_path}: Is a directory" in complaint(workplace.train(tmp_path), capsys)


@pytest.mark.parametrize("name", ["map", "align", "locate", "adversarial"])
def test_missing_warm_start(
    workplace: Workplace, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = workplace.recipe(name, name="cold", warm_start="gone/weights.pt")
    text = complaint(workplace.train(path), capsys)
    assert f"{workplace.runs / 'gone' / 'weights.pt'} to start from are missing" in text


def test_a_missing_warm_start_says_which_command_makes_it(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = tmp_path / "runs"
    for name, said in (
        ("align_refine", "train the recipe align first (`revisage-train train align`)"),
        ("map_third", "git show b8d1b9f:model_zoo/mask_map/model.onnx > "),
    ):
        arguments = workplace.train(Path(name), "--runs", str(runs))
        assert said in complaint(arguments, capsys)


def test_warm_start_from_another_network(
    trained: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    path = trained.recipe("map", name="cold", warm_start="align/weights.pt")
    assert "belong to another network" in complaint(trained.train(path), capsys)


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04", b"\x80\x02]q\x00."])
def test_damaged_checkpoint(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(content)
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path))
    assert f"The checkpoint {tmp_path / 'checkpoint.pt'} is damaged" in complaint(arguments, capsys)
    assert (tmp_path / "checkpoint.pt").read_bytes() == content


def test_checkpoint_of_another_network(
    trained: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shutil.copytree(trained.runs / "map", tmp_path / "run")
    saved = torch.load(out / "checkpoint.pt", weights_only=True)
    del saved["model"][next(iter(saved["model"]))]
    torch.save(saved, out / "checkpoint.pt")
    text = complaint(trained.train(trained.recipe("map"), "--out", str(out)), capsys)
    assert "belongs to another network" in text


def cut(file: Path, left: float) -> None:
    """Leave the first part of a file, as a copy that was broken off does."""
    content = file.read_bytes()
    file.write_bytes(content[: int(left * len(content))])


@pytest.mark.parametrize("left", [0.02, 0.5, 0.98])
def test_a_cut_checkpoint_and_cut_weights_are_named(
    trained: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str], left: float
) -> None:
    out = shutil.copytree(trained.runs / "map", tmp_path / "run")
    cut(out / "checkpoint.pt", left)
    cut(out / "weights.pt", left)
    text = complaint(trained.train(trained.recipe("map"), "--out", str(out)), capsys)
    assert f"The checkpoint {out / 'checkpoint.pt'} is damaged" in text
    path = trained.recipe("map", name="cold", warm_start=str(out / "weights.pt"))
    text = complaint(trained.train(path), capsys)
    assert f"The weights {out / 'weights.pt'} to start from are damaged" in text


@pytest.mark.parametrize("value", [[1, 2], 3, {"model": None}])
def test_other_values_than_weights_are_named(
    trained: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str], value: object
) -> None:
    out = shutil.copytree(trained.runs / "map", tmp_path / "run")
    saved = torch.load(out / "checkpoint.pt", weights_only=True)
    torch.save(saved | {"averaged": value}, out / "checkpoint.pt")
    torch.save(value, out / "weights.pt")
    text = complaint(trained.train(trained.recipe("map"), "--out", str(out)), capsys)
    assert f"The checkpoint {out / 'checkpoint.pt'} is damaged" in text
    path = trained.recipe("map", name="cold", warm_start=str(out / "weights.pt"))
    text = complaint(trained.train(path), capsys)
    assert f"The weights {out / 'weights.pt'} to start from are damaged" in text


@pytest.mark.parametrize(
    "name", ["index.json", "photos.npy", "landmarks.npy", "maps.npy", "worn.npy"]
)
def test_a_damaged_pack_is_named(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    packs = shutil.copytree(workplace.packs, tmp_path / "packs")
    for pack, recipe in (("masked", "map"), ("faces", "regression")):
        file = packs / pack / name
        if not file.exists():
            continue
        arguments = workplace.train(workplace.recipe(recipe), "--packs", str(packs))
        cut(file, 0.6)
        assert f"{file} is " in complaint(arguments, capsys)
        file.write_text("{}")
        assert f"{file} is " in complaint(arguments, capsys)


def test_a_pack_with_too_few_photos_is_named(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packs = shutil.copytree(workplace.packs, tmp_path / "packs")
    np.save(packs / "faces" / "photos.npy", np.zeros((3, 250, 250, 3), np.uint8))
    arguments = workplace.train(workplace.recipe("regression"), "--packs", str(packs))
    assert f"{packs / 'faces' / 'photos.npy'} holds 3 of the 18 rows" in complaint(
        arguments, capsys
    )


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("train", "--steps 0"),
        ("train", "--steps -3"),
        ("train", "--workers -1"),
        ("prepare", "--variants 0"),
        ("prepare", "--jobs 0"),
    ],
)
def test_numbers_without_a_meaning_are_refused(
    workplace: Workplace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    option: str,
) -> None:
    packs = str(tmp_path / "packs")
    arguments = ["prepare", "--data", str(workplace.data), "--packs", packs, *option.split()]
    if command == "train":
        recipe = workplace.recipe("map")
        arguments = workplace.train(recipe, "--out", str(tmp_path / "run"), *option.split())
    assert f"{option} has no meaning" in complaint(arguments, capsys)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["tpu", "cuda"])
def test_device_that_is_not_there(
    workplace: Workplace, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    if name == "cuda" and torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    arguments = workplace.train(workplace.recipe("map"), "--device", name)
    assert "--device" in complaint(arguments, capsys)
    arguments = ["prepare", "--data", str(workplace.data), "--device", name]
    assert "--device" in complaint(arguments, capsys)


@pytest.mark.parametrize(
    ("run", "more", "problem"),
    [
        ("regression", ["--name", "x"], "needs --kind"),
        ("map", ["--name", "x", "--kind", "rgb"], "cannot have --kind"),
        ("map", ["--name", "a b"], "cannot be a model's name"),
        ("map", ["--name", "rgb"], "cannot be a model's name"),
        ("map", ["--name", "x", "--version", " "], "give --version a text"),
        ("gone", ["--name", "x"], "recipe.json: No such file"),
    ],
)
def test_export_that_makes_no_sense(
    trained: Workplace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    run: str,
    more: list[str],
    problem: str,
) -> None:
    arguments = ["export", str(trained.runs / run), *more, "--zoo", str(tmp_path / "zoo")]
    assert problem in complaint(arguments, capsys)
    assert not (tmp_path / "zoo").exists()


def test_evaluating_a_model_that_is_not_installed(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", "nobody", "--data", str(workplace.data), "--zoo", str(tmp_path)]
    assert "no model named nobody" in complaint(arguments, capsys)

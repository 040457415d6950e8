"""Damaged JSON files beside photos, packs and runs: one sentence that names the file, exit code 1."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.inference.zoo import Zoo
from tests.training.conftest import Workplace
from tests.training.test_bad_input import complaint
from training.cli import main
from training.data.compact import encoded, write_shards
from training.data.real import read_real
from training.data.taught import open_taught
from training.data.unlabelled import find_unlabelled

pytestmark = pytest.mark.timeout(600)

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: content[: len(content) * 3 // 5],
    "empty": lambda _: b"",
    "no text": lambda _: b"\xff\xfe\x00{",
    "a list": lambda _: b"[1, 2]",
    "a number": lambda _: b"3",
    "other fields": lambda _: b'{"photos": {"001.jpg": 7}, "images": [{"faces": 3}], "recipe": 1}',
}


@pytest.fixture(params=DAMAGES, name="damage")
def any_damage(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """Damages a file in one of many ways."""

    def damage(file: Path) -> None:
        file.write_bytes(DAMAGES[request.param](file.read_bytes()))

    return damage


Damage = Callable[[Path], None]


@pytest.fixture
def own(workplace: Workplace, tmp_path: Path) -> Workplace:
    """A data folder and packs that may be damaged."""
    data = shutil.copytree(workplace.data, tmp_path / "data")
    packs = shutil.copytree(workplace.packs, tmp_path / "packs")
    return Workplace(data, packs, tmp_path / "runs", tmp_path / "recipes")


def test_labels(own: Workplace, damage: Damage, capsys: pytest.CaptureFixture[str]) -> None:
    labels = own.data / "real_masked" / "labels.json"
    damage(labels)
    with pytest.raises(ValueError, match=r"labels\.json is damaged; get the file again\.$"):
        read_real(own.data)
    arguments = own.train(own.recipe("locate", real_share=0.5))
    assert f"{labels} is damaged; get the file again" in complaint(arguments, capsys)


@pytest.mark.parametrize("name", ["real_masked/faces_yunet.json", "lfw_faces_yunet.json"])
def test_tables_of_boxes(
    own: Workplace, damage: Damage, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    damage(own.data / name)
    arguments = own.train(own.recipe("locate", real_share=0.5))
    assert f"{own.data / name} is damaged; get the file again" in complaint(arguments, capsys)


def test_boxes_of_the_taught_pack(
    own: Workplace, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes = own.packs / "taught" / "faces.json"
    boxes.parent.mkdir()
    boxes.write_text(json.dumps({"001.jpg": [[0, 0, 50, 50, 0.9, 1.0]]}))
    damage(boxes)
    arguments = own.train(own.recipe("locate", real_share=0.5, taught=True))
    assert f"{boxes} is damaged; make the pack again" in complaint(arguments, capsys)


@pytest.mark.parametrize(("pack", "recipe"), [("faces", "regression"), ("masked", "map")])
def test_the_index_of_a_pack(
    own: Workplace,
    damage: Damage,
    capsys: pytest.CaptureFixture[str],
    pack: str,
    recipe: str,
) -> None:
    index = own.packs / pack / "index.json"
    damage(index)
    assert f"{index} is damaged; make or copy its pack" in complaint(
        own.train(own.recipe(recipe)), capsys
    )


@pytest.mark.parametrize(
    "change", [{"splits": ["train"]}, {"splits": 3}, {"names": [None] * 18}, {"sha256": 5}]
)
def test_an_index_that_contradicts_itself(
    own: Workplace, capsys: pytest.CaptureFixture[str], change: dict[str, object]
) -> None:
    index = own.packs / "faces" / "index.json"
    index.write_text(json.dumps(json.loads(index.read_text()) | change))
    assert f"{index} is damaged" in complaint(own.train(own.recipe("regression")), capsys)


def test_the_index_of_a_compact_pack(
    workplace: Workplace,
    crops: Path,
    tmp_path: Path,
    damage: Damage,
    capsys: pytest.CaptureFixture[str],
) -> None:
    packs = shutil.copytree(crops, tmp_path / "packs")
    for pack, recipe in (("masked", "map"), ("faces", "regression")):
        damage(packs / pack / "index.json")
        arguments = workplace.train(workplace.recipe(recipe), "--packs", str(packs))
        assert f"{packs / pack / 'index.json'} is damaged" in complaint(arguments, capsys)


@pytest.mark.parametrize("name", ["real", "taught"])
def test_the_index_of_other_compact_packs(tmp_path: Path, damage: Damage, name: str) -> None:
    picture = np.zeros((32, 32, 3), np.uint8)
    index = {"names": ["a.jpg"], "scales": [1.0], "found": {"a.jpg": [[0, 0, 9, 9]]}}
    described = index if name == "real" else {"count": 1}
    rows = iter([encoded(picture, picture[:, :, 0], quality=80)])
    write_shards(tmp_path / name, rows, index=described, shard_mib=1)
    if name == "real":
        assert find_unlabelled(tmp_path, tmp_path) is not None
    damage(tmp_path / name / "index.json")
    with pytest.raises(ValueError, match=r"index\.json is damaged; make or copy its pack again"):
        _ = find_unlabelled(tmp_path, tmp_path) if name == "real" else open_taught(tmp_path / name)


def test_what_a_run_says_of_itself(
    trained: Workplace, tmp_path: Path, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    run = shutil.copytree(trained.runs / "map", tmp_path / "run")
    damage(run / "recipe.json")
    said = f"{run / 'recipe.json'} is damaged; copy it again, or train the recipe again"
    exported = ["export", str(run), "--name", "x", "--zoo", str(tmp_path / "zoo")]
    assert said in complaint(exported, capsys)
    assert not (tmp_path / "zoo").exists()
    # Its checkpoint is good, but what it began with would be lost.
    again = trained.train(trained.recipe("map"), "--out", str(run), "--steps", "6")
    capsys.readouterr()
    assert f"{run / 'recipe.json'} is damaged" in complaint_after_progress(again, capsys)


def complaint_after_progress(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence that a command ends in which has said something before."""
    assert main(arguments) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.startswith("revisage-train: ")] == said[-1:]
    return said[-1]


def test_what_the_benchmark_keeps(
    trained: Workplace, zoo: Zoo, tmp_path: Path, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = {"--data": trained.data, "--packs": trained.packs, "--runs": tmp_path / "runs"}
    given = [str(part) for pair in folders.items() for part in pair]
    given += ["--zoo", str(zoo.folders[0]), "--out", str(tmp_path / "table.md"), "--device", "cpu"]
    result = tmp_path / "runs" / "benchmark" / "images-8" / "results" / "haar.json"
    result.parent.mkdir(parents=True)
    result.write_text('{"system": "haar", "title": "Haar cascade"}')
    damage(result)
    arguments = ["benchmark", *given, "--collect"]
    assert f"{result} is damaged; delete it, and run" in complaint(arguments, capsys)

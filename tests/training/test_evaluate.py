"""Measuring models as the application runs them, and writing the figures into the card."""

from __future__ import annotations

import dataclasses
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.inference.card import read_card, write_card
from app.inference.zoo import Zoo
from tests.support.training_data import TRAIN, VAL
from tests.training.conftest import Workplace
from training.align_figures import evaluate_align
from training.cli import main
from training.conditions import CONDITIONS
from training.data.faces import open_pack
from training.data.masked import open_masked
from training.data.real import read_real
from training.evaluate import evaluate_sketch
from training.map_figures import evaluate_map, real_maps

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def own_zoo(zoo: Zoo, tmp_path: Path) -> Path:
    """A zoo whose cards may be written."""
    return Path(shutil.copytree(zoo.folders[0], tmp_path / "zoo"))


def evaluated(
    workplace: Workplace, folder: Path, name: str, *more: str
) -> dict[str, dict[str, Any]]:
    """The figures that the command writes into the card."""
    before = read_card(folder / name)
    folders = ("--data", str(workplace.data), "--packs", str(workplace.packs))
    assert main(["evaluate", name, "--zoo", str(folder), *folders, *more]) == 0
    card = read_card(folder / name)
    without: dict[str, object] = {"figures": {}, "groups": {}}
    assert card.model_copy(update=without) == before.model_copy(update=without)
    return card.figures


def test_the_locator(trained: Workplace, own_zoo: Path) -> None:
    real = evaluated(trained, own_zoo, "tiny_locate")["real"]
    assert (real["photos"], real["faces"]) == (1, 1)
    for name in ("recall_iou40", "precision_iou40", "ap", "ap50", "ar10"):
        assert 0 <= float(real[name]) <= 1


def test_the_aligner(trained: Workplace, own_zoo: Path) -> None:
    figures = evaluated(trained, own_zoo, "tiny_align")["val"]
    assert figures["faces"] == 2 * (VAL + 1)
    # A mean shape in a box that is nearly right is already near the truth.
    assert 0 < float(figures["eye_error"]) < 0.5


def test_the_map(trained: Workplace, own_zoo: Path) -> None:
    figures = evaluated(trained, own_zoo, "tiny_map")
    assert figures["val"]["faces"] + figures["val"]["bare_faces"] == 2 * (VAL + 1)
    assert figures["real"]["faces"] == 1
    under = read_card(own_zoo / "tiny_map").groups
    real = {name: part["faces"] for name, part in under.items() if name.startswith("real, ")}
    assert real == {f"real, {condition}": 1 for condition in CONDITIONS}
    worn = [int(part["faces"]) for name, part in under.items() if name.startswith("val, ")]
    assert sum(worn) == figures["val"]["faces"]


@pytest.mark.parametrize(("name", "others"), [("tiny_map", {"real"}), ("tiny_align", set())])
def test_split_and_count_are_those_asked_for(
    trained: Workplace, own_zoo: Path, name: str, others: set[str]
) -> None:
    wanted = ("--split", "val", "--split", "test", "--count", "3")
    figures = evaluated(trained, own_zoo, name, *wanted)
    assert figures.keys() == {"val", "test"} | others
    for split in ("val", "test"):
        assert figures[split]["faces"] + figures[split].get("bare_faces", 0) == 3
    named = {group.split(",")[0] for group in read_card(own_zoo / name).groups}
    assert named == figures.keys()


def test_figures_of_no_face_are_left_out(trained: Workplace, zoo: Zoo) -> None:
    pack = open_masked(trained.packs / "masked")
    count = len(pack.indices("val"))
    every = dataclasses.replace(pack, worn=np.ones(len(pack.worn), np.bool_))
    figures, _ = evaluate_map(zoo, every)
    assert figures["val"].keys() == {"faces", "iou_mean", "iou_p10", "bare_faces"}
    bare = dataclasses.replace(pack, worn=np.zeros(len(pack.worn), np.bool_))
    figures, groups = evaluate_map(zoo, bare)
    assert figures["val"].keys() == {"faces", "bare_faces", "bare_false_area"}
    assert (figures["val"]["bare_faces"], groups) == (count, {})


def test_a_split_without_a_face_is_one_sentence(trained: Workplace, zoo: Zoo) -> None:
    pack = open_masked(trained.packs / "masked")
    alone = dataclasses.replace(pack, splits=np.full(len(pack.splits), "train"))
    for measured in (evaluate_map, evaluate_align):
        with pytest.raises(ValueError, match=r"no face of the split val; give --split another one"):
            measured(zoo, alone)


@pytest.mark.expects_log("nothing is measured on real masks")
def test_own_data_without_hand_drawn_maps(
    trained: Workplace, own_zoo: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    arguments = ["evaluate", "tiny_map", "--zoo", str(own_zoo), "--data", str(tmp_path)]
    with caplog.at_level(logging.INFO, "training"):
        assert main([*arguments, "--packs", str(trained.packs), "--count", "2"]) == 0
    labels = tmp_path / "real_masked" / "labels.json"
    assert f"{labels} is not there; nothing is measured on real masks." in caplog.messages
    assert read_card(own_zoo / "tiny_map").figures.keys() == {"val"}


@pytest.mark.expects_log("the interval stays as it is")
def test_an_interval_is_kept_where_nobody_can_be_asked(
    trained: Workplace,
    own_zoo: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    packs = without_val(trained.packs / "faces", tmp_path / "packs" / "faces").parent
    stating = own_zoo / "tiny_adversarial_gan"
    card = read_card(stating)
    output = card.output.model_copy(update={"error": 2.0})
    write_card(card.model_copy(update={"output": output}), stating)
    arguments = ["evaluate", stating.name, "--zoo", str(own_zoo), "--data", str(trained.data)]
    with caplog.at_level(logging.INFO, "training"):
        assert main([*arguments, "--packs", str(packs), "--split", "test", "--count", "1"]) == 0
    assert f"No face of the split val is in {packs / 'faces'}; the interval stays" in caplog.text
    assert read_card(stating).output.error == 2.0


def without_val(faces: Path, out: Path) -> Path:
    """The pack with its people of val in train."""
    shutil.copytree(faces, out)
    index = json.loads((out / "index.json").read_text())
    index["splits"] = [split.replace("val", "train") for split in index["splits"]]
    (out / "index.json").write_text(json.dumps(index))
    return out


@pytest.mark.parametrize(
    ("name", "pack"), [("tiny_adversarial_sketch", "faces"), ("tiny_align", "masked")]
)
def test_crops_are_no_photos_to_measure_on(
    trained: Workplace,
    own_zoo: Path,
    crops: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    pack: str,
) -> None:
    arguments = ["evaluate", name, "--zoo", str(own_zoo), "--data", str(trained.data)]
    assert main([*arguments, "--packs", str(crops)]) == 1
    assert f"The compact pack {crops / pack} holds the" in capsys.readouterr().err


def test_the_sketch(trained: Workplace, own_zoo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    name = "tiny_adversarial_sketch"
    figures = evaluated(trained, own_zoo, name, "--split", "val", "--split", "test", "--count", "3")
    groups = read_card(own_zoo / name).groups
    assert json.loads(capsys.readouterr().out) == {"figures": figures, "groups": groups}
    assert {name.split(",")[0] for name in groups} == {"val", "test"}
    assert (figures["val"]["faces"], figures["test"]["faces"]) == (3, 2)
    assert 0 < float(figures["val"]["l1_hole"]) < 1


def test_a_dry_run_leaves_the_card_alone(trained: Workplace, own_zoo: Path) -> None:
    assert evaluated(trained, own_zoo, "tiny_align", "--dry-run") == {}


def test_instruments_that_are_missing_are_named(
    trained: Workplace,
    own_zoo: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    capsys.readouterr()
    arguments = ["evaluate", "tiny_adversarial_gan", "--zoo", str(own_zoo), "--count", "1"]
    folders = ["--data", str(trained.data), "--packs", str(trained.packs)]
    with caplog.at_level(logging.INFO, "training"):
        assert main([*arguments, *folders]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]["val"]
    assert figures["psnr_hole"] > 0
    assert "mouth_error" not in figures
    folder = trained.data / "instruments"
    for gives, file in (
        ("mouth error", "landmarks68.onnx"),
        ("identity cosine", "face_embedding_mobilefacenet.onnx"),
        ("SqueezeNet distance", "squeezenet1_1_features.npz"),
    ):
        assert f"No {gives}: put {file} into {folder} to have it." in caplog.messages


def test_the_named_model_is_measured_not_the_default(trained: Workplace, own_zoo: Path) -> None:
    """Two aligners in one zoo: each gets its own figures."""
    first = Zoo(own_zoo).get("tiny_align")
    other = own_zoo / "a_default"
    shutil.copytree(first.folder, other)
    write_card(first.card.model_copy(update={"name": "a_default", "version": "8"}), other)
    zoo = Zoo(own_zoo)
    assert zoo.default("align").card.name == "a_default"
    pack = open_masked(trained.packs / "masked")
    worse = zoo.get("tiny_align")
    wide = worse.card.input.model_copy(update={"margin": 2.0})
    write_card(worse.card.model_copy(update={"input": wide}), worse.folder)
    zoo = Zoo(own_zoo)
    named = evaluate_align(zoo, pack, model=zoo.get("tiny_align"))
    assert named != evaluate_align(zoo, pack)
    figures, groups = named
    assert evaluated(trained, own_zoo, "tiny_align") == figures
    assert groups["val, head turned further"]["faces"] == figures["val"]["faces"]


def test_a_missed_face_counts_as_no_overlap(trained: Workplace, zoo: Zoo) -> None:
    ((photo, score, seen),) = real_maps(zoo, read_real(trained.data))
    assert 0 <= score <= 1
    assert seen.shape == photo.pixels.shape[:2]


def test_hand_drawn_labels_are_read(workplace: Workplace) -> None:
    (photo,) = read_real(workplace.data)
    assert photo.name == "000"
    assert photo.pixels.shape == (512, 512, 3)
    assert photo.boxes.tolist() == [[175, 59, 275, 182]]
    assert photo.ignored.shape == (0, 4)
    assert 3000 < photo.maps[0].sum() < 6000
    assert photo.maps[0][140, 225]
    assert not photo.maps[0][80, 225]


def test_only_the_split_that_was_asked_for_is_measured(trained: Workplace, zoo: Zoo) -> None:
    pack = open_pack(trained.packs / "faces")
    figures, groups = evaluate_sketch(
        zoo, "tiny_adversarial_sketch", pack, trained.data, "train", count=100
    )
    figures_of = figures["train"]
    assert figures_of["faces"] == TRAIN
    assert 0 < float(figures_of["ink_hole"]) < 1
    assert figures_of["hypotheses"] == 4
    # Every face has a skin tone and a pose.
    assert sum(int(part["faces"]) for part in groups.values()) == 2 * TRAIN

"""The zoo: every sound model is found whatever is wrong with its neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.inference.card import CARD_FILE
from app.inference.errors import ModelError
from app.inference.zoo import DEFAULTS_FILE, Zoo
from tests.support.tiny_models import add_model, map_model, reconstruct_model, write_tiny_zoo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tiny_zoo(tmp_path / "zoo")


def test_finds_every_model_in_the_order_of_the_work(folder: Path) -> None:
    zoo = Zoo(folder)
    names = [card.name for card in zoo.models]
    assert names == [
        "tiny_locate", "tiny_align", "tiny_map", "tiny_rgb", "tiny_sketch", "tiny_gan"
    ]  # fmt: skip
    assert zoo.problems == ()


def test_folders_that_are_not_there_hold_no_models(tmp_path: Path) -> None:
    zoo = Zoo(tmp_path / "none")
    assert zoo.models == ()
    assert zoo.problems == ()
    with pytest.raises(ModelError, match="installed are: none"):
        zoo.get("anything")
    with pytest.raises(ModelError, match=r"No map model is installed; add one to .*none"):
        zoo.default("map")


def test_get_by_name_and_by_kind(folder: Path) -> None:
    zoo = Zoo(folder)
    assert zoo.get("tiny_sketch").card.name == "tiny_sketch"
    assert zoo.get("sketch").card.name == "tiny_sketch"
    assert zoo.get("gan").path == folder / "tiny_gan" / "model.onnx"
    with pytest.raises(ModelError, match=r"no model named tiny_x; installed are: tiny_locate, "):
        zoo.get("tiny_x")


def test_the_default_is_what_its_card_says(folder: Path) -> None:
    add_model(folder, "a_first", "reconstruct", reconstruct_model(), default=False)
    zoo = Zoo(folder)
    assert zoo.default("reconstruct", "rgb").card.name == "tiny_rgb"
    assert zoo.default("reconstruct").card.name == "tiny_rgb"
    (folder / "tiny_rgb" / CARD_FILE).unlink()
    zoo.refresh()
    assert zoo.default("reconstruct", "rgb").card.name == "a_first"


def test_an_added_model_takes_the_place_of_no_default(folder: Path, tmp_path: Path) -> None:
    added = tmp_path / "added"
    add_model(added, "aaa", "map", map_model(), default=True)
    add_model(added, "bbb", "reconstruct", reconstruct_model(), default=True)
    (folder / "tiny_gan" / CARD_FILE).unlink()
    (folder / "tiny_gan" / "model.onnx").unlink()
    add_model(added, "ccc", "reconstruct", reconstruct_model(), kind="gan", default=False)
    zoo = Zoo(folder, added)
    assert zoo.default("map").card.name == "tiny_map"
    assert zoo.get("rgb").card.name == "tiny_rgb"
    assert zoo.get("gan").card.name == "ccc"  # there is no other
    # What the window and the list show: one of each.
    assert [card.name for card in zoo.models if card.default] == [
        "tiny_locate", "tiny_align", "tiny_map", "tiny_rgb", "tiny_sketch", "ccc"
    ]  # fmt: skip


def test_the_users_choice_is_the_default(folder: Path, tmp_path: Path) -> None:
    lab, own = tmp_path / "lab", tmp_path / "own"
    add_model(lab, "lab_map", "map", map_model(), default=False)
    add_model(lab, "lab_rgb", "reconstruct", reconstruct_model(), default=False)
    own.mkdir()
    (lab / DEFAULTS_FILE).write_text("lab_map\nlab_rgb\n")
    (own / DEFAULTS_FILE).write_text("tiny_rgb")
    zoo = Zoo(folder, lab, own)
    assert zoo.problems == ()
    assert zoo.default("map").card.name == "lab_map"
    assert zoo.default("reconstruct").card.name == "tiny_rgb"
    assert [card.name for card in zoo.models if card.task == "map" and card.default] == ["lab_map"]


@pytest.mark.parametrize(
    ("content", "said"), [(b"gone", "is not installed"), (b"\xff", "could not be read")]
)
def test_a_choice_that_cannot_be_kept_is_a_problem(folder: Path, content: bytes, said: str) -> None:
    (folder / DEFAULTS_FILE).write_bytes(content)
    zoo = Zoo(folder)
    (problem,) = zoo.problems
    assert said in problem.message
    assert str(folder / DEFAULTS_FILE) in problem.message
    assert zoo.default("map").card.name == "tiny_map"


def test_a_broken_card_is_a_problem_and_the_rest_works(folder: Path) -> None:
    (folder / "tiny_gan" / CARD_FILE).write_text("format = 1\n")
    (folder / "tiny_sketch" / CARD_FILE).unlink()
    (folder / "notes").mkdir()
    (folder / "readme.txt").write_text("not a model")
    zoo = Zoo(folder)
    assert [card.name for card in zoo.models if card.task == "reconstruct"] == ["tiny_rgb"]
    messages = {problem.folder.name: problem.message for problem in zoo.problems}
    assert set(messages) == {"tiny_gan", "tiny_sketch"}
    assert "has no field" in messages["tiny_gan"]
    assert "has no card.toml" in messages["tiny_sketch"]
    with pytest.raises(ModelError, match="has no field"):
        zoo.get("tiny_gan")


def test_the_first_folder_wins(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    add_model(other, "tiny_map", "map", map_model(), version="9")
    zoo = Zoo(folder, other)
    assert zoo.get("tiny_map").card.version == "1"
    (problem,) = zoo.problems
    assert "is hidden by the one in" in problem.message


def test_a_zoo_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "zoo"
    file.write_text("")
    (problem,) = Zoo(file).problems
    assert "could not be read" in problem.message


def test_verify_and_read(folder: Path) -> None:
    zoo = Zoo(folder)
    path = folder / "tiny_map" / "model.onnx"
    sound = path.read_bytes()
    assert zoo.verify("tiny_map") == ()
    assert zoo.get("tiny_map").read() == sound

    changed = bytes([*sound[:-1], sound[-1] ^ 1])
    path.write_bytes(changed)
    (message,) = zoo.verify("tiny_map")
    assert "is not the one that its card describes (SHA-256 differs)" in message
    assert str(path) in message

    path.write_bytes(sound[:100])
    assert "has 100 bytes" in zoo.verify("tiny_map")[0]
    path.unlink()
    assert "could not be read" in zoo.verify("tiny_map")[0]
    assert "no model named" in zoo.verify("nothing")[0]
    assert zoo.verify("tiny_rgb") == ()

"""Cards: what is written is read again, and whatever is wrong is said in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.imaging.alignment import AlignmentSpec
from app.inference.card import CARD_FILE, Card, read_card, write_card
from app.inference.errors import CardError
from tests.support.tiny_models import LATENT, make_card

TASKS = ("locate", "align", "map", "reconstruct")


def written(tmp_path: Path, task: str = "reconstruct", **changes: Any) -> Path:
    """A model folder with a sound card and nothing else."""
    folder = tmp_path / "model"
    folder.mkdir()
    write_card(make_card("model", task, b"x", **changes), folder)
    return folder


def edit(folder: Path, old: str, new: str) -> None:
    """Change the card's text as a hand would."""
    path = folder / CARD_FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problem(folder: Path) -> str:
    """The sentence that reading the card ends in."""
    with pytest.raises(CardError) as caught:
        read_card(folder)
    message = str(caught.value)
    assert str(folder / CARD_FILE) in message
    assert message.endswith(".")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("task", TASKS)
def test_round_trip(tmp_path: Path, task: str) -> None:
    folder = written(tmp_path, task)
    assert read_card(folder) == make_card("model", task, b"x")


def test_round_trip_of_everything_optional(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "input": {"size": 640, "sizes": [640, 320], "score_threshold": 0.4},
        "figures": {
            "val": {"recall": 0.985, "photos": 47, "note": 'by "hand"\nand eye'},
            "real photos": {"iou 0.4": 1e-05, "ok": True},
        },
    }
    card = make_card("model", "locate", b"x", **changes)
    folder = tmp_path / "model"
    folder.mkdir()
    assert write_card(card, folder) == folder / CARD_FILE
    again = read_card(folder)
    assert again == card
    assert again.input.sizes == (640, 320)
    assert list(again.figures["val"]) == ["recall", "photos", "note"]
    assert again.figures["real photos"]["ok"] is True
    assert [path.name for path in folder.iterdir()] == [CARD_FILE]


@given(
    title=st.text(min_size=1).filter(lambda text: bool(text.strip())),
    figures=st.dictionaries(
        st.text(),
        st.dictionaries(
            st.text(),
            st.one_of(
                st.booleans(),
                st.integers(-(2**62), 2**62),
                st.floats(allow_nan=False, allow_infinity=False),
                st.text(),
            ),
        ),
        max_size=4,
    ),
)
def test_any_text_and_number_survives(
    tmp_path_factory: pytest.TempPathFactory, title: str, figures: dict[str, dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("zoo") / "model"
    folder.mkdir()
    card = make_card("model", "map", b"x", title=title, figures=figures)
    write_card(card, folder)
    assert read_card(folder) == card


def test_training_may_say_more(tmp_path: Path) -> None:
    folder = written(tmp_path)
    edit(folder, 'machine = "none"', 'machine = "none"\nminutes = 45.5')
    again = read_card(folder)
    assert again.training.__pydantic_extra__ == {"minutes": 45.5}
    write_card(again, folder)
    assert read_card(folder) == again


def test_alignment_comes_from_the_card() -> None:
    card = make_card("model", "map", b"x", input={"size": 128, "eye_distance": 0.35, "eye_y": 0.4})
    assert card.input.alignment == AlignmentSpec(eye_distance=0.35, eye_y=0.4)


def test_a_whole_number_is_a_version_too(tmp_path: Path) -> None:
    folder = written(tmp_path)
    edit(folder, 'version = "1"', "version = 2")
    assert read_card(folder).version == "2"


def test_cards_do_not_change() -> None:
    card = make_card("model", "map", b"x")
    with pytest.raises(ValidationError):
        card.title = "another"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('licence = "MIT"\n', "", "has no field licence"),
        ('sha256 = "', 'sha = "', "has no field file.sha256 (and 1 more)"),
        ("seed = 0\n", "", "has no field training.seed"),
        ("eye_y = 0.42\n", "", "has no field input.eye_y, which a reconstruct model needs"),
        ("map_dilation = 1\n", "", "has no field input.map_dilation"),
        ('kind = "rgb"\nversion', "version", "has no field kind"),
        ('title = "', 'titel = "x"\ntitle = "', "has the unknown field titel"),
        ("map_dilation = 1", "map_dilation = 1\nmargin = 1.5", "has a field input.margin"),
        ('task = "reconstruct"', 'task = "guess"', "has a wrong value in the field task"),
        ("size = 32", 'size = "big"', "has a wrong value in the field input.size"),
        ("size = 32", "size = 4", "has a wrong value in the field input.size"),
        ("eye_y = 0.42", "eye_y = nan", "has a wrong value in the field input.eye_y"),
        ('"model.onnx"', '"../model.onnx"', "must be a plain file name"),
        ("format = 1", "format = 2", "has a wrong value in the field format"),
        ('[output]\nkind = "rgb"', '[output]\nkind = "sketch"', "says output.kind is sketch"),
        ('[output]\nkind = "rgb"', '[output]\nkind = "boxes"', "says output.kind is boxes"),
        ("licence", "= licence", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = written(tmp_path)
    edit(folder, old, new)
    assert said in problem(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"input": {"size": 100}}, "not a multiple of 64"),
        ({"input": {"size": 128, "sizes": [128, 0]}}, "not a multiple of 64"),
        ({"kind": "rgb"}, "has kind or output.latent"),
        ({"output": {"kind": "boxes", "latent": 3}}, "has kind or output.latent"),
        ({"output": {"kind": "boxes", "modes": 3}}, "more than its 0 latent values"),
        ({"output": {"kind": "boxes", "latent": 3, "modes": 3, "antithetic": True}}, "only one can be"),
        ({"name": "rgb"}, "ask for a default"),
        ({"name": "a/b"}, "may hold only"),
    ],
)
def test_what_no_card_can_be(changes: dict[str, Any], said: str) -> None:
    document = make_card("model", "locate", b"x").model_dump()
    document["input"] = {"size": 128}
    with pytest.raises(ValidationError, match=said):
        Card.model_validate(document | changes)


def test_latent_belongs_to_reconstruct() -> None:
    output = {"kind": "rgb", "latent": LATENT}
    assert make_card("m", "reconstruct", b"x", kind="gan", output=output).output.latent == LATENT


def test_a_card_lies_in_the_folder_of_its_name(tmp_path: Path) -> None:
    folder = written(tmp_path)
    moved = folder.rename(tmp_path / "other")
    assert "is named model but lies in the folder other" in problem(moved)
    with pytest.raises(CardError, match="cannot be written"):
        write_card(make_card("model", "map", b"x"), moved)


def test_missing_unreadable_and_binary_cards(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    assert "could not be read" in problem(folder)
    (folder / CARD_FILE).write_bytes(b"title = '\xff\xfe'")
    assert "is not UTF-8 text" in problem(folder)
    (folder / CARD_FILE).unlink()
    (folder / CARD_FILE).mkdir()
    assert "could not be read" in problem(folder)

"""A run's data hash covers all that it reads, so that it is never continued on other data."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.conftest import Workplace
from training.cli import main
from training.data.faces import open_pack
from training.data.masked import open_masked, pack_masked


@pytest.fixture
def own(workplace: Workplace, tmp_path: Path) -> Workplace:
    """Packs and data of one's own, to be changed; with a taught pack."""
    packs = Path(shutil.copytree(workplace.packs, tmp_path / "packs"))
    data = Path(shutil.copytree(workplace.data, tmp_path / "data"))
    (packs / "taught").mkdir()
    write_taught(packs / "taught", 0)
    return dataclasses.replace(
        workplace, data=data, packs=packs, runs=tmp_path / "runs", recipes=tmp_path / "recipes"
    )


def write_taught(folder: Path, value: int) -> None:
    """A taught pack of one picture."""
    np.save(folder / "crops.npy", np.full((1, 208, 208, 3), value, np.uint8))
    np.save(folder / "maps.npy", np.zeros((1, 208, 208), np.uint8))
    (folder / "faces.json").write_text("{}")


def redraw(place: Workplace, seed: int) -> None:
    """Draw the masks anew."""
    packs = place.packs
    pack_masked(place.data, packs / "faces", packs / "masked", variants=1, seed=seed)


@pytest.mark.parametrize("name", ["regression", "landmarks"])
def test_another_masked_pack_does_not_continue_a_run_that_takes_holes_from_it(
    own: Workplace, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    arguments = own.train(own.recipe(name, worn_share=0.5))
    assert main([*arguments, "--steps", "1"]) == 0
    redraw(own, 8)
    assert main([*arguments, "--steps", "2"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert f"The run {own.runs / name} was started on other data" in said
    assert "go back to the first packs" in said


def test_a_run_that_reads_one_pack_has_its_hash(own: Workplace) -> None:
    for name in ("regression", "landmarks"):
        assert own.task(name).data_sha256 == open_pack(own.packs / "faces").sha256
    for name in ("map", "align"):
        assert own.task(name).data_sha256 == open_masked(own.packs / "masked").sha256


def test_the_taught_pack_counts_where_it_is_shown(own: Workplace) -> None:
    before = own.task("map", taught_share=0.5).data_sha256
    assert own.task("map", taught_share=0.5).data_sha256 == before
    assert own.task("map").data_sha256 != before
    write_taught(own.packs / "taught", 9)
    assert own.task("map", taught_share=0.5).data_sha256 != before


def other_photo(place: Workplace) -> None:
    shutil.copy(place.data / "real_masked" / "000.jpg", place.data / "real_masked" / "001.jpg")


def other_boxes(place: Workplace) -> None:
    found = {"001.jpg": [[9.0, 9.0, 90.0, 90.0, 0.9, 0.95]]}
    (place.packs / "taught" / "faces.json").write_text(json.dumps(found))


def other_table(place: Workplace) -> None:
    (place.data / "lfw_faces_yunet.json").write_text(json.dumps({"photos": {}}))


@pytest.mark.parametrize("change", [other_photo, other_boxes, other_table])
def test_real_photos_and_their_boxes_count_for_the_locator(own: Workplace, change: Any) -> None:
    shown = {"real_share": 0.5, "taught": True}
    before = own.task("locate", **shown).data_sha256
    assert own.task("locate", **shown).data_sha256 == before
    change(own)
    assert own.task("locate", **shown).data_sha256 != before


def test_photos_that_are_not_shown_do_not_count(own: Workplace) -> None:
    before = own.task("locate", real_share=0.0).data_sha256
    other_photo(own)
    assert own.task("locate", real_share=0.0).data_sha256 == before


def test_a_checkpoint_from_before_all_packs_were_hashed_goes_on(own: Workplace) -> None:
    arguments = own.train(own.recipe("regression", worn_share=0.5))
    assert main([*arguments, "--steps", "1"]) == 0
    path = own.runs / "regression" / "checkpoint.pt"
    saved = torch.load(path, weights_only=True)
    saved["data_sha256"] = saved.pop("pack_sha256")
    torch.save(saved, path)
    assert main([*arguments, "--steps", "2"]) == 0
    assert "pack_sha256" in torch.load(path, weights_only=True)


def test_the_hash_of_the_masked_pack_follows_what_was_drawn(
    own: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.data import masked

    redraw(own, 7)
    first = open_masked(own.packs / "masked").sha256
    redraw(own, 7)
    assert open_masked(own.packs / "masked").sha256 == first
    before = masked._made_of
    # Another version of the program draws otherwise from the same seed.
    monkeypatch.setattr(
        masked, "_made_of", lambda *given, seed, **more: before(*given, seed=7, **more)
    )
    redraw(own, 8)
    assert open_masked(own.packs / "masked").sha256 != first

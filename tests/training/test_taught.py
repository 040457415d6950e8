"""The taught pack: what makes it, and what is said where it is missing or cannot be made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.tiny_models import DrawnFace, draw_photo, write_tiny_zoo
from tests.support.training_data import write_picture
from tests.training.conftest import Workplace
from training.cli import main
from training.data import taught


@pytest.mark.parametrize(
    ("name", "shown"),
    [("map", {"taught_share": 0.5}), ("locate", {"taught": True, "real_share": 0.5})],
)
def test_a_recipe_that_learns_from_the_pack_asks_for_it(
    workplace: Workplace, capsys: pytest.CaptureFixture[str], name: str, shown: dict[str, object]
) -> None:
    path = workplace.recipe(name, name="untaught", **shown)
    capsys.readouterr()
    assert main(workplace.train(path)) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert str(workplace.packs / "taught") in said
    assert "`revisage-train prepare --teach ZOO`" in said


def test_photos_without_a_usable_face_teach_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data, packs, zoo = (tmp_path / name for name in ("data", "packs", "zoo"))
    real = data / "real_masked"
    real.mkdir(parents=True)
    (real / "labels.json").write_text(json.dumps({"format": 1, "images": []}))
    shown = {
        "000": [],
        "001_bare": [DrawnFace((20, 20, 120, 140), masked=False)],
        "002_small": [DrawnFace((20, 20, 45, 55))],
        # The tiny map model is sure of less than half of every crop.
        "003_uncertain": [DrawnFace((20, 20, 120, 140))],
    }
    for name, faces in shown.items():
        write_picture(real / f"{name}.jpg", draw_photo(160, 160, faces))
    command = ["prepare", "--data", str(data), "--packs", str(packs)]
    command += ["--teach", str(write_tiny_zoo(zoo))]
    assert main(command) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert f"On none of the photos in {data} was a mask mapped with certainty" in said
    assert "give --teach a zoo with better models, or go without the pack." in said
    assert not packs.exists()

    # The other three would be left out by any model.
    monkeypatch.setattr(taught, "LEAST_CERTAIN", 0.3)
    assert main(command) == 0
    assert f"1 real faces are in {packs / 'taught'}." in capsys.readouterr().out
    assert len(taught.open_taught(packs / "taught").crops) == 1

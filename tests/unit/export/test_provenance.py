"""Provenance: a file from which every picture beside it can be checked and made again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.case.records import ReconstructionResult
from app.export.errors import ExportError
from app.export.pictures import write_composite, write_map_png
from app.export.provenance import STATEMENT, provenance_name, write_provenance
from tests.support.records import result


def test_everything_is_in_it(tmp_path: Path) -> None:
    run = result(notes=("One sentence.",))
    pixels = np.zeros((40, 50, 3), np.uint8)
    files = [
        write_map_png(tmp_path / "p.map.png", pixels[..., 0] > 0),
        write_composite(tmp_path / "p.rgb.h1.png", pixels, result=run, hypothesis=1),
    ]
    path = tmp_path / provenance_name("p")
    write_provenance(
        path,
        photo_name="p.jpg",
        photo_sha256="b" * 64,
        photo_size=(640, 480),
        results=[run],
        files=files,
        notes=["Seen."],
    )
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["format"] == 1
    assert document["made_by"].startswith("Revisage ")
    assert document["statement"] == STATEMENT
    assert "do not identify" in STATEMENT
    assert document["photo"] == {
        "name": "p.jpg",
        "sha256": "b" * 64,
        "width": 640,
        "height": 480,
    }
    (stored,) = document["runs"]
    assert stored.pop("key") == run.request.key
    assert ReconstructionResult.from_dict(stored) == run
    assert [file["name"] for file in document["files"]] == ["p.map.png", "p.rgb.h1.png"]
    assert document["files"][1] == {
        "name": "p.rgb.h1.png",
        "role": "composite",
        "sha256": files[1].sha256,
        "run": run.request.key,
        "hypothesis": 1,
        "label": files[1].label,
        "visible_label": True,
    }
    assert document["notes"] == ["Seen."]


def write_empty(path: Path, *, name: str = "p.jpg", force: bool = False) -> None:
    write_provenance(
        path,
        photo_name=name,
        photo_sha256="b" * 64,
        photo_size=(1, 1),
        results=[],
        files=[],
        notes=["No face wears a mask."],
        force=force,
    )


def test_a_photo_without_a_run(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    write_empty(path)
    assert json.loads(path.read_text(encoding="utf-8"))["runs"] == []
    with pytest.raises(ExportError, match="exists already"):
        write_empty(path)
    write_empty(path, force=True)


def test_names_that_are_no_text(tmp_path: Path) -> None:
    """A file name of another encoding reaches Python with lone surrogates."""
    name = b"f\xe4lle.jpg".decode("utf-8", "surrogateescape")
    path = tmp_path / "p.json"
    write_empty(path, name=name)
    assert json.loads(path.read_text(encoding="utf-8"))["photo"]["name"] == name

"""`revisage batch` with the export formats that are asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.batch.order import Order
from app.export.formats import exporters
from tests.e2e.conftest import Cli, write_png
from tests.support.batches import RESULTS, files, lines
from tests.support.tiny_models import DrawnFace, draw_photo


def test_every_format_bit_for_bit_as_reconstruct_writes_it(
    cli: Cli, tiny_zoo: Path, tmp_path: Path
) -> None:
    # A PDF has the time of its making in it, and embedding its fonts takes seconds.
    names = [each.name for each in exporters() if each.suffix != ".pdf"]
    two = [DrawnFace((15, 20, 75, 100)), DrawnFace((105, 20, 165, 100), second=True)]
    root = tmp_path / "photos"
    root.mkdir()
    photo = write_png(root / "two.png", draw_photo(200, 150, two))
    options = ["--model", "rgb,gan", "--hypotheses", "2", "--format", ",".join(names), "--quiet"]
    out, single = tmp_path / "out", tmp_path / "single"
    assert cli("batch", root, "--out", out, *options).code == 0
    assert cli("reconstruct", photo, "--out", single, *options).code == 0
    made = {name: data for name, data in files(single).items() if "provenance" not in name}
    assert {Path(name).suffix for name in made} >= {".png", ".tif", ".jpg", ".svg"}
    assert any(".face2." in name for name in made)
    order = Order(models=("rgb", "gan"), formats={name: {} for name in names})
    for name, content in made.items():
        # A sheet says when it was made; the others hold nothing but the work.
        assert ".sheet." in name or (out / name).read_bytes() == content, name
        assert order.may_write("two", name)  # else a foreign file of this name would be lost
        assert not order.may_write("tw", name)
        assert not order.may_write("two.rgb", name)
    record = json.loads((out / "two.provenance.json").read_text())
    assert {file["name"] for file in record["files"]} == set(made)
    (entry,) = lines(out / RESULTS)
    assert {Path(name).name for name in entry["files"]} == set(made) | {"two.provenance.json"}
    assert any(
        "No uncertainty-png" in note for note in entry["notes"]
    )  # of the model without latents
    assert cli("batch", root, "--out", out, *options, "--json").document["worked"] == 0


def test_another_format_keeps_the_first_ones_files_and_record(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    (tree / "broken.jpg").unlink()
    out = tmp_path / "out"
    assert cli("batch", tree, "--out", out, "--format", "composite-png").code == 0
    before = files(out)
    assert cli("batch", tree, "--out", out, "--format", "composite-tiff").code == 0
    after = files(out)
    assert after["one.rgb.h1.png"] == before["one.rgb.h1.png"]
    assert after["one.earlier1.provenance.json"] == before["one.provenance.json"]
    assert {"one.rgb.h1.tif", "deep/er/one.rgb.h1.tif"} <= set(after)
    run = cli("batch", tree, "--out", out, "--format", "composite-png", "--json")
    assert (run.code, run.document["worked"]) == (0, 4)  # its own files are no strangers


def test_a_foreign_file_in_a_formats_place_stays(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "one.rgb.h1.tif").write_text("mine")
    (out / "one.rgb.report.doc").write_text("no name of ours")
    for _ in range(2):  # a failure makes it no less foreign
        run = cli("batch", tree, "--out", out, "--format", "composite-tiff", "--json")
        assert run.document["failed"] == 2
        assert f"{out / 'one.rgb.h1.tif'} exists already" in run.err
        assert (out / "one.rgb.h1.tif").read_text() == "mine"
    run = cli("batch", tree, "--out", out, "--format", "composite-tiff", "--force", "--json")
    assert run.document["failed"] == 1
    assert (out / "one.rgb.h1.tif").stat().st_size > 1000
    assert (out / "one.rgb.report.doc").read_text() == "no name of ours"


def test_options_of_a_format_are_part_of_the_order(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    (tree / "broken.jpg").unlink()
    for paper, worked in (("a4", 4), ("a4", 0), ("letter", 4)):
        run = cli(
            "batch", tree, "--out", tmp_path / "out", "--json",
            "--format", "sheet-png", "--set", f"paper={paper}",
        )  # fmt: skip
        assert (run.code, run.document["worked"]) == (0, worked), run.err


def test_exports_are_signed_with_the_certificate_that_is_given(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    pytest.importorskip("c2pa")
    from app.export.local_certificate import make_local_certificate

    signing = make_local_certificate("Lab", folder=tmp_path / "signing")
    (tree / "broken.jpg").unlink()
    out = tmp_path / "out"
    signed = ["--certificate", signing.certificate, "--key", signing.key]
    assert cli("batch", tree, "--out", out, "--json").document["worked"] == 4
    assert b"c2pa" not in (out / "one.rgb.h1.png").read_bytes()
    run = cli("batch", tree, "--out", out, *signed, "--json")
    assert (run.code, run.document["worked"]) == (0, 4), run.err
    assert b"c2pa" in (out / "one.rgb.h1.png").read_bytes()

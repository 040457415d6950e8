"""`revisage batch`: complete, resumable, and nothing but many `revisage reconstruct`."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.cli.batch import table
from tests.e2e.conftest import BARE, FACE, SIZE, Cli, write_png
from tests.support.batches import FAILURES, RESULTS, files, lines, times
from tests.support.pictures import several_pictures
from tests.support.tiny_models import draw_photo


def test_a_tree(cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = cli("batch", tree, "--out", out, "--json")
    assert run.code == 1  # one photo is broken
    assert run.document == {
        "photos": 5,
        "done": 4,
        "failed": 1,
        "worked": 5,
        "statuses": {"reconstructed": 2, "no mask was found": 1, "no face was found": 1},
        "others": 1,
        "links": 0,
        "earlier_results": 0,
        "results": str(out / RESULTS),
        "failures": str(out / FAILURES),
    }
    assert set(files(out)) == {
        "one.rgb.h1.png",
        "one.provenance.json",
        "deep/er/one.rgb.h1.png",
        "deep/er/one.provenance.json",
        "deep/bare.provenance.json",
        "deep/faceless.provenance.json",
    }
    assert "1 of 5 photos failed" in run.err
    assert str(tree / "broken.jpg") in run.err
    (failure,) = lines(out / FAILURES)
    assert failure["path"] == str(tree / "broken.jpg")
    entries = {Path(entry["path"]).name: entry for entry in lines(out / RESULTS)}
    assert len(lines(out / RESULTS)) == 5
    assert entries["bare.png"]["status"] == "no mask was found"
    assert entries["broken.jpg"]["error"] == failure["error"]
    for entry in lines(out / RESULTS):
        assert all(Path(name).is_file() for name in entry.get("files", []))
    assert not list(out.rglob("*.part"))


def test_the_table_of_failures_names_each_path_once() -> None:
    failures = {
        "/a/cut.jpg": "/a/cut.jpg is cut short.",
        "/a/killed.jpg": "/a/killed.jpg: every worker that took it died.",
        "/a/link.jpg": "The photo /a/link.jpg could not be read.",
        "/a/secret": "The folder /a/secret could not be read.",
    }
    shown = table(failures.items(), 120)
    assert [line.split(None, 1) for line in shown] == [
        ["/a/cut.jpg", "is cut short."],
        ["/a/killed.jpg", "every worker that took it died."],
        ["/a/link.jpg", "could not be read."],
        ["/a/secret", "could not be read."],
    ]


def test_of_several_pictures_the_first_is_worked_on(
    cli: Cli, tiny_zoo: Path, tmp_path: Path
) -> None:
    tree, out = tmp_path / "photos", tmp_path / "out"
    tree.mkdir()
    several = several_pictures(tree / "pages.tif", draw_photo(*SIZE, [FACE]), 2)
    several_pictures(tree / "page.tif", draw_photo(*SIZE, [FACE]), 1)
    run = cli("batch", tree, "--out", out, "--json")
    assert run.code == 0
    assert run.document["statuses"] == {"reconstructed": 2}
    said = (
        f"{several} holds 2 pictures, of which only the first is used; save the others as files of "
        "their own."
    )
    notes = {Path(entry["path"]).name: entry["notes"] for entry in lines(out / RESULTS)}
    assert notes["pages.tif"] == [said, *notes["page.tif"]]
    assert said not in notes["page.tif"]
    for stem, expected in (("page", []), ("pages", [said])):
        assert json.loads((out / f"{stem}.provenance.json").read_text())["notes"] == expected


def test_what_revisage_made_is_no_evidence(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    """Outputs of `reconstruct` and `map` that lie in the tree are left out, and counted."""
    (tree / "broken.jpg").unlink()
    photo, out = tree / "one.png", tmp_path / "out"
    cli("map", photo, "--out", tree / "earlier", "--quiet")
    cli("reconstruct", photo, "--out", tree / "earlier", "--model", "gan", "--hypotheses", "2")
    cli("reconstruct", photo, "--out", tree, "--format", "composite-jpeg,composite-tiff,sheet-png")
    shutil.copy(tree / "one.rgb.sheet.png", tree / "deep" / "found.png")
    made = {path for path in tree.rglob("*") if ".provenance" not in path.name and "." in path.name}
    made -= {tree / "notes.txt", photo, *(tree / "deep").rglob("*.png")}
    made.add(tree / "deep" / "found.png")
    assert len(made) == 8
    run = cli("batch", tree, "--out", out)
    assert run.code == 0
    assert f"{len(made):>8}  made by Revisage, left out" in run.out
    entries = {Path(entry["path"]): entry for entry in lines(out / RESULTS)}
    assert {path for path, entry in entries.items() if "made by" in entry["status"]} == made
    keys = {tuple(entry) for entry in entries.values()}
    assert len(keys) == 1  # whoever reads the lines finds the same fields in each
    assert not any(entries[path]["files"] for path in made)
    assert set(files(out)) == {
        *(f"{stem}.rgb.h1.png" for stem in ("one", "deep/er/one")),
        *(
            f"{stem}.provenance.json"
            for stem in ("one", "deep/er/one", "deep/bare", "deep/faceless")
        ),
    }
    os.utime(tree / "deep" / "found.png", ns=(1, 1))
    run = cli("batch", tree, "--out", out, "--json")
    assert (run.code, run.document["worked"]) == (0, 1)
    assert run.document["statuses"]["made by Revisage, left out"] == len(made)


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_the_pictures_are_those_of_reconstruct_bit_for_bit(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path, jobs: str
) -> None:
    options = ["--model", "rgb,sketch,gan", "--hypotheses", "3", "--seed", "5", "--quiet"]
    out, single = tmp_path / "out", tmp_path / "single"
    cli("batch", tree, "--out", out, "--jobs", jobs, *options)
    cli("reconstruct", tree / "deep" / "er" / "one.png", "--out", single, *options)
    made = {name: content for name, content in files(single).items() if name.endswith(".png")}
    assert len(made) == 3 + 1 + 1 + 1  # three by the GAN, with their uncertainty
    for name, content in made.items():
        assert (out / "deep" / "er" / name).read_bytes() == content, name
    ours, theirs = (
        json.loads((folder / "one.provenance.json").read_text())
        for folder in (out / "deep" / "er", single)
    )
    assert [run["key"] for run in ours["runs"]] == [run["key"] for run in theirs["runs"]]
    assert ours["files"] == theirs["files"]


def test_a_second_run_does_only_what_is_missing_or_changed(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    (tree / "broken.jpg").unlink()
    out = tmp_path / "out"
    assert cli("batch", tree, "--out", out).code == 0
    before = times(out)
    run = cli("batch", tree, "--out", out, "--json")
    assert (run.code, run.document["worked"], run.document["done"]) == (0, 0, 4)
    assert times(out) == before
    (out / "one.rgb.h1.png").unlink()
    write_png(tree / "deep" / "bare.png", draw_photo(*SIZE, [FACE]))  # now with a mask
    os.utime(tree / "deep" / "faceless.png", ns=(1, 1))  # touched, not changed
    run = cli("batch", tree, "--out", out, "--json")
    assert run.document["worked"] == 3
    assert run.document["statuses"] == {"reconstructed": 3, "no face was found": 1}
    after = times(out)
    assert {name for name in before if after[name] == before[name]} == {
        "deep/er/one.rgb.h1.png",
        "deep/er/one.provenance.json",
        "deep/faceless.provenance.json",
    }
    assert cli("batch", tree, "--out", out, "--json").document["worked"] == 0


def test_another_order_keeps_what_it_does_not_replace(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    cli("batch", tree, "--out", out)
    before = files(out)
    cli("batch", tree, "--out", out, "--model", "gan")
    after = files(out)
    assert after["one.rgb.h1.png"] == before["one.rgb.h1.png"]
    assert after["one.earlier1.provenance.json"] == before["one.provenance.json"]
    record = json.loads(after["one.provenance.json"])
    assert [file["name"] for file in record["files"]] == ["one.gan.h1.png"]


def test_orders_may_take_turns(cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path) -> None:
    (tree / "broken.jpg").unlink()
    out = tmp_path / "out"
    for model in ("rgb", "gan", "rgb"):
        run = cli("batch", tree, "--out", out, "--model", model, "--json")
        assert (run.code, run.document["worked"]) == (0, 4), run.err


def test_force_does_everything_anew(cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    cli("batch", tree, "--out", out)
    before = times(out)
    assert cli("batch", tree, "--out", out, "--force", "--json").document["worked"] == 5
    after = times(out)
    assert all(after[name] != before[name] for name in before)


def test_foreign_files_stay(cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "one.provenance.json").write_text("mine")
    run = cli("batch", tree, "--out", out, "--json")
    assert run.document["failed"] == 2
    assert "was not replaced" in run.err
    assert (out / "one.provenance.json").read_text() == "mine"
    assert not (out / "one.rgb.h1.png").exists()
    assert cli("batch", tree, "--out", out, "--force", "--json").document["failed"] == 1
    assert json.loads((out / "one.provenance.json").read_text())["runs"]


def test_equal_stems_lose_nothing(cli: Cli, tiny_zoo: Path, tmp_path: Path) -> None:
    root = tmp_path / "photos"
    root.mkdir()
    write_png(root / "a.png", draw_photo(*SIZE, [FACE]))
    (root / "a.bmp").write_bytes(_bmp(draw_photo(*SIZE, [BARE])))
    assert cli("batch", root, "--out", tmp_path / "out").code == 0
    assert set(files(tmp_path / "out")) == {
        "a.png.rgb.h1.png",
        "a.png.provenance.json",
        "a.bmp.provenance.json",
    }


def _bmp(rgb: Any) -> bytes:
    import cv2

    return bytes(cv2.imencode(".bmp", rgb[:, :, ::-1])[1].tobytes())


def test_results_inside_the_tree_are_no_photos(cli: Cli, tiny_zoo: Path, tree: Path) -> None:
    for worked in (5, 1):  # the second time only what failed
        run = cli("batch", tree, "--out", tree / "results", "--json")
        assert (run.document["photos"], run.document["worked"]) == (5, worked)


def test_results_of_another_batch_are_no_evidence(cli: Cli, tiny_zoo: Path, tree: Path) -> None:
    cli("batch", tree, "--out", tree / "deep" / "results", "--quiet")
    other = tree / "others"
    run = cli("batch", tree, "--out", other, "--model", "sketch", "--json")
    assert (run.document["photos"], run.document["earlier_results"]) == (5, 1)
    assert {Path(entry["path"]).parent for entry in lines(other / RESULTS)} == {
        tree, tree / "deep", tree / "deep" / "er"
    }  # fmt: skip
    said = cli("batch", tree, "--out", other, "--model", "sketch").out
    assert "1  folders with results of other batches were not entered" in said
    run = cli("batch", other, "--out", tree / "third")
    assert run.code == 2
    assert "holds the results of a batch" in run.complaint


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["{tree}", "--out", "{tree}"], "among the photos"),
        (["{tree}/deep", "--out", "{tree}"], "among the photos"),
        (["{tree}/gone", "--out", "{out}"], "was not found"),
        (["{tree}/one.png", "--out", "{out}"], "is not a folder"),
        (["{tree}", "--out", "{out}", "--model", "nobody"], "no reconstruct model named 'nobody'"),
        (["{tree}", "--out", "{out}", "--jobs", "0"], "'0' is not a whole number"),
        (["{tree}", "--out", "{out}", "--jobs", "20000"], "give at most 256"),
        (
            ["{tree}", "--out", "{out}", "--jobs", "2", "--scheduler", "tcp://localhost:1"],
            "--jobs is for work on this machine",
        ),
        (["{tree}", "--out", "{out}", "--format", "nothing"], "nothing"),
        (
            ["{tree}", "--out", "{out}", "--format", "map-png", "--set", "paper=a4"],
            "None of the formats has the option 'paper'",
        ),
        (
            ["{tree}", "--out", "{out}", "--scheduler", "a:1", "--certificate", "c", "--key", "k"],
            "each worker signs with what it is set up with",
        ),
    ],
)
def test_wrong_usage(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path, arguments: list[str], text: str
) -> None:
    out = tmp_path / "out"
    run = cli("batch", *(each.format(tree=tree, out=out) for each in arguments))
    assert run.code == 2
    assert text in run.complaint
    assert not out.exists()


def test_an_empty_tree(cli: Cli, tiny_zoo: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run = cli("batch", tmp_path / "empty", "--out", tmp_path / "out")
    assert run.code == 0
    assert run.out.startswith("0 photos")


def test_quiet_says_nothing_but_the_failures(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    run = cli("batch", tree, "--out", tmp_path / "out", "--quiet")
    assert run.out == ""
    assert "[" not in run.err
    assert run.err.count("broken.jpg") == 1

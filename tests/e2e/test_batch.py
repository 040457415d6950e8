"""`revisage batch`: complete, resumable, and nothing but many `revisage reconstruct`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.batch.order import Order
from app.cli.batch import table
from app.cli.batch_progress import BatchProgress
from app.export.formats import exporters
from tests.e2e.conftest import FACE, ROOT, SIZE, Cli, write_png
from tests.support.tiny_models import DrawnFace, add_model, draw_photo, slow_model, write_tiny_zoo

RESULTS, FAILURES = "revisage-batch.jsonl", "revisage-batch.failures.jsonl"
BARE = DrawnFace(FACE.box, masked=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two masked photos that share a name, an unmasked one, an empty one, a broken one, a text."""
    root = tmp_path / "photos"
    (root / "deep" / "er").mkdir(parents=True)
    write_png(root / "one.png", draw_photo(*SIZE, [FACE]))
    write_png(root / "deep" / "er" / "one.png", draw_photo(300, 300, [FACE]))
    write_png(root / "deep" / "bare.png", draw_photo(*SIZE, [BARE]))
    write_png(root / "deep" / "faceless.png", draw_photo(*SIZE, []))
    (root / "broken.jpg").write_bytes(b"\xff\xd8\xff and no more")
    (root / "notes.txt").write_text("no photo")
    return root


def files(folder: Path) -> dict[str, bytes]:
    """Every result, the journal and its reports aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("revisage-batch.")
    }


def times(folder: Path) -> dict[str, int]:
    """When each result was written."""
    return {name: (folder / name).stat().st_mtime_ns for name in files(folder)}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


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


# --- export formats ----------------------------------------------------------------------------


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


# --- trees and drives that give trouble --------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights and links")
def test_a_tree_full_of_traps(cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path) -> None:
    (tree / "deep" / "circle").symlink_to(tree, target_is_directory=True)
    (tree / "self.png").symlink_to(tree / "self.png")
    os.mkfifo(tree / "pipe.png")
    (tree / "folder.png").mkdir()
    (tree / "empty.jpg").touch()
    (tree / "nowhere.png").symlink_to(tree / "gone.png")
    run = cli("batch", tree, "--out", tmp_path / "out", "--json")
    failed = {Path(each["path"]).name: each["error"] for each in lines(tmp_path / "out" / FAILURES)}
    assert set(failed) == {"broken.jpg", "empty.jpg", "pipe.png", "self.png", "nowhere.png"}
    assert failed["nowhere.png"].endswith("; see where its link leads.")
    assert failed["self.png"].endswith("; see where its link leads.")
    assert (run.document["done"], run.document["links"]) == (4, 1)
    assert "9 photos, 2 unreadable, 7 to do" in run.err
    again = cli("batch", tree, "--out", tmp_path / "out", "--json")
    assert "9 photos, 4 done already, 2 unreadable, 3 to do" in again.err


@pytest.mark.skipif(sys.platform != "linux", reason="file names that are no text")
def test_hostile_names_neither_stop_a_batch_nor_drive_the_terminal(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    names = [
        b"no\xfftext.jpg",
        b"two\nlines.jpg",
        b"clear\x1b[2J.jpg",
        "turn\u202egpj.exe.jpg".encode(),
    ]
    for name in names:
        (tree / os.fsdecode(name)).write_bytes(b"no photo")
    good = os.fsencode(tree) + b"/also\xff.png"
    Path(os.fsdecode(good)).write_bytes((tree / "one.png").read_bytes())
    run = cli("batch", tree, "--out", tmp_path / "out", "--json")
    assert (run.document["done"], run.document["failed"]) == (5, 5)
    failed = {os.fsencode(each["path"]) for each in lines(tmp_path / "out" / FAILURES)}
    assert failed == {os.fsencode(tree) + b"/" + name for name in [*names, b"broken.jpg"]}
    for mark in ("\x1b", "\u202e", "\udcff"):
        assert mark not in run.err
    for shown in ("no\\udcfftext.jpg", "two\\nlines.jpg", "clear\\x1b[2J.jpg", "turn\\u202egpj"):
        assert f"{tree}/{shown}" in run.err
    made = {os.fsencode(name) for name in os.listdir(tmp_path / "out")}  # noqa: PTH208 - bytes
    assert b"also\xff.rgb.h1.png" in made
    assert cli("batch", tree, "--out", tmp_path / "out", "--json").document["worked"] == 5


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")
def test_a_closed_folder_is_reported_and_the_rest_done(
    tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root may read everything, and there is no setpriv to take that right away")
    (tree / "deep").chmod(0)
    out = tmp_path / "out"
    try:
        for force in ((), ("--force",)):
            process = start(tree, out, tiny_zoo, "--quiet", *force, rights=False)
            _, said = process.communicate(timeout=120)
            assert process.returncode == 1, said
            failed = {each["path"]: each["error"] for each in lines(out / FAILURES)}
            assert set(failed) == {str(tree / "broken.jpg"), f"{tree / 'deep'}"}
            assert "could not be read (Permission denied)" in failed[f"{tree / 'deep'}"]
    finally:
        (tree / "deep").chmod(0o755)
    assert (out / "one.rgb.h1.png").is_file()


def test_photos_that_vanish_or_change_between_walk_and_work(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = BatchProgress.begin

    def meanwhile(self: BatchProgress, *, photos: int, left: int, unreadable: int) -> None:
        begin(self, photos=photos, left=left, unreadable=unreadable)
        (tree / "one.png").unlink()
        write_png(tree / "deep" / "bare.png", draw_photo(300, 300, [FACE]))

    monkeypatch.setattr(BatchProgress, "begin", meanwhile)
    out = tmp_path / "out"
    run = cli("batch", tree, "--out", out, "--json")
    assert (run.document["done"], run.document["failed"]) == (3, 2)
    failed = {Path(each["path"]).name: each["error"] for each in lines(out / FAILURES)}
    assert "was not found" in failed["one.png"]
    assert (out / "deep" / "bare.rgb.h1.png").is_file()  # as it is now
    monkeypatch.undo()
    monkeypatch.setattr("app.workbench.default_zoo_folders", lambda: (tiny_zoo,))
    run = cli("batch", tree, "--out", out, "--json")
    # What is gone is no photo of this tree; what changed has results of its bytes already.
    assert (run.document["photos"], run.document["failed"]) == (4, 1)
    assert run.document["statuses"] == {"reconstructed": 2, "no face was found": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_full_disk_in_the_middle(cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path) -> None:
    """Files above a limit cannot be written, as on a full disk; later there is room again."""
    out = tmp_path / "out"
    process = start(tree, out, tiny_zoo, "--quiet", most_bytes=150_000)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    assert "Traceback" not in said
    failed = {Path(each["path"]).name for each in lines(out / FAILURES)}
    assert "one.png" in failed
    assert "disk is full" in said
    assert not list(out.rglob("*.part"))
    assert not list(out.rglob("*.rgb.h1.png"))
    assert (out / "deep" / "bare.provenance.json").is_file()
    (tree / "broken.jpg").unlink()
    run = cli("batch", tree, "--out", out, "--json")
    assert (run.code, run.document["worked"]) == (0, 2)
    clean = tmp_path / "clean"
    cli("batch", tree, "--out", clean, "--quiet")
    assert set(files(out)) == set(files(clean))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_journal_that_finds_no_room_stops_the_batch_with_a_sentence(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    """The limit is one that the journal itself reaches, after its tables are made."""
    for number in range(40):
        shutil.copy(tree / "deep" / "bare.png", tree / f"{number}.png")
    out = tmp_path / "out"
    process = start(tree, out, tiny_zoo, "--quiet", most_bytes=80_000)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    assert f"its journal {out / 'revisage-batch.sqlite'} could not be kept" in said
    assert "free some space and give the same command again" in said
    assert "unexpected" not in said
    (tree / "broken.jpg").unlink()
    run = cli("batch", tree, "--out", out, "--json")
    assert (run.code, run.document["done"]) == (0, 44)


def test_a_report_that_cannot_be_written_hides_nothing(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / RESULTS).mkdir(parents=True)
    run = cli("batch", tree, "--out", out, "--json")
    assert run.code == 1
    assert (run.document["done"], run.document["failed"]) == (4, 1)
    assert (run.document["results"], run.document["failures"]) == (None, None)
    assert "1 of 5 photos failed" in run.err
    assert str(tree / "broken.jpg") in run.err
    last = run.err.splitlines()[-1]
    assert f"The report {out / RESULTS} was not written" in last
    assert "complete" not in last
    (tree / "broken.jpg").unlink()
    assert cli("batch", tree, "--out", out).code == 1  # nothing failed, but there is no report


# --- processes that are stopped -------------------------------------------------------------------


def start(
    tree: Path, out: Path, zoo: Path, *options: str, rights: bool = True, most_bytes: int = 0
) -> subprocess.Popen[str]:
    """The command as a process of its own, with the tiny zoo, perhaps without root's right to read
    everything, and with a largest size of its files."""
    arguments = ["batch", str(tree), "--out", str(out), "--jobs", "2", *options]
    code = (
        "import app.workbench, sys; from pathlib import Path; from app.cli.main import main;"
        f"app.workbench.default_zoo_folders = lambda: (Path({str(zoo)!r}),);"
        f"sys.exit(main({arguments!r}))"
    )
    if most_bytes:  # Python ignores the signal, so that writing fails
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes},) * 2);"
        code = limit + code
    command = [sys.executable, "-c", code]
    if not rights and os.geteuid() == 0:
        every = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--inh-caps={every}", f"--bounding-set={every}", "--", *command]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def wait_for(out: Path, pattern: str, count: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while len(list(out.rglob(pattern))) < count:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_batch_loses_and_repeats_nothing(cli: Cli, tiny_zoo: Path, tmp_path: Path) -> None:
    root, out = tmp_path / "photos", tmp_path / "out"
    photo = draw_photo(160, 120, [DrawnFace((40, 20, 110, 100))])
    for number in range(60):
        folder = root / f"{number % 4}"
        folder.mkdir(parents=True, exist_ok=True)
        photo[0, 0] = number, 0, 0
        write_png(folder / f"{number}.png", photo)
    acknowledged: dict[str, int] = {}
    for kill_at in (5, 20, 40):
        process = start(root, out, tiny_zoo, "--quiet")
        try:
            wait_for(out, "*.provenance.json", kill_at, process)
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
        written = times(out)
        assert all(written[name] == at for name, at in acknowledged.items())
        with sqlite3.connect(out / "revisage-batch.sqlite") as journal:
            rows = journal.execute(
                "SELECT folder, files FROM photo WHERE state = 'done'"
            ).fetchall()
        journal.close()
        for folder, names in rows:
            for name in json.loads(names):
                path = f"{os.fsdecode(folder)}/{name}"
                acknowledged[path] = written[path]  # acknowledged means written
    assert acknowledged
    run = cli("batch", root, "--out", out, "--json")
    assert run.code == 0
    assert run.document["statuses"] == {"reconstructed": 60}
    assert run.document["worked"] == 60 - len(acknowledged) // 2
    after = times(out)
    assert len(after) == 120
    assert all(after[name] == at for name, at in acknowledged.items())
    assert not list(out.rglob("*.part"))
    clean = tmp_path / "clean"
    cli("batch", root, "--out", clean, "--quiet")
    pictures = {name: data for name, data in files(out).items() if name.endswith(".png")}
    assert pictures == {n: data for n, data in files(clean).items() if n.endswith(".png")}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_cleanly(tmp_path: Path, number: int) -> None:
    zoo = write_tiny_zoo(tmp_path / "zoo")
    add_model(zoo, "slow", "reconstruct", slow_model())
    root, out = tmp_path / "photos", tmp_path / "out"
    root.mkdir()
    write_png(root / "a.png", draw_photo(*SIZE, [BARE]))  # needs no slow model
    write_png(root / "b.png", draw_photo(*SIZE, [FACE]))
    process = start(root, out, zoo, "--model", "slow")
    wait_for(out, "a.provenance.json", 1, process)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "finished files are complete" in err
    assert set(files(out)) == {"a.provenance.json"}
    assert [entry["status"] for entry in lines(out / RESULTS)] == ["no mask was found"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_two_batches_do_not_mix(cli: Cli, tiny_zoo: Path, tmp_path: Path) -> None:
    zoo = write_tiny_zoo(tmp_path / "zoo")
    add_model(zoo, "slow", "reconstruct", slow_model())
    root, out = tmp_path / "photos", tmp_path / "out"
    root.mkdir()
    write_png(root / "a.png", draw_photo(*SIZE, [BARE]))
    write_png(root / "b.png", draw_photo(*SIZE, [FACE]))
    process = start(root, out, zoo, "--model", "slow")
    try:
        wait_for(out, "a.provenance.json", 1, process)
        run = cli("batch", root, "--out", out, "--quiet")
        assert run.code == 1
        assert "Another batch is working" in run.err
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)

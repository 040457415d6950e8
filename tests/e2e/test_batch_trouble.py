"""`revisage batch` where trees, drives and processes give trouble: nothing is lost or done twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from app.cli.batch_progress import BatchProgress
from tests.e2e.conftest import BARE, FACE, SIZE, Cli, write_png
from tests.support.batches import FAILURES, RESULTS, files, lines, start, times, wait_for
from tests.support.tiny_models import DrawnFace, add_model, draw_photo, slow_model, write_tiny_zoo


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


@pytest.mark.skipif(sys.platform == "win32", reason="longest names are counted otherwise")
def test_no_picture_stays_without_its_record(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path
) -> None:
    """The name is short enough for a composite and too long for the record."""
    out, stem = tmp_path / "out", "n" * 240
    (tree / "one.png").rename(tree / f"{stem}.png")
    run = cli("batch", tree, "--out", out, "--json")
    assert (run.document["done"], run.document["failed"]) == (3, 2)
    failed = {Path(each["path"]).stem: each["error"] for each in lines(out / FAILURES)}
    assert "its name is too long" in failed[stem]
    assert not list(out.glob("*.png"))
    assert list(out.glob("deep/er/*.rgb.h1.png"))


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

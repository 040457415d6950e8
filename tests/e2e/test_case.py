"""A case from the first to the last command, with real models."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest

from app.case.case_file import CaseFile
from tests.e2e.conftest import FACE, ROOT, SIZE, Cli, write_png
from tests.support.tiny_models import DrawnFace, draw_photo, reconstruct_model, write_tiny_zoo

pytestmark = pytest.mark.usefixtures("tiny_zoo")


@pytest.fixture
def case(cli: Cli, tmp_path: Path) -> Path:
    """A new case."""
    path = tmp_path / "matter.rvcase"
    run = cli("case", "new", path, "--title", "The matter", "--examiner", "A. Examiner")
    assert (run.code, run.out) == (0, f"{path}\n")
    return path


@pytest.fixture
def worked(cli: Cli, case: Path, photo: Path) -> Path:
    """A case with one photo and one run of three hypotheses."""
    assert cli("case", "add", case, photo).out == f"1\t{photo}\n"
    run = cli("case", "run", case, "--model", "gan", "--hypotheses", "3", "--seed", "5")
    assert (run.code, run.out) == (0, "1\n")
    return case


def test_evidence_comes_back_byte_for_byte(worked: Path, photo: Path) -> None:
    # With a tool that knows nothing of Revisage.
    with sqlite3.connect(worked) as connection:
        (stored,) = connection.execute(
            "SELECT bytes FROM blob JOIN evidence ON evidence.blob = blob.sha256"
        ).fetchone()
    connection.close()
    assert stored == photo.read_bytes()


def test_list_names_everything_with_hashes(cli: Cli, worked: Path, photo: Path) -> None:
    document = cli("case", "list", worked, "--json").document
    assert (document["title"], document["examiner"]) == ("The matter", "A. Examiner")
    (shown,) = document["photos"]
    assert shown["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert (shown["width"], shown["height"]) == SIZE
    assert len(shown["faces"]) == 1
    assert shown["map"]["source"] == "automatic"
    (run,) = document["runs"]
    assert (run["model"]["name"], run["made"], run["seed"]) == ("tiny_gan", 3, 5)
    assert len(set(run["outputs"])) == 3
    assert "run 1: photo 1  tiny_gan" in cli("case", "list", worked).out


@pytest.mark.skipif(sys.platform == "win32", reason="file names with escape sequences")
def test_no_name_in_a_case_drives_the_terminal(cli: Cli, photo: Path, tmp_path: Path) -> None:
    case, hostile = tmp_path / "theirs.rvcase", tmp_path / "clear\x1b[2J\u202egpj.png"
    shutil.copy(photo, hostile)
    cli("case", "new", case, "--title", "One\x1b[2J\ntwo", "--examiner", "A.\x1b[2J B.")
    cli("case", "add", case, hostile)
    for shown in (cli("case", "list", case), cli("case", "log", case), cli("locate", hostile)):
        assert shown.code == 0, shown.err
        assert not {"\x1b", "\u202e"} & set(shown.out)
        assert "\\x1b[2J" in shown.out
    assert len(cli("case", "log", case).out.splitlines()) == 2
    assert cli("case", "list", case, "--json").document["photos"][0]["name"] == hostile.name


def test_the_log_says_who_when_and_with_what(cli: Cli, worked: Path) -> None:
    entries = cli("case", "log", worked, "--json").document["entries"]
    actions = ["case.new", "evidence.add", "faces.add", "map.add", "run.add"]
    assert [entry["action"] for entry in entries] == actions
    assert [entry["seq"] for entry in entries] == [1, 2, 3, 4, 5]
    assert all(entry["utc"].endswith("+00:00") for entry in entries)
    assert all(entry["who"]["examiner"] == "A. Examiner" for entry in entries)
    assert [e["previous"] for e in entries[1:]] == [e["sha256"] for e in entries[:-1]]
    details = entries[-1]["details"]
    wanted = {"photo_sha256", "map_sha256", "outputs", "seed", "provider", "model", "setup"}
    assert wanted <= details.keys()
    assert len(cli("case", "log", worked).out.splitlines()) == 5


def test_a_whole_case_verifies_and_is_one_file(cli: Cli, worked: Path) -> None:
    run = cli("case", "verify", worked, "--json")
    assert run.code == 0
    assert run.document["ok"]
    assert run.document["problems"] == []
    head = run.document["head"]
    assert cli("case", "verify", worked, "--head", head, "--quiet").code == 0
    assert cli("case", "verify", worked, "--head", "f" * 64, "--quiet").code == 1
    beside = {path.name for path in worked.parent.glob("matter*")}
    assert beside == {"matter.rvcase", "matter.rvcase.backups"}
    assert worked.read_bytes()[18:20] == b"\1\1"


def test_verify_names_a_changed_byte_of_evidence(cli: Cli, worked: Path, photo: Path) -> None:
    content = bytearray(worked.read_bytes())
    # A composite may hold the same bytes; then both are changed.
    for place in re.finditer(re.escape(photo.read_bytes()[200:260]), bytes(content)):
        content[place.start()] ^= 1
    worked.write_bytes(content)
    run = cli("case", "verify", worked, "--json")
    assert run.code == 1
    assert "evidence 1 (photo.png)" in {each["where"] for each in run.document["problems"]}
    # Whatever needs the evidence stops.
    run = cli("case", "run", worked, "--quiet")
    assert run.code == 1
    assert "SHA-256" in run.complaint
    assert cli("case", "reproduce", worked, "--quiet").code == 1


def test_reproduce(cli: Cli, worked: Path) -> None:
    run = cli("case", "reproduce", worked, "--json")
    assert run.code == 0
    (rerun,) = run.document["runs"]
    assert rerun["identical"]
    assert (rerun["max_difference"], rerun["tolerance"]) == (0, 0)
    entries = cli("case", "log", worked, "--json").document["entries"]
    assert entries[-1]["action"] == "run.reproduce"
    assert entries[-1]["details"]["identical"]
    assert cli("case", "reproduce", worked, "7", "--quiet").code == 1
    assert cli("case", "verify", worked, "--quiet").code == 0


def test_reproduce_works_in_another_process(revisage: Cli, worked: Path, tiny_zoo: Path) -> None:
    # The shipped models are there as well: the recorded hash alone decides.
    run = revisage("case", "reproduce", worked, "--json", cwd=ROOT, REVISAGE_ZOO=str(tiny_zoo))
    assert run.code == 0
    assert run.document["runs"][0]["identical"]


def test_reproduce_wants_the_very_model(
    cli: Cli, worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zoo = write_tiny_zoo(tmp_path / "zoo")
    # Another file of the same name, with a card that fits it.
    shutil.rmtree(zoo / "tiny_gan")
    from tests.support.tiny_models import add_model

    add_model(
        zoo, "tiny_gan", "reconstruct", reconstruct_model(latent=5),
        kind="gan", output={"kind": "rgb", "latent": 5},
    )  # fmt: skip
    monkeypatch.setattr("app.workbench.default_zoo_folders", lambda: (zoo,))
    run = cli("case", "reproduce", worked, "--quiet")
    assert run.code == 1
    assert "not installed" in run.complaint


def test_a_result_that_differs_is_measured(cli: Cli, worked: Path, tiny_zoo: Path) -> None:
    """A run that was recorded with pictures other than those the model makes."""
    import dataclasses

    from app.case.records import hash_of_pixels
    from app.case.runs import Picture
    from app.export.png import encode_png

    with CaseFile.open(worked) as case:
        run = case.runs.get(1)
        pixels = [case.runs.pixels(output).copy() for output in run.composites]
        pixels[1][100, 100] ^= 8
        pictures = [
            Picture(role="composite", number=number, pixels=each, png=encode_png(each))
            for number, each in enumerate(pixels, start=1)
        ]
        outputs = tuple(hash_of_pixels(each) for each in pixels)
        result = dataclasses.replace(run.result, outputs=outputs)
        for setup in (run.setup, run.setup | {"processor": "Another"}):
            case.runs.add(
                photo=1, map=run.map, edits=0, result=result, setup=setup, pictures=pictures
            )
    run_two = cli("case", "reproduce", worked, "2", "3", "--json", "--quiet")
    assert run_two.code == 1
    same, other = run_two.document["runs"]
    assert (same["identical"], same["max_difference"], same["tolerance"]) == (False, 8, 0)
    assert other["tolerance"] > 0
    assert not other["same_setup"]
    assert not other["ok"]
    assert "Another then" in other["notes"][0]
    assert cli("case", "verify", worked, "--quiet").code == 0


def test_two_faces_and_a_map_from_a_file(cli: Cli, case: Path, tmp_path: Path) -> None:
    faces = [FACE, DrawnFace((260, 60, 380, 220), second=True)]
    photo = write_png(tmp_path / "two.png", draw_photo(*SIZE, faces))
    assert cli("case", "add", case, photo).code == 0
    assert cli("case", "run", case, "--model", "rgb,sketch").code == 0
    # A map that leaves the second face alone.
    mask = np.zeros(SIZE[::-1], np.uint8)
    mask[140:210, 115:205] = 255
    given = write_png(tmp_path / "map.png", mask)
    run = cli("case", "run", case, "--photo", "1", "--map", given, "--json", "--quiet")
    assert run.code == 0
    assert run.document["photos"][0]["runs"][0]["run"] == 3
    listed = cli("case", "list", case, "--json").document
    assert listed["photos"][0]["map"]["source"] == "file"
    reruns = cli("case", "reproduce", case, "--json", "--quiet").document["runs"]
    assert [rerun["identical"] for rerun in reruns] == [True, True, True]
    assert cli("case", "verify", case, "--quiet").code == 0


def test_photos_without_face_or_mask_are_findings(
    cli: Cli, case: Path, unmasked: Path, faceless: Path
) -> None:
    assert cli("case", "add", case, unmasked, faceless).code == 0
    run = cli("case", "run", case, "--json", "--quiet")
    assert run.code == 0
    assert [entry["status"] for entry in run.document["photos"]] == [
        "no mask was found",
        "no face was found",
    ]
    entries = cli("case", "log", case, "--json").document["entries"]
    assert [entry["action"] for entry in entries].count("run.failed") == 2


def test_the_same_bytes_are_one_photo(cli: Cli, case: Path, photo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.png"
    shutil.copy(photo, copy)
    run = cli("case", "add", case, photo, copy, "--json", "--quiet")
    assert [entry["photo"] for entry in run.document["photos"]] == [1, 1]
    assert [entry["new"] for entry in run.document["photos"]] == [True, False]


def test_a_bad_photo_does_not_stop_the_others(
    cli: Cli, case: Path, photo: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(photo.read_bytes()[:-2000])
    run = cli("case", "add", case, bad, photo, "--json")
    assert run.code == 1
    assert len(run.document["photos"]) == len(run.document["failed"]) == 1
    assert cli("case", "verify", case, "--quiet").code == 0


def test_a_case_is_never_replaced(cli: Cli, worked: Path) -> None:
    before = worked.read_bytes()
    run = cli("case", "new", worked)
    assert run.code == 1
    assert "was not replaced" in run.complaint
    assert worked.read_bytes() == before


@pytest.mark.parametrize("action", ["add", "run", "list", "log", "verify", "reproduce"])
@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "text", "database", "newer"])
def test_what_is_no_case_gets_one_sentence(
    cli: Cli, case: Path, photo: Path, tmp_path: Path, action: str, kind: str
) -> None:
    path = tmp_path / "other.rvcase"
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("This is no case.\n" * 30)
    elif kind == "database":
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE a (b)")
        connection.close()
    elif kind == "newer":
        content = bytearray(case.read_bytes())
        content[60:64] = (99).to_bytes(4, "big")
        path.write_bytes(content)
    photos = [photo] if action == "add" else []
    run = cli("case", action, path, *photos)
    assert run.code == 1
    assert str(path) in run.complaint
    if kind == "newer":
        assert "later version" in run.complaint
    assert not (tmp_path / "other.rvcase.lock").exists()


def test_wrong_usage(cli: Cli, worked: Path, tmp_path: Path) -> None:
    assert cli("case").code == 2
    assert cli("case", "new", tmp_path / "case.zip").code == 2
    assert cli("case", "run", worked, "--model", "nobody").code == 2
    assert cli("case", "run", worked, "--photo", "9").code == 1
    assert cli("case", "export", worked).code == 2


def test_another_writer_is_named(cli: Cli, worked: Path, photo: Path) -> None:
    with CaseFile.open(worked, examiner="B. Other"):
        run = cli("case", "add", worked, photo, "--quiet")
        assert run.code == 1
        assert "being written by B. Other" in run.complaint
        # Reading goes on, verifying and reproducing too.
        assert cli("case", "list", worked).code == 0
        assert cli("case", "verify", worked, "--quiet").code == 0
        run = cli("case", "reproduce", worked, "--json", "--quiet")
        assert run.code == 0
        assert json.loads(run.out)["runs"][0]["identical"]
        assert "is not logged" in run.complaint


def test_report_review_and_package(cli: Cli, worked: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli("case", "set", worked, "number", "2026-17").code == 0
    for name, file in (("report", "report.pdf"), ("report-json", "report.json")):
        run = cli("case", "export", worked, "--format", name, "--out", out, "--json", "--quiet")
        assert run.code == 0
        (written,) = run.document["files"]
        content = (out / file).read_bytes()
        assert written["sha256"] == hashlib.sha256(content).hexdigest()
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF-")
    report = json.loads((out / "report.json").read_bytes())
    assert (report["draft"], report["matter"]["number"]) == (True, "2026-17")
    # Nothing is replaced without being asked.
    again = cli("case", "export", worked, "--format", "report", "--out", out, "--quiet")
    assert (again.code, "--force" in again.complaint) == (1, True)

    run = cli("case", "review", worked, "--reviewer", "A. Examiner", "--accept")
    assert (run.code, "second person" in run.complaint) == (1, True)
    run = cli("case", "review", worked, "--reviewer", "B. Reviewer", "--accept", "--json")
    assert (run.code, run.document["final"]) == (0, True)

    package = tmp_path / "package.zip"
    run = cli("case", "seal", worked, "--out", package, "--json", "--quiet")
    assert run.code == 0
    made = run.document
    assert (made["draft"], made["sha256"]) == (
        False,
        hashlib.sha256(package.read_bytes()).hexdigest(),
    )
    assert cli("case", "verify", package, "--head", made["head"], "--quiet").code == 0
    assert cli("case", "verify", worked, "--head", made["head"], "--quiet").code == 0
    actions = [
        entry["action"] for entry in cli("case", "log", worked, "--json").document["entries"]
    ]
    assert actions[-4:] == ["export.write", "export.write", "review.add", "package.seal"]

    damaged = bytearray(package.read_bytes())
    damaged[damaged.index(b"IDAT") + 40] ^= 1
    package.write_bytes(damaged)
    run = cli("case", "verify", package, "--json", "--quiet")
    assert run.code == 1
    assert "data/originals/photo-0001.png" in {each["where"] for each in run.document["problems"]}


def test_pictures_leave_a_case_in_any_format(cli: Cli, worked: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = cli("case", "export", worked, "--format", "composite-png", "--out", out, "--quiet")
    assert run.code == 0
    assert len(run.out.splitlines()) == 3
    assert sorted(path.name for path in out.iterdir())[0] == "photo-0001.run1.tiny_gan.h1.png"
    run = cli("case", "export", worked, "--format", "nothing", "--out", out, "--quiet")
    assert (run.code, "report-json" in run.complaint) == (2, True)


def test_a_photo_without_a_face_does_not_fail_the_export(
    cli: Cli, worked: Path, faceless: Path, tmp_path: Path
) -> None:
    assert cli("case", "add", worked, faceless, "--quiet").code == 0
    listed = cli("case", "list", worked)
    assert "1 face  map 1" in listed.out
    assert "not looked at  no map" in listed.out
    out = tmp_path / "before"
    arguments = ("--format", "composite-png", "--quiet", "--json")
    before = cli("case", "export", worked, *arguments, "--out", out)
    assert before.code == 1  # nobody has looked yet whether there is a mask
    assert [each["photo"] for each in before.document["failed"]] == [2]
    assert cli("case", "run", worked, "--photo", "2", "--quiet").code == 0
    assert "0 faces" in cli("case", "list", worked).out
    run = cli("case", "export", worked, *arguments, "--out", tmp_path / "after")
    assert run.code == 0
    assert run.document["skipped"] == [{"photo": 2, "status": "no face was found"}]
    assert run.complaint == ("revisage: photo 2: no face was found; there is nothing to export.")
    assert "failed" not in run.document
    maps = cli("case", "export", worked, "--format", "map-png", "--quiet", "--out", tmp_path / "m")
    assert (maps.code, len(maps.out.splitlines())) == (0, 2)


def test_what_left_before_a_damaged_photo_stands_in_the_log(
    cli: Cli, worked: Path, faceless: Path, tmp_path: Path
) -> None:
    assert cli("case", "add", worked, faceless, "--quiet").code == 0
    with sqlite3.connect(worked) as connection:
        (trigger,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'blob' "
            "AND sql LIKE '%UPDATE%'"
        ).fetchone()
        (name,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE sql = ?", (trigger,)
        ).fetchone()
        connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE blob SET bytes = zeroblob(length(bytes)) WHERE sha256 = "
            "(SELECT blob FROM evidence WHERE id = 2)"
        )
        connection.execute(trigger)
    connection.close()
    out = tmp_path / "out"
    arguments = ("--format", "composite-png", "--quiet", "--json", "--out", out)
    run = cli("case", "export", worked, *arguments)
    assert run.code == 1
    assert len(run.document["files"]) == 3
    (failure,) = run.document["failed"]
    assert failure["photo"] == 2
    assert "was changed" in failure["error"]
    entries = cli("case", "log", worked, "--json").document["entries"]
    assert entries[-1]["action"] == "export.write"
    assert len(entries[-1]["details"]["files"]) == 3

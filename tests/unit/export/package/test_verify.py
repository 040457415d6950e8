"""What a package holds, and that hostile and damaged ones are named and harm nothing."""

from __future__ import annotations

import hashlib
import json
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from app.case.case_file import CaseFile
from app.case.errors import CaseDamaged, CaseError
from app.export.errors import ExportError
from app.export.package import seal, verify_package
from tests.unit.export.package.conftest import Change

Rewrite = Callable[[Change], Path]


def places(path: Path, *, head: str = "") -> set[str]:
    return {problem.where for problem in verify_package(path, head=head).problems}


def test_a_package_verifies_without_its_case(sealed_file: Path, sealed_case: Path) -> None:
    found = verify_package(sealed_file)
    assert found.problems == ()
    with CaseFile.open(sealed_case, read_only=True) as case:
        assert (found.entries, found.head) == case.head()
        original = case.evidence.read(1)
    assert verify_package(sealed_file, head=found.head).ok
    assert places(sealed_file, head="f" * 64) == {"log"}
    with zipfile.ZipFile(sealed_file) as package:
        assert package.testzip() is None
        assert package.read("package/data/originals/photo-0001.png") == original
        for line in package.read("package/manifest-sha256.txt").decode().splitlines():
            sha256, name = line.split("  ")
            assert hashlib.sha256(package.read(f"package/{name}")).hexdigest() == sha256
        graph = json.loads(package.read("package/data/records/case.jsonld"))
        assert b"not an identification" in package.read(
            "package/data/outputs/run-0001/composite-01.png"
        )
    kinds = {node["@type"] for node in graph["@graph"]}
    assert "case-investigation:InvestigativeAction" in kinds


def test_the_same_state_gives_the_same_bytes(
    sealed_file: Path, sealed_case: Path, tmp_path: Path
) -> None:
    with CaseFile.open(sealed_case, read_only=True) as case:
        again = seal(case, tmp_path / "again.zip", models={})
        with pytest.raises(ExportError, match="exists already"):
            seal(case, tmp_path / "again.zip", models={})
        with pytest.raises(ExportError, match="never replaced"):
            seal(case, sealed_case, models={}, force=True)
    assert again.path.read_bytes() == sealed_file.read_bytes()
    assert again.sha256 == hashlib.sha256(sealed_file.read_bytes()).hexdigest()


def manifest_again(files: dict[str, bytes]) -> None:
    """Make the hash lists right, as a careful forger would."""
    for listing, payload in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
        lines = []
        for name, content in files.items():
            plain = name.removeprefix("package/")
            if plain.startswith("data/") == payload and plain != "tagmanifest-sha256.txt":
                lines.append(f"{hashlib.sha256(content).hexdigest()}  {plain}\n")
        files[f"package/{listing}"] = "".join(lines).encode()


PAYLOAD = (
    "data/originals/photo-0001.png",
    "data/outputs/run-0001/composite-01.png",
    "data/outputs/run-0001/map.png",
    "data/log/log.jsonl",
    "data/records/rows.jsonl",
    "data/report/report.json",
)


@pytest.mark.parametrize("name", [*PAYLOAD, "data/report/report.pdf", "bag-info.txt"])
def test_a_changed_byte_is_named(rewrite: Rewrite, name: str) -> None:
    def flip(files: dict[str, bytes]) -> None:
        content = bytearray(files[f"package/{name}"])
        content[len(content) // 2] ^= 1
        files[f"package/{name}"] = bytes(content)

    assert name in places(rewrite(flip))


@pytest.mark.parametrize("name", PAYLOAD)
def test_a_missing_file_is_named(rewrite: Rewrite, name: str) -> None:
    def remove(files: dict[str, bytes]) -> None:
        del files[f"package/{name}"]

    assert name in places(rewrite(remove))

    def careful(files: dict[str, bytes]) -> None:
        manifest_again(files)

    assert name in places(rewrite(careful))


def test_an_extra_file_is_named(rewrite: Rewrite) -> None:
    def add(files: dict[str, bytes]) -> None:
        files["package/data/originals/photo-0002.png"] = b"x"
        files["package/run.sh"] = b"x"
        manifest_again(files)

    assert {"data/originals/photo-0002.png", "run.sh"} <= places(rewrite(add))


def test_a_forged_original_is_found_by_the_log(rewrite: Rewrite) -> None:
    def forge(files: dict[str, bytes]) -> None:
        files["package/data/originals/photo-0001.png"] += b"\0"
        manifest_again(files)

    assert places(rewrite(forge)) == {"data/originals/photo-0001.png"}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/log/log.jsonl", b"A. Examiner", b"B. Examiner"),
        ("data/records/rows.jsonl", b"street.png", b"strand.png"),
        ("data/report/report.json", b'"head": "', b'"head": "0'),
    ],
)
def test_a_careful_forger_is_found(rewrite: Rewrite, name: str, old: bytes, new: bytes) -> None:
    def forge(files: dict[str, bytes]) -> None:
        files[f"package/{name}"] = files[f"package/{name}"].replace(old, new)
        manifest_again(files)

    assert places(rewrite(forge))


def test_a_cut_log_is_found(rewrite: Rewrite) -> None:
    def cut(files: dict[str, bytes]) -> None:
        lines = files["package/data/log/log.jsonl"].splitlines(keepends=True)
        files["package/data/log/log.jsonl"] = b"".join(lines[:-1])
        manifest_again(files)

    assert "data/report/report.json" in places(rewrite(cut))


HOSTILE = (
    "../outside.txt",
    "package/../../outside.txt",
    "/etc/passwd",
    "C:\\Windows\\evil.exe",
    "package/data\\..\\evil",
    "package/data/.hidden",
    "package/data/\u202egnp.exe",
    "elsewhere/file",
    "package/data/CON ",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_lead_elsewhere(package: Path, name: str) -> None:
    with zipfile.ZipFile(package, "a") as file:
        file.writestr(name, b"x")
    before = sorted(path.name for path in package.parent.iterdir())
    assert not verify_package(package).ok
    assert sorted(path.name for path in package.parent.iterdir()) == before
    assert not Path("/outside.txt").exists()


def test_a_name_that_is_no_text(package: Path) -> None:
    with zipfile.ZipFile(package, "a") as file:
        file.writestr("package/data/XXXX", b"x")
    package.write_bytes(package.read_bytes().replace(b"data/XXXX", b"data/\xff\xfe\x80\x81"))
    assert not verify_package(package).ok


def test_links_folders_and_encrypted_files(package: Path) -> None:
    link = zipfile.ZipInfo("package/data/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(package, "a") as file:
        file.writestr(link, "/etc/passwd")
        file.writestr("package/data/folder/", b"")
    found = {problem.where: problem.what for problem in verify_package(package).problems}
    assert "link" in found["package/data/link"]
    assert "package/data/folder/" in found


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name(package: Path) -> None:
    with zipfile.ZipFile(package, "a") as file:
        file.writestr("package/data/log/log.jsonl", b"other")
        file.writestr("package/data/LOG/log.jsonl", b"other")
    what = [problem.what for problem in verify_package(package).problems]
    assert any("two files" in each for each in what)
    assert any("letters only" in each for each in what)


def test_a_bomb_is_not_inflated(package: Path) -> None:
    with zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("package/data/bomb", b"\0" * 50_000_000)
    found = {problem.where: problem.what for problem in verify_package(package).problems}
    assert "compressed" in found["package/data/bomb"]


def test_a_size_that_lies(package: Path) -> None:
    content = bytearray(package.read_bytes())
    at = content.rindex(b"PK\1\2", 0, content.rindex(b"package/data/report/report.pdf"))
    content[at + 20 : at + 28] = struct.pack("<II", 0x7FFF_FFFF, 0x7FFF_FFFF)
    package.write_bytes(content)
    assert "data/report/report.pdf" in places(package)


def test_bytes_between_before_and_after(package: Path) -> None:
    content = package.read_bytes()
    package.write_bytes(b"#!/bin/sh\n" + content)
    assert "package" in places(package)
    package.write_bytes(content)
    with zipfile.ZipFile(package, "a") as file:
        file.comment = b"hidden"
    assert "package" in places(package)


def test_a_giant_picture(rewrite: Rewrite) -> None:
    """A PNG of a few hundred bytes that claims 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    giant = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    giant += chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")

    def exchange(files: dict[str, bytes]) -> None:
        files["package/data/outputs/run-0001/composite-01.png"] = giant
        manifest_again(files)

    found = {each.where: each.what for each in verify_package(rewrite(exchange)).problems}
    assert "pixels" in found["data/outputs/run-0001/composite-01.png"]


@pytest.mark.parametrize(
    "line",
    [
        '{"table": "sqlite_master", "row": {"sql": "x"}}',
        '{"table": "note; DROP TABLE log", "row": {}}',
        '{"table": "note", "row": {"id": 9, "x); DROP TABLE log; --": 1}}',
        "[" * 100_000,
        "null",
        "",
    ],
)
def test_records_that_are_none(rewrite: Rewrite, line: str) -> None:
    def add(files: dict[str, bytes]) -> None:
        files["package/data/records/rows.jsonl"] += line.encode() + b"\n"
        manifest_again(files)

    assert any(place.startswith("data/records/rows.jsonl") for place in places(rewrite(add)))


def test_what_is_no_package(tmp_path: Path, package: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\3\4 no more")
    with pytest.raises(CaseDamaged):
        verify_package(path)
    with pytest.raises(CaseError):
        verify_package(tmp_path / "none.zip")
    content = package.read_bytes()
    for size in range(0, len(content), len(content) // 12):
        path.write_bytes(content[:size])
        with pytest.raises(CaseDamaged):
            verify_package(path)
    with zipfile.ZipFile(path, "w"):
        pass
    assert "data/log/log.jsonl" in places(path)

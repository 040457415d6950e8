"""Bad input gets one clear sentence on stderr and the right exit code, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.e2e.conftest import SIZE, Cli, write_png

pytestmark = pytest.mark.usefixtures("tiny_zoo")


def png_bomb(path: Path, side: int) -> Path:
    """A tiny file whose header promises side x side pixels, all there but compressed away."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    compressor = zlib.compressobj(1)
    row = bytes(1 + side * 3)
    body = b"".join(compressor.compress(row) for _ in range(side)) + compressor.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )
    return path


@pytest.fixture(scope="session")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 million pixels in a file of a megabyte."""
    return png_bomb(tmp_path_factory.mktemp("bomb") / "bomb.png", 20_000)


@pytest.fixture(params=["missing", "folder", "empty", "text", "truncated", "bomb"])
def bad_photo(request: pytest.FixtureRequest, tmp_path: Path, photo: Path) -> Path:
    """A file that is no usable photo."""
    kind = request.param
    if kind == "bomb":
        bomb: Path = request.getfixturevalue("bomb")
        return bomb
    path = tmp_path / f"{kind}.png"
    if kind == "missing":
        return path
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("This is not a photo.\n")
    elif kind == "truncated":
        path.write_bytes(photo.read_bytes()[:-2000])
    return path


@pytest.mark.parametrize("command", ["locate", "map", "reconstruct"])
def test_bad_photos(cli: Cli, tmp_path: Path, bad_photo: Path, command: str) -> None:
    out = [] if command == "locate" else ["--out", tmp_path / "out"]
    run = cli(command, bad_photo, *out)
    assert run.code == 1
    assert str(bad_photo) in run.complaint
    assert run.complaint.startswith("revisage: ")
    assert run.out == ""
    assert command == "locate" or not list((tmp_path / "out").iterdir())


def test_one_bad_photo_does_not_stop_the_rest(
    cli: Cli, photo: Path, tmp_path: Path, bad_photo: Path
) -> None:
    run = cli("map", bad_photo, photo, "--out", tmp_path / "out", "--json")
    assert run.code == 1
    assert [entry["path"] for entry in run.document["photos"]] == [str(photo)]
    assert [entry["path"] for entry in run.document["failed"]] == [str(bad_photo)]
    assert (tmp_path / "out" / "photo.map.png").exists()


def test_an_unreadable_photo(cli: Cli, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo.chmod(0)
    if os.access(photo, os.R_OK):  # root reads everything, so answer as to one who may not
        opened = Path.open

        def forbidden(path: Path, *arguments: Any, **options: Any) -> Any:
            if path == photo:
                raise PermissionError(13, "Permission denied", str(path))
            return opened(path, *arguments, **options)

        monkeypatch.setattr(Path, "open", forbidden)
    run = cli("locate", photo)
    assert run.code == 1
    assert str(photo) in run.complaint


def test_out_is_a_file(cli: Cli, photo: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    run = cli("map", photo, "--out", file)
    assert run.code == 1
    assert str(file) in run.complaint
    assert file.read_text() == "mine"


def test_out_may_not_be_written(
    cli: Cli, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):  # root writes everywhere, so ask as one who may not
        monkeypatch.setattr("os.access", lambda path, mode: Path(path) != folder)
    run = cli("reconstruct", photo, "--out", folder)
    assert run.code == 1
    assert "read-only" in run.complaint
    assert not list(folder.iterdir())


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder nobody may write to")
def test_out_cannot_be_made(cli: Cli, photo: Path) -> None:
    run = cli("map", photo, "--out", "/proc/revisage")
    assert run.code == 1
    assert "/proc/revisage" in run.complaint


def test_nothing_is_replaced_without_force(cli: Cli, photo: Path, tmp_path: Path) -> None:
    target = tmp_path / "photo.map.png"
    target.write_text("earlier work")
    run = cli("map", photo, "--out", tmp_path)
    assert run.code == 1
    assert "--force" in run.complaint
    assert target.read_text() == "earlier work"
    assert cli("map", photo, "--out", tmp_path, "--force").code == 0
    assert target.read_bytes().startswith(b"\x89PNG")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_one_result_in_the_way_is_seen_before_any_work(
    cli: Cli, photo: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "photo.gan.h2.png").write_text("earlier work")
    run = cli("reconstruct", photo, "--model", "rgb,gan", "--hypotheses", "2", "--out", out)
    assert run.code == 1
    assert [path.name for path in out.iterdir()] == ["photo.gan.h2.png"]


def test_evidence_is_never_replaced_even_with_force(cli: Cli, photo: Path, tmp_path: Path) -> None:
    cunning = tmp_path / "x.map.png"
    shutil.copy(photo, cunning)
    other = tmp_path / "x.png"
    shutil.copy(photo, other)
    before = cunning.read_bytes()
    run = cli("map", other, cunning, "--out", tmp_path, "--force", "--json")
    assert run.code == 1
    assert cunning.read_bytes() == before
    assert [entry["path"] for entry in run.document["failed"]] == [str(other)]


def test_photos_of_the_same_stem_are_wrong_usage(cli: Cli, photo: Path, tmp_path: Path) -> None:
    twin = tmp_path / "other" / "PHOTO.jpg"
    twin.parent.mkdir()
    shutil.copy(photo, twin)
    for command in ("map", "reconstruct"):
        run = cli(command, photo, twin, "--out", tmp_path / "out")
        assert run.code == 2
        assert str(photo) in run.complaint
        assert str(twin) in run.complaint
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["locate"],
        ["map", "photo.png"],
        ["reconstruct", "photo.png"],
        ["reconstruct", "photo.png", "--out", "out", "--hypotheses", "0"],
        ["reconstruct", "photo.png", "--out", "out", "--hypotheses", "two"],
        ["reconstruct", "photo.png", "--out", "out", "--seed", "-1"],
        ["reconstruct", "photo.png", "--out", "out", "--model", "rgb,,gan"],
        ["reconstruct", "photo.png", "--out", "out", "--model", "rgb,rgb"],
        ["reconstruct", "photo.png", "--out", "out", "--model", "nobody_has_this"],
        ["reconstruct", "photo.png", "--out", "out", "--model", "tiny_map"],
        ["reconstruct", "photo.png", "b.png", "--out", "out", "--map", "map.png"],
        ["reconstruct", "photo.png", "--out", "out", "--device", "tpu"],
        ["reconstruct", "photo.png", "--out", "out", "--unknown"],
        ["models"],
        ["models", "show"],
        ["models", "show", "nobody_has_this"],
        ["models", "verify", "nobody_has_this"],
        ["models", "add"],
        ["nosuchcommand"],
        ["--nosuchoption"],
    ],
)
def test_wrong_usage(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run = cli(*arguments)
    assert run.code == 2
    assert run.out == ""
    assert run.complaint.startswith("revisage")
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.parametrize("kind", ["size", "missing", "text"])
def test_a_map_that_does_not_fit(cli: Cli, photo: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "map.png"
    if kind == "size":
        write_png(path, np.zeros((50, 60), np.uint8))
    elif kind == "text":
        path.write_text("no map")
    run = cli("reconstruct", photo, "--map", path, "--out", tmp_path / "out")
    assert run.code == 1
    assert str(path) in run.complaint
    assert not list((tmp_path / "out").iterdir())


def test_an_empty_given_map_is_reported(cli: Cli, photo: Path, tmp_path: Path) -> None:
    path = write_png(tmp_path / "map.png", np.zeros(SIZE[::-1], np.uint8))
    run = cli("reconstruct", photo, "--map", path, "--out", tmp_path / "out")
    assert run.code == 0
    assert "the map is empty" in run.complaint


def test_a_given_map_away_from_every_face(cli: Cli, photo: Path, tmp_path: Path) -> None:
    pixels = np.zeros(SIZE[::-1], np.uint8)
    pixels[280:, 380:] = 255
    path = write_png(tmp_path / "map.png", pixels)
    run = cli("reconstruct", photo, "--map", path, "--out", tmp_path / "out")
    assert run.code == 1
    assert "No face lies under the map" in run.complaint


def test_a_full_disk_leaves_nothing_half_written(
    cli: Cli, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    run = cli("map", photo, "--out", tmp_path / "out")
    assert run.code == 1
    assert "disk is full" in run.complaint
    assert not list((tmp_path / "out").iterdir())

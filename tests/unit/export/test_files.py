"""Writing: whole or not at all, and never over what must stay."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from app.export.errors import ExportError
from app.export.files import check_target, prepare_folder, write_file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    write_file(path, b"content")
    assert path.read_bytes() == b"content"
    assert names(tmp_path) == ["a.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits")
def test_others_may_read_it_as_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_file(tmp_path / "a.png", b"content")
    assert (tmp_path / "a.png").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_nothing_is_replaced_without_force(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with pytest.raises(ExportError, match=r"exists already and was not replaced"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    write_file(path, b"new", force=True)
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.png"]


def test_a_source_photo_is_never_replaced(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"evidence")
    (tmp_path / "link.png").symlink_to(photo)
    os.link(photo, tmp_path / "second.png")
    for name in ("photo.png", "link.png", "second.png"):
        with pytest.raises(ExportError, match="is a source photo"):
            write_file(tmp_path / name, b"new", force=True, protected=[photo])
    check_target(tmp_path / "other.png", protected=[photo])
    write_file(tmp_path / "x.png", b"1", protected=[tmp_path / "gone.png"])
    assert photo.read_bytes() == b"evidence"


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"keep")
    (tmp_path / "a.png").symlink_to(target)
    write_file(tmp_path / "a.png", b"new", force=True)
    assert target.read_bytes() == b"keep"
    dangling = tmp_path / "b.png"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ExportError, match="exists already"):
        write_file(dangling, b"new")


def test_folders_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        write_file(tmp_path / "a.png", b"new", force=True)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match="is no folder"):
        write_file(tmp_path / "file" / "a.png", b"new")
    with pytest.raises(ExportError, match="is no folder"):
        write_file(tmp_path / "missing" / "a.png", b"new")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="name is too long"):
        write_file(tmp_path / ("n" * 300), b"new")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "is read-only for you"),
        (errno.EACCES, "is read-only for you"),
        (errno.EIO, "Input/output error"),
    ],
)
@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_failing_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, said: str
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(ExportError) as caught:
        write_file(path, b"new", force=True)
    monkeypatch.undo()
    message = str(caught.value)
    assert said in message
    assert str(path) in message
    assert "\n" not in message
    assert names(tmp_path) == ["a.png"]
    assert path.read_bytes() == b"old"


def test_a_disk_that_fills_up_half_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def half(path: Path, *arguments: Any, **more: Any) -> Any:
        file = real(path, *arguments, **more)
        write = file.write

        class Full:
            def __enter__(self) -> Full:
                return self

            def __exit__(self, *_: Any) -> None:
                file.close()

            def write(self, content: bytes) -> int:
                write(content[: len(content) // 2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return Full()

    monkeypatch.setattr(Path, "open", half)
    with pytest.raises(ExportError, match="the disk is full"):
        write_file(tmp_path / "a.png", b"content")
    assert names(tmp_path) == []


def test_a_drive_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_file(tmp_path / "a.png", b"content")
    assert names(tmp_path) == ["a.png"]
    with pytest.raises(ExportError, match="exists already"):
        write_file(tmp_path / "a.png", b"new")


def test_two_writers_of_one_name(tmp_path: Path) -> None:
    """Without force exactly one of many wins, and the file is whole."""
    path = tmp_path / "a.png"
    contents = [bytes([number]) * 100_000 for number in range(8)]
    refused: list[ExportError] = []
    start = threading.Barrier(len(contents))

    def write(content: bytes) -> None:
        start.wait()
        try:
            write_file(path, content)
        except ExportError as error:
            refused.append(error)

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == len(contents) - 1
    assert path.read_bytes() in contents
    assert names(tmp_path) == ["a.png"]


def test_prepare_folder(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "a" / "b")
    prepare_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match="is a file, not a folder"):
        prepare_folder(tmp_path / "file")
    with pytest.raises(ExportError, match="is no folder"):
        prepare_folder(tmp_path / "file" / "below")

"""The walk: every photo once, nothing else, and no circle."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.batch.walk import RESULTS_MARK, Found, Passed, Unreadable, walk


def paths(root: Path, exclude: Path | None = None, passed: Passed | None = None) -> set[str]:
    found = list(walk(root, exclude=exclude or root / "no", passed=passed or Passed()))
    assert all(isinstance(each, Found) for each in found), found
    names = [f"{each.folder}/{each.name}" for each in found]
    assert len(set(names)) == len(names)
    return set(names)


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_photos_at_every_depth(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "b/c.PNG", "b/d/e.tiff", "b/notes.txt", "f/.hidden.webp")
    passed = Passed()
    found = paths(tmp_path, passed=passed)
    assert found == {"/a.jpg", "b/c.PNG", "b/d/e.tiff", "f/.hidden.webp"}
    assert passed == Passed(others=1)


def test_size_and_time(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    os.utime(tmp_path / "a.jpg", ns=(5, 1_700_000_000_123_456_700))
    (found,) = walk(tmp_path, exclude=tmp_path / "no", passed=Passed())
    assert found == Found(folder="", name="a.jpg", size=5, modified=1_700_000_000_123_456_700)


def test_the_results_are_not_photos(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "results/a.rgb.h1.png", "b/results/c.jpg")
    assert paths(tmp_path, exclude=tmp_path / "b" / ".." / "results") == {
        "/a.jpg",
        "b/results/c.jpg",
    }


def test_results_of_other_batches_are_not_entered(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "b/old/a.rgb.h1.png", f"b/old/{RESULTS_MARK}", "b/c.jpg", "own/d.jpg")
    make(tmp_path, f"own/{RESULTS_MARK}")
    passed = Passed()
    assert paths(tmp_path, exclude=tmp_path / "own", passed=passed) == {"/a.jpg", "b/c.jpg"}
    assert passed == Passed(earlier=1)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_lead_in_no_circle(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "b/c.jpg")
    (tmp_path / "b" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "linked.jpg").symlink_to(tmp_path / "a.jpg")
    passed = Passed()
    assert paths(tmp_path, passed=passed) == {"/a.jpg", "b/c.jpg", "/linked.jpg"}
    assert passed.links == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_nothing_is_reported(tmp_path: Path) -> None:
    make(tmp_path, "b/c.jpg")
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere")
    found = list(walk(tmp_path, exclude=tmp_path / "no", passed=Passed()))
    (bad,) = [each for each in found if isinstance(each, Unreadable)]
    assert (bad.folder, bad.name) == ("", "gone.jpg")
    assert "gone.jpg could not be read" in bad.error


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_closed_folder_is_reported(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "closed/b.jpg")
    (tmp_path / "closed").chmod(0)
    try:
        found = list(walk(tmp_path, exclude=tmp_path / "no", passed=Passed()))
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert {type(each) for each in found} == {Found, Unreadable}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"x")
    assert paths(tmp_path) == {"/caf\udce9.jpg"}


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(walk(tmp_path / "gone", exclude=tmp_path, passed=Passed()))

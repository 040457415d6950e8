"""Evidence comes in once; under which names it came, the log keeps."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.case.case_file import CaseFile
from app.case.evidence import AGAIN
from app.case.verify import verify
from tests.unit.case.conftest import png


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "first.png"
    path.write_bytes(png(np.full((20, 30, 3), 80, np.uint8)))
    return path


def further(case: CaseFile) -> list[tuple[int, str, str]]:
    """Photo, name and place of every further name in the log."""
    entries = [entry.details for entry in case.log() if entry.action == AGAIN]
    return [(each["photo"], each["name"], each["source"]) for each in entries]


def test_a_second_name_of_the_same_bytes_is_kept_once(
    new_case: Callable[[], CaseFile], photo: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "b"
    elsewhere.mkdir()
    second = Path(shutil.copy(photo, tmp_path / "second.png"))
    moved = Path(shutil.copy(photo, elsewhere / "first.png"))
    with new_case() as case:
        first, new = case.evidence.add(photo)
        assert new
        for path in (second, photo, moved, second, moved):
            row, new = case.evidence.add(path)
            assert (row, new) == (first, False)
        assert further(case) == [(1, "second.png", str(second)), (1, "first.png", str(moved))]
        (entry,) = [entry for entry in case.log() if entry.details.get("name") == "second.png"]
        assert entry.details["sha256"] == first.sha256
        assert entry.rows == ()
        assert case.evidence.photos() == (first,)
        path = case.path
    assert verify(path).ok


def test_names_that_no_encoding_has_are_no_news_either(
    new_case: Callable[[], CaseFile], photo: Path
) -> None:
    content = photo.read_bytes()
    with new_case() as case:
        for name in ("a.png", "b\udcff.png", "b\udcff.png"):
            case.evidence.add_bytes(content, name)
        assert further(case) == [(1, "b?.png", "")]


def test_bytes_that_the_case_does_not_hold_have_no_further_name(
    new_case: Callable[[], CaseFile],
) -> None:
    with new_case() as case:
        assert not case.evidence.note_name("0" * 64, "a.png")
        assert further(case) == []


def test_a_case_that_can_only_be_read_stays_as_it_is(
    new_case: Callable[[], CaseFile], photo: Path
) -> None:
    with new_case() as case:
        case.evidence.add(photo)
        path = case.path
    with CaseFile.open(path, read_only=True) as case:
        row, new = case.evidence.add_bytes(photo.read_bytes(), "other.png")
        assert (row.id, new) == (1, False)
        assert further(case) == []


def test_a_case_of_the_first_format_takes_further_names(version_1: Path) -> None:
    with CaseFile.open(version_1, examiner="B. Examiner") as case:
        content, source = case.evidence.read(1), case.evidence.get(1).source
        case.evidence.add_bytes(content, case.evidence.get(1).name, source=source)
        case.evidence.add_bytes(content, "other.png", source="/cards/other.png")
        assert further(case) == [(1, "other.png", "/cards/other.png")]
    assert verify(version_1).ok

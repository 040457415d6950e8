"""The folder in which a video grows: what it goes on with, what it deletes, and what never."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.video.errors import VideoError
from app.video.hold import held, working_folder
from app.video.journal import Journal
from app.video.rescue import rescue

FILE = {"source": "film.mp4", "begun": ""}
LIVE = {"source": "camera 0", "begun": "2026-07-01T10:20:30.5+00:00"}


def journal_with(folder: Path, order: dict[str, Any], segments: int) -> Journal:
    journal = Journal.open(folder, order)
    for number in range(segments):
        journal.next_path().write_bytes(b"frames")
        state = {"smooth": np.full(3, number, np.float32), "count": number}
        journal.describe = lambda number=number: {"dropped": number}  # type: ignore[misc]
        journal.add(first=2 * number, times=[0, 1], tracks=[(1,), ()], state=state)
    return journal


def test_the_same_order_goes_on_after_the_last_whole_segment(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    journal_with(folder, FILE, 3)
    (folder / "000002.mp4").write_bytes(b"cut")
    again = Journal.open(folder, dict(reversed(FILE.items())))
    assert again.done == 4
    assert [segment.facts for segment in again.segments] == [{"dropped": 0}, {"dropped": 1}]
    assert again.next_path().name == "000002.mp4"


def test_the_state_comes_back(tmp_path: Path) -> None:
    journal_with(tmp_path / "work", FILE, 2)
    state = Journal.open(tmp_path / "work", FILE).state()
    assert state is not None
    assert state["count"] == 1
    assert state["smooth"].tolist() == [1, 1, 1]


def test_work_goes_on_before_a_damaged_last_segment(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    journal_with(folder, FILE, 4)
    (folder / "000003.mp4").write_bytes(b"cut")
    again = Journal.open(folder, FILE)
    assert again.done == 6
    state = again.state()
    assert state is not None
    assert state["smooth"].tolist() == [2, 2, 2]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut"])
def test_work_begins_anew_where_no_state_can_be_read(content: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    journal_with(folder, FILE, 4)
    for number in (2, 3):
        (folder / f"{number:06}.npz").write_bytes(content)
    again = Journal.open(folder, FILE)
    assert (again.done, again.state()) == (0, None)


def test_another_order_begins_anew(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    journal_with(folder, FILE, 2)
    assert Journal.recording(folder) is None  # a file can be read again
    assert Journal.open(folder, {**FILE, "source": "other.mp4"}).done == 0
    assert [path.name for path in folder.iterdir()] == ["order.json"]


def test_what_a_camera_has_shown_is_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    assert Journal.recording(folder) is None
    journal_with(folder, LIVE, 0)
    assert Journal.recording(folder) is None  # nothing was finished
    journal_with(folder, LIVE, 2)
    found = Journal.recording(folder)
    assert found is not None
    assert found.order == LIVE
    assert (found.done, found.damaged) == (4, False)
    (folder / "000000.mp4").write_bytes(b"")
    found = Journal.recording(folder)
    assert found is not None
    assert found.damaged


def test_a_recording_of_an_earlier_version_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    folder = working_folder(out)
    journal_with(folder, LIVE, 1)
    with pytest.raises(VideoError) as refused:
        rescue(out, None)
    assert f"(another version of Revisage made it) and is kept in {folder}" in str(refused.value)
    assert "out.recovered-20260701T102030Z.mp4" in str(refused.value)
    assert (folder / "000000.mp4").exists()


def test_an_unfinished_segment_gives_its_room_back(tmp_path: Path) -> None:
    journal = journal_with(tmp_path / "work", LIVE, 1)
    journal.next_path().write_bytes(b"cut")
    journal.drop_unfinished()
    names = sorted(path.name for path in journal.folder.iterdir())
    assert names == ["000000.json", "000000.mp4", "000000.npz", "order.json"]


def test_one_holder_per_output(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    with held(out):
        with pytest.raises(VideoError, match=r"Another run is working on .*out\.mp4; wait for"):
            held(out).__enter__()
        with held(tmp_path / "other.mp4"):
            pass
    with held(out):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="could not be written"), held(tmp_path / "no" / "out.mp4"):
        pass

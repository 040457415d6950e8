"""The parts of a case in the window by themselves: saving in order, recovery files, the log's table."""

from __future__ import annotations

import contextlib
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.case.errors import CaseDamaged
from app.case.log import LogEntry
from app.imaging.edit import Edit
from app.imaging.errors import RevisageError
from app.imaging.map import BinaryMap
from app.imaging.photo import Photo
from app.ui.case.place import Place, Replay
from app.ui.case.recovery import RecoverySink, find_left, read_left
from app.ui.case.summary import Summary, step_in_words
from app.ui.case.tables import LogModel
from app.ui.case.writer import OrderedWriter


def entry(seq: int, action: str = "map.edit", /, **details: object) -> LogEntry:
    return LogEntry(
        seq=seq,
        utc=f"2026-01-{1 + seq % 28:02d}T10:00:00.000+00:00",
        who={"examiner": "A", "login": "a", "host": "h"},
        software={},
        action=action,
        details=details or {"map": 1, "number": seq, "tool": "brush"},
        rows=(),
        previous="0" * 64,
        sha256=f"{seq:064x}",
    )


def stroke(raster: BinaryMap, x: int) -> Edit:
    edit = raster.paint_stroke(np.array([[x, 20.0]]), radius=4, value=True)
    assert edit is not None
    return edit


# --- saving in order ------------------------------------------------------------------------------


def test_what_cannot_be_saved_waits_with_everything_after_it(qtbot: QtBot) -> None:
    writer = OrderedWriter("test")
    made: list[object] = []
    full = True

    def second() -> None:
        if full:
            raise RevisageError("The disk is full.")
        made.append(2)

    writer.submit(lambda: made.append(1))
    writer.submit(second)
    writer.submit(lambda: made.append(3))
    qtbot.waitUntil(lambda: writer.failure is not None)
    assert made == [1]
    assert writer.pending == 2
    full = False
    writer.retry()
    qtbot.waitUntil(lambda: writer.pending == 0)
    assert made == [1, 2, 3]
    assert writer.failure is None
    assert writer.close() == 0
    with pytest.raises(RuntimeError):
        writer.submit(lambda: None)


def test_closing_saves_what_waits_and_counts_what_it_could_not(qtbot: QtBot) -> None:
    writer = OrderedWriter("test")
    gate = threading.Event()
    made: list[int] = []
    writer.submit(gate.wait)
    for number in range(50):
        writer.submit(partial(made.append, number))
    gate.set()
    assert writer.close() == 0
    assert made == list(range(50))
    other = OrderedWriter("test")

    def fail() -> None:
        raise RevisageError("No.")

    other.submit(fail)
    other.submit(lambda: None)
    assert other.close() == 2


# --- recovery files -------------------------------------------------------------------------------


def written(folder: Path) -> tuple[Path, BinaryMap]:
    """A recovery file that a crash has left, and its map."""
    sink = RecoverySink(folder)
    place = Place(folder / "a.png", sha256="a" * 64)
    raster = BinaryMap(64, 48)
    sink.photo(place)
    sink.faces(place, (), "automatic")
    sink.map(place, raster.pixels.copy(), "automatic")
    for x in (10, 30, 50):
        sink.edit(place, stroke(raster, x), "brush")
    assert sink.path is not None
    assert find_left(folder) == []
    sink.leave()
    return sink.path, raster


def photo() -> Photo:
    return Photo(path=None, pixels=np.zeros((48, 64, 3), np.uint8), sha256="a" * 64)


def test_a_recovery_file_gives_back_map_and_history(tmp_path: Path) -> None:
    _, raster = written(tmp_path)
    (left,) = find_left(tmp_path)
    assert (len(left.photos), left.edits) == (1, 3)
    restored = left.photos[0].restore(photo())
    assert restored is not None
    np.testing.assert_array_equal(restored.found.map.pixels, raster.pixels)
    assert [step.tool for step in restored.history.done] == ["brush"] * 3
    left.remove()
    assert [*tmp_path.iterdir()] == []


def test_a_recovery_file_that_is_cut_anywhere_gives_what_is_whole(tmp_path: Path) -> None:
    path, _ = written(tmp_path)
    content = path.read_bytes()
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        left = read_left(path)
        whole = content[:length].count(b"\n")
        assert len(left.photos) == (1 if whole else 0)
        assert left.edits == max(whole - 3, 0)
        for each in left.photos:
            each.restore(photo())


@pytest.mark.parametrize(
    "line",
    [
        b'{"edit":1,"tool":"brush","rectangle":[0,0,900,900],"bits":"AAAA"}\n',
        b'{"edit":7,"tool":"brush"}\n',
        b'{"map":1,"source":"hand","bits":"!!"}\n',
        b"[1,2]\n",
        b"\xff\xfe\n",
    ],
)
def test_a_recovery_file_with_nonsense_never_ends_the_window(tmp_path: Path, line: bytes) -> None:
    path, _ = written(tmp_path)
    with path.open("ab") as file:
        file.write(line)
    for each in read_left(path).photos:
        with contextlib.suppress(CaseDamaged):
            each.restore(photo())


def test_a_replayed_history_undoes_and_redoes_as_the_first_did() -> None:
    raster = BinaryMap(64, 48)
    first, second, third = (stroke(raster, x) for x in (10, 30, 50))
    replay = Replay(BinaryMap(64, 48))
    for edit, tool in (
        (first, "brush"),
        (second, "brush"),
        (second, "undo"),
        (first, "undo"),
        (first, "redo"),
        (third, "brush"),
    ):
        replay.step(edit, tool)
    assert [step.tool for step in replay.history.done] == ["brush", "brush"]
    assert not replay.history.can_redo
    replay.history.undo(replay.raster)
    replay.history.undo(replay.raster)
    assert replay.raster.empty


# --- the log --------------------------------------------------------------------------------------


def test_thousands_of_entries_are_filtered_by_words_kind_and_time(qtbot: QtBot) -> None:
    model = LogModel()
    entries = [entry(number) for number in range(1, 20_001)]
    entries[500] = entry(501, "note.add", note=1, photo=None, replaces=None)
    model.grow(entries)
    assert model.rowCount() == 20_000
    model.set_filter(text="edit 777 brush")
    assert "777" in model.cell(model.lines[0], 4)
    model.set_filter(kind="note")
    assert [line.seq for line in model.lines] == [501]
    model.grow([entry(20_001), entry(20_002, "note.add", note=2)])
    assert [line.seq for line in model.lines] == [501, 20_002]
    model.set_filter(days=1)
    assert model.lines == []
    model.set_filter()
    assert model.rowCount() == 20_002


def test_an_entry_that_makes_no_sense_is_shown_and_changes_nothing() -> None:
    summary = Summary()
    strange = entry(1, "evidence.add", photo="x", name=None)
    summary.grow([strange, entry(2, "map.edit", map=9, number=1), entry(3, "later.kind", what="new")])
    assert summary.entries == 3
    assert summary.photos == {}
    assert step_in_words(entry(3, "later.kind", what="new")) == ("later.kind", "what: new")

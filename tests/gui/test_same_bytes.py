"""Two photos of a window that hold the same bytes: a case keeps them once, and no work is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from app.ui.case.summary import step_in_words
from app.ui.session import PhotoSession
from tests.gui.conftest import Hand


def keep(hand: Hand, path: Path) -> None:
    """Make a case of what is open."""
    hand.window.controller.keeping.create_case(
        path, title="", number="", examiner="A. Example", keep=True
    )


def kept(hand: Hand, path: Path) -> None:
    """Make a case of what is open, and wait until all of it is in there."""
    keep(hand, path)
    keeping = hand.window.controller.keeping
    hand.wait(lambda: keeping.case is not None)
    hand.wait(lambda: keeping.writer.pending == 0)


def come_back(hand: Hand, path: Path) -> None:
    """Close the case and open it again."""
    hand.trigger("close_case")
    keeping = hand.window.controller.keeping
    hand.wait(lambda: keeping.writer.pending == 0)
    keeping.open_case(path, examiner="A. Example")
    hand.wait(lambda: hand.window.controller.session.current is not None)
    hand.settle()


def two(hand: Hand, photo_file: Path) -> tuple[PhotoSession, PhotoSession]:
    """A photo and a copy of it under another name, both looked at; the first is on the canvas."""
    copy = photo_file.with_name("other name.png")
    shutil.copy(photo_file, copy)
    hand.open(photo_file, copy)
    session = hand.window.controller.session
    first, second = session.photos
    for photo in (second, first):
        session.set_current(photo)
        hand.settle()
    return first, second


@pytest.mark.parametrize("worked_on", [0, 1])
def test_the_map_that_was_corrected_is_the_one_that_comes_back(
    hand: Hand, photo_file: Path, tmp_path: Path, worked_on: int
) -> None:
    photos = two(hand, photo_file)
    hand.window.controller.session.set_current(photos[worked_on])
    hand.settle()
    hand.drag((20, 20), (60, 20))
    corrected = hand.document.map.pixels.copy()
    path = tmp_path / "a.rvcase"
    kept(hand, path)
    assert hand.window.controller.session.photos == (photos[worked_on],)
    assert hand.photo is photos[worked_on]
    hand.drag((20, 220), (60, 220))
    both = hand.document.map.pixels.copy()
    assert not np.array_equal(both, corrected)
    come_back(hand, path)
    assert np.array_equal(hand.document.map.pixels, both)


def test_every_name_of_the_bytes_is_in_the_log(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    _, second = two(hand, photo_file)
    kept(hand, tmp_path / "a.rvcase")
    keeping = hand.window.controller.keeping
    third = photo_file.with_name("third name.png")
    shutil.copy(photo_file, third)
    hand.window.controller.open_paths([third])
    hand.wait(lambda: third.name in hand.window.messages.text.text())
    hand.wait(lambda: keeping.writer.pending == 0)
    assert keeping.case is not None
    entries = [entry for entry in keeping.case.log() if entry.action == "evidence.again"]
    assert [entry.details["name"] for entry in entries] == [second.name, third.name]
    assert [entry.details["photo"] for entry in entries] == [1, 1]
    said, about = step_in_words(entries[0])
    assert (said, second.name in about) == ("Same bytes under another name", True)


def test_work_on_both_is_not_lost_unasked(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    photos = two(hand, photo_file)
    for photo in photos:
        hand.window.controller.session.set_current(photo)
        hand.settle()
        hand.drag((20, 20), (60, 20))
    path = tmp_path / "a.rvcase"
    keep(hand, path)
    said = hand.window.messages.text.text()
    assert "same bytes" in said
    assert all(photo.name in said for photo in photos)
    assert hand.window.controller.keeping.case is None
    assert not path.exists()
    assert hand.window.controller.session.photos == photos


def test_the_photo_on_the_canvas_stays_there(hand: Hand, photo_file: Path, tmp_path: Path) -> None:
    two(hand, photo_file)
    third = photo_file.with_name("third.png")
    third.write_bytes(photo_file.read_bytes() + b"\0")  # other bytes, the same picture
    hand.open(third)
    looked_at = next(
        photo for photo in hand.window.controller.session.photos if photo.path == third
    )
    hand.window.controller.session.set_current(looked_at)
    hand.settle()
    kept(hand, tmp_path / "a.rvcase")
    hand.wait(lambda: len(hand.window.controller.session.photos) == 2)
    assert hand.photo is looked_at

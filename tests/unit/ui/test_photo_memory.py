"""Decoded photos that nobody looks at make room, and none that is needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.imaging.photo import Photo
from app.ui import photo_memory
from app.ui.photo_memory import PhotoMemory
from app.ui.session import PhotoSession, Session, Stage


@pytest.fixture
def session(qapp: object) -> Session:
    session = Session()
    session.add([Path(f"{number}.png") for number in range(4)])
    return session


def look_at(memory: PhotoMemory, session: Session, photo: PhotoSession) -> None:
    session.set_current(photo)
    memory.looked_at(photo)
    pixels = np.zeros((10, 10, 3), np.uint8)
    photo.photo = Photo(path=photo.path, pixels=pixels, sha256="0")
    memory.make_room()


def held(session: Session) -> list[bool]:
    return [photo.photo is not None for photo in session.photos]


def test_the_photo_not_looked_at_for_longest_goes_first(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_memory, "PHOTO_MEMORY", 1000)  # two of these photos, not three
    memory = PhotoMemory(session)
    first, second, third, fourth = session.photos
    for photo in (first, second, first, third):
        look_at(memory, session, photo)
    assert held(session) == [True, False, True, False]
    first.stage = Stage.RECONSTRUCTING
    look_at(memory, session, fourth)
    assert held(session) == [True, False, False, True]


def test_the_current_photo_stays_however_large(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_memory, "PHOTO_MEMORY", 1)
    memory = PhotoMemory(session)
    for photo in session.photos:
        look_at(memory, session, photo)
    assert held(session) == [False, False, False, True]


def test_a_closed_photo_counts_no_more(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_memory, "PHOTO_MEMORY", 1000)
    memory = PhotoMemory(session)
    session.photos_changed.connect(memory.forget_closed)
    first, second, third, _ = session.photos
    look_at(memory, session, first)
    look_at(memory, session, second)
    session.remove(first)
    look_at(memory, session, third)
    assert second.photo is not None

"""Opening photos, folders and things that are neither."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from app.export.pictures import encode_map
from app.ui.main_window import MainWindow
from app.ui.session import Stage
from tests.gui.conftest import FACE, Hand, write_photo
from tests.support.pictures import several_pictures
from tests.support.tiny_models import DrawnFace, draw_photo, drawn_mask


def test_the_empty_window_teaches_and_hides_what_needs_a_photo(window: MainWindow) -> None:
    assert window.stack.currentWidget() is window.welcome
    assert not window.inspector_dock.isVisible()
    for key in ("run", "export", "undo", "tool_brush", "view_compare"):
        assert not window.actions_[key].isEnabled(), key
    for key in ("open", "open_folder", "open_sample", "shortcuts", "about"):
        assert window.actions_[key].isEnabled(), key


def test_a_photo_is_shown_with_its_faces_and_its_map(hand: Hand, photo_file: Path) -> None:
    photo = hand.open(photo_file)
    assert photo.size == (320, 240)
    assert photo.faces is not None
    assert len(photo.faces) == 1
    x0, y0, x1, y1 = drawn_mask(FACE)
    middle = hand.document.map.pixels[y0 + 5 : y1 - 5, x0 + 5 : x1 - 5]
    assert middle.all()
    assert hand.window.windowTitle().startswith("masked.png")
    assert hand.window.inspector_dock.isVisible()
    assert hand.window.inspector.faces.list.count() == 1
    assert hand.window.inspector.map.aside.text().endswith("% of the photo")


def test_a_folder_opens_with_all_its_photos_in_order(hand: Hand, tmp_path: Path) -> None:
    inner = tmp_path / "case" / "inner"
    inner.mkdir(parents=True)
    for name in ("b.png", "a.png", "inner/c.jpg"):
        write_photo(tmp_path / "case" / name, draw_photo(160, 120, []))
    (tmp_path / "case" / "notes.txt").write_text("no photo")
    hand.open(tmp_path / "case")
    names = [photo.name for photo in hand.window.controller.session.photos]
    assert names == ["a.png", "b.png", "c.jpg"]
    assert hand.window.strip.list.model().rowCount() == 3
    hand.trigger("next")
    hand.settle()
    assert hand.photo.name == "b.png"
    hand.wait(lambda: all(photo.thumbnail for photo in hand.window.controller.session.photos))


def test_pictures_that_revisage_made_are_left_out_of_a_folder(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    made = folder / "found.map.png"
    made.write_bytes(encode_map(np.zeros((20, 30), np.bool_)))
    messages = hand.window.messages
    hand.window.controller.open_paths([folder])
    hand.wait(lambda: "holds no photos" in messages.text.text())
    messages.dismiss()
    assert "(1)" in messages.text.text()
    messages.clear()
    photo_file.rename(folder / photo_file.name)
    hand.open(folder)
    assert [photo.name for photo in hand.window.controller.session.photos] == [photo_file.name]
    assert messages.text.text() == (
        "Pictures that Revisage made were left out (1); open them one by one to see them."
    )
    hand.open(made)
    assert hand.photo.name == made.name
    # Named by itself it is opened, and nobody takes it for a photo unawares.
    assert f"{made.name} is a picture that Revisage made and no photo" in (
        hand.window.messages.text.text()
    )


def test_of_several_pictures_the_first_is_shown_and_that_is_said(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    for name in ("pages.tif", "frames.webp"):
        several_pictures(folder / name, draw_photo(160, 120, []), 3)
    messages = hand.window.messages
    hand.open(photo_file)
    assert messages.text.text() == ""
    hand.open(folder)
    assert [photo.name for photo in hand.window.controller.session.photos] == [
        photo_file.name,
        "frames.webp",
        "pages.tif",
    ]
    assert messages.text.text() == (
        "Files with several pictures are among them (2), of which only the first is used."
    )
    messages.clear()
    hand.open(several_pictures(tmp_path / "alone.tif", draw_photo(120, 160, []), 4))
    said = "alone.tif holds 4 pictures, of which only the first is used; save the others as"
    assert said in messages.text.text()


def test_photos_are_dropped_anywhere(hand: Hand, photo_file: Path) -> None:
    window = hand.window
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo_file))])
    buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    actions = Qt.DropAction.CopyAction
    event = QDropEvent(QPointF(400, 300), actions, data, buttons, modifiers)
    window.dropEvent(event)
    assert event.isAccepted()
    hand.wait(lambda: window.controller.session.current is not None)
    hand.settle()
    assert hand.photo.path == photo_file


@pytest.mark.parametrize(
    ("name", "content"),
    [("text.jpg", b"this is no photo"), ("empty.png", b""), ("cut.png", None)],
)
def test_a_bad_file_gets_one_sentence_and_nothing_is_lost(
    hand: Hand, photo_file: Path, tmp_path: Path, name: str, content: bytes | None
) -> None:
    good = hand.open(photo_file)
    bad = tmp_path / name
    bad.write_bytes(photo_file.read_bytes()[:-200] if content is None else content)
    hand.open(bad)
    assert hand.photo.stage is Stage.FAILED
    page = hand.window.page
    assert page.title.isVisible()
    assert page.title.text() == "This photo could not be opened"
    assert name in page.text.text()
    assert page.text.text().count("\n") == 0
    assert not hand.window.messages.isVisible()
    assert not hand.window.actions_["fit"].isEnabled()
    hand.window.controller.session.set_current(good)
    hand.settle()
    assert hand.photo.masked
    assert not page.title.isVisible()


def test_a_photo_that_was_repaired_opens_at_the_second_attempt(
    hand: Hand, photo_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "late.png"
    path.write_bytes(b"")
    hand.open(path)
    assert hand.window.page.title.isVisible()
    path.write_bytes(photo_file.read_bytes())
    hand.trigger("analyse")
    hand.settle()
    assert not hand.window.page.title.isVisible()
    assert hand.photo.masked


def test_a_folder_without_photos_is_said_to_be_one(hand: Hand, tmp_path: Path) -> None:
    hand.window.controller.open_paths([tmp_path])
    hand.wait(hand.window.messages.isVisible)
    assert "holds no photos" in hand.window.messages.text.text()
    assert hand.window.stack.currentWidget() is hand.window.welcome


def test_a_photo_without_faces_or_masks_says_so(hand: Hand, tmp_path: Path) -> None:
    empty = write_photo(tmp_path / "empty.png", draw_photo(160, 120, []))
    bare = write_photo(
        tmp_path / "bare.png", draw_photo(160, 120, [DrawnFace((40, 20, 100, 100), masked=False)])
    )
    hand.open(empty)
    assert "No face was found" in hand.window.inspector.faces._hint.text()
    assert not hand.window.actions_["run"].isEnabled()
    assert hand.window.inspector.run_bar.why.text()
    hand.open(bare)
    assert hand.photo.faces
    assert not hand.photo.masked
    assert "brush" in hand.window.inspector.run_bar.why.text()


def test_closing_the_last_photo_brings_the_welcome_page_back(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.trigger("close_photo")
    assert hand.window.controller.session.photos == ()
    assert hand.window.stack.currentWidget() is hand.window.welcome
    assert photo_file.exists()


def test_recent_files_are_remembered(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    assert hand.window.settings.recent[0] == photo_file
    entries = [action.text() for action in hand.window.recent_menu.actions()]
    assert str(photo_file) in entries


def test_without_a_locator_the_photo_can_still_be_mapped_by_hand(
    make: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path, photo_file: Path
) -> None:
    empty = tmp_path / "no_models"
    empty.mkdir()
    hand = Hand(make(empty), qtbot)
    hand.open(photo_file)
    assert "model is installed" in hand.window.messages.text.text()
    assert hand.photo.document is not None
    hand.drag((20, 20), (60, 20))
    assert hand.document.map.pixels[20, 40]
    assert "No reconstruction model" in hand.window.inspector.reconstruct._none.text()


def test_a_sixteen_bit_grey_photo_shows_its_own_values(hand: Hand, tmp_path: Path) -> None:
    import cv2

    pixels = np.full((90, 120), 40_000, np.uint16)
    path = tmp_path / "deep.png"
    assert cv2.imwrite(str(path), pixels)
    hand.open(path)
    hand.window.status.hover(QPointF(10.5, 20.5))
    assert hand.window.status.value.text().startswith("40000")
    assert hand.window.status.position.text() == "x 10  y 20"
    assert "16 bit grey" in hand.window.top.about.full_text()

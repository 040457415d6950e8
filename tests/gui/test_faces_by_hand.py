"""Faces added, moved, resized, found again and deleted, by pointer and by keys alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import FACE, Hand, write_photo
from tests.support.tiny_models import DrawnFace, draw_photo

SECOND = DrawnFace((230, 60, 310, 160), second=True)
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(hand: Hand, photo_file: Path) -> Hand:
    """A window with one masked face, the face tool in hand."""
    hand.open(photo_file)
    hand.press(Qt.Key.Key_A)
    assert hand.window.actions_["tool_face"].isChecked()
    return hand


def box(hand: Hand, index: int = 0) -> tuple[float, ...]:
    """A face's box, once all that was ordered is done: orders to undo queue behind one another."""
    hand.photo.arrive()
    assert hand.photo.faces is not None
    return hand.photo.faces[index].box


def count(hand: Hand) -> int:
    """The number of faces, once all that was ordered is done."""
    hand.photo.arrive()
    assert hand.photo.faces is not None
    return len(hand.photo.faces)


def test_a_dragged_box_becomes_a_face_with_landmarks_inside_it(opened: Hand) -> None:
    told: list[int] = []
    opened.photo.faces_changed.connect(lambda: told.append(len(opened.photo.faces or ())))
    opened.drag((10, 10), (40, 50), (70, 90))
    opened.settle()
    assert opened.photo.faces is not None
    assert count(opened) == 2
    assert box(opened, 1) == pytest.approx((10, 10, 70, 90), abs=1)
    middle = opened.photo.faces[1].landmarks.mean(axis=0)
    assert 10 < middle[0] < 70
    assert 10 < middle[1] < 90
    assert opened.photo.selected_face == 1
    assert told == [2]
    opened.trigger("undo")
    assert count(opened) == 1
    opened.trigger("redo")
    assert count(opened) == 2


def test_a_face_moves_by_its_inside_and_resizes_by_its_handles(opened: Hand) -> None:
    x0, y0, x1, y1 = box(opened)
    before = opened.document.map.pixels.copy()
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    opened.drag(middle, (middle[0] + 5, middle[1] + 2), (middle[0] + 20, middle[1] + 10))
    opened.settle()
    assert box(opened) == pytest.approx((x0 + 20, y0 + 10, x1 + 20, y1 + 10), abs=1)
    opened.drag((x1 + 20, y1 + 10), (x1 + 10, y1), (x1, y1 - 10))
    opened.settle()
    assert box(opened) == pytest.approx((x0 + 20, y0 + 10, x1, y1 - 10), abs=1)
    opened.drag((x0 + 20, (y0 + y1) / 2), (x0 + 10, (y0 + y1) / 2))
    opened.settle()
    assert box(opened) == pytest.approx((x0 + 10, y0 + 10, x1, y1 - 10), abs=1)
    assert np.array_equal(opened.document.map.pixels, before)
    assert not opened.document.edited_by_hand
    for _ in range(3):
        opened.trigger("undo")
    assert box(opened) == (x0, y0, x1, y1)


def test_escape_gives_a_box_up_and_a_click_changes_nothing(opened: Hand) -> None:
    canvas, before = opened.window.canvas, box(opened)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=opened.at(150, 100))
    QTest.mouseMove(canvas, opened.at(180, 120))
    opened.press(Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=opened.at(180, 120))
    opened.drag((150, 100))
    opened.drag((20, 20))
    opened.settle()
    assert box(opened) == before
    assert not opened.document.history.can_undo


def test_arrow_keys_move_and_resize_as_one_step(opened: Hand) -> None:
    x0, y0, x1, y1 = box(opened)
    for _ in range(3):
        opened.press(Qt.Key.Key_Right, CONTROL)
    opened.press(Qt.Key.Key_Down, SHIFT)
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    moved = box(opened)
    assert moved[0] > x0 + 5
    assert moved[2] - moved[0] == pytest.approx(x1 - x0, abs=0.01)
    assert moved[3] > y1
    opened.trigger("undo")
    assert box(opened) == (x0, y0, x1, y1)
    assert not opened.document.history.can_undo


def test_a_face_is_added_by_keys_alone(opened: Hand) -> None:
    opened.press(Qt.Key.Key_B)
    opened.press(Qt.Key.Key_A, SHIFT)
    assert opened.window.canvas.offers.isVisible()
    opened.press(Qt.Key.Key_Left, CONTROL)
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert opened.photo.faces is not None
    assert count(opened) == 2
    assert not opened.window.canvas.offers.isVisible()


def test_deleting_takes_the_faces_map_along_and_is_one_step(hand: Hand, tmp_path: Path) -> None:
    hand.open(write_photo(tmp_path / "two.png", draw_photo(320, 240, [FACE, SECOND])))
    assert hand.photo.faces is not None
    assert count(hand) == 2
    before = hand.document.map.pixels.copy()
    assert before[130, 270]
    hand.photo.select_face(1)
    hand.press(Qt.Key.Key_Delete)
    hand.settle()
    assert count(hand) == 1
    assert not hand.document.map.pixels[130, 270]
    assert np.array_equal(hand.document.map.pixels[:, :210], before[:, :210])
    hand.trigger("undo")
    assert count(hand) == 2
    assert np.array_equal(hand.document.map.pixels, before)


def test_one_face_is_found_again_and_the_others_keep_their_map(hand: Hand, tmp_path: Path) -> None:
    hand.open(write_photo(tmp_path / "two.png", draw_photo(320, 240, [FACE, SECOND])))
    automatic = hand.document.map.pixels.copy()
    hand.window.brush.set_diameter(10)
    hand.drag((150, 160), button=Qt.MouseButton.RightButton)
    hand.drag((270, 130), button=Qt.MouseButton.RightButton)
    hand.photo.select_face(0)
    hand.press(Qt.Key.Key_F5, SHIFT)
    hand.settle()
    pixels = hand.document.map.pixels
    assert np.array_equal(pixels[:, :220], automatic[:, :220])
    assert not pixels[130, 270]
    hand.trigger("undo")
    assert not hand.document.map.pixels[160, 150]


def test_landmarks_are_shown_on_demand(opened: Hand) -> None:
    canvas = opened.window.canvas
    without = canvas.grab().toImage()
    opened.press(Qt.Key.Key_F, SHIFT)
    assert canvas.grab().toImage() != without
    opened.press(Qt.Key.Key_F, SHIFT)
    assert canvas.grab().toImage() == without


def test_faces_stay_undoable_after_a_case_was_closed_and_opened(
    opened: Hand, tmp_path: Path
) -> None:
    window, path = opened.window, tmp_path / "a.rvcase"
    keeping = window.controller.keeping
    keeping.create_case(path, title="A", number="", examiner="A. Examiner", keep=True)
    opened.wait(lambda: keeping.case is not None and keeping.writer.pending == 0)
    found = box(opened)
    opened.drag((10, 10), (40, 50), (70, 90))  # added, with its part of the map
    opened.settle()
    opened.photo.select_face(0)
    opened.press(Qt.Key.Key_Right)  # moved, which leaves the map as it is
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    moved = box(opened)
    assert moved != found
    opened.trigger("delete_face")
    opened.settle()
    assert count(opened) == 1
    opened.trigger("undo")
    opened.settle()
    steps = [step.tool for step in opened.document.history.done]
    assert steps == ["face added", "face moved"]
    mapped = opened.document.map.pixels.copy()
    opened.wait(lambda: keeping.writer.pending == 0)
    opened.trigger("close_case")
    opened.wait(lambda: keeping.case is None and keeping.writer.pending == 0)

    keeping.open_case(path, examiner="A. Examiner")
    opened.wait(lambda: window.controller.session.current is not None)
    opened.wait(lambda: opened.photo.document is not None)
    opened.settle()
    history = opened.document.history
    assert [step.tool for step in history.done] == ["face added", "face moved"]
    assert [step.tool for step in history.undone] == ["face deleted"]
    np.testing.assert_array_equal(opened.document.map.pixels, mapped)
    assert box(opened) == moved
    opened.trigger("redo")
    opened.wait(lambda: count(opened) == 1)
    opened.trigger("undo")
    opened.trigger("undo")
    opened.wait(lambda: box(opened) == found)
    opened.trigger("undo")
    assert count(opened) == 1
    assert box(opened) == found

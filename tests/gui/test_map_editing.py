"""Brush, eraser, lasso and whole-map operations, by mouse and keyboard on the real canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.imaging.edit import Rectangle
from app.ui.canvas.map_tiles import Tile
from app.ui.tools.brush import BrushTool
from tests.gui.conftest import FACE, Hand, write_photo
from tests.support.tiny_models import draw_photo

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def opened(hand: Hand, photo_file: Path) -> Hand:
    """A window with the masked photo on its canvas, zoomed so that pixels are easy to hit."""
    hand.open(photo_file)
    hand.window.brush.set_diameter(8)
    return hand


def test_a_stroke_paints_and_is_one_step(opened: Hand) -> None:
    before = opened.document.map.pixels.copy()
    opened.drag((20, 20), (40, 20), (40, 40))
    painted = opened.document.map.pixels
    assert painted[20, 20]
    assert painted[20, 30]
    assert painted[40, 40]
    assert not painted[30, 25]
    opened.trigger("undo")
    assert np.array_equal(opened.document.map.pixels, before)
    assert not opened.window.actions_["undo"].isEnabled()
    opened.trigger("redo")
    assert opened.document.map.pixels[20, 30]


def test_the_brush_is_as_wide_as_it_says(opened: Hand) -> None:
    opened.window.brush.set_diameter(20)
    opened.drag((30, 120))
    column = opened.document.map.pixels[:, 30]
    assert 18 <= np.count_nonzero(column[90:150]) <= 22


def test_the_right_button_does_the_opposite(opened: Hand) -> None:
    opened.drag((20, 20), (60, 20))
    opened.drag((20, 20), (60, 20), button=RIGHT)
    assert not opened.document.map.pixels[20, 20:61].any()


def test_x_swaps_and_b_and_e_choose(opened: Hand) -> None:
    opened.press(Qt.Key.Key_X)
    assert opened.window.actions_["tool_eraser"].isChecked()
    middle = (150, 160)
    assert opened.document.map.pixels[middle[1], middle[0]]
    opened.drag(middle)
    assert not opened.document.map.pixels[middle[1], middle[0]]
    opened.press(Qt.Key.Key_X)
    tool = opened.window.canvas.tool
    assert isinstance(tool, BrushTool)
    assert tool.value
    opened.press(Qt.Key.Key_E)
    assert opened.window.actions_["tool_eraser"].isChecked()
    opened.press(Qt.Key.Key_B)
    assert opened.window.actions_["tool_brush"].isChecked()


def test_brackets_change_the_size(opened: Hand) -> None:
    opened.window.brush.set_diameter(50)
    opened.press(Qt.Key.Key_BracketRight)
    assert opened.window.brush.diameter > 50
    assert opened.window.options.diameter.value() == opened.window.brush.diameter
    opened.press(Qt.Key.Key_BracketLeft)
    opened.press(Qt.Key.Key_BracketLeft)
    assert opened.window.brush.diameter < 50


def test_shift_draws_a_straight_line_from_the_last_point(opened: Hand) -> None:
    opened.drag((20, 220))
    opened.drag((80, 220), modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert opened.document.map.pixels[220, 20:81].all()
    opened.trigger("undo")
    assert opened.document.map.pixels[220, 20]
    assert not opened.document.map.pixels[220, 50]


def hover(hand: Hand, x: float, y: float, modifiers: Qt.KeyboardModifier) -> None:
    """Move the pointer with a key held and no button."""
    canvas, none = hand.window.canvas, Qt.MouseButton.NoButton
    at = QPointF(hand.at(x, y))
    event = QMouseEvent(QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), none, none, modifiers)
    QApplication.sendEvent(canvas, event)


def test_with_shift_the_straight_line_is_shown_before_it_is_drawn(opened: Hand) -> None:
    shift, none = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
    tool, begin = opened.window.canvas.tool, QPointF(opened.at(20, 220))
    hover(opened, 80, 220, shift)
    assert not tool.area().contains(begin), "there is no stroke yet to go on from"
    opened.drag((20, 220))
    hover(opened, 80, 220, none)
    assert not tool.area().contains(begin)
    hover(opened, 80, 220, shift)
    assert tool.area().contains(begin)


def test_no_straight_line_comes_from_another_photo(opened: Hand, tmp_path: Path) -> None:
    opened.drag((20, 220))
    opened.open(write_photo(tmp_path / "other.png", draw_photo(320, 240, [FACE])))
    opened.drag((80, 220), modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert opened.document.map.pixels[220, 80]
    assert not opened.document.map.pixels[220, 50]


def test_escape_takes_back_the_stroke_under_way(opened: Hand) -> None:
    before = opened.document.map.pixels.copy()
    canvas = opened.window.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=opened.at(20, 20))
    QTest.mouseMove(canvas, opened.at(60, 20))
    assert opened.document.map.pixels[20, 40]
    opened.press(Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=opened.at(60, 20))
    assert np.array_equal(opened.document.map.pixels, before)
    assert not opened.document.history.can_undo


def test_the_lasso_fills_what_it_encloses(opened: Hand) -> None:
    opened.press(Qt.Key.Key_L)
    opened.drag((20, 20), (60, 20), (60, 60), (20, 60))
    assert opened.document.map.pixels[40, 40]
    assert not opened.document.map.pixels[40, 70]
    opened.drag((30, 30), (50, 30), (50, 50), (30, 50), button=RIGHT)
    assert not opened.document.map.pixels[40, 40]
    assert opened.document.map.pixels[25, 25]


@pytest.mark.parametrize(
    ("key", "larger"), [("grow", True), ("shrink", False), ("clear", False), ("invert", True)]
)
def test_whole_map_operations_are_one_step(opened: Hand, key: str, larger: bool) -> None:
    before = opened.document.map.pixels.copy()
    opened.trigger(key)
    opened.settle()
    after = np.count_nonzero(opened.document.map.pixels)
    assert (after > np.count_nonzero(before)) == larger
    opened.trigger("undo")
    assert np.array_equal(opened.document.map.pixels, before)


def test_holes_are_filled(opened: Hand) -> None:
    opened.drag((150, 160), button=RIGHT)
    assert not opened.document.map.pixels[160, 150]
    opened.trigger("fill_holes")
    opened.settle()
    assert opened.document.map.pixels[160, 150]


def test_reset_brings_the_automatic_map_back_and_can_be_undone(opened: Hand) -> None:
    automatic = opened.document.map.pixels.copy()
    opened.drag((20, 20), (60, 60))
    edited = opened.document.map.pixels.copy()
    opened.trigger("reset")
    opened.settle()
    assert np.array_equal(opened.document.map.pixels, automatic)
    opened.trigger("undo")
    assert np.array_equal(opened.document.map.pixels, edited)


def test_a_map_goes_out_and_comes_back(opened: Hand, tmp_path: Path) -> None:
    opened.drag((20, 20), (60, 60))
    edited = opened.document.map.pixels.copy()
    path = tmp_path / "drawn.png"
    opened.window.controller.export_map(path)
    opened.settle()
    opened.trigger("reset")
    opened.settle()
    opened.window.controller.import_map(path)
    opened.settle()
    assert np.array_equal(opened.document.map.pixels, edited)


def test_a_map_of_another_size_is_refused_and_nothing_changes(
    opened: Hand, tmp_path: Path, sample_file: Path
) -> None:
    before = opened.document.map.pixels.copy()
    opened.window.controller.import_map(sample_file)
    opened.wait(opened.window.messages.isVisible)
    assert "512 x 512" in opened.window.messages.text.text()
    assert np.array_equal(opened.document.map.pixels, before)
    assert not opened.document.locked


def test_only_what_changed_is_repainted(
    opened: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = opened.window.canvas
    canvas.camera.zoom_to(2.0)
    QTest.qWait(20)
    opened.drag((30, 30))
    QTest.qWait(20)
    tiles = canvas.map_layer.tiles
    assert tiles is not None
    made: list[Rectangle | None] = []
    refresh = tiles._refresh

    def watch(level: int, tile: Tile) -> None:
        made.append(tile.stale)
        refresh(level, tile)

    monkeypatch.setattr(tiles, "_refresh", watch)
    opened.drag((100, 30))
    QTest.qWait(20)
    assert made
    for stale in made:
        assert stale is not None
        x0, y0, x1, y1 = stale
        assert x1 - x0 <= 12
        assert y1 - y0 <= 12


def test_a_key_shows_the_untouched_photo_while_it_is_held(opened: Hand) -> None:
    canvas = opened.window.canvas
    with_map = canvas.grab().toImage()
    QTest.keyPress(canvas, Qt.Key.Key_O)
    assert canvas.map_layer not in canvas.layers
    untouched = canvas.grab().toImage()
    QTest.keyRelease(canvas, Qt.Key.Key_O)
    assert canvas.map_layer in canvas.layers
    assert untouched != with_map
    assert canvas.grab().toImage() == with_map


def test_space_and_middle_button_move_the_photo(opened: Hand) -> None:
    canvas = opened.window.canvas
    canvas.camera.zoom_to(4.0)
    before = canvas.camera.centre
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    opened.drag((160, 120), (150, 110))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.camera.centre != before
    assert not opened.document.history.can_undo
    before = canvas.camera.centre
    opened.drag((160, 120), (150, 110), button=Qt.MouseButton.MiddleButton)
    assert canvas.camera.centre != before
    assert not opened.document.history.can_undo


def test_zoom_keeps_the_point_under_the_pointer(opened: Hand) -> None:
    canvas = opened.window.canvas
    canvas.camera.zoom_to(1.0)
    anchor = QPointF(100, 80)
    before = canvas.to_widget(anchor)
    for _ in range(5):
        canvas.camera.zoom_by(1.25, anchor=anchor)
    moved = canvas.to_widget(anchor) - before
    assert abs(moved.x()) < 1
    assert abs(moved.y()) < 1


def test_settings_of_the_overlay_are_kept(opened: Hand) -> None:
    panel = opened.window.inspector.map
    panel.opacity.setValue(73)
    panel._swatches.button(2).click()
    assert opened.window.canvas.map_layer.opacity == 0.73
    assert opened.window.settings.number("overlay/opacity", 0, least=0, most=100) == 73
    assert opened.window.settings.overlay_colour == "green"


def test_a_click_with_the_hand_selects_a_face(opened: Hand) -> None:
    opened.press(Qt.Key.Key_H)
    opened.photo.select_face(None)
    opened.drag((150, 100))
    assert opened.photo.selected_face == 0
    assert opened.window.inspector.faces.list.currentRow() == 0

"""Polygon, smart select, box, pens, pinches and wheels, as real events on the real canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.imaging.map import BinaryMap, Edit
from app.ui.tools.polygon import PolygonTool
from app.ui.tools.smart import SmartTool
from tests.gui.conftest import Hand

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(hand: Hand, photo_file: Path) -> Hand:
    """A window with the masked photo on its canvas and a small brush in hand."""
    hand.open(photo_file)
    hand.window.brush.set_diameter(16)
    return hand


# --- polygon ------------------------------------------------------------------------------------


def click(hand: Hand, *points: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
    for point in points:
        QTest.mouseMove(hand.window.canvas, hand.at(*point))
        QTest.mouseClick(hand.window.canvas, button, pos=hand.at(*point))


def corners(hand: Hand) -> int:
    tool = hand.window.canvas.tool
    assert isinstance(tool, PolygonTool)
    return len(tool.corners)


def test_a_polygon_is_closed_by_return_and_is_one_step(opened: Hand) -> None:
    before = opened.document.map.pixels.copy()
    opened.press(Qt.Key.Key_P)
    click(opened, (10, 10), (60, 10), (60, 30), (60, 30.4), (10, 30))
    assert not opened.document.history.can_undo
    opened.press(Qt.Key.Key_Backspace)
    assert corners(opened) == 4
    click(opened, (10, 30))
    opened.press(Qt.Key.Key_Return)
    assert opened.document.map.pixels[20, 30]
    assert not opened.document.map.pixels[35, 30]
    assert corners(opened) == 0
    opened.trigger("undo")
    assert np.array_equal(opened.document.map.pixels, before)


def test_a_double_click_or_the_first_corner_closes_and_the_right_button_takes_out(
    opened: Hand,
) -> None:
    opened.press(Qt.Key.Key_P)
    click(opened, (10, 10), (60, 10), (60, 60))
    QTest.mouseDClick(opened.window.canvas, LEFT, pos=opened.at(60, 60))
    assert opened.document.map.pixels[20, 50]
    click(opened, (30, 12), (58, 12), (58, 40), (30, 12), button=RIGHT)
    assert not opened.document.map.pixels[20, 50]
    assert opened.document.map.pixels[13, 20]
    assert corners(opened) == 0


def test_escape_and_undo_give_a_polygon_up(opened: Hand) -> None:
    opened.drag((200, 20), (220, 20))
    opened.press(Qt.Key.Key_P)
    click(opened, (10, 10), (60, 10), (60, 60))
    bar = opened.window.canvas.offers
    assert bar.isVisible()
    assert [button.text() for button in bar.buttons] == ["Add to map", "Corner back", "Cancel"]
    opened.press(Qt.Key.Key_Escape)
    assert corners(opened) == 0
    assert not bar.isVisible()
    click(opened, (10, 10), (60, 10))
    opened.trigger("undo")
    assert corners(opened) == 0
    assert opened.document.map.pixels[20, 210], "the stroke before is not what was undone"


def test_near_the_first_corner_the_line_ends_there(opened: Hand) -> None:
    opened.press(Qt.Key.Key_P)
    click(opened, (10, 10), (60, 10), (60, 60))
    tool, canvas = opened.window.canvas.tool, opened.window.canvas
    assert isinstance(tool, PolygonTool)
    first = canvas.to_widget(tool.corners[0])
    QTest.mouseMove(canvas, first.toPoint() + QPoint(6, 5))
    assert tool._polygon().last() == first
    away = first.toPoint() + QPoint(30, 30)
    QTest.mouseMove(canvas, away)
    assert (tool._polygon().last() - QPointF(away)).manhattanLength() < 1


def test_the_offers_of_the_third_corner_have_their_room_at_once(opened: Hand) -> None:
    opened.press(Qt.Key.Key_P)
    click(opened, (10, 10), (60, 10), (60, 60))
    bar = opened.window.canvas.offers
    assert all(button.isVisible() for button in bar.buttons)
    assert bar.width() >= sum(button.width() for button in bar.buttons)


def test_an_unfinished_polygon_waits_while_another_tool_is_in_hand(opened: Hand) -> None:
    opened.press(Qt.Key.Key_P)
    click(opened, (10, 10), (60, 10), (60, 60))
    opened.press(Qt.Key.Key_B)
    assert not opened.window.canvas.offers.isVisible()
    assert "polygon is kept" in opened.window.messages.text.text()
    opened.drag((200, 20), (220, 20))
    opened.press(Qt.Key.Key_P)
    assert corners(opened) == 3
    assert opened.window.canvas.offers.isVisible()
    opened.press(Qt.Key.Key_Return)
    assert opened.document.map.pixels[20, 50]
    assert opened.document.map.pixels[20, 210], "the stroke in between is there too"
    opened.press(Qt.Key.Key_B)
    opened.press(Qt.Key.Key_P)
    assert corners(opened) == 0, "a polygon that was closed does not come back"


def test_an_unfinished_polygon_stays_with_its_photo(
    opened: Hand, photo_file: Path, tmp_path: Path
) -> None:
    first = opened.photo
    opened.press(Qt.Key.Key_P)
    click(opened, (10, 10), (60, 10))
    other = tmp_path / "other.png"
    other.write_bytes(photo_file.read_bytes())
    opened.open(other)
    assert corners(opened) == 0
    opened.window.controller.session.set_current(first)
    opened.settle()
    assert corners(opened) == 2


# --- smart select -------------------------------------------------------------------------------


def smart(hand: Hand) -> SmartTool:
    tool = hand.window.canvas.tool
    assert isinstance(tool, SmartTool)
    return tool


def smart_offers(hand: Hand) -> int:
    bar = hand.window.canvas.offers
    return len(bar.buttons) if bar.isVisible() else 0


def test_smart_select_previews_and_changes_the_map_only_when_accepted(opened: Hand) -> None:
    opened.trigger("clear")
    opened.settle()
    opened.press(Qt.Key.Key_S)
    opened.drag((120, 150), (150, 155), (180, 150))
    opened.settle()
    found = smart(opened).selection
    assert found is not None
    assert opened.document.map.empty
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    # The drawn mask: x 105..195, y 120..190.
    assert opened.document.map.pixels[155, 150]
    share = np.count_nonzero(opened.document.map.pixels) / (90 * 70)
    assert 0.9 < share < 1.1
    assert not opened.window.canvas.offers.isVisible()
    opened.trigger("undo")
    assert opened.document.map.empty


def test_an_unfinished_selection_waits_while_another_tool_is_in_hand(opened: Hand) -> None:
    opened.trigger("clear")
    opened.settle()
    opened.press(Qt.Key.Key_S)
    opened.drag((120, 150), (150, 155), (180, 150))
    opened.settle()
    opened.press(Qt.Key.Key_H)
    assert smart_offers(opened) == 0
    assert opened.document.map.empty
    opened.press(Qt.Key.Key_S)
    opened.settle()
    assert smart(opened).selection is not None
    assert smart_offers(opened) == 4
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert opened.document.map.pixels[155, 150]


def test_return_while_the_worker_is_at_it_counts(opened: Hand) -> None:
    opened.trigger("clear")
    opened.settle()
    opened.press(Qt.Key.Key_S)
    opened.drag((120, 150), (180, 150))
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    opened.wait(lambda: not opened.document.map.empty)


def test_a_selection_is_cancelled_or_taken_out(opened: Hand) -> None:
    before = opened.document.map.pixels.copy()
    opened.press(Qt.Key.Key_S)
    opened.drag((120, 150), (180, 150))
    opened.settle()
    opened.press(Qt.Key.Key_Escape)
    assert not smart(opened).busy
    assert np.array_equal(opened.document.map.pixels, before)
    opened.drag((120, 150), (180, 150))
    opened.drag((110, 130), (190, 130), button=RIGHT)
    opened.settle()
    opened.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    opened.settle()
    assert not opened.document.map.pixels[150, 150]
    assert opened.document.map.pixels[130, 150]


# --- box ------------------------------------------------------------------------------------------


def test_the_map_is_inverted_inside_a_box_as_one_step(opened: Hand) -> None:
    before = opened.document.map.pixels.copy()
    opened.press(Qt.Key.Key_I)
    opened.drag((60, 100), (90, 130), (120, 160))
    opened.settle()
    changed = opened.document.map.pixels != before
    rows, columns = np.nonzero(changed)
    assert changed[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].all()
    assert rows.min() == pytest.approx(100, abs=1)
    assert columns.max() == pytest.approx(120, abs=1)
    opened.trigger("undo")
    assert np.array_equal(opened.document.map.pixels, before)


def test_smooth_is_one_step(opened: Hand) -> None:
    opened.window.brush.set_diameter(1)
    opened.drag((20, 20))
    speck = (slice(10, 30), slice(10, 30))
    assert opened.document.map.pixels[speck].any()
    opened.trigger("smooth")
    opened.settle()
    assert not opened.document.map.pixels[speck].any()
    opened.trigger("undo")
    assert opened.document.map.pixels[speck].any()


def test_every_edit_that_comes_into_force_is_told_in_order(opened: Hand) -> None:
    start = opened.document.automatic().copy()
    told: list[str] = []

    def apply(edit: object, tool: str) -> None:
        told.append(tool)
        raster = BinaryMap.from_pixels(start)
        assert isinstance(edit, Edit)
        edit.apply(raster)
        start[:] = raster.pixels

    opened.document.applied.connect(apply)
    opened.drag((20, 20), (60, 20))
    opened.press(Qt.Key.Key_E)
    opened.drag((30, 20))
    opened.trigger("undo")
    opened.trigger("grow")
    opened.settle()
    opened.trigger("undo")
    opened.trigger("redo")
    opened.photo.arrive()
    assert told == ["brush", "eraser", "undo", "grow", "undo", "redo"]
    assert np.array_equal(start, opened.document.map.pixels)


# --- pens -----------------------------------------------------------------------------------------


def pen(
    hand: Hand,
    *points: tuple[float, float, float],
    eraser: bool = False,
    weighs: bool = True,
    button: Qt.MouseButton = LEFT,
) -> None:
    """Press a pen at the first (x, y, pressure), move over the others, lift it at the last."""
    kind = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    capabilities = QInputDevice.Capability.Position
    if weighs:
        capabilities |= QInputDevice.Capability.Pressure
    device = QPointingDevice(
        "pen", 77, QInputDevice.DeviceType.Stylus, kind, capabilities, 1, 2, "", parent=hand.window
    )
    canvas = hand.window.canvas
    steps = [
        (QEvent.Type.TabletPress, points[0], button, button),
        *((QEvent.Type.TabletMove, point, Qt.MouseButton.NoButton, button) for point in points[1:]),
        (QEvent.Type.TabletRelease, (*points[-1][:2], 0.0), button, Qt.MouseButton.NoButton),
    ]
    for kind_, (x, y, pressure), changed, buttons in steps:
        at = QPointF(hand.at(x, y))
        event = QTabletEvent(
            kind_, device, at, canvas.mapToGlobal(at), pressure, 0, 0, 0, 0, 0,
            Qt.KeyboardModifier.NoModifier, changed, buttons,
        )  # fmt: skip
        QApplication.sendEvent(canvas, event)
        assert event.isAccepted()


def width_at(hand: Hand, x: int) -> int:
    return int(np.count_nonzero(hand.document.map.pixels[:80, x]))


def test_a_pens_pressure_is_the_brushs_width_and_one_stroke_is_one_step(opened: Hand) -> None:
    pen(opened, (20, 30, 0.25), (60, 30, 0.5), (100, 30, 1.0))
    assert width_at(opened, 20) == pytest.approx(4, abs=2)
    assert width_at(opened, 100) == pytest.approx(16, abs=2)
    opened.trigger("undo")
    assert width_at(opened, 60) == 0


def test_a_pens_second_button_erases(opened: Hand) -> None:
    opened.drag((20, 30), (80, 30))
    pen(opened, (40, 30, 1.0), (60, 30, 1.0), button=RIGHT)
    assert width_at(opened, 50) == 0
    assert width_at(opened, 25) > 0
    opened.trigger("undo")
    assert width_at(opened, 50) > 0


def test_a_pen_without_pressure_and_a_mouse_draw_at_full_width(opened: Hand) -> None:
    pen(opened, (40, 30, 0.0), (60, 30, 0.0), weighs=False)
    assert width_at(opened, 50) == pytest.approx(16, abs=1)
    opened.drag((200, 30), (240, 30))
    assert width_at(opened, 220) == pytest.approx(16, abs=1)


def test_a_pens_eraser_end_erases_with_the_brush_in_hand(opened: Hand) -> None:
    opened.drag((20, 30), (80, 30))
    pen(opened, (40, 30, 1.0), (60, 30, 1.0), eraser=True)
    assert width_at(opened, 50) == 0
    assert width_at(opened, 25) > 0


# --- wheel and pinch ------------------------------------------------------------------------------


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, CONTROL])
def test_the_wheel_zooms_at_the_pointer(opened: Hand, modifiers: Qt.KeyboardModifier) -> None:
    canvas = opened.window.canvas
    canvas.camera.zoom_to(3.0)
    at = QPointF(canvas.width() / 3, canvas.height() / 3)
    under, scale = canvas.to_photo(at), canvas.camera.scale
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert canvas.camera.scale > scale
    away = canvas.to_photo(at) - under
    assert away.manhattanLength() * canvas.camera.scale < 2


def turn(
    hand: Hand,
    delta: QPoint,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    *,
    pixels: QPoint | None = None,
    pad: bool = False,
) -> QPointF:
    """A wheel, or two fingers on a pad, over the canvas; returns the point."""
    canvas = hand.window.canvas
    kinds = QInputDevice.DeviceType
    device = QPointingDevice(
        "wheel", 78, kinds.TouchPad if pad else kinds.Mouse, QPointingDevice.PointerType.Generic,
        QInputDevice.Capability.Position | QInputDevice.Capability.Scroll, 1, 3, "",
        parent=hand.window,
    )  # fmt: skip
    at = QPointF(canvas.width() / 3, canvas.height() / 3)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), pixels or QPoint(), delta, Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False, Qt.MouseEventSource.MouseEventNotSynthesized, device,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    return at


def test_two_fingers_on_a_touch_pad_move_the_photo_and_zoom_it_with_ctrl(opened: Hand) -> None:
    canvas = opened.window.canvas
    canvas.camera.zoom_to(3.0)
    before = canvas.to_widget(QPointF(160, 120))
    turn(opened, QPoint(0, 60), pixels=QPoint(-14, 25), pad=True)
    moved = canvas.to_widget(QPointF(160, 120)) - before
    assert canvas.camera.scale == 3.0
    assert (moved - QPointF(-14, 25)).manhattanLength() < 2
    turn(opened, QPoint(0, 40), CONTROL, pixels=QPoint(0, 25), pad=True)
    assert canvas.camera.scale > 3.0


@pytest.mark.parametrize("sideways", [False, True])
def test_shift_and_the_wheel_change_the_brush_and_not_the_zoom(opened: Hand, sideways: bool) -> None:
    def notch(value: int) -> QPoint:
        return QPoint(value, 0) if sideways else QPoint(0, value)

    opened.window.brush.set_diameter(50)
    scale = opened.window.canvas.camera.scale
    turn(opened, notch(120), Qt.KeyboardModifier.ShiftModifier)
    assert opened.window.brush.diameter == 56
    for _ in range(4):  # half notches, as fine wheels have them
        turn(opened, notch(-60), Qt.KeyboardModifier.ShiftModifier)
    assert opened.window.brush.diameter < 50
    assert opened.window.canvas.camera.scale == scale
    opened.press(Qt.Key.Key_L)
    turn(opened, notch(120), Qt.KeyboardModifier.ShiftModifier)
    assert sideways or opened.window.canvas.camera.scale > scale, "the lasso has no size"


def test_a_pinch_on_a_touch_pad_zooms_at_the_pointer(opened: Hand) -> None:
    canvas = opened.window.canvas
    canvas.camera.zoom_to(3.0)
    at = QPointF(canvas.width() / 3, canvas.height() / 3)
    under, scale = canvas.to_photo(at), canvas.camera.scale
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2,
        at, at, canvas.mapToGlobal(at), 0.3, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert canvas.camera.scale == pytest.approx(scale * 1.3)
    away = canvas.to_photo(at) - under
    assert away.manhattanLength() * canvas.camera.scale < 2


def test_two_fingers_on_the_screen_zoom_and_draw_nothing(opened: Hand) -> None:
    canvas = opened.window.canvas
    canvas.camera.zoom_to(2.0)
    before, scale = opened.document.map.pixels.copy(), canvas.camera.scale
    device = QTest.createTouchDevice()
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)

    def fingers(apart: int, *, first: bool = False, last: bool = False) -> None:
        touch = QTest.touchEvent(canvas, device)
        for number, side in ((0, -1), (1, 1)):
            at = middle + QPoint(side * apart // 2, 0)
            if first:
                touch.press(number, at, canvas)
            elif last:
                touch.release(number, at, canvas)
            else:
                touch.move(number, at, canvas)
        touch.commit()

    fingers(100, first=True)
    for apart in range(110, 260, 10):
        fingers(apart)
    fingers(250, last=True)
    assert canvas.camera.scale > 1.5 * scale
    assert np.array_equal(opened.document.map.pixels, before)

"""The polygon: corner by corner around an area, for straight-edged masks and a steady hand."""

from __future__ import annotations

import math
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPolygonF

from app.ui.session import PhotoSession
from app.ui.tools.base import (
    Offer,
    Pointer,
    Tool,
    ToolContext,
    draw_handles,
    draw_line,
)

CLOSE_REACH = 10.0
"""Logical pixels around the first corner within which a press closes the polygon."""

BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)


class PolygonTool(Tool):
    """Each click sets a corner; Enter, a double click or a click on the first corner closes.

    The button that sets the first corner decides: the left one adds the inside to the map, the right
    one takes it out. Backspace takes the last corner back, Esc all of them. Corners wait with their
    photo while another tool is in hand.
    """

    cursor = Qt.CursorShape.CrossCursor
    clicks = True

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._points: list[QPointF] = []
        self._at: QPointF | None = None
        self._value = True
        self._kept: WeakKeyDictionary[PhotoSession, tuple[list[QPointF], bool]] = WeakKeyDictionary()

    @property
    def busy(self) -> bool:
        """Whether there are corners."""
        return bool(self._points)

    @property
    def corners(self) -> tuple[QPointF, ...]:
        """The corners so far, in photo coordinates."""
        return tuple(self._points)

    def press(self, pointer: Pointer) -> None:
        """Set a corner, or close."""
        if self.editable() is None or pointer.button not in BUTTONS:
            return
        if not self._points:
            self._value = pointer.button == Qt.MouseButton.LeftButton and not pointer.eraser
        elif pointer.double or self._on_first(pointer.position):
            self.close()
            return
        before = self.area()
        self._points.append(pointer.position)
        self._changed(before)

    def move(self, pointer: Pointer) -> None:
        """Draw a line to the pointer."""
        before = self.area()
        self._at = pointer.position
        if self._points:
            self.repaint(before.united(self.area()))

    def key(self, event: QKeyEvent) -> bool:
        """Enter closes, Backspace takes a corner back."""
        if not self._points:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
            return True
        if event.key() == Qt.Key.Key_Backspace and not event.modifiers():
            self.step_back()
            return True
        return False

    def step_back(self) -> None:
        """Take the last corner back."""
        before = self.area()
        if self._points:
            self._points.pop()
        self._changed(before)

    def close(self) -> None:
        """Fill what the corners enclose."""
        points, before = self._points, self.area()
        document = self.editable()
        self._points = []
        self._changed(before)
        if len(points) >= 3 and document is not None:
            corners = np.array([(point.x(), point.y()) for point in points])
            document.push(document.map.fill_polygon(corners, self._value), tool="polygon")

    def leave(self) -> None:
        """No line to a pointer that is not there."""
        before = self.area()
        self._at = None
        self.repaint(before)

    def cancel(self) -> None:
        """Forget the corners."""
        before = self.area()
        self._points = []
        self._changed(before)

    def put_down(self) -> str:
        """Keep the corners with the photo."""
        photo, points = self.context.photo, self._points
        self.cancel()
        if photo is None or not points:
            return ""
        self._kept[photo] = points, self._value
        return QCoreApplication.translate(
            "Tools", "The unfinished polygon is kept: take Polygon in hand again to go on with it."
        )

    def take_up(self) -> None:
        """Go on with the corners that were kept with this photo."""
        photo = self.context.photo
        kept = self._kept.pop(photo, None) if photo is not None else None
        if kept is not None:
            self._points, self._value = kept
            self._changed(self.area())

    def area(self) -> QRectF:
        """Corners, lines and handles."""
        if not self._points:
            return QRectF()
        return self._polygon().boundingRect().adjusted(-8, -8, 8, 8)

    def paint(self, painter: QPainter) -> None:
        """The corners joined, a line to the pointer, and the way back dashed."""
        if not self._points:
            return
        polygon = self._polygon()
        draw_line(painter, polygon)
        view = self.context.view
        draw_handles(painter, [view.to_widget(point) for point in self._points], side=7.0)
        if self._at is not None and self._on_first(self._at):
            draw_handles(painter, [view.to_widget(self._points[0])], side=12.0)

    def _polygon(self) -> QPolygonF:
        # Near the first corner the line ends there, as the polygon will.
        ends = [] if self._at is None else [self._points[0] if self._on_first(self._at) else self._at]
        points = [*self._points, *ends]
        return QPolygonF([self.context.view.to_widget(point) for point in points])

    def _on_first(self, position: QPointF) -> bool:
        view = self.context.view
        away = view.to_widget(position) - view.to_widget(self._points[0])
        return len(self._points) >= 3 and math.hypot(away.x(), away.y()) <= CLOSE_REACH

    def _changed(self, before: QRectF) -> None:
        self.repaint(before.united(self.area()))
        translate = QCoreApplication.translate
        if not self._points:
            self.context.show_offers(())
            return
        close = translate("Tools", "Add to map") if self._value else translate("Tools", "Take out")
        offers = [
            Offer(translate("Tools", "Corner back"), "Backspace", self.step_back),
            Offer(translate("Tools", "Cancel"), "Esc", self.cancel),
        ]
        if len(self._points) >= 3:
            offers.insert(0, Offer(close, "Return", self.close))
        self.context.show_offers(offers)

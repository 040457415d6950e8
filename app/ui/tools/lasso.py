"""The lasso: everything inside a line drawn by hand goes into the map, or out of it."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from app.ui.tools.base import Pointer, Tool, ToolContext, draw_line


class LassoTool(Tool):
    """Drag around an area; the left button adds it to the map, the right one takes it out."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, context: ToolContext) -> None:
        super().__init__(context)
        self._points: list[QPointF] = []
        self._button = Qt.MouseButton.NoButton
        self._value = True

    @property
    def busy(self) -> bool:
        """Whether a line is being drawn."""
        return bool(self._points)

    def press(self, pointer: Pointer) -> None:
        """Begin the line."""
        document = self.context.document
        if document is None or document.locked or self._points:
            return
        if pointer.button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._button = pointer.button
            self._value = pointer.button == Qt.MouseButton.LeftButton and not pointer.eraser
            self._points = [pointer.position]

    def move(self, pointer: Pointer) -> None:
        """Draw on."""
        if not self._points:
            return
        # Half a device pixel apart is as fine as anyone can draw.
        step = pointer.position - self._points[-1]
        if math.hypot(step.x(), step.y()) * self.context.view.camera.scale >= 0.5:
            before = self.area()
            self._points.append(pointer.position)
            self.repaint(before.united(self.area()))

    def release(self, pointer: Pointer) -> None:
        """Close the line and fill it."""
        if pointer.button != self._button:
            return
        points, value = self._points, self._value
        area = self.area()
        self._points, self._button = [], Qt.MouseButton.NoButton
        document = self.context.document
        if len(points) >= 3 and document is not None and not document.locked:
            outline = np.array([(point.x(), point.y()) for point in points])
            document.push(document.map.fill_polygon(outline, value), tool="lasso")
        self.repaint(area)

    def cancel(self) -> None:
        """Forget the line."""
        area = self.area()
        self._points, self._button = [], Qt.MouseButton.NoButton
        self.repaint(area)

    def area(self) -> QRectF:
        """The line with its pen."""
        if not self._points:
            return QRectF()
        return self._polygon().boundingRect().adjusted(-4, -4, 4, 4)

    def paint(self, painter: QPainter) -> None:
        """The line, and the straight way back to its beginning dashed."""
        if len(self._points) < 2:
            return
        draw_line(painter, self._polygon())

    def _polygon(self) -> QPolygonF:
        return QPolygonF([self.context.view.to_widget(point) for point in self._points])

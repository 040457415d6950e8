"""The box: exchanges mapped and unmapped inside a rectangle."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from app.imaging.edit import Rectangle
from app.ui.tools.base import Pointer, Tool, ToolContext, draw_line


class InvertBoxTool(Tool):
    """Drag a rectangle of whole pixels; letting go inverts the map inside it."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, context: ToolContext, invert: Callable[[Rectangle], None]) -> None:
        """
        Args:
            context: the canvas.
            invert: inverts the map in a rectangle.
        """
        super().__init__(context)
        self._invert = invert
        self._from: QPointF | None = None
        self._to = QPointF()

    @property
    def busy(self) -> bool:
        """Whether a rectangle is being drawn."""
        return self._from is not None

    def press(self, pointer: Pointer) -> None:
        """Set the first corner."""
        if self.editable() is not None and pointer.button == Qt.MouseButton.LeftButton:
            self._from = self._to = pointer.position

    def move(self, pointer: Pointer) -> None:
        """Draw the rectangle larger or smaller."""
        if self._from is not None:
            before = self.area()
            self._to = pointer.position
            self.repaint(before.united(self.area()))

    def release(self, pointer: Pointer) -> None:
        """Invert inside."""
        if self._from is None or pointer.button != Qt.MouseButton.LeftButton:
            return
        self._to = pointer.position
        rectangle = self._rectangle()
        moved = self._from != self._to
        self.cancel()
        if moved and rectangle[2] > rectangle[0] and rectangle[3] > rectangle[1]:
            self._invert(rectangle)

    def cancel(self) -> None:
        """Forget the rectangle."""
        before = self.area()
        self._from = None
        self.repaint(before)

    def area(self) -> QRectF:
        """The rectangle with its pen."""
        if self._from is None:
            return QRectF()
        return self._polygon().boundingRect().adjusted(-4, -4, 4, 4)

    def paint(self, painter: QPainter) -> None:
        """The rectangle."""
        if self._from is not None:
            draw_line(painter, self._polygon(), closed=True)

    def _rectangle(self) -> Rectangle:
        """Every pixel that the drawn rectangle touches, inside the photo."""
        document = self.context.document
        if self._from is None or document is None:
            return (0, 0, 0, 0)
        drawn = QRectF(self._from, self._to).normalized()
        return (
            max(0, math.floor(drawn.left())),
            max(0, math.floor(drawn.top())),
            min(document.map.width, math.ceil(drawn.right())),
            min(document.map.height, math.ceil(drawn.bottom())),
        )

    def _polygon(self) -> QPolygonF:
        x0, y0, x1, y1 = self._rectangle()
        view = self.context.view
        return QPolygonF(QRectF(view.to_widget(QPointF(x0, y0)), view.to_widget(QPointF(x1, y1))))

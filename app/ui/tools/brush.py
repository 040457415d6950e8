"""Brush and eraser: paint into the map, or out of it."""

from __future__ import annotations

import math
import weakref

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from app.imaging.stroke import LEAST_PRESSURE
from app.ui.map_document import MapDocument
from app.ui.tools.base import Pointer, Tool, ToolContext, draw_line

SMALLEST, LARGEST = 1, 1024
"""Diameters in photo pixels."""

CROSS = 4.0
"""Half the length of the cross that stands for a brush too small to see, in logical pixels."""


class BrushSettings(QObject):
    """What brush and eraser share.

    Attributes:
        diameter: in photo pixels.

    Signals:
        changed: the diameter is another now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.diameter = 40
        self.touched = False

    def set_diameter(self, diameter: int) -> None:
        """Take another brush; from now on it stays as the user chose it."""
        self.touched = True
        self._set(diameter)

    def suggest(self, width: int, height: int) -> None:
        """Fit the brush to a photo, unless the user has chosen one."""
        if not self.touched:
            self._set(max(6, round(max(width, height) / 32)))

    def step(self, direction: int) -> None:
        """To the next larger (+1) or smaller (-1) brush: a tenth, at least one pixel."""
        step = max(1, round(self.diameter * 0.12))
        self.set_diameter(self.diameter + direction * step)

    def _set(self, diameter: int) -> None:
        diameter = min(max(diameter, SMALLEST), LARGEST)
        if diameter != self.diameter:
            self.diameter = diameter
            self.changed.emit()


class BrushTool(Tool):
    """Paints with the left button and does the opposite with the right one.

    Shift joins the last point to this one by a straight line, which is shown before. Shift and the wheel
    change the size. One press to release is one stroke, and one stroke is one step of the history.
    """

    cursor = Qt.CursorShape.BlankCursor

    def __init__(self, context: ToolContext, settings: BrushSettings, *, value: bool) -> None:
        """
        Args:
            context: the canvas.
            settings: the brush.
            value: True for the brush, False for the eraser.
        """
        super().__init__(context)
        self.settings = settings
        self.value = value
        self._at: QPointF | None = None
        self._last: QPointF | None = None
        self._last_in: weakref.ref[MapDocument] | None = None
        self._straight = False
        self._turned = 0.0
        self._button = Qt.MouseButton.NoButton
        self._pressure = 1.0
        self._outline: QPixmap | None = None
        self._outline_key = (0.0, 0.0)

    @property
    def busy(self) -> bool:
        """Whether a stroke is under way."""
        return self._button != Qt.MouseButton.NoButton

    def press(self, pointer: Pointer) -> None:
        """Begin a stroke."""
        document = self.editable()
        if document is None or self._button != Qt.MouseButton.NoButton:
            return
        if pointer.button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        value = self.value if pointer.button == Qt.MouseButton.LeftButton else not self.value
        value = value and not pointer.eraser
        self._button = pointer.button
        document.begin_stroke(radius=self.settings.diameter / 2, value=value)
        last = self._joint()
        if pointer.shift and last is not None:
            document.extend_stroke(last.x(), last.y(), pointer.pressure)
        document.extend_stroke(pointer.position.x(), pointer.position.y(), pointer.pressure)
        self._last, self._last_in = pointer.position, weakref.ref(document)
        self._go(pointer)

    def move(self, pointer: Pointer) -> None:
        """Draw on, if a button is held."""
        document = self.context.document
        if self._button != Qt.MouseButton.NoButton and document is not None:
            document.extend_stroke(pointer.position.x(), pointer.position.y(), pointer.pressure)
            self._last = pointer.position
        self._go(pointer)

    def release(self, pointer: Pointer) -> None:
        """End the stroke."""
        if not self.busy or pointer.button != self._button:
            return
        self._button = Qt.MouseButton.NoButton
        if self.context.document is not None:
            self.context.document.end_stroke()

    def wheel(self, notches: float) -> bool:
        """Take a larger or a smaller brush."""
        self._turned += notches
        while abs(self._turned) >= 1:
            direction = 1 if self._turned > 0 else -1
            self._turned -= direction
            self.settings.step(direction)
        return True

    def leave(self) -> None:
        """Hide the brush."""
        area = self.area()
        self._at = None
        self.repaint(area)

    def cancel(self) -> None:
        """Take the stroke back."""
        self._button = Qt.MouseButton.NoButton
        if self.context.document is not None:
            self.context.document.cancel_stroke()

    def area(self) -> QRectF:
        """The brush's outline with its pen."""
        if self._at is None:
            return QRectF()
        centre = self.context.view.to_widget(self._at)
        reach = self._radius() + CROSS + 3
        area = QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
        line = self._line()
        return area if line is None else area.united(line.boundingRect().adjusted(-3, -3, 3, 3))

    def paint(self, painter: QPainter) -> None:
        """The brush's outline; drawn once and kept, because a large circle takes a while."""
        if self._at is None:
            return
        radius, ratio = self._radius(), self.context.view.ratio
        key = (radius, ratio)
        if self._outline is None or self._outline_key != key:
            self._outline, self._outline_key = self._draw_outline(radius, ratio), key
        line = self._line()
        if line is not None:
            draw_line(painter, line)
        centre = self.context.view.to_widget(self._at)
        half = self._outline.width() / ratio / 2
        painter.drawPixmap(QPointF(centre.x() - half, centre.y() - half), self._outline)

    def _draw_outline(self, radius: float, ratio: float) -> QPixmap:
        """A circle seen on any picture; with a cross around it when it is very small."""
        side = 2 * math.ceil(radius + CROSS + 3)
        pixmap = QPixmap(math.ceil(side * ratio), math.ceil(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(pixmap.width() / ratio / 2, pixmap.height() / ratio / 2)
        centre = QPointF(0, 0)
        for colour, width in ((QColor(0, 0, 0, 170), 2.6), (QColor(255, 255, 255), 1.2)):
            pen = QPen(colour, width)
            if not self.value and width < 2:
                pen.setDashPattern([4.0, 3.0])  # the eraser is told apart without colour
            painter.setPen(pen)
            if radius >= 1.5:
                painter.drawEllipse(centre, radius, radius)
            if radius < 2 * CROSS:
                near, far = radius + 1, radius + CROSS
                for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                    painter.drawLine(QPointF(dx * near, dy * near), QPointF(dx * far, dy * far))
        painter.end()
        return pixmap

    def _joint(self) -> QPointF | None:
        """Where a straight line would begin: the end of the last stroke on this map."""
        same = self._last_in is not None and self._last_in() is self.context.document
        return self._last if same else None

    def _line(self) -> QPolygonF | None:
        """The straight line that a press would draw now, in the view's logical pixels."""
        last = self._joint()
        if not self._straight or self._at is None or last is None:
            return None
        view = self.context.view
        return QPolygonF([view.to_widget(last), view.to_widget(self._at)])

    def _radius(self) -> float:
        view = self.context.view
        return self.settings.diameter / 2 * self._pressure * view.camera.scale / view.ratio

    def _go(self, pointer: Pointer) -> None:
        before = self.area()
        self._at, self._straight = pointer.position, pointer.shift and not self.busy
        # A pen that hovers has no pressure yet: the outline shows the widest it can draw.
        self._pressure = max(pointer.pressure, LEAST_PRESSURE) if self.busy else 1.0
        self.repaint(before)
        self.repaint(self.area())

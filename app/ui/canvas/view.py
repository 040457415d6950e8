"""The widget that shows layers through a camera, and moves the camera."""

from __future__ import annotations

import math
from functools import reduce

from PySide6.QtCore import (
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSizeF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QGestureEvent,
    QLineEdit,
    QPinchGesture,
    QPlainTextEdit,
    QWidget,
)

from app.ui.canvas.camera import WHEEL_STEP, Camera
from app.ui.canvas.layers import Frame, Layer
from app.ui.theme.manager import theme

ARROW_STEP = 64
"""Logical pixels that an arrow key moves the photo by."""

TEXT_INPUTS = (QLineEdit, QAbstractSpinBox, QPlainTextEdit)


class PhotoView(QWidget):
    """Shows layers and lets the user zoom and pan.

    Wheel and pinch zoom at the pointer; the middle button, any button while space is held, or two
    fingers on a touch pad pan.

    Attributes:
        camera: what is seen; may be shared with other views.
        layers: painted in order.

    Signals:
        hovered: the photo point under the pointer, or None when it has left.
    """

    hovered = Signal(object)

    def __init__(self, camera: Camera, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = camera
        self.layers: list[Layer] = []
        self._space = False
        self._pan_from: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 90)
        self.grabGesture(Qt.GestureType.PinchGesture)
        camera.changed.connect(self.update)
        theme().changed.connect(self.update)

    # --- coordinates ---------------------------------------------------------------------------

    @property
    def ratio(self) -> float:
        """Device pixels per logical pixel."""
        return self.devicePixelRatioF()

    def device_size(self) -> QSizeF:
        """The view's size in device pixels."""
        return QSizeF(self.width() * self.ratio, self.height() * self.ratio)

    def origin(self) -> QPointF:
        """Where the photo's corner lies, in whole device pixels so that 100 % is exact."""
        corner = self.camera.to_view(QPointF(0, 0), self.device_size())
        return QPointF(round(corner.x()), round(corner.y()))

    def to_photo(self, position: QPointF) -> QPointF:
        """A point of this widget in photo coordinates."""
        return (position * self.ratio - self.origin()) / self.camera.scale

    def to_widget(self, point: QPointF) -> QPointF:
        """A photo point in this widget's coordinates."""
        return (point * self.camera.scale + self.origin()) / self.ratio

    def widget_rectangle(self, area: QRectF, *, margin: float = 2.0) -> QRect:
        """The widget's pixels that a part of the photo covers, with a margin for lines."""
        corner, opposite = self.to_widget(area.topLeft()), self.to_widget(area.bottomRight())
        left, top = math.floor(corner.x() - margin), math.floor(corner.y() - margin)
        right, bottom = math.ceil(opposite.x() + margin), math.ceil(opposite.y() + margin)
        return QRect(QPoint(left, top), QPoint(right, bottom))

    def update_photo(self, area: QRectF) -> None:
        """Repaint a part of the photo, and nothing else."""
        # One level pixel more on each side: smooth scaling looks at the neighbours.
        margin = 2.0 + max(self.camera.scale, 1.0)
        self.update(self.widget_rectangle(area, margin=margin))

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Paint what the event asks for and no more."""
        painter = QPainter(self)
        exposed = QRectF(event.rect())
        painter.fillRect(exposed, QColor(theme().tokens.canvas))
        self.paint_photo(painter, exposed)
        painter.end()

    def paint_photo(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint the layers inside a part of the widget."""
        painter.save()
        painter.setClipRect(exposed)
        painter.scale(1 / self.ratio, 1 / self.ratio)
        painter.translate(self.origin())
        painter.scale(self.camera.scale, self.camera.scale)
        visible = QRectF(self.to_photo(exposed.topLeft()), self.to_photo(exposed.bottomRight()))
        frame = Frame(self.camera.scale, self.camera.level(), visible, self.ratio)
        for layer in self.layers:
            layer.paint(painter, frame)
        painter.restore()
        if frame.behind:
            rest = reduce(QRectF.united, frame.behind)
            QTimer.singleShot(0, self, lambda: self.update_photo(rest))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Keep a fitted photo fitted."""
        super().resizeEvent(event)
        if self.isVisible():
            self.camera.set_view_size(self.device_size())

    def showEvent(self, event: QShowEvent, /) -> None:
        """Tell the camera the size: unseen views have any, and share it with those that are seen."""
        super().showEvent(event)
        self.camera.set_view_size(self.device_size())

    # --- zoom ----------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """A wheel zooms at the pointer; two fingers on a touch pad move the photo, with Ctrl zoom it."""
        pad = event.device().type() == QInputDevice.DeviceType.TouchPad
        if pad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            # Pads that tell no pixels tell eighths of a degree: 60 pixels for a wheel's notch.
            pixels = event.pixelDelta()
            moved = QPointF(event.angleDelta()) / 2 if pixels.isNull() else QPointF(pixels)
            self.camera.pan(moved.x() * self.ratio, moved.y() * self.ratio)
        elif event.angleDelta().y():
            factor = WHEEL_STEP ** (event.angleDelta().y() / 120)
            self.camera.zoom_by(factor, anchor=self.to_photo(event.position()))
        event.accept()

    def event(self, event: QEvent, /) -> bool:
        """Zoom by pinching: touch pads say so themselves, on screens Qt watches two fingers."""
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.camera.zoom_by(1 + event.value(), anchor=self.to_photo(event.position()))
            return True
        if isinstance(event, QGestureEvent):
            gesture = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(gesture, QPinchGesture):
                self._pinch(gesture)
                event.accept()
                return True
        overridden = event.type() == QEvent.Type.ShortcutOverride
        if overridden and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            event.accept()  # space belongs to the view while it has the focus, not to a shortcut
            return True
        return super().event(event)

    def _pinch(self, gesture: QPinchGesture) -> None:
        """Follow two fingers: the photo point between them stays between them."""
        if gesture.state() == Qt.GestureState.GestureStarted:
            self.pinch_began()
        middle = self.mapFromGlobal(gesture.centerPoint())
        last = self.mapFromGlobal(gesture.lastCenterPoint())
        moved = (middle - last) * self.ratio
        self.camera.pan(moved.x(), moved.y())
        self.camera.zoom_by(gesture.scaleFactor(), anchor=self.to_photo(middle))

    def pinch_began(self) -> None:
        """Two fingers lie on the view; one of them may have begun something else before."""
        self._pan_from = None
        self.update_cursor()

    # --- pan -----------------------------------------------------------------------------------

    @property
    def panning(self) -> bool:
        """Whether the pointer moves the photo now or would do so when pressed."""
        return self._space or self._pan_from is not None

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Space prepares panning; arrows move the photo."""
        step = ARROW_STEP * self.ratio
        moves = {
            Qt.Key.Key_Left: (step, 0.0),
            Qt.Key.Key_Right: (-step, 0.0),
            Qt.Key.Key_Up: (0.0, step),
            Qt.Key.Key_Down: (0.0, -step),
        }
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self.update_cursor()
        elif event.key() in moves and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.camera.pan(*moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent, /) -> None:
        """Give the pointer back to the tool."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """A key released elsewhere is never seen here."""
        self._space = False
        self.update_cursor()
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Begin to pan."""
        if self.wants_pan(event):
            self._pan_from = event.position()
            self.update_cursor()
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Pan, or say where the pointer is."""
        if self._pan_from is not None:
            delta = (event.position() - self._pan_from) * self.ratio
            self._pan_from = event.position()
            self.camera.pan(delta.x(), delta.y())
        self.hovered.emit(self.to_photo(event.position()))

    def mouseReleaseEvent(self, _event: QMouseEvent, /) -> None:
        """Stop panning."""
        if self._pan_from is not None:
            self._pan_from = None
            self.update_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Between the whole photo and 100 % at the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.camera.fitted:
            self.camera.zoom_to(1.0, anchor=self.to_photo(event.position()))
        else:
            self.camera.fit()

    def wants_pan(self, event: QMouseEvent) -> bool:
        """Whether a press pans; a plain view pans with the left button too."""
        buttons = (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton)
        return self._space or event.button() in buttons

    def update_cursor(self) -> None:
        """Show what a press would do."""
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Take the keys that belong to the photo, unless the user is typing elsewhere."""
        if not isinstance(QApplication.focusWidget(), TEXT_INPUTS):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.update_cursor()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent, /) -> None:
        """Clear what depends on the pointer."""
        self.hovered.emit(None)
        super().leaveEvent(event)

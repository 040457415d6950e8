"""Two pictures in one place: a divider between them, one after the other, or their difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QShowEvent,
)

from app.ui.canvas.badge import paint_badge
from app.ui.canvas.camera import Camera
from app.ui.canvas.layers import Layer
from app.ui.canvas.view import PhotoView
from app.ui.difference import DifferenceLayer
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space

PairMode = Literal["wipe", "blink", "difference"]

GRIP = 8.0
"""Logical pixels around the divider in which the pointer takes hold of it."""

HANDLE = 11.0
"""Radius of the divider's handle."""

STEP = 0.01
"""How far a key moves the divider, as a share of the view; with Shift ten times as far."""

RATES = (0.5, 1.0, 2.0, 3.0)
"""Changes per second. WCAG 2.3.1 calls three flashes a second safe, and a flash is two changes."""

DEFAULT_RATE = 1.0


class PairView(PhotoView):
    """Shows sides A and B under the shared camera.

    Attributes:
        mode: how they are compared.
        difference: what mode "difference" paints.
        divider: where the wipe's divider stands, 0..1 of the view's width; A is at its left.
        second_shown: whether blink shows B now.

    Signals:
        flipped: blink shows the other side, or has stopped or begun.
    """

    flipped = Signal()

    def __init__(self, camera: Camera) -> None:
        super().__init__(camera)
        self.mode: PairMode = "wipe"
        self.difference = DifferenceLayer()
        self.divider = 0.5
        self.second_shown = False
        self._first: Sequence[Layer] = ()
        self._second: Sequence[Layer] = ()
        self._instead: Sequence[Layer] | None = None
        self._dragging = False
        self._wanted = True
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._flip)
        self.set_rate(DEFAULT_RATE)

    # --- what is shown -------------------------------------------------------------------------

    def set_sides(self, first: Sequence[Layer], second: Sequence[Layer]) -> None:
        """Compare these two."""
        self._first, self._second = first, second
        self._choose()

    def set_mode(self, mode: PairMode) -> None:
        """Compare in another way."""
        self.mode = mode
        self.second_shown = False
        self._wanted = True
        self._run_clock()
        self._choose()
        self.update_cursor()

    def peek(self, photo: Sequence[Layer] | None) -> None:
        """Show the photo alone, or with None the comparison again; blink waits meanwhile."""
        self._instead = photo
        self._run_clock()
        self._choose()

    def _choose(self) -> None:
        if self._instead is not None:
            self.layers = list(self._instead)
        elif self.mode == "difference":
            self.layers = [self.difference]
        else:
            shown = self._second if self.mode == "blink" and self.second_shown else self._first
            self.layers = list(shown)
        self.update()

    # --- blink ---------------------------------------------------------------------------------

    @property
    def blinking(self) -> bool:
        """Whether the sides change by themselves."""
        return self._wanted

    def set_rate(self, changes: float) -> None:
        """Change so often per second; never faster than the last of :data:`RATES`."""
        self._clock.setInterval(round(1000 / min(changes, RATES[-1])))

    def set_blinking(self, on: bool) -> None:
        """Let the sides change by themselves, or stay as they are."""
        self._wanted = on
        self._run_clock()
        self.flipped.emit()

    def _run_clock(self) -> None:
        if self._wanted and self.mode == "blink" and self._instead is None and self.isVisible():
            self._clock.start()
        else:
            self._clock.stop()

    def _flip(self) -> None:
        self.second_shown = not self.second_shown
        self._choose()
        self.flipped.emit()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Blink only where it is seen."""
        super().showEvent(event)
        self._run_clock()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Nothing changes unseen."""
        super().hideEvent(event)
        self._run_clock()

    # --- painting ------------------------------------------------------------------------------

    def paint_photo(self, painter: QPainter, exposed: QRectF) -> None:
        """A over the view, B at the right of the divider; which is which stands above."""
        super().paint_photo(painter, exposed)
        if self._instead is not None or self.mode == "difference":
            return
        if self.mode == "blink":
            paint_badge(painter, "B" if self.second_shown else "A", at=QPointF(Space.M, Space.M))
            return
        x = self._divider_x()
        behind = exposed.intersected(QRectF(x, 0, self.width() - x, self.height()))
        if not behind.isEmpty():
            painter.fillRect(behind, QColor(theme().tokens.canvas))
            self.layers, kept = list(self._second), self.layers
            super().paint_photo(painter, behind)
            self.layers = kept
        self._paint_divider(painter, x)
        paint_badge(painter, "A", at=QPointF(Space.M, Space.M))
        paint_badge(painter, "B", at=QPointF(self.width() - Space.M, Space.M), right=True)

    def _divider_x(self) -> float:
        """In whole device pixels, so that the line is sharp."""
        return round(self.divider * self.width() * self.ratio) / self.ratio

    def _paint_divider(self, painter: QPainter, x: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(x, self.height() / 2)
        for colour, width in ((QColor(0, 0, 0, 150), 3.5), (QColor(255, 255, 255), 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        accent = QColor(theme().tokens.accent_hover)
        painter.setPen(QPen(QColor(255, 255, 255), 1.5))
        painter.setBrush(accent if self.hasFocus() else QColor(30, 30, 32))
        painter.drawEllipse(middle, HANDLE, HANDLE)
        for side in (-1, 1):  # two arrow heads
            tip = middle + QPointF(side * 6.5, 0)
            painter.drawLine(tip, tip + QPointF(-side * 3.5, -3.5))
            painter.drawLine(tip, tip + QPointF(-side * 3.5, 3.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    # --- the divider ---------------------------------------------------------------------------

    def move_divider(self, to: float) -> None:
        """Put the divider somewhere, 0..1."""
        self.divider = min(max(to, 0.0), 1.0)
        self.update()

    def _on_divider(self, position: QPointF) -> bool:
        return self.mode == "wipe" and abs(position.x() - self._divider_x()) <= GRIP

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Take the divider, else pan."""
        left = event.button() == Qt.MouseButton.LeftButton
        if left and not self.panning and self._on_divider(event.position()):
            self._dragging = True
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Move the divider, else what a view does."""
        if self._dragging:
            self.move_divider(event.position().x() / max(self.width(), 1))
            self.hovered.emit(self.to_photo(event.position()))
            return
        super().mouseMoveEvent(event)
        if not self.panning:
            if self._on_divider(event.position()):
                self.setCursor(Qt.CursorShape.SplitHCursor)
            else:
                self.update_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Let go."""
        if self._dragging:
            self._dragging = False
        else:
            super().mouseReleaseEvent(event)

    def event(self, event: QEvent, /) -> bool:
        """The keys of the mode belong to the view while it has the focus, not to a shortcut."""
        overridden = event.type() == QEvent.Type.ShortcutOverride
        if overridden and isinstance(event, QKeyEvent) and self._action_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Comma and full stop move the divider, Home and End put it at an edge; Return stops blink."""
        action = self._action_of(event)
        if action is None:
            super().keyPressEvent(event)
        elif action == "stop":
            if not event.isAutoRepeat():
                self.set_blinking(not self.blinking)
        else:
            self.move_divider(action)

    def _action_of(self, event: QKeyEvent) -> float | Literal["stop"] | None:
        """Where a key puts the divider, or that it stops blink."""
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        ):
            return None
        if self.mode == "blink" and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return "stop"
        if self.mode != "wipe":
            return None
        step = STEP * (10 if shift else 1)
        places: dict[int, float] = {
            Qt.Key.Key_Comma: self.divider - step,
            Qt.Key.Key_Less: self.divider - step,
            Qt.Key.Key_Semicolon: self.divider - step,  # Shift+comma on a German keyboard
            Qt.Key.Key_Period: self.divider + step,
            Qt.Key.Key_Greater: self.divider + step,
            Qt.Key.Key_Colon: self.divider + step,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        return places.get(key)

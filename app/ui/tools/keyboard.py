"""A pointer that arrow keys move, so that every tool of the canvas can be used without a mouse."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from app.ui.canvas.layers import box_rectangle
from app.ui.tools.base import Pointer, Tool, ToolContext

STEP = 8.0
"""Logical pixels that an arrow key moves the pointer by; with Shift it is one photo pixel."""

LARGE = 5.0
"""So many times as far with Ctrl."""

MARGIN = 32.0
"""Logical pixels between the pointer and the view's edge; nearer, the photo moves along."""

ARM = 13.0
"""Half the length of the cross, in logical pixels."""

GAP = 4.0
"""Around the very point, which stays visible, in logical pixels."""

ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Steered(ToolContext, Protocol):
    """What the pointer needs of the canvas."""

    tool: Tool


class KeyboardPointer:
    """The pointer of the keyboard, in the hand of whatever tool is in use.

    Arrow keys move it, with Shift by one photo pixel, with Ctrl in large steps. Space puts the pen down
    and lifts it again, so that no key has to be held; with Ctrl it is the pen of the right button, with
    Shift a straight line from where the last stroke ended. Return sets a single dot, or ends what is
    under way. Home goes to the selected face.

    Attributes:
        on: whether the arrow keys move it; otherwise they move the photo.
        at: where it is in photo coordinates, or None before it was first used on this photo.
    """

    def __init__(self, canvas: Steered) -> None:
        self._canvas = canvas
        self.on = False
        self.at: QPointF | None = None
        self._button = Qt.MouseButton.NoButton

    @property
    def down(self) -> bool:
        """Whether the pen is on the photo."""
        return self._button != Qt.MouseButton.NoButton and self._canvas.tool.busy

    @property
    def useful(self) -> bool:
        """Whether it is on, there is a photo, and the tool in hand has a use for it."""
        tool, photo = self._canvas.tool, self._canvas.photo
        shown = photo is not None and photo.size is not None
        return self.on and shown and tool.steered and not tool.pans

    def switch(self, on: bool) -> None:
        """Let the arrow keys move the pointer, or the photo again."""
        self.lift()
        self.on = on
        if not on:
            self._canvas.tool.leave()
        elif self.useful:
            self._go(self.at if self.at is not None and self._inside(self.at) else self._home())
        self._canvas.view.update()

    def follow(self, position: QPointF) -> None:
        """A mouse has moved: the keys go on from there."""
        before = self.area()
        self.at = position
        if self.on:
            self._canvas.view.update(before.united(self.area()).toAlignedRect())

    def forget(self) -> None:
        """Another photo, where the old place means nothing."""
        self._button = Qt.MouseButton.NoButton
        self.at = None
        if self.useful:
            self._go(self._home())

    def resume(self) -> None:
        """Show another tool where the pointer is."""
        if self.useful and self.at is not None:
            self._canvas.tool.move(Pointer(self.at))

    def lift(self) -> None:
        """End a stroke."""
        button, self._button = self._button, Qt.MouseButton.NoButton
        if button != Qt.MouseButton.NoButton and self._canvas.tool.busy and self.at is not None:
            self._canvas.tool.release(Pointer(self.at, button))
            self._canvas.view.update(self.area().toAlignedRect())

    # --- keys ----------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """A key went down on the canvas; whether the pointer has used it."""
        if not self.useful:
            return False
        if self.at is None:
            self._go(self._home())
        assert self.at is not None
        key, modifiers = event.key(), event.modifiers()
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        ctrl = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if modifiers & Qt.KeyboardModifier.AltModifier:
            return False
        for arrow, (dx, dy) in ARROWS.items():
            if key == arrow:
                step = self._step(shift=shift, ctrl=ctrl)
                self._go(QPointF(self.at.x() + dx * step, self.at.y() + dy * step))
                return True
        if key == Qt.Key.Key_Home:
            self._go(self._home())
            return True
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._press(shift=shift, right=ctrl)
            return True
        if key in ENTER and not ctrl:
            return self._enter(shift=shift)
        return False

    def _press(self, *, shift: bool, right: bool) -> None:
        """Put the pen down, or lift it."""
        if self.down:
            self.lift()
            return
        assert self.at is not None
        button = Qt.MouseButton.RightButton if right else Qt.MouseButton.LeftButton
        tool = self._canvas.tool
        tool.press(Pointer(self.at, button, shift=shift))
        if tool.clicks:
            tool.release(Pointer(self.at, button))
        elif tool.busy:
            self._button = button
        self._canvas.view.update(self.area().toAlignedRect())

    def _enter(self, *, shift: bool) -> bool:
        """A dot, or the end of a stroke; what else is under way the tool itself ends."""
        if self.down:
            self.lift()
            return True
        if self._canvas.tool.busy:
            return False
        self._press(shift=shift, right=False)
        self.lift()
        return True

    # --- places --------------------------------------------------------------------------------

    def _step(self, *, shift: bool, ctrl: bool) -> float:
        """In photo pixels: never less than one, however far the view is zoomed in."""
        if shift:
            return 1.0
        view = self._canvas.view
        return max(STEP * view.ratio / view.camera.scale, 1.0) * (LARGE if ctrl else 1.0)

    def _inside(self, point: QPointF) -> bool:
        view = self._canvas.view
        return QRectF(view.rect()).contains(view.to_widget(point))

    def _home(self) -> QPointF:
        """The middle of the selected face, else of what is seen of the photo."""
        photo, view = self._canvas.photo, self._canvas.view
        if photo is not None and photo.faces and photo.selected_face is not None:
            return box_rectangle(photo.faces[photo.selected_face]).center()
        return view.to_photo(QPointF(view.width() / 2, view.height() / 2))

    def _go(self, point: QPointF) -> None:
        """Move there, inside the photo, draw on if the pen is down, and keep the place in view."""
        photo, view = self._canvas.photo, self._canvas.view
        if photo is None or photo.size is None:
            return
        before = self.area()
        width, height = photo.size
        self.at = QPointF(min(max(point.x(), 0.0), width), min(max(point.y(), 0.0), height))
        shown = view.to_widget(self.at)
        dx = max(MARGIN - shown.x(), 0.0) - max(shown.x() - view.width() + MARGIN, 0.0)
        dy = max(MARGIN - shown.y(), 0.0) - max(shown.y() - view.height() + MARGIN, 0.0)
        if dx or dy:
            view.camera.pan(dx * view.ratio, dy * view.ratio)
        self._canvas.tool.move(Pointer(self.at))
        view.hovered.emit(self.at)
        view.update(before.united(self.area()).toAlignedRect())

    # --- painting ------------------------------------------------------------------------------

    def area(self) -> QRectF:
        """What :meth:`paint` covers, in the view's logical pixels."""
        if self.at is None:
            return QRectF()
        reach = ARM + 4
        return QRectF(-reach, -reach, 2 * reach, 2 * reach).translated(
            self._canvas.view.to_widget(self.at)
        )

    def paint(self, painter: QPainter) -> None:
        """A cross with an open middle; a disc in it while the pen is down."""
        if not self.useful or self.at is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        at = self._canvas.view.to_widget(self.at)
        for colour, width in ((QColor(0, 0, 0, 190), 4.0), (QColor(255, 255, 255), 1.8)):
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            for dx, dy in ARROWS.values():
                way = QPointF(dx, dy)
                painter.drawLine(at + way * GAP, at + way * ARM)
        if self.down:
            painter.setPen(QPen(QColor(0, 0, 0, 190), 1.2))
            painter.setBrush(QColor(255, 255, 255))
            painter.drawEllipse(at, GAP - 0.5, GAP - 0.5)

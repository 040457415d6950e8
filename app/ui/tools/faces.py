"""Faces by hand: boxes with eight handles."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from app.imaging.face import Box
from app.ui.canvas.layers import box_rectangle
from app.ui.face_edits import LEAST_SIDE, FaceEdits
from app.ui.tools.base import HANDLE_REACH, Offer, Pointer, Tool, ToolContext, draw_handles

HANDLES: tuple[tuple[float, float], ...] = (
    (0, 0), (0.5, 0), (1, 0), (1, 0.5), (1, 1), (0.5, 1), (0, 1), (0, 0.5),
)  # fmt: skip
"""Where the handles are, in shares of the box."""

CURSORS = (
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
    Qt.CursorShape.SizeHorCursor,
)

KEYS_SETTLE_MS = 700
"""Arrow keys that follow each other this closely are one step."""

ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


class FaceTool(Tool):
    """Moves and resizes the selected face's box, selects others, and draws new ones.

    A drag from a handle resizes, from inside a face moves, from anywhere else (or with Ctrl) draws a
    new box. Arrow keys move the selected box by a screen pixel, with Shift they resize it, with Ctrl
    in steps of ten.
    """

    steered = False

    def __init__(self, context: ToolContext, edits: FaceEdits) -> None:
        super().__init__(context)
        self.edits = edits
        self.cursor = Qt.CursorShape.CrossCursor
        self._grip: int | None = None  # index of a handle, -1 moves, None nothing
        self._from = QPointF()
        self._start = QRectF()
        self._box: QRectF | None = None
        self._index: int | None = None  # the face whose box is changed; None draws a new one
        self._settle = QTimer(edits)
        self._settle.setSingleShot(True)
        self._settle.setInterval(KEYS_SETTLE_MS)
        self._settle.timeout.connect(self.accept)
        edits.changed.connect(lambda: self.context.view.update())

    @property
    def busy(self) -> bool:
        """Whether a box is being drawn or changed."""
        return self._box is not None

    @property
    def box(self) -> QRectF | None:
        """The box under way, in photo coordinates."""
        return self._box

    # --- the pointer ---------------------------------------------------------------------------

    def press(self, pointer: Pointer) -> None:
        """Take hold of a handle or a box, or begin a new one."""
        if self.editable() is None or pointer.button != Qt.MouseButton.LeftButton:
            return
        photo = self.context.photo
        if photo is None or photo.size is None:
            return
        self._settle.stop()
        grip = None if pointer.ctrl else self._handle_at(pointer.position)
        if grip is None and not pointer.ctrl and self._inside_selected(pointer.position):
            grip = -1
        if grip is None:
            self.cancel()
            hit = None if pointer.ctrl else self._face_at(pointer.position)
            if hit is not None:
                photo.select_face(hit)
                grip = -1
        self._from = pointer.position
        if grip is not None:
            current = self._current()
            assert current is not None
            if self._box is None:
                self._index = photo.selected_face
            self._start = current
            self._grip = grip
        else:
            self._index, self._grip = None, 4
            self._start = QRectF(pointer.position, pointer.position)
            self._box = QRectF(self._start)
        self.context.view.update()

    def move(self, pointer: Pointer) -> None:
        """Move, resize, or show what a press would do."""
        if self._grip is None:
            self._show_cursor(pointer)
            return
        delta = pointer.position - self._from
        self._box = self._clipped(self._moved(delta), moving=self._grip == -1)
        self.context.view.update()

    def release(self, pointer: Pointer) -> None:
        """Take the box over; a click changes nothing."""
        if self._grip is None or pointer.button != Qt.MouseButton.LeftButton:
            return
        grip, self._grip = self._grip, None
        box = self._box
        if box is None:
            return
        unmoved = (pointer.position - self._from).manhattanLength() == 0
        if unmoved and (grip == -1 or self._index is None):
            self.cancel()
        else:
            self.accept()

    def key(self, event: QKeyEvent) -> bool:
        """Arrows move, with Shift they resize; Enter takes the box over at once."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.busy:
            self.accept()
            return True
        direction = next((way for key, way in ARROWS.items() if key == event.key()), None)
        current = self._current()
        if direction is None or current is None or self.editable() is None:
            return False
        photo, view = self.context.photo, self.context.view
        if self._box is None and photo is not None:
            self._index = photo.selected_face
        modifiers = event.modifiers()
        step = max(view.ratio / view.camera.scale, 1.0)
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            step *= 10
        dx, dy = direction[0] * step, direction[1] * step
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            box = current.adjusted(0, 0, dx, dy)
        else:
            box = current.translated(dx, dy)
        if min(box.width(), box.height()) >= LEAST_SIDE:
            self._box = self._clipped(box, moving=not modifiers & Qt.KeyboardModifier.ShiftModifier)
        if self._index is not None:
            self._settle.start()
        view.update()
        return True

    # --- what becomes of it --------------------------------------------------------------------

    def begin_new(self) -> None:
        """A new box in the middle of the view, to be moved by keys or pointer and then accepted."""
        photo, view = self.context.photo, self.context.view
        if photo is None or photo.size is None or self.editable() is None:
            return
        self.cancel()
        seen = QRectF(
            view.to_photo(QPointF(0, 0)), view.to_photo(QPointF(view.width(), view.height()))
        ).intersected(QRectF(0, 0, *photo.size))
        side = max(min(seen.width(), seen.height()) / 3, LEAST_SIDE)
        centre = seen.center()
        box = QRectF(centre.x() - side / 2, centre.y() - side * 0.6, side, side * 1.2)
        self._index = None
        self._box = self._clipped(box, moving=True)
        translate = QCoreApplication.translate
        self.context.show_offers(
            (
                Offer(translate("Tools", "Add face"), "Return", self.accept),
                Offer(translate("Tools", "Cancel"), "Esc", self.cancel),
            )
        )
        view.setFocus(Qt.FocusReason.OtherFocusReason)
        view.update()

    def accept(self) -> None:
        """Let the models look into the box."""
        box, index = self._box, self._index
        if box is None or self._grip is not None:
            return
        if self.editable() is None:
            self._settle.start()  # a worker is at the map; the box waits for it
            return
        self.cancel()
        if min(box.width(), box.height()) < LEAST_SIDE:
            return
        taken: Box = (box.left(), box.top(), box.right(), box.bottom())
        if index is None:
            self.edits.add(taken)
        else:
            self.edits.move(index, taken)

    def cancel(self) -> None:
        """The box as it was."""
        self._settle.stop()
        self._box, self._grip, self._index = None, None, None
        self.context.show_offers(())
        self.context.view.update()

    # --- geometry ------------------------------------------------------------------------------

    def _current(self) -> QRectF | None:
        """The box under way, or the selected face's."""
        if self._box is not None:
            return QRectF(self._box)
        photo = self.context.photo
        if photo is None or not photo.faces or photo.selected_face is None:
            return None
        return box_rectangle(photo.faces[photo.selected_face])

    def _face_at(self, point: QPointF) -> int | None:
        """The smallest face around a point."""
        photo = self.context.photo
        boxes = [box_rectangle(face) for face in (photo.faces or ())] if photo is not None else []
        hits = [
            (box.width() * box.height(), index)
            for index, box in enumerate(boxes)
            if box.contains(point)
        ]
        return min(hits)[1] if hits else None

    def _inside_selected(self, point: QPointF) -> bool:
        """Whether a point is in the selected box and in no smaller one."""
        photo, current = self.context.photo, self._current()
        if photo is None or current is None or not current.contains(point):
            return False
        return self._box is not None or self._face_at(point) == photo.selected_face

    def _handles(self) -> list[QPointF]:
        """In the view's logical pixels."""
        current, view = self._current(), self.context.view
        if current is None:
            return []
        return [
            view.to_widget(
                QPointF(current.left() + x * current.width(), current.top() + y * current.height())
            )
            for x, y in HANDLES
        ]

    def _handle_at(self, position: QPointF) -> int | None:
        at = self.context.view.to_widget(position)
        near = [
            ((at - handle).manhattanLength(), index)
            for index, handle in enumerate(self._handles())
            if max(abs(at.x() - handle.x()), abs(at.y() - handle.y())) <= HANDLE_REACH
        ]
        return min(near)[1] if near else None

    def _moved(self, delta: QPointF) -> QRectF:
        if self._grip == -1:
            return self._start.translated(delta)
        assert self._grip is not None
        x, y = HANDLES[self._grip]
        box = QRectF(self._start)
        if x == 0:
            box.setLeft(box.left() + delta.x())
        elif x == 1:
            box.setRight(box.right() + delta.x())
        if y == 0:
            box.setTop(box.top() + delta.y())
        elif y == 1:
            box.setBottom(box.bottom() + delta.y())
        return box.normalized()

    def _clipped(self, box: QRectF, *, moving: bool) -> QRectF:
        """Inside the photo: a box that moves keeps its size, one that is drawn is cut off."""
        photo = self.context.photo
        if photo is None or photo.size is None:
            return box
        whole = QRectF(0, 0, *photo.size)
        if not moving:
            return box.intersected(whole)
        box.moveLeft(min(max(box.left(), 0.0), max(whole.width() - box.width(), 0.0)))
        box.moveTop(min(max(box.top(), 0.0), max(whole.height() - box.height(), 0.0)))
        return box.intersected(whole)

    def _show_cursor(self, pointer: Pointer) -> None:
        handle = None if pointer.ctrl else self._handle_at(pointer.position)
        if handle is not None:
            self.cursor = CURSORS[handle % 4]
        elif not pointer.ctrl and self._inside_selected(pointer.position):
            self.cursor = Qt.CursorShape.SizeAllCursor
        elif not pointer.ctrl and self._face_at(pointer.position) is not None:
            self.cursor = Qt.CursorShape.PointingHandCursor
        else:
            self.cursor = Qt.CursorShape.CrossCursor

    # --- painting ------------------------------------------------------------------------------

    def area(self) -> QRectF:
        """All of the view: boxes are large and change rarely."""
        return QRectF(self.context.view.rect())

    def paint(self, painter: QPainter) -> None:
        """The box under way, the one a worker is at, and the handles."""
        if self.edits.pending is not None:
            x0, y0, x1, y1 = self.edits.pending
            self._paint_box(painter, QRectF(x0, y0, x1 - x0, y1 - y0), dashed=True)
            return
        current = self._current()
        if current is None:
            return
        self._paint_box(painter, current, dashed=self._box is not None)
        if self.context.photo is not None and (self._grip is None or self._grip >= 0):
            draw_handles(painter, self._handles())

    def _paint_box(self, painter: QPainter, box: QRectF, *, dashed: bool) -> None:
        view = self.context.view
        shown = QRectF(view.to_widget(box.topLeft()), view.to_widget(box.bottomRight()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 150), 3.0), (QColor(255, 255, 255), 1.0)):
            pen = QPen(colour, width)
            if dashed and width < 2:
                pen.setDashPattern([5.0, 4.0])
            painter.setPen(pen)
            painter.drawRect(shown)

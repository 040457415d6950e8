"""Smart select: a rough stroke, and the edges of what lies under it are found."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPen, QPolygonF

from app.imaging.edit import EMPTY
from app.imaging.map import BinaryMap, Edit
from app.imaging.smart_select import RoughStroke, Selection, box_around, smart_select
from app.ui.canvas.outline import as_lines, smooth_edges
from app.ui.jobs import Job, Ticket
from app.ui.session import PhotoSession
from app.ui.tools.base import Offer, Pointer, Tool, ToolContext

RADIUS = 5.0
"""Of the rough stroke, in logical pixels: it stays a line at every zoom."""

PREVIEW_SIDE = 640
"""Longer side of the previewed selection, in pixels."""

BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)

Submit = Callable[[Callable[[Ticket], Selection]], Job]
Apply = Callable[[Callable[[BinaryMap], Edit | None]], None]


class SmartTool(Tool):
    """Left strokes over what belongs, right strokes over what does not; then accept or cancel.

    While a stroke is drawn, a worker looks for the edges again and again, so that the proposal follows
    the pen; the map changes only when it is accepted.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, context: ToolContext, submit: Submit, apply: Apply) -> None:
        """
        Args:
            context: the canvas.
            submit: runs the search in a worker.
            apply: makes an edit of the map, off the window's thread, as one step.
        """
        super().__init__(context)
        self._submit, self._apply = submit, apply
        self._strokes: list[RoughStroke] = []
        self._kept: WeakKeyDictionary[PhotoSession, list[RoughStroke]] = WeakKeyDictionary()
        self._points: list[QPointF] = []
        self._button = Qt.MouseButton.NoButton
        self._pixels: NDArray[np.uint8] | None = None
        self._job: Job | None = None
        self._stale = False
        self._wanted: bool | None = None  # accepted while the worker was still at it
        self.selection: Selection | None = None
        self._preview: QImage | None = None
        self._lines: list[QLineF] = []

    @property
    def busy(self) -> bool:
        """Whether anything was drawn."""
        return bool(self._strokes) or bool(self._points)

    # --- the pointer ---------------------------------------------------------------------------

    def press(self, pointer: Pointer) -> None:
        """Begin a stroke; the first one must lie on what belongs."""
        photo = self.context.photo
        if self.editable() is None or photo is None or photo.photo is None or self._points:
            return
        if pointer.button in BUTTONS and (pointer.button == BUTTONS[0] or self._strokes):
            self._pixels = photo.photo.rgb
            self._button = pointer.button
            self._points = [pointer.position]
            self._look()

    def move(self, pointer: Pointer) -> None:
        """Draw on."""
        if not self._points:
            return
        before = self.area()
        self._points.append(pointer.position)
        self.repaint(before.united(self.area()))
        self._look()

    def release(self, pointer: Pointer) -> None:
        """End the stroke; the proposal stays until it is accepted."""
        if not self._points or pointer.button != self._button:
            return
        self._strokes.append(self._stroke())
        self._points, self._button = [], Qt.MouseButton.NoButton
        self._look()
        self._offer()

    def key(self, event: QKeyEvent) -> bool:
        """Enter accepts, with Shift it takes the selection out; Backspace takes a stroke back."""
        if not self.busy:
            return False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept(value=not shift)
            return True
        if event.key() == Qt.Key.Key_Backspace and not event.modifiers():
            self.step_back()
            return True
        return False

    # --- what becomes of it --------------------------------------------------------------------

    def accept(self, *, value: bool = True) -> None:
        """Add the proposal to the map (True) or take it out of it."""
        if self._points or not self._strokes or self.editable() is None:
            return
        if self._job is not None:
            self._wanted = value
            return
        found = self.selection
        if found is None or found.empty:
            return
        self.cancel()
        self._apply(lambda map_: map_.combine(found.rectangle, found.pixels, value))

    def step_back(self) -> None:
        """Take the last stroke back."""
        if len(self._strokes) <= 1:
            self.cancel()
            return
        self._strokes.pop()
        self._look()
        self._repaint_all()

    def cancel(self) -> None:
        """Forget strokes and proposal."""
        before = self.area()
        self._strokes, self._points = [], []
        self._button = Qt.MouseButton.NoButton
        if self._job is not None:
            self._job.cancel()
        self._job, self._stale, self._wanted, self._pixels = None, False, None, None
        self._show(None)
        self.repaint(before)
        self._offer()

    def put_down(self) -> str:
        """Keep the strokes with the photo; what they propose is looked for anew."""
        photo, strokes = self.context.photo, self._strokes
        self.cancel()
        if photo is None or not strokes:
            return ""
        self._kept[photo] = strokes
        return QCoreApplication.translate(
            "Tools",
            "The unfinished selection is kept: take Smart select in hand again to go on with it.",
        )

    def take_up(self) -> None:
        """Go on with the strokes that were kept with this photo."""
        photo = self.context.photo
        if photo is None or photo.photo is None:
            return
        strokes = self._kept.pop(photo, None)
        if strokes:
            self._strokes, self._pixels = strokes, photo.photo.rgb
            self._look()
            self._offer()
            self._repaint_all()

    def _offer(self) -> None:
        if not self._strokes:
            self.context.show_offers(())
            return
        translate = QCoreApplication.translate
        self.context.show_offers(
            (
                Offer(translate("Tools", "Add to map"), "Return", self.accept),
                Offer(translate("Tools", "Take out"), "Shift+Return", self._take_out),
                Offer(translate("Tools", "Stroke back"), "Backspace", self.step_back),
                Offer(translate("Tools", "Cancel"), "Esc", self.cancel),
            )
        )

    def _take_out(self) -> None:
        self.accept(value=False)

    # --- the search ----------------------------------------------------------------------------

    def _stroke(self) -> RoughStroke:
        view = self.context.view
        points = np.array([(point.x(), point.y()) for point in self._points])
        radius = max(RADIUS * view.ratio / view.camera.scale, 0.5)
        return RoughStroke(points, radius, self._button == Qt.MouseButton.LeftButton)

    def _all(self) -> list[RoughStroke]:
        return [*self._strokes, *([self._stroke()] if self._points else [])]

    def _look(self) -> None:
        """Let the worker look, or look again as soon as it has an answer."""
        if self._job is not None:
            self._stale = True
            return
        pixels, strokes = self._pixels, self._all()
        if pixels is None or not strokes:
            return
        self._stale = False
        job = self._submit(lambda _: smart_select(pixels, strokes))
        self._job = job
        job.done.connect(lambda found: self._take(job, found))
        job.finished.connect(lambda: self._ended(job))

    def _take(self, job: Job, found: Selection) -> None:
        if self._job is job:
            self._repaint_all()
            self._show(found)
            self._repaint_all()

    def _ended(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            if self._stale:
                self._look()
            elif self._wanted is not None:
                self.accept(value=self._wanted)

    # --- painting ------------------------------------------------------------------------------

    def _show(self, found: Selection | None) -> None:
        """Make the proposal ready to be painted, no larger than it needs to be."""
        self.selection = found
        self._preview, self._lines = None, []
        if found is None or found.rectangle == EMPTY:
            return
        height, width = found.pixels.shape
        scale = max(1.0, max(height, width) / PREVIEW_SIDE)
        size = max(round(width / scale), 1), max(round(height / scale), 1)
        levels = found.pixels.view(np.uint8) * np.uint8(255)
        cover = np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), np.uint8)
        red, green, blue = self.context.overlay_colour
        bgra = np.zeros((*cover.shape, 4), np.uint8)
        for channel, value in enumerate((blue, green, red, 255)):
            bgra[..., channel] = cover.astype(np.uint16) * value // 255
        image = QImage(bgra.data, *size, 4 * size[0], QImage.Format.Format_ARGB32_Premultiplied)
        self._preview = image.copy()
        inside = np.pad(cover >= 128, 1)
        segments = smooth_edges(inside)
        segments[:, 0::2] *= width / size[0]
        segments[:, 1::2] *= height / size[1]
        self._lines = as_lines(segments, x=found.rectangle[0], y=found.rectangle[1], scale=1.0)

    def _repaint_all(self) -> None:
        self.repaint(self.area())

    def area(self) -> QRectF:
        """The box that the search is bound to, and the strokes."""
        strokes = self._all() if self.busy else []
        if not strokes:
            return QRectF()
        view = self.context.view
        around = self._box(strokes)
        for stroke in strokes:
            (x0, y0), (x1, y1) = stroke.points.min(axis=0), stroke.points.max(axis=0)
            reach = stroke.radius
            ends = QPointF(x0 - reach, y0 - reach), QPointF(x1 + reach, y1 + reach)
            around = around.united(QRectF(*ends))
        corner, opposite = view.to_widget(around.topLeft()), view.to_widget(around.bottomRight())
        return QRectF(corner, opposite).adjusted(-6, -6, 6, 6)

    def _box(self, strokes: list[RoughStroke]) -> QRectF:
        photo = self.context.photo
        width, height = photo.size if photo is not None and photo.size is not None else (0, 0)
        x0, y0, x1, y1 = box_around(strokes, width=width, height=height)
        return QRectF(x0, y0, x1 - x0, y1 - y0)

    def paint(self, painter: QPainter) -> None:
        """The proposal, its box dashed, and the strokes."""
        strokes = self._all() if self.busy else []
        if not strokes:
            return
        view = self.context.view
        if self.selection is not None and self._preview is not None:
            x0, y0, x1, y1 = self.selection.rectangle
            target = QRectF(view.to_widget(QPointF(x0, y0)), view.to_widget(QPointF(x1, y1)))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(0.5)
            painter.drawImage(target, self._preview)
            painter.setOpacity(1.0)
            self._paint_outline(painter)
        box = self._box(strokes)
        pen = QPen(QColor(255, 255, 255, 170), 1.0)
        pen.setDashPattern([3.0, 4.0])
        painter.setPen(pen)
        painter.drawRect(QRectF(view.to_widget(box.topLeft()), view.to_widget(box.bottomRight())))
        for stroke in strokes:
            self._paint_stroke(painter, stroke)

    def _paint_outline(self, painter: QPainter) -> None:
        view = self.context.view
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        origin = view.to_widget(QPointF(0, 0))
        painter.translate(origin)
        painter.scale(view.camera.scale / view.ratio, view.camera.scale / view.ratio)
        for colour, width in ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255), 1.4)):
            pen = QPen(colour, width * view.ratio)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(self._lines)
        painter.restore()

    def _paint_stroke(self, painter: QPainter, stroke: RoughStroke) -> None:
        """White for what belongs, dark and dashed for what does not: told apart without colour."""
        view = self.context.view
        points = [view.to_widget(QPointF(x, y)) for x, y in stroke.points.tolist()]
        polygon = QPolygonF(points if len(points) > 1 else [points[0], points[0] + QPointF(0.1, 0)])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QColor(255, 255, 255, 230) if stroke.belongs else QColor(20, 20, 20, 230)
        outer = QColor(0, 0, 0, 150) if stroke.belongs else QColor(255, 255, 255, 200)
        for colour, width in ((outer, 6.0), (inner, 3.4)):
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if not stroke.belongs and width < 5:
                pen.setDashPattern([1.5, 2.0])
            painter.setPen(pen)
            painter.drawPolyline(polygon)

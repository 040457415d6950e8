"""What the canvas and its tools agree on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from app.ui.canvas.view import PhotoView
from app.ui.map_document import MapDocument
from app.ui.session import PhotoSession

HANDLE_REACH = 7.0
"""Logical pixels around a point within which a press means that point."""


@dataclass(frozen=True)
class Pointer:
    """The pointer at one moment.

    Attributes:
        position: in photo coordinates.
        button: the one that was pressed or released; none for a move.
        shift: whether Shift is held.
        ctrl: whether Ctrl is held.
        pressure: 0..1 of a pen; 1 for a mouse.
        eraser: whether it is a pen's eraser end.
        double: whether it is the second press of a double click.
    """

    position: QPointF
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    shift: bool = False
    ctrl: bool = False
    pressure: float = 1.0
    eraser: bool = False
    double: bool = False


@dataclass(frozen=True)
class Offer:
    """Something that can be done with what a tool has under way; shown as a button over the canvas.

    Attributes:
        text: of the button.
        keys: the key that does the same, for the eye; the tool itself reads it.
        do: does it.
    """

    text: str
    keys: str
    do: Callable[[], None]


class ToolContext(Protocol):
    """What a tool may use of the canvas."""

    @property
    def view(self) -> PhotoView:
        """The widget."""

    @property
    def document(self) -> MapDocument | None:
        """The map to edit."""

    @property
    def photo(self) -> PhotoSession | None:
        """The photo on the canvas."""

    @property
    def overlay_colour(self) -> tuple[int, int, int]:
        """The map's colour, 0..255 each."""

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show what can be done with what is under way; nothing takes the buttons away."""


class Tool:
    """A tool that does nothing; the others override what they need.

    Attributes:
        cursor: shown over the photo.
        pans: whether the left button pans, because the tool has no use for it.
        steered: whether the keyboard's pointer is of use to it; otherwise it reads arrow keys itself.
        clicks: whether a press is all it needs, and nothing is drawn until the release.
    """

    cursor = Qt.CursorShape.CrossCursor
    pans = False
    steered = True
    clicks = False

    def __init__(self, context: ToolContext) -> None:
        self.context = context

    @property
    def busy(self) -> bool:
        """Whether something is under way that :meth:`cancel` would take back."""
        return False

    def press(self, pointer: Pointer) -> None:
        """A button went down."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moved, with or without a button held."""

    def release(self, pointer: Pointer) -> None:
        """The button went up."""

    def key(self, event: QKeyEvent) -> bool:
        """A key went down on the canvas; whether the tool has used it."""
        del event
        return False

    def wheel(self, notches: float) -> bool:
        """The wheel was turned with Shift held, away from the user (+); whether the tool has used it."""
        del notches
        return False

    def leave(self) -> None:
        """The pointer left the canvas."""

    def cancel(self) -> None:
        """Take back what is under way."""

    def put_down(self) -> str:
        """Another tool is taken in hand, or another photo is shown.

        Returns:
            What the user should know of work that is kept for later; empty when there is none.
        """
        self.cancel()
        return ""

    def take_up(self) -> None:
        """The tool is in hand again, or another photo is under it: go on with what was kept."""

    def paint(self, painter: QPainter) -> None:
        """Paint above the photo, in the view's logical pixels."""

    def area(self) -> QRectF:
        """What :meth:`paint` covers, in the view's logical pixels; empty when nothing."""
        return QRectF()

    def repaint(self, area: QRectF) -> None:
        """Ask for a part of the view to be painted again."""
        if not area.isEmpty():
            self.context.view.update(area.toAlignedRect().adjusted(-1, -1, 1, 1))

    def editable(self) -> MapDocument | None:
        """The map, unless there is none or a worker is at it."""
        document = self.context.document
        return None if document is None or document.locked else document


def draw_line(painter: QPainter, polygon: QPolygonF, *, closed: bool = False) -> None:
    """A thin line that is seen on any picture; the last point to the first dashed when not closed."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 170), 2.8), (QColor(255, 255, 255), 1.3)):
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        if closed:
            painter.drawPolygon(polygon)
        else:
            painter.drawPolyline(polygon)
    if not closed and polygon.size() > 2:
        closing = QPen(QColor(255, 255, 255, 190), 1.0)
        closing.setDashPattern([4.0, 4.0])
        painter.setPen(closing)
        painter.drawLine(polygon.last(), polygon.first())


def draw_handles(painter: QPainter, points: Sequence[QPointF], *, side: float = 8.0) -> None:
    """Small squares to take hold of."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1.0))
    painter.setBrush(QColor(255, 255, 255))
    for point in points:
        painter.drawRect(QRectF(point.x() - side / 2, point.y() - side / 2, side, side))
    painter.setBrush(Qt.BrushStyle.NoBrush)


ToolFactory = Callable[[ToolContext], Tool]

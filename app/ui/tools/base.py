"""What the canvas and its tools agree on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.ui.canvas.view import PhotoView
from app.ui.map_document import MapDocument


@dataclass(frozen=True)
class Pointer:
    """The pointer at one moment.

    Attributes:
        position: in photo coordinates.
        button: the one that was pressed or released; none for a move.
        shift: whether Shift is held.
        pressure: 0..1 of a pen; 1 for a mouse.
    """

    position: QPointF
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    shift: bool = False
    pressure: float = 1.0


class ToolContext(Protocol):
    """What a tool may use of the canvas."""

    @property
    def view(self) -> PhotoView:
        """The widget."""

    @property
    def document(self) -> MapDocument | None:
        """The map to edit."""


class Tool:
    """A tool that does nothing; the others override what they need.

    Attributes:
        cursor: shown over the photo.
        pans: whether the left button pans, because the tool has no use for it.
    """

    cursor = Qt.CursorShape.CrossCursor
    pans = False

    def __init__(self, context: ToolContext) -> None:
        self.context = context

    def press(self, pointer: Pointer) -> None:
        """A button went down."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moved, with or without a button held."""

    def release(self, pointer: Pointer) -> None:
        """The button went up."""

    def leave(self) -> None:
        """The pointer left the canvas."""

    def cancel(self) -> None:
        """Take back what is under way."""

    def paint(self, painter: QPainter) -> None:
        """Paint above the photo, in the view's logical pixels."""

    def area(self) -> QRectF:
        """What :meth:`paint` covers, in the view's logical pixels; empty when nothing."""
        return QRectF()


ToolFactory = Callable[[ToolContext], Tool]

"""The hand: moves the photo, and selects a face by a click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt

from app.ui.tools.base import Pointer, Tool, ToolContext

CLICK_REACH = 4.0
"""Logical pixels the pointer may move between press and release of a click."""


class PanTool(Tool):
    """Leaves the left button to the view, which pans, and watches for clicks."""

    cursor = Qt.CursorShape.OpenHandCursor
    pans = True

    def __init__(self, context: ToolContext, clicked: Callable[[QPointF], None]) -> None:
        """
        Args:
            context: the canvas.
            clicked: told the photo point of a click.
        """
        super().__init__(context)
        self._clicked = clicked
        self._pressed: QPointF | None = None

    def press(self, pointer: Pointer) -> None:
        """Remember where, in the view, because the photo moves with the pointer."""
        self._pressed = self.context.view.to_widget(pointer.position)

    def release(self, pointer: Pointer) -> None:
        """A click, if the pointer has not moved."""
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        moved = self.context.view.to_widget(pointer.position) - pressed
        if moved.manhattanLength() <= CLICK_REACH:
            self._clicked(pointer.position)

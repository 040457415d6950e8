"""Undo and redo of a map's edits."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from app.imaging.edit import Edit, Rectangle

if TYPE_CHECKING:
    from app.imaging.map import BinaryMap

MAX_BYTES = 256 << 20
"""Enough for thousands of strokes; only whole-photo edits of the largest photos come near it."""


class History:
    """The edits of one map, oldest first, limited by memory and not by number."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        """Start empty.

        Args:
            max_bytes: when the edits hold more, the oldest are forgotten; the last one never is.
        """
        self._max_bytes = max_bytes
        self._done: deque[Edit] = deque()
        self._undone: list[Edit] = []
        self._nbytes = 0

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to bring back."""
        return bool(self._undone)

    @property
    def nbytes(self) -> int:
        """Memory all edits hold, those that can be redone included."""
        return self._nbytes

    def push(self, edit: Edit | None) -> None:
        """Remember an edit that has been made; what had been undone can no longer be redone.

        Args:
            edit: None, from an operation that changed nothing, is ignored.
        """
        if edit is None:
            return
        self._nbytes += edit.nbytes - sum(old.nbytes for old in self._undone)
        self._undone.clear()
        self._done.append(edit)
        while self._nbytes > self._max_bytes and len(self._done) > 1:
            self._nbytes -= self._done.popleft().nbytes

    def undo(self, map_: BinaryMap) -> Rectangle | None:
        """Take the last edit back.

        Returns:
            The rectangle to redraw, or None when there is nothing to undo.
        """
        if not self._done:
            return None
        edit = self._done[-1]
        edit.apply(map_)
        self._undone.append(self._done.pop())
        return edit.rectangle

    def redo(self, map_: BinaryMap) -> Rectangle | None:
        """Bring the last edit that was undone back.

        Returns:
            The rectangle to redraw, or None when there is nothing to redo.
        """
        if not self._undone:
            return None
        edit = self._undone[-1]
        edit.apply(map_)
        self._done.append(self._undone.pop())
        return edit.rectangle

    def clear(self) -> None:
        """Forget everything, as when another photo's map is opened."""
        self._done.clear()
        self._undone.clear()
        self._nbytes = 0

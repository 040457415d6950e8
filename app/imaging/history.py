"""Undo and redo of what an analyst does to a photo's map and faces."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.imaging.edit import EMPTY, Edit, Rectangle
from app.imaging.face import Face

if TYPE_CHECKING:
    from app.imaging.map import BinaryMap

MAX_BYTES = 256 << 20
"""Enough for thousands of strokes; only whole-photo edits of the largest photos come near it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FacesChange:
    """Other faces than before.

    Attributes:
        before, after: all faces of the photo.
    """

    before: tuple[Face, ...]
    after: tuple[Face, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """What one undo takes back: an edit of the map, a change of the faces, or both.

    Attributes:
        tool: what made it, such as "brush"; the case keeps it with the edit.
        edit: of the map.
        faces: the change of the faces.
    """

    tool: str = ""
    edit: Edit | None = None
    faces: FacesChange | None = None

    @property
    def nbytes(self) -> int:
        """Memory the step holds, in bytes; faces are next to nothing."""
        return self.edit.nbytes if self.edit is not None else 0

    @property
    def rectangle(self) -> Rectangle:
        """Where the map differs; empty when it does not."""
        return self.edit.rectangle if self.edit is not None else EMPTY

    def apply(self, map_: BinaryMap) -> None:
        """Change the map in place; the same call undoes and redoes. Faces are the caller's."""
        if self.edit is not None:
            self.edit.apply(map_)


class History:
    """The steps of one photo, oldest first, limited by memory and not by number."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        """Start empty.

        Args:
            max_bytes: when the steps hold more, the oldest are forgotten; the last one never is.
        """
        self._max_bytes = max_bytes
        self._done: deque[Step] = deque()
        self._undone: list[Step] = []
        self._nbytes = 0

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to bring back."""
        return bool(self._undone)

    @property
    def done(self) -> Iterator[Step]:
        """The steps in force, oldest first."""
        return iter(self._done)

    @property
    def undone(self) -> Iterator[Step]:
        """The steps that can be brought back, the next one first."""
        return reversed(self._undone)

    @property
    def nbytes(self) -> int:
        """Memory all steps hold, those that can be redone included."""
        return self._nbytes

    def push(
        self, edit: Edit | None, *, tool: str = "", faces: FacesChange | None = None
    ) -> Step | None:
        """Remember what has been done; what had been undone can no longer be redone.

        Args:
            edit: of the map; None when an operation changed nothing.
            tool: what made it.
            faces: the change of the faces that came with it.

        Returns:
            The step, or None when nothing has changed.
        """
        if edit is None and faces is None:
            return None
        step = Step(tool=tool, edit=edit, faces=faces)
        self._nbytes += step.nbytes - sum(old.nbytes for old in self._undone)
        self._undone.clear()
        self._done.append(step)
        while self._nbytes > self._max_bytes and len(self._done) > 1:
            self._nbytes -= self._done.popleft().nbytes
        return step

    def undo(self, map_: BinaryMap) -> Step | None:
        """Take the last step back.

        Returns:
            The step, whose map edit is no longer in force, or None when there is nothing to undo.
        """
        if not self._done:
            return None
        step = self._done[-1]
        step.apply(map_)
        self._undone.append(self._done.pop())
        return step

    def redo(self, map_: BinaryMap) -> Step | None:
        """Bring the last step that was undone back.

        Returns:
            The step, whose map edit is in force again, or None when there is nothing to redo.
        """
        if not self._undone:
            return None
        step = self._undone[-1]
        step.apply(map_)
        self._done.append(self._undone.pop())
        return step

    def clear(self) -> None:
        """Forget everything, as when another photo's map is opened."""
        self._done.clear()
        self._undone.clear()
        self._nbytes = 0

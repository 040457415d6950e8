"""The map of one photo while it is edited: raster, history and the stroke under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.imaging.map import BinaryMap, Edit, History, Rectangle, StrokeSession


@dataclass(frozen=True, eq=False)
class FoundMap:
    """An automatic map made ready for editing; made in a worker, because 60 megapixels take a while.

    Attributes:
        map: the raster.
        packed: the same as bits, to come back to.
    """

    map: BinaryMap
    packed: NDArray[np.uint8]

    @classmethod
    def of(cls, pixels: NDArray[np.bool_]) -> FoundMap:
        """From (H, W) bool, which is copied."""
        return cls(BinaryMap.from_pixels(pixels), np.packbits(pixels, axis=1))


class MapDocument(QObject):
    """A map, how it came about, and everything that can be undone about it.

    Attributes:
        map: the raster; edited only through this class.
        history: its edits.
        locked: set while a worker edits the map; strokes and undo wait until it is done.

    Signals:
        changed: the rectangle (x0, y0, x1, y1) to redraw.
        edited: an edit is complete, undone or redone.
    """

    changed = Signal(tuple)
    edited = Signal()

    def __init__(self, found: FoundMap, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.map = found.map
        self.history = History()
        self.locked = False
        self._automatic = found.packed
        self._stroke: StrokeSession | None = None

    @property
    def stroking(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None

    @property
    def edited_by_hand(self) -> bool:
        """Whether an edit is in force."""
        return self.history.can_undo

    def automatic(self) -> NDArray[np.bool_]:
        """(H, W) bool: the map as it was found."""
        bits = np.unpackbits(self._automatic, axis=1, count=self.map.width)
        return bits.view(np.bool_)

    def share(self) -> float:
        """The part of the photo that is mapped, 0..1."""
        return float(np.count_nonzero(self.map.pixels)) / self.map.pixels.size

    # --- strokes -------------------------------------------------------------------------------

    def begin_stroke(self, *, radius: float, value: bool) -> None:
        """Begin to paint (True) or erase (False) with a round brush of this radius in photo pixels."""
        if self.locked:
            return
        self.end_stroke()
        self._stroke = StrokeSession(self.map, radius, value)

    def extend_stroke(self, x: float, y: float) -> None:
        """Draw on to a photo point."""
        if self._stroke is not None:
            self._tell(self._stroke.extend(x, y))

    def end_stroke(self) -> None:
        """Make the stroke one step of the history."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self.history.push(stroke.finish())
            self.edited.emit()

    def cancel_stroke(self) -> None:
        """Take the stroke under way back."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._tell(stroke.cancel())

    # --- steps ---------------------------------------------------------------------------------

    def push(self, edit: Edit | None) -> None:
        """Take in an edit that was made to the map."""
        if edit is not None:
            self.history.push(edit)
            self._tell(edit.rectangle)
        self.edited.emit()

    def undo(self) -> None:
        """Take the last step back; a stroke under way is that step."""
        if self.stroking:
            self.cancel_stroke()
            return
        self._travel(self.history.undo)

    def redo(self) -> None:
        """Bring the last undone step back."""
        if not self.stroking:
            self._travel(self.history.redo)

    def _travel(self, move: Callable[[BinaryMap], Rectangle | None]) -> None:
        if self.locked:
            return
        rectangle = move(self.map)
        if rectangle is not None:
            self._tell(rectangle)
            self.edited.emit()

    def _tell(self, rectangle: Rectangle) -> None:
        if rectangle[2] > rectangle[0] and rectangle[3] > rectangle[1]:
            self.changed.emit(rectangle)

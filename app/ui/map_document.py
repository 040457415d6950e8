"""The map of one photo while it is edited: raster, history and the stroke under way."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.imaging.edit import join
from app.imaging.face import Face
from app.imaging.map import BinaryMap, Edit, FacesChange, History, Rectangle, StrokeSession
from app.imaging.part import Part

WALK_S = 0.005
"""Work on the way through the history before the window gets its turn, in seconds of processor time."""

Way = Literal["undo", "redo"]
"""Which way a step of the history is gone."""

RESET = "reset"
"""The tool of the edit that brings the automatic map back."""


@dataclass(frozen=True, eq=False)
class FoundMap:
    """An automatic map made ready for editing; made in a worker, because 60 megapixels take a while.

    Attributes:
        map: the raster.
        packed: the same as bits, to come back to.
        bounds: the rectangle around what is mapped.
    """

    map: BinaryMap
    packed: NDArray[np.uint8]
    bounds: Rectangle

    @classmethod
    def of(cls, pixels: NDArray[np.bool_]) -> FoundMap:
        """From (H, W) bool, which is copied."""
        map_ = BinaryMap.from_pixels(pixels)
        return cls(map_, np.packbits(pixels, axis=1), map_.rectangle)


@dataclass(frozen=True, eq=False)
class MapSnapshot:
    """A map at one moment; only the rectangle that can hold anything was taken, as bits.

    Attributes:
        shape: (H, W) of the map.
        bounds: the rectangle.
        packed: its rows by ``np.packbits``.
    """

    shape: tuple[int, ...]
    bounds: Rectangle
    packed: NDArray[np.uint8]

    def pixels(self) -> NDArray[np.bool_]:
        """(H, W) bool."""
        whole = np.zeros(self.shape, np.bool_)
        x0, y0, x1, y1 = self.bounds
        if x1 > x0:
            bits = np.unpackbits(self.packed, axis=1, count=x1 - x0)
            whole[y0:y1, x0:x1] = bits.view(np.bool_)
        return whole


class MapDocument(QObject):
    """A map, how it came about, and everything that can be undone about it.

    Orders to undo and redo that come quicker than a large map can follow, as from a key that is held
    down, are carried out one after the other, between which the window lives; whoever asks for the map,
    or changes it, has all of them done first.

    Attributes:
        history: the steps that can be undone, changes of the faces among them.
        bounds: a rectangle outside which nothing was ever mapped.
        locked: set while a worker edits the map; strokes and undo wait until it is done.

    Signals:
        changed: the rectangle (x0, y0, x1, y1) to redraw.
        edited: an edit is complete, undone or redone, or the lock has changed.
        applied: an :class:`Edit` that has just come into force, and the tool that made it; "undo" and
            "redo" are tools too. These edits, applied in this order to the map as it was found, give
            the map as it is.
        faces_replaced: the faces (a tuple) that the photo has since a step was done, undone or redone.
    """

    changed = Signal(tuple)
    edited = Signal()
    applied = Signal(object, str)
    faces_replaced = Signal(tuple)

    def __init__(self, found: FoundMap, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._map = found.map
        self.history = History()
        self.locked = False
        self.bounds = found.bounds
        self._automatic = found.packed
        self._stroke: StrokeSession | None = None
        self._tool = ""
        self._empty: bool | None = None
        self._mapped: int | None = None
        self._compared: WeakKeyDictionary[Part[np.bool_], bool] = WeakKeyDictionary()
        self._goal: int | None = None  # how many steps are to be in force in the end
        self._orders: deque[Way] = deque()  # to undo and redo, not carried out yet
        self._travelling = False
        self._spent = 0.0  # seconds of this turn of the window's loop
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._next_turn)

    @property
    def map(self) -> BinaryMap:
        """The raster; edited only through this class."""
        self.arrive()
        return self._map

    @property
    def stroking(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None

    @property
    def edited_by_hand(self) -> bool:
        """Whether an edit of the map is in force that came after the map was last reset, if it was."""
        edited = False
        for step in self.history.done:
            if step.edit is not None:
                edited = step.tool != RESET
        return edited

    def automatic(self) -> NDArray[np.bool_]:
        """(H, W) bool: the map as it was found."""
        bits = np.unpackbits(self._automatic, axis=1, count=self._map.width)
        return bits.view(np.bool_)

    @property
    def empty(self) -> bool:
        """Whether nothing is mapped."""
        if self._empty is None:
            self._empty = not self._part().any()
        return self._empty

    def share(self) -> float:
        """The part of the photo that is mapped, 0..1."""
        return self.mapped / self._map.pixels.size

    @property
    def mapped(self) -> int:
        """How many pixels are mapped; counted once after each change."""
        self.arrive()
        if self._mapped is None:
            part = self._part()
            self._mapped = cv2.countNonZero(part.view(np.uint8)) if part.size else 0
        return self._mapped

    def is_all(self, part: Part[np.bool_]) -> bool:
        """Whether what is mapped is this part and nothing else; compared once after each change."""
        self.arrive()
        if part not in self._compared:
            left, top, right, bottom = part.rectangle
            self._compared[part] = bool(
                np.count_nonzero(part.pixels) == self.mapped
                and np.array_equal(self._map.pixels[top:bottom, left:right], part.pixels)
            )
        return self._compared[part]

    def snapshot(self) -> MapSnapshot:
        """The map as it is now, without waiting for a whole copy of it."""
        self.arrive()
        packed = np.packbits(self._part(), axis=1)
        return MapSnapshot(self._map.pixels.shape, self.bounds, packed)

    def _forget_counts(self) -> None:
        """What was found out about the map as it was."""
        self._empty = self._mapped = None
        self._compared.clear()

    def _part(self) -> NDArray[np.bool_]:
        """A view of all that can be mapped."""
        x0, y0, x1, y1 = self.bounds
        return self._map.pixels[y0:y1, x0:x1]

    # --- strokes -------------------------------------------------------------------------------

    def begin_stroke(self, *, radius: float, value: bool, tool: str = "") -> None:
        """Begin to paint (True) or erase (False) with a round brush of this radius in photo pixels."""
        if self.locked:
            return
        self._goal = None
        self.end_stroke()
        self._stroke = StrokeSession(self.map, radius, value)
        self._tool = tool or ("brush" if value else "eraser")

    def extend_stroke(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Draw on to a photo point; a pen's pressure 0..1 scales the radius."""
        if self._stroke is not None:
            self._tell(self._stroke.extend(x, y, pressure))

    def end_stroke(self) -> None:
        """Make the stroke one step of the history."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._remember(stroke.finish(), self._tool)
            self.edited.emit()

    def cancel_stroke(self) -> None:
        """Take the stroke under way back."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._tell(stroke.cancel())

    # --- edits by a worker ---------------------------------------------------------------------

    def lock(self) -> None:
        """Leave the map to a worker."""
        self._goal = None
        self.end_stroke()
        self.arrive()
        self.locked = True
        self.edited.emit()

    def unlock(self) -> None:
        """Take the map back."""
        self.locked = False
        # Whoever counted meanwhile may have seen the worker's edit half done.
        self._forget_counts()
        self.edited.emit()

    # --- steps ---------------------------------------------------------------------------------

    def push(
        self, edit: Edit | None, *, tool: str = "", faces: FacesChange | None = None
    ) -> None:
        """Take in an edit that was made to the map, and the change of the faces that came with it."""
        self._goal = None
        self.arrive()
        self._remember(edit, tool, faces)
        self._tell_all(edit)
        self.edited.emit()

    def change_faces(
        self,
        before: tuple[Face, ...],
        after: tuple[Face, ...],
        *,
        edit: Edit | None = None,
        tool: str = "faces",
    ) -> None:
        """Take in other faces, and the edit of the map that belongs to the same step."""
        self.push(edit, tool=tool, faces=FacesChange(before=before, after=after))

    def _remember(self, edit: Edit | None, tool: str, faces: FacesChange | None = None) -> None:
        step = self.history.push(edit, tool=tool, faces=faces)
        if step is not None and step.edit is not None:
            self.applied.emit(step.edit, tool)
        if faces is not None:
            self.faces_replaced.emit(faces.after)

    def undo(self) -> None:
        """Take the last step back; a stroke under way is that step."""
        if self.stroking:
            self.cancel_stroke()
        else:
            self._order("undo")

    def redo(self) -> None:
        """Bring the last undone step back."""
        if not self.stroking:
            self._order("redo")

    def go_to(self, step: int) -> None:
        """Undo or redo until so many steps are in force; each of them is undone or redone by itself.

        A long way over a large map is gone in parts, between which the window lives; any other edit
        ends it where it is.
        """
        self.end_stroke()
        self._orders.clear()  # wherever they would have led, this is where the way ends
        self._goal = step
        self._spent = 0.0  # nobody clicks twice in one turn
        self._walk()

    def arrive(self) -> None:
        """Carry out the orders to undo and redo that wait for the window's next turn."""
        if self._travelling or not self._orders:
            return
        while self._orders:
            self._travel(self._orders.popleft())
        self.edited.emit()

    def _order(self, way: Way) -> None:
        self._goal = None
        if not self.locked:
            self._orders.append(way)
        self._walk()

    def _walk(self) -> None:
        """Go on through the history for as long as this turn of the window's loop has room for it."""
        waited = bool(self._orders) and self._spent > WALK_S
        while self._spent <= WALK_S and (way := self._next()) is not None:
            begin = time.thread_time()
            self._travel(way)
            self._spent += time.thread_time() - begin
        if self._spent > 0:
            self._turn.start(0)
        if not waited:
            self.edited.emit()

    def _next_turn(self) -> None:
        self._spent = 0.0
        if self._orders or self._goal is not None:
            self._walk()

    def _next(self) -> Way | None:
        """Which way the next step goes; None at the end of the way."""
        if self._orders:
            return self._orders.popleft()
        if self._goal is not None and not self.locked:
            done = sum(1 for _ in self.history.done)
            if done > self._goal and self.history.can_undo:
                return "undo"
            if done < self._goal and self.history.can_redo:
                return "redo"
        self._goal = None
        return None

    def _travel(self, way: Way) -> None:
        step = (self.history.undo if way == "undo" else self.history.redo)(self._map)
        if step is None:
            return
        # Who hears of it gets the map as this step made it: the next one begins when all have heard.
        self._travelling = True
        try:
            self._tell_all(step.edit)
            if step.edit is not None:
                self.applied.emit(step.edit, way)
            if step.faces is not None:
                self.faces_replaced.emit(step.faces.before if way == "undo" else step.faces.after)
        finally:
            self._travelling = False

    def _tell_all(self, edit: Edit | None) -> None:
        """Say what an edit has changed, part by part."""
        for rectangle in edit.parts if edit is not None else ():
            self._tell(rectangle)

    def _tell(self, rectangle: Rectangle) -> None:
        if rectangle[2] > rectangle[0] and rectangle[3] > rectangle[1]:
            self.bounds = join(self.bounds, rectangle)
            self._forget_counts()
            self.changed.emit(rectangle)

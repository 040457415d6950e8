"""The grid of the comparison: photo, map and hypotheses side by side."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.outcome import Outcome
from app.ui.canvas.camera import Camera
from app.ui.canvas.layers import Layer
from app.ui.labels import short_titles
from app.ui.panes import LEAST_VIEW, Pane, spread_legend
from app.ui.sides import Side, SideKey

GAP = 2
"""Logical pixels between panes; hairlines keep attention on the pictures."""

CAPTION = 46
"""Logical pixels below a picture, about."""

EMPTY_CELLS = 0.25
"""How much a grid without empty cells is preferred to one with slightly larger pictures."""

PREPARE_S = 0.004
"""Seconds of making panes after which the window gets its turn."""


class CompareGrid(QWidget):
    """As many columns as make the pictures largest.

    Attributes:
        panes: in the order shown.

    Signals:
        hovered: the photo point under the pointer, or None.
        unticked: a hypothesis whose tick was taken away.
    """

    hovered = Signal(object)
    unticked = Signal(object)

    def __init__(self, camera: Camera) -> None:
        super().__init__()
        self.panes: list[Pane] = []
        self._camera = camera
        self._by_key: dict[SideKey, Pane] = {}
        self._aspect = 1.0
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self.setLayout(self._grid)

    def show_sides(self, sides: Sequence[Side], *, aspect: float) -> None:
        """Show these pictures; panes that stay are kept.

        Args:
            sides: in order.
            aspect: width of the photo by its height.
        """
        wanted = {side.key: side for side in sides}
        for key in [key for key in self._by_key if key not in wanted]:
            self._drop(key)
        for key, side in wanted.items():
            if key not in self._by_key:
                self._by_key[key] = self._make(side)
        self.panes = [self._by_key[key] for key in wanted]
        short = short_titles({side.model for side in sides if side.model})
        for pane in self.panes:
            pane.set_short_model(short.get(pane.side.model, ""))
        self._aspect = aspect
        self._columns = 0
        self._arrange()

    def prepare(self, sides: Iterable[Side]) -> bool:
        """Make panes that :meth:`show_sides` would lack, for :data:`PREPARE_S`; whether that was all.

        One at least is made.
        """
        end, made = time.perf_counter() + PREPARE_S, 0
        for side in sides:
            if side.key in self._by_key:
                continue
            if made and time.perf_counter() > end:
                return False
            made += 1
            pane = self._by_key[side.key] = self._make(side)
            pane.hide()
            pane.setParent(self)
            # What the style has to find out about each is found out here, and not when all are shown.
            for widget in (pane, *pane.findChildren(QWidget)):
                widget.ensurePolished()
        return True

    def clear(self) -> None:
        """Let go of every pane."""
        for key in list(self._by_key):
            self._drop(key)
        self.panes = []

    def pane(self, key: SideKey) -> Pane | None:
        """The pane of a side, if it is shown."""
        return self._by_key.get(key)

    def peek(self, photo: Sequence[Layer] | None) -> None:
        """Show the photo in every pane, or with None their own pictures again."""
        for pane in self.panes:
            pane.peek(photo)

    def _make(self, side: Side) -> Pane:
        pane = Pane(self._camera, side)
        if side.key[0] == "spread":
            outcome = side.key[1]
            assert isinstance(outcome, Outcome)
            pane.add_legend(spread_legend(stated=outcome.card.output.error > 0))
        pane.view.hovered.connect(self.hovered)
        pane.unticked.connect(self.unticked)
        return pane

    def _drop(self, key: SideKey) -> None:
        pane = self._by_key.pop(key)
        self._grid.removeWidget(pane)
        pane.hide()
        pane.deleteLater()

    def _arrange(self) -> None:
        if not self.panes:
            return
        columns = self._best_columns()
        if columns == self._columns:
            return
        self._columns = columns
        for pane in self.panes:
            self._grid.removeWidget(pane)
        for index in range(max(self._grid.columnCount(), self._grid.rowCount())):
            self._grid.setColumnStretch(index, 0)
            self._grid.setRowStretch(index, 0)
        for index, pane in enumerate(self.panes):
            self._grid.addWidget(pane, index // columns, index % columns)
            pane.show()
        for index in range(columns):
            self._grid.setColumnStretch(index, 1)
        for index in range(math.ceil(len(self.panes) / columns)):
            self._grid.setRowStretch(index, 1)

    def _best_columns(self) -> int:
        def scale(columns: int) -> float:
            rows = math.ceil(len(self.panes) / columns)
            width = self.width() / columns
            height = self.height() / rows - CAPTION
            filled = len(self.panes) / (rows * columns)
            return min(width / self._aspect, height) * math.pow(filled, EMPTY_CELLS)

        most = max(1, min(len(self.panes), self.width() // (LEAST_VIEW[0] + GAP)))
        return max(range(1, most + 1), key=scale)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another shape may want other columns."""
        super().resizeEvent(event)
        self._arrange()

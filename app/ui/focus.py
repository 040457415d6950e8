"""Where the keyboard is: a ring around what has the focus, and one key from panel to panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLayout,
    QMenu,
    QMenuBar,
    QScrollArea,
    QSplitter,
    QWidget,
)
from shiboken6 import isValid

from app.ui.theme.manager import theme
from app.ui.theme.tokens import Radius

WIDTH = 2.0
"""Of the ring, in logical pixels; WCAG 2.4.13 asks for two."""

MOVES = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
)


class _Ring(QWidget):
    """The ring itself: a child of the focused widget's window, which no pointer can touch."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """A line in the colour of links: at least 3:1 on every surface of both themes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = WIDTH / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.setPen(QPen(QColor(theme().tokens.accent_text), WIDTH))
        painter.drawRoundedRect(box, Radius.CONTROL + 1, Radius.CONTROL + 1)
        painter.end()


class FocusRing(QObject):
    """Shows the focus of the whole application, as soon as the user goes by keyboard.

    Qt remembers in each window whether its focus last moved by a key; a click takes the ring away.

    Attributes:
        target: what the ring is around, or None.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.target: QWidget | None = None
        self._ring: _Ring | None = None
        self._watched: list[QWidget] = []
        application.focusChanged.connect(self._moved)
        theme().changed.connect(self._update)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        by_key = new is not None and new.window().testAttribute(
            Qt.WidgetAttribute.WA_KeyboardFocusChange
        )
        self._watch(new if by_key and not isinstance(new, QMenu | QMenuBar) else None)

    def _watch(self, target: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        self.target = target
        walk = target
        while walk is not None:
            self._watched.append(walk)
            walk.installEventFilter(self)
            walk = None if walk.isWindow() else walk.parentWidget()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The target or something around it has moved."""
        if event.type() in MOVES:
            # What is around it may not have its new place yet.
            QTimer.singleShot(0, self, self._place)
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        target, ring = self.target, self._ring
        if ring is not None and not isValid(ring):  # gone with its window
            ring = self._ring = None
        if target is None or not isValid(target) or not target.isVisible():
            if ring is not None:
                ring.hide()
            return
        window = target.window()
        if ring is None or ring.parentWidget() is not window:
            if ring is not None:
                ring.hide()
                ring.deleteLater()
            ring = self._ring = _Ring(window)
        seen = target.visibleRegion().boundingRect()
        if seen.isEmpty():
            ring.hide()
            return
        around = QRect(target.mapTo(window, seen.topLeft()), seen.size())
        ring.setGeometry(around.adjusted(-2, -2, 2, 2).intersected(window.rect()))
        ring.show()
        ring.raise_()

    def _update(self) -> None:
        if self._ring is not None and isValid(self._ring):
            self._ring.update()


@dataclass(frozen=True)
class Panel:
    """A part of the window that one key leads to.

    Attributes:
        widget: the part, or None while there is none.
        first: where the focus goes at first; None takes what Tab reaches first.
    """

    widget: Callable[[], QWidget | None]
    first: Callable[[], QWidget | None] = lambda: None


class Panels(QObject):
    """Takes the focus from panel to panel, and never lets it get lost.

    Each panel remembers where the focus was in it.
    """

    def __init__(self, panels: Sequence[Panel], window: QWidget) -> None:
        """
        Args:
            panels: in their order; the first one takes the focus when there is no other place for it.
            window: they are in.
        """
        super().__init__(window)
        self._panels = tuple(panels)
        self._window = window
        self._last: dict[Panel, QWidget] = {}
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._moved)

    def go(self, direction: int) -> None:
        """To the next (+1) or previous (-1) panel that is there."""
        focus = QApplication.focusWidget()
        count = len(self._panels)
        here = next((n for n, each in enumerate(self._panels) if _in(each, focus)), -direction)
        for step in range(1, count + 1):
            if self.enter(self._panels[(here + direction * step) % count]):
                return

    def enter(self, panel: Panel) -> bool:
        """Take the focus into a panel, where it was last; whether there was a place for it."""
        last = self._last.get(panel)
        kept = last is not None and isValid(last) and _stops(last) and _in(panel, last)
        target = last if kept else self._first(panel)
        if target is None:
            return False
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def to_middle(self, *, leave: bool = False) -> None:
        """Take the focus to what is worked on, if it has no visible place.

        Args:
            leave: or even if it has one.
        """
        focus = QApplication.focusWidget()
        if not leave and focus is not None and focus.isVisible():
            return
        target = self._first(self._panels[0])
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _first(self, panel: Panel) -> QWidget | None:
        widget, first = panel.widget(), panel.first()
        if widget is None or not widget.isVisible():
            return None
        return first if first is not None and _stops(first) else first_stop(widget)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None:
            QTimer.singleShot(0, self, self._rescue)
            return
        for panel in self._panels:
            if _in(panel, new):
                self._last[panel] = new

    def _rescue(self) -> None:
        """What had the focus has gone."""
        if QApplication.activePopupWidget() is None and QApplication.activeWindow() is self._window:
            self.to_middle()


def _in(panel: Panel, widget: QWidget | None) -> bool:
    inside = panel.widget()
    return (
        inside is not None
        and widget is not None
        and (inside is widget or inside.isAncestorOf(widget))
    )


def _stops(widget: QWidget) -> bool:
    """Whether Tab stops at a widget now."""
    tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tab and widget.isEnabled() and widget.isVisible()


def first_stop(panel: QWidget) -> QWidget | None:
    """The first widget of a panel at which Tab stops; the panel itself where it does."""
    if _stops(panel):
        return panel
    walk = panel.nextInFocusChain()
    while walk is not None and walk is not panel:
        if panel.isAncestorOf(walk) and _stops(walk):
            return walk
        walk = walk.nextInFocusChain()
    return None


def stops_in_order(root: QWidget) -> list[QWidget]:
    """Every widget below one at which Tab may stop, in the order in which the layouts show them."""
    found: list[QWidget] = []

    def take(widget: QWidget) -> None:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        if isinstance(widget, QScrollArea):
            inside = [widget.widget()]
        elif isinstance(widget, QSplitter):
            inside = [widget.widget(index) for index in range(widget.count())]
        else:
            inside = []
        for each in inside:
            if each is not None:
                take(each)
        layout = widget.layout()
        # Items and fields have layouts of their own, which concern nobody else.
        if layout is not None and not inside and not isinstance(widget, QAbstractItemView):
            walk(layout)

    def walk(layout: QLayout) -> None:
        for index in range(layout.count()):
            item = layout.itemAt(index)
            if item is None:
                continue
            widget, below = item.widget(), item.layout()
            if widget is not None:
                take(widget)
            elif below is not None:
                walk(below)

    take(root)
    return found


def order_stops(root: QWidget) -> None:
    """Let Tab go through a part of the window as it is read, whenever its widgets were made."""
    for before, after in pairwise(stops_in_order(root)):
        QWidget.setTabOrder(before, after)

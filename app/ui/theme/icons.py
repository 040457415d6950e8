"""The window's icons: one icon font, coloured by the theme."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol

import qtawesome
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from qtawesome.iconic_font import IconicFont

from app.ui.theme.manager import theme

FONT = "phosphor-1.3.0.ttf"
CHARACTERS = "phosphor-charmap-1.3.0.json"

ICON_SIZES = (16, 18, 32, 36, 54)


class HasIcon(Protocol):
    """An action or a button."""

    def setIcon(self, icon: QIcon, /) -> None: ...


class PaintedOnce(QIconEngine):
    """Keeps what an icon has painted: qtawesome lays out a letter whenever a button is painted."""

    def __init__(self, drawn: QIcon) -> None:
        super().__init__()
        self._drawn = drawn
        self._painted: dict[tuple[int, int, QIcon.Mode, QIcon.State], QPixmap] = {}

    def paint(
        self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State, /
    ) -> None:
        """Paint it anew, for whoever does not take a pixmap."""
        self._drawn.paint(painter, rect, Qt.AlignmentFlag.AlignCenter, mode, state)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, /) -> QPixmap:
        """What was painted, of `size` pixels of the screen."""
        key = (size.width(), size.height(), mode, state)
        if key not in self._painted:
            self._painted[key] = self._drawn.pixmap(size, 1.0, mode, state)
        return self._painted[key]

    def clone(self) -> PaintedOnce:
        """Another one of the same icon."""
        return PaintedOnce(self._drawn)


@cache
def _font() -> IconicFont:
    """Only the one font that is used: qtawesome's own instance loads all of its fonts."""
    folder = Path(qtawesome.__file__).parent / "fonts"
    return IconicFont(("ph", FONT, CHARACTERS, str(folder)))


def icon(name: str, *, colour: str | None = None) -> QIcon:
    """An icon in the colours of the theme in force.

    Args:
        name: a Phosphor icon, such as ``eraser``.
        colour: ``#rrggbb`` instead of the theme's.
    """
    tokens = theme().tokens
    return _icon(name, colour or tokens.text_soft, colour or tokens.text, tokens.text_faint)


@cache
def _icon(name: str, normal: str, bright: str, faint: str) -> QIcon:
    lit, dim = QColor(bright), QColor(faint)
    dim.setAlphaF(0.5)
    drawn: QIcon = _font().icon(
        f"ph.{name}",
        color=QColor(normal),
        color_active=lit,
        color_on=lit,
        color_selected=lit,
        color_disabled=dim,
    )
    return QIcon(PaintedOnce(drawn))


def toggle_icon(on: str, off: str) -> QIcon:
    """An icon for a switch: one picture while it is on, another, fainter, while it is off."""
    tokens = theme().tokens
    shown = _font().icon(f"ph.{on}", color=QColor(tokens.text_soft))
    hidden = _font().icon(f"ph.{off}", color=QColor(tokens.text_faint))
    faint = QColor(tokens.text_faint)
    faint.setAlphaF(0.5)
    disabled = _font().icon(f"ph.{on}", color=faint, color_disabled=faint)
    made = QIcon()
    for size in ICON_SIZES:
        made.addPixmap(shown.pixmap(size, size), QIcon.Mode.Normal, QIcon.State.On)
        made.addPixmap(hidden.pixmap(size, size), QIcon.Mode.Normal, QIcon.State.Off)
        for state in (QIcon.State.On, QIcon.State.Off):
            made.addPixmap(disabled.pixmap(size, size), QIcon.Mode.Disabled, state)
    return made


def set_icon(target: HasIcon, name: str, *, off: str = "") -> None:
    """Give an action or button an icon that follows the theme.

    Args:
        target: what gets it.
        name: of the icon.
        off: for a switch, the icon while it is off.
    """
    manager = theme()

    def refresh() -> None:
        try:
            target.setIcon(toggle_icon(name, off) if off else icon(name))
        except RuntimeError:  # the widget is gone, the theme outlives it
            manager.changed.disconnect(refresh)

    refresh()
    manager.changed.connect(refresh)

"""A word or number on a dark ground, seen on any picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.ui.theme.manager import FAMILY

HEIGHT = 22.0
PADDING = 8.0
"""Logical pixels at both sides of the text."""


def paint_badge(painter: QPainter, text: str, *, at: QPointF, right: bool = False) -> None:
    """Paint a badge in a view's own coordinates.

    Args:
        painter: not scaled.
        text: what it says.
        at: its upper left corner, or with `right` its upper right one, in logical pixels.
        right: grow to the left.
    """
    font = QFont(FAMILY)
    font.setPixelSize(12)
    font.setWeight(QFont.Weight.DemiBold)
    width = QFontMetricsF(font).horizontalAdvance(text) + 2 * PADDING
    box = QRectF(at.x() - (width if right else 0), at.y(), width, HEIGHT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(255, 255, 255))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

"""Whether every text of a window has the room it needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHeaderView,
    QLabel,
    QTabBar,
    QToolButton,
    QWidget,
)

from app.ui.widgets import ElidedLabel

SLACK = 1
"""Logical pixels that rounding may take."""


def cut_off(root: QWidget) -> list[str]:
    """Every visible text below a widget that is wider than its place."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        if isinstance(widget, QHeaderView):
            found += _sections(widget)
        elif isinstance(widget, QTabBar):
            needed = sum(widget.tabSizeHint(index).width() for index in range(widget.count()))
            found += _said("tabs", needed, widget.width())
        elif isinstance(widget, QComboBox):
            found += _box(widget)
        elif isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel):
            if widget.text() and not widget.wordWrap():
                found += _said(widget.text(), widget.sizeHint().width(), widget.width())
        elif isinstance(widget, QAbstractButton) and widget.text() and not _icon_only(widget):
            found += _said(widget.text(), widget.sizeHint().width(), widget.width())
    return found


def _icon_only(button: QAbstractButton) -> bool:
    style = Qt.ToolButtonStyle.ToolButtonIconOnly
    has_icon = not button.icon().isNull()
    return isinstance(button, QToolButton) and button.toolButtonStyle() == style and has_icon


def _sections(header: QHeaderView) -> list[str]:
    if header.orientation() is not Qt.Orientation.Horizontal:
        return []
    found = []
    for section in range(header.count()):
        if header.isSectionHidden(section):
            continue
        title = header.model().headerData(section, Qt.Orientation.Horizontal)
        needed = header.sectionSizeHint(section)
        found += _said(f"column {title}", needed, header.sectionSize(section))
    return found


def _box(box: QComboBox) -> list[str]:
    """The choice that is shown; a list of file names says them in full in its tool tips."""
    policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    if box.sizeAdjustPolicy() == policy:
        return []
    text = box.fontMetrics().horizontalAdvance(box.currentText())
    # Padding, border and the arrow, as in the style sheet.
    return _said(box.currentText(), text + 8 + 24 + 2, box.width())


def _said(text: str, needed: int, there: int) -> list[str]:
    return [f"{text}: {needed} > {there}"] if needed > there + SLACK else []

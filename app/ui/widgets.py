"""Small building blocks that every panel uses."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.plain import plain_tip
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space

ICON = 18
"""Side of an icon in a button, in logical pixels."""


LEAST_TEXT = 24
"""Logical pixels that a text which can be shortened has at least."""


def label(text: str = "", *, role: str = "", wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's roles."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def action_button(action: QAction, *, size: int = 30, text: bool = False) -> QToolButton:
    """A tool button for an action, with its tool tip and an accessible name."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(ICON, ICON))
    button.setAccessibleName(action.text().replace("&", "").removesuffix("…"))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if action.isCheckable() and action.actionGroup() is None:
        button.setProperty("role", "toggle")
    if text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    else:
        button.setFixedSize(size, size)
    return button


def hairline(*, vertical: bool = False) -> QFrame:
    """A one-pixel line between groups."""
    line = QFrame()
    line.setObjectName("hairline")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def row(*items: QWidget | QLayout | int | None, gap: int = Space.S) -> QHBoxLayout:
    """A row: widgets and layouts, a number for a fixed gap, None for a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    _fill(layout, items)
    return layout


def column(*items: QWidget | QLayout | int | None, gap: int = Space.S) -> QVBoxLayout:
    """A column, as :func:`row`."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    _fill(layout, items)
    return layout


def _fill(
    layout: QHBoxLayout | QVBoxLayout, items: tuple[QWidget | QLayout | int | None, ...]
) -> None:
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


class ElidedBox(QComboBox):
    """A list whose choice is shortened where it does not fit, and shown in full as a tool tip."""

    def __init__(self, *, characters: int) -> None:
        """
        Args:
            characters: so many are shown at least.
        """
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(characters)

    def event(self, event: QEvent, /) -> bool:
        """The tool tip is that of the choice."""
        if event.type() == QEvent.Type.ToolTip:
            whole = self.currentData(Qt.ItemDataRole.ToolTipRole) or self.currentText()
            self.setToolTip(plain_tip(whole))
        return super().event(event)

    def shown_text(self) -> str:
        """The choice as it is painted."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        field = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        text = self.currentText()
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, field.width() - 4)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """The style would cut the choice off in the middle of a letter."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class WheelGuard(QObject):
    """Leaves the wheel to the scroll area unless the field under the pointer has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Scrolling past a field must not change it."""
        idle = isinstance(watched, QWidget) and not watched.hasFocus()
        if event.type() == QEvent.Type.Wheel and idle:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def guard_wheel(field: QWidget) -> None:
    """Let a field change by the wheel only while it has the focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(WheelGuard(field))


def spin_box(least: int, most: int, value: int, *, name: str, tip: str = "") -> QSpinBox:
    """A field for a whole number.

    Args:
        least, most: its limits.
        value: at first.
        name: for screen readers.
        tip: the tool tip.
    """
    made = QSpinBox()
    made.setRange(least, most)
    made.setValue(value)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    # The style sheet's padding does not reach the field inside a spin box.
    made.lineEdit().setTextMargins(6, 0, 0, 0)
    guard_wheel(made)
    return made


class ElidedLabel(QLabel):
    """A label of one line that shortens its text in the middle and shows all of it as a tool tip."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._full = self._short = ""
        self._mode = mode
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(LEAST_TEXT)
        self.set_full_text(text)

    def set_full_text(self, text: str, *, short: str = "") -> None:
        """Show a text, or where there is no room for it a shorter one that says the same."""
        if (text, short) == (self._full, self._short):
            return
        self._full, self._short = text, short
        self.setAccessibleName(text)
        self._elide()

    def full_text(self) -> str:
        """The text before it was shortened."""
        return self._full

    def natural_width(self) -> int:
        """The width at which nothing is shortened."""
        return QFontMetrics(self.font()).horizontalAdvance(self._full) + 2

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Shorten again."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self._full, self._mode, self.width())
        if self._short and shown != self._full:
            shown = metrics.elidedText(self._short, self._mode, self.width())
        self.setText(shown)
        self.setToolTip(plain_tip(self._full) if shown != self._full else "")


class TwoLines(QLabel):
    """A label of one or two lines; what does not fit into them is left out and shown as a tool tip."""

    def __init__(self, *, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._full = ""
        if role:
            self.setProperty("role", role)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def set_full_text(self, text: str) -> None:
        """Show a text."""
        self._full = text
        self.setAccessibleName(text)
        self._fit()

    def full_text(self) -> str:
        """The text before anything was left out."""
        return self._full

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fit again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words, shown = self._full.split(" "), self._full
        while len(words) > 1 and not self._fits(shown):
            words.pop()
            shown = f"{' '.join(words)}…"
        self.setText(shown)
        self.setToolTip(plain_tip(self._full) if shown != self._full else "")

    def _fits(self, text: str) -> bool:
        metrics = QFontMetrics(self.font())
        room = QRect(0, 0, max(self.width(), 1), 10_000)
        needed = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text)
        return needed.height() <= 2 * metrics.lineSpacing() and needed.width() <= room.width()


class Section(QWidget):
    """A part of the inspector: a heading, something small at its right, and a body.

    Attributes:
        body: where the content goes.
        aside: the label at the right of the heading.
    """

    def __init__(self, title: str, *buttons: QToolButton) -> None:
        """
        Args:
            title: the heading.
            buttons: at its right end.
        """
        super().__init__()
        self.setObjectName("panelBody")
        self.title = label(title, role="section")
        self.aside = label(role="caption")
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(Space.S)
        self.setAccessibleName(title)
        head = row(self.title, None, self.aside, *buttons, gap=Space.XS)
        outer = column(head, self.body, gap=Space.S + 2)
        # At the right the scroll bar's width is part of the margin.
        outer.setContentsMargins(Space.L, Space.M + 2, Space.L - 10, Space.L)
        self.setLayout(outer)


class Swatch(QToolButton):
    """A round button of one colour."""

    def __init__(self, rgb: tuple[int, int, int], name: str) -> None:
        super().__init__()
        self.rgb = rgb
        self.setCheckable(True)
        self.setFixedSize(22, 22)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """A disc; a ring around the chosen one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme().tokens
        centre = QRectF(self.rect()).center()
        if self.isChecked() or self.hasFocus():
            ring = QColor(tokens.text if self.isChecked() else tokens.accent_hover)
            painter.setPen(QPen(ring, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 9.0, 9.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*self.rgb))
        radius = 6.0 if self.isChecked() else 7.0
        painter.drawEllipse(centre, radius, radius)
        painter.end()

"""The message bar: one sentence over the foot of the canvas, details on demand.

It lies over the canvas instead of beside it, so that a message never moves the photo under the pen.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QPushButton, QToolButton, QWidget

from app.ui.jobs import Failure
from app.ui.long_names import with_short_names
from app.ui.plain import plain_tip
from app.ui.sentences import in_language
from app.ui.theme.icons import icon, set_icon
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import ICON, column, label, row

Level = Literal["error", "warning", "information"]

ICONS = {"error": "warning-circle", "warning": "warning", "information": "info"}
COLOURS = {"error": "bad", "warning": "warn", "information": "good"}

WIDEST = 880
"""Logical pixels: longer lines are hard to read."""

INFORMATION_STAYS_MS = 8000
"""News leaves by itself; errors stay until they are closed."""


class MessageBar(QFrame):
    """Shows the newest message; earlier unread errors are counted, and come back when it is closed.

    Attributes:
        text: the sentence that is shown.
        lift: logical pixels at the foot of the host that stay free.
        close_all: closes every message; there while there are several.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._messages: list[tuple[Level, Failure]] = []
        self._host: QWidget | None = None
        self.lift = 0
        self._picture = QLabel()
        self._picture.setFixedSize(ICON, ICON)
        self.text = label(wrap=True)
        self.text.setMinimumHeight(22)
        self._more = label(role="caption")
        self._details_button = QPushButton(self.tr("Details"))
        self._details_button.setProperty("role", "link")
        self._details_button.setCheckable(True)
        self._close = QToolButton()
        set_icon(self._close, "x")
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setFixedHeight(140)
        self._details.setAccessibleName(self.tr("Details of the message"))
        self.close_all = QPushButton(self.tr("Close all"))
        self.close_all.setProperty("role", "link")
        self.close_all.clicked.connect(self.clear)
        line = row(self._picture, Space.XS, self.text, self._more, self.close_all)
        line.addWidget(self._details_button)
        line.addWidget(self._close)
        line.setStretchFactor(self.text, 1)
        outer = column(line, self._details, gap=Space.XS)
        outer.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        self.setLayout(outer)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INFORMATION_STAYS_MS)
        self._timer.timeout.connect(self.dismiss)
        self._close.clicked.connect(self.dismiss)
        self._details_button.toggled.connect(self._show_details)
        theme().changed.connect(self._refresh)
        self.hide()

    def float_over(self, host: QWidget) -> None:
        """Lie over the foot of a widget and stay there when it changes its size."""
        self.setParent(host)
        self._host = host
        host.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Follow the host."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if self._host is None or not self.isVisibleTo(self._host):
            return
        width = min(self._host.width() - 2 * Space.L, WIDEST)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else -1
        height = max(height, self.minimumSizeHint().height())
        left = (self._host.width() - width) // 2
        self.setGeometry(left, self._host.height() - height - Space.L - self.lift, width, height)
        self.raise_()

    def show_failure(self, failure: Failure) -> None:
        """Show an error."""
        self._add("error", failure)

    def show_warning(self, sentence: str) -> None:
        """Show something to be aware of."""
        self._add("warning", Failure(sentence))

    def show_information(self, sentence: str) -> None:
        """Show good news, for a while."""
        self._add("information", Failure(sentence))

    def dismiss(self) -> None:
        """Close the message shown; an earlier error comes back."""
        if self._messages:
            self._messages.pop()
        self._refresh()

    def clear(self) -> None:
        """Close every message."""
        self._messages.clear()
        self._refresh()

    def _add(self, level: Level, failure: Failure) -> None:
        # News is overtaken by whatever comes; the same error twice is one error.
        self._messages = [
            each for each in self._messages if each[0] != "information" and each[1] != failure
        ]
        self._messages.append((level, failure))
        self._refresh()

    def _refresh(self) -> None:
        self.setVisible(bool(self._messages))
        self._timer.stop()
        if not self._messages:
            return
        level, failure = self._messages[-1]
        self.setProperty("level", level)
        self.style().unpolish(self)
        self.style().polish(self)
        colour = getattr(theme().tokens, COLOURS[level])
        self._picture.setPixmap(icon(ICONS[level], colour=colour).pixmap(ICON, ICON))
        sentence = in_language(failure.sentence)
        shown = with_short_names(sentence)
        shortened = shown != sentence
        self.text.setText(shown)
        self.text.setToolTip(plain_tip(sentence) if shortened else "")
        self.setAccessibleName(sentence)
        others = len(self._messages) - 1
        self._more.setText(self.tr("{0} more").format(others) if others else "")
        self._more.setVisible(bool(others))
        self.close_all.setVisible(bool(others))
        parts = (sentence if shortened else "", failure.details)
        details = "\n\n".join(part for part in parts if part)
        self._details_button.setVisible(bool(details))
        self._details_button.setChecked(False)
        self._details.setVisible(False)
        self._details.setPlainText(details)
        self._place()
        if level == "information":
            self._timer.start()

    def _show_details(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self._place()

"""What an empty list says: why it is empty and how something gets into it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel
from shiboken6 import isValid

from app.ui.theme.tokens import Space
from app.ui.widgets import label

WIDEST = 420
"""Logical pixels: longer lines are hard to read."""


class EmptyHint(QObject):
    """A sentence in the middle of a list or table for as long as that has no rows.

    Attributes:
        text: the label; the pointer goes through it to the list below.
    """

    def __init__(self, view: QAbstractItemView, sentence: str) -> None:
        """
        Args:
            view: with its model; the hint belongs to it from now on.
            sentence: what is said while the model has no rows.
        """
        super().__init__(view)
        self._view = view
        self.text: QLabel = label(sentence, role="soft", wrap=True)
        self.text.setParent(view.viewport())
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.viewport().installEventFilter(self)
        # Screen readers come to the list, not to a label inside of it.
        view.setAccessibleDescription(sentence)
        model = view.model()
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self.refresh)
        self.refresh()

    def say(self, sentence: str) -> None:
        """Say something else."""
        self.text.setText(sentence)
        self.refresh()

    def refresh(self) -> None:
        """Show the sentence, or hide it, by the rows that there are."""
        if not isValid(self._view):
            return  # a list that is destroyed still says that its rows are going
        empty = self._view.model().rowCount() == 0
        self._view.setAccessibleDescription(self.text.text() if empty else "")
        self.text.setVisible(empty)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Stay in the middle."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room = self._view.viewport().rect().adjusted(Space.M, Space.S, -Space.M, -Space.S)
        width = max(min(room.width(), WIDEST), 1)
        self.text.resize(width, min(self.text.heightForWidth(width), max(room.height(), 1)))
        self.text.move(room.center() - self.text.rect().center())

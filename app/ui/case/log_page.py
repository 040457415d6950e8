"""The log of the case: every step, filtered by words, kind and time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSplitter, QToolButton

from app.case.case_file import CaseFile
from app.case.log import LogEntry
from app.ui.case.page import Page
from app.ui.case.tables import LogModel, details_of, table
from app.ui.empty import EmptyHint
from app.ui.theme.manager import numbers_font
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

TYPING_MS = 150
"""The filter follows once the typing rests."""


class LogPage(Page):
    """The filter, the table, and the entry in hand in full.

    Attributes:
        model, table: the entries.
        search, kind, period: the filter.
    """

    def __init__(self) -> None:
        super().__init__()
        self.model = LogModel(self)
        self.table = table(
            self.model, name=self.tr("Log"), widths=(48, 156, 124, 164, 120), stretch=4
        )
        EmptyHint(self.table, self.tr("No entry has these words, kind and time."))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the log"))
        self.search.setAccessibleName(self.tr("Search the log"))
        self.search.setClearButtonEnabled(True)
        for inner in self.search.findChildren(QToolButton):
            inner.setAccessibleName(self.tr("Clear the search"))
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("Kind of step"))
        self.period = QComboBox()
        self.period.setAccessibleName(self.tr("Time"))
        for text, days in (
            (self.tr("Any time"), 0),
            (self.tr("Last 24 hours"), 1),
            (self.tr("Last 7 days"), 7),
            (self.tr("Last 30 days"), 30),
        ):
            self.period.addItem(text, days)
        self._count = label(role="caption")
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setFont(numbers_font())
        self._details.setAccessibleName(self.tr("The entry in full"))
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.hide()
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(Space.S)
        self._splitter.addWidget(self.table)
        self._splitter.addWidget(self._details)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([700, 280])
        head = row(self.search, self.kind, self.period, self._count)
        head.setStretchFactor(self.search, 1)
        layout = column(head, self._splitter)
        layout.setStretchFactor(self._splitter, 1)
        self.take(layout)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.filter)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.kind.currentIndexChanged.connect(lambda _: self.filter())
        self.period.currentIndexChanged.connect(lambda _: self.filter())
        self.table.selectionModel().selectionChanged.connect(self._show_details)
        self._fill_kinds()

    def begin(self, _: CaseFile | None) -> None:
        """Show another case's log."""
        self.model.clear()
        self._details.hide()
        self.search.clear()
        self._fill_kinds()
        self._say_count()

    def grow(self, entries: Sequence[LogEntry]) -> None:
        """Take further entries in; who looks at the end stays there."""
        if not entries:
            return
        bar = self.table.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        self.model.grow(entries)
        if [self.kind.itemData(index) for index in range(1, self.kind.count())] != self.model.kinds:
            self._fill_kinds()
        self._say_count()
        if at_end:
            QTimer.singleShot(0, self.table, self.table.scrollToBottom)

    def filter(self) -> None:
        """Show what the fields ask for."""
        self._typing.stop()
        self.model.set_filter(
            text=self.search.text(),
            kind=self.kind.currentData() or "",
            days=self.period.currentData() or 0,
        )
        self._say_count()

    def _fill_kinds(self) -> None:
        names = {
            "case": self.tr("Case"),
            "evidence": self.tr("Evidence"),
            "faces": self.tr("Faces"),
            "map": self.tr("Maps"),
            "run": self.tr("Runs"),
            "note": self.tr("Notes"),
            "review": self.tr("Reviews"),
            "export": self.tr("Exports"),
            "package": self.tr("Packages"),
        }
        current = self.kind.currentData()
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(self.tr("All steps"), "")
        for kind in self.model.kinds:
            self.kind.addItem(names.get(kind, kind), kind)
        self.kind.setCurrentIndex(max(self.kind.findData(current), 0))
        self.kind.blockSignals(False)

    def _say_count(self) -> None:
        shown, there = len(self.model.lines), len(self.model.entries)
        if shown == there:
            one = there == 1
            self._count.setText(self.tr("1 entry") if one else self.tr("{0} entries").format(there))
        else:
            self._count.setText(self.tr("{0} of {1}").format(shown, there))

    def _show_details(self, _: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        self._details.setVisible(bool(rows))
        if rows:
            self._details.setPlainText(details_of(self.model.lines[rows[0].row()]))

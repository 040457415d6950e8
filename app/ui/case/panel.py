"""The case panel: properties and photos, notes, log, checks and report of the open case."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLabel,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from app.ui.actions import Actions
from app.ui.case.case_state import CaseState
from app.ui.case.checks import ChecksPage
from app.ui.case.keeping import Keeping
from app.ui.case.log_page import LogPage
from app.ui.case.notes_page import NotesPage
from app.ui.case.overview import OverviewPage
from app.ui.case.report_page import ReportPage
from app.ui.case.summary import Summary
from app.ui.controller import Controller
from app.ui.theme.icons import set_icon
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import ICON, ElidedLabel, column, row

SHORTEST = 200
"""Logical pixels: less shows no table that is worth having."""

NARROWEST = 360
"""Logical pixels: the names of the pages beside each other, in the longest language."""

QUIET_MS = 400
"""Saving that takes no longer than this is not worth a word."""


class CasePanel(QFrame):
    """Pages over one case; the window hides it while there is none.

    Attributes:
        summary: what the log says of photos and runs.
        title: what the case is called; empty without a title.
        saved: the label for the status bar.
        overview, notes, log, checks, report: the pages.
    """

    def __init__(self, controller: Controller, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(self.tr("Case"))
        self.setMinimumHeight(SHORTEST)
        # Without this the widest page would push the panel over the inspector in a small window.
        self.setMinimumWidth(NARROWEST)
        self._keeping = controller.keeping
        self.summary = Summary()
        self.title = ""
        self.saved = SavedLabel(self._keeping)
        self.overview = OverviewPage(controller)
        self.notes = NotesPage(controller)
        self.log = LogPage()
        self.checks = ChecksPage(controller)
        self.report = ReportPage(controller)
        self._pages = QStackedWidget()
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        tabs = QFrame()
        tabs.setObjectName("segmented")
        tabs.setProperty("dense", True)
        buttons: list[QWidget] = []
        for text, page in (
            (self.tr("Overview"), self.overview),
            (self.tr("Notes"), self.notes),
            (self.tr("Log"), self.log),
            (self.tr("Checks"), self.checks),
            (self.tr("Report"), self.report),
        ):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setFixedHeight(24)
            self._group.addButton(button, self._pages.count())
            buttons.append(button)
            self._pages.addWidget(page)
        inside = row(*buttons, gap=0)
        inside.setContentsMargins(2, 2, 2, 2)
        tabs.setLayout(inside)
        tabs.setFixedHeight(30)
        self._group.idClicked.connect(self._pages.setCurrentIndex)
        buttons[0].setChecked(True)  # type: ignore[attr-defined]
        self._name = ElidedLabel(role="caption")
        close = self._close_button(actions["show_case"])
        head = row(tabs, Space.S, self._name, close)
        head.setStretchFactor(self._name, 1)
        head.setContentsMargins(Space.M, Space.S - 2, Space.S, 0)
        outer = column(head, self._pages, gap=Space.S)
        outer.setStretchFactor(self._pages, 1)
        self.setLayout(outer)
        self._keeping.case_changed.connect(self._begin)
        self._keeping.grown.connect(self._grow)

    def _close_button(self, action: QAction) -> QToolButton:
        """What hides the panel; the action's own icon means the case, not the end of something."""
        button = QToolButton()
        set_icon(button, "x")
        text = self.tr("Hide this panel")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{text}  ({keys})" if keys else text)
        button.setAccessibleName(text)
        button.setFixedSize(26, 26)
        button.setIconSize(QSize(ICON, ICON))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(action.trigger)
        return button

    def show_page(self, page: QWidget) -> None:
        """Turn to a page."""
        self._pages.setCurrentWidget(page)
        self._group.button(self._pages.currentIndex()).setChecked(True)

    def _begin(self) -> None:
        """Another case, or none."""
        self.summary = Summary()
        self.title = ""
        case = self._keeping.case
        self._name.set_full_text(str(case.path) if case is not None else "")
        for page in (self.overview, self.notes, self.log, self.checks, self.report):
            page.begin(case)

    def _grow(self, state: CaseState) -> None:
        self.summary.grow(state.entries)
        self.title = state.properties.get("title", "")
        self.overview.show_state(state, self.summary)
        self.notes.show_state(state, self.summary)
        self.log.grow(state.entries)
        self.checks.show_state(self.summary)
        self.report.show_state(state)


class SavedLabel(QLabel):
    """Whether everything is saved, for the status bar; says little while all goes well."""

    def __init__(self, keeping: Keeping) -> None:
        super().__init__()
        self._keeping = keeping
        self._colour = ""
        self.setAccessibleName(self.tr("Saving"))
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(QUIET_MS)
        self._patience.timeout.connect(self._say_saving)
        keeping.saved.connect(self._refresh)
        keeping.case_changed.connect(self._refresh)
        theme().changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        keeping, tokens = self._keeping, theme().tokens
        if keeping.writer.failure is not None:
            self._show(self.tr("Not saved"), tokens.bad)
        elif keeping.case is None:
            self._show("", tokens.text_faint)
        elif keeping.read_only:
            self._show(self.tr("Read-only"), tokens.warn)
        elif keeping.writer.pending:
            if not self._patience.isActive():
                self._patience.start()
            return
        else:
            self._show(self.tr("Saved"), tokens.text_soft)
        self._patience.stop()

    def _say_saving(self) -> None:
        self._show(self.tr("Saving…"), theme().tokens.text_faint)

    def _show(self, text: str, colour: str) -> None:
        self.setText(text)
        # Each edit comes by here twice, and Qt works a style sheet out again even when it is the same.
        if colour != self._colour:
            self._colour = colour
            self.setStyleSheet(f"color: {colour}; padding: 0 8px;")
        self.setVisible(bool(text))


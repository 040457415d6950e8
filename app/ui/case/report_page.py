"""The report and the second-person review that makes it final."""

from __future__ import annotations

from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.case.case_file import CaseFile
from app.case.reviews import Verdict
from app.ui.case.dialogs import ReviewDialog, verdict_in_words
from app.ui.case.keeping import CaseState
from app.ui.case.page import Page, button
from app.ui.controller import Controller
from app.ui.widgets import column, label, row


class ReportPage(Page):
    """Whether a report made now would be final, and why.

    Attributes:
        review: the button.
        reviews: the list of reviews.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._keeping = controller.keeping
        self._examiner = ""
        self.state = label(role="heading")
        self.why = label(role="soft", wrap=True)
        self.review = button(
            self.tr("Record a review…"), self.tr("By a second person who did not work on the case")
        )
        self.review.clicked.connect(self._ask)
        self.reviews = QListWidget()
        self.reviews.setObjectName("boxed")
        self.reviews.setAccessibleName(self.tr("Reviews"))
        self.reviews.setWordWrap(True)
        self.buttons = row(self.review, None)
        layout = column(self.state, self.why, self.buttons, self.reviews)
        layout.setStretchFactor(self.reviews, 1)
        self.take(layout)

    def begin(self, case: CaseFile | None) -> None:
        """Show another case."""
        self.reviews.clear()
        self.state.clear()
        self.why.clear()
        self.review.setEnabled(case is not None and not case.read_only)

    def show_state(self, state: CaseState) -> None:
        """Show what is new."""
        self._examiner = state.properties.get("examiner", "")
        self.state.setText(self.tr("Final") if state.review.final else self.tr("Draft"))
        self.why.setText(state.review.why)
        self.reviews.clear()
        for each in state.reviews:
            text = f"{each.author} · {verdict_in_words(each.verdict)}"
            line = self.tr("Log up to entry {0}").format(each.entries)
            item = QListWidgetItem("\n".join(part for part in (text, each.text, line) if part))
            item.setToolTip(each.head)
            self.reviews.addItem(item)

    def _ask(self) -> None:
        dialog = ReviewDialog(self._examiner, self.window())
        dialog.reviewed.connect(self._record)
        dialog.open()

    def _record(self, reviewer: str, verdict: Verdict, text: str) -> None:
        self._keeping.ask(lambda case: case.reviews.add(verdict, reviewer=reviewer, text=text))

"""The report and the second-person review that makes it final."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem

from app.case.case_file import CaseFile
from app.case.reviews import Verdict
from app.ui.case.case_state import CaseState
from app.ui.case.dialogs import ReviewDialog, verdict_in_words
from app.ui.case.page import Page, button
from app.ui.controller import Controller
from app.ui.jobs import Job, Ticket
from app.ui.sentences import in_language
from app.ui.widgets import column, label, row

if TYPE_CHECKING:
    from app.casereport import CaseReport
    from app.export.package import Sealed
    from app.ui.case.report_dialog import ReportDialog


class ReportPage(Page):
    """Whether a report made now would be final, and why.

    Attributes:
        preview, seal, review: the buttons.
        reviews: the list of reviews.
        dialog: the report while it is shown.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._keeping = controller.keeping
        self._examiner = ""
        self._job: Job | None = None
        self.dialog: ReportDialog | None = None
        self.preview = button(self.tr("Show report…"), self.tr("Make the report and look at its pages"))
        self.preview.clicked.connect(self._preview)
        self.seal = button(
            self.tr("Seal package…"),
            self.tr("Originals, outputs, report and log in one ZIP, checked without the case"),
        )
        self.seal.clicked.connect(self._seal)
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
        self.buttons = row(self.preview, self.review, self.seal, None)
        layout = column(self.state, self.why, self.buttons, self.reviews, None)
        layout.setStretchFactor(self.reviews, 1)
        self.take(layout)
        self._refresh()

    def begin(self, _: CaseFile | None) -> None:
        """Show another case."""
        self.reviews.clear()
        self.state.clear()
        self.why.clear()
        self._refresh()

    def show_state(self, state: CaseState) -> None:
        """Show what is new."""
        self._examiner = state.properties.get("examiner", "")
        self.state.setText(self.tr("Final") if state.review.final else self.tr("Draft"))
        self.why.setText(in_language(state.review.why))
        self.reviews.clear()
        self.reviews.setVisible(bool(state.reviews))
        for each in state.reviews:
            text = f"{each.author} · {verdict_in_words(each.verdict)}"
            line = self.tr("Log up to entry {0}").format(each.entries)
            item = QListWidgetItem("\n".join(part for part in (text, each.text, line) if part))
            item.setToolTip(each.head)
            self.reviews.addItem(item)

    def _refresh(self) -> None:
        case = self._keeping.case
        idle = case is not None and self._job is None
        self.preview.setEnabled(idle)
        self.seal.setEnabled(idle)
        self.review.setEnabled(case is not None and not case.read_only)

    def _ended(self) -> None:
        self._job = None
        self._refresh()

    # --- report and package --------------------------------------------------------------------

    def _preview(self) -> None:
        """Make the report once everything up to now is saved."""
        casework = self._keeping.casework
        if casework is None:
            return
        case, cards = casework.case, casework.bench.models

        def work(ticket: Ticket) -> CaseReport:
            def say(share: float, text: str) -> None:
                ticket.check()
                ticket.progress(share, text)

            from app.casereport import make_report  # slow to import

            return make_report(case, cards, say)

        self._job = self._controller.jobs.submit(work, title=self.tr("Making the report"))
        self._job.done.connect(self._show)
        self._job.failed.connect(self._keeping.failed)
        self._job.finished.connect(self._ended)
        self._refresh()

    def _show(self, report: CaseReport) -> None:
        case = self._keeping.case
        if case is None:
            return
        from app.ui.case.report_dialog import ReportDialog

        dialog = ReportDialog(report, case.path.parent, self.window())
        dialog.save_wanted.connect(partial(self._save, case, report))
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _save(self, case: CaseFile, report: CaseReport, folder: Path) -> None:
        from app.casereport import FILE_NAMES, write_report

        formats = tuple(FILE_NAMES)
        job = self._controller.jobs.submit(
            lambda _: write_report(case, report, folder, formats=formats, force=False),
            title=self.tr("Saving the report"),
        )
        job.done.connect(lambda paths: self._controller.exported.emit(len(paths), folder))
        job.failed.connect(self._keeping.failed)
        job.finished.connect(self._keeping.touch)

    def _seal(self) -> None:
        casework = self._keeping.casework
        if casework is None:
            return
        case, cards = casework.case, casework.bench.models
        name, _ = QFileDialog.getSaveFileName(
            self.window(),
            self.tr("Seal package"),
            str(case.path.with_suffix(".zip")),
            self.tr("Packages (*.zip)"),
        )
        if not name:
            return
        path = Path(name)

        def work(ticket: Ticket) -> Sealed:
            def say(share: float, text: str) -> None:
                ticket.check()
                ticket.progress(share, text)

            from app.casereport import seal_case  # slow to import

            # The file dialog has asked about replacing.
            return seal_case(case, cards, path, True, say)

        self._job = self._controller.jobs.submit(work, title=self.tr("Sealing the package"))
        self._job.done.connect(self._sealed)
        self._job.failed.connect(self._keeping.failed)
        self._job.finished.connect(self._ended)
        self._job.finished.connect(self._keeping.touch)
        self._refresh()

    def _sealed(self, made: Sealed) -> None:
        self._controller.noticed.emit(
            self.tr("{0} files sealed in {1}; its SHA-256 is {2}.").format(
                made.files, made.path, made.sha256
            )
        )

    # --- review --------------------------------------------------------------------------------

    def _ask(self) -> None:
        dialog = ReviewDialog(self._examiner, self.window())
        dialog.reviewed.connect(self._record)
        dialog.open()

    def _record(self, reviewer: str, verdict: Verdict, text: str) -> None:
        self._keeping.ask(lambda case: case.reviews.add(verdict, reviewer=reviewer, text=text))

"""Checks of the case: whether everything is as it was saved, and whether runs can be made again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QProgressBar, QSplitter, QWidget

from app.case.case_file import CaseFile
from app.case.runs import Rerun
from app.case.verify import Verification, verify
from app.casework import Casework
from app.ui.case.page import Page, button
from app.ui.case.summary import Summary, rerun_in_words
from app.ui.case.tables import RunsModel, table
from app.ui.controller import Controller
from app.ui.empty import EmptyHint
from app.ui.jobs import Failure, Job, Ticket
from app.ui.sentences import in_language, place_in_language
from app.ui.sentences_case import ONE
from app.ui.theme.icons import icon
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

SPARE = (4, 1)
"""Columns of the runs that a narrow table leaves to the log, in this order: seed, photo."""


class ChecksPage(Page):
    """Verify at the left with everything that is wrong, runs to reproduce at the right.

    Attributes:
        verify, reproduce, reproduce_all, stop: the buttons.
        results: what the checks found, newest last.
        runs: the table's model.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._keeping = controller.keeping
        self._jobs: list[Job] = []
        self.verify = button(
            self.tr("Verify case"),
            self.tr("Check log, evidence, maps and pictures against their hashes"),
        )
        self.reproduce = button(
            self.tr("Reproduce"),
            self.tr("Make the selected runs again from their records and compare"),
        )
        self.reproduce_all = button(
            self.tr("Reproduce all"), self.tr("Make every run again and compare")
        )
        self.stop = button(self.tr("Stop"))
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._doing = label(role="caption")
        self.results = QListWidget()
        self.results.setObjectName("boxed")
        self.results.setAccessibleName(self.tr("What the checks found"))
        self.results.setWordWrap(True)
        self.results.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.results.setMinimumWidth(200)
        self.results.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.runs = RunsModel(self)
        self.table = table(
            self.runs,
            name=self.tr("Runs of the case"),
            widths=(44, 48, 124, 92, 56, 116),
            stretch=5,
            spare=SPARE,
        )
        EmptyHint(
            self.results,
            self.tr(
                "Nothing checked yet. Verify the case to compare everything in it with its hashes."
            ),
        )
        EmptyHint(
            self.table, self.tr("No run yet. Runs are made in the inspector, under Reconstruct.")
        )
        left, right = QWidget(), QWidget()
        first = column(row(self.verify, self._doing, None, self.stop), self._bar, self.results)
        first.setStretchFactor(self.results, 1)
        left.setLayout(first)
        second = column(row(self.reproduce, self.reproduce_all, None), self.table)
        second.setStretchFactor(self.table, 1)
        right.setLayout(second)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(Space.M)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([300, 440])
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        self.take(column(splitter))
        self.verify.clicked.connect(self._verify)
        self.reproduce.clicked.connect(self._reproduce_selected)
        self.reproduce_all.clicked.connect(lambda: self._reproduce([*self.runs.lines]))
        self.stop.clicked.connect(self._stop)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._refresh())
        self._refresh()

    def begin(self, _: CaseFile | None) -> None:
        """Show another case."""
        self._stop()
        self.results.clear()
        self.runs.set_lines([])
        self._refresh()

    def show_state(self, summary: Summary) -> None:
        """Show what is new."""
        self.runs.set_lines(list(summary.runs.values()))
        self._refresh()

    # --- verify --------------------------------------------------------------------------------

    def _verify(self) -> None:
        case = self._keeping.case
        if case is None:
            return
        path = case.path

        def work(ticket: Ticket) -> Verification:
            def progress(share: float, text: str) -> None:
                ticket.check()
                ticket.progress(share, text)

            return verify(path, progress=progress)

        job = self._submit(work, self.tr("Verifying the case"))
        job.done.connect(self._verified)

    def _verified(self, found: Verification) -> None:
        if found.ok:
            counts = ", ".join(
                place_in_language(f"{count} {ONE[name] if count == 1 and name in ONE else name}")
                for name, count in found.checked.items()
            )
            self._say("good", self.tr("Everything is as it was saved: {0}.").format(counts))
            head = " ".join(found.head[start : start + 16] for start in range(0, 64, 16))
            self._say("", self.tr("Head of the log: {0}").format(head))
            return
        count = len(found.problems)
        many = self.tr("{0} problems were found:").format(count)
        self._say("bad", self.tr("1 problem was found:") if count == 1 else many)
        for problem in found.problems:
            where, what = place_in_language(problem.where), in_language(problem.what)
            self._say("bad", f"{where}: {what}")

    # --- reproduce -----------------------------------------------------------------------------

    def _reproduce_selected(self) -> None:
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        self._reproduce([self.runs.lines[row] for row in rows])

    def _reproduce(self, lines: list) -> None:  # type: ignore[type-arg]
        casework = self._keeping.casework
        if casework is None:
            return
        for line in lines:
            job = self._submit(
                partial(_rerun, casework, line.number),
                self.tr("Reproducing run {0}").format(line.number),
            )
            job.done.connect(self._reproduced)

    def _reproduced(self, rerun: Rerun) -> None:
        words = rerun_in_words(
            {
                "identical": rerun.identical,
                "reproduced": rerun.ok,
                "max_difference": rerun.max_difference,
                "tolerance": rerun.tolerance,
            }
        )
        text = self.tr("Run {0}: {1}.").format(rerun.run, words)
        if not rerun.same_setup:
            notes = "; ".join(in_language(note) for note in rerun.notes)
            text += "\n" + self.tr("Another setup than then: {0}").format(notes)
        self._say("good" if rerun.ok else "bad", text)
        self._keeping.touch()

    # --- both ----------------------------------------------------------------------------------

    def _submit(self, work: object, title: str) -> Job:
        job = self._controller.jobs.submit(work, title=title)  # type: ignore[arg-type]
        self._jobs.append(job)
        job.progressed.connect(self._progressed)
        job.failed.connect(self._failed)
        job.finished.connect(partial(self._ended, job))
        self._doing.setText(title)
        self._refresh()
        return job

    def _progressed(self, share: float, text: str) -> None:
        self._bar.setValue(round(share * 1000))
        self._doing.setText(place_in_language(text))

    def _failed(self, failure: Failure) -> None:
        self._say("bad", in_language(failure.sentence))

    def _ended(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
        self._bar.setValue(0)
        self._refresh()

    def _stop(self) -> None:
        for job in tuple(self._jobs):
            job.cancel()

    def _refresh(self) -> None:
        busy = bool(self._jobs)
        case = self._keeping.case
        self.verify.setEnabled(case is not None and not busy)
        chosen = bool(self.table.selectionModel().selectedRows())
        self.reproduce.setEnabled(chosen and not busy)
        self.reproduce_all.setEnabled(bool(self.runs.lines) and not busy)
        self.stop.setVisible(busy)
        self._bar.setVisible(busy)
        self._doing.setVisible(busy)

    def _say(self, state: str, text: str) -> None:
        tokens = theme().tokens
        item = QListWidgetItem(text)
        if state:
            colour = getattr(tokens, state)
            name = "check-circle" if state == "good" else "warning-circle"
            item.setIcon(QIcon(icon(name, colour=colour)))
        else:
            item.setForeground(QColor(tokens.text_soft))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.results.addItem(item)
        self.results.scrollToBottom()


def _rerun(casework: Casework, run: int, ticket: Ticket) -> Rerun:
    return casework.reproduce(run, progress=ticket.progress, cancel=ticket.cancel)

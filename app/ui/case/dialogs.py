"""The questions about a case: a new one, the examiner's name, what to do with unsaved work, a review."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.case.case_file import SUFFIX
from app.case.reviews import VERDICTS, Verdict
from app.ui.focus import order_stops
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

WIDTH = 520


def case_file(text: str) -> Path:
    """A path as typed, with the suffix of a case."""
    path = Path(text).expanduser()
    if not path.name:  # a folder only, as "/" is while a path is being typed
        return path
    return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)


class _CaseDialog(QDialog):
    """A heading, a sentence, fields, and two buttons."""

    def __init__(self, title: str, sentence: str, accept: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(Space.L)
        self.form.setVerticalSpacing(Space.S)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.trouble = label(role="warning", wrap=True)
        self.button = QPushButton(accept)
        self.button.setProperty("role", "primary")
        self.button.setDefault(True)
        self.button.clicked.connect(self.decide)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setProperty("role", "large")
        cancel.clicked.connect(self.reject)
        outer = column(
            label(title, role="heading"),
            label(sentence, role="soft", wrap=True),
            Space.S,
            self.form,
            self.trouble,
            Space.S,
            row(None, cancel, self.button),
            gap=Space.S,
        )
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        self.setLayout(outer)

    def field(self, name: str, text: str = "", hint: str = "") -> QLineEdit:
        """A field of one line, with its name."""
        made = QLineEdit(text)
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        self.form.addRow(label(name, role="soft"), made)
        return made

    def showEvent(self, event: QShowEvent, /) -> None:
        """Begin in the first field that is empty; Tab goes down the form, then to the buttons."""
        super().showEvent(event)
        order_stops(self)
        lines = self.findChildren(QLineEdit)
        next((line for line in lines if not line.text()), lines[0]).setFocus()

    def decide(self) -> None:
        """The button was pressed; :meth:`refresh` has seen to it that all is well."""
        self.accept()


class NewCaseDialog(_CaseDialog):
    """Title, number, examiner and file of a new case.

    Signals:
        wanted: path, title, number and examiner.
    """

    wanted = Signal(Path, str, str, str)

    def __init__(
        self, folder: Path, *, examiner: str, keeps: int, parent: QWidget | None = None
    ) -> None:
        """
        Args:
            folder: where the file goes at first.
            examiner: the name to begin with.
            keeps: how many open photos go into it; 0 for an empty case.
            parent: the window.
        """
        title = ""
        super().__init__(
            self.tr("Keep in a case") if keeps else self.tr("New case"),
            self.tr(
                "The photos that are open ({0}) go into the case byte for byte, with their faces, "
                "maps, edits and results. From then on everything is saved as it happens."
            ).format(keeps)
            if keeps
            else self.tr(
                "One file holds the evidence byte for byte and everything done with it, saved as it "
                "happens."
            ),
            self.tr("Keep in a case") if keeps else self.tr("Make case"),
            parent,
        )
        self._folder = folder
        self._own_name = False
        self.title = self.field(self.tr("Title"), title, self.tr("What the matter is called"))
        self.number = self.field(self.tr("Case number"), "", self.tr("As your lab counts it"))
        self.examiner = self.field(self.tr("Examiner"), examiner, self.tr("Name in the log"))
        self.file = QLineEdit()
        self.file.setAccessibleName(self.tr("File"))
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        self.form.addRow(label(self.tr("File"), role="soft"), row(self.file, browse))
        self.title.textChanged.connect(self._name_file)
        self.number.textChanged.connect(self._name_file)
        self.examiner.textChanged.connect(self.refresh)
        self.file.textEdited.connect(self._named)
        self._name_file()

    def _named(self) -> None:
        self._own_name = True
        self.refresh()

    def _name_file(self) -> None:
        """A file name from number and title, until the user has typed one."""
        if not self._own_name:
            words = f"{self.number.text()} {self.title.text()}".strip() or self.tr("New case")
            name = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", words).strip(" .")[:80] or "case"
            path = self._folder / f"{name}{SUFFIX}"
            number = 2
            while path.exists():
                path = self._folder / f"{name} {number}{SUFFIX}"
                number += 1
            self.file.setText(str(path))
        self.refresh()

    def refresh(self) -> None:
        """Say what is missing."""
        path = case_file(self.file.text())
        if not self.examiner.text().strip():
            trouble = self.tr("Give the examiner's name; it stands in every entry of the log.")
        elif not self.file.text().strip() or not path.parent.is_dir():
            trouble = self.tr("This folder does not exist.")
        elif path.exists():
            trouble = self.tr("This file exists already; choose another name.")
        else:
            trouble = ""
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self.button.setEnabled(not trouble)

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.windowTitle(), self.file.text(), self.tr("Cases (*{0})").format(SUFFIX)
        )
        if name:
            self.file.setText(name)
            self._named()

    def decide(self) -> None:
        """Hand over what was typed."""
        self.accept()
        texts = (self.title, self.number, self.examiner)
        self.wanted.emit(case_file(self.file.text()), *(each.text().strip() for each in texts))


class ExaminerDialog(_CaseDialog):
    """Asks once for the name that goes into the logs.

    Signals:
        named: the name.
    """

    named = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Who examines?"),
            self.tr(
                "Your name stands in every entry of a case's log. It is remembered on this computer."
            ),
            self.tr("Continue"),
            parent,
        )
        self.name = self.field(self.tr("Examiner"), name)
        self.name.textChanged.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        self.trouble.hide()
        self.button.setEnabled(bool(self.name.text().strip()))

    def decide(self) -> None:
        """Hand the name over."""
        self.accept()
        self.named.emit(" ".join(self.name.text().split()))


class ReviewDialog(_CaseDialog):
    """A second person's review.

    Signals:
        reviewed: the reviewer's name, the verdict and what they say.
    """

    reviewed = Signal(str, str, str)

    def __init__(self, examiner: str, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Second-person review"),
            self.tr(
                "Someone who did not work on this case looks at every step and records the outcome. "
                "Until then a report is a draft."
            ),
            self.tr("Record the review"),
            parent,
        )
        self._examiner = " ".join(examiner.casefold().split())
        self.name = self.field(self.tr("Reviewer"))
        self.verdict = QComboBox()
        self.verdict.setAccessibleName(self.tr("Outcome"))
        for verdict in VERDICTS:
            self.verdict.addItem(verdict_in_words(verdict), verdict)
        self.form.addRow(label(self.tr("Outcome"), role="soft"), self.verdict)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Remarks"))
        self.text.setMinimumHeight(96)
        self.text.setTabChangesFocus(True)
        self.form.addRow(label(self.tr("Remarks"), role="soft"), self.text)
        self.name.textChanged.connect(self.refresh)
        self.verdict.currentIndexChanged.connect(self.refresh)
        self.text.textChanged.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what is missing."""
        name = " ".join(self.name.text().casefold().split())
        returned = self.verdict.currentData() == "returned"
        if name and name == self._examiner:
            trouble = self.tr("The examiner cannot review; a second person must.")
        elif returned and not self.text.toPlainText().strip():
            trouble = self.tr("A case is returned with a reason; write what has to be done.")
        else:
            trouble = ""
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self.button.setEnabled(bool(name) and not trouble)

    def decide(self) -> None:
        """Hand the review over."""
        self.accept()
        verdict: Verdict = self.verdict.currentData()
        self.reviewed.emit(self.name.text().strip(), verdict, self.text.toPlainText().strip())


def verdict_in_words(verdict: str) -> str:
    """A verdict for people."""
    return {
        "accepted": QCoreApplication.translate("ReviewDialog", "Accepted as it stands"),
        "returned": QCoreApplication.translate("ReviewDialog", "Returned to the examiner"),
    }.get(verdict, verdict)

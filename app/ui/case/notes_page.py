"""The notes of a case and of its photos. A new wording replaces an old one, which the log keeps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSplitter,
    QWidget,
)

from app.case.case_file import CaseFile
from app.case.notes import NoteRow
from app.ui.case.case_state import CaseState
from app.ui.case.page import Page, button
from app.ui.case.summary import Summary
from app.ui.controller import Controller
from app.ui.empty import EmptyHint
from app.ui.focus import order_stops
from app.ui.plain import plain_tip
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

NOTE = Qt.ItemDataRole.UserRole


class NotesPage(Page):
    """The list at the left, the note in hand at the right.

    Attributes:
        list, text, about: the notes, the words of one, and what it is about.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._keeping = controller.keeping
        self._session = controller.session
        self._notes: tuple[NoteRow, ...] = ()
        self._names: dict[int, str] = {}
        self._editing: NoteRow | None = None
        self.list = QListWidget()
        self.list.setObjectName("boxed")
        self.list.setAccessibleName(self.tr("Notes"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        EmptyHint(self.list, self.tr("No note yet. Notes go into the log and the report."))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Note"))
        self.text.setPlaceholderText(self.tr("Write a note…"))
        self.text.setTabChangesFocus(True)
        self.about = QComboBox()
        self.about.setAccessibleName(self.tr("What the note is about"))
        self._heading = label(role="strong")
        self.write = button(self.tr("Add note"))
        self.new = button(self.tr("New note"))
        self.withdraw = button(
            self.tr("Withdraw"), self.tr("Take the note back; the log still tells of it")
        )
        self.write.clicked.connect(self._write)
        self.new.clicked.connect(lambda: self.list.setCurrentRow(-1))
        self.withdraw.clicked.connect(self._withdraw)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.text.textChanged.connect(self._refresh)
        right = QWidget()
        inside = column(
            row(self._heading, None, self.about),
            self.text,
            row(self.new, self.withdraw, None, self.write),
            gap=Space.S,
        )
        inside.setStretchFactor(self.text, 1)
        right.setLayout(inside)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(Space.M)
        splitter.addWidget(self.list)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([280, 420])
        self.take(column(splitter))
        order_stops(self)
        self._show()

    def begin(self, case: CaseFile | None) -> None:
        """Show another case."""
        self._notes, self._names, self._editing = (), {}, None
        self.list.clear()
        self.text.clear()
        writable = case is not None and not case.read_only
        self.text.setReadOnly(not writable)
        self._fill_about()
        self._show()

    def show_state(self, state: CaseState, summary: Summary) -> None:
        """Show what is new; a note in hand stays in hand."""
        names = {photo.number: photo.name for photo in summary.photos.values()}
        if names != self._names:
            self._names = names
            self._fill_about()
        notes = tuple(note for note in state.notes if note.text)
        if notes == self._notes:
            return
        self._notes = notes
        chosen = self._editing.id if self._editing is not None else None
        self.list.blockSignals(True)
        self.list.clear()
        for note in notes:
            first = note.text.strip().splitlines()[0] if note.text.strip() else ""
            item = QListWidgetItem(f"{first}\n{self._about(note.photo)} · {note.author}")
            item.setData(NOTE, note)
            item.setToolTip(plain_tip(note.text))
            self.list.addItem(item)
            if note.id == chosen:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)

    def _about(self, photo: int | None) -> str:
        return self.tr("Case") if photo is None else self._names.get(photo, str(photo))

    def _fill_about(self) -> None:
        current = self.about.currentData()
        self.about.clear()
        self.about.addItem(self.tr("About the case"), None)
        for number, name in self._names.items():
            self.about.addItem(self.tr("About {0}").format(name), number)
        self.about.setCurrentIndex(max(self.about.findData(current), 0))
        self.about.setMaximumWidth(240)

    def about_photo(self, number: int | None) -> None:
        """Begin a new note about a photo, or about the case."""
        self.list.setCurrentRow(-1)
        self.about.setCurrentIndex(max(self.about.findData(number), 0))
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show(self) -> None:
        item: QListWidgetItem | None = self.list.currentItem()
        self._editing = item.data(NOTE) if item is not None else None
        note = self._editing
        self.text.setPlainText(note.text if note is not None else "")
        self._heading.setText(self.tr("New note") if note is None else self._about(note.photo))
        self.about.setVisible(note is None)
        self.new.setVisible(note is not None)
        self.withdraw.setVisible(note is not None)
        self.write.setText(self.tr("Add note") if note is None else self.tr("Replace note"))
        self._refresh()

    def _refresh(self) -> None:
        text = self.text.toPlainText().strip()
        before = self._editing.text if self._editing is not None else ""
        writable = not self.text.isReadOnly()
        self.write.setEnabled(writable and bool(text) and text != before)
        self.withdraw.setEnabled(writable)

    def _write(self) -> None:
        self._keep(self.text.toPlainText().strip())

    def _withdraw(self) -> None:
        self._keep("")

    def _keep(self, text: str) -> None:
        note = self._editing
        photo = note.photo if note is not None else self.about.currentData()
        replaces = note.id if note is not None else None
        self._keeping.change(lambda case: case.notes.add(text, photo=photo, replaces=replaces))
        self.list.setCurrentRow(-1)
        self.text.clear()
        self._show()

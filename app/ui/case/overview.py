"""The first page of the case panel: what the case is called, and its photos."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFormLayout, QLineEdit, QScrollArea, QWidget

from app.case.case_file import CaseFile
from app.case.properties import PROPERTIES
from app.ui.case.case_state import CaseState
from app.ui.case.page import Page
from app.ui.case.place import Place
from app.ui.case.summary import Summary, property_in_words
from app.ui.case.tables import PhotosModel, table
from app.ui.controller import Controller
from app.ui.empty import EmptyHint
from app.ui.session import PhotoSession
from app.ui.theme.tokens import Space
from app.ui.widgets import ElidedLabel, column, hairline, label, row

FORM_WIDTH, NARROW_FORM = 290, 236
ROOMY = 640
"""Logical pixels of the page: below, the form makes room for the table."""

NAME_WIDTH = 130
"""Logical pixels that a file's name has at least."""

WIDTHS = (40, NAME_WIDTH, 52, 112, 48, 52, 76, 116)
"""Of the columns of photos, in logical pixels."""

SPARE = (7, 6, 0, 5)
"""Columns that a narrow table leaves to tool tip and pages, in this order: hash, size, number, notes."""


class OverviewPage(Page):
    """Properties at the left, photos and their states at the right.

    Attributes:
        fields: the properties that can be changed, by name.
        photos: the table's model.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._keeping = controller.keeping
        self._session = controller.session
        self._controller = controller
        self.fields: dict[str, QLineEdit] = {}
        self._known: dict[str, str] = {}
        form = QFormLayout()
        form.setContentsMargins(0, 0, Space.M, 0)
        form.setHorizontalSpacing(Space.M)
        form.setVerticalSpacing(Space.XS + 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name in dict.fromkeys(("title", "number", *PROPERTIES)):
            field = QLineEdit()
            text = property_in_words(name)
            field.setAccessibleName(text)
            field.editingFinished.connect(partial(self._changed, name))
            self.fields[name] = field
            form.addRow(label(text, role="soft"), field)
        self._facts: dict[str, ElidedLabel] = {}
        for name, text in (
            ("created_utc", self.tr("Created")),
            ("storage", self.tr("Drive")),
            ("head", self.tr("Log head")),
        ):
            fact = ElidedLabel(role="soft")
            self._facts[name] = fact
            form.addRow(label(text, role="soft"), fact)
        inside = QWidget()
        inside.setObjectName("panelBody")
        inside.setLayout(form)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Properties of the case"))
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFixedWidth(FORM_WIDTH)
        self._form = area
        self.photos = PhotosModel(self)
        self.table = table(
            self.photos,
            name=self.tr("Photos of the case"),
            widths=WIDTHS,
            stretch=WIDTHS.index(NAME_WIDTH),
            spare=SPARE,
        )
        self.table.setToolTip(self.tr("Double-click a photo to look at it"))
        EmptyHint(
            self.table,
            self.tr(
                "No photo yet. Drop photos on the window: each is copied into the case and hashed."
            ),
        )
        self.table.activated.connect(self._look_at)
        self.table.doubleClicked.connect(self._look_at)
        layout = row(area, hairline(vertical=True), self.table, gap=Space.M)
        layout.setStretchFactor(self.table, 1)
        self.take(column(layout))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """The form makes room for the table."""
        super().resizeEvent(event)
        self._form.setFixedWidth(FORM_WIDTH if self.width() >= ROOMY else NARROW_FORM)

    def begin(self, case: CaseFile | None) -> None:
        """Show another case."""
        self.photos.set_lines([])
        self._known = {}
        for field in self.fields.values():
            field.clear()
            field.setReadOnly(case is None or case.read_only)
        if case is not None:
            words = {
                "local": self.tr("local"),
                "network": self.tr("network"),
                "removable": self.tr("removable"),
            }
            self._facts["storage"].set_full_text(words.get(case.storage, self.tr("unknown")))

    def show_state(self, state: CaseState, summary: Summary) -> None:
        """Show what is new; a field that is being typed in stays as it is."""
        for name, field in self.fields.items():
            value = state.properties.get(name, "")
            if not field.hasFocus() and value != field.text():
                field.setText(value)
                field.setCursorPosition(0)
            self._known[name] = value
        created = state.properties.get("created_utc", "")[:19].replace("T", " ")
        self._facts["created_utc"].set_full_text(f"{created} UTC")
        count, head = state.head
        self._facts["head"].set_full_text(f"{count} · {head}")
        self.photos.set_lines(list(summary.photos.values()))

    def _changed(self, name: str) -> None:
        value = self.fields[name].text().strip()
        if self._keeping.case is not None and value != self._known.get(name, ""):
            self._known[name] = value
            self._keeping.change(lambda case: case.notes.set_property(name, value))

    def _look_at(self, index: QModelIndex) -> None:
        line = self.photos.lines[index.row()]
        photo = self._photo(line.number)
        if photo is None:
            # It was closed; the case has it.
            place = Place(Path(Path(line.name).name), number=line.number, sha256=line.sha256)
            photo = self._session.add_places([place])[0]
            self._controller.make_thumbnails([photo])
        self._session.set_current(photo)

    def _photo(self, number: int) -> PhotoSession | None:
        return next((photo for photo in self._session.photos if photo.place.number == number), None)

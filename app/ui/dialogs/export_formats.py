"""One format of the export dialog: its tick, its options, and why it cannot be had."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QWidget

from app.export.exporter import Exporter
from app.ui.exporting import Chosen
from app.ui.sentences import in_language
from app.ui.theme.tokens import Space
from app.ui.widgets import column, guard_wheel, label, row

INDENT = 24
"""Logical pixels by which what belongs to a format stands below its tick."""


class FormatRow(QFrame):
    """A format.

    Attributes:
        exporter: the format.
        box: its tick.
        fields: its options, by name; made when the format is wanted for the first time.

    Signals:
        changed: tick or options are others.
    """

    changed = Signal()

    def __init__(self, exporter: Exporter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exporter = exporter
        self.box = QCheckBox(in_language(exporter.title))
        self.box.setToolTip(
            self.tr("Holds the pixels exactly")
            if exporter.lossless
            else self.tr("For people to look at; its pixels are not exact")
        )
        self.fields: dict[str, QComboBox] = {}
        self._options = QWidget(self)
        self._lack = label(role="caption", wrap=True)
        self._lack.setContentsMargins(INDENT, 0, 0, 0)
        self.setLayout(column(self.box, self._lack, self._options, gap=2))
        self.box.toggled.connect(self.refresh)
        self.box.toggled.connect(self.changed)
        self.show_lack("")

    @property
    def wanted(self) -> bool:
        """Whether it is ticked and can be had."""
        return self.box.isEnabled() and self.box.isChecked()

    def chosen(self) -> Chosen:
        """The format with what is chosen about it."""
        self._make_fields()
        options = {name: str(field.currentData()) for name, field in self.fields.items()}
        return Chosen(name=self.exporter.name, options=options)

    def restore(self, options: Mapping[str, object] | None) -> None:
        """Tick it with these options; None takes the tick away. Unknown values are passed over."""
        with QSignalBlocker(self.box):
            self.box.setChecked(options is not None)
        if options:
            self._make_fields()
        for name, value in (options or {}).items():
            field = self.fields.get(name)
            place = field.findData(value) if field is not None else -1
            if field is not None and place >= 0:
                with QSignalBlocker(field):
                    field.setCurrentIndex(place)
        self.refresh()

    def show_lack(self, why: str) -> None:
        """Say why the format cannot be had; nothing, when it can."""
        self._lack.setText(in_language(why))
        self._lack.setVisible(bool(why))
        self.box.setEnabled(not why)
        self.refresh()

    def refresh(self) -> None:
        """Options are there while they count."""
        if self.wanted:
            self._make_fields()
        self._options.setVisible(self.wanted and bool(self.fields))

    def _make_fields(self) -> None:
        """Make the fields of the options, once.

        Most formats are not wanted, and a combo box is the slowest thing in the dialog to make.
        """
        if self.fields or not self.exporter.options:
            return
        lines = []
        before: QWidget = self.box
        for option in self.exporter.options:
            field = QComboBox(self._options)
            for choice in option.choices:
                field.addItem(in_language(choice.title), choice.value)
            # The fields of all formats stand in one column, however long their choices are.
            field.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            field.setAccessibleName(f"{self.box.text()}: {in_language(option.title)}")
            guard_wheel(field)
            field.currentIndexChanged.connect(self.changed)
            self.fields[option.name] = field
            # Made late, it would be the last that the tabulator comes to.
            QWidget.setTabOrder(before, field)
            before = field
            name = label(in_language(option.title), role="soft", wrap=True)
            line = row(name, field)
            line.setStretch(0, 3)
            line.setStretch(1, 5)
            lines.append(line)
        inside = column(*lines, gap=Space.XS)
        inside.setContentsMargins(INDENT, 0, 0, Space.XS)
        self._options.setLayout(inside)

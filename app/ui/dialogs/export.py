"""The export dialog: which hypotheses, in which formats, where to, under which names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFrame,
    QLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app.export.errors import ExportError
from app.imaging.photo import Photo
from app.ui.dialogs.export_formats import FormatRow
from app.ui.exporting import SHEETS, ExportRequest
from app.ui.labels import hypothesis_caption
from app.ui.plain import plain_tip
from app.ui.sentences import in_language
from app.ui.session import PhotoSession
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row
from app.workbench import Workbench

if TYPE_CHECKING:
    from app.ui.settings import Settings

HYPOTHESIS = Qt.ItemDataRole.UserRole
SETTING = "export/formats"
FIRST_FORMATS = ("composite-png", "map-png", "uncertainty-png", "sheet-pdf")
"""Chosen until the user chooses others."""


class ExportDialog(QDialog):
    """Asks what to export.

    Attributes:
        list: the hypotheses, with ticks.
        formats: a row for every format.
        reason: why fewer than three hypotheses are shown, asked for where nothing else says it.
        folder: where to.
        names: the files that will be written.
        replace: agrees to replace the files that exist.
        button: writes.

    Signals:
        accepted_request: the :class:`ExportRequest` that the user confirmed.
    """

    accepted_request = Signal(object)

    def __init__(
        self,
        bench: Workbench,
        photo: PhotoSession,
        folder: Path,
        *,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export hypotheses"))
        room = self.screen().availableSize() - QSize(2 * Space.L, 2 * Space.XXL)
        self.resize(QSize(1040, 720).boundedTo(room))
        assert photo.photo is not None
        self._bench = bench
        self._settings = settings
        self._photo: Photo = photo.photo
        self._session = photo
        self._existing: frozenset[Path] = frozenset()
        self.list = QListWidget(self)
        self.list.setObjectName("boxed")
        self.list.setAccessibleName(self.tr("Hypotheses"))
        self._fill()
        self._shown = label(role="caption")
        self.reason = QLineEdit()
        self.reason.setAccessibleName(self.tr("Reason for fewer than three hypotheses"))
        self.reason.setPlaceholderText(self.tr("Such as: the others show no mouth"))
        self._reason_name = label(role="warning", wrap=True)
        # The style looks at every widget again, and at all within it, each time it moves to another
        # parent; so what holds others is made where it stays, and before them.
        self._area = QScrollArea(self)
        self._rows = QWidget(self._area.viewport())
        self._rows.setObjectName("panelBody")
        self.formats = [FormatRow(exporter, self._rows) for exporter in bench.formats]
        self._restore_formats()
        self._beside = label(role="caption", wrap=True)
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(self.tr("Folder"))
        browse = QPushButton(self.tr("Choose…"))
        browse.clicked.connect(self._browse)
        self.names = QListWidget()
        self.names.setObjectName("boxed")
        self.names.setAccessibleName(self.tr("Files that will be written"))
        self.names.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.names.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._conflict = label(role="warning", wrap=True)
        self.replace = QCheckBox()
        self.button = QPushButton(self.tr("Export"))
        self.button.setProperty("role", "primary")
        self.button.setDefault(True)
        self.button.clicked.connect(self._accept)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setProperty("role", "large")
        cancel.clicked.connect(self.reject)
        self._count = label(role="caption")
        self._arrange(row(self.folder, browse), row(self._count, None, cancel, self.button))
        self._connect()
        self._refresh()

    # --- what it says now ----------------------------------------------------------------------

    def request(self) -> ExportRequest:
        """What the dialog says now."""
        chosen = []
        for index in range(self.list.count()):
            item = self.list.item(index)
            if item.checkState() == Qt.CheckState.Checked:
                chosen.append(item.data(HYPOTHESIS))
        return ExportRequest(
            photo=self._photo,
            hypotheses=tuple(chosen),
            folder=Path(self.folder.text()).expanduser(),
            formats=tuple(each.chosen() for each in self.formats if each.wanted),
            reason=self.reason.text().strip(),
            replace=self._existing if self.replace.isChecked() else frozenset(),
        )

    def _refresh(self) -> None:
        request = self.request()
        for each in self.formats:
            each.show_lack(request.lacks(each.exporter) if request.hypotheses else "")
        self._keep_a_sheet()
        request = self.request()
        made = len(self._session.hypotheses)
        self._shown.setText(self.tr("{0} made, {1} exported").format(made, len(request.hypotheses)))
        few = request.few()
        self.reason.setVisible(bool(few))
        self._reason_name.setVisible(bool(few))
        titles = ", ".join(dict.fromkeys(outcome.card.title for outcome in few))
        self._reason_name.setText(
            self.tr("Fewer than three of {0}: say why, it goes into every file.").format(titles)
        )
        problem = self._show_names(request)
        if not problem and not request.hypotheses:
            problem = self.tr("Tick at least one hypothesis.")
        if not problem and few and not request.reason:
            problem = self.tr("Say why fewer than three hypotheses are shown.")
        if not problem and self._existing and not self.replace.isChecked():
            problem = self.tr(
                "Files exist already; choose another folder or agree to replace them."
            )
        self._conflict.setText(problem)
        self._conflict.setVisible(bool(problem))
        self.button.setEnabled(not problem)

    def _keep_a_sheet(self) -> None:
        """Photo and map stand beside the hypotheses in at least one file of every export."""
        sheets = [each for each in self.formats if each.exporter.name in SHEETS]
        if sheets and not any(each.wanted for each in sheets):
            usable = [each for each in sheets if each.box.isEnabled()]
            if usable:
                with QSignalBlocker(usable[0].box):
                    usable[0].box.setChecked(True)
                usable[0].refresh()
        only = [each for each in sheets if each.wanted]
        self._beside.setText(
            self.tr("{0} stays: it shows photo and map beside every hypothesis.").format(
                in_language(only[0].exporter.title)
            )
            if len(only) == 1
            else ""
        )
        self._beside.setVisible(len(only) == 1)

    def _show_names(self, request: ExportRequest) -> str:
        """Preview the files; returns what is wrong with them, if anything."""
        self.names.clear()
        try:
            paths = request.paths(self._bench)
        except ExportError as error:
            self._count.setText("")
            return str(error)
        existing = frozenset(path for path in paths if path.exists())
        if existing != self._existing:
            self._existing = existing
            with QSignalBlocker(self.replace):
                self.replace.setChecked(False)  # agreed was to replace others
        for path in paths:
            text = path.name
            if path in existing:
                text = self.tr("{0}  (exists)").format(text)
            item = QListWidgetItem(text)
            item.setToolTip(plain_tip(str(path)))
            self.names.addItem(item)
        self.replace.setText(self.tr("Replace the {0} files that exist").format(len(existing)))
        if len(existing) == 1:
            self.replace.setText(self.tr("Replace the file that exists"))
        self.replace.setVisible(bool(existing))
        files = self.tr("1 file") if len(paths) == 1 else self.tr("{0} files").format(len(paths))
        self._count.setText(files if paths else "")
        folder = request.folder
        return "" if folder.is_dir() else self.tr("This folder does not exist.")

    # --- assembly ------------------------------------------------------------------------------

    def _arrange(self, folder: QLayout, buttons: QLayout) -> None:
        inside = column(*self.formats, None, gap=Space.XS)
        inside.setContentsMargins(0, 0, Space.S, 0)
        self._rows.setLayout(inside)
        area = self._area
        area.setWidget(self._rows)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = column(
            row(label(self.tr("Hypotheses"), role="strong"), None, self._shown),
            self.list,
            self._reason_name,
            self.reason,
        )
        left.setStretchFactor(self.list, 1)
        right = column(label(self.tr("Formats"), role="strong"), area, self._beside)
        right.setStretchFactor(area, 1)
        upper = row(left, right, gap=Space.XL)
        upper.setStretch(0, 4)
        upper.setStretch(1, 5)
        self.names.setFixedHeight(122)  # four names
        note = label(
            self.tr(
                "Every picture carries a visible label and the label in its metadata; a record (JSON) "
                "says how each was made. Outside the map a composite's pixels are the photo's."
            ),
            role="caption",
            wrap=True,
        )
        outer = column(
            label(self.tr("Export of {0}").format(self._session.name), role="heading", wrap=True),
            upper,
            label(self.tr("Folder and files"), role="strong"),
            folder,
            self.names,
            self.replace,
            self._conflict,
            note,
            Space.XS,
            buttons,
            gap=Space.S,
        )
        outer.setStretchFactor(upper, 1)
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        self.setLayout(outer)

    def _connect(self) -> None:
        # Many ticks in a row are looked at once.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._refresh)
        self.list.itemChanged.connect(self._refresh)
        self.folder.textChanged.connect(self._refresh)
        self.reason.textChanged.connect(self._refresh)
        self.replace.toggled.connect(self._refresh)
        for each in self.formats:
            each.changed.connect(self._later.start)

    def _fill(self) -> None:
        # Rows are measured once; without the style they would be too low and lie over each other.
        self.list.ensurePolished()
        self.list.setIconSize(QSize(40, 40))
        for hypothesis in self._session.hypotheses:
            title, details = hypothesis_caption(hypothesis)
            item = QListWidgetItem(f"{title}\n{details}")
            item.setIcon(QIcon(QPixmap.fromImage(hypothesis.thumbnail)))
            item.setData(HYPOTHESIS, hypothesis)
            item.setToolTip(f"{title}, {details}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            chosen = Qt.CheckState.Checked if hypothesis.chosen else Qt.CheckState.Unchecked
            item.setCheckState(chosen)
            self.list.addItem(item)

    def _restore_formats(self) -> None:
        """Tick what was exported last."""
        try:
            last = json.loads(self._settings.text(SETTING))
            known = {str(name): dict(options) for name, options in last.items()}
        except (ValueError, AttributeError, TypeError):
            known = {name: {} for name in FIRST_FORMATS}
        for each in self.formats:
            each.restore(known.get(each.exporter.name))

    # --- what it does --------------------------------------------------------------------------

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for the export"), self.folder.text()
        )
        if chosen:
            self.folder.setText(chosen)

    def _accept(self) -> None:
        request = self.request()
        wanted = {each.name: dict(each.options) for each in request.formats}
        self._settings.set(SETTING, json.dumps(wanted))
        self.accepted_request.emit(request)
        self.accept()

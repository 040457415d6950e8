"""The export dialog: which hypotheses, where to, what beside them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from app.imaging.photo import Photo
from app.ui.exporting import ExportRequest
from app.ui.labels import hypothesis_caption
from app.ui.session import PhotoSession
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

HYPOTHESIS = Qt.ItemDataRole.UserRole


class ExportDialog(QDialog):
    """Asks what to export.

    Attributes:
        list: the hypotheses, with ticks.
        folder: where to.
        button: writes.

    Signals:
        accepted_request: the :class:`ExportRequest` that the user confirmed.
    """

    accepted_request = Signal(object)

    def __init__(self, photo: PhotoSession, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export hypotheses"))
        self.setMinimumSize(600, 520)
        assert photo.photo is not None
        self._photo: Photo = photo.photo
        self._session = photo
        self.list = QListWidget()
        self.list.setObjectName("boxed")
        self.list.setAccessibleName(self.tr("Hypotheses"))
        self._fill()
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(self.tr("Folder"))
        browse = QPushButton(self.tr("Choose…"))
        browse.clicked.connect(self._browse)
        self.map = QCheckBox(self.tr("The map (8-bit PNG)"))
        self.map.setChecked(True)
        self.uncertainty = QCheckBox(self.tr("Where the hypotheses of a run differ (uncertainty)"))
        self.uncertainty.setChecked(True)
        has_any = any(each.outcome.uncertainty is not None for each in photo.hypotheses)
        self.uncertainty.setVisible(has_any)
        self._note = label(
            self.tr(
                "Every picture carries a visible label below it and the label in its metadata; a "
                "record (JSON) says how each was made. Outside the map the photo's pixels are "
                "unchanged."
            ),
            role="soft",
            wrap=True,
        )
        self._conflict = label(role="warning", wrap=True)
        self.button = QPushButton()
        self.button.setProperty("role", "primary")
        self.button.setDefault(True)
        self.button.clicked.connect(self._accept)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setProperty("role", "large")
        cancel.clicked.connect(self.reject)
        self._count = label(role="caption")
        outer = column(
            label(self.tr("Hypotheses of {0}").format(photo.name), role="heading"),
            self.list,
            label(self.tr("Beside them"), role="caption"),
            self.map,
            self.uncertainty,
            Space.XS,
            label(self.tr("Folder"), role="caption"),
            row(self.folder, browse),
            self._conflict,
            Space.XS,
            self._note,
            Space.S,
            row(self._count, None, cancel, self.button),
            gap=Space.S,
        )
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        self.setLayout(outer)
        self.list.itemChanged.connect(self._refresh)
        self.folder.textChanged.connect(self._refresh)
        self.map.toggled.connect(self._refresh)
        self.uncertainty.toggled.connect(self._refresh)
        self._refresh()

    def request(self) -> ExportRequest:
        """What the dialog says now."""
        chosen = []
        for index in range(self.list.count()):
            item = self.list.item(index)
            if item.checkState() == Qt.CheckState.Checked:
                chosen.append(item.data(HYPOTHESIS))
        with_map = self.map.isChecked() and bool(chosen)
        return ExportRequest(
            photo=self._photo,
            hypotheses=tuple(chosen),
            folder=Path(self.folder.text()).expanduser(),
            # The map that the first run used, which need not be the one on the canvas now.
            map=chosen[0].outcome.map if with_map else None,
            uncertainty=self.uncertainty.isChecked(),
            replace=True,
        )

    def _fill(self) -> None:
        for hypothesis in self._session.hypotheses:
            title, details = hypothesis_caption(hypothesis)
            item = QListWidgetItem(f"{title}\n{details}")
            item.setIcon(QIcon(QPixmap.fromImage(hypothesis.thumbnail)))
            item.setData(HYPOTHESIS, hypothesis)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            chosen = Qt.CheckState.Checked if hypothesis.chosen else Qt.CheckState.Unchecked
            item.setCheckState(chosen)
            self.list.addItem(item)
        self.list.setIconSize(QSize(40, 40))

    def _refresh(self) -> None:
        request = self.request()
        existing = [path for path in request.paths() if path.exists()]
        folder_ok = request.folder.is_dir()
        self.button.setEnabled(bool(request.hypotheses) and folder_ok)
        self.button.setText(self.tr("Replace and export") if existing else self.tr("Export"))
        if not folder_ok:
            text = self.tr("This folder does not exist.")
        elif existing:
            text = self.tr("{0} of these files exist already and will be replaced: {1}").format(
                len(existing), _shortened([path.name for path in existing])
            )
        else:
            text = ""
        self._conflict.setText(text)
        self._conflict.setVisible(bool(text))
        self._count.setText(self.tr("{0} files").format(len(request.paths())))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for the export"), self.folder.text()
        )
        if chosen:
            self.folder.setText(chosen)

    def _accept(self) -> None:
        self.accepted_request.emit(self.request())
        self.accept()


def _shortened(names: list[str]) -> str:
    shown = ", ".join(names[:2])
    return shown if len(names) <= 2 else f"{shown}, …"

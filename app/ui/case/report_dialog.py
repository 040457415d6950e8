"""The report as it will be printed, page by page, and the button that saves it."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import qimage2ndarray
from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton, QScrollArea, QWidget

from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

if TYPE_CHECKING:
    from app.casereport import CaseReport

WIDEST = 1100
"""Logical pixels of a page: wider ones are hard to read."""

KEPT = 6
"""Rendered pages; one takes some 5 MB."""

SETTLE_MS = 120


class ReportDialog(QDialog):
    """Shows a report.

    Attributes:
        pages: how many there are.
        page: the one that is shown, from 0.

    Signals:
        save_wanted: the folder that the report goes to.
    """

    save_wanted = Signal(Path)

    def __init__(self, report: CaseReport, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report"))
        self._folder = folder
        self._document = pypdfium2.PdfDocument(report.pdf)
        self.pages = len(self._document)
        self.page = 0
        self._rendered: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._sheet = QLabel()
        self._sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area = QScrollArea()
        self._area.setObjectName("canvasSurround")
        self._area.setWidget(self._sheet)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.installEventFilter(self)
        self.previous = QPushButton(self.tr("Previous"))
        self.previous.clicked.connect(lambda: self.show_page(self.page - 1))
        self.next = QPushButton(self.tr("Next"))
        self.next.clicked.connect(lambda: self.show_page(self.page + 1))
        self._where = label(role="soft")
        state = self.tr("Draft: not reviewed by a second person")
        if not report.content.draft:
            state = self.tr("Final: reviewed by a second person")
        save = QPushButton(self.tr("Save PDF and JSON…"))
        save.setProperty("role", "primary")
        save.clicked.connect(self._save)
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "large")
        close.clicked.connect(self.accept)
        foot = row(
            self.previous, self._where, self.next, Space.M, label(state, role="soft"), None, close, save
        )
        foot.setContentsMargins(Space.L, Space.S, Space.L, Space.M)
        outer = column(self._area, foot, gap=0)
        outer.setStretchFactor(self._area, 1)
        self.setLayout(outer)
        available = self.screen().availableGeometry()
        self.resize(min(940, available.width() - 40), min(1100, available.height() - 60))
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(lambda: self.show_page(self.page))
        self.finished.connect(self._end)
        self.show_page(0)

    def show_page(self, page: int) -> None:
        """Turn to a page."""
        self.page = min(max(page, 0), self.pages - 1)
        self._where.setText(self.tr("Page {0} of {1}").format(self.page + 1, self.pages))
        self.previous.setEnabled(self.page > 0)
        self.next.setEnabled(self.page < self.pages - 1)
        ratio = self.devicePixelRatioF()
        width = round(min(max(self._area.viewport().width() - 2 * Space.L, 320), WIDEST) * ratio)
        pixmap = QPixmap.fromImage(self._render(self.page, width))
        pixmap.setDevicePixelRatio(ratio)
        self._sheet.setPixmap(pixmap)
        self._sheet.setAccessibleName(self._where.text())
        self._area.verticalScrollBar().setValue(0)

    def _render(self, page: int, width: int) -> QImage:
        key = (page, width)
        if key not in self._rendered:
            sheet = self._document[page]
            bitmap = sheet.render(scale=width / sheet.get_width())
            pixels = bitmap.to_numpy()[..., :3][..., ::-1]
            image: QImage = qimage2ndarray.array2qimage(pixels)
            self._rendered[key] = image
            while len(self._rendered) > KEPT:
                self._rendered.popitem(last=False)
        self._rendered.move_to_end(key)
        return self._rendered[key]

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The page keys turn pages; a resized page is drawn anew once the size rests."""
        if event.type() == QEvent.Type.Resize:
            self._settle.start()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
            if event.key() in steps:
                self.show_page(self.page + steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """A page at a size that can be read."""
        return QSize(940, 1100)

    def _save(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder for the report"), str(self._folder)
        )
        if name:
            self.save_wanted.emit(Path(name))

    def _end(self) -> None:
        self._settle.stop()
        self._document.close()

"""The settings: what the window remembers, in one place. Every change holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from app.ui.dialogs.settings_pages import (
    FoldersPage,
    GeneralPage,
    MapPage,
    ProcessorPage,
    SavingPage,
)
from app.ui.dialogs.settings_signing import SigningPage
from app.ui.theme.tokens import Space
from app.ui.widgets import column, hairline, row

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

SIZE = QSize(780, 560)
LIST_WIDTH = 190
ROW = 32


class SettingsDialog(QDialog):
    """Pages over the settings.

    Attributes:
        list: the names of the pages.
        general, processor, map, saving, folders, signing: the pages.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setWindowTitle(self.tr("Settings"))
        self.resize(SIZE)
        settings, controller = window.settings, window.controller
        self.general = GeneralPage(settings)
        self.processor = ProcessorPage(controller, settings)
        self.map = MapPage(window.inspector.map)
        self.saving = SavingPage(settings)
        self.folders = FoldersPage(settings)
        self.signing = SigningPage(controller, settings)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages of the settings"))
        self.list.setFixedWidth(LIST_WIDTH)
        self._pages = QStackedWidget()
        for title, page in (
            (self.tr("General"), self.general),
            (self.tr("Device"), self.processor),
            (self.tr("Map"), self.map),
            (self.tr("Saving and recovery"), self.saving),
            (self.tr("Folders"), self.folders),
            (self.tr("Content credentials"), self.signing),
        ):
            item = QListWidgetItem(title)
            item.setSizeHint(QSize(0, ROW))
            self.list.addItem(item)
            self._pages.addWidget(_scrolled(page))
        self.list.currentRowChanged.connect(self._pages.setCurrentIndex)
        self.list.setCurrentRow(0)
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "large")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        body = row(self.list, hairline(vertical=True), self._pages, gap=0)
        body.setStretch(2, 1)
        foot = row(None, close)
        foot.setContentsMargins(Space.XL, Space.M, Space.XL, Space.L)
        whole = column(body, hairline(), foot, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area

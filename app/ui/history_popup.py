"""The undo history: every step of a photo's map, and the way to each of them by one click."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from app.imaging.map import Step
from app.ui.map_document import MapDocument
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label

WIDTH = 280
MOST_ROWS = 14
ROW = 28


def step_name(step: Step) -> str:
    """What a step did, in words."""
    return tool_name(step.tool, QCoreApplication.translate("History", "Edit"))


def tool_name(tool: str, otherwise: str) -> str:
    """What a tool is called in the window; `otherwise` for one that it does not have."""
    names = {
        "brush": QCoreApplication.translate("History", "Brush"),
        "eraser": QCoreApplication.translate("History", "Eraser"),
        "lasso": QCoreApplication.translate("History", "Lasso"),
        "polygon": QCoreApplication.translate("History", "Polygon"),
        "smart select": QCoreApplication.translate("History", "Smart select"),
        "invert in box": QCoreApplication.translate("History", "Invert in a box"),
        "fill holes": QCoreApplication.translate("History", "Fill holes"),
        "grow": QCoreApplication.translate("History", "Grow by one pixel"),
        "shrink": QCoreApplication.translate("History", "Shrink by one pixel"),
        "smooth edges": QCoreApplication.translate("History", "Smooth"),
        "invert": QCoreApplication.translate("History", "Invert"),
        "clear": QCoreApplication.translate("History", "Clear"),
        "reset": QCoreApplication.translate("History", "Reset to automatic"),
        "import": QCoreApplication.translate("History", "Import map"),
        "faces": QCoreApplication.translate("History", "Faces"),
    }
    return names.get(tool, otherwise)


class HistoryPopup(QFrame):
    """A list of the steps, oldest first; the step in force is selected.

    Attributes:
        list: the steps; the first entry is the map as it was found.
    """

    def __init__(self, document: MapDocument, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setWindowTitle(self.tr("History"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._document = document
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Steps of the map"))
        self._hint = label(self.tr("Choose a step to go to it"), role="caption")
        head = column(label(self.tr("History"), role="section"), self._hint, gap=2)
        head.setContentsMargins(Space.M, Space.S, Space.M, 0)
        inside = column(head, self.list, gap=Space.XS)
        inside.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        self.setLayout(inside)
        self.setFixedWidth(WIDTH)
        self.list.currentRowChanged.connect(self._go)
        self.list.itemActivated.connect(lambda _: self.close())
        document.edited.connect(self._refresh)
        document.destroyed.connect(self.close)
        self._refresh()

    def _refresh(self) -> None:
        history = self._document.history
        done, undone = list(history.done), list(history.undone)
        faint = QColor(theme().tokens.text_faint)
        with QSignalBlocker(self.list):
            self.list.clear()
            self._add(self.tr("As found"))
            for number, step in enumerate((*done, *undone), start=1):
                item = self._add(f"{number}   {step_name(step)}")
                if number > len(done):
                    item.setForeground(faint)
                    item.setToolTip(self.tr("Undone; choose it to bring it back"))
            self.list.setCurrentRow(len(done))
        self.list.setFixedHeight(min(self.list.count(), MOST_ROWS) * ROW + 2 * Space.S)
        self.adjustSize()
        self.list.scrollToItem(self.list.currentItem())

    def _add(self, text: str) -> QListWidgetItem:
        item = QListWidgetItem(text)
        item.setSizeHint(QSize(0, ROW))
        self.list.addItem(item)
        return item

    def _go(self, row: int) -> None:
        if row >= 0:
            self._document.go_to(row)

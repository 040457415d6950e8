"""The command palette: every action by a few typed letters, without the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QColor, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.ui.actions import Actions, shown_keys, translated
from app.ui.fuzzy import fit
from app.ui.menus.table import MENUS
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import column, hairline, label

SIZE = QSize(560, 420)
ROW = 30
FROM_TOP = 96
"""Logical pixels between the window's upper edge and the palette."""

MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
SKIPPED = ("palette",)


@dataclass(frozen=True, eq=False)
class Command:
    """One line of the palette.

    Attributes:
        name: as in the menu.
        menu: the menu that has it.
        keys: its shortcut, as this system writes it.
        action: what it does.
    """

    name: str
    menu: str
    keys: str
    action: QAction


def commands(actions: Actions) -> list[Command]:
    """Every action of the table, in its order."""
    return [
        Command(
            translated(spec.text).replace("&", "").removesuffix("…"),
            translated(menu.title).replace("&", ""),
            shown_keys(spec.keys[0]) if spec.keys else "",
            actions[spec.key],
        )
        for menu in MENUS
        for spec in menu.entries
        if spec is not None and spec.key not in SKIPPED
    ]


class CommandPalette(QDialog):
    """A field over a list; Return does what is selected, Escape closes.

    Attributes:
        field: what is typed.
        list: what fits, the best first; what cannot be done now comes last.
    """

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Commands"))
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self._commands = commands(actions)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Type what you want to do"))
        self.field.setAccessibleName(self.tr("Command"))
        self.field.setClearButtonEnabled(False)
        self.list = QTreeWidget()
        self.list.setObjectName("paletteList")
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._none = label(self.tr("Nothing fits; type fewer letters."), role="soft")
        self._none.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        inside = column(self.field, hairline(), self.list, self._none, gap=Space.S)
        inside.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        inside.setStretch(2, 1)
        self.setLayout(inside)
        self.resize(SIZE)
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - SIZE.width()) // 2, corner.y() + FROM_TOP)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self.carry_out)
        self.list.itemActivated.connect(lambda *_: self.carry_out())
        self.list.itemClicked.connect(lambda *_: self.carry_out())
        self._search("")
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The arrows move in the list while the letters go into the field."""
        pressed = watched is self.field and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in MOVES:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def carry_out(self) -> None:
        """Do what is selected, if it can be done now."""
        item = self.list.currentItem()
        if item is None or item.isDisabled():
            return
        action: QAction = item.data(0, Qt.ItemDataRole.UserRole).action
        self.accept()
        action.trigger()

    def _search(self, typed: str) -> None:
        ranked = []
        for number, command in enumerate(self._commands):
            own, whole = fit(typed, command.name), fit(typed, f"{command.menu} {command.name}")
            scores = [score for score in (own, whole) if score is not None]
            if scores:
                enabled = command.action.isEnabled()
                ranked.append((not enabled, -max(scores), number, command))
        self.list.clear()
        faint = QColor(theme().tokens.text_faint)
        for disabled, _, _, command in sorted(ranked, key=lambda each: each[:3]):
            item = QTreeWidgetItem([command.name, command.menu, command.keys])
            item.setData(0, Qt.ItemDataRole.UserRole, command)
            item.setDisabled(disabled)
            item.setSizeHint(0, QSize(0, ROW))
            for column_ in (1, 2):
                item.setForeground(column_, faint)
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                item.setTextAlignment(column_, right)
            item.setToolTip(0, command.action.statusTip())
            self.list.addTopLevelItem(item)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        self.list.setVisible(bool(ranked))
        self._none.setVisible(not ranked)

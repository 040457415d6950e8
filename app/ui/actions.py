"""The window's actions, made from the table."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from app.ui.menus.spec import CONTEXT, Spec
from app.ui.menus.table import MENUS
from app.ui.theme.icons import set_icon


class Actions(QObject):
    """The window's actions by their keys.

    Attributes:
        by_key: every action.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.by_key: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for menu in MENUS:
            for spec in menu.entries:
                if spec is None:
                    continue
                action = self._make(spec)
                self.by_key[spec.key] = action
                if spec.group:
                    if spec.group not in groups:
                        groups[spec.group] = QActionGroup(self)
                    groups[spec.group].addAction(action)

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def _make(self, spec: Spec) -> QAction:
        action = QAction(translated(spec.text), self)
        action.setObjectName(spec.key)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(spec.checkable)
        tip = translated(spec.tip) if spec.tip else ""
        action.setToolTip(tool_tip(translated(spec.text), spec.keys, tip))
        action.setStatusTip(tip)
        if spec.icon:
            set_icon(action, spec.icon, off=spec.off_icon)
            # Menus stay calm: icons belong to buttons.
            action.setIconVisibleInMenu(False)
        return action


def translated(text: str) -> str:
    """A text of the table in the window's language."""
    return QCoreApplication.translate(CONTEXT, text)


def tool_tip(title: str, keys: tuple[str, ...], tip: str = "") -> str:
    """Title, shortcut and explanation as they appear in every tool tip."""
    title = title.removesuffix("…")
    shortcut = shown_keys(keys[0]) if keys else ""
    head = f"{title}  ({shortcut})" if shortcut else title
    return f"{head}\n{tip}" if tip else head


def shown_keys(keys: str) -> str:
    """A shortcut as this system writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)

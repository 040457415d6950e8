"""The shortcut sheet, made from the table of actions, so that it can never be wrong."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QPushButton, QScrollArea, QWidget

from app.ui.actions import shown_keys, translated
from app.ui.menus.spec import Menu
from app.ui.menus.table import HELD_KEYS, MENUS
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

COLUMNS = 3
NARROWEST = 120
"""Logical pixels for the name of a key's effect; longer names take a second line."""


class ShortcutSheet(QDialog):
    """Every shortcut, grouped like the menus, in columns of about equal length."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(1060, 660)
        made = [self._held(), *(self._group(menu) for menu in MENUS)]
        groups = [group for group in made if group is not None]
        inside = QWidget()
        inside.setObjectName("panelBody")
        columns = [column(gap=Space.XL) for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        for group in sorted(groups, key=lambda each: -each.sizeHint().height()):
            shortest = heights.index(min(heights))
            columns[shortest].addWidget(group)
            heights[shortest] += group.sizeHint().height()
        for each in columns:
            each.addStretch(1)
        body = row(*columns, gap=Space.XL + Space.S)
        for number in range(COLUMNS):
            body.setStretch(number, 1)
        body.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        inside.setLayout(body)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Keyboard shortcuts"))
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "large")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = row(None, close)
        foot.setContentsMargins(Space.XL, Space.M, Space.XL, Space.L)
        self.setLayout(column(area, foot, gap=0))

    def _group(self, menu: Menu) -> QWidget | None:
        lines = [
            (translated(spec.text).removesuffix("…"), [shown_keys(spec.keys[0])])
            for spec in menu.entries
            if spec is not None and spec.keys
        ]
        return _table(translated(menu.title).replace("&", ""), lines) if lines else None

    def _held(self) -> QWidget:
        lines = [(translated(text), [_held_name(keys)]) for keys, text in HELD_KEYS]
        lines.append((self.tr("Zoom at the pointer"), [self.tr("Wheel")]))
        lines.append((self.tr("Move the photo"), [self.tr("Middle button")]))
        return _table(self.tr("On the photo"), lines)


def _table(title: str, lines: list[tuple[str, list[str]]]) -> QWidget:
    group = QWidget()
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.M)
    grid.setVerticalSpacing(Space.S - 2)
    grid.addWidget(label(title, role="section"), 0, 0, 1, 2)
    grid.setColumnStretch(0, 1)
    for number, (text, keys) in enumerate(lines, start=1):
        name = label(text, role="soft", wrap=True)
        name.setMinimumWidth(NARROWEST)
        grid.addWidget(name, number, 0)
        caps = row(None, *(label(key, role="key") for key in keys), gap=Space.XS)
        grid.addLayout(caps, number, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    group.setLayout(grid)
    return group


def _held_name(keys: str) -> str:
    """A key's name; Qt writes a modifier alone with a plus behind it."""
    if keys == "Shift":
        shift = QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_A)
        text = QKeySequence(shift).toString(QKeySequence.SequenceFormat.NativeText)
        return text.removesuffix("A").removesuffix("+")
    # Several keys are no sequence that Qt could name.
    return keys if " " in keys else shown_keys(keys)

"""What the pages of the case panel share."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from app.ui.theme.tokens import Space


class Page(QWidget):
    """A page of the case panel."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panelBody")

    def take(self, layout: QLayout) -> None:
        """Fill the page, with the margins that every page has."""
        layout.setContentsMargins(Space.M, 0, Space.M, Space.M)
        self.setLayout(layout)


def button(text: str, tip: str = "") -> QPushButton:
    """A plain button with a tool tip."""
    made = QPushButton(text)
    made.setToolTip(tip)
    return made

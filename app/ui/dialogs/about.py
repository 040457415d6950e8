"""The About page: what Revisage is, and the honest statement of what its pictures are worth."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app import __version__
from app.ui.theme.icons import icon
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import column, hairline, label, row

HEAD = 52


class AboutDialog(QDialog):
    """Version, statement, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Revisage"))
        self.setFixedWidth(600)
        head = QWidget()
        head.setFixedHeight(HEAD)
        names = row(
            self._logo(),
            column(
                None,
                label("Revisage", role="title"),
                label(
                    self.tr("Version {0} · Qt for Python {1} · Python {2}").format(
                        __version__, pyside_version, platform.python_version()
                    ),
                    role="caption",
                ),
                None,
                gap=2,
            ),
            None,
            gap=Space.L,
        )
        head.setLayout(names)
        statement = QFrame()
        statement.setObjectName("card")
        inside = column(
            label(self.tr("These pictures are not suitable for identification"), role="heading"),
            label(
                self.tr(
                    "Cooper and Farid (2026, arXiv 2603.27747) examined the removal of masks by AI and "
                    "found it unsuitable for identifying a person. A reconstruction shows what a model "
                    "holds for likely under the mask; it cannot show what is there."
                ),
                role="soft",
                wrap=True,
            ),
            self._list(
                self.tr("Good for"),
                (
                    self.tr("a lead to be followed by other means"),
                    self.tr("a sketch to talk about with a witness"),
                    self.tr("seeing how widely hypotheses differ"),
                ),
            ),
            self._list(
                self.tr("Not for"),
                (
                    self.tr("naming a person, or ruling one out"),
                    self.tr("face search or any comparison by score"),
                    self.tr("evidence of what a face looked like"),
                ),
            ),
            gap=Space.M,
        )
        inside.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        statement.setLayout(inside)
        rest = label(
            self.tr(
                "Photos stay on this computer and are never changed. Everything that is exported says "
                "that it is a hypothesis. Free software under the MIT licence; the Inter typeface is "
                "under the SIL Open Font License."
            ),
            role="soft",
            wrap=True,
        )
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "large")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        outer = column(head, statement, rest, hairline(), row(None, close), gap=Space.L)
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        self.setLayout(outer)

    def _logo(self) -> QLabel:
        logo = QLabel()
        logo.setPixmap(icon("face-mask", colour=theme().tokens.accent_text).pixmap(48, 48))
        return logo

    def _list(self, title: str, lines: tuple[str, ...]) -> QVBoxLayout:
        heading = label(title, role="strong")
        entries = label("\n".join(f"•  {line}" for line in lines), role="soft")
        entries.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return column(heading, entries, gap=Space.XS)

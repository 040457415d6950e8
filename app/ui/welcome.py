"""The page that stands where the photo will be: how to begin, and what comes then."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.actions import Actions, shown_keys
from app.ui.plain import plain_caption, plain_tip
from app.ui.settings import Settings
from app.ui.theme.icons import icon
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import ElidedLabel, column, hairline, label, row

SHOWN_RECENT = 5


class WelcomePage(QWidget):
    """Shown while no photo is open.

    Attributes:
        title: what to do first.

    Signals:
        recent_chosen: a path of the recent files.
    """

    recent_chosen = Signal(Path)

    def __init__(self, actions: Actions, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvasSurround")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._settings = settings
        self._icons: list[tuple[QLabel, str, int]] = []
        self._only_without_case: list[QWidget] = []
        self._in_case = False
        card = QFrame()
        card.setObjectName("card")
        card.setMaximumWidth(760)
        card.setMinimumWidth(480)
        inside = column(
            self._head(),
            self._buttons(actions),
            hairline(),
            self._steps(),
            gap=Space.XL,
        )
        inside.setContentsMargins(Space.XXL, Space.XXL, Space.XXL, Space.XL + Space.XS)
        self._recent_box = QVBoxLayout()
        self._recent_box.setSpacing(0)
        inside.addLayout(self._recent_box)
        card.setLayout(inside)
        self.setLayout(column(None, row(None, card, None, gap=0), None, gap=0))
        settings.recent_changed.connect(self._refresh_recent)
        theme().changed.connect(self._refresh_icons)
        self._refresh_icons()
        self.show_case(None)

    def _head(self) -> QVBoxLayout:
        self.title = label(role="title")
        self._text = label(role="soft", wrap=True)
        return column(self._picture("face-mask", 40), Space.XS, self.title, self._text, gap=Space.S)

    def show_case(self, path: Path | None) -> None:
        """Speak of an open case without photos, or of none."""
        if path is None:
            self.title.setText(self.tr("Open photos to begin"))
            self._text.setText(
                self.tr(
                    "Drop photos or a folder anywhere in this window. They are opened read-only, stay "
                    "on this computer, and are never changed."
                )
            )
        else:
            self.title.setText(self.tr("Add photos to this case"))
            self._text.setText(
                self.tr(
                    "Drop photos or a folder anywhere in this window. Each is copied into the case byte "
                    "for byte, with its SHA-256; the files themselves are never changed."
                )
            )
        # Neither the sample nor photos of other matters belong into somebody's case.
        for each in self._only_without_case:
            each.setVisible(path is None)
        self._in_case = path is not None
        self._refresh_recent()

    def _buttons(self, actions: Actions) -> QVBoxLayout:
        buttons = []
        for key in ("open", "open_folder", "open_sample"):
            action = actions[key]
            button = QPushButton(action.text())
            button.setProperty("role", "primary" if key == "open" else "large")
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            buttons.append(button)
            if key == "open_sample":
                self._only_without_case.append(button)
        links = []
        for key in ("new_case", "open_case", "live_view", "palette", "shortcuts"):
            link = QPushButton(actions[key].text().removesuffix("…"))
            link.setProperty("role", "link")
            link.setToolTip(actions[key].toolTip())
            link.clicked.connect(actions[key].trigger)
            links.append(link)
            if key in ("new_case", "open_case"):
                self._only_without_case.append(link)
        return column(row(*buttons, None, gap=Space.S), row(*links, None, gap=Space.L), gap=Space.M)

    def _steps(self) -> QVBoxLayout:
        steps = (
            ("image", self.tr("Open"), self.tr("Faces and masks are found automatically.")),
            (
                "paint-brush",
                self.tr("Check the map"),
                self.tr("Correct it with brush ({0}) and eraser ({1}).").format(
                    shown_keys("B"), shown_keys("E")
                ),
            ),
            (
                "play",
                self.tr("Reconstruct"),
                self.tr("Choose models and run them ({0}).").format(shown_keys("Ctrl+Return")),
            ),
            (
                "columns",
                self.tr("Compare and export"),
                self.tr("Side by side ({0}), every picture labelled as a hypothesis.").format(
                    shown_keys("C")
                ),
            ),
        )
        rows: list[QVBoxLayout | QWidget] = []
        firsts = [label(title, role="strong") for _, title, _ in steps]
        for first in firsts:
            first.ensurePolished()
        widest = max(first.sizeHint().width() for first in firsts) + Space.L
        for (name, _, text), first in zip(steps, firsts, strict=True):
            line = QWidget()
            first.setFixedWidth(widest)
            line.setLayout(
                row(self._picture(name, 18), Space.XS, first, label(text, role="soft"), None)
            )
            rows.append(line)
        return column(*rows, gap=Space.M)

    def _picture(self, name: str, size: int) -> QLabel:
        picture = QLabel()
        picture.setFixedSize(size, size)
        self._icons.append((picture, name, size))
        return picture

    def _refresh_icons(self) -> None:
        tokens = theme().tokens
        for picture, name, size in self._icons:
            pixmap: QPixmap = icon(name, colour=tokens.accent_text).pixmap(QSize(size, size))
            picture.setPixmap(pixmap)

    def _refresh_recent(self) -> None:
        while (item := self._recent_box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        recent = [path for path in self._settings.recent if path.exists()][:SHOWN_RECENT]
        if not recent or self._in_case:
            return
        self._recent_box.addWidget(label(self.tr("Recent"), role="caption"))
        for path in recent:
            self._recent_box.addWidget(self._recent_row(path))

    def _recent_row(self, path: Path) -> QWidget:
        line = QWidget()
        button = QPushButton(plain_caption(path.name or str(path)))
        button.setProperty("role", "link")
        button.setToolTip(plain_tip(str(path)))
        button.setMaximumWidth(240)
        button.clicked.connect(lambda: self.recent_chosen.emit(path))
        folder = ElidedLabel(str(path.parent), role="caption")
        layout = row(button, folder)
        layout.setStretchFactor(folder, 1)
        line.setLayout(layout)
        return line

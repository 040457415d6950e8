"""What stands in the live view while nothing is watched: the ways to a source."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ui.plain import plain_caption, plain_tip
from app.ui.theme.icons import icon
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import column, hairline, label, row
from app.video.camera import Camera

EXAMPLE = "rtsp://user:password@host/path"


class SourceChooser(QWidget):
    """Cameras, a file, an address.

    Attributes:
        address: the field for a stream.
        cameras: a button for each camera.

    Signals:
        chosen: a camera's number or a stream's address.
        file_asked: the user wants to choose a file.
        cameras_asked: look for cameras again.
    """

    chosen = Signal(str)
    file_asked = Signal()
    cameras_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("canvasSurround")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._picture = QLabel()
        self._picture.setFixedSize(40, 40)
        self.cameras: list[QPushButton] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.XS)
        self._none = label(self.tr("No camera was found on this computer."), role="soft")
        self._again = QPushButton(self.tr("Look again"))
        self._again.setProperty("role", "link")
        self._again.clicked.connect(self.cameras_asked)
        self.file = QPushButton(self.tr("Choose a video…"))
        self.file.setProperty("role", "primary")
        self.file.clicked.connect(self.file_asked)
        self.address = QLineEdit()
        self.address.setPlaceholderText(EXAMPLE)
        self.address.setAccessibleName(self.tr("Address of a stream"))
        self.address.returnPressed.connect(self._open)
        self.address.textChanged.connect(self._typed)
        self.open = QPushButton(self.tr("Open"))
        self.open.setAccessibleName(self.tr("Open the stream"))
        self.open.clicked.connect(self._open)
        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(600)
        inside = column(
            self._head(),
            row(self.file, None),
            hairline(),
            self._part(self.tr("Stream"), self._address_row()),
            hairline(),
            self._part(self.tr("Cameras"), self._cameras()),
            gap=Space.L,
        )
        inside.setContentsMargins(Space.XXL, Space.XXL - Space.S, Space.XXL, Space.XL)
        card.setLayout(inside)
        self.setLayout(column(None, row(None, card, None, gap=0), None, gap=0))
        theme().changed.connect(self._refresh_icon)
        self._refresh_icon()
        self._typed()
        self.show_cameras(())

    def _head(self) -> QVBoxLayout:
        title = label(self.tr("Watch a camera, a video or a stream"), role="title")
        text = label(
            self.tr(
                "Masked faces are followed and filled in while you watch, as hypotheses and labelled as "
                "such. Grab an original frame into the case whenever you like."
            ),
            role="soft",
            wrap=True,
        )
        return column(self._picture, Space.XS, title, text, gap=Space.S)

    def _part(self, title: str, content: QVBoxLayout) -> QVBoxLayout:
        return column(label(title, role="section"), content, gap=Space.S)

    def _address_row(self) -> QVBoxLayout:
        line = row(self.address, self.open)
        line.setStretchFactor(self.address, 1)
        note = label(
            self.tr("RTSP, HTTP and what else FFmpeg opens. A password is never shown or kept."),
            role="caption",
            wrap=True,
        )
        return column(line, note, gap=Space.XS + 2)

    def _cameras(self) -> QVBoxLayout:
        return column(self._list, row(self._none, self._again, None, gap=Space.M), gap=Space.S)

    def show_cameras(self, cameras: Sequence[Camera]) -> None:
        """Offer these cameras."""
        for button in self.cameras:
            self._list.removeWidget(button)
            button.deleteLater()
        self.cameras = []
        for camera in cameras:
            button = QPushButton(plain_caption(f"{camera.number}   {camera.name}"))
            button.setToolTip(plain_tip(camera.address))
            button.setStyleSheet("text-align: left")
            button.clicked.connect(
                lambda _=False, number=camera.number: self.chosen.emit(str(number))
            )
            self._list.addWidget(button)
            self.cameras.append(button)
        self._none.setVisible(not cameras)

    def main_stop(self) -> QWidget:
        """Where the keyboard begins."""
        return self.file

    def _typed(self) -> None:
        self.open.setEnabled(bool(self.address.text().strip()))

    def _open(self) -> None:
        text = self.address.text().strip()
        if text:
            self.chosen.emit(text)

    def _refresh_icon(self) -> None:
        picture = icon("video-camera", colour=theme().tokens.accent_text)
        self._picture.setPixmap(picture.pixmap(QSize(40, 40)))

"""The canvas, and what stands in its place while there is no picture to show."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QWidget

from app.ui.actions import Actions
from app.ui.canvas.map_canvas import MapCanvas
from app.ui.long_names import LONGEST_NAME, elided, with_short_names
from app.ui.plain import plain_tip
from app.ui.sentences import in_language
from app.ui.session import PhotoSession, Stage
from app.ui.theme.icons import icon
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

TEXT_WIDTH = 420


class PhotoPage(QWidget):
    """Shows the canvas, or says why there is nothing on it."""

    def __init__(self, canvas: MapCanvas, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("canvasSurround")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._canvas = canvas
        self._photo: PhotoSession | None = None
        self._picture = QLabel()
        self._picture.setFixedSize(32, 32)
        self.title = label(role="heading")
        self.text = label(role="soft", wrap=True)
        self.text.setFixedWidth(TEXT_WIDTH)
        self._buttons = QWidget()
        again = self._button(self.tr("Try again"), actions["analyse"])
        close = self._button(actions["close_photo"].text(), actions["close_photo"])
        self._buttons.setLayout(row(again, close, None))
        self._empty = QWidget()
        inside = column(
            self._picture, Space.XS, self.title, self.text, Space.S, self._buttons, gap=Space.S
        )
        self._empty.setLayout(column(None, row(None, inside, None), None))
        self._stack = QStackedLayout()
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(canvas)
        self._stack.addWidget(self._empty)
        self.setLayout(self._stack)
        theme().changed.connect(self._refresh)

    def _button(self, text: str, action: QAction) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "large")
        button.setToolTip(action.toolTip())
        button.clicked.connect(action.trigger)
        return button

    def show_photo(self, photo: PhotoSession | None) -> None:
        """Speak of another photo."""
        if self._photo is not None:
            self._photo.stage_changed.disconnect(self._refresh)
            self._photo.photo_changed.disconnect(self._refresh)
        self._photo = photo
        if photo is not None:
            photo.stage_changed.connect(self._refresh)
            photo.photo_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        photo = self._photo
        if photo is None or photo.pyramid is not None:
            self._stack.setCurrentWidget(self._canvas)
            return
        failed = photo.stage is Stage.FAILED
        self._buttons.setVisible(failed)
        tokens = theme().tokens
        name, colour = ("warning-circle", tokens.bad) if failed else ("image", tokens.text_faint)
        self._picture.setPixmap(icon(name, colour=colour).pixmap(QSize(32, 32)))
        if failed and photo.failure is not None:
            self.title.setText(self.tr("This photo could not be opened"))
            sentence = in_language(photo.failure.sentence)
            self._say(with_short_names(sentence), sentence)
        else:
            self.title.setText(self.tr("Opening…"))
            self._say(elided(photo.name, LONGEST_NAME), photo.name)
        self._stack.setCurrentWidget(self._empty)

    def _say(self, shown: str, whole: str) -> None:
        """A text under the title; where it had to be shortened, all of it as a tool tip."""
        self.text.setText(shown)
        self.text.setToolTip(plain_tip(whole) if shown != whole else "")
        self.text.setAccessibleName(whole)

"""One picture of the comparison with its caption, and the legend of the uncertainty."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.imaging.uncertainty import FULL_SPREAD
from app.ui.canvas.camera import Camera
from app.ui.canvas.layers import Layer
from app.ui.canvas.view import PhotoView
from app.ui.results import spread_colours
from app.ui.session import Hypothesis
from app.ui.theme.manager import numbers_font, theme
from app.ui.theme.tokens import Space
from app.ui.widgets import ElidedLabel, column, row

STOPS = 9
"""Colours of the legend's gradient; between them Qt interpolates."""


class Pane(QFrame):
    """One picture with its label below.

    Attributes:
        view: the picture.
        title, details: what it is.
        hypothesis: what it shows, or None for photo and map.
    """

    def __init__(self, camera: Camera, title: str, details: str, layers: list[Layer]) -> None:
        super().__init__()
        self.hypothesis: Hypothesis | None = None
        self.view = PhotoView(camera)
        self.view.layers = layers
        self.view.setAccessibleName(f"{title}, {details}" if details else title)
        self.title = ElidedLabel(title, role="strong", mode=Qt.TextElideMode.ElideRight)
        self.details = ElidedLabel(details, role="caption", mode=Qt.TextElideMode.ElideRight)
        caption = QFrame()
        caption.setObjectName("paneCaption")
        texts = column(self.title, self.details, gap=1)
        self._caption = row(texts)
        self._caption.setStretchFactor(texts, 1)
        self._caption.setContentsMargins(Space.M, Space.XS + 2, Space.M, Space.XS + 2)
        caption.setLayout(self._caption)
        whole = column(self.view, caption, gap=0)
        whole.setStretchFactor(self.view, 1)
        self.setLayout(whole)

    def add_legend(self, legend: QWidget) -> None:
        """Put a legend at the right of the caption."""
        self._caption.addWidget(legend)


class SpreadLegend(QWidget):
    """A bar with the colours of the uncertainty and what its ends mean."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = ("0", f"≥ {FULL_SPREAD * 100:.0f} %")
        self.setToolTip(
            self.tr(
                "Standard deviation of the hypotheses at each pixel, in percent of the full range. "
                "Where they agree they may still all be wrong."
            )
        )
        self.setAccessibleName(self.tr("Legend of the uncertainty"))

    def sizeHint(self) -> QSize:
        """Room for the bar and the texts below it."""
        return QSize(104, 30)

    def minimumSizeHint(self) -> QSize:
        """As large as wanted."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """The bar and its ends."""
        values = np.linspace(0, 255, STOPS).round().astype(np.uint8)[None]
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for place, rgb in zip(np.linspace(0, 1, STOPS), spread_colours(values)[0], strict=True):
            gradient.setColorAt(float(place), QColor(*(int(value) for value in rgb)))
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 3, self.width(), 7), gradient)
        painter.setPen(QColor(theme().tokens.text_faint))
        painter.setFont(numbers_font(10))
        below = QRectF(0, 13, self.width(), 15)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self._ends[0])
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._ends[1])
        painter.end()

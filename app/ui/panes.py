"""One picture of the comparison with its caption, and the legends of what is drawn in colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QCheckBox, QFrame, QSizePolicy, QWidget

from app.imaging.uncertainty import FULL_SPREAD
from app.ui.canvas.camera import Camera
from app.ui.canvas.layers import Layer
from app.ui.canvas.view import PhotoView
from app.ui.difference import Kind, colours
from app.ui.labels import another_map
from app.ui.language import number
from app.ui.plain import plain_tip
from app.ui.results import spread_colours
from app.ui.session import Hypothesis
from app.ui.sides import Side
from app.ui.theme.manager import numbers_font, theme
from app.ui.theme.tokens import Space
from app.ui.widgets import LEAST_TEXT, ElidedLabel, column, row

STOPS = 33
"""Colours of a legend's gradient; between them Qt interpolates. Odd, so that the middle is one."""

LEGEND_WIDTH = 112
LEAST_VIEW = (118, 24)
"""Logical pixels: captions need the width, wide photos below each other little height."""

LEAST_LEGEND_WIDTH = 66
LEAST_BAR = 20
WIDEST_LINE = 150
LINE = 14
NARROW = 450
"""Logical pixels: a narrower pane has no room for a legend beside its texts."""

QWIDGETSIZE_MAX = (1 << 24) - 1
"""What Qt calls no limit; PySide6 does not export it."""

TIGHT = 220
"""Logical pixels: in a narrower pane a model has its short title."""

TINY = 160
"""Logical pixels: in a narrower pane margins go before texts."""

BAR_ONLY = 62
"""Logical pixels: a narrower legend of one line has no room for its texts."""

BOX_WIDTH = 18
"""Of a tick without text, which the style would leave room for."""


class Pane(QFrame):
    """One picture with its label below.

    Attributes:
        side: what it shows.
        view: the picture.
        title, details: what it is.
        box: ticked while the hypothesis is shown and exported; None for photo, map and uncertainty.

    Signals:
        unticked: the hypothesis is to be left out.
    """

    unticked = Signal(object)

    def __init__(self, camera: Camera, side: Side) -> None:
        super().__init__()
        self.side = side
        self.view = PhotoView(camera)
        self.view.layers = list(side.layers)
        self.view.setAccessibleName(side.name)
        self.view.setMinimumSize(*LEAST_VIEW)
        self.title = ElidedLabel(side.title, role="strong", mode=Qt.TextElideMode.ElideRight)
        self.details = ElidedLabel(side.details, role="caption", mode=Qt.TextElideMode.ElideRight)
        # In a narrow pane number and seed come before the word for them.
        self.details.set_full_text(side.details, short=side.short)
        self.box: QCheckBox | None = None
        caption = QFrame()
        caption.setObjectName("paneCaption")
        caption.setToolTip(plain_tip(side.name))
        self._second_line = row(self.details)
        self._second_line.setStretchFactor(self.details, 1)
        texts = column(self.title, self._second_line, gap=1)
        self._short_model = ""
        self._legend: Legend | None = None
        self._other_map = False
        self._caption = row(texts)
        self._caption.setStretchFactor(texts, 1)
        self._caption.setContentsMargins(Space.M, Space.XS + 2, Space.M, Space.XS + 2)
        caption.setLayout(self._caption)
        if side.hypothesis is not None:
            self._add_box(side.hypothesis)
        whole = column(self.view, caption, gap=0)
        whole.setStretchFactor(self.view, 1)
        self.setLayout(whole)

    @property
    def hypothesis(self) -> Hypothesis | None:
        """What it shows, or None for photo and map."""
        return self.side.hypothesis

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """A narrow pane has a shorter caption."""
        super().resizeEvent(event)
        self._fit_caption()

    def add_legend(self, legend: Legend) -> None:
        """Put a legend at the right of the caption; a narrow pane has it in its second line."""
        self._legend = legend
        self._caption.addWidget(legend)
        self._fit_caption()

    def set_short_model(self, title: str) -> None:
        """The title of its model where there is little room; it still tells apart what is compared."""
        if title != self._short_model:
            self._short_model = title
            self._fit_caption()

    def mark_other_map(self, other: bool) -> None:
        """Say that the hypothesis was made with another map than the one that stands beside it."""
        if other == self._other_map:
            return
        self._other_map = other
        self.details.setProperty("role", "warning" if other else "caption")
        self.details.style().unpolish(self.details)
        self.details.style().polish(self.details)
        mark = another_map if other else str
        short = mark(self.side.short) if self.side.short else ""
        self.details.set_full_text(mark(self.side.details), short=short)

    def _fit_caption(self) -> None:
        side_margin, gap = (Space.S - 2, Space.XS) if self.width() < TINY else (Space.M, Space.S)
        self._caption.setContentsMargins(side_margin, Space.XS + 2, side_margin, Space.XS + 2)
        self._caption.setSpacing(gap)
        self._second_line.setSpacing(gap)
        # Panes of one width name a model in one way, even where a longer name would fit into some.
        model = self._short_model if self.width() < TIGHT else self.side.model
        legend = self._legend
        if legend is None:
            self.title.set_full_text(model or self.side.title, short=self._short_model)
            return
        narrow = self.width() < NARROW
        if narrow:
            # Which model it is of matters more than how many hypotheses there were.
            self.title.set_full_text(model, short=self._short_model)
            self.details.set_full_text(self.side.title)
        else:
            self.title.set_full_text(self.side.title)
            self.details.set_full_text(self.side.details, short=self.side.short)
        if narrow != legend.one_line:
            legend.set_one_line(narrow)
            (self._caption if narrow else self._second_line).removeWidget(legend)
            (self._second_line if narrow else self._caption).addWidget(legend)
        # In one line the word takes what it needs, and the colours what is left.
        self.details.setMinimumWidth(self.details.natural_width() if narrow else LEAST_TEXT)
        self._second_line.setStretchFactor(legend, 3)

    def peek(self, photo: Sequence[Layer] | None) -> None:
        """Show the photo instead, or with None the pane's own picture again."""
        self.view.layers = list(self.side.layers if photo is None else photo)
        self.view.update()

    def _add_box(self, hypothesis: Hypothesis) -> None:
        self.box = QCheckBox()
        self.box.setChecked(True)
        self.box.setFixedWidth(BOX_WIDTH)
        self.box.setToolTip(self.tr("Shown and exported; without the tick it is left out of both"))
        self.box.setAccessibleName(self.tr("Show and export {0}").format(self.side.name))
        self.box.toggled.connect(lambda: self.unticked.emit(hypothesis))
        self._caption.insertWidget(0, self.box)


class Legend(QWidget):
    """A bar of colours and what they mean.

    Attributes:
        ends: the texts below the bar, from left to right.
        one_line: the outer texts stand beside the bar instead, which takes no more than a line of text.
    """

    def __init__(self, rgb: NDArray[np.uint8], ends: Sequence[str], name: str, tip: str) -> None:
        """
        Args:
            rgb: (N, 3), from the lowest to the highest value.
            ends: texts, spread evenly below the bar.
            name: for screen readers.
            tip: what is shown and in which unit.
        """
        super().__init__()
        self.ends = tuple(ends)
        self.one_line = False
        self._rgb = rgb
        self._name = name
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._say()

    def set_colours(self, rgb: NDArray[np.uint8], ends: Sequence[str]) -> None:
        """Show another scale."""
        self._rgb, self.ends = rgb, tuple(ends)
        self._say()
        self.update()

    def set_one_line(self, one_line: bool) -> None:
        """Take no more than a line of text, or room for two."""
        self.one_line = one_line
        self.setMaximumWidth(WIDEST_LINE if one_line else QWIDGETSIZE_MAX)
        self.updateGeometry()
        self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"{self._name}: {' … '.join(self.ends)}")

    def sizeHint(self) -> QSize:
        """Room for the bar and the texts below it."""
        return QSize(LEGEND_WIDTH, LINE if self.one_line else 30)

    def minimumSizeHint(self) -> QSize:
        """Beside a long name it may become narrower."""
        return QSize(LEAST_BAR, LINE) if self.one_line else QSize(LEAST_LEGEND_WIDTH, 30)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """The bar and its ends."""
        metrics = QFontMetrics(numbers_font(10))
        left = right = 0
        ends = self.ends if not self.one_line or self.width() >= BAR_ONLY else ()
        if self.one_line and ends:
            left = metrics.horizontalAdvance(self.ends[0]) + 5
            right = metrics.horizontalAdvance(self.ends[-1]) + 5
        bar = QRectF(left, 3, self.width() - left - right, 7)
        gradient = QLinearGradient(bar.left(), 0, bar.right(), 0)
        for place in np.linspace(0, 1, STOPS):
            rgb = self._rgb[round(float(place) * (len(self._rgb) - 1))]
            gradient.setColorAt(float(place), QColor(*(int(value) for value in rgb)))
        painter = QPainter(self)
        painter.fillRect(bar, gradient)
        painter.setPen(QColor(theme().tokens.text_faint))
        painter.setFont(numbers_font(10))
        below = QRectF(0, 0 if self.one_line else 13, self.width(), 15)
        places = [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight]
        if len(ends) == 3 and self.one_line:
            ends = (ends[0], ends[2])
        elif len(ends) == 3:
            places.insert(1, Qt.AlignmentFlag.AlignHCenter)
        for text, place in zip(ends, places, strict=bool(ends)):
            painter.drawText(below, place, text)
        painter.end()


def spread_legend(*, stated: bool) -> Legend:
    """The colours of the uncertainty; `stated` by the model itself, or the spread of its hypotheses."""
    values = np.arange(256, dtype=np.uint8)[None]
    spread = QCoreApplication.translate(
        "Legend",
        "Standard deviation of the hypotheses at each pixel, in percent of the full range. "
        "Where they agree they may still all be wrong.",
    )
    error = QCoreApplication.translate(
        "Legend",
        "How far off the mean of the hypotheses is expected to be at each pixel, in percent of the full "
        "range: on validation faces four of five pixels were no farther off.",
    )
    return Legend(
        spread_colours(values)[0],
        ("0", f"≥ {FULL_SPREAD * 100:.0f} %"),
        QCoreApplication.translate("Legend", "Legend of the uncertainty"),
        error if stated else spread,
    )


def difference_ends(kind: Kind, gain: int) -> tuple[str, ...]:
    """What the ends of the difference's colours mean."""
    limit = 100 / gain
    shown = number(limit, 0 if limit >= 10 else 1)
    if kind == "absolute":
        return "0", f"≥ {shown} %"
    return f"−{shown} %", "0", f"+{shown} %"


def difference_legend(kind: Kind, gain: int) -> Legend:
    """The colours of the difference."""
    return Legend(
        colours(kind),
        difference_ends(kind, gain),
        QCoreApplication.translate("Legend", "Legend of the difference"),
        QCoreApplication.translate(
            "Legend",
            "In percent of the full range. Signed: B minus A, mean of the channels; blue is darker in "
            "B, orange lighter. Absolute: mean distance of the channels. Black is no difference.",
        ),
    )

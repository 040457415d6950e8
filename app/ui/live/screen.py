"""Where the live picture is seen: original and hypothesis side by side, or one over the other."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from app.ui.canvas.badge import paint_badge
from app.ui.canvas.camera import Camera
from app.ui.canvas.layers import GridLayer, PictureLayer
from app.ui.canvas.view import PhotoView
from app.ui.live.feed import Shown
from app.ui.pair_view import PairView
from app.ui.theme.manager import FAMILY, theme
from app.ui.theme.tokens import Space, Type
from app.ui.widgets import ElidedLabel, column, row


class LiveView(PhotoView):
    """A picture, or one sentence while there is none.

    Attributes:
        layer: the picture.
        badge: a word over its corner, such as "Paused"; empty for none.
    """

    def __init__(self, camera: Camera) -> None:
        super().__init__(camera)
        self.layer = PictureLayer()
        self.badge = ""
        self._sentence = ""
        self.layers = [self.layer]

    def say(self, sentence: str) -> None:
        """What to read while there is no picture."""
        if sentence != self._sentence:
            self._sentence = sentence
            self.update()

    def paint_photo(self, painter: QPainter, exposed: QRectF) -> None:
        """The picture with its badge, else the sentence."""
        super().paint_photo(painter, exposed)
        font = QFont(FAMILY)
        if self.layer.pyramid is None:
            font.setPixelSize(Type.BODY)
            painter.setFont(font)
            painter.setPen(QColor(theme().tokens.text_soft))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(24, 24, -24, -24), flags, self._sentence)
        elif self.badge:
            paint_badge(painter, self.badge, at=QPointF(Space.M, Space.M))


class LivePair(PairView):
    """The wipe, with the badge.

    Attributes:
        badge: as in :class:`LiveView`.
        border: the hypothesis, and the part of it that is its label.
    """

    def __init__(self, camera: Camera) -> None:
        super().__init__(camera)
        self.badge = ""
        self.border: tuple[PictureLayer, QRectF] | None = None

    def paint_photo(self, painter: QPainter, exposed: QRectF) -> None:
        """Both pictures, the label in its whole width wherever the divider stands, and the badge."""
        super().paint_photo(painter, exposed)
        if self.border is not None:
            layer, area = self.border
            place = QRectF(self.widget_rectangle(area, margin=0)).intersected(exposed)
            kept, self.layers = self.layers, [layer]
            if not place.isEmpty():
                PhotoView.paint_photo(self, painter, place)
            self.layers = kept
        if self.badge:
            paint_badge(painter, self.badge, at=QPointF(Space.M + 32, Space.M))


class Caption(QFrame):
    """What a picture is, below it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paneCaption")
        self.title = ElidedLabel(role="strong", mode=Qt.TextElideMode.ElideRight)
        self.details = ElidedLabel(role="caption", mode=Qt.TextElideMode.ElideRight)
        inside = column(self.title, self.details, gap=1)
        inside.setContentsMargins(Space.M, Space.XS + 2, Space.M, Space.XS + 2)
        self.setLayout(inside)

    def say(self, title: str, details: str) -> None:
        """Name a picture."""
        for shown, text in ((self.title, title), (self.details, details)):
            if shown.full_text() != text:
                shown.set_full_text(text)


class LiveScreen(QWidget):
    """The two pictures under one zoom and pan.

    Attributes:
        camera: what is seen.
        original, made: the views of the two pictures.
        pair: both in one place.
        original_name, made_name: their captions.
    """

    def __init__(self) -> None:
        super().__init__()
        self.camera = Camera(self)
        self.original, self.made = LiveView(self.camera), LiveView(self.camera)
        self.pair = LivePair(self.camera)
        self.pair.set_sides([self.original.layer], [self.made.layer])
        self.original.setAccessibleName(self.tr("Original"))
        self.made.setAccessibleName(self.tr("Hypothesis"))
        self.pair.setAccessibleName(self.tr("Original and hypothesis"))
        self.original_name, self.made_name = Caption(), Caption()
        self._size = (0, 0)
        self._fills, self._wipes = True, False
        beside = QWidget()
        beside.setLayout(row(self.original, self.made, gap=2))
        self._pictures = QStackedLayout()
        self._pictures.setContentsMargins(0, 0, 0, 0)
        self._pictures.addWidget(beside)
        self._pictures.addWidget(self.pair)
        names = row(self.original_name, self.made_name, gap=2)
        whole = column(self._pictures, names, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def arrange(self, *, fills: bool, wipes: bool) -> None:
        """Show one picture or two, beside or over each other."""
        self._fills, self._wipes = fills, wipes
        self.made.setVisible(fills)
        self.made_name.setVisible(fills)
        self._pictures.setCurrentIndex(1 if fills and wipes else 0)

    def main_view(self) -> QWidget:
        """Where the keys go at first."""
        return self.pair if self._fills and self._wipes else self.original

    def say(self, sentence: str, *, made: str) -> None:
        """What to read while there is no picture, and while there is no hypothesis."""
        self.original.say(sentence)
        self.made.say(made)

    def set_badge(self, badge: str) -> None:
        """Put a word over the pictures."""
        views: tuple[LiveView | LivePair, ...] = (self.original, self.made, self.pair)
        for view in views:
            if view.badge != badge:
                view.badge = badge
                view.update()

    def show_frame(self, shown: Shown | None) -> None:
        """Show another frame; where it has another size, all of it."""
        original = shown.original if shown is not None else None
        made = shown.hypothesis if shown is not None else None
        largest = made or original
        if largest is not None and (largest.width, largest.height) != self._size:
            self._size = (largest.width, largest.height)
            self.camera.set_photo_size(*self._size)
            grid = GridLayer(*self._size)
            for view in (self.original, self.made):
                view.layers = [view.layer, grid]
            self.pair.set_sides(self.original.layers, self.made.layers)
        self.original.layer.pyramid = original
        self.made.layer.pyramid = made
        self.pair.border = None
        if original is not None and made is not None:
            below = QRectF(0, original.height, made.width, made.height - original.height)
            self.pair.border = (self.made.layer, below)
        for seen in (self.original, self.made, self.pair):
            if seen.isVisible():
                seen.update()

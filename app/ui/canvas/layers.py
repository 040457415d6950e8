"""What a view paints, one above the other: pictures, the map, faces, the pixel grid."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen

from app.imaging.edit import Rectangle
from app.imaging.face import Face
from app.ui.canvas.map_tiles import MapTiles
from app.ui.canvas.pyramid import Pyramid
from app.ui.theme.manager import FAMILY
from app.ui.theme.tokens import OVERLAY_COLOURS

NEAREST_FROM = 2.0
"""From this scale on pixels are drawn as squares: an analyst wants to see the pixels themselves."""

GRID_FROM = 12.0
"""From this scale on a grid separates the pixels."""

EXACT_FROM = 5.0
"""From this scale on the map's outline follows the edges of its pixels; below it would look torn."""

READY_S = 0.012
"""Work at the map's tiles in one frame, in seconds of processor time; the rest comes with the next."""

HALO = QColor(0, 0, 0, 110)


@dataclass(frozen=True)
class Frame:
    """What is being painted.

    Attributes:
        scale: device pixels per photo pixel.
        level: the pyramid level for it.
        visible: the part to paint, in photo pixels.
        ratio: device pixels per logical pixel, for line widths.
        behind: parts of the photo that a layer could not make ready in time, to be painted once more.
    """

    scale: float
    level: int
    visible: QRectF
    ratio: float
    behind: list[QRectF] = field(default_factory=list)


class Layer(Protocol):
    """Something that paints itself in photo coordinates."""

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the visible part; the painter's coordinates are photo pixels."""


class PictureLayer:
    """A picture that begins somewhere in the photo.

    Attributes:
        pyramid: the picture; None paints nothing.
        origin: the photo point of its upper left corner.
    """

    def __init__(self, pyramid: Pyramid | None = None, origin: QPointF | None = None) -> None:
        self.pyramid = pyramid
        self.origin = origin or QPointF(0, 0)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the picture."""
        if self.pyramid is None:
            return
        painter.save()
        painter.translate(self.origin)
        self.pyramid.paint(
            painter,
            level=frame.level,
            visible=frame.visible.translated(-self.origin),
            smooth=frame.scale < NEAREST_FROM and frame.scale != 1.0,
        )
        painter.restore()


class MapLayer:
    """The map over a photo.

    Attributes:
        tiles: the map; None paints nothing.
        shown: whether it is painted at all.
        opacity: 0..1 of the fill.
        filled: paint the inside; the outline alone leaves the photo free.
        colour: of the outline.
    """

    def __init__(self) -> None:
        self.tiles: MapTiles | None = None
        self.shown = True
        self.opacity = 0.45
        self.filled = True
        self.outlined = True
        self.colour = QColor(*OVERLAY_COLOURS[0].rgb)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint fill and outline; after a change of all of a large map in several frames."""
        if self.tiles is None or not self.shown:
            return
        deadline = time.thread_time() + READY_S

        def late() -> bool:
            return time.thread_time() > deadline

        tiles = list(
            self.tiles.visible(frame.level, frame.visible, late=late, behind=frame.behind)
        )
        if self.filled:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, frame.scale < 1)
            painter.setOpacity(self.opacity)
            for tile in tiles:
                painter.drawImage(_area(tile.rectangle), tile.image)
            painter.setOpacity(1.0)
        if self.outlined:
            smooth = frame.scale < EXACT_FROM
            lines: list[QLineF] = []
            for tile in tiles:
                if late() and not tile.outlined(smooth=smooth):
                    frame.behind.append(_area(tile.rectangle))
                else:
                    lines += self.tiles.lines(frame.level, tile, smooth=smooth)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
            _draw_lines(painter, lines, self.colour, width=1.5 * frame.ratio)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


ROOM_FOR_NUMBER = 72.0
"""Logical pixels that a face's box has at least, with its number inside."""


class FacesLayer:
    """The located faces as boxes.

    Attributes:
        faces: in the order of their numbers.
        selected: index of the selected one, or None.
        shown: whether boxes are painted.
        landmarks: whether the 68 points are painted too.
        colour: of the selected box.
    """

    def __init__(self) -> None:
        self.faces: Sequence[Face] = ()
        self.selected: int | None = None
        self.shown = True
        self.landmarks = False
        self.colour = QColor("#79b2f2")

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint boxes, numbers and, where wanted, landmarks."""
        if not self.shown:
            return
        for index, face in enumerate(self.faces):
            chosen = index == self.selected
            colour = self.colour if chosen else QColor(255, 255, 255, 215)
            self._paint_box(painter, face, colour, frame, chosen=chosen)
            if len(self.faces) > 1:
                self._paint_number(painter, face, index + 1, colour, frame)
            if self.landmarks:
                self._paint_landmarks(painter, face, frame)

    def hit(self, point: QPointF) -> int | None:
        """The smallest face whose box holds a photo point."""
        hits = [
            ((face.box[2] - face.box[0]) * (face.box[3] - face.box[1]), index)
            for index, face in enumerate(self.faces)
            if box_rectangle(face).contains(point)
        ]
        return min(hits)[1] if hits else None

    def _paint_box(
        self, painter: QPainter, face: Face, colour: QColor, frame: Frame, *, chosen: bool
    ) -> None:
        """Corners only, so that the box never hides the face's outline."""
        box = box_rectangle(face)
        arm = min(box.width(), box.height()) * 0.18
        lines = []
        for x, dx in ((box.left(), arm), (box.right(), -arm)):
            for y, dy in ((box.top(), arm), (box.bottom(), -arm)):
                lines += [QLineF(x, y, x + dx, y), QLineF(x, y, x, y + dy)]
        _draw_lines(painter, lines, colour, width=(2.0 if chosen else 1.5) * frame.ratio)

    def _paint_number(
        self, painter: QPainter, face: Face, number: int, colour: QColor, frame: Frame
    ) -> None:
        unit = frame.ratio / frame.scale  # one logical pixel in photo coordinates
        corner = QPointF(face.box[0], face.box[1])
        painter.save()
        painter.translate(corner)
        painter.scale(unit, unit)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(0, 0, 0, 170)))
        shown = min(face.box[2] - face.box[0], face.box[3] - face.box[1]) / unit
        # On a small face the number would hide what it is about: it stands above the box then.
        badge = QRectF(6, 6, 18, 18) if shown >= ROOM_FOR_NUMBER else QRectF(-1, -21, 18, 18)
        painter.drawRoundedRect(badge, 4, 4)
        font = QFont(FAMILY)
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(number))
        painter.restore()

    def _paint_landmarks(self, painter: QPainter, face: Face, frame: Frame) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points = [QPointF(float(x), float(y)) for x, y in face.landmarks]
        for colour, width in ((HALO, 4.5), (QColor(255, 255, 255), 2.5)):
            pen = QPen(colour, width * frame.ratio)
            pen.setCosmetic(True)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(points)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


class GridLayer:
    """Lines between the photo's pixels, once these are large enough to count."""

    def __init__(self, width: int, height: int) -> None:
        self._bounds = QRectF(0, 0, width, height)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the grid."""
        if frame.scale < GRID_FROM:
            return
        area = frame.visible.intersected(self._bounds)
        if area.isEmpty():
            return
        pen = QPen(QColor(128, 128, 128, 90), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        left, right = int(area.left()), int(area.right()) + 1
        top, bottom = int(area.top()), int(area.bottom()) + 1
        painter.drawLines([QLineF(x, area.top(), x, area.bottom()) for x in range(left, right + 1)])
        painter.drawLines([QLineF(area.left(), y, area.right(), y) for y in range(top, bottom + 1)])


def box_rectangle(face: Face) -> QRectF:
    """A face's box as a Qt rectangle in photo coordinates."""
    x0, y0, x1, y1 = face.box
    return QRectF(x0, y0, x1 - x0, y1 - y0)


def _area(rectangle: Rectangle) -> QRectF:
    x0, y0, x1, y1 = rectangle
    return QRectF(x0, y0, x1 - x0, y1 - y0)


def _draw_lines(painter: QPainter, lines: list[QLineF], colour: QColor, *, width: float) -> None:
    """Lines that are seen on any picture: dark below, coloured above, equally wide at any zoom."""
    if not lines:
        return
    for tint, extra in ((HALO, 1.6), (colour, 0.0)):
        pen = QPen(tint, width + extra)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        painter.drawLines(lines)

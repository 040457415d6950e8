"""What part of a photo is seen and how large: one camera may serve several views at once."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

MAX_SCALE = 64.0
WHEEL_STEP = 1.25
"""Zoom per notch of the wheel."""

STEPS = (0.0625, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 64.0)
"""What "zoom in" and "zoom out" stop at, in device pixels per photo pixel."""

FIT_MARGIN = 24.0
"""Device pixels left free on each side when the photo is fitted."""

MOST_MARGIN = 0.08
"""Of the view's width or height; in a small view the margin is no more than that."""


class Camera(QObject):
    """A position and a scale in a photo's coordinates (x right, y down, pixel i spans i..i+1).

    Views ask it where a photo point falls in them; their centre always shows :attr:`centre`. So any
    number of views of any size that share a camera show the same place equally large.

    Attributes:
        scale: device pixels per photo pixel; 1.0 is 100 %.
        centre: the photo point in the middle of every view.
        size: the photo's size in pixels.

    Signals:
        changed: scale or centre are others now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scale = 1.0
        self.centre = QPointF(0, 0)
        self.size = QSizeF(1, 1)
        self._view = QSizeF(1, 1)
        # The part of the photo that is kept filling the view until the user moves.
        self._kept: QRectF | None = QRectF(0, 0, 1, 1)

    def set_photo_size(self, width: int, height: int) -> None:
        """Begin with another photo, fitted."""
        self.size = QSizeF(width, height)
        self.fit()

    def set_view_size(self, view: QSizeF) -> None:
        """Tell how large the views are, in device pixels."""
        if view.width() < 1 or view.height() < 1:
            return
        self._view = view
        if self._kept is None:
            self._settle()
        elif self.fitted:
            self.fit()
        else:
            self.show_rectangle(self._kept)

    @property
    def whole(self) -> QRectF:
        """All of the photo."""
        return QRectF(QPointF(0, 0), self.size)

    @property
    def fitted(self) -> bool:
        """Whether the whole photo is kept in sight."""
        return self._kept == self.whole

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole photo is seen; a small photo is enlarged to 800 % at most."""
        return min(self.scale_of(self.whole), 8.0)

    def scale_of(self, area: QRectF) -> float:
        """The scale at which a part of the photo fills the view but for its margins."""
        room_x, room_y = (
            side - 2 * min(FIT_MARGIN, side * MOST_MARGIN)
            for side in (self._view.width(), self._view.height())
        )
        return min(room_x / max(area.width(), 1), room_y / max(area.height(), 1))

    @property
    def min_scale(self) -> float:
        """A photo never becomes smaller than a quarter of its fitted size."""
        return min(self.fit_scale / 4, 1.0)

    def fit(self) -> None:
        """Show the whole photo, and keep doing so when the view changes its size."""
        self._kept = self.whole
        self.scale = self.fit_scale
        self.centre = self.whole.center()
        self.changed.emit()

    def show_rectangle(self, rectangle: QRectF) -> None:
        """Fill the view with a part of the photo, such as a face, until the user moves."""
        room_x, room_y = self._view.width() * 0.9, self._view.height() * 0.9
        wanted = min(room_x / max(rectangle.width(), 1), room_y / max(rectangle.height(), 1))
        self._set(wanted, rectangle.center())
        self._kept = rectangle

    def zoom_to(self, scale: float, *, anchor: QPointF | None = None) -> None:
        """Change the scale; the photo point `anchor` (default: the centre) stays where it is seen."""
        fixed = QPointF(self.centre) if anchor is None else anchor
        scale = self._allowed(scale)
        ratio = self.scale / scale
        self._set(scale, fixed + (self.centre - fixed) * ratio)

    def zoom_by(self, factor: float, *, anchor: QPointF | None = None) -> None:
        """Multiply the scale."""
        self.zoom_to(self.scale * factor, anchor=anchor)

    def step(self, direction: int) -> None:
        """Go to the next round scale above (+1) or below (-1)."""
        if direction > 0:
            above = [value for value in STEPS if value > self.scale * 1.001]
            self.zoom_to(above[0] if above else MAX_SCALE)
        else:
            below = [value for value in STEPS if value < self.scale * 0.999]
            self.zoom_to(below[-1] if below else self.min_scale)

    def pan(self, dx: float, dy: float) -> None:
        """Move the photo by device pixels."""
        self._set(self.scale, self.centre - QPointF(dx, dy) / self.scale)

    def to_view(self, point: QPointF, view: QSizeF) -> QPointF:
        """A photo point in the device pixels of a view."""
        offset = (point - self.centre) * self.scale
        return QPointF(offset.x() + view.width() / 2, offset.y() + view.height() / 2)

    def to_photo(self, point: QPointF, view: QSizeF) -> QPointF:
        """A device pixel of a view in photo coordinates."""
        middle = QPointF(view.width() / 2, view.height() / 2)
        return self.centre + (point - middle) / self.scale

    def _allowed(self, scale: float) -> float:
        return min(max(scale, self.min_scale), MAX_SCALE)

    def _set(self, scale: float, centre: QPointF) -> None:
        self._kept = None
        self.scale = self._allowed(scale)
        self.centre = centre
        self._settle()

    def _settle(self) -> None:
        """Keep a part of the photo in sight: the centre of the view stays on the photo."""
        x = min(max(self.centre.x(), 0.0), self.size.width())
        y = min(max(self.centre.y(), 0.0), self.size.height())
        self.centre = QPointF(x, y)
        self.changed.emit()

    def level(self) -> int:
        """The pyramid level to draw from: halvings that still leave a pixel for every device pixel."""
        return max(0, math.floor(math.log2(1 / self.scale) + 1e-6)) if self.scale < 1 else 0

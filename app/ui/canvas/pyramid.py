"""A picture and its halvings, so that painting never scales more pixels than the screen has.

Built in a worker; read by the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

SMALLEST = 256
"""Halving stops when the longer side is no longer than this many pixels."""


class Pyramid:
    """A picture ready to be painted at any scale.

    The full-size level is the caller's own array, not a copy: a 60-megapixel photo costs its 180 MB
    once. The halvings together cost 44 % more, in the layout that Qt paints fastest.

    Attributes:
        width, height: the picture's size in pixels.
        levels: (picture, QImage) per level; the array is kept because the QImage only points to it.
    """

    def __init__(
        self, pixels: NDArray[np.uint8], *, check: Callable[[], None] | None = None
    ) -> None:
        """Build the levels.

        Args:
            pixels: (H, W, 3) RGB or (H, W) grey, uint8; must not change afterwards.
            check: called between levels; may raise to cancel.
        """
        pixels = np.ascontiguousarray(pixels)
        self.height, self.width = pixels.shape[:2]
        self._levels: list[tuple[NDArray[np.uint8], QImage]] = [_as_image(pixels)]
        smaller = pixels
        while max(smaller.shape[:2]) > SMALLEST:
            if check is not None:
                check()
            height, width = smaller.shape[:2]
            half = ((width + 1) // 2, (height + 1) // 2)
            smaller = np.asarray(
                cv2.resize(smaller, half, interpolation=cv2.INTER_AREA), dtype=np.uint8
            )
            self._levels.append(_as_painted(smaller))

    @property
    def depth(self) -> int:
        """How many levels there are."""
        return len(self._levels)

    def image(self, level: int) -> QImage:
        """One level; beyond the last the last."""
        return self._levels[min(level, self.depth - 1)][1]

    def paint(self, painter: QPainter, *, level: int, visible: QRectF, smooth: bool) -> None:
        """Paint the visible part.

        Args:
            painter: in this picture's full-size coordinates.
            level: the level to take.
            visible: the part of the picture that is seen, in full-size pixels.
            smooth: interpolate between pixels.
        """
        image = self.image(level)
        part = visible.intersected(QRectF(0, 0, self.width, self.height))
        if part.isEmpty():
            return
        # Whole source pixels: a fractional source rectangle makes Qt blend the picture's edges.
        sx, sy = image.width() / self.width, image.height() / self.height
        left, top = int(part.left() * sx) - 1, int(part.top() * sy) - 1
        right, bottom = int(part.right() * sx) + 2, int(part.bottom() * sy) + 2
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, image.width()), min(bottom, image.height())
        source = QRectF(left, top, right - left, bottom - top)
        target = QRectF(left / sx, top / sy, source.width() / sx, source.height() / sy)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, image, source, Qt.ImageConversionFlag.NoFormatConversion)

    def value(self, x: int, y: int) -> tuple[int, ...]:
        """The 8-bit values of one pixel."""
        return tuple(int(value) for value in np.atleast_1d(self._levels[0][0][y, x]))


def _as_image(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], QImage]:
    """A QImage that looks at the array."""
    height, width = pixels.shape[:2]
    layout = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_RGB888
    return pixels, QImage(pixels.data, width, height, pixels.strides[0], layout)


def _as_painted(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], QImage]:
    """The same in the layout that is painted without conversion."""
    if pixels.ndim == 2:
        return _as_image(pixels)
    height, width = pixels.shape[:2]
    wide = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA), dtype=np.uint8)
    return wide, QImage(wide.data, width, height, wide.strides[0], QImage.Format.Format_RGB32)

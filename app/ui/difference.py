"""Where two pictures of the comparison differ, worked out on their own pixels and drawn in colours.

The values are computed at full resolution and depth; zooming out averages values, never colours. At
100 % and above only what is equal in the value that is shown is black.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.imaging.edit import Rectangle
from app.ui.canvas.layers import NEAREST_FROM, Frame
from app.ui.session import Hypothesis

Kind = Literal["signed", "absolute"]

FULL = 32000
"""What stands for a difference of the whole range: fits 16 bits and every 8-bit step exactly enough."""

GAINS = (1, 2, 4, 8, 16, 32)
DEFAULT_GAIN = 4

BELOW = (86, 180, 233)
ABOVE = (240, 170, 30)
"""Sky blue and orange: told apart with every common colour blindness; no difference is black."""

ZERO_INDEX = 128
BAND_PIXELS = 1 << 20
SMALLEST = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class Difference:
    """What one picture has more or less than another.

    Attributes:
        kind: signed, B minus A, averaged over the channels; or absolute, the average of the channels'
            distances, which sees a change of hue too.
        levels: (h, w) int16 per level, :data:`FULL` is the whole range; each level has half the size.
        area: x0, y0, x1, y1 of the first level in the photo; outside it nothing differs.
        size: width and height of the photo.
        largest: of the distances, 0..1.
    """

    kind: Kind
    levels: tuple[NDArray[np.int16], ...]
    area: Rectangle
    size: tuple[int, int]
    largest: float


def difference_of(
    first: Hypothesis | None,
    second: Hypothesis | None,
    kind: Kind,
    *,
    check: Callable[[], None] = lambda: None,
) -> Difference:
    """Compare two hypotheses of one photo; runs in a worker.

    Args:
        first, second: None stands for the photo; at least one is a hypothesis.
        kind: which difference.
        check: called between bands; may raise to cancel.

    Raises:
        ValueError: both are the photo.
    """
    made = [each for each in (first, second) if each is not None]
    if not made:
        raise ValueError("two times the photo")
    photo = made[0].outcome.photo
    if all(each.ground is None for each in made):
        rectangles = [each.outcome.area for each in made]
        area = (
            min(each[0] for each in rectangles),
            min(each[1] for each in rectangles),
            max(each[2] for each in rectangles),
            max(each[3] for each in rectangles),
        )
    else:  # a sketch differs from a photo everywhere
        area = (0, 0, photo.width, photo.height)
    x0, y0, x1, y1 = area
    values = np.zeros((y1 - y0, x1 - x0), np.int16)
    rows = max(1, BAND_PIXELS // max(x1 - x0, 1))
    for top in range(y0, y1, rows):
        check()
        band = (x0, top, x1, min(top + rows, y1))
        apart = _channels(second, photo.colour, band) - _channels(first, photo.colour, band)
        if kind == "absolute":
            np.abs(apart, out=apart)
        mean = apart.mean(axis=2) * np.float32(FULL)
        # Away from zero: one step of a 16-bit photo is a difference too.
        values[top - y0 : band[3] - y0] = np.copysign(np.ceil(np.abs(mean)), mean)
    levels = [values]
    while max(levels[-1].shape) > SMALLEST:
        check()
        height, width = levels[-1].shape
        half = (max(width // 2, 1), max(height // 2, 1))
        levels.append(
            np.asarray(cv2.resize(levels[-1], half, interpolation=cv2.INTER_AREA), np.int16)
        )
    largest = max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0)))) / FULL
    return Difference(
        kind=kind,
        levels=tuple(levels),
        area=area,
        size=(photo.width, photo.height),
        largest=largest,
    )


def _channels(
    side: Hypothesis | None, photo: NDArray[np.unsignedinteger[Any]], band: Rectangle
) -> NDArray[np.float32]:
    """A band of one side as (h, w, 3) float32 0..1; grey is repeated."""
    if side is None:
        x0, y0, x1, y1 = band
        pixels = photo[y0:y1, x0:x1]
    else:
        composites = side.outcome.composites
        pixels = composites.parts[side.number - 1].inside(band, composites.ground)
    full = np.float32(np.iinfo(pixels.dtype).max)
    values = pixels.astype(np.float32) / full
    values = values[..., None] if values.ndim == 2 else values
    values = values[..., :3] if values.shape[2] >= 3 else values[..., :1]
    return np.asarray(np.broadcast_to(values, (*values.shape[:2], 3)), np.float32)


@cache
def colours(kind: Kind) -> NDArray[np.uint8]:
    """(256, 3) RGB. Signed: index 128 is no difference. Absolute: index 0 is none (Inferno)."""
    if kind == "absolute":
        ramp = np.arange(256, dtype=np.uint8)[None]
        table = cv2.applyColorMap(ramp, cv2.COLORMAP_INFERNO)[0, :, ::-1].copy()
        table[0] = 0
        return np.asarray(table, np.uint8)
    steps = np.linspace(0, 1, ZERO_INDEX)[:, None]
    below = steps[::-1] * np.array(BELOW)
    above = steps * np.array(ABOVE)
    return np.asarray(np.rint(np.concatenate([below, above])), np.uint8)


def coloured(values: NDArray[np.int16], kind: Kind, gain: int) -> NDArray[np.uint8]:
    """(h, w) int16 to RGB (h, w, 3): the range that is shown is the whole one divided by the gain."""
    part = values.astype(np.float32) * np.float32(gain / FULL)
    if kind == "absolute":
        index = np.clip(np.ceil(part * 255), 0, 255)
    else:
        # Away from zero, so that the smallest difference is not drawn as none.
        index = np.clip(np.where(part < 0, np.floor(part * 127), np.ceil(part * 127)), -127, 127)
        index += np.where(part < 0, ZERO_INDEX - 1, ZERO_INDEX)
    return np.asarray(colours(kind)[index.astype(np.uint8)], np.uint8)


class DifferenceLayer:
    """Paints a difference over black.

    Attributes:
        difference: what to paint; None paints nothing.
        gain: how much it is amplified.
    """

    def __init__(self) -> None:
        self.difference: Difference | None = None
        self.gain = DEFAULT_GAIN

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the visible part, from the level that is nearest to the screen's pixels."""
        found = self.difference
        if found is None:
            return
        painter.fillRect(QRectF(0, 0, *found.size), QColor(0, 0, 0))
        x0, y0, x1, y1 = found.area
        seen = frame.visible.intersected(QRectF(x0, y0, x1 - x0, y1 - y0)).translated(-x0, -y0)
        if seen.isEmpty():
            return
        wanted = max(round(math.log2(1 / frame.scale)), 0) if frame.scale < 1 else 0
        values = found.levels[min(wanted, len(found.levels) - 1)]
        sx, sy = values.shape[1] / (x1 - x0), values.shape[0] / (y1 - y0)
        left, top = max(int(seen.left() * sx) - 1, 0), max(int(seen.top() * sy) - 1, 0)
        right = min(math.ceil(seen.right() * sx) + 1, values.shape[1])
        bottom = min(math.ceil(seen.bottom() * sy) + 1, values.shape[0])
        rgb = np.ascontiguousarray(coloured(values[top:bottom, left:right], found.kind, self.gain))
        height, width = rgb.shape[:2]
        image = QImage(rgb.data, width, height, rgb.strides[0], QImage.Format.Format_RGB888)
        target = QRectF(x0 + left / sx, y0 + top / sy, width / sx, height / sy)
        smooth = frame.scale < NEAREST_FROM and frame.scale != 1.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, image)

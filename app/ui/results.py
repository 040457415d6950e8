"""From an outcome of the workbench to what the window shows of it; runs in a worker."""

from __future__ import annotations

import numpy as np
import qimage2ndarray
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from app.imaging.edit import bounding_rectangle
from app.ui.canvas.pyramid import Pyramid
from app.ui.session import Hypothesis
from app.workbench import Outcome

FACE_THUMBNAIL = 96
"""Side of a hypothesis' thumbnail in pixels."""

MARGIN = 0.15
"""How much more than the face's box the thumbnail shows, on each side."""


def hypotheses_of(outcome: Outcome) -> tuple[Hypothesis, ...]:
    """Everything an outcome made, ready to be painted.

    A composite equals the photo outside the map, so only the map's rectangle is kept for painting:
    four results of a large photo cost little more than one.
    """
    made = []
    area = bounding_rectangle(outcome.map)
    for number, pixels in enumerate(outcome.composites, start=1):
        whole = pixels.ndim == 2
        x0, y0, x1, y1 = (0, 0, outcome.photo.width, outcome.photo.height) if whole else area
        picture = Pyramid(eight_bits(pixels[y0:y1, x0:x1]))
        made.append(
            Hypothesis(
                outcome=outcome,
                number=number,
                picture=picture,
                origin=(x0, y0),
                whole=whole,
                thumbnail=_thumbnail(outcome, pixels),
            )
        )
    return tuple(made)


def eight_bits(pixels: NDArray[np.generic]) -> NDArray[np.uint8]:
    """(H, W[, C]) of a composite to what a screen shows: (H, W, 3) or (H, W), uint8, no alpha."""
    if pixels.ndim == 3:
        pixels = pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., 0]
    if pixels.dtype == np.uint16:
        pixels = pixels.astype(np.uint16) >> 8
    return np.ascontiguousarray(pixels, dtype=np.uint8)


def _thumbnail(outcome: Outcome, pixels: NDArray[np.generic]) -> QImage:
    """The first face of the run with its surroundings, square."""
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = outcome.request.faces[0].box
    side = max(x1 - x0, y1 - y0) * (1 + 2 * MARGIN)
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    wanted = QRect(round(cx - side / 2), round(cy - side / 2), round(side), round(side))
    area = wanted.intersected(QRect(0, 0, width, height))
    if area.isEmpty():
        area = QRect(0, 0, width, height)
    part = eight_bits(pixels[area.top() : area.bottom() + 1, area.left() : area.right() + 1])
    # Both copy, so nothing points to the array afterwards.
    convert = qimage2ndarray.gray2qimage if part.ndim == 2 else qimage2ndarray.array2qimage
    image: QImage = convert(part)
    return image.scaled(
        FACE_THUMBNAIL,
        FACE_THUMBNAIL,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )

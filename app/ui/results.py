"""From an outcome of the workbench to what the window shows of it; runs in a worker."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import qimage2ndarray
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.imaging.part import Part
from app.ui.canvas.pyramid import Pyramid
from app.ui.session import Hypothesis
from app.workbench import Outcome

FACE_THUMBNAIL = 96
"""Side of a hypothesis' thumbnail in pixels."""

MARGIN = 0.15
"""How much more than the face's box the thumbnail shows, on each side."""


def hypotheses_of(outcome: Outcome) -> tuple[Hypothesis, ...]:
    """Everything an outcome made, ready to be painted.

    A composite equals the photo outside the map's rectangle, and the sketches of a run equal each other
    there, so only that rectangle is kept per hypothesis: eight results of a large photo cost little
    more than one.
    """
    spread = _spread_picture(outcome)
    composites = outcome.composites
    sketched = composites.ground.ndim == 2
    ground = Pyramid(eight_bits(composites.ground)) if sketched else None
    made = []
    for number, part in enumerate(composites.parts, start=1):
        made.append(
            Hypothesis(
                outcome=outcome,
                number=number,
                picture=Pyramid(eight_bits(part.pixels)),
                origin=part.origin,
                ground=ground,
                thumbnail=_thumbnail(outcome, composites.ground, part),
                spread=spread,
                spread_origin=outcome.area[:2],
            )
        )
    return tuple(made)


def _spread_picture(outcome: Outcome) -> Pyramid | None:
    """The photo inside the map's rectangle, with the spread in colours where the map is."""
    if outcome.uncertainty_part is None:
        return None
    x0, y0, x1, y1 = outcome.area
    picture = outcome.photo.rgb[y0:y1, x0:x1].copy()
    mapped = outcome.map_part.pixels
    picture[mapped] = spread_colours(outcome.uncertainty_part.pixels)[mapped]
    return Pyramid(picture)


def spread_colours(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W) uint8 to RGB (H, W, 3): Viridis, which rises evenly and is safe for colour-blind eyes."""
    coloured = cv2.applyColorMap(np.ascontiguousarray(values), cv2.COLORMAP_VIRIDIS)
    return np.asarray(coloured[..., ::-1], dtype=np.uint8)


def eight_bits(pixels: NDArray[np.generic]) -> NDArray[np.uint8]:
    """(H, W[, C]) of a composite to what a screen shows: (H, W, 3) or (H, W), uint8, no alpha."""
    if pixels.ndim == 3:
        pixels = pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., 0]
    if pixels.dtype == np.uint16:
        pixels = pixels.astype(np.uint16) >> 8
    return np.ascontiguousarray(pixels, dtype=np.uint8)


def _thumbnail(
    outcome: Outcome, ground: NDArray[np.unsignedinteger[Any]], part: Part[np.unsignedinteger[Any]]
) -> QImage:
    """The first face of the run with its surroundings, square."""
    height, width = ground.shape[:2]
    x0, y0, x1, y1 = outcome.request.faces[0].box
    side = min(max(x1 - x0, y1 - y0) * (1 + 2 * MARGIN), width, height)
    left = round(min(max((x0 + x1 - side) / 2, 0), width - side))
    top = round(min(max((y0 + y1 - side) / 2, 0), height - side))
    end = max(round(side), 1)
    face = part.inside((left, top, left + end, top + end), ground)
    # Reduced before anything else: Qt takes a third of a second for a large face.
    small = eight_bits(
        cv2.resize(face, (FACE_THUMBNAIL, FACE_THUMBNAIL), interpolation=cv2.INTER_AREA)
    )
    convert = qimage2ndarray.gray2qimage if small.ndim == 2 else qimage2ndarray.array2qimage
    image: QImage = convert(small)
    return image

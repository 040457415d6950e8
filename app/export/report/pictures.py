"""The report's pictures: each small enough for a page, each generated one with its label in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.case.records import FaceRecord, ReconstructionResult
from app.export.labels import label_of, label_strip, uncertainty_label
from app.imaging.errors import RevisageError

RGB = NDArray[np.uint8]

OVERVIEW, CROP = 900, 640
"""Longer side of a whole photo and of a crop, in pixels."""

QUALITY = 90

AROUND = 0.35
"""How much of its own size is shown around a face."""

NARROWEST = 320
"""Narrower crops get white to their right, for the label."""

LETTERS = 1.9
"""Sets the letters of a label: a twenty-sixth of the picture's width, 2 mm in a column of three."""

STRIP = 0.235
"""Least height of a label over the picture's width: four lines."""

MAP_COLOUR = (255, 122, 24)
FACE_COLOUR = (255, 255, 255)


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """A picture of the report.

    Attributes:
        jpeg: the file.
        width, height: in pixels, label included.
        caption: what stands below it; no picture is without.
    """

    jpeg: bytes
    width: int
    height: int
    caption: str


@dataclass(frozen=True)
class Window:
    """The part of a photo that is shown, and at which size.

    Attributes:
        x0, y0, x1, y1: in photo pixels.
        width, height: as shown, in pixels.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    width: int
    height: int

    def of(self, pixels: NDArray[np.generic]) -> RGB:
        """Cut out and scale (H, W[, C]) of 8 or 16 bits; shrunk by area, enlarged without smoothing."""
        part = rgb8(pixels[self.y0 : self.y1, self.x0 : self.x1])
        small = self.width <= part.shape[1]
        way = cv2.INTER_AREA if small else cv2.INTER_NEAREST
        return np.asarray(cv2.resize(part, (self.width, self.height), interpolation=way), np.uint8)

    @property
    def scale(self) -> str:
        """How large it is shown, for a caption."""
        factor = self.width / (self.x1 - self.x0)
        if factor >= 2:
            return f"enlarged {factor:.0f} times, without smoothing"
        return f"reduced to {100 * factor:.0f} %" if factor < 1 else "at its own size"


def rgb8(pixels: NDArray[np.generic]) -> RGB:
    """(H, W, 3) uint8 of a photo or picture: grey repeated, alpha left out, 16 bits reduced."""
    values: NDArray[Any] = pixels if pixels.ndim == 3 else pixels[..., None]
    values = values[..., :3] if values.shape[2] >= 3 else values[..., :1]
    if values.dtype == np.uint16:
        values = values >> 8
    if values.shape[2] == 1:
        values = np.repeat(values, 3, axis=2)
    return np.ascontiguousarray(values, np.uint8)


def whole(width: int, height: int) -> Window:
    """The whole photo, never enlarged."""
    factor = min(1.0, OVERVIEW / max(width, height))
    return Window(
        0, 0, width, height, max(1, round(width * factor)), max(1, round(height * factor))
    )


def around(face: FaceRecord, width: int, height: int) -> Window:
    """A square around a face as far as the photo reaches, enlarged by a whole factor when small."""
    x0, y0, x1, y1 = face.box
    side = (1 + 2 * AROUND) * max(x1 - x0, y1 - y0)
    centre_x, centre_y = (x0 + x1) / 2, (y0 + y1) / 2
    left, top = int(max(0, centre_x - side / 2)), int(max(0, centre_y - side / 2))
    right = int(min(width, np.ceil(centre_x + side / 2)))
    bottom = int(min(height, np.ceil(centre_y + side / 2)))
    if right <= left or bottom <= top:
        return whole(width, height)
    longer = max(right - left, bottom - top)
    factor = CROP / longer if longer > CROP else float(max(1, CROP // longer))
    size = max(1, round((right - left) * factor)), max(1, round((bottom - top) * factor))
    return Window(left, top, right, bottom, *size)


def overview(
    pixels: NDArray[np.generic], faces: tuple[FaceRecord, ...], label: str, caption: str
) -> Shown:
    """A whole photo with its faces framed and numbered."""
    height, width = pixels.shape[:2]
    window = whole(width, height)
    picture = window.of(pixels)
    scale = window.width / width
    line = max(1, round(max(window.width, window.height) / 300))
    for number, face in enumerate(faces, start=1):
        x0, y0, x1, y1 = (round(value * scale) for value in face.box)
        for colour, extra in (((0, 0, 0), 2 * line), (FACE_COLOUR, 0)):
            cv2.rectangle(picture, (x0, y0), (x1, y1), colour, line + extra)
            size = max(0.5, max(window.width, window.height) / 900)
            place = (x0 + 2 * line, max(y0 - 3 * line, round(22 * size)))
            cv2.putText(picture, str(number), place, cv2.FONT_HERSHEY_SIMPLEX, size, colour,
                        line + 1 + extra, cv2.LINE_AA)  # fmt: skip
    return _labelled(picture, label, caption)


def plain_crop(pixels: NDArray[np.generic], window: Window, label: str, caption: str) -> Shown:
    """A part of the photo as it is."""
    return _labelled(window.of(pixels), label, caption)


def map_crop(
    pixels: NDArray[np.generic],
    map: NDArray[np.bool_],
    window: Window,
    caption: str,
    *,
    number: int,
) -> Shown:
    """A part of the photo with the map as a tint and an outline."""
    picture = window.of(pixels)
    part = map[window.y0 : window.y1, window.x0 : window.x1].view(np.uint8)
    size = (window.width, window.height)
    inside = cv2.resize(part, size, interpolation=cv2.INTER_NEAREST).astype(np.bool_)
    tint = np.array(MAP_COLOUR, np.float32)
    picture[inside] = (0.55 * picture[inside] + 0.45 * tint).astype(np.uint8)
    outlines, _ = cv2.findContours(inside.view(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, outlines, -1, MAP_COLOUR, 2, cv2.LINE_AA)
    label = f"Map {number}, drawn over the original as a tint with an outline"
    return _labelled(picture, label, caption)


def hypothesis_crop(
    pixels: NDArray[np.generic],
    window: Window,
    result: ReconstructionResult,
    number: int,
    caption: str,
) -> Shown:
    """A part of a hypothesis with its label below it, as part of the picture."""
    return _labelled(window.of(pixels), label_of(result, number), caption)


def uncertainty_crop(
    pixels: NDArray[np.generic], window: Window, result: ReconstructionResult, caption: str
) -> Shown:
    """A part of the uncertainty in colours, dark to bright, with its label."""
    grey = window.of(pixels)[..., 0]
    coloured = cv2.cvtColor(cv2.applyColorMap(grey, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    return _labelled(np.asarray(coloured, np.uint8), uncertainty_label(result), caption)


def _labelled(picture: RGB, label: str, caption: str) -> Shown:
    """A picture with its label below it, in letters that can be read in a column of a page.

    All strips of one width are equally high, so that pictures side by side are.
    """
    width = max(picture.shape[1], NARROWEST)
    area = round((LETTERS * width) ** 2)
    strip = label_strip(label, width=width, area=area)
    height = max(len(strip), round(STRIP * width))
    canvas = np.full((picture.shape[0] + height, width, 3), 255, np.uint8)
    canvas[: picture.shape[0], : picture.shape[1]] = picture
    canvas[picture.shape[0] : picture.shape[0] + len(strip)] = strip[..., None]
    return _shown(canvas, caption)


def _shown(picture: RGB, caption: str) -> Shown:
    done, packed = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    )
    if not done:
        raise RevisageError(f"A picture of the report could not be packed ({caption}).")
    height, width = picture.shape[:2]
    return Shown(jpeg=packed.tobytes(), width=width, height=height, caption=caption)

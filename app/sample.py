"""The sample case: scikit-image's astronaut (NASA, public domain) in a mask drawn here.

    python -m app.sample FOLDER      writes astronaut-masked.png there and prints its path

Nothing is downloaded and no model is needed: the face's coordinates in that one picture are
constants. The drawing knows its own outline exactly, so the sample also has a true map.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.photo import Photo, photo_from_array

FILE_NAME = "astronaut-masked.png"

# Photo coordinates of the 512 x 512 astronaut, measured by eye at four times its size.
UPPER_EDGE = ((178, 123), (190, 118), (206, 111), (216, 106), (224, 105), (233, 106), (244, 111))
UPPER_EDGE_RIGHT = ((259, 119), (271, 124))
RIGHT_EDGE = ((270, 140), (266, 152), (260, 162))
LOWER_EDGE = ((250, 172), (238, 179), (223, 182), (208, 178), (197, 170))
LEFT_EDGE = ((188, 160), (183, 150), (179, 138))
OUTLINE = np.array(
    [*UPPER_EDGE, *UPPER_EDGE_RIGHT, *RIGHT_EDGE, *LOWER_EDGE, *LEFT_EDGE], dtype=np.float64
)
FACE_BOX = (175.0, 59.0, 275.0, 182.0)
"""Where the face is: x0, y0, x1, y1, brow to chin."""

STRAPS = (
    ((179, 124), (176, 120), (175, 115), (175, 111)),
    ((185, 157), (179, 148), (176, 138), (176, 127)),
    ((270, 125), (273, 121), (274, 116), (274, 112)),
    ((264, 157), (271, 148), (274, 139), (274, 129)),
)
PLEATS = (0.34, 0.52, 0.70)
"""Heights of the folds, 0 at the upper edge and 1 at the lower."""

FABRIC = np.array([158, 197, 214], dtype=np.float32)
STRAP = (226, 230, 232)
SEED = 20261120

REGION = (160, 90, 290, 200)
"""x0, y0, x1, y1: the part of the photo that the drawing may change."""

SCALE = 8
"""The drawing is made this much larger and reduced by area, for soft edges."""


@dataclass(frozen=True, eq=False)
class _Drawing:
    """The mask over REGION at SCALE.

    Attributes:
        colour: (h, w, 3) float32 RGB 0..255.
        cover: (h, w) float32, 1 where the fabric or a strap hides the photo.
        shadow: (h, w) float32, 1 where the fabric's shadow falls on the skin at full strength.
        fabric: (h, w) bool, the fabric alone.
    """

    colour: NDArray[np.float32]
    cover: NDArray[np.float32]
    shadow: NDArray[np.float32]
    fabric: NDArray[np.bool_]


def sample_photo() -> Photo:
    """The astronaut in a surgical mask: (512, 512, 3) uint8."""
    return photo_from_array(_masked_astronaut())


def unmasked_photo() -> Photo:
    """The astronaut as she is: (512, 512, 3) uint8."""
    return photo_from_array(_astronaut())


def sample_map() -> NDArray[np.bool_]:
    """(512, 512) bool: the drawn mask's fabric, straps left out; the truth for the sample's map."""
    drawing = _draw()
    truth = np.zeros((512, 512), dtype=bool)
    x0, y0, x1, y1 = REGION
    truth[y0:y1, x0:x1] = _reduce(drawing.fabric.astype(np.float32)) >= 0.5
    return truth


def write_sample(folder: Path) -> Path:
    """Write the sample photo as a PNG into a folder, which is made if need be.

    A sample that is already there is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    if not path.exists():
        done, png = cv2.imencode(".png", _masked_astronaut()[:, :, ::-1])
        assert done
        path.write_bytes(png.tobytes())
    return path


def _astronaut() -> NDArray[np.uint8]:
    """(512, 512, 3) uint8 RGB.

    Only the file of scikit-image is used: its reader would bring SciPy and imageio along.
    """
    package = find_spec("skimage")
    assert package is not None, "scikit-image is one of the dependencies"
    assert package.origin is not None
    path = Path(package.origin).parent / "data" / "astronaut.png"
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None, path
    return np.ascontiguousarray(pixels[:, :, ::-1], np.uint8)


def _masked_astronaut() -> NDArray[np.uint8]:
    """(512, 512, 3) uint8 RGB."""
    photo = _astronaut()
    x0, y0, x1, y1 = REGION
    drawing = _draw()
    region = photo[y0:y1, x0:x1].astype(np.float32)
    cover = _reduce(drawing.cover)[..., None]
    region *= 1 - 0.35 * _reduce(drawing.shadow)[..., None]
    # The colour is weighted by its cover before reduction, so edges do not take in the background.
    colour = _reduce(drawing.colour * drawing.cover[..., None])
    mixed = region * (1 - cover) + colour
    photo[y0:y1, x0:x1] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
    return photo


def _draw() -> _Drawing:
    x0, y0, x1, y1 = REGION
    height, width = (y1 - y0) * SCALE, (x1 - x0) * SCALE
    outline = _smooth_outline(_to_drawing(OUTLINE))
    fabric = np.zeros((height, width), dtype=np.uint8)
    cv2.fillPoly(fabric, [np.round(outline).astype(np.int32)], 1)
    straps = np.zeros((height, width), dtype=np.uint8)
    for strap in STRAPS:
        points = np.round(_to_drawing(np.array(strap))).astype(np.int32)
        cv2.polylines(straps, [points], isClosed=False, color=1, thickness=int(1.6 * SCALE))

    inside = fabric.astype(bool)
    colour = np.empty((height, width, 3), dtype=np.float32)
    colour[:] = STRAP
    colour[inside] = (FABRIC * _shading(inside)[..., None])[inside]
    blurred = cv2.GaussianBlur(fabric.astype(np.float32), (0, 0), 2.5 * SCALE)
    shadow = np.roll(np.asarray(blurred, np.float32), 2 * SCALE, axis=0)
    return _Drawing(
        colour=np.clip(colour, 0, 255),
        cover=np.maximum(fabric, straps).astype(np.float32),
        shadow=shadow,
        fabric=inside,
    )


def _shading(fabric: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(h, w) float32 brightness of the fabric: round over the face, folded, sewn, woven."""
    height, width = fabric.shape
    columns = np.flatnonzero(fabric.any(axis=0))
    left, right = columns[0], columns[-1]
    x = (np.arange(width, dtype=np.float32) - (left + right) / 2) / ((right - left) / 2)
    top = np.argmax(fabric, axis=0).astype(np.float32)
    bottom = height - 1 - np.argmax(fabric[::-1], axis=0).astype(np.float32)
    rows = np.arange(height, dtype=np.float32)[:, None]
    down = (rows - top) / np.maximum(bottom - top, 1)  # 0 at the upper edge, 1 at the lower

    light = 1.06 - 0.30 * np.abs(x) ** 2.2  # the cheeks turn away
    light = light + 0.06 * x  # the key light of the photo comes from the viewer's right
    light = light - 0.16 * np.clip(down - 0.62, 0, None) / 0.38  # under the chin
    for pleat in PLEATS:
        below = down - (pleat + 0.03 * (1 - x**2))
        light = light - 0.20 * np.exp(-np.clip(below, 0, None) / 0.035) * (below >= 0)
        light = light + 0.08 * np.exp(-np.clip(-below, 0, None) / 0.05) * (below < 0)
    wire = np.abs(down - 0.075)
    light = light + 0.10 * np.exp(-((wire / 0.018) ** 2))  # the wire over the nose
    edge = cv2.distanceTransform(fabric.astype(np.uint8), cv2.DIST_L2, 3) / SCALE
    light = light - 0.14 * np.exp(-((edge / 1.0) ** 2))  # the hem
    weave = np.random.default_rng(SEED).normal(0, 0.035, (height // 4, width // 4))
    woven = cv2.resize(weave.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(light + woven, dtype=np.float32)


def _to_drawing(points: NDArray[np.number]) -> NDArray[np.float64]:
    """Photo points (N, 2) to pixels of the drawing."""
    return (points.astype(np.float64) - REGION[:2]) * SCALE


def _smooth_outline(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """A closed polygon with its corners cut twice (Chaikin), so cloth has no needle points."""
    for _ in range(2):
        following = np.roll(corners, -1, axis=0)
        cut = np.stack(
            [0.75 * corners + 0.25 * following, 0.25 * corners + 0.75 * following], axis=1
        )
        corners = cut.reshape(-1, 2)
    return corners


def _reduce(drawing: NDArray[np.float32]) -> NDArray[np.float32]:
    """From the drawing's scale to the photo's, by area."""
    height, width = drawing.shape[0] // SCALE, drawing.shape[1] // SCALE
    small = cv2.resize(drawing, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)


def main(arguments: list[str]) -> int:
    """Write the sample where the one argument says and print its path."""
    if len(arguments) != 1:
        print("usage: python -m app.sample FOLDER", file=sys.stderr)  # noqa: T201
        return 2
    print(write_sample(Path(arguments[0])))  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

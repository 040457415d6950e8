"""What pages and face pictures show of a photo: regions, the map and the uncertainty in colour."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.export.exporter import Material, Pixels, Run
from app.imaging.alignment import Alignment, AlignmentSpec, align
from app.imaging.edit import bounding_rectangle

Rgb = NDArray[np.uint8]
Rectangle = tuple[int, int, int, int]

FACE_VIEW = AlignmentSpec(eye_distance=0.22, eye_y=0.42)
"""A face with hair, ears and chin, upright; the same for every model, so that pictures compare."""

FACE_SMALLEST, FACE_LARGEST = 640, 2048
"""Sides of a face picture in pixels; a smaller face is enlarged to be looked at."""

MAP_COLOUR = (224, 122, 31)
MAP_OPACITY = 0.55
OUTSIDE = 0.93
"""Grey beside a photo's edge, 0..1."""


def to_srgb(rgb: Rgb, icc_profile: bytes | None) -> Rgb:
    """Pixels of a photo as a screen or page shows them; without a usable profile they stay."""
    if icc_profile is None or icc_profile[16:20] != b"RGB ":
        return rgb
    from PIL import Image, ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
        shown = ImageCms.profileToProfile(
            Image.fromarray(rgb), profile, ImageCms.createProfile("sRGB")
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return rgb  # a damaged profile says nothing about the colours
    return rgb if shown is None else np.array(shown)


def as_rgb(pixels: Pixels) -> Rgb:
    """(H, W, 3) uint8 of a composite or sketch of any depth and kind; alpha is left out."""
    eight = (pixels >> 8 if pixels.dtype == np.uint16 else pixels).astype(np.uint8)
    if eight.ndim == 2:
        eight = eight[..., None]
    if eight.shape[2] <= 2:
        return np.asarray(cv2.cvtColor(eight[..., 0], cv2.COLOR_GRAY2RGB), np.uint8)
    return np.ascontiguousarray(eight[..., :3])


def region_of(material: Material, run: Run) -> Rectangle:
    """The part of the photo that a sheet compares: the run's faces and their map, with some room.

    Returns:
        x0, y0, x1, y1 in photo pixels, inside the photo, not empty.
    """
    width, height = material.photo.width, material.photo.height
    boxes = [face.box for face in run.faces]
    if material.map is not None and material.map.any():
        boxes.append(tuple(float(side) for side in bounding_rectangle(material.map)))  # type: ignore[arg-type]
    x0, y0 = min(box[0] for box in boxes), min(box[1] for box in boxes)
    x1, y1 = max(box[2] for box in boxes), max(box[3] for box in boxes)
    room = 0.28 * max(x1 - x0, y1 - y0, 8.0)
    # A little more above, where the hair is.
    left, top = max(0, int(x0 - room)), max(0, int(y0 - 1.3 * room))
    right, bottom = min(width, int(np.ceil(x1 + room))), min(height, int(np.ceil(y1 + room)))
    return left, top, max(right, left + 1), max(bottom, top + 1)


def cut(pixels: NDArray[Any], region: Rectangle) -> NDArray[Any]:
    """A rectangle of a picture; a view."""
    x0, y0, x1, y1 = region
    return pixels[y0:y1, x0:x1]


def tinted(rgb: Pixels, map: NDArray[np.bool_]) -> Pixels:
    """A picture (H, W, 3) of 8 or 16 bits with its map in colour and outlined."""
    shown = rgb.copy()
    unit = np.iinfo(rgb.dtype).max // 255
    colour = np.array(MAP_COLOUR, np.float32) * unit
    shown[map] = (rgb[map] * (1 - MAP_OPACITY) + colour * MAP_OPACITY).astype(rgb.dtype)
    contours, _ = cv2.findContours(map.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    thickness = max(1, round(max(rgb.shape[:2]) / 400))
    cv2.drawContours(shown, contours, -1, [part * unit for part in MAP_COLOUR], thickness)
    return shown


def heat_colours(values: NDArray[np.uint8]) -> Rgb:
    """(H, W, 3) colours of uncertainties 0..255: dark blue over orange to light yellow (inferno)."""
    return np.asarray(
        cv2.cvtColor(cv2.applyColorMap(values, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB), np.uint8
    )


def heat_over(rgb: Rgb, values: NDArray[np.uint8], map: NDArray[np.bool_]) -> Rgb:
    """Uncertainty in colour inside the map, over the picture in pale grey."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) * 0.45 + 255 * 0.5
    shown = np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)
    shown[map] = heat_colours(values)[map]
    return np.asarray(shown, np.uint8)


def face_alignment(run: Run, face: int) -> Alignment:
    """The upright view of a run's face."""
    return align(run.faces[face].face(), FACE_VIEW)


def face_size(alignment: Alignment) -> int:
    """Side of a face picture in pixels: the photo's own resolution within limits."""
    return int(np.clip(round(alignment.crop_size_in_photo), FACE_SMALLEST, FACE_LARGEST))


def face_view(pixels: NDArray[Any], alignment: Alignment, size: int) -> NDArray[Any]:
    """The aligned view of a face: (size, size[, C]) of the picture's depth; light grey beside the photo.

    Reduction averages; enlargement is bicubic and adds no detail.
    """
    interpolation = cv2.INTER_CUBIC if alignment.crop_size_in_photo < size else cv2.INTER_LINEAR
    view = alignment.crop(pixels, size, interpolation=interpolation)
    inside = alignment.crop(
        np.full(pixels.shape[:2], 255, np.uint8),
        size,
        interpolation=cv2.INTER_NEAREST,
        border=cv2.BORDER_CONSTANT,
    )
    view = view.copy()
    view[inside == 0] = round(OUTSIDE * np.iinfo(pixels.dtype).max)
    return view


def face_map(map: NDArray[np.bool_], alignment: Alignment, size: int) -> NDArray[np.bool_]:
    """The map in the aligned view: (size, size) bool."""
    seen = alignment.crop(
        map.astype(np.uint8) * np.uint8(255),
        size,
        interpolation=cv2.INTER_LINEAR,
        border=cv2.BORDER_CONSTANT,
    )
    return np.asarray(seen >= 128)

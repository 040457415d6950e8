"""One face, upright and large enough to look at, beside the photo and its map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from app.export.exporter import (
    Choice,
    Drawn,
    Exporter,
    Item,
    Material,
    Need,
    Option,
    Pixels,
    each_face,
)
from app.export.fonts import pillow_font
from app.export.labels import add_border, label_of
from app.export.metadata import COMPOSITE
from app.export.pictures import Marks, encode_generated
from app.export.views import as_rgb, face_alignment, face_map, face_size, face_view, tinted

GAP = 0.02
"""White between the pictures over their side."""


class FacePng(Exporter):
    """The photo's face, its map and the hypothesis in one row, in the photo's depth."""

    name = "face-png"
    title = "Face (PNG)"
    suffix = ".png"
    mime = "image/png"
    needs: ClassVar[tuple[Need, ...]] = ("run", "map")
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            name="beside",
            title="Beside the hypothesis",
            choices=(
                Choice(value="photo-and-map", title="Photo and map"),
                Choice(value="nothing", title="Nothing"),
            ),
        ),
    )
    order = 20

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file per hypothesis and face."""
        return each_face(material, ".face.png")

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """The row with its label below."""
        run = item.run
        assert run is not None
        assert material.map is not None
        alignment = face_alignment(run, item.face)
        size = face_size(alignment)
        photo, made = _colours(material.photo.colour, run.composites[item.hypothesis - 1])
        hypothesis = face_view(made, alignment, size)
        pictures = [(hypothesis, f"Hypothesis {item.hypothesis} of {run.result.made}")]
        if options["beside"] == "photo-and-map":
            original = face_view(photo, alignment, size)
            mapped = tinted(original, face_map(material.map, alignment, size))
            pictures = [(original, "Photo"), (mapped, "Map"), *pictures]
        label = label_of(run.result, item.hypothesis)
        enlarged = size / alignment.crop_size_in_photo
        if enlarged > 1.05:
            label += f" - enlarged {enlarged:.1f} times"
        marks = Marks(
            label=label,
            source_type=COMPOSITE,
            result=run.result,
            icc_profile=None if run.sketch else material.photo.icc_profile,
        )
        content = encode_generated(add_border(_row(pictures), label), marks)
        return Drawn(content=content, role="face", label=label, source_type=COMPOSITE)


def _colours(photo: Pixels, made: Pixels) -> tuple[Pixels, Pixels]:
    """Photo and hypothesis as (H, W, 3) of one depth."""
    if made.ndim == 2 or photo.dtype != made.dtype:
        return as_rgb(photo), as_rgb(made)
    return _three(photo), _three(made)


def _three(pixels: Pixels) -> Pixels:
    if pixels.shape[2] >= 3:
        return np.ascontiguousarray(pixels[..., :3])
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels[..., 0]), cv2.COLOR_GRAY2RGB))


def _row(pictures: Sequence[tuple[Pixels, str]]) -> NDArray[np.unsignedinteger[Any]]:
    """Pictures of one size side by side, each with its caption below."""
    first = pictures[0][0]
    size, full = first.shape[0], np.iinfo(first.dtype).max
    gap = max(4, round(GAP * size))
    if len(pictures) == 1:
        return first
    caption = max(16, round(0.032 * size))
    strip = round(1.9 * caption)
    width = len(pictures) * size + (len(pictures) - 1) * gap
    row = np.full((size + strip, width, 3), full, first.dtype)
    for number, (pixels, text) in enumerate(pictures):
        x = number * (size + gap)
        row[:size, x : x + size] = pixels
        row[size:, x : x + size] = (_caption(text, size, strip, caption) * (full // 255)).astype(
            first.dtype
        )[..., None]
    return row


def _caption(text: str, width: int, height: int, size: int) -> NDArray[np.uint32]:
    from PIL import Image, ImageDraw

    strip = Image.new("L", (width, height), 255)
    place = (width / 2, height / 2)
    ImageDraw.Draw(strip).text(place, text, fill=40, font=pillow_font("medium", size), anchor="mm")
    return np.asarray(strip).astype(np.uint32)

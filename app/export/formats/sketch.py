"""Sketches for the screen: PNG pixels and SVG outlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from app.export.exporter import (
    Choice,
    Drawn,
    Exporter,
    Item,
    Material,
    Option,
    each_face,
    each_hypothesis,
)
from app.export.fonts import POINT, wrap
from app.export.labels import add_border, sketch_label
from app.export.metadata import GENERATED
from app.export.pictures import Marks, encode_generated
from app.export.sketches import face_sketch, outlines, photo_sketch

AREA = Option(
    name="area",
    title="Area",
    choices=(
        Choice(value="face", title="Each face"),
        Choice(value="photo", title="Whole photo"),
    ),
)

PRINTED_WIDTH = 150.0
"""Of an SVG, in millimetres."""

WIDER = 1.12
"""Room for typefaces wider than the one that lines are measured with."""


class Sketch(Exporter):
    """A drawing of a hypothesis; a model that does not draw has its composite drawn."""

    options: ClassVar[tuple[Option, ...]] = (AREA,)

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file per hypothesis, and per face where faces are wanted."""
        each = each_face if options["area"] == "face" else each_hypothesis
        return each(material, f".sketch{self.suffix}")

    def marks(self, item: Item) -> Marks:
        """What the drawing says of itself."""
        assert item.run is not None
        result = item.run.result
        label = sketch_label(result, item.hypothesis)
        return Marks(label=label, source_type=GENERATED, result=result)

    def drawing(self, item: Item, options: Mapping[str, str]) -> NDArray[np.uint8]:
        """(H, W) uint8."""
        assert item.run is not None
        if options["area"] == "face":
            return face_sketch(item.run, item.hypothesis, item.face)
        return photo_sketch(item.run, item.hypothesis)


class SketchPng(Sketch):
    """Grey pixels, the label below."""

    name = "sketch-png"
    title = "Sketch (PNG)"
    suffix = ".png"
    mime = "image/png"
    order = 30

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """The drawing with its label."""
        marks = self.marks(item)
        grey = self.drawing(item, options)
        content = encode_generated(add_border(grey[..., None], marks.label), marks)
        return Drawn(content=content, role="sketch", label=marks.label, source_type=GENERATED)


class SketchSvg(Sketch):
    """Outlines in layers of tone, for print in any size and for drawing programs."""

    name = "sketch-svg"
    title = "Sketch (SVG outlines)"
    suffix = ".svg"
    mime = "image/svg+xml"
    lossless = False
    order = 31

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """A document of paths; the label is text below them and metadata beside them."""
        marks = self.marks(item)
        grey = self.drawing(item, options)
        content = svg(grey, label=marks.label, packet=marks.xmp).encode()
        return Drawn(content=content, role="sketch", label=marks.label, source_type=GENERATED)


def svg(grey: NDArray[np.uint8], *, label: str, packet: str) -> str:
    """A sketch (H, W) as an SVG document.

    Args:
        grey: the sketch.
        label: shown below the picture area, and its title and description.
        packet: XMP.
    """
    height, width = grey.shape
    size = width * 0.024
    margin = size * 0.8
    # `wrap` counts in millimetres and points; here a millimetre stands for a pixel.
    lines = wrap(label, width=(width - 2 * margin) / WIDER, size=size / POINT)
    step = 1.35 * size
    whole = height + 2 * margin + step * len(lines)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{PRINTED_WIDTH:g}mm" '
        f'height="{PRINTED_WIDTH * whole / width:.2f}mm" viewBox="0 0 {width} {whole:.1f}">\n',
        f"<title>{escape(label)}</title>\n<desc>{escape(label)}</desc>\n",
        f"<metadata>{packet[packet.index('?>') + 2 : packet.rindex('<?xpacket')]}</metadata>\n",
        f'<rect width="{width}" height="{whole:.1f}" fill="#fff"/>\n',
        '<g fill-rule="evenodd">\n',
    ]
    for tone, path in outlines(grey):
        parts.append(f'<path fill="#{tone:02x}{tone:02x}{tone:02x}" d="{path}"/>\n')
    parts.append("</g>\n")
    parts.append(
        f'<g fill="#000" font-family="Inter, Arial, Helvetica, sans-serif" font-size="{size:.1f}">\n'
    )
    for number, line in enumerate(lines):
        y = height + margin + size + number * step
        parts.append(f'<text x="{margin:.1f}" y="{y:.1f}">{escape(line)}</text>\n')
    parts.append("</g>\n</svg>\n")
    return "".join(parts)

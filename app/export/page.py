"""A printed page as a list of things at places, and the two ways to make it: PDF and pixels.

Lengths are in millimetres from the page's top-left corner, sizes of letters in points. Both ways draw
the same list, so that a sheet on the screen is the sheet on paper.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.export.fonts import POINT, Weight, font_path, pillow_font, printable, text_width, wrap

Colour = tuple[int, int, int]

INK: Colour = (24, 27, 33)
GREY: Colour = (99, 106, 117)
RULE: Colour = (205, 209, 216)
PAPER: Colour = (255, 255, 255)

LEADING = 1.32
"""Distance of lines over their size."""

SIZES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height of upright paper in millimetres."""

MARGIN = 13.0
"""White around a page; every printer reaches to here."""

PDF_DPI = 400
"""Pictures in a PDF are reduced to this; paper shows no more."""

SHEET_DPI = 220


@dataclass(frozen=True, kw_only=True)
class Text:
    """One line. `x` is its left, middle or right edge as `align` says; `y` the top of its line."""

    x: float
    y: float
    text: str
    size: float = 8.0
    weight: Weight = "regular"
    colour: Colour = INK
    align: str = "left"


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """Pixels (H, W, 3) or (H, W) uint8, stretched to a rectangle."""

    x: float
    y: float
    width: float
    height: float
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle: filled, or its outline `line` millimetres thick."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour = INK
    line: float = 0.0


Thing = Text | Picture | Box


@dataclass
class Page:
    """One page.

    Attributes:
        width, height: in millimetres.
        things: drawn in this order.
    """

    width: float
    height: float
    things: list[Thing] = field(default_factory=list)

    def paragraph(
        self,
        text: str,
        *,
        x: float,
        y: float,
        width: float,
        size: float = 8.0,
        weight: Weight = "regular",
        colour: Colour = INK,
    ) -> float:
        """Put lines of text, broken to `width`; returns the y below them."""
        step = size * POINT * LEADING
        for line in wrap(text, width=width, size=size, weight=weight):
            self.things.append(Text(x=x, y=y, text=line, size=size, weight=weight, colour=colour))
            y += step
        return y


def fitting_size(
    text: str, *, width: float, largest: float, least: float, lines: int, weight: Weight
) -> float:
    """The largest size of letters with which a text takes no more than some lines."""
    size = largest
    while size > least and len(wrap(text, width=width, size=size, weight=weight)) > lines:
        size -= 0.5
    return size


def paint_pdf(
    pages: Sequence[Page], *, title: str, subject: str, author: str, xmp: str, time: datetime
) -> bytes:
    """The pages as PDF, fonts embedded, XMP metadata in the document.

    Args:
        pages: at least one.
        title, subject, author: of the document.
        xmp: the packet.
        time: of the document, in UTC.
    """
    from fpdf import FPDF

    pdf = FPDF(unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(time)
    pdf.set_title(printable(title))
    pdf.set_subject(printable(subject))
    pdf.set_author(printable(author))
    pdf.set_creator("Revisage")
    pdf.set_lang("en")
    # fpdf2 puts the packet's own first and last line around it.
    pdf.set_xmp_metadata(xmp[xmp.index("?>") + 2 : xmp.rindex("<?xpacket")].strip())
    used = {thing.weight for page in pages for thing in page.things if isinstance(thing, Text)}
    for weight in sorted(used):
        pdf.add_font(f"inter-{weight}", fname=str(font_path(weight)))
    for page in pages:
        pdf.add_page(format=(page.width, page.height))
        for thing in page.things:
            _to_pdf(pdf, thing)
    return bytes(pdf.output())


def _to_pdf(pdf: Any, thing: Thing) -> None:
    if isinstance(thing, Box):
        if thing.line:
            pdf.set_draw_color(*thing.colour)
            pdf.set_line_width(thing.line)
            pdf.rect(thing.x, thing.y, thing.width, thing.height, style="D")
        else:
            pdf.set_fill_color(*thing.colour)
            pdf.rect(thing.x, thing.y, thing.width, thing.height, style="F")
        return
    if isinstance(thing, Picture):
        from PIL import Image

        pixels = reduced(thing.pixels, thing.width, thing.height, PDF_DPI)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        file.seek(0)
        pdf.image(file, x=thing.x, y=thing.y, w=thing.width, h=thing.height)
        return
    text = printable(thing.text, thing.weight)
    pdf.set_font(f"inter-{thing.weight}", size=thing.size)
    pdf.set_text_color(*thing.colour)
    pdf.text(_left(thing, text), thing.y + _ascent(thing), text)


def paint_pixels(page: Page, dpi: int = SHEET_DPI) -> NDArray[np.uint8]:
    """The page as (H, W, 3) uint8 at `dpi` pixels per inch."""
    from PIL import Image, ImageDraw

    scale = dpi / 25.4
    canvas = Image.new("RGB", (round(page.width * scale), round(page.height * scale)), PAPER)
    draw = ImageDraw.Draw(canvas)
    for thing in page.things:
        if isinstance(thing, Text):
            text = printable(thing.text, thing.weight)
            font = pillow_font(thing.weight, max(1, round(thing.size * POINT * scale)))
            place = (_left(thing, text) * scale, (thing.y + _ascent(thing)) * scale)
            draw.text(place, text, fill=thing.colour, font=font, anchor="ls")
            continue
        x0, y0 = round(thing.x * scale), round(thing.y * scale)
        x1 = max(x0 + 1, round((thing.x + thing.width) * scale))
        y1 = max(y0 + 1, round((thing.y + thing.height) * scale))
        if isinstance(thing, Picture):
            small = reduced(thing.pixels, thing.width, thing.height, dpi)
            picture = Image.fromarray(small).convert("RGB")
            canvas.paste(picture.resize((x1 - x0, y1 - y0), Image.Resampling.BICUBIC), (x0, y0))
        elif thing.line:
            width = max(1, round(thing.line * scale))
            draw.rectangle((x0, y0, x1 - 1, y1 - 1), outline=thing.colour, width=width)
        else:
            draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=thing.colour)
    return np.array(canvas)


def _left(thing: Text, text: str) -> float:
    if thing.align == "left":
        return thing.x
    width = text_width(text, size=thing.size, weight=thing.weight)
    return thing.x - (width if thing.align == "right" else width / 2)


def _ascent(thing: Text) -> float:
    """From the top of a line to its base line, in mm; Inter's letters rise 0.97 of their size."""
    return 0.97 * thing.size * POINT


def reduced(pixels: NDArray[np.uint8], width: float, height: float, dpi: int) -> NDArray[np.uint8]:
    """Pixels reduced by area to what `dpi` shows in a rectangle of millimetres; never enlarged."""
    import cv2

    columns, rows = max(1, round(width / 25.4 * dpi)), max(1, round(height / 25.4 * dpi))
    if pixels.shape[1] <= columns or pixels.shape[0] <= rows:
        return np.ascontiguousarray(pixels)
    return np.asarray(cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)

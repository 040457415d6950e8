"""The layout of a comparison sheet: the photo, its map, every hypothesis and where they differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from app.export.exporter import Material, Run
from app.export.fonts import POINT, Weight, wrap
from app.export.labels import sheet_label
from app.export.page import (
    GREY,
    INK,
    LEADING,
    MARGIN,
    RULE,
    SIZES,
    Box,
    Page,
    Picture,
    Text,
    fitting_size,
)
from app.export.provenance import STATEMENT
from app.export.views import (
    MAP_COLOUR,
    Rgb,
    as_rgb,
    cut,
    heat_colours,
    heat_over,
    region_of,
    tinted,
    to_srgb,
)
from app.imaging.uncertainty import FULL_SPREAD

PER_PAGE = 8
"""Hypotheses on one page; more of them continue on the next, which begins with photo and map again."""

GAP = 4.0
CAPTION = 8.5
"""Millimetres between cells, and below each of them for its caption."""

LONGEST = 1400
"""Longer side of a cell's pixels; more is not seen on paper."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """One picture of a sheet.

    Attributes:
        title, text: the two lines of its caption.
        pixels: (h, w, 3) uint8.
        legend: whether the scale of the uncertainty belongs below it.
    """

    title: str
    text: str
    pixels: Rgb
    legend: bool = False


def page_numbers(run: Run) -> list[tuple[int, ...]]:
    """The hypotheses of each page of a run's sheet."""
    numbers = run.numbers
    pages = math.ceil(len(numbers) / PER_PAGE)
    per_page = math.ceil(len(numbers) / pages)  # no page with a single one left over
    return [numbers[start : start + per_page] for start in range(0, len(numbers), per_page)]


def sheet_page(material: Material, run: Run, page: int, paper: str) -> Page:
    """One page of a run's sheet, paper on its long side.

    Args:
        material: with a map.
        run: the run.
        page: counted from 1.
        paper: a key of :data:`app.export.page.SIZES`.
    """
    pages = page_numbers(run)
    numbers = pages[page - 1]
    height, width = SIZES[paper]
    sheet = Page(width=width, height=height)
    top = _header(sheet, material, run, f"Page {page} of {len(pages)}")
    bottom = _footer(sheet, run)
    _grid(sheet, _cells(material, run, numbers), top=top, bottom=bottom)
    return sheet


def put_title(page: Page, material: Material, title: str, *, y: float) -> float:
    """Title and case at a page's top, over its whole width; returns the y below them.

    Args:
        page: the page.
        material: its case and time.
        title: what the page is.
        y: where to begin.
    """
    case = material.case
    right = page.width - MARGIN
    half = (page.width - 2 * MARGIN) / 2
    page.things.append(Text(x=MARGIN, y=y, text=title, size=16, weight="semibold"))
    lines = [
        ("Case", " - ".join(part for part in (case.number, case.title) if part)),
        ("Examiner", ", ".join(part for part in (case.examiner, case.organisation) if part)),
        ("Exported", material.time.strftime("%Y-%m-%d %H:%M UTC")),
    ]
    below = y
    for name, value in lines:
        if not value:
            continue
        size = fitting_size(value, width=half - 20, largest=8, least=5.5, lines=2, weight="medium")
        for number, line in enumerate(wrap(value, width=half - 20, size=size, weight="medium")):
            if number == 0:
                page.things.append(
                    Text(x=right - half + 2, y=below, text=name, size=max(size, 7), colour=GREY)
                )
            page.things.append(
                Text(x=right - half + 20, y=below, text=line, size=size, weight="medium")
            )
            below += size * POINT * LEADING
    return max(below, y + 16 * POINT * LEADING)


def _header(page: Page, material: Material, run: Run, count: str) -> float:
    model = run.result.request.model
    below = put_title(page, material, "Comparison sheet", y=MARGIN)
    half = (page.width - 2 * MARGIN) / 2
    page.paragraph(
        f"{material.name or 'Photo'} - {run.title or model.name}",
        x=MARGIN,
        y=MARGIN + 16 * POINT * LEADING,
        width=half - 4,
        size=8,
        colour=GREY,
    )
    page.things.append(
        Text(x=page.width - MARGIN, y=page.height - MARGIN + 2, text=count, size=6.5,
             colour=GREY, align="right")
    )  # fmt: skip
    below = max(below, MARGIN + 20 * POINT * LEADING + 4)
    page.things.append(
        Box(x=MARGIN, y=below + 1, width=page.width - 2 * MARGIN, height=0.25, colour=RULE)
    )
    return below + 4


def _footer(page: Page, run: Run) -> float:
    """Label, counts, warning and hashes at the page's bottom; returns the y above them."""
    request = run.result.request
    facts = (
        f"Photo SHA-256 {request.photo_sha256} / map SHA-256 {request.map_sha256} / "
        f"request {request.key}"
    )
    return put_footer(
        page,
        [
            (sheet_label(run.result, run.numbers), 8.0, True),
            (f"{run.counted} {STATEMENT}", 6.5, False),
            (facts, 5.2, False),
        ],
    )


def put_footer(page: Page, texts: Sequence[tuple[str, float, bool]]) -> float:
    """Paragraphs at a page's bottom, from top to bottom; returns the y above them.

    Args:
        page: the page.
        texts: words, their size in points, and whether they are the label.
    """
    width = page.width - 2 * MARGIN
    height = 0.0
    for text, size, strong in texts:
        weight: Weight = "semibold" if strong else "regular"
        height += (
            len(wrap(text, width=width, size=size, weight=weight)) * size * POINT * LEADING + 0.8
        )
    top = y = page.height - MARGIN - height
    page.things.append(Box(x=MARGIN, y=top - 2, width=width, height=0.25, colour=RULE))
    for text, size, strong in texts:
        y = page.paragraph(
            text,
            x=MARGIN,
            y=y,
            width=width,
            size=size,
            weight="semibold" if strong else "regular",
            colour=INK if strong else GREY,
        )
        y += 0.8
    return top - 5


def _cells(material: Material, run: Run, numbers: Sequence[int]) -> list[Cell]:
    assert material.map is not None
    region = region_of(material, run)
    photo = to_srgb(material.photo.rgb, material.photo.icc_profile)
    near, hidden = cut(photo, region), cut(material.map, region)
    source = {"automatic": "drawn by models", "file": "from a file", "hand": "edited by hand"}
    request = run.result.request
    cells = [
        Cell(
            title="Photo",
            text=f"{material.photo.width} x {material.photo.height} pixels, the frame is enlarged",
            pixels=_framed(photo, region),
        ),
        Cell(title="Photo, enlarged", text="as it was taken in", pixels=_small(near)),
        Cell(
            title="Map",
            text=f"what is hidden; {source[run.result.map_source]}",
            pixels=_small(tinted(near, hidden)),
        ),
    ]
    for number in numbers:
        made = as_rgb(cut(run.composites[number - 1], region))
        if not run.sketch:
            made = to_srgb(made, material.photo.icc_profile)
        cells.append(
            Cell(
                title=f"Hypothesis {number} of {run.result.made}",
                text=f"{request.model.name} v{request.model.version}, seed {request.seed}",
                pixels=_small(made),
            )
        )
    if run.uncertainty is not None:
        heat = heat_over(near, cut(run.uncertainty, region), hidden)
        cells.append(Cell(title="Uncertainty", text="", pixels=_small(heat), legend=True))
    return cells


def _small(pixels: Rgb) -> Rgb:
    """Reduced to what paper shows, so that a page of a large photo stays a small file."""
    longest = max(pixels.shape[:2])
    if longest <= LONGEST:
        return np.ascontiguousarray(pixels, np.uint8)
    factor = LONGEST / longest
    size = max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _framed(photo: Rgb, region: tuple[int, int, int, int]) -> Rgb:
    """The whole photo with a frame around a region."""
    small = _small(photo).copy()
    factor = small.shape[1] / photo.shape[1]
    x0, y0, x1, y1 = (round(side * factor) for side in region)
    thickness = max(2, round(max(small.shape[:2]) / 180))
    cv2.rectangle(small, (x0, y0), (x1 - 1, y1 - 1), (255, 255, 255), thickness + 2)
    cv2.rectangle(small, (x0, y0), (x1 - 1, y1 - 1), MAP_COLOUR, thickness)
    return small


def _grid(page: Page, cells: Sequence[Cell], *, top: float, bottom: float) -> None:
    """Cells of one size, as large as they can be, in rows from the left."""
    width, height = page.width - 2 * MARGIN, bottom - top
    shape = cells[1].pixels.shape
    aspect = min(max(shape[1] / shape[0], 0.6), 1.7)
    best = (0.0, 1, 1)
    for columns in range(1, len(cells) + 1):
        rows = math.ceil(len(cells) / columns)
        wide = (width - (columns - 1) * GAP) / columns
        high = (height - (rows - 1) * GAP) / rows - CAPTION
        best = max(best, (min(wide, high * aspect), columns, rows))
    cell, columns, rows = best
    tall = cell / aspect
    used_width = columns * cell + (columns - 1) * GAP
    # What is left over goes between the columns, up to a limit, and below the last row.
    step_x = cell + GAP + min(4.0, (width - used_width) / max(1, columns - 1))
    step_y = tall + CAPTION + GAP + min(
        8.0, (height - rows * (tall + CAPTION) - (rows - 1) * GAP) / max(1, rows)
    )  # fmt: skip
    for number, each in enumerate(cells):
        x = MARGIN + (number % columns) * step_x
        y = top + (number // columns) * step_y
        _put_cell(page, each, x=x, y=y, width=cell, height=tall)


def _put_cell(page: Page, cell: Cell, *, x: float, y: float, width: float, height: float) -> None:
    rows, columns = cell.pixels.shape[:2]
    scale = min(width / columns, height / rows)
    wide, high = columns * scale, rows * scale
    # Pictures stand on one line, and so do their captions.
    page.things.append(
        Picture(x=x, y=y + height - high, width=wide, height=high, pixels=cell.pixels)
    )
    size = min(8.0, max(5.5, width / 6.5))
    line = size * POINT * LEADING
    y += height + 1.2
    page.things.append(Text(x=x, y=y, text=cell.title, size=size, weight="medium"))
    y += line
    if cell.legend:
        put_scale(page, x=x, y=y + 0.5, width=width, size=size - 1.5)
        return
    small = fitting_size(
        cell.text, width=width, largest=size - 1.5, least=3.5, lines=1, weight="regular"
    )
    page.things.append(Text(x=x, y=y, text=cell.text, size=small, colour=GREY))


def put_scale(page: Page, *, x: float, y: float, width: float, size: float) -> None:
    """The colours of the uncertainty and what their ends mean, in percent of full brightness."""
    ramp = heat_colours(np.repeat(np.arange(256, dtype=np.uint8)[None], 8, axis=0))
    least, most = "0 %", f"{100 * FULL_SPREAD:.0f} % or more"
    bar = max(6.0, width - 24.0 * size / 6.5)
    height = size * POINT
    page.things.append(Text(x=x, y=y - 0.2, text=least, size=size, colour=GREY))
    left = x + 6.5 * size / 6.5
    page.things.append(Picture(x=left, y=y, width=bar, height=height, pixels=ramp))
    page.things.append(Text(x=left + bar + 1, y=y - 0.2, text=most, size=size, colour=GREY))

"""Pictures in a grid: equal columns, captions below, rows that stay on one page."""

from __future__ import annotations

import io
from collections.abc import Sequence

from app.export.report.fonts import TEXT, plain
from app.export.report.page import GREY, INK, LEADING, LINE, MARGIN, MM_PER_POINT, WIDTH, Page
from app.export.report.pictures import Shown

GUTTER = 4.0
CAPTION = 7.5
HIGHEST = 95.0
"""No picture is higher, in mm."""


def grid(pdf: Page, pictures: Sequence[Shown], *, columns: int = 3) -> None:
    """Lay out pictures in rows.

    Args:
        pdf: the document.
        pictures: in order.
        columns: in a row; a last row that is not full keeps the width.
    """
    width = (WIDTH - GUTTER * (columns - 1)) / columns
    for start in range(0, len(pictures), columns):
        _row(pdf, pictures[start : start + columns], width)


def _row(pdf: Page, pictures: Sequence[Shown], width: float) -> None:
    line = CAPTION * LEADING * MM_PER_POINT
    pdf.set_font(TEXT, "", CAPTION)
    sizes = [_size(each, width) for each in pictures]
    highest = max(height for _, height in sizes)
    captions = max(pdf.count_lines(each.caption, width, line) for each in pictures)
    pdf.room(highest + captions * line + 6)
    top = pdf.get_y()
    for number, (each, (wide, high)) in enumerate(zip(pictures, sizes, strict=True)):
        left = MARGIN + number * (width + GUTTER)
        pdf.image(io.BytesIO(each.jpeg), x=left, y=top, w=wide, h=high, alt_text=each.caption)
        pdf.set_draw_color(*LINE)
        pdf.set_line_width(0.2)
        pdf.rect(left, top, wide, high)
        pdf.set_xy(left, top + highest + 1.2)
        pdf.set_font(TEXT, "", CAPTION)
        pdf.set_text_color(*GREY)
        pdf.multi_cell(width, line, plain(each.caption), align="L")
        pdf.set_text_color(*INK)
    pdf.set_xy(MARGIN, top + highest + captions * line + 4.5)


def _size(picture: Shown, width: float) -> tuple[float, float]:
    """Width and height in mm, as wide as the column unless that is too high."""
    height = width * picture.height / picture.width
    if height <= HIGHEST:
        return width, height
    return HIGHEST * picture.width / picture.height, HIGHEST

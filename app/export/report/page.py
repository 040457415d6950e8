"""The report's page: paper, header, footer, and the few forms that everything in it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, TextEmphasis, XPos, YPos

from app.export.report.fonts import MONO, TEXT, add_fonts, plain

MARGIN = 20.0
"""Of the page on both sides, in mm."""

WIDTH = 170.0
"""Of the text, in mm."""

INK, GREY, LINE = (28, 32, 38), (98, 106, 116), (205, 210, 216)
ACCENT, ALERT = (24, 62, 99), (166, 38, 28)
PALE, WARM = (241, 244, 247), (252, 243, 238)

PRODUCER = "Revisage with fpdf2"

BODY, SMALL = 9.5, 8.0
"""Font sizes in points."""

LEADING = 1.42
"""Line height over font size."""

MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, kw_only=True)
class Running:
    """What stands on every page.

    Attributes:
        header: the case.
        status: draft or reviewed.
        draft: whether the status is a warning.
        footer: program and log state.
    """

    header: str
    status: str
    draft: bool
    footer: str


def xmp(title: str, time: datetime) -> str:
    """The metadata that PDF/A-3 wants (ISO 19005-3); fpdf2's own would hold the time of day."""
    name, moment = escape(title), time.isoformat(timespec="seconds")
    return f"""\
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{name}</rdf:li></rdf:Alt></dc:title>
   <xmp:CreatorTool>Revisage</xmp:CreatorTool>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
   <xmp:MetadataDate>{moment}</xmp:MetadataDate>
   <pdf:Producer>{PRODUCER}</pdf:Producer>
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""


class Page(FPDF):
    """A document in the report's form; all lengths in mm, all sizes of letters in points."""

    def __init__(
        self, running: Running, *, marks: frozenset[str], title: str, time: datetime
    ) -> None:
        """
        Args:
            running: what stands on every page.
            marks: every character of the document.
            title: of the document.
            time: the document's date; the same content at the same time gives the same bytes.
        """
        super().__init__(format="A4", enforce_compliance="PDF/A-3B")
        self._running = running
        add_fonts(self, marks)
        self.set_margins(MARGIN, 26, MARGIN)
        self.c_margin = 0.0  # letters, lines and pictures begin at one edge
        self.set_auto_page_break(True, margin=22)
        self.set_title(title)
        self.set_creator("Revisage")
        self.set_lang("en")
        self.set_producer(PRODUCER)
        self.set_creation_date(time)
        self.set_xmp_metadata(xmp(title, time))
        self.set_font(TEXT, "", BODY)
        self.set_text_color(*INK)

    def set_font(
        self, family: str | None = None, style: str | TextEmphasis = "", size: float = 0
    ) -> None:
        """Choose a font, always written out.

        fpdf2 leaves out a font that it takes for the current one, but a line that ended in another
        script has left that script's font behind, and what follows would be drawn in its glyphs.
        """
        if family is not None:
            self.font_family = ""
        super().set_font(family, style, size)

    # --- every page --------------------------------------------------------------------------

    def header(self) -> None:
        """Case to the left, status to the right, a line below."""
        self.set_y(12)
        self.set_font(TEXT, "B", SMALL)
        self.set_text_color(*GREY)
        status_width = self.get_string_width(self._running.status) + 2
        self.cell(
            WIDTH - status_width, 5, self._fit(self._running.header, WIDTH - status_width - 4)
        )
        self.set_text_color(*(ALERT if self._running.draft else ACCENT))
        self.cell(status_width, 5, self._running.status, align="R")
        self.set_draw_color(*LINE)
        self.set_line_width(0.25)
        self.line(MARGIN, 18.5, MARGIN + WIDTH, 18.5)
        self.set_text_color(*INK)
        self.set_y(26)

    def footer(self) -> None:
        """Program and log state to the left, the page's number to the right."""
        self.set_y(-15)
        self.set_font(TEXT, "", 7.5)
        self.set_text_color(*GREY)
        self.cell(WIDTH - 40, 5, self._running.footer)
        self.cell(40, 5, f"Page {self.page_no()} of {{nb}}", align="R")
        self.set_text_color(*INK)

    def _fit(self, text: str, width: float) -> str:
        """As much of a text as one line holds."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "...") > width:
            text = text[:-1]
        return text.rstrip() + "..."

    # --- forms -------------------------------------------------------------------------------

    def room(self, height: float) -> None:
        """Go to the next page when less than this is left on this one."""
        if self.get_y() + height > self.page_break_trigger:
            self.add_page()

    def count_lines(self, text: str, width: float, height: float) -> int:
        """How many lines a text takes in the font that is set."""
        lines = self.multi_cell(width, height, plain(text), dry_run=True, output="LINES", align="L")
        return len(lines) if isinstance(lines, list) else 1

    def heading(self, text: str, *, level: int = 1) -> None:
        """A heading that stays with what follows; level 1 goes into the outline."""
        self.room(56 if level == 1 else 34)
        if self.get_y() > 30:
            self.ln(7 if level == 1 else 4)
        size = 15.0 if level == 1 else 11.0
        self.start_section(plain(text), level=level - 1)
        self.set_font(TEXT, "B", size)
        self.set_text_color(*ACCENT)
        self._lines(text, size, "B")
        self.set_text_color(*INK)
        self.ln(2.0 if level == 1 else 1.0)

    def paragraph(
        self,
        text: str,
        *,
        size: float = BODY,
        style: str = "",
        grey: bool = False,
        width: float = 0,
        after: float = 2.0,
    ) -> None:
        """A paragraph over the text's width."""
        self.set_text_color(*(GREY if grey else INK))
        self._lines(text, size, style, width=width)
        self.set_text_color(*INK)
        self.ln(after)

    def _lines(self, text: str, size: float, style: str = "", *, width: float = 0) -> None:
        self.set_font(TEXT, style, size)
        self.multi_cell(
            width or self.epw,
            size * LEADING * MM_PER_POINT,
            plain(text),
            align="L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def bullets(self, texts: Sequence[str], *, boxes: bool = False, size: float = BODY) -> None:
        """A list, each entry indented; with boxes to tick instead of dots where that is asked for."""
        for text in texts:
            self.room(8)
            self.set_font(TEXT, "", size)
            height = size * LEADING * MM_PER_POINT
            if boxes:
                self.set_draw_color(*GREY)
                self.rect(MARGIN + 0.4, self.get_y() + 0.9, 2.8, 2.8)
            self.cell(5, height, "" if boxes else "\u2022")
            self.set_left_margin(MARGIN + 5)
            self.multi_cell(
                WIDTH - 5, height, plain(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
            )
            self.set_left_margin(MARGIN)
            self.set_x(MARGIN)
            self.ln(1.0)
        self.ln(1.5)

    def box(self, title: str, text: str, *, alert: bool = False) -> None:
        """A tinted box with a coloured edge: what must not be overlooked."""
        self.set_font(TEXT, "", BODY)
        height = BODY * LEADING * MM_PER_POINT
        total = (self.count_lines(text, WIDTH - 12, height) + 1) * height + 7
        self.room(total + 4)
        top = self.get_y()
        self.set_fill_color(*(WARM if alert else PALE))
        self.rect(MARGIN, top, WIDTH, total, style="F")
        self.set_fill_color(*(ALERT if alert else ACCENT))
        self.rect(MARGIN, top, 1.2, total, style="F")
        self.set_fill_color(255, 255, 255)
        self.set_xy(MARGIN + 6, top + 3)
        self.set_font(TEXT, "B", BODY)
        self.set_text_color(*(ALERT if alert else ACCENT))
        self.cell(WIDTH - 12, height, plain(title))
        self.set_text_color(*INK)
        self.set_font(TEXT, "", BODY)
        self.set_xy(MARGIN + 6, top + 3.5 + height)
        self.multi_cell(WIDTH - 12, height, plain(text), align="L")
        self.set_xy(MARGIN, top + total + 4)

    def facts(self, pairs: Sequence[tuple[str, str]], *, mono: Sequence[str] = ()) -> None:
        """Names to the left, values to the right; a value in `mono` is set like a hash."""
        for name, value in pairs:
            if not value:
                continue
            self.room(7)
            top = self.get_y()
            height = BODY * LEADING * MM_PER_POINT
            self.set_font(TEXT, "", SMALL)
            self.set_text_color(*GREY)
            self.cell(42, height, name)
            self.set_text_color(*INK)
            whole = name in mono
            self.set_font(MONO if whole else TEXT, "", 7.8 if whole else BODY)
            self.set_xy(MARGIN + 42, top)
            self.set_left_margin(MARGIN + 42)
            self.multi_cell(
                WIDTH - 42, height, plain(value), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
            )
            self.set_left_margin(MARGIN)
            self.set_x(MARGIN)
            self.ln(0.6)
        self.ln(2)

    def rows(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        mono: Sequence[int] = (),
        right: Sequence[int] = (),
    ) -> None:
        """A table with fine lines between its rows; its head comes again on every page.

        Args:
            head: the columns' names.
            rows: texts.
            widths: of the columns in mm, together :data:`WIDTH`.
            mono: columns set like hashes.
            right: columns aligned to the right.
        """
        self.room(16)
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.set_font(TEXT, "", SMALL)
        hash_face = FontFace(family=MONO, size_pt=7)
        with self.table(
            col_widths=tuple(widths),
            width=sum(widths),
            align="LEFT",
            text_align=tuple("RIGHT" if n in right else "LEFT" for n in range(len(head))),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD", color=GREY, size_pt=7.5),
            line_height=SMALL * LEADING * MM_PER_POINT,
            padding=(0.7, 1.6, 0.7, 0),
            v_align="TOP",
        ) as table:
            top = table.row()
            for name in head:
                top.cell(name)
            for texts in rows:
                row = table.row()
                for number, text in enumerate(texts):
                    face = hash_face if number in mono else None
                    row.cell(plain(text), style=face)
        self.ln(3)

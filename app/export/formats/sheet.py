"""Comparison sheets: everything about one run on one page, as PDF for paper and as PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from app.export.exporter import Choice, Drawn, Exporter, Item, Material, Need, Option
from app.export.labels import sheet_label
from app.export.metadata import COMPOSITE
from app.export.page import paint_pdf, paint_pixels
from app.export.pictures import Marks, encode_generated
from app.export.sheets import page_numbers, sheet_page

PAPER = Option(
    name="paper",
    title="Paper",
    choices=(Choice(value="a4", title="A4"), Choice(value="letter", title="US Letter")),
)


class SheetPdf(Exporter):
    """One document per run."""

    name = "sheet-pdf"
    title = "Comparison sheet (PDF)"
    suffix = ".pdf"
    mime = "application/pdf"
    needs: ClassVar[tuple[Need, ...]] = ("run", "map")
    lossless = False
    options: ClassVar[tuple[Option, ...]] = (PAPER,)
    order = 40

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file per run."""
        return [
            Item(file_name=f"{material.stem}.{run.name}.sheet.pdf", run=run)
            for run in material.runs
        ]

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """All pages of the run."""
        run = item.run
        assert run is not None
        label = sheet_label(run.result, run.numbers)
        pages = [
            sheet_page(material, run, number, options["paper"])
            for number in range(1, len(page_numbers(run)) + 1)
        ]
        content = paint_pdf(
            pages,
            title=f"Comparison sheet - {material.name or material.stem}",
            subject=label,
            author=material.case.examiner,
            xmp=Marks(label=label, source_type=COMPOSITE, result=run.result).xmp,
            time=material.time,
        )
        return Drawn(content=content, role="sheet", label=label, source_type=COMPOSITE)


class SheetPng(Exporter):
    """One picture per page."""

    name = "sheet-png"
    title = "Comparison sheet (PNG)"
    suffix = ".png"
    mime = "image/png"
    needs: ClassVar[tuple[Need, ...]] = ("run", "map")
    lossless = False
    options: ClassVar[tuple[Option, ...]] = (PAPER,)
    order = 41

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file per run and page; a single page has no number in its name."""
        items: list[Item] = []
        for run in material.runs:
            pages = len(page_numbers(run))
            for page in range(1, pages + 1):
                part = f".page{page}" if pages > 1 else ""
                name = f"{material.stem}.{run.name}.sheet{part}.png"
                items.append(Item(file_name=name, run=run, page=page))
        return items

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """The page, its label in its foot."""
        run = item.run
        assert run is not None
        label = sheet_label(run.result, run.numbers)
        pixels = paint_pixels(sheet_page(material, run, item.page, options["paper"]))
        marks = Marks(label=label, source_type=COMPOSITE, result=run.result)
        content = encode_generated(pixels, marks)
        return Drawn(content=content, role="sheet", label=label, source_type=COMPOSITE)

"""Sketches for paper, with scale, case and legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from app.export.exporter import Drawn, Exporter, Item, Material, Need, Option, each_face
from app.export.formats.sheet import PAPER
from app.export.labels import sketch_label
from app.export.metadata import GENERATED
from app.export.page import paint_pdf
from app.export.pictures import Marks
from app.export.sketch_pages import sketch_page


class SketchPdf(Exporter):
    """One page per hypothesis and face."""

    name = "sketch-pdf"
    title = "Sketch (PDF for print)"
    suffix = ".pdf"
    mime = "application/pdf"
    needs: ClassVar[tuple[Need, ...]] = ("run", "map")
    lossless = False
    options: ClassVar[tuple[Option, ...]] = (PAPER,)
    order = 32

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file per hypothesis and face."""
        return each_face(material, ".sketch.pdf")

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """The page."""
        run = item.run
        assert run is not None
        label = sketch_label(run.result, item.hypothesis)
        content = paint_pdf(
            [sketch_page(material, item, label=label, paper=options["paper"])],
            title=f"Sketch of a hypothesis - {material.name or material.stem}",
            subject=label,
            author=material.case.examiner,
            xmp=Marks(label=label, source_type=GENERATED, result=run.result).xmp,
            time=material.time,
        )
        return Drawn(content=content, role="sketch", label=label, source_type=GENERATED)

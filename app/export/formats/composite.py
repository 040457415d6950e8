"""Composites: a hypothesis in the whole photo, as PNG, TIFF or JPEG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.export.exporter import Drawn, Exporter, Item, Material, each_hypothesis
from app.export.labels import add_border, hypothesis_label
from app.export.metadata import COMPOSITE, GENERATED
from app.export.pictures import encode_generated


class CompositePng(Exporter):
    """The composite's own pixels, in the photo's depth."""

    name = "composite-png"
    title = "Composite (PNG)"
    suffix = ".png"
    mime = "image/png"
    order = 10

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file per hypothesis."""
        return each_hypothesis(material, self.suffix)

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """The picture with its label below."""
        run = item.run
        assert run is not None
        request = run.result.request
        label = hypothesis_label(
            request.model, number=item.hypothesis, made=run.result.made, seed=request.seed
        )
        source_type = GENERATED if run.sketch else COMPOSITE
        pixels = run.composites[item.hypothesis - 1]
        content = encode_generated(
            add_border(pixels[..., None] if pixels.ndim == 2 else pixels, label),
            label=label,
            source_type=source_type,
            result=run.result,
            icc_profile=None if run.sketch else material.photo.icc_profile,
        )
        role = "sketch" if run.sketch else "composite"
        return Drawn(content=content, role=role, label=label, source_type=source_type)

"""How much the hypotheses of a run differ, in colours with a legend or as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

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
)
from app.export.fonts import pillow_font
from app.export.labels import add_border, lay_out, uncertainty_label
from app.export.metadata import COMPOSITE, GENERATED
from app.export.pictures import Marks, encode_generated
from app.export.views import heat_colours, heat_over, to_srgb
from app.imaging.uncertainty import FULL_SPREAD

LEAST, MOST = "0 %", f"{FULL_SPREAD:.0%} of full brightness, or more".replace("%", " %")


class UncertaintyPng(Exporter):
    """Of every run that has several hypotheses."""

    name = "uncertainty-png"
    title = "Uncertainty (PNG)"
    suffix = ".png"
    mime = "image/png"
    needs: ClassVar[tuple[Need, ...]] = ("uncertainty", "map")
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            name="show",
            title="Show as",
            choices=(
                Choice(value="colours", title="Colours over the photo, with a legend"),
                Choice(value="values", title="Values 0 to 255, for other programs"),
            ),
        ),
    )
    order = 50

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file per run that has an uncertainty."""
        ending = "uncertainty-colours" if options["show"] == "colours" else "uncertainty"
        return [
            Item(file_name=f"{material.stem}.{run.name}.{ending}.png", run=run)
            for run in material.runs
            if run.uncertainty is not None
        ]

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """The picture in the photo's size with its label below."""
        run = item.run
        assert run is not None
        assert run.uncertainty is not None
        assert material.map is not None
        label = uncertainty_label(run.result)
        if options["show"] == "values":
            source_type, shown = GENERATED, run.uncertainty[..., None]
        else:
            source_type = COMPOSITE
            rgb = to_srgb(material.photo.rgb, material.photo.icc_profile)
            shown = _with_legend(heat_over(rgb, run.uncertainty, material.map), label)
        marks = Marks(label=label, source_type=source_type, result=run.result)
        content = encode_generated(add_border(shown, label), marks)
        return Drawn(content=content, role="uncertainty", label=label, source_type=source_type)


def _with_legend(picture: NDArray[np.uint8], label: str) -> NDArray[np.uint8]:
    """The picture with a colour bar in white below it."""
    from PIL import Image, ImageDraw

    height, width, _ = picture.shape
    layout = lay_out(label, width=max(width, 160), area=height * width)
    size = round(layout.font.size)
    margin = layout.margin
    font = pillow_font("regular", size)
    wide = max(width, 160)
    room = wide - 2 * margin
    one_line = room > font.getlength(LEAST) + font.getlength(MOST) + 9 * size
    strip_height = 2 * margin + size if one_line else 2 * margin + round(3.4 * size)
    strip = Image.new("RGB", (wide, strip_height), (255, 255, 255))
    draw = ImageDraw.Draw(strip)
    if one_line:
        left = margin + round(font.getlength(LEAST)) + size // 2
        right = min(left + 14 * size, wide - margin - round(font.getlength(MOST)) - size // 2)
        draw.text((margin, margin + size / 2), LEAST, 0, font, anchor="lm")
        draw.text((right + size // 2, margin + size / 2), MOST, 0, font, anchor="lm")
    else:
        left, right = margin, wide - margin
        words = f"{LEAST} to {MOST}"
        while font.getlength(words) > room and font.size > 7:
            font = pillow_font("regular", round(font.size) - 1)
        draw.text((margin, margin + 2.2 * size), words, 0, font, anchor="lm")
    ramp = np.linspace(0, 255, max(2, right - left)).round().astype(np.uint8)
    bar = heat_colours(np.repeat(ramp[None], size, axis=0))
    strip.paste(Image.fromarray(bar), (left, margin))
    whole = np.full((height + strip_height, wide, 3), 255, np.uint8)
    whole[:height, :width] = picture
    whole[height:] = np.asarray(strip)
    return whole

"""The layout of a printed sketch: the drawing with its scale, where it came from, and its legend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.export.exporter import Item, Material, Run
from app.export.fonts import POINT
from app.export.page import GREY, INK, LEADING, MARGIN, RULE, SIZES, Box, Page, Picture, Text
from app.export.provenance import STATEMENT
from app.export.sheets import put_footer, put_title
from app.export.sketches import face_sketch
from app.export.views import (
    FACE_VIEW,
    MAP_COLOUR,
    as_rgb,
    face_alignment,
    face_map,
    face_size,
    face_view,
    tinted,
    to_srgb,
)

PUPILS = 63.0
"""Mean distance of adults' pupils in millimetres (Dodgson 2004, doi 10.1117/12.529999)."""

CHECK = 50.0
"""Length of the bar by which a reader checks that the page was printed in its own size."""

THUMBNAIL = 27.0


def sketch_page(material: Material, item: Item, *, label: str, paper: str) -> Page:
    """One hypothesis of one face as a sketch on upright paper.

    Args:
        material: with a map.
        item: names run, hypothesis and face.
        label: of the sketch.
        paper: a key of :data:`app.export.page.SIZES`.
    """
    run = item.run
    assert run is not None
    width, height = SIZES[paper]
    page = Page(width=width, height=height)
    below = put_title(page, material, "Sketch of a hypothesis", y=MARGIN) + 1
    page.things.append(Box(x=MARGIN, y=below, width=width - 2 * MARGIN, height=0.25, colour=RULE))
    request = run.result.request
    bottom = put_footer(
        page,
        [
            (label, 8.5, True),
            (f"{run.counted} {STATEMENT}", 7.0, False),
            (
                f"Photo {material.name} / photo SHA-256 {request.photo_sha256} / "
                f"request {request.key}",
                5.6,
                False,
            ),
        ],
    )
    legend_top = bottom - THUMBNAIL - 6
    scale_top = legend_top - 13
    side = min(width - 2 * MARGIN, scale_top - below - 6)
    x, y = (width - side) / 2, below + 4
    drawing = face_sketch(run, item.hypothesis, item.face)
    page.things.append(Picture(x=x, y=y, width=side, height=side, pixels=drawing))
    page.things.append(Box(x=x, y=y, width=side, height=side, colour=RULE, line=0.2))
    _scale(page, run, item.face, y=y + side + 4, side=side)
    _legend(page, material, item, y=legend_top)
    return page


def _scale(page: Page, run: Run, face: int, *, y: float, side: float) -> None:
    """What a length on paper is in the photo and, by an assumption that is named, in life."""
    per_pixel = side / face_alignment(run, face).crop_size_in_photo
    left = MARGIN
    page.things += [
        Box(x=left, y=y + 1.2, width=CHECK, height=0.5),
        *(Box(x=left + CHECK * part, y=y, width=0.3, height=2.4) for part in (0, 0.5, 0.994)),
    ]
    # The pupils lie `eye_distance` of the view apart, unless the head is turned.
    ratio = PUPILS / (FACE_VIEW.eye_distance * side)
    size = "larger than life" if ratio < 1 else "smaller than life"
    times = 1 / ratio if ratio < 1 else ratio
    words = (
        f"50 mm on paper printed at 100 %. One pixel of the photo is {per_pixel:.2f} mm here. "
        f"About {times:.1f} times {size} if the pupils are {PUPILS:.0f} mm apart, the mean of adults; "
        "this was not measured."
    )
    page.paragraph(
        words, x=left + CHECK + 5, y=y - 0.8, width=page.width - 2 * MARGIN - CHECK - 5, size=7,
        colour=GREY,
    )  # fmt: skip


def _legend(page: Page, material: Material, item: Item, *, y: float) -> None:
    """The photo's face, its map, and how to read the drawing."""
    run = item.run
    assert run is not None
    assert material.map is not None
    alignment = face_alignment(run, item.face)
    size = face_size(alignment)
    rgb = to_srgb(material.photo.rgb, material.photo.icc_profile)
    face: NDArray[np.uint8] = as_rgb(face_view(rgb, alignment, size))
    mapped = as_rgb(tinted(face, face_map(material.map, alignment, size)))
    x = MARGIN
    for pixels, caption in ((face, "Photo"), (mapped, "Map")):
        page.things.append(Picture(x=x, y=y, width=THUMBNAIL, height=THUMBNAIL, pixels=pixels))
        page.things.append(Text(x=x, y=y + THUMBNAIL + 0.8, text=caption, size=7, weight="medium"))
        x += THUMBNAIL + 4
    x += 2
    width = page.width - MARGIN - x
    model = run.result.request.model
    page.things.append(Text(x=x, y=y - 0.6, text="Legend", size=8, weight="semibold"))
    line = 7 * POINT * LEADING
    y += 8 * POINT * LEADING + 0.4
    drawn = "drew" if run.sketch else "made, drawn as a sketch by a fixed rule"
    rows = [
        (MAP_COLOUR, f"Hidden in the photo: what the model {model.name} v{model.version} {drawn}."),
        (INK, "Everything else: drawn from the photo's own pixels by a fixed rule."),
    ]
    for colour, words in rows:
        page.things.append(Box(x=x, y=y + 0.5, width=3, height=2.2, colour=colour))
        y = page.paragraph(words, x=x + 5, y=y, width=width - 5, size=7) + 0.6
    facts = (
        f"Hypothesis {item.hypothesis} of {run.result.made}, seed {run.result.request.seed}. "
        "Other hypotheses of the same run may look different; read them together."
    )
    page.paragraph(facts, x=x, y=y + 0.3 * line, width=width, size=7, colour=GREY)

"""The parts of the report that show pictures: each photo's suitability and each run's hypotheses."""

from __future__ import annotations

from collections.abc import Callable

from app.case.case_file import CaseFile
from app.case.records import FaceRecord
from app.export.report.content import Content, PhotoSuitability, ReportRun
from app.export.report.grid import grid
from app.export.report.page import Page
from app.export.report.pictures import (
    Shown,
    Window,
    around,
    hypothesis_crop,
    map_crop,
    overview,
    plain_crop,
    uncertainty_crop,
)
from app.export.report.sections import measures, moment, named
from app.export.report.words import GENERATED_MARK, SOURCES

Progress = Callable[[float, str], None]


def suitability(pdf: Page, content: Content, case: CaseFile, say: Progress) -> None:
    """Each photo with its faces framed, and what was measured of them."""
    pdf.heading("3  Suitability of the images")
    pdf.paragraph(
        "Measured quantities and what they mean in plain words. They say what a photo offers, not how "
        "good a hypothesis is. Angles are estimated from landmarks with an average head, some of them "
        "under the mask; differences of ten degrees mean little."
    )
    names = {item.photo: named(item) for item in content.items}
    for number, photo in enumerate(content.suitability):
        say(number / len(content.suitability), f"photo {photo.photo}")
        pdf.heading(names[photo.photo], level=2)
        if photo.faces:
            grid(pdf, _overview(case, photo), columns=2)
        measures(pdf, photo)


def _overview(case: CaseFile, photo: PhotoSuitability) -> list[Shown]:
    """The photo with its faces framed, and the largest of them by itself."""
    pixels = case.evidence.open(photo.photo).pixels
    height, width = pixels.shape[:2]
    faces = tuple(
        FaceRecord(box=face.box, landmarks=(), score=face.score, masked=0) for face in photo.faces
    )
    count = f"{len(faces)} face{'s' if len(faces) > 1 else ''} framed"
    whole = f"Photo {photo.photo}, original, {width} x {height} px, {count}."
    window = around(faces[0], width, height)
    return [
        overview(
            pixels, faces, f"Original of photo {photo.photo} with frames drawn over it", whole
        ),
        plain_crop(
            pixels,
            window,
            f"Part of the original of photo {photo.photo}",
            f"Photo {photo.photo}, face 1, {window.scale}.",
        ),
    ]


def results(pdf: Page, content: Content, case: CaseFile, say: Progress) -> None:
    """Every run with every hypothesis, beside original and map."""
    pdf.heading("4  Results")
    if not content.runs:
        pdf.paragraph("No reconstruction was made.", grey=True)
        return
    pdf.paragraph(
        "Each run shows original and map beside every hypothesis that was made, in the order in which "
        "they were made. A hypothesis is one invention among many that fit the visible part."
    )
    generated = {item.photo for item in content.items if item.generated}
    for number, run in enumerate(content.runs):
        say(number / len(content.runs), f"run {run.run}")
        _run(pdf, run, case, mark=GENERATED_MARK if run.photo in generated else "")


def _run(pdf: Page, run: ReportRun, case: CaseFile, *, mark: str) -> None:
    pdf.room(118)  # the facts stay with the first row of pictures
    pdf.heading(f"Run {run.run}: photo {run.photo}{mark}, {run.model} v{run.version}", level=2)
    word = "hypothesis" if run.made == 1 else "hypotheses"
    counted = f"{run.made} {word} made, {run.shown} shown. {run.why_fewer}".strip()
    pdf.facts(
        [
            ("Hypotheses", counted),
            ("Map", f"map {run.map} after {run.edits} edits, {SOURCES.get(run.map_source, '')}"),
            ("Seed, device", f"{run.seed}; {run.device}, run on {run.provider}"),
            ("Made", f"{moment(run.started_utc)} by {run.author}, in {run.seconds:.1f} s"),
            ("Uncertainty", _uncertainty(run)),
            (
                "Not filled",
                f"{run.uncovered:,} px of the map stayed as they were" if run.uncovered else "",
            ),
            (
                "Done again",
                "\n".join(run.reproduced) or "This run was not done again from its record.",
            ),
            ("Notes", "" if run.why_fewer else "\n".join(run.notes)),
            ("Request", run.request_key),
        ],
        mono=("Request",),
    )
    row = case.runs.get(run.run)
    photo = case.evidence.open(run.photo)
    map_pixels = case.maps.pixels(run.map, edits=run.edits)
    result, faces = row.result, row.request.faces
    windows = [around(face, photo.width, photo.height) for face in faces]
    for number, window in enumerate(windows, start=1):
        name = f"Face {number}: " if len(windows) > 1 else ""
        pictures = [
            plain_crop(
                photo.pixels,
                window,
                f"Original of photo {run.photo}, unchanged",
                f"{name}Original, {window.scale}.",
            ),
            map_crop(photo.pixels, map_pixels, window, f"{name}Map {run.map}.", number=run.map),
        ]
        pictures += [
            hypothesis_crop(
                case.runs.pixels(output),
                window,
                result,
                output.number,
                f"{name}Hypothesis {output.number} of {run.made}, generated.",
            )
            for output in row.composites
        ]
        pictures += _uncertainties(case, run, window, name)
        grid(pdf, pictures, columns=3)
    pdf.rows(
        ("Hypothesis", "SHA-256 of its pixels"),
        [(str(number), sha256) for number, sha256 in enumerate(run.outputs, start=1)],
        (30, 140),
        mono=(1,),
    )


def _uncertainties(case: CaseFile, run: ReportRun, window: Window, name: str) -> list[Shown]:
    row = case.runs.get(run.run)
    return [
        uncertainty_crop(
            case.runs.pixels(output),
            window,
            row.result,
            f"{name}Uncertainty: dark where the {run.made} hypotheses agree, bright where they differ.",
        )
        for output in row.outputs
        if output.role == "uncertainty"
    ]


def _uncertainty(run: ReportRun) -> str:
    if run.uncertainty is None:
        return "One hypothesis says nothing about certainty."
    each = run.uncertainty
    text = (
        f"inside the map {each.mean:.1f} % of full brightness on average, {each.high:.1f} % at the 95th "
        "percentile"
    )
    if each.saturated >= 0.0005:
        text += f"; {100 * each.saturated:.1f} % of the map beyond the scale"
    return text

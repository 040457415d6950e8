"""The parts of the report that are text and tables."""

from __future__ import annotations

from app.export.report import words
from app.export.report.content import Content, Measure, PhotoSuitability, ReportItem, UsedModel
from app.export.report.page import BODY, LINE, MARGIN, SMALL, WIDTH, Page


def front(pdf: Page, content: Content) -> None:
    """Title, what the report is about, and what it must not be taken for."""
    matter = content.matter
    pdf.set_y(30)
    if matter.laboratory:
        pdf.paragraph(matter.laboratory, size=BODY, grey=True, after=1)
    pdf.paragraph("Report on the examination of images", size=21, style="B", after=1)
    pdf.paragraph(matter.title or "Case without title", size=13, after=4)
    if content.draft:
        pdf.box("Draft", content.status, alert=True)
    pdf.facts(
        [
            ("Case number", matter.number or "none entered"),
            ("Requested by", matter.requested_by),
            ("Requested on", matter.requested_on),
            ("Examiner", matter.examiner),
            ("Worked on the case", ", ".join(matter.workers)),
            ("Review", "" if content.draft else content.status),
            ("Case begun", moment(matter.created_utc)),
            ("State of the case", f"{moment(content.as_of_utc)}, log entry {content.entries}"),
            ("Head hash of the log", content.head),
            ("Case id", matter.case_id),
            ("Made with", content.made_by),
        ],
        mono=("Head hash of the log", "Case id"),
    )
    pdf.box("What the pictures are", words.LEDE, alert=True)
    pdf.heading("1  Request and summary")
    pdf.paragraph(matter.request or "No request was entered in the case.", grey=not matter.request)
    for sentence in content.summary:
        pdf.paragraph(sentence)


def items(pdf: Page, content: Content) -> None:
    """Every piece of evidence with its hash."""
    pdf.heading("2  Items")
    pdf.paragraph(
        "The originals lie in the case byte for byte. Their SHA-256 was computed at intake and is "
        "computed anew whenever one is read."
    )
    for item in content.items:
        pdf.room(24)
        pdf.paragraph(named(item), style="B", after=0.3)
        depth = f"{item.bits} bit, {item.channels} channel{'s' if item.channels > 1 else ''}"
        pdf.paragraph(
            f"{item.format}, {item.width} x {item.height} px, {depth}, {item.size:,} bytes; taken in "
            f"{moment(item.taken_in_utc)} by {item.taken_in_by}"
            + (f"; file dated {moment(item.modified_utc)}" if item.modified_utc else ""),
            size=SMALL,
            after=0.3,
        )
        if item.other_names:
            pdf.paragraph(
                f"The same bytes also came as {', '.join(item.other_names)}.", size=SMALL, after=0.3
            )
        pdf.facts([("SHA-256 of the file", item.sha256)], mono=("SHA-256 of the file",))
        if item.generated:
            pdf.box("Generated", words.GENERATED, alert=True)
    if not content.items:
        pdf.paragraph("The case holds no photos.", grey=True)


def named(item: ReportItem) -> str:
    """An item's number and name, as headings say it; a generated one is marked."""
    mark = words.GENERATED_MARK if item.generated else ""
    return f"Photo {item.photo}: {item.name}{mark}"


def measures(pdf: Page, photo: PhotoSuitability) -> None:
    """The measured quantities of one photo's faces."""
    if not photo.faces:
        said = "No face was found." if photo.located else "Faces were not looked for."
        pdf.paragraph(said, grey=True)
    for face in photo.faces:
        pdf.rows(
            (f"Face {face.face}", "Measured", "What it means"),
            [_measure(each) for each in face.measures],
            (38, 44, 88),
        )


def _measure(measure: Measure) -> tuple[str, str, str]:
    return measure.name, measure.shown, measure.words


def maps(pdf: Page, content: Content) -> None:
    """How the maps came about, and what hands changed."""
    pdf.heading("5  Maps and their edits")
    pdf.paragraph(
        "A map says which pixels of a photo the mask hides. Each edit is kept in the log with its "
        "author; undoing is an edit like any other."
    )
    if not content.maps:
        pdf.paragraph("There is no map.", grey=True)
        return
    rows = []
    for each in content.maps:
        drawn = words.SOURCES.get(each.source, each.source)
        by = "; ".join(
            f"{editor.name}: {editor.edits} ("
            + ", ".join(f"{tool} {count}" for tool, count in editor.tools.items())
            + ")"
            for editor in each.editors
        )
        change = ""
        if each.area_before:
            change = f" ({100 * (each.area_after - each.area_before) / each.area_before:+.1f} %)"
        rows.append(
            (
                f"{each.map} of photo {each.photo}",
                f"{drawn}, {each.author}" + (f"\n{', '.join(each.models)}" if each.models else ""),
                by or "no edits",
                f"{each.area_before:,}",
                f"{each.area_after:,}{change}\n+{each.added:,}  \u2013{each.removed:,}",
            )
        )
    pdf.rows(
        ("Map", "Began as", "Edits", "Area before, px", "Area after, px"),
        rows,
        (24, 46, 46, 24, 30),
        right=(3, 4),
    )


def models(pdf: Page, content: Content) -> None:
    """Which models had a part, what was measured of them, and what they cannot do."""
    pdf.heading("6  Models, their measured errors and limits")
    if not content.models:
        pdf.paragraph("No model was used.", grey=True)
    for model in content.models:
        _model(pdf, model)


def _model(pdf: Page, model: UsedModel) -> None:
    card = model.card
    pdf.heading(f"{card.title if card else model.name}", level=2)
    runs = ", ".join(str(run) for run in dict.fromkeys(model.runs))
    pdf.facts(
        [
            (
                "Name and version",
                f"{model.name} v{model.version}, {words.TASKS.get(model.task, model.task)}",
            ),
            ("SHA-256", model.sha256),
            ("Part of runs", runs),
        ],
        mono=("SHA-256",),
    )
    if card is None:
        pdf.paragraph(
            "No model with this SHA-256 is installed where this report was made, so its card, with its "
            "measured errors and limits, cannot be repeated here.",
            grey=True,
        )
        return
    pdf.paragraph(f"{card.summary} Trained on: {card.data}.", size=SMALL)
    if card.figures:
        sets = list(card.figures)
        names = list(dict.fromkeys(name for table in card.figures.values() for name in table))
        rows = [
            (
                words.FIGURES.get(name, name.replace("_", " ")),
                *(figure(card.figures[each].get(name)) for each in sets),
            )
            for name in names
        ]
        width = min(30.0, (WIDTH - 80) / len(sets))
        pdf.rows(
            ("Measured", *(words.DATA_SETS.get(each, each) for each in sets)),
            rows,
            (WIDTH - width * len(sets), *(width for _ in sets)),
            right=tuple(range(1, len(sets) + 1)),
        )
    else:
        pdf.paragraph("Its card holds no measured figures.", size=SMALL, grey=True)
    pdf.paragraph("Limits", size=SMALL, style="B", after=0.5)
    pdf.bullets((*card.limits, *(f"Not for: {each}" for each in card.not_for)), size=SMALL)


def figure(value: object) -> str:
    """A measured figure with four significant digits."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def limitations(pdf: Page, content: Content) -> None:
    """What the results cannot say."""
    pdf.heading("7  Limitations")
    pdf.bullets(content.limitations)
    pdf.paragraph("What the results are good for", style="B", after=0.8)
    pdf.bullets(content.good_for)
    pdf.paragraph("What they are not good for", style="B", after=0.8)
    pdf.bullets(content.not_good_for)
    pdf.paragraph(content.source, size=SMALL, grey=True)


def notes(pdf: Page, content: Content) -> None:
    """What the examiner wrote."""
    if not content.notes:
        return
    pdf.heading("8  Notes of the examiner")
    for note in content.notes:
        about = f"on photo {note.photo}" if note.photo else "on the case"
        pdf.room(12)
        pdf.paragraph(f"Note {note.note} {about}, {note.author}", size=SMALL, grey=True, after=0.3)
        pdf.paragraph(note.text, after=3)


def log_of_steps(pdf: Page, content: Content) -> None:
    """What was done, in order."""
    pdf.heading("9  Steps in order")
    pdf.paragraph(
        "From the case's append-only log, times in UTC. Edits of one map in a row stand on one line. "
        "Hashes are cut here and whole in the log; further parameters are in the JSON report."
    )
    rows = []
    for step in content.steps:
        number = str(step.first) if step.first == step.last else f"{step.first}\u2013{step.last}"
        details = "; ".join(
            f"{name}: {value}"
            for name, value in step.parameters.items()
            if name not in words.UNPRINTED
        )
        rows.append((number, _seconds(step.utc), step.who, step.what, _short(details)))
    pdf.rows(("Entry", "Time (UTC)", "Who", "What", "Parameters"), rows, (15, 28, 28, 36, 63))


LONGEST = 420
"""Characters of parameters in the table; the JSON has all."""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} (whole in the JSON report)"


def review(pdf: Page, content: Content) -> None:
    """The reviewer's page: what was found, what to look at, and where to sign."""
    pdf.add_page()
    pdf.heading("10  Review by a second person")
    if content.draft:
        pdf.box("Draft", content.status, alert=True)
    for each in content.reviews:
        pdf.facts(
            [
                ("Review", f"{each.review}, {moment(each.utc)}"),
                ("Reviewer", each.reviewer),
                (
                    "Outcome",
                    "accepted" if each.verdict == "accepted" else "returned to the examiner",
                ),
                ("State reviewed", f"log entry {each.entries}"),
                ("Head hash then", each.head),
                ("Recorded from", each.account),
                ("Remarks", each.text),
            ],
            mono=("Head hash then",),
        )
        if each.same_account:
            pdf.paragraph(
                "This review was recorded from an account from which work on the case was recorded "
                "as well.",
                size=SMALL,
                style="I",
            )
    if not content.reviews:
        pdf.paragraph("No review is recorded.", grey=True)
    pdf.paragraph("What the reviewer looks at", style="B", after=1)
    pdf.bullets(words.CHECKS, boxes=True)
    pdf.room(44)
    pdf.ln(16)
    _signatures(pdf, ("Examiner", "Reviewer"))


def _signatures(pdf: Page, names: tuple[str, ...]) -> None:
    """Lines to sign on, side by side."""
    width = (WIDTH - 12) / len(names)
    top = pdf.get_y()
    pdf.set_draw_color(*LINE)
    for number, name in enumerate(names):
        left = MARGIN + number * (width + 12)
        pdf.line(left, top, left + width, top)
        pdf.set_xy(left, top + 1)
        pdf.set_font_size(SMALL)
        pdf.cell(width, 5, f"{name}: name, date, signature")
    pdf.set_xy(MARGIN, top + 12)


def integrity(pdf: Page, content: Content) -> None:
    """How anyone can check all of this."""
    pdf.heading("11  Checking this report")
    pdf.facts(
        [("Log entries", str(content.entries)), ("Head hash of the log", content.head)],
        mono=("Head hash of the log",),
    )
    pdf.paragraph(
        "The head hash pins the whole case down: every step, every original, every map and every "
        "picture. To check a case file or a sealed package against this report:"
    )
    pdf.paragraph(f"revisage case verify FILE --head {content.head}", size=SMALL)
    pdf.paragraph(
        "To make the pictures again from the records alone: revisage case reproduce FILE. The log's "
        "entries are JSON texts whose SHA-256 each next entry repeats, so that other programs can "
        "follow them too. The file report.json, attached to this PDF, holds the same content for "
        "machines."
    )


def moment(utc: str | None) -> str:
    """An ISO 8601 time for reading, to the minute."""
    return f"{utc[:16].replace('T', ' ')} UTC" if utc else "at an unknown time"


def _seconds(utc: str) -> str:
    return utc[:19].replace("T", " ")

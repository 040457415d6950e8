"""The report as PDF/A-3: the content laid out, the pictures from the case, the JSON attached."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from app.case.case_file import CaseFile
from app.export.errors import ExportError
from app.export.report import sections
from app.export.report.content import Content, report_json
from app.export.report.fonts import plain
from app.export.report.page import Page, Running

Progress = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and what comes next. May raise to stop."""

JSON_NAME = "report.json"


def report_pdf(content: Content, case: CaseFile, *, progress: Progress | None = None) -> bytes:
    """Lay a report out.

    Args:
        content: from :func:`app.export.report.collect.collect` of this case as it is now.
        case: gives the pictures.
        progress: told how far it is.

    Raises:
        ExportError: the case has gone on since the content was collected.
        CaseError, PhotoError: a picture cannot be read.
    """
    if case.head() != (content.entries, content.head):
        raise ExportError(f"{case.path} was changed while its report was made; make it again.")
    from app.export.report.results import results, suitability

    # fontTools tells every table that it reads.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    say = progress or (lambda _share, _text: None)
    document = report_json(content)
    # The layout adds a few marks of its own, all of them in the text font.
    marks = frozenset(plain(document.decode("utf-8")))
    pdf = Page(_running(content), marks=marks, title=_title(content), time=_time(content))
    pdf.embed_file(
        bytes=document,
        basename=JSON_NAME,
        mime_type="application/json",
        modification_date=_time(content),
        associated_file_relationship="Data",
    )
    pdf.add_page()
    sections.front(pdf, content)
    sections.items(pdf, content)
    suitability(pdf, content, case, lambda share, text: say(0.4 * share, text))
    results(pdf, content, case, lambda share, text: say(0.4 + 0.5 * share, text))
    sections.maps(pdf, content)
    sections.models(pdf, content)
    sections.limitations(pdf, content)
    sections.notes(pdf, content)
    sections.log_of_steps(pdf, content)
    sections.review(pdf, content)
    sections.integrity(pdf, content)
    say(0.95, "pages")
    return bytes(pdf.output())


def _running(content: Content) -> Running:
    matter = content.matter
    name = " \u00b7 ".join(part for part in (matter.number, matter.title) if part)
    return Running(
        header=plain(f"Case {name or matter.case_id}".replace("\n", " ")),
        status="DRAFT, not reviewed" if content.draft else "Reviewed",
        draft=content.draft,
        footer=f"{content.made_by} \u00b7 log entry {content.entries} \u00b7 "
        f"head {content.head[:16]}...",
    )


def _title(content: Content) -> str:
    return plain(f"Report on the examination of images: {content.matter.title}".replace("\n", " "))


def _time(content: Content) -> datetime:
    try:
        return datetime.fromisoformat(content.as_of_utc).astimezone(UTC).replace(microsecond=0)
    except ValueError:
        return datetime(1980, 1, 1, tzinfo=UTC)

"""Report and package of a case, with the cards of the installed models; what casework hands out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.case.case_file import CaseFile
from app.export.files import check_target, write_file
from app.export.package import Sealed, seal
from app.export.report import Content, ModelCard, collect, report_json, report_pdf
from app.inference.card import Card

REPORT, REPORT_JSON = "report", "report-json"
"""The formats of a report, as `case export --format` names them."""

FILE_NAMES = {REPORT: "report.pdf", REPORT_JSON: "report.json"}

Progress = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and what comes next. May raise to stop."""


@dataclass(frozen=True, kw_only=True)
class CaseReport:
    """A report that was made.

    Attributes:
        content: what it says.
        pdf, json: the files' bytes.
    """

    content: Content
    pdf: bytes
    json: bytes


def model_cards(cards: Sequence[Card]) -> dict[str, ModelCard]:
    """What a report repeats of the installed models' cards, by the SHA-256 of their files."""
    return {
        card.file.sha256: ModelCard(
            title=card.title,
            summary=card.summary,
            intended_use=card.intended_use,
            limits=card.limits,
            not_for=card.not_for,
            data=card.training.data,
            figures=card.figures,
        )
        for card in cards
    }


def make_report(case: CaseFile, cards: Sequence[Card], say: Progress) -> CaseReport:
    """Collect the content and lay it out; see :func:`app.export.report.collect.collect`."""
    content = collect(
        case, models=model_cards(cards), progress=lambda share, text: say(0.3 * share, text)
    )
    pdf = report_pdf(content, case, progress=lambda share, text: say(0.3 + 0.7 * share, text))
    return CaseReport(content=content, pdf=pdf, json=report_json(content))


def write_report(
    case: CaseFile, report: CaseReport, folder: Path, *, formats: Sequence[str], force: bool
) -> tuple[Path, ...]:
    """Write a report's files; the log of a case that can be written tells which.

    Raises:
        ExportError: one was not written.
        KeyError: a format that a report does not have.
    """
    contents = {REPORT: report.pdf, REPORT_JSON: report.json}
    paths = {each: folder / FILE_NAMES[each] for each in formats}
    for path in paths.values():
        check_target(path, force=force, protected=(case.path,))
    for each, path in paths.items():
        write_file(path, contents[each], force=force, protected=(case.path,))
    if not case.read_only:
        case.record(
            "export.write",
            files={
                path.name: hashlib.sha256(contents[each]).hexdigest()
                for each, path in paths.items()
            },
            reported_entries=report.content.entries,
            draft=report.content.draft,
        )
    return tuple(paths.values())


def seal_case(
    case: CaseFile, cards: Sequence[Card], path: Path, force: bool, say: Progress
) -> Sealed:
    """Write a sealed package; the log of a case that can be written keeps its hash."""
    made = seal(case, path, models=model_cards(cards), force=force, progress=say)
    if not case.read_only:
        case.record(
            "package.seal",
            package=path.name,
            package_sha256=made.sha256,
            sealed_entries=made.entries,
            draft=made.draft,
        )
    return made

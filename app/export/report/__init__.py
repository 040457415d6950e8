"""The report on a case: one frozen content, written as PDF and, the very same, as JSON.

    content = collect(case, models=cards)      # everything that is said, from the case alone
    report_json(content)                       # bytes
    report_pdf(content, case)                  # bytes; the pictures come from the case

The same state of a case (the same head of its log) and the same cards give the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.export.report.collect import collect
from app.export.report.content import Content, ModelCard, report_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.case.case_file import CaseFile

__all__ = ["Content", "ModelCard", "collect", "report_json", "report_pdf"]


def report_pdf(
    content: Content, case: CaseFile, *, progress: Callable[[float, str], None] | None = None
) -> bytes:
    """The report as PDF; see :func:`app.export.report.document.report_pdf`.

    The layout's libraries cost every start of the window and are needed by reports only.
    """
    from app.export.report import document

    return document.report_pdf(content, case, progress=progress)

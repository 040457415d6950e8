"""The report on a case: one frozen content, written as PDF and, the very same, as JSON.

    content = collect(case, models=cards)      # everything that is said, from the case alone
    report_json(content)                       # bytes
    report_pdf(content, case)                  # bytes; the pictures come from the case

The same state of a case (the same head of its log) and the same cards give the same bytes.
"""

from __future__ import annotations

from app.export.report.collect import collect
from app.export.report.content import Content, ModelCard, report_json
from app.export.report.document import report_pdf

__all__ = ["Content", "ModelCard", "collect", "report_json", "report_pdf"]

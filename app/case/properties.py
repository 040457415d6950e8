"""What a case says of itself: a module of its own, as the command line's help needs nothing else."""

from __future__ import annotations

PROPERTIES: dict[str, str] = {
    "number": "case number",
    "title": "title",
    "examiner": "examiner",
    "laboratory": "laboratory",
    "requested_by": "requested by",
    "requested_on": "date of the request",
    "request": "what was asked",
}

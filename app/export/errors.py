"""What can go wrong when something is written; each message is one sentence for the user."""

from __future__ import annotations

from app.imaging.errors import RevisageError


class ExportError(RevisageError):
    """A file was not written; what was there before is untouched."""

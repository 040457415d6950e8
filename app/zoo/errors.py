"""What can go wrong with adding models; each message is one sentence for the user."""

from __future__ import annotations

from app.imaging.errors import RevisageError


class InstallError(RevisageError):
    """A model was not added or removed; the zoo is as it was."""

"""What can go wrong with video; each message is one sentence for the user."""

from __future__ import annotations

from app.imaging.errors import RevisageError


class VideoError(RevisageError):
    """A video could not be read or written."""

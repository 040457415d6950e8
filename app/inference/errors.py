"""What can go wrong with models; each message is one sentence for the user."""

from __future__ import annotations

from app.imaging.errors import RevisageError


class CardError(RevisageError):
    """A model's card is missing, unreadable, or lacks something that its task needs."""


class ModelError(RevisageError):
    """A model is not installed, does not match its card, or cannot be run."""


class Cancelled(RevisageError):  # noqa: N818 - what the user wanted is not an error to them
    """The user cancelled; nothing was changed."""

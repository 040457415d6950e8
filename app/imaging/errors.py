"""The base of every error that is meant to be read by a user.

Its message is one sentence that says what happened, to which file, and what to do. It lives in the
lowest room so that every other room can raise its own kind of it.
"""

from __future__ import annotations


class RevisageError(Exception):
    """An expected failure whose text may be shown to the user as it is."""


class PhotoError(RevisageError):
    """A photo could not be read, decoded or written."""


class MapError(RevisageError):
    """A map does not fit its photo or could not be read."""


class CompositeError(RevisageError):
    """A composite differs from its photo outside the map; it must not be shown or written."""

"""What can go wrong with a case file, each as one sentence for the user."""

from __future__ import annotations

from app.imaging.errors import RevisageError


class CaseError(RevisageError):
    """Something about a case failed; nothing was changed."""


class CaseDamaged(CaseError):  # noqa: N818 - a finding about the file
    """The file is cut short, altered or otherwise not as it was saved."""


class CaseHeld(CaseError):  # noqa: N818 - a finding about the file
    """The case can only be read now, because someone else writes it or its drive is read-only."""


class CaseNewer(CaseError):  # noqa: N818 - a finding about the file
    """A later version of Revisage made the file."""


class CaseGone(CaseError):  # noqa: N818 - a finding about the file
    """The file is no longer where it was opened; what is written now would be in no file."""


class CaseFull(CaseError):  # noqa: N818 - a finding about the drive
    """The drive has no room, or refused to write; the case is as it was before the change."""

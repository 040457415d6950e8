"""What the analyst writes: the case's properties and notes. Old ones stay readable."""

from __future__ import annotations

from dataclasses import dataclass

from app.case.errors import CaseError
from app.case.store import Store, clean_text

MAX_TEXT = 100_000
"""Characters in a note or property."""


@dataclass(frozen=True, kw_only=True)
class NoteRow:
    """A note.

    Attributes:
        id: its number.
        photo: which photo it is about; None for the case.
        replaces: the note that it is a new wording of.
        author: the examiner.
        text: what it says; empty to take the replaced one back.
    """

    id: int
    photo: int | None
    replaces: int | None
    author: str
    text: str


class Notes:
    """The properties and notes of one case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def properties(self) -> dict[str, str]:
        """What counts now: title, examiner, case id and whatever else was set."""
        rows = self._store.rows("SELECT name, value FROM property ORDER BY id")
        return {row["name"]: row["value"] for row in rows}

    def set_property(self, name: str, value: str) -> None:
        """Set a property such as the title; earlier values stay in the file."""
        name, value = _checked(name), _checked(value)
        with self._store.change("case.property", name=name, value=value) as change:
            change.insert("property", name=name, value=value)

    def add(self, text: str, *, photo: int | None = None, replaces: int | None = None) -> int:
        """Write a note, or a new wording of one; returns its number."""
        text = _checked(text)
        with self._store.change("note.add", photo=photo, replaces=replaces) as change:
            number = change.insert(
                "note", photo=photo, replaces=replaces, author=self._store.examiner, text=text
            )
            change.details["note"] = number
        return number

    def all(self, *, replaced: bool = False) -> tuple[NoteRow, ...]:
        """The notes in order; those with a newer wording only on request."""
        rows = self._store.rows("SELECT id, photo, replaces, author, text FROM note ORDER BY id")
        notes = tuple(NoteRow(**row) for row in rows)
        old = set() if replaced else {note.replaces for note in notes}
        return tuple(note for note in notes if note.id not in old)


def _checked(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise CaseError(
            f"A text of {len(text)} characters is too long for a case; shorten it to {MAX_TEXT}."
        )
    return clean_text(text)

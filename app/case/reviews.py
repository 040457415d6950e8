"""Second-person reviews: who looked at the case, at which state of its log, and what they found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.case import log
from app.case.errors import CaseError
from app.case.log import LogEntry
from app.case.notes import MAX_TEXT
from app.case.store import Store, clean_text

Verdict = Literal["accepted", "returned"]
"""Accepted as it stands, or given back to the examiner with a reason."""

VERDICTS: tuple[Verdict, ...] = ("accepted", "returned")

KEEPING = frozenset(
    {
        "case.migrate",
        "case.property",
        "case.recovered",
        "export.write",
        "package.seal",
        "review.add",
        "run.reproduce",
    }
)
"""Log actions that add nothing to what is examined: they call for no new review, and whoever did only
these may review."""


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """A review.

    Attributes:
        id: its number.
        author: the reviewer.
        verdict: what came of it.
        text: the reviewer's words; never empty for a case that was returned.
        entries, head: how many log entries were reviewed, and the hash of the last of them.
    """

    id: int
    author: str
    verdict: str
    text: str
    entries: int
    head: str


@dataclass(frozen=True, kw_only=True)
class ReviewState:
    """Whether the case as it is now has been reviewed.

    Attributes:
        final: a second person accepted it and nothing was done to it since.
        why: one sentence.
        by: the review that makes it final; None for a draft.
    """

    final: bool
    why: str
    by: ReviewRow | None = None


class Reviews:
    """The reviews of one case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, verdict: Verdict, *, reviewer: str, text: str = "") -> int:
        """Record a review of the case as it is now; returns its number.

        Args:
            verdict: what came of it.
            reviewer: who reviewed; must not have worked on the case.
            text: what the reviewer says; needed to return a case.

        Raises:
            CaseError: the reviewer worked on the case, has no name, or gives no reason.
        """
        reviewer = clean_text(" ".join(reviewer.split()), limit=200)
        if verdict not in VERDICTS:
            raise ValueError(f"{verdict!r} is no verdict")
        if not reviewer:
            raise CaseError("A review needs the reviewer's name; give it.")
        if verdict == "returned" and not text.strip():
            raise CaseError("A case is returned with a reason; write what has to be done.")
        if len(text) > MAX_TEXT:
            raise CaseError(
                f"A review of {len(text)} characters is too long; shorten it to {MAX_TEXT}."
            )
        with self._store.connection() as connection:
            entries = list(log.entries(connection))
            count, head = log.head(connection)
            if same_name(reviewer, workers(entries)):
                raise CaseError(
                    f"{reviewer} worked on this case and cannot review it; a second person must."
                )
            examiner, self._store.examiner = self._store.examiner, reviewer
            try:
                with self._store.change(
                    "review.add", verdict=verdict, reviewed_entries=count, reviewed_head=head
                ) as change:
                    number = change.insert(
                        "review",
                        author=reviewer,
                        verdict=verdict,
                        text=clean_text(text),
                        entries=count,
                        head=head,
                    )
                    change.details["review"] = number
            finally:
                self._store.examiner = examiner
        return number

    def all(self) -> tuple[ReviewRow, ...]:
        """The reviews in order."""
        query = "SELECT id, author, verdict, text, entries, head FROM review ORDER BY id"
        return tuple(ReviewRow(**row) for row in self._store.rows(query))

    def state(self) -> ReviewState:
        """Whether a report made now is final, and why."""
        with self._store.connection() as connection:
            return review_state(self.all(), tuple(log.entries(connection)))


def review_state(reviews: tuple[ReviewRow, ...], entries: tuple[LogEntry, ...]) -> ReviewState:
    """What the reviews say about the case as its log has it."""
    if not reviews:
        return ReviewState(final=False, why="No second person has reviewed this case yet.")
    last = reviews[-1]
    if last.verdict != "accepted":
        return ReviewState(final=False, why=f"{last.author} returned the case to the examiner.")
    later = [entry for entry in entries[last.entries :] if entry.action not in KEEPING]
    if later:
        return ReviewState(
            final=False,
            why=f"The case was changed after {last.author} reviewed it (log entry {later[0].seq}); "
            "it must be reviewed again.",
        )
    if same_name(last.author, workers(entries)):
        return ReviewState(
            final=False, why=f"{last.author} worked on this case; a second person must review it."
        )
    return ReviewState(final=True, why=f"{last.author} reviewed and accepted this case.", by=last)


def workers(entries: tuple[LogEntry, ...] | list[LogEntry]) -> tuple[str, ...]:
    """Who worked on the case, in the order of their first steps."""
    names = [entry.who.get("examiner", "") for entry in entries if entry.action not in KEEPING]
    return tuple(dict.fromkeys(names))


def same_name(name: str, names: tuple[str, ...]) -> bool:
    """Whether a name is among others, however it is spelt."""
    plain = " ".join(name.split()).casefold()
    return any(plain == " ".join(each.split()).casefold() for each in names)

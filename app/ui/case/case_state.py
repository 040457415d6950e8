"""What a case holds now, read again soon after each change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.case.case_file import CaseFile
from app.case.log import LogEntry
from app.case.notes import NoteRow
from app.case.reviews import ReviewRow, ReviewState
from app.ui.case.writer import OrderedWriter

REFRESH_MS = 250
"""After a change is saved, the panel follows within this time."""

FOLLOW_MS = 3000
"""How often a window that only reads looks what the writing one has done."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CaseState:
    """What the panel shows of a case; read in the saving thread.

    Attributes:
        properties: title, number, examiner and the like.
        notes: those that count.
        entries: of the log, from the one after the last that was known.
        head: number and hash of the last entry.
        reviews: by second persons.
        review: whether a report would be final now, and why.
    """

    properties: dict[str, str]
    notes: tuple[NoteRow, ...]
    reviews: tuple[ReviewRow, ...]
    review: ReviewState
    entries: list[LogEntry]
    head: tuple[int, str]


class StateReader(QObject):
    """Reads what is new in the open case, behind everything that waits to be saved.

    Signals:
        grown: a :class:`CaseState` with what is new.
    """

    grown = Signal(object)

    def __init__(self, writer: OrderedWriter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = writer
        self._case: CaseFile | None = None
        self._seen = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REFRESH_MS)
        self._soon.timeout.connect(self._read)
        self._follow = QTimer(self)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(self._read)

    def begin(self, case: CaseFile) -> None:
        """Read a case from its first log entry on; one that another window writes, again and again."""
        self._case = case
        self._seen = 0
        self._read()
        if case.read_only:
            self._follow.start()

    def end(self) -> None:
        """Let go of the case."""
        self._case = None
        self._soon.stop()
        self._follow.stop()

    def touch(self) -> None:
        """Something has written into the case: look at it soon."""
        if self._case is not None and not self._soon.isActive():
            self._soon.start()

    def _read(self) -> None:
        case, seen = self._case, self._seen
        if case is not None:
            self._writer.submit(
                partial(_state, case, seen), partial(self._take, case, seen), reads=True
            )

    def _take(self, case: CaseFile, seen: int, state: CaseState) -> None:
        if case is self._case and seen == self._seen:
            self._seen = state.entries[-1].seq if state.entries else seen
            self.grown.emit(state)


def _state(case: CaseFile, after: int) -> CaseState:
    return CaseState(
        properties=case.notes.properties(),
        notes=case.notes.all(),
        entries=case.log(after=after),
        head=case.head(),
        reviews=case.reviews.all(),
        review=case.reviews.state(),
    )

"""Cases and their photos opened in a worker; nothing here touches a widget."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.case.case_file import CaseFile
from app.case.errors import CaseError
from app.imaging.photo import read_photo_bytes
from app.ui import intake
from app.ui.case.case_sink import CaseSink
from app.ui.case.place import Place
from app.ui.intake import Opened
from app.ui.jobs import Ticket
from app.ui.results import hypotheses_of
from app.ui.session import Hypothesis
from app.workbench import Workbench


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadyCase:
    """A case that was opened, and the places of its photos."""

    case: CaseFile
    places: tuple[Place, ...]


def open_case(path: Path, *, examiner: str) -> ReadyCase:
    """Open a case; raises CaseError."""
    return _with_places(CaseFile.open(path, examiner=examiner))


def make_case(
    path: Path,
    *,
    title: str,
    number: str,
    examiner: str,
    places: Sequence[Place],
    ticket: Ticket,
) -> ReadyCase:
    """Make a case for photos that are open already.

    Args:
        path: the file, which must not exist.
        title, number, examiner: its properties.
        places: of the photos, whose files must still be those that were opened.
        ticket: cancels.

    Raises:
        CaseError, PhotoError, Cancelled: no case was made.
    """
    for place in places:
        ticket.check()
        _check_unchanged(place)
    case = CaseFile.create(path, title=title, examiner=examiner)
    if number:
        case.notes.set_property("number", number)
    return _with_places(case)


def open_photo(
    bench: Workbench, sink: CaseSink | None, place: Place, *, restore: bool, ticket: Ticket
) -> tuple[Opened, list[Hypothesis]]:
    """Decode a photo from its case, or from its file, with what was done with it before.

    Args:
        bench: decodes a photo that is in no case.
        sink: the open case.
        place: of the photo.
        restore: bring back faces, map and results too.
        ticket: cancels.

    Raises:
        PhotoError, CaseError, Cancelled.
    """
    if sink is not None:
        opened = sink.open(place, restore=restore, ticket=ticket)
    else:
        opened = intake.open_photo(bench, place.path, ticket)
    if restore and opened.restored is None and place.kept is not None:
        opened = _bring_back(opened, place, kept=sink is None)
    made: list[Hypothesis] = []
    for outcome in opened.restored.outcomes if opened.restored is not None else ():
        ticket.check()
        made += hypotheses_of(outcome)
    return opened, made


def _with_places(case: CaseFile) -> ReadyCase:
    try:
        rows = case.evidence.photos()
    except BaseException:
        case.close()
        raise
    places = (Place(Path(Path(row.name).name), number=row.id, sha256=row.sha256) for row in rows)
    return ReadyCase(case=case, places=tuple(places))


def _bring_back(opened: Opened, place: Place, *, kept: bool) -> Opened:
    """Add what was done before a crash, if the photo is still the same.

    Args:
        opened: the photo.
        place: with what was kept of it.
        kept: whether that is already in the file that this window writes.
    """
    assert place.kept is not None
    if opened.photo.sha256 != place.sha256:
        notice = (
            f"{place.path} has changed since the crash, so what was done with it was not brought "
            "back."
        )
        return dataclasses.replace(opened, notice=notice)
    try:
        restored = place.kept.restore(opened.photo)
    except CaseError as error:
        return dataclasses.replace(opened, notice=str(error))
    if restored is not None:
        restored = dataclasses.replace(restored, kept=kept)
    return dataclasses.replace(opened, restored=restored)


def _check_unchanged(place: Place) -> None:
    """Raise CaseError when a photo's file is no longer the one that was opened."""
    if not place.sha256:
        return
    content = read_photo_bytes(place.path)
    if hashlib.sha256(content).hexdigest() != place.sha256:
        raise CaseError(
            f"{place.path} has changed since it was opened, so it cannot be kept with what was done; "
            "put the original back or close the photo."
        )

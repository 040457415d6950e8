"""A second person's review, and when a report is final."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.case.case_file import CaseFile
from app.case.errors import CaseError, CaseHeld
from app.case.reviews import workers
from app.case.verify import verify
from tests.unit.case.test_verify import places, tamper


def test_a_case_is_a_draft_until_a_second_person_accepts_it(filled: Path) -> None:
    with CaseFile.open(filled) as case:
        state = case.reviews.state()
        assert (state.final, state.by) == (False, None)
        before = case.head()
        number = case.reviews.add("accepted", reviewer="B. Reviewer", text="Checked.")
        state = case.reviews.state()
        assert state.final
        assert state.by is not None
        assert (state.by.id, state.by.author, state.by.text) == (number, "B. Reviewer", "Checked.")
        assert (state.by.entries, state.by.head) == before
        entry = case.log()[-1]
        assert (entry.action, entry.who["examiner"]) == ("review.add", "B. Reviewer")
        assert case.examiner == "A. Examiner"
    assert verify(filled).ok


def test_work_after_the_review_makes_it_a_draft_again(filled: Path) -> None:
    with CaseFile.open(filled) as case:
        case.reviews.add("accepted", reviewer="B. Reviewer")
        case.record("export.write", format="report")
        assert case.reviews.state().final
        case.notes.add("One more thing.")
        state = case.reviews.state()
        assert not state.final
        assert "reviewed again" in state.why
        case.reviews.add("accepted", reviewer="B. Reviewer")
        assert case.reviews.state().final


def test_whoever_worked_on_a_case_cannot_review_it(filled: Path) -> None:
    with CaseFile.open(filled) as case:
        for name in ("A. Examiner", " a.  examiner "):
            with pytest.raises(CaseError, match="second person"):
                case.reviews.add("accepted", reviewer=name)
        assert workers(case.log()) == ("A. Examiner",)
        case.reviews.add("accepted", reviewer="B. Reviewer")
        case.examiner = "B. Reviewer"
        case.notes.add("I helped.")
        with pytest.raises(CaseError, match="second person"):
            case.reviews.add("accepted", reviewer="B. Reviewer")


def test_a_case_is_returned_with_a_reason(filled: Path) -> None:
    with CaseFile.open(filled) as case:
        with pytest.raises(CaseError, match="reason"):
            case.reviews.add("returned", reviewer="B. Reviewer", text=" ")
        with pytest.raises(CaseError, match="name"):
            case.reviews.add("accepted", reviewer="")
        case.reviews.add("returned", reviewer="B. Reviewer", text="The map is too small.")
        assert not case.reviews.state().final
        assert len(case.reviews.all()) == 1


def test_a_reader_cannot_review(filled: Path) -> None:
    with CaseFile.open(filled, read_only=True) as case:
        with pytest.raises(CaseHeld):
            case.reviews.add("accepted", reviewer="B. Reviewer")
        with pytest.raises(CaseHeld):
            case.record("export.write", format="report")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review SET verdict = 'accepted'",
        "UPDATE review SET author = 'C. Other'",
        "UPDATE review SET entries = entries + 1",
        "DELETE FROM review",
        "INSERT INTO review SELECT 2, 'C. Other', 'accepted', '', entries, head FROM review",
    ],
)
def test_tampering_with_reviews_is_named(filled: Path, statement: str) -> None:
    with CaseFile.open(filled) as case:
        case.reviews.add("returned", reviewer="B. Reviewer", text="Not yet.")
    tamper(filled, statement)
    assert places(verify(filled)) & {"review 1", "review 2"}
    with pytest.raises(CaseError):
        CaseFile.open(filled)


def test_a_review_of_a_state_that_never_was(filled: Path) -> None:
    with CaseFile.open(filled) as case, case._store.change("review.add") as change:
        change.insert("review", author="B", verdict="accepted", text="", entries=3, head="0" * 64)
    found = verify(filled)
    assert places(found) == {"review 1"}
    assert "never had" in found.problems[0].what


def test_rows_and_lines_leave_as_they_are_kept(filled: Path) -> None:
    with CaseFile.open(filled) as case:
        assert [row["name"] for row in case.rows("evidence")] == ["street.png"]
        assert len(case.log_lines()) == case.head()[0]
        with pytest.raises(ValueError, match="no table"):
            case.rows("blob; DROP TABLE log")

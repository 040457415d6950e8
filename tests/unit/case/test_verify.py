"""Every kind of tampering and damage is named, with its place."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from app.case import schema
from app.case.case_file import CaseFile
from app.case.errors import CaseDamaged, CaseError
from app.case.records import canonical_json
from app.case.verify import Verification, verify


def test_a_whole_case(filled: Path) -> None:
    found = verify(filled)
    assert found.problems == ()
    assert found.entries == 8
    assert found.checked == {
        "log entries": 8, "rows": 14, "blobs": 6, "photos": 1, "maps": 1, "runs": 1,
        "reviews": 0,
    }  # fmt: skip
    with CaseFile.open(filled) as case:
        assert case.head() == (found.entries, found.head)
    assert verify(filled, head=found.head).ok
    assert "rewritten" in verify(filled, head="0" * 64).problems[0].what


def tamper(path: Path, *statements: str, keep_triggers: bool = True) -> None:
    """Change a case as someone with sqlite3 would, who takes the triggers away and puts them back."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.create_function("sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest())
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
    made = triggers.fetchall()
    for name, _ in made:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    if keep_triggers:
        for _, text in made:
            connection.execute(text)
    connection.execute("COMMIT")
    connection.close()


def places(found: Verification) -> set[str]:
    return {problem.where for problem in found.problems}


SWAP = (
    "UPDATE log SET id = 100 WHERE id = 4",
    "UPDATE log SET id = 4 WHERE id = 5",
    "UPDATE log SET id = 5 WHERE id = 100",
)

TAMPERING: dict[str, tuple[tuple[str, ...], str]] = {
    "entry edited": (
        ("UPDATE log SET entry = replace(entry, 'A. Examiner', 'B. Examiner') WHERE id = 3",),
        "log entry 3",
    ),
    "entry edited, its hash too": (
        (
            "UPDATE log SET entry = replace(entry, 'A. Examiner', 'B. Examiner') WHERE id = 3",
            "UPDATE log SET sha256 = sha256(entry) WHERE id = 3",
        ),
        "log entry 4",
    ),
    "last entry edited, its hash too": (
        (
            "UPDATE log SET entry = replace(entry, 'A. Examiner', 'B.') WHERE id = 8",
            "UPDATE log SET sha256 = sha256(entry) WHERE id = 8",
        ),
        "head",
    ),
    "hash edited": (("UPDATE log SET sha256 = sha256('') WHERE id = 3",), "log entry 3"),
    "entry deleted": (("DELETE FROM log WHERE id = 4",), "log entry 5"),
    "entry deleted, the rest moved up": (
        ("DELETE FROM log WHERE id = 4", "UPDATE log SET id = id - 1 WHERE id > 4"),
        "log entry 4",
    ),
    "first entry deleted": (("DELETE FROM log WHERE id = 1",), "log entry 2"),
    "end deleted": (("DELETE FROM log WHERE id > 6",), "log"),
    "end deleted, the head too": (
        (
            "DELETE FROM log WHERE id > 7",
            "UPDATE head SET entries = 7, sha256 = (SELECT sha256 FROM log WHERE id = 7)",
        ),
        "note 1",
    ),
    "all deleted": (("DELETE FROM log",), "log"),
    "entries exchanged": (SWAP, "log entry 4"),
    "entry repeated": (
        ("INSERT INTO log SELECT 9, entry, sha256 FROM log WHERE id = 8",),
        "log entry 9",
    ),
    "entry no JSON": (
        (
            "UPDATE log SET entry = 'x' WHERE id = 2",
            "UPDATE log SET sha256 = sha256(entry) WHERE id = 2",
        ),
        "log entry 2",
    ),
    "entry deep": (
        (
            "UPDATE log SET entry = replace(hex(zeroblob(90000)), '00', '[') WHERE id = 2",
            "UPDATE log SET sha256 = sha256(entry) WHERE id = 2",
        ),
        "log entry 2",
    ),
    "head deleted": (("DELETE FROM head",), "head"),
    "title changed": (
        ("UPDATE property SET value = 'Other' WHERE name = 'title'",),
        "property 2",
    ),
    "row added": (("INSERT INTO note VALUES (2, NULL, NULL, 'A', 'forged')",), "note 2"),
    "row deleted": (("DELETE FROM note",), "note 1"),
    "evidence renamed": (("UPDATE evidence SET name = 'a.png'",), "evidence 1"),
    "author changed": (("UPDATE map_edit SET author = 'B' WHERE number = 2",), "map_edit 2"),
    "edit deleted": (("DELETE FROM map_edit WHERE number = 2",), "map_edit 2"),
    "edit moved": (("UPDATE map_edit SET x0 = x0 + 1, x1 = x1 + 1 WHERE id = 1",), "map_edit 1"),
    "evidence exchanged": (
        (
            "UPDATE blob SET bytes = (SELECT bytes FROM blob WHERE id = 2),"
            " size = (SELECT size FROM blob WHERE id = 2) WHERE id = 1",
        ),
        "evidence 1 (street.png)",
    ),
    "evidence cut": (
        ("UPDATE blob SET bytes = substr(bytes, 1, length(bytes) - 1) WHERE id = 1",),
        "evidence 1 (street.png)",
    ),
    "evidence deleted": (
        ("DELETE FROM blob WHERE id = 1",),
        "evidence 1 (street.png)",
    ),
    "blob added": (("INSERT INTO blob VALUES (7, sha256('x'), 1, x'78')",), "blob 7"),
    "seed changed": (
        ("UPDATE run SET request = replace(request, '\"seed\":7', '\"seed\":8')",),
        "run 1",
    ),
    "outputs exchanged": (
        (
            "UPDATE output SET number = 3 WHERE number = 1",
            "UPDATE output SET number = 1 WHERE number = 2",
            "UPDATE output SET number = 2 WHERE number = 3",
        ),
        "run 1, composite 1",
    ),
    "output deleted": (("DELETE FROM output WHERE number = 2",), "run 1, composite 2"),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering(filled: Path, kind: str) -> None:
    statements, where = TAMPERING[kind]
    tamper(filled, *statements)
    found = verify(filled)
    assert where in places(found), found.problems
    assert all(problem.what.endswith(".") for problem in found.problems)
    if kind in ("evidence exchanged", "evidence cut", "evidence deleted", "blob added"):
        return  # bytes are checked when they are read
    with pytest.raises(CaseError, match=r"is not as it was saved|is damaged"):
        CaseFile.open(filled)


def test_bytes_are_checked_when_they_are_read(filled: Path) -> None:
    tamper(filled, *TAMPERING["evidence exchanged"][0])
    with CaseFile.open(filled) as case, pytest.raises(CaseDamaged, match="SHA-256"):
        case.evidence.read(1)


def test_a_log_rewritten_from_end_to_end_needs_the_head_hash(filled: Path) -> None:
    """What no file can tell by itself, and how it is told all the same."""
    honest = verify(filled).head
    connection = sqlite3.connect(filled)
    entries = [json.loads(text) for (text,) in connection.execute("SELECT entry FROM log")]
    connection.close()
    previous = "0" * 64
    statements = []
    for entry in entries:
        entry["who"]["examiner"] = "Forger"
        entry["previous"] = previous
        text = canonical_json(entry)
        previous = hashlib.sha256(text.encode()).hexdigest()
        quoted = text.replace("'", "''")
        statements.append(
            f"UPDATE log SET entry = '{quoted}', sha256 = '{previous}' WHERE id = {entry['seq']}"
        )
    tamper(filled, *statements, f"UPDATE head SET sha256 = '{previous}'")
    assert verify(filled).ok
    assert places(verify(filled, head=honest)) == {"log"}


@pytest.mark.parametrize("trigger", ["log_no_update", "log_no_delete", "blob_no_delete"])
def test_missing_triggers(filled: Path, trigger: str) -> None:
    connection = sqlite3.connect(filled)
    connection.execute(f"DROP TRIGGER {trigger}")
    connection.close()
    assert places(verify(filled)) == {f"trigger {trigger}"}
    with pytest.raises(CaseDamaged, match=trigger):
        CaseFile.open(filled)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER INSERT ON note BEGIN DELETE FROM log; END",
        "CREATE VIEW evil AS SELECT * FROM log",
        "CREATE TABLE evil (a)",
        "CREATE INDEX evil ON log (length(entry))",
        "ALTER TABLE note ADD COLUMN evil TEXT",
        "DROP TABLE note",
        "DROP INDEX note_by_photo",
    ],
)
def test_foreign_tables_triggers_and_views(filled: Path, statement: str) -> None:
    connection = sqlite3.connect(filled)
    connection.execute(statement)
    connection.close()
    assert any("evil" in where or "note" in where for where in places(verify(filled)))
    with pytest.raises(CaseDamaged):
        CaseFile.open(filled)


def test_a_view_in_the_place_of_the_log_is_never_read(filled: Path) -> None:
    """A view can compute for years."""
    endless = (
        "CREATE VIEW log AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
        " SELECT id, '' AS entry, '' AS sha256 FROM n"
    )
    tamper(filled, "DROP TABLE log", endless, keep_triggers=False)
    assert "view log" in places(verify(filled))


@pytest.mark.parametrize("table", schema.TABLES)
def test_the_file_itself_refuses_changes(filled: Path, table: str) -> None:
    if table == "review":
        with CaseFile.open(filled) as case:
            case.reviews.add("accepted", reviewer="B. Reviewer")
    connection = sqlite3.connect(filled)
    for statement in (
        f"UPDATE {table} SET id = id + 100",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()
    assert verify(filled).ok


def test_truncation_anywhere(filled: Path) -> None:
    content = filled.read_bytes()
    rng = random.Random(4)
    sizes = [0, 1, 15, 16, 99, 100, 4096, 8192, len(content) - 1, len(content) - 8192]
    sizes += [rng.randrange(len(content)) for _ in range(30)]
    for size in sizes:
        filled.write_bytes(content[:size])
        with pytest.raises(CaseError):
            CaseFile.open(filled)
        assert not ok(filled)
    filled.write_bytes(content + b"\0" * 8192)
    with pytest.raises(CaseDamaged, match="after its end"):
        CaseFile.open(filled)
    assert not ok(filled)


def ok(path: Path) -> bool:
    """Whether verify finds nothing, with an error taken for a finding."""
    try:
        return verify(path).ok
    except CaseError:
        return False


def contents(path: Path) -> str:
    """Everything that is in a case."""
    connection = sqlite3.connect(path)
    text = "\n".join(connection.iterdump())
    connection.close()
    return text


FLIPS = 120


def test_bit_flips_anywhere(filled: Path) -> None:
    """A flipped bit is reported, or lies in bytes that nothing uses and then changes nothing."""
    content = filled.read_bytes()
    whole = contents(filled)
    rng = random.Random(5)
    # The header and the page after it byte by byte, the rest at random.
    offsets = [*range(100), *(rng.randrange(len(content)) for _ in range(FLIPS))]
    unused = 0  # most of a small file is
    for offset in offsets:
        flipped = bytearray(content)
        flipped[offset] ^= 1 << rng.randrange(8)
        filled.write_bytes(flipped)
        if ok(filled):
            unused += 1
            assert contents(filled) == whole, offset
        with contextlib.suppress(CaseError):
            CaseFile.open(filled, read_only=True).close()
    assert unused < len(offsets) - 30


def test_bit_flips_in_what_is_used(filled: Path) -> None:
    """Evidence, pictures, log and records: always reported."""
    content = filled.read_bytes()
    connection = sqlite3.connect(filled)
    pieces = [bytes(row[0])[:300] for row in connection.execute("SELECT bytes FROM blob")]
    pieces += [row[0].encode()[:200] for row in connection.execute("SELECT entry FROM log")]
    connection.close()
    rng = random.Random(6)
    for piece in pieces:
        for _ in range(3):
            flipped = bytearray(content)
            place = content.index(piece) + rng.randrange(len(piece))
            flipped[place] ^= 1 << rng.randrange(8)
            filled.write_bytes(flipped)
            assert not ok(filled)


def test_verify_changes_nothing(filled: Path) -> None:
    before = filled.read_bytes()
    assert verify(filled).ok
    assert filled.read_bytes() == before
    assert [path.name for path in filled.parent.iterdir()] == ["case.rvcase"]


def test_progress_and_stop(filled: Path) -> None:
    told: list[float] = []
    verify(filled, progress=lambda share, _: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1

    def stop(_share: float, _text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(filled, progress=stop)
    assert verify(filled).ok


Maker = Callable[[], CaseFile]


def test_an_empty_case(new_case: Maker) -> None:
    with new_case() as case:
        path = case.path
    assert verify(path).ok

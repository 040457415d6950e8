"""Whatever the check of a case says is said in German too: place, sentence, progress and counts."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.case import schema
from app.case.case_file import CaseFile
from app.case.verify import verify
from app.ui.sentences import in_language, place_in_language
from tests.unit.case.conftest import filled, filled_file
from tests.unit.case.test_verify import TAMPERING, tamper
from tests.unit.ui.test_sentences import ROOT, german

__all__ = ["filled", "filled_file", "german"]

CASE = ROOT / "app" / "case"

SAYING = (
    *("verify", "verify_contents", "log", "schema", "connection", "evidence"),
    *("packing", "records", "maps", "runs", "reviews", "store"),
)
"""The check itself, and what it reads a case with."""

WRITING = (
    "It is being checked.",
    "A file of 7 MB is more than a case can hold",
    "A map of 7 x 7 pixels does not fit photo",
    "An edit of 7 reaches beyond map",
    "A review needs the reviewer's name",
    "A case is returned with a reason",
    "A review of 7 characters is too long",
)
"""What only a change of a case says, and never the check, or what begins so."""

ENGLISH = re.compile(
    r"\b(the|is|it|its|of|not|that|has|have|entry|entries|missing|evidence|photo|run|map|edit"
    r"|changed|and|but|by|log|row|rows|view)\b",
    re.IGNORECASE,
)

FOREIGN = re.compile(r"(?<=Nicht lesbar: ).*|(?<=SQLite meldet: ).*|\(.*\)|`.*?`|/\S+", re.DOTALL)
"""What SQLite and Python say, commands, paths and names: they stay as they are."""


def text_of(node: ast.AST) -> str:
    """A text in code, with a 7 for whatever is filled in; empty for another node."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "7" for part in node.values)
    return ""


def sentences(path: Path) -> Iterator[str]:
    """Every sentence that a module says, its doc strings left out."""

    def walk(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            text = text_of(child)
            if text:
                if text.endswith(".") and " " in text:
                    yield text
            elif not (isinstance(child, ast.Expr) and text_of(child.value)):
                yield from walk(child)

    return walk(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("module", SAYING)
def test_every_sentence_in_the_code_is_known(german: None, module: str) -> None:
    said = list(sentences(CASE / f"{module}.py"))
    assert said or module in ("packing", "reviews")
    for each in said:
        # Some begin with a place that is put together before.
        known = {in_language(each), in_language(f"Run {each}")} - {each, f"Run {each}"}
        assert each.startswith(WRITING) or known, each


@pytest.mark.parametrize("table", ["head", *schema.TABLES])
def test_every_table_is_a_place(german: None, table: str) -> None:
    assert not english(place_in_language(f"{table} 3"))
    assert place_in_language(f"{table} 3") != f"{table} 3"


def english(text: str) -> list[str]:
    """The English words in a German text."""
    return ENGLISH.findall(FOREIGN.sub("", text))


def assert_german(path: Path, *, head: str = "") -> None:
    """Check a case, and that all that is said of it is German."""
    found = verify(path, head=head)
    assert found.problems
    for problem in found.problems:
        where, what = place_in_language(problem.where), in_language(problem.what)
        assert where != problem.where, problem
        assert what != problem.what, problem
        assert english(f"{where}: {what}") == [], (problem, where, what)


MORE: dict[str, tuple[str, ...]] = {
    "head wrong": ("UPDATE head SET entries = 3",),
    "photo of no size": ("UPDATE photo SET width = 0",),
    "photo without evidence": ("PRAGMA foreign_keys = OFF", "UPDATE photo SET evidence = 9"),
    "photo of another size": ("UPDATE photo SET width = 63",),
    "map changed": ("UPDATE map SET map_sha256 = sha256('')",),
    "map huge": ("UPDATE map SET width = 1000000, height = 1000000",),
    "map's bytes": ("UPDATE blob SET bytes = x'00', size = 1 WHERE id = 2",),
    "rectangle": ("UPDATE map_edit SET x1 = 0",),
    "edit beyond": ("UPDATE map_edit SET y0 = y0 + 100, y1 = y1 + 100",),
    "faces": ("UPDATE faces SET faces = 'x'",),
    "models": ("UPDATE faces SET models = 'x'",),
    "request": ("UPDATE run SET request = 'x'",),
    "setup": ("UPDATE run SET setup = 'x'",),
    "edits of the run": ("UPDATE run SET edits = 1",),
    "more edits than there are": ("UPDATE run SET edits = 5",),
    "pixels": ("UPDATE output SET pixels_sha256 = sha256('') WHERE number = 1",),
    "picture": (
        "UPDATE blob SET bytes = zeroblob(size) WHERE sha256 IN (SELECT blob FROM output)",
    ),
    "picture replaced, its hash too": (
        "PRAGMA foreign_keys = OFF",
        "UPDATE blob SET bytes = x'78', size = 1, sha256 = sha256('x')"
        " WHERE sha256 = (SELECT blob FROM output LIMIT 1)",
        "UPDATE output SET blob = sha256('x') WHERE id = 1",
    ),
    "review": ("INSERT INTO review VALUES (1, 'B', 'perfect', '', 3, 'x')",),
    "review of nothing": ("INSERT INTO review VALUES (1, 'B', 'accepted', '', 99, 'x')",),
    "entry without a field": (
        "UPDATE log SET entry = replace(entry, '\"utc\"', '\"time\"') WHERE id = 2",
    ),
    "entry a list": ("UPDATE log SET entry = '[]' WHERE id = 2",),
    "claim": ("UPDATE log SET entry = replace(entry, '\"note\",1', '\"map\",1') WHERE id = 8",),
    "two entries deleted": ("DELETE FROM log WHERE id IN (3, 4)",),
    "trigger": ("DROP TRIGGER IF EXISTS log_no_update", "CREATE TABLE evil (a)"),
    "index": ("DROP INDEX note_by_photo",),
    "view": ("CREATE VIEW evil AS SELECT 1",),
    "column": ("ALTER TABLE note ADD COLUMN evil TEXT",),
}


@pytest.mark.parametrize("kind", [*TAMPERING, *MORE])
def test_what_is_wrong_is_said_in_german(german: None, filled: Path, kind: str) -> None:
    tamper(filled, *(MORE[kind] if kind in MORE else TAMPERING[kind][0]))
    assert_german(filled)


def test_a_missing_trigger(german: None, filled: Path) -> None:
    connection = sqlite3.connect(filled)
    connection.execute("DROP TRIGGER log_no_update")
    connection.close()
    assert_german(filled)


def test_a_rewritten_log_and_a_damaged_file(german: None, filled: Path) -> None:
    assert_german(filled, head="0" * 64)
    content = filled.read_bytes()
    filled.write_bytes(content + b"\0" * 8192)
    assert_german(filled)
    filled.write_bytes(content[:40960])
    assert_german(filled)
    # A page in the middle is nothing but zeros.
    filled.write_bytes(content[:16384] + b"\0" * 8192 + content[24576:])
    assert_german(filled)


def test_progress_and_counts(german: None, filled: Path) -> None:
    told: list[str] = []
    with CaseFile.open(filled) as case:
        case.reviews.add("accepted", reviewer="B. Reviewer")
    found = verify(filled, progress=lambda _, text: told.append(text))
    assert found.ok
    assert "evidence 1 (street.png)" in told
    for text in [*told, *(f"{count} {name}" for name, count in found.checked.items())]:
        assert place_in_language(text) != text
        assert english(place_in_language(text)) == []


def test_a_name_is_not_taken_for_a_place(german: None) -> None:
    for name in ("photo 3.jpg", "map of the street", "run 2, composite 1.png", "log", "file"):
        said = in_language(f"{name} was not found; check its name and folder.")
        assert said == f"{name} wurde nicht gefunden; prüfen Sie Namen und Ordner."
    assert place_in_language("evidence 3 (run 2)") == "Asservat 3 (run 2)"


def test_what_is_inside_a_sentence_is_german_too(german: None) -> None:
    assert in_language("It cannot be read: it is no JSON object.") == (
        "Nicht lesbar: es ist kein JSON-Objekt."
    )
    assert in_language("Before it the log lacks entry 4.") == "Davor fehlt im Protokoll: Eintrag 4."
    changed = "Evidence 3 (a.png) is missing from /x.rvcase; restore it from a copy or a backup."
    assert in_language(changed).startswith("Asservat 3 (a.png) fehlt in /x.rvcase;")

"""The part of the check that understands what is in a case: photos, maps, runs and their pictures."""

from __future__ import annotations

from collections.abc import Callable

from app.case import schema
from app.case.evidence import Evidence
from app.case.log import Problem
from app.case.maps import Maps
from app.case.records import RecordError, hash_of_map
from app.case.reviews import VERDICTS
from app.case.runs import RunRow, Runs
from app.case.store import Store
from app.imaging.errors import RevisageError

Say = Callable[[float, str], None]


def check_contents(
    store: Store, problems: list[Problem], say: Say, *, version: int
) -> dict[str, int]:
    """Check that the records fit together and that the pictures are those of the results.

    Args:
        store: of the case.
        problems: added to.
        say: told how far it is.
        version: of the file's tables.

    Returns:
        How many photos, maps, runs and reviews were looked at.

    Raises:
        sqlite3.Error: a table cannot be read.
    """
    counts: dict[str, int] = {}
    for word, table, check in (
        ("photo", "photo", _photo),
        ("faces of photo", "photo", _faces),
        ("map", "map", _map),
        ("run", "run", _run),
        ("review", "review", _review),
    ):
        if table not in schema.tables(version):
            continue
        numbers = [row["id"] for row in store.rows(f"SELECT id FROM {table} ORDER BY id")]
        counts[f"{table}s"] = len(numbers)
        for position, number in enumerate(numbers):
            where = f"{word} {number}"
            if table in ("map", "run"):
                share = position / len(numbers) / 2
                say(share if table == "map" else 0.5 + share, where)
            try:
                found = check(store, number)
            except RevisageError as error:
                found = [(where, str(error))]
            except (ValueError, TypeError, LookupError, ArithmeticError) as error:
                found = [(where, f"It cannot be read: {error}.")]
            problems += [Problem(place, what) for place, what in found]
    return counts


Found = list[tuple[str, str]]
"""Places and sentences."""


def _photo(store: Store, number: int) -> Found:
    row = Evidence(store).get(number)
    if (
        row.width < 1
        or row.height < 1
        or row.bits not in (8, 16)
        or row.channels not in range(1, 5)
    ):
        return [(f"photo {number}", "It has a size or depth that no photo has.")]
    return []


def _faces(store: Store, number: int) -> Found:
    Maps(store).faces(number)
    return []


def _map(store: Store, number: int) -> Found:
    """Replaying all edits finds any that does not fit."""
    maps = Maps(store)
    row = maps.get(number)
    size = store.row("photo", row.photo, word="photo")
    if (row.width, row.height) != (size["width"], size["height"]):
        return [(f"map {number}", f"It does not have the size of photo {row.photo}.")]
    maps.pixels(number)
    return []


def _run(store: Store, number: int) -> Found:
    where = f"run {number}"
    runs = Runs(store)
    try:
        run = runs.get(number)
    except RecordError as error:
        return [(where, str(error))]
    found = [(where, what) for what in _inputs(store, run)]
    made = {output.number: output.pixels_sha256 for output in run.composites}
    expected = dict(enumerate(run.result.outputs, start=1))
    found += [
        (f"{where}, composite {hypothesis}", "It is not the picture that the result names.")
        for hypothesis in sorted(made.keys() | expected.keys())
        if made.get(hypothesis) != expected.get(hypothesis)
    ]
    for output in run.outputs:
        try:
            runs.pixels(output)
        except RevisageError as error:
            found.append((f"{where}, {output.role} {output.number}", str(error)))
    return found


def _review(store: Store, number: int) -> Found:
    """A review must be of a state that the log had."""
    row = store.row("review", number, word="review")
    if row["verdict"] not in VERDICTS:
        return [(f"review {number}", "It has a verdict that no review has.")]
    found = store.rows("SELECT sha256 FROM log WHERE id = ?", row["entries"])
    if not found or found[0]["sha256"] != row["head"]:
        return [(f"review {number}", "It is a review of a state that the log never had.")]
    return []


def _inputs(store: Store, run: RunRow) -> list[str]:
    """Whether photo and map are those that the request names."""
    said: list[str] = []
    photo = Evidence(store).get(run.photo)
    if photo.sha256 != run.request.photo_sha256:
        said.append(f"Its request names another photo than photo {run.photo}.")
    if (photo.width, photo.height) != run.request.photo_size:
        said.append(f"Its request names another size than that of photo {run.photo}.")
    map_row = store.row("map", run.map, word="map")
    if map_row["photo"] != run.photo:
        said.append(f"Map {run.map} is not a map of photo {run.photo}.")
    pixels = Maps(store).pixels(run.map, edits=run.edits)
    if hash_of_map(pixels) != run.request.map_sha256:
        said.append(f"Map {run.map} after {run.edits} edits is not the one that its request names.")
    return said

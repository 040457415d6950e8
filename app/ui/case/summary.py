"""What a case's log tells at a glance: photos, how far each has come, runs, every step in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.case.log import LogEntry
from app.ui.case.dialogs import verdict_in_words
from app.ui.history_popup import tool_name
from app.ui.sentences import in_language


@dataclass(eq=False)
class PhotoLine:
    """A photo of the case.

    Attributes:
        number, name, size, sha256: of the evidence; the size in bytes.
        faces: how many it has; None before anyone looked.
        map: the number of its newest map; None before there is one.
        drawn: how that began: "automatic", "hand" or "file".
        edits: how many edits that has.
        runs, notes: how many there are.
    """

    number: int
    name: str
    size: int
    sha256: str
    faces: int | None = None
    map: int | None = None
    drawn: str = ""
    edits: int = 0
    runs: int = 0
    notes: int = 0


@dataclass(eq=False)
class RunLine:
    """A run of the case.

    Attributes:
        number, photo: numbers.
        model, seed: of its request.
        made: how many hypotheses came of it; a model with one answer makes one, however many were asked
            for.
        rerun: the details of the last time it was reproduced; None before.
    """

    number: int
    photo: int
    model: str
    seed: int
    made: int
    rerun: dict[str, Any] | None = None


@dataclass(eq=False)
class Summary:
    """Grows with the log.

    Attributes:
        photos, runs: by number, in order.
        entries: how many log entries are in it.
    """

    photos: dict[int, PhotoLine] = field(default_factory=dict)
    runs: dict[int, RunLine] = field(default_factory=dict)
    entries: int = 0
    _maps: dict[int, int] = field(default_factory=dict)

    def grow(self, entries: Iterable[LogEntry]) -> None:
        """Take further log entries in. One that makes no sense is only counted: checking the log is
        another matter."""
        for entry in entries:
            self.entries += 1
            try:
                self._take(entry)
            except (KeyError, TypeError, ValueError, AttributeError):
                continue

    def _take(self, entry: LogEntry) -> None:
        details = entry.details
        if entry.action == "evidence.add":
            number = int(details["photo"])
            self.photos[number] = PhotoLine(
                number, str(details["name"]), int(details["size"]), str(details["sha256"])
            )
        elif entry.action == "faces.add":
            self.photos[int(details["photo"])].faces = int(details["faces"])
        elif entry.action == "map.add":
            photo = self.photos[int(details["photo"])]
            number = next(row for table, row, _ in entry.rows if table == "map")
            photo.map, photo.drawn, photo.edits = number, str(details["source"]), 0
            self._maps[number] = photo.number
        elif entry.action == "map.edit":
            photo = self.photos[self._maps[int(details["map"])]]
            if photo.map == int(details["map"]):
                photo.edits = int(details["number"])
        elif entry.action == "run.add":
            number, photo = int(details["run"]), self.photos[int(details["photo"])]
            photo.runs += 1
            self.runs[number] = RunLine(
                number,
                photo.number,
                next(iter(details["model"])),
                int(details["seed"]),
                int(details.get("made", details["hypotheses"])),
            )
        elif entry.action == "run.reproduce":
            self.runs[int(details["run"])].rerun = dict(details)
        elif entry.action == "note.add" and details.get("photo") is not None:
            self.photos[int(details["photo"])].notes += 1


def kind_of(action: str) -> str:
    """The group of an action that the log can be filtered by: what stands before the dot."""
    return action.partition(".")[0]


def step_in_words(entry: LogEntry) -> tuple[str, str]:
    """What was done, in a few words, and to what.

    Returns:
        The step and its object; an action of a later version by its own name.
    """
    translate = QCoreApplication.translate
    details = entry.details

    def of(name: str) -> str:
        return str(details.get(name, ""))

    model = ", ".join(details["model"]) if isinstance(details.get("model"), dict) else of("model")
    photo = translate("Log", "photo {0}").format(of("photo")) if details.get("photo") else ""
    words: dict[str, tuple[str, str]] = {
        "case.new": (translate("Log", "Case made"), of("title")),
        "case.property": (
            translate("Log", "Property set"),
            f"{property_in_words(of('name'))}: {of('value')}",
        ),
        "case.recovered": (translate("Log", "Recovered after a crash"), of("left_by")),
        "case.migrate": (translate("Log", "Brought to a newer version"), ""),
        "evidence.add": (
            translate("Log", "Generated picture taken in")
            if details.get("generated")
            else translate("Log", "Frame grabbed")
            if "grabbed" in details
            else translate("Log", "Photo taken in"),
            f"{photo} · {of('name')}",
        ),
        "evidence.again": (
            translate("Log", "Same bytes under another name"),
            f"{photo} · {of('name')}",
        ),
        "faces.add": (
            translate("Log", "Faces kept"),
            translate("Log", "{0} · faces: {1} · {2}").format(
                photo, of("faces"), source_in_words(of("source"))
            ),
        ),
        "map.add": (translate("Log", "Map begun"), f"{photo} · {source_in_words(of('source'))}"),
        "map.edit": (
            translate("Log", "Map edited"),
            translate("Log", "map {0} · edit {1} · {2}").format(
                of("map"), of("number"), tool_name(of("tool"), source_in_words(of("tool")))
            ),
        ),
        "run.add": (
            translate("Log", "Reconstructed"),
            translate("Log", "{0} · run {1} · {2} · seed {3}").format(
                photo, of("run"), model, of("seed")
            ),
        ),
        "run.failed": (
            translate("Log", "Run failed"),
            f"{photo} · {model} · {in_language(of('why'))}",
        ),
        "run.reproduce": (
            translate("Log", "Reproduced"),
            translate("Log", "run {0} · {1}").format(of("run"), rerun_in_words(details)),
        ),
        "export.write": (
            translate("Log", "Exported"),
            ", ".join(details["files"]) if isinstance(details.get("files"), dict) else "",
        ),
        "package.seal": (translate("Log", "Package sealed"), of("package")),
        "review.add": (translate("Log", "Reviewed"), verdict_in_words(of("verdict"))),
        "note.add": (translate("Log", "Note written"), photo or translate("Log", "case")),
    }
    known = words.get(entry.action)
    if known is not None:
        return known
    said = [f"{name}: {value}" for name, value in details.items() if isinstance(value, str | int)]
    return entry.action, " · ".join(said)


def source_in_words(source: str) -> str:
    """How faces or a map came about; another word as it is."""
    translate = QCoreApplication.translate
    return {
        "automatic": translate("Log", "automatic"),
        "hand": translate("Log", "by hand"),
        "file": translate("Log", "from a file"),
        "recalled": translate("Log", "brought back"),
        "edit": translate("Log", "edit"),
    }.get(source, source)


def property_in_words(name: str) -> str:
    """What a property of a case is called; one of a later version by its own name."""
    translate = QCoreApplication.translate
    return {
        "title": translate("OverviewPage", "Title"),
        "number": translate("OverviewPage", "Case number"),
        "examiner": translate("OverviewPage", "Examiner"),
        "laboratory": translate("OverviewPage", "Laboratory"),
        "requested_by": translate("OverviewPage", "Requested by"),
        "requested_on": translate("OverviewPage", "Requested on"),
        "request": translate("OverviewPage", "Request"),
    }.get(name, name)


def rerun_in_words(details: dict[str, Any]) -> str:
    """How a rerun compared with its record."""
    translate = QCoreApplication.translate
    if details.get("identical"):
        return translate("Log", "identical, bit for bit")
    difference = translate("Log", "differs by up to {0} of 255").format(
        details.get("max_difference", "?")
    )
    if details.get("reproduced"):
        return translate("Log", "{0}, within the tolerance of {1}").format(
            difference, details.get("tolerance", "?")
        )
    return translate("Log", "not reproduced: {0}").format(difference)

"""What a report says, as frozen records; PDF and JSON are made from these and from nothing else."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

FORMAT = 1

Scalar = bool | int | float | str


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What the case is about; what nobody entered is empty.

    Attributes:
        case_id: the case's own number, given once.
        number, title: the laboratory's.
        laboratory, examiner: who examined; the examiner as the case names one.
        workers: everyone who worked on the case, from the log.
        requested_by, requested_on, request: who asked for what.
        created_utc: when the case was begun.
    """

    case_id: str
    number: str
    title: str
    laboratory: str
    examiner: str
    workers: tuple[str, ...]
    requested_by: str
    requested_on: str
    request: str
    created_utc: str


@dataclass(frozen=True, kw_only=True)
class ReportItem:
    """A piece of evidence.

    Attributes:
        photo: its number.
        name: the file's name at intake.
        format, width, height, channels, bits: of the decoded photo, in pixels.
        size: of the file in bytes.
        sha256: of the file's bytes.
        pixels_sha256: of the decoded pixels.
        modified_utc: the file's date at intake.
        taken_in_utc, taken_in_by: from the log.
        other_names: under which the same bytes came later, in that order.
        generated: whether the log says that it is no photo but a picture that a program made.
    """

    photo: int
    name: str
    format: str
    width: int
    height: int
    channels: int
    bits: int
    size: int
    sha256: str
    pixels_sha256: str
    modified_utc: str | None
    taken_in_utc: str
    taken_in_by: str
    other_names: tuple[str, ...]
    generated: bool


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measured quantity of a face.

    Attributes:
        name: what was measured.
        value: the figure; None where it could not be measured.
        unit: of the figure.
        shown: value and unit for reading.
        words: what it means, one plain sentence.
    """

    name: str
    value: float | None
    unit: str
    shown: str
    words: str


@dataclass(frozen=True, kw_only=True)
class FaceSuitability:
    """What one face offers.

    Attributes:
        face: counted from 1, largest first.
        box: x0, y0, x1, y1 in photo pixels.
        score: of the locator, 0..1; 1 for a face added by hand.
        measures: resolution, pose, hidden share and blur, in this order.
    """

    face: int
    box: tuple[float, float, float, float]
    score: float
    measures: tuple[Measure, ...]


@dataclass(frozen=True, kw_only=True)
class PhotoSuitability:
    """The faces of one photo.

    Attributes:
        photo: its number.
        located: whether faces were looked for.
        faces: those found or added.
    """

    photo: int
    located: bool
    faces: tuple[FaceSuitability, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of what was done: a log entry, or equal ones in a row.

    Attributes:
        first, last: log entries.
        utc: of the first; until_utc of the last.
        who: the examiner.
        action: the log's word.
        what: a sentence.
        parameters: what decided it, by name.
    """

    first: int
    last: int
    utc: str
    until_utc: str
    who: str
    action: str
    what: str
    parameters: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Editor:
    """Who edited a map how often.

    Attributes:
        name: the examiner.
        edits: how many.
        tools: how many by tool.
    """

    name: str
    edits: int
    tools: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class MapHistory:
    """How a map came about and what was changed.

    Attributes:
        map, photo: numbers.
        source: how it began.
        author: who began it.
        models: name and version of those that drew it.
        area_before, area_after: pixels, before the first edit and after the last.
        added, removed: pixels that the edits as a whole added and removed.
        editors: who edited.
        sha256_before, sha256_after: of the pixels.
    """

    map: int
    photo: int
    source: str
    author: str
    models: tuple[str, ...]
    area_before: int
    area_after: int
    added: int
    removed: int
    editors: tuple[Editor, ...]
    sha256_before: str
    sha256_after: str


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """What a model's card says, as far as a report repeats it.

    Attributes:
        title, summary, intended_use, limits, not_for, data: see :class:`app.inference.card.Card`.
        figures: measured figures, one table per data set.
    """

    title: str
    summary: str
    intended_use: str
    limits: tuple[str, ...]
    not_for: tuple[str, ...]
    data: str
    figures: dict[str, dict[str, Scalar]]


@dataclass(frozen=True, kw_only=True)
class UsedModel:
    """A model that had a part in the case.

    Attributes:
        name, version, sha256, task, kind: as recorded.
        runs: the runs that it made, or helped to make.
        card: of the installed model with this SHA-256; None when there is none.
    """

    name: str
    version: str
    sha256: str
    task: str
    kind: str
    runs: tuple[int, ...]
    card: ModelCard | None


@dataclass(frozen=True, kw_only=True)
class Uncertainty:
    """How much the hypotheses of a run differ inside the map.

    Attributes:
        mean, high: mean and 95th percentile in per cent of the full range of brightness.
        saturated: share of the map's pixels, 0..1, that differ more than can be shown.
    """

    mean: float
    high: float
    saturated: float


@dataclass(frozen=True, kw_only=True)
class ReportRun:
    """What one run made.

    Attributes:
        run, photo, map, edits: numbers; `edits` is how many edits of the map had been made.
        author: the examiner.
        started_utc, seconds: when, and how long it took.
        model, version, kind: which model.
        model_sha256, photo_sha256, map_sha256, request_key: hashes.
        map_source: how the map came about.
        asked, made, shown: hypotheses asked for, made, and shown in this report.
        why_fewer: why there are fewer than three; empty otherwise.
        seed, device, provider: of the run.
        uncovered: pixels of the map that no model reached.
        outputs: SHA-256 of each hypothesis' pixels, in order.
        uncertainty: None for one hypothesis.
        reproduced: what reruns came to, one sentence each.
        notes: sentences of the record.
    """

    run: int
    photo: int
    map: int
    edits: int
    author: str
    started_utc: str
    seconds: float
    model: str
    version: str
    kind: str
    model_sha256: str
    photo_sha256: str
    map_sha256: str
    request_key: str
    map_source: str
    asked: int
    made: int
    shown: int
    why_fewer: str
    seed: int
    device: str
    provider: str
    uncovered: int
    outputs: tuple[str, ...]
    uncertainty: Uncertainty | None
    reproduced: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportNote:
    """A note of the examiner.

    Attributes:
        note, photo: numbers; no photo for a note on the case.
        author, text: who says what.
    """

    note: int
    photo: int | None
    author: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ReportReview:
    """A review by a second person.

    Attributes:
        review: its number.
        reviewer, verdict, text: who says what.
        utc: when it was recorded.
        account: the login and computer that recorded it.
        same_account: whether work on the case was recorded from that account too.
        entries, head: the state of the log that was reviewed.
    """

    review: int
    reviewer: str
    verdict: str
    text: str
    utc: str
    account: str
    same_account: bool
    entries: int
    head: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """The whole report.

    Attributes:
        format: of this record.
        made_by: program and version.
        draft: whether a second person's review is missing; `status` says so in a sentence.
        as_of_utc: when the newest log entry was written.
        entries, head: the log that the report speaks of, and the hash of its last entry.
        matter: what the case is about.
        summary, limitations, good_for, not_good_for: sentences.
        source: the publication that the limitations rest on.
        items, suitability, maps, models, runs, notes, reviews, steps: the parts in order.
    """

    format: int
    made_by: str
    draft: bool
    status: str
    as_of_utc: str
    entries: int
    head: str
    matter: Matter
    summary: tuple[str, ...]
    items: tuple[ReportItem, ...]
    suitability: tuple[PhotoSuitability, ...]
    runs: tuple[ReportRun, ...]
    maps: tuple[MapHistory, ...]
    models: tuple[UsedModel, ...]
    limitations: tuple[str, ...]
    good_for: tuple[str, ...]
    not_good_for: tuple[str, ...]
    source: str
    notes: tuple[ReportNote, ...]
    reviews: tuple[ReportReview, ...]
    steps: tuple[Step, ...]


def report_json(content: Content) -> bytes:
    """The report as a JSON document in UTF-8; the fields are the records' attributes."""
    document = dataclasses.asdict(content)
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8", "backslashreplace")

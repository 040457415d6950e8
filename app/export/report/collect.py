"""Gathers a report's content from a case; nothing is said that the case or a card does not hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from app import __version__
from app.case.case_file import CaseFile
from app.case.evidence import AGAIN
from app.case.log import LogEntry
from app.case.maps import MapRow
from app.case.records import ModelRecord, hash_of_map
from app.case.reviews import KEEPING, review_state, workers
from app.case.runs import RunRow
from app.export.report import content as parts
from app.export.report import words
from app.export.report.content import Content, ModelCard, UsedModel
from app.export.report.steps import steps
from app.export.report.suitability import suitability

Progress = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and what comes next. May raise to stop."""

FEW = 3
"""Fewer hypotheses than these need a reason."""


def collect(
    case: CaseFile,
    *,
    models: Mapping[str, ModelCard],
    progress: Progress | None = None,
) -> Content:
    """Everything that a report on the case says.

    Args:
        case: open, for reading or writing.
        models: the cards of installed models by the SHA-256 of their files.
        progress: told how far it is.

    Raises:
        CaseError, CaseDamaged, PhotoError: the case cannot be read, or was changed.
    """
    say = progress or (lambda _share, _text: None)
    entries = case.log()
    state = review_state(case.reviews.all(), tuple(entries))
    runs = case.runs.all()
    photos = case.evidence.photos()
    measured = []
    for number, photo in enumerate(photos):
        say(number / max(1, len(photos)), f"photo {photo.id}")
        measured.append(_suitability(case, photo.id))
    items = _items(case, entries)
    maps = _maps(case, [photo.id for photo in photos], runs)
    reported = tuple(_run(case, run, entries) for run in runs)
    return Content(
        format=parts.FORMAT,
        made_by=f"Revisage {__version__}",
        draft=not state.final,
        status=state.why,
        as_of_utc=entries[-1].utc if entries else "",
        entries=entries[-1].seq if entries else 0,
        head=entries[-1].sha256 if entries else "",
        matter=_matter(case, entries),
        summary=_summary(items, measured, reported),
        items=items,
        suitability=tuple(measured),
        runs=reported,
        maps=maps,
        models=_models(case, runs, maps, models),
        limitations=words.LIMITATIONS,
        good_for=words.GOOD_FOR,
        not_good_for=words.NOT_GOOD_FOR,
        source=words.SOURCE,
        notes=tuple(
            parts.ReportNote(note=note.id, photo=note.photo, author=note.author, text=note.text)
            for note in case.notes.all()
            if note.text
        ),
        reviews=_reviews(case, entries),
        steps=steps(entries),
    )


def _matter(case: CaseFile, entries: Sequence[LogEntry]) -> parts.Matter:
    known = case.notes.properties()
    return parts.Matter(
        case_id=known.get("case_id", ""),
        number=known.get("number", ""),
        title=known.get("title", ""),
        laboratory=known.get("laboratory", ""),
        examiner=known.get("examiner", ""),
        workers=workers(list(entries)),
        requested_by=known.get("requested_by", ""),
        requested_on=known.get("requested_on", ""),
        request=known.get("request", ""),
        created_utc=known.get("created_utc", ""),
    )


def _summary(
    items: Sequence[parts.ReportItem],
    measured: Sequence[parts.PhotoSuitability],
    runs: Sequence[parts.ReportRun],
) -> tuple[str, ...]:
    faces = sum(len(each.faces) for each in measured)
    made = sum(run.made for run in runs)
    worked = len({run.photo for run in runs})
    photos = len(items)
    made_up = [str(item.photo) for item in items if item.generated]
    return (
        f"{_count(photos, 'photo')} with {_count(faces, 'face')} "
        f"{'was' if photos == 1 else 'were'} examined.",
        f"{_count(len(runs), 'run')} on {_count(worked, 'photo')} made "
        f"{_count(made, 'hypothesis', 'hypotheses')}; all of them are shown in section 4."
        if runs
        else "No reconstruction was made.",
        *([words.GENERATED_AMONG.format(", ".join(made_up))] if made_up else []),
    )


def _count(number: int, word: str, many: str = "") -> str:
    return f"{number} {word if number == 1 else many or word + 's'}"


def _items(case: CaseFile, entries: Sequence[LogEntry]) -> tuple[parts.ReportItem, ...]:
    taken = {
        entry.details.get("photo"): entry for entry in entries if entry.action == "evidence.add"
    }
    also: dict[int, list[str]] = {}
    for each in entries:
        if each.action == AGAIN:
            name = str(each.details.get("name", ""))
            also.setdefault(each.details.get("photo", 0), []).append(name)
    made = []
    for photo in case.evidence.photos():
        entry = taken.get(photo.id)
        made.append(
            parts.ReportItem(
                photo=photo.id,
                name=photo.name,
                format=photo.format,
                width=photo.width,
                height=photo.height,
                channels=photo.channels,
                bits=photo.bits,
                size=photo.size,
                sha256=photo.sha256,
                pixels_sha256=photo.pixels_sha256,
                modified_utc=photo.modified_utc,
                taken_in_utc=entry.utc if entry else "",
                taken_in_by=entry.who.get("examiner", "") if entry else "",
                other_names=tuple(dict.fromkeys(also.get(photo.id, ()))),
                generated=bool(entry and entry.details.get("generated")),
            )
        )
    return tuple(made)


def _suitability(case: CaseFile, photo: int) -> parts.PhotoSuitability:
    faces = case.maps.faces(photo)
    if faces is None or not faces.faces:
        return parts.PhotoSuitability(photo=photo, located=faces is not None, faces=())
    map_row = case.maps.of_photo(photo)
    pixels = case.maps.pixels(map_row.id, edits=map_row.edits) if map_row else None
    rgb = case.evidence.open(photo).rgb
    found = suitability(rgb, [face.face() for face in faces.faces], pixels)
    return parts.PhotoSuitability(photo=photo, located=True, faces=found)


# --- maps ------------------------------------------------------------------------------------


def _maps(
    case: CaseFile, photos: Sequence[int], runs: Sequence[RunRow]
) -> tuple[parts.MapHistory, ...]:
    """The maps that runs were made with and those that count now."""
    numbers = {run.map for run in runs}
    newest = (case.maps.of_photo(photo) for photo in photos)
    numbers |= {row.id for row in newest if row is not None}
    return tuple(_map(case, case.maps.get(number)) for number in sorted(numbers))


def _map(case: CaseFile, row: MapRow) -> parts.MapHistory:
    before = case.maps.pixels(row.id, edits=0)
    after = case.maps.pixels(row.id, edits=row.edits) if row.edits else before
    by: dict[str, Counter[str]] = {}
    for edit in case.maps.edits(row.id):
        by.setdefault(edit.author, Counter())[edit.tool] += 1
    return parts.MapHistory(
        map=row.id,
        photo=row.photo,
        source=row.source,
        author=row.author,
        models=tuple(f"{model.name} v{model.version}" for model in row.models),
        area_before=int(np.count_nonzero(before)),
        area_after=int(np.count_nonzero(after)),
        added=int(np.count_nonzero(after & ~before)),
        removed=int(np.count_nonzero(before & ~after)),
        editors=tuple(
            parts.Editor(name=name, edits=sum(tools.values()), tools=dict(tools))
            for name, tools in by.items()
        ),
        sha256_before=row.map_sha256,
        sha256_after=hash_of_map(after),
    )


# --- runs and models -------------------------------------------------------------------------


def _run(case: CaseFile, run: RunRow, entries: Sequence[LogEntry]) -> parts.ReportRun:
    request, result = run.request, run.result
    return parts.ReportRun(
        run=run.id,
        photo=run.photo,
        map=run.map,
        edits=run.edits,
        author=run.author,
        started_utc=result.started_utc,
        seconds=result.seconds,
        model=request.model.name,
        version=request.model.version,
        kind=request.model.kind,
        model_sha256=request.model.sha256,
        photo_sha256=request.photo_sha256,
        map_sha256=request.map_sha256,
        request_key=request.key,
        map_source=result.map_source,
        asked=request.hypotheses,
        made=result.made,
        shown=len(run.composites),
        why_fewer=_why_fewer(run),
        seed=request.seed,
        device=request.device,
        provider=result.provider,
        uncovered=result.uncovered,
        outputs=result.outputs,
        uncertainty=_uncertainty(case, run),
        reproduced=tuple(_rerun(entry) for entry in entries if _is_rerun(entry, run.id)),
        notes=result.notes,
    )


def _why_fewer(run: RunRow) -> str:
    if run.result.made >= FEW:
        return ""
    if run.result.notes:
        return " ".join(run.result.notes)
    asked = run.request.hypotheses
    if asked < FEW:
        return f"Only {asked} {'was' if asked == 1 else 'were'} asked for; no other reason is recorded."
    return "No reason is recorded."


def _uncertainty(case: CaseFile, run: RunRow) -> parts.Uncertainty | None:
    pictures = [output for output in run.outputs if output.role == "uncertainty"]
    if not pictures:
        return None
    inside = case.runs.pixels(pictures[0])[case.maps.pixels(run.map, edits=run.edits)]
    if not inside.size:
        return None
    from app.imaging.uncertainty import FULL_SPREAD

    scale = 100 * FULL_SPREAD / 255
    return parts.Uncertainty(
        mean=round(float(inside.mean()) * scale, 2),
        high=round(float(np.percentile(inside, 95)) * scale, 2),
        saturated=round(float(np.mean(inside == 255)), 4),
    )


def _is_rerun(entry: LogEntry, run: int) -> bool:
    return entry.action == "run.reproduce" and entry.details.get("run") == run


def _rerun(entry: LogEntry) -> str:
    details, who = entry.details, entry.who.get("examiner", "")
    if details.get("identical") is True:
        came = "identical, bit for bit"
    else:
        kind = "within" if details.get("reproduced") is True else "beyond"
        came = (
            f"largest difference {details.get('max_difference')} of 255, {kind} the tolerance of "
            f"{details.get('tolerance')}"
        )
    return f"{entry.utc[:16].replace('T', ' ')} by {who}: {came} (log entry {entry.seq})."


def _models(
    case: CaseFile,
    runs: Sequence[RunRow],
    maps: Sequence[parts.MapHistory],
    cards: Mapping[str, ModelCard],
) -> tuple[UsedModel, ...]:
    """Every model that the records name, each once, reconstruction first."""
    used: dict[ModelRecord, list[int]] = {}
    for run in runs:
        for model in (run.request.model, *run.result.helpers):
            used.setdefault(model, []).append(run.id)
    for entry in maps:
        for model in case.maps.get(entry.map).models:
            used.setdefault(model, [])
    for photo in case.evidence.photos():
        faces = case.maps.faces(photo.id)
        for model in faces.models if faces else ():
            used.setdefault(model, [])
    order = ["reconstruct", "map", "align", "locate"]
    ranked = sorted(used, key=lambda each: order.index(each.task) if each.task in order else 9)
    return tuple(
        UsedModel(
            name=model.name,
            version=model.version,
            sha256=model.sha256,
            task=model.task,
            kind=model.kind,
            runs=tuple(used[model]),
            card=cards.get(model.sha256),
        )
        for model in ranked
    )


def _reviews(case: CaseFile, entries: Sequence[LogEntry]) -> tuple[parts.ReportReview, ...]:
    recorded = {
        entry.details.get("review"): entry for entry in entries if entry.action == "review.add"
    }
    worked = {json.dumps(_account(entry)) for entry in entries if entry.action not in KEEPING}
    made = []
    for review in case.reviews.all():
        entry = recorded.get(review.id)
        login, host = _account(entry) if entry else ("", "")
        made.append(
            parts.ReportReview(
                review=review.id,
                reviewer=review.author,
                verdict=review.verdict,
                text=review.text,
                utc=entry.utc if entry else "",
                account=f"{login} on {host}" if entry else "",
                same_account=json.dumps([login, host]) in worked,
                entries=review.entries,
                head=review.head,
            )
        )
    return tuple(made)


def _account(entry: LogEntry) -> list[str]:
    return [str(entry.who.get("login", "")), str(entry.who.get("host", ""))]

"""`revisage case list` and `case log`: what is in a case, and what was done when by whom."""

from __future__ import annotations

import argparse
from typing import Any

from app.case.case_file import CaseFile
from app.case.evidence import PhotoRow
from app.case.runs import RunRow
from app.cli.console import DONE, counted, harmless, print_json
from app.cli.locate import face_entry
from app.inference.session import CancelToken

Entry = dict[str, Any]


def list_case(options: argparse.Namespace, _cancel: CancelToken) -> int:
    """Print photos, faces, maps and runs with their hashes."""
    with CaseFile.open(options.file, read_only=True) as case:
        entries, head = case.head()
        properties = case.notes.properties()
        document: Entry = {
            "path": str(options.file),
            "id": case.id,
            "title": case.title,
            "examiner": properties.get("examiner", ""),
            "created_utc": properties.get("created_utc", ""),
            "log_entries": entries,
            "head": head,
            "photos": [_photo(case, photo) for photo in case.evidence.photos()],
            "runs": [_run(run) for run in case.runs.all()],
            "notes": [
                {"note": note.id, "photo": note.photo, "author": note.author, "text": note.text}
                for note in case.notes.all()
            ],
        }
    if options.json:
        print_json(document)
    else:
        _print(document)
    return DONE


def list_log(options: argparse.Namespace, _cancel: CancelToken) -> int:
    """Print the log's entries in order."""
    with CaseFile.open(options.file, read_only=True) as case:
        entries = case.log()
    if options.json:
        print_json(
            {
                "entries": [
                    {
                        "seq": entry.seq,
                        "utc": entry.utc,
                        "who": entry.who,
                        "software": entry.software,
                        "action": entry.action,
                        "details": entry.details,
                        "rows": [list(row) for row in entry.rows],
                        "previous": entry.previous,
                        "sha256": entry.sha256,
                    }
                    for entry in entries
                ]
            }
        )
        return DONE
    for entry in entries:
        rows = ", ".join(f"{table} {number}" for table, number, _ in entry.rows)
        who = entry.who.get("examiner", "")
        line = f"{entry.seq:5}  {entry.utc}  {who}  {entry.action}  {rows}  {entry.sha256[:12]}"
        print(harmless(line))
    return DONE


def _photo(case: CaseFile, photo: PhotoRow) -> Entry:
    faces, map_row = case.maps.faces(photo.id), case.maps.of_photo(photo.id)
    return {
        "photo": photo.id,
        "name": photo.name,
        "sha256": photo.sha256,
        "size": photo.size,
        "format": photo.format,
        "width": photo.width,
        "height": photo.height,
        "located": faces is not None,
        "faces": [face_entry(face.face()) for face in faces.faces] if faces else [],
        "map": None
        if map_row is None
        else {
            "map": map_row.id,
            "source": map_row.source,
            "sha256": map_row.map_sha256,
            "edits": map_row.edits,
        },
    }


def _run(run: RunRow) -> Entry:
    return {
        "run": run.id,
        "photo": run.photo,
        "map": run.map,
        "edits": run.edits,
        "author": run.author,
        "key": run.request.key,
        "model": run.request.model.to_dict(),
        "hypotheses": run.request.hypotheses,
        "made": run.result.made,
        "seed": run.request.seed,
        "provider": run.result.provider,
        "photo_sha256": run.request.photo_sha256,
        "map_sha256": run.request.map_sha256,
        "outputs": list(run.result.outputs),
        "notes": list(run.result.notes),
    }


def _print(document: Entry) -> None:
    # A case may come from elsewhere: nothing in it drives the terminal.
    print(harmless(f"{document['title'] or 'case without title'}, by {document['examiner']}"))
    for photo in document["photos"]:
        map_text = f"map {photo['map']['map']}" if photo["map"] else "no map"
        # None that were found is a finding; none that were looked for is not.
        faces = counted(len(photo["faces"]), "face") if photo["located"] else "not looked at"
        print(
            f"photo {photo['photo']}: {harmless(photo['name'])}  {photo['width']} x {photo['height']}  "
            f"{faces}  {map_text}  {photo['sha256'][:12]}"
        )
    for run in document["runs"]:
        print(
            f"run {run['run']}: photo {run['photo']}  {run['model']['name']}  "
            f"{counted(run['made'], 'hypothesis', 'hypotheses')}  seed {run['seed']}  {run['provider']}"
        )
    print(f"{document['log_entries']} log entries, head {document['head']}")

"""`revisage locate`: the faces of photos."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.console import Progress, counted, harmless, print_json
from app.cli.work import Entry, each_photo
from app.imaging.face import Face
from app.imaging.photo import Photo
from app.inference.session import CancelToken
from app.workbench import Workbench


def run(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Locate the faces of every photo and print them; returns the exit code."""
    bench = Workbench(device=options.device)
    bench.load("locate", "align")
    with Progress(len(options.photos), quiet=options.quiet) as progress:

        def locate(_path: Path, photo: Photo) -> Entry:
            progress.step("locate")
            return {"faces": [face_entry(face) for face in bench.locate(photo, cancel=cancel)]}

        report = each_photo(bench, options.photos, progress, locate)
    if options.json:
        print_json(report.document())
    else:
        for entry in report.photos:
            print(_text(entry))
    return report.exit_code


def face_entry(face: Face) -> Entry:
    """A face as the JSON document has it, to a hundredth of a pixel."""
    return {
        "box": [round(float(value), 2) for value in face.box],
        "score": round(float(face.score), 4),
        "masked": round(float(face.masked), 4),
        "landmarks": [[round(float(x), 2), round(float(y), 2)] for x, y in face.landmarks],
    }


def _text(entry: Entry) -> str:
    faces = entry["faces"]
    count = counted(len(faces), "face") if faces else "no face"
    lines = [f"{harmless(entry['path'])}: {count}"]
    for face in faces:
        x0, y0, x1, y1 = (round(value) for value in face["box"])
        kind = "masked" if face["masked"] >= 0.5 else "not masked"
        lines.append(
            f"  {x0},{y0} to {x1},{y1}  score {face['score']:.2f}  {kind} ({face['masked']:.2f})"
        )
    return "\n".join(lines)

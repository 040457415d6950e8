"""Writes a sealed package."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.case import schema
from app.case.case_file import CaseFile
from app.case.files import whole_file
from app.case.records import canonical_json
from app.case.runs import OutputRow, RunRow
from app.export.files import check_target
from app.export.labels import add_border, label_of, uncertainty_label
from app.export.metadata import COMPOSITE, GENERATED
from app.export.package import names
from app.export.package.case_uco import case_graph
from app.export.pictures import Marks, encode_generated
from app.export.png import encode_png
from app.export.report import Content, ModelCard, collect, report_json, report_pdf

Progress = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and what comes next. May raise to stop."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the ZIP, so that equal contents give equal bytes."""

UNIX_FILE = 0o100644 << 16

README = """\
This is a sealed package of Revisage: a BagIt bag (RFC 8493) in a ZIP file.

  data/originals   the photos as they came in, byte for byte
  data/outputs     per run the map and every picture it made; each carries its label
  data/maps        every map and every edit of it, packed as the case keeps them
  data/report      the report as PDF and as JSON
  data/log         the append-only log, one entry per line; each holds the hash of the one before
  data/records     every row of the case (rows.jsonl), and the case in CASE/UCO terms (case.jsonld)

The pictures of hidden parts of faces are hypotheses of a model. They identify nobody.

To check everything:        revisage case verify PACKAGE.zip --head HASH
To check the files alone:   sha256sum -c manifest-sha256.txt   (in this folder)

HASH is the head hash of the log as the signed report on paper has it. Without it a package that someone
rewrote from end to end cannot be told from an honest one.
"""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A package that was written.

    Attributes:
        path: the file.
        sha256: of its bytes.
        size: in bytes.
        files: how many it holds.
        entries, head: the log that it holds, and the hash of its last entry.
        draft: whether a second person's review was missing.
    """

    path: Path
    sha256: str
    size: int
    files: int
    entries: int
    head: str
    draft: bool


def seal(
    case: CaseFile,
    path: Path,
    *,
    models: Mapping[str, ModelCard],
    force: bool = False,
    progress: Progress | None = None,
) -> Sealed:
    """Write a sealed package of a case as it is now; the case is not changed.

    Args:
        case: open.
        path: the ZIP file to write.
        models: the cards of installed models by the SHA-256 of their files, for the report.
        force: replace an existing file.
        progress: told how far it is.

    Raises:
        CaseError: nothing was written, or the case is damaged.
        ExportError: the file exists and must stay, or the case was changed meanwhile.
    """
    say = progress or (lambda _share, _text: None)
    check_target(path, force=force, protected=(case.path,))
    with whole_file(path, force=force) as part:
        content = collect(case, models=models, progress=lambda share, text: say(share / 4, text))
        writer = _Writer(part)
        try:
            for name, data in _payload(case, content, lambda s, t: say(0.25 + 0.7 * s, t)):
                writer.add(name, data)
            writer.finish(content)
        finally:
            writer.close()
        say(0.97, "hash of the package")
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = part.stat().st_size
    return Sealed(
        path=path,
        sha256=digest,
        size=size,
        files=writer.count,
        entries=content.entries,
        head=content.head,
        draft=content.draft,
    )


class _Writer:
    """A bag in a ZIP, written front to back."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)
        self._payload: list[tuple[str, str]] = []
        self._tags: list[tuple[str, str]] = []
        self._bytes = 0
        self.count = 0

    def add(self, name: str, data: bytes) -> None:
        """A file of the payload."""
        self._payload.append((hashlib.sha256(data).hexdigest(), name))
        self._bytes += len(data)
        self._put(name, data)

    def finish(self, content: Content) -> None:
        """The hash lists and what a bag says about itself."""
        day = content.as_of_utc[:10]
        info = {
            "Bag-Software-Agent": content.made_by,
            "Bagging-Date": day,
            "External-Identifier": content.matter.case_id,
            "Payload-Oxum": f"{self._bytes}.{len(self._payload)}",
            "Revisage-Log-Entries": str(content.entries),
            "Revisage-Log-Head": content.head,
        }
        self._tag(names.BAGIT, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        self._tag(names.INFO, "".join(f"{name}: {value}\n" for name, value in info.items()))
        self._tag(names.README, README)
        self._tag(names.MANIFEST, _hash_list(self._payload))
        self._put(names.TAG_MANIFEST, _hash_list(self._tags).encode())

    def close(self) -> None:
        """Write the ZIP's directory."""
        self._zip.close()

    def _tag(self, name: str, text: str) -> None:
        self._tags.append((hashlib.sha256(text.encode()).hexdigest(), name))
        self._put(name, text.encode())

    def _put(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(names.ROOT + name, EPOCH)
        entry.create_system = 3  # also on Windows, so that the bytes do not depend on the machine
        entry.external_attr = UNIX_FILE
        self._zip.writestr(entry, data)
        self.count += 1


def _hash_list(files: list[tuple[str, str]]) -> str:
    return "".join(f"{sha256}  {name}\n" for sha256, name in files)


def _payload(case: CaseFile, content: Content, say: Progress) -> Iterator[tuple[str, bytes]]:
    photos = case.evidence.photos()
    for number, photo in enumerate(photos):
        say(0.4 * number / len(photos), f"original of photo {photo.id}")
        yield names.original(photo.id, photo.format), case.evidence.read(photo.id)
    runs = case.runs.all()
    for number, run in enumerate(runs):
        say(0.4 + 0.2 * number / len(runs), f"run {run.id}")
        map_pixels = case.maps.pixels(run.map, edits=run.edits)
        yield names.run_map(run.id), encode_png(map_pixels.astype(np.uint8) * np.uint8(255))
        for output in run.outputs:
            yield names.output(run.id, output.role, output.number), labelled(case, run, output)
    seen = set()
    for table in ("map", "map_edit"):
        for row in case.rows(table):
            if row["blob"] not in seen:
                seen.add(row["blob"])
                yield names.packed(row["blob"]), case.packed(row["blob"])
    say(0.6, "report")
    yield names.REPORT_JSON, report_json(content)
    pdf = report_pdf(content, case, progress=lambda s, t: say(0.6 + 0.35 * s, t))
    yield names.REPORT_PDF, pdf
    yield names.LOG, "".join(f"{line}\n" for line in case.log_lines()).encode()
    yield names.ROWS, _rows(case)
    graph = json.dumps(case_graph(content), indent=1, ensure_ascii=False, sort_keys=True)
    yield names.GRAPH, (graph + "\n").encode()


def labelled(case: CaseFile, run: RunRow, output: OutputRow) -> bytes:
    """A picture of a run as a PNG with its label in a border below; the pixels above are untouched."""
    pixels = case.runs.pixels(output)
    if output.role == "composite":
        label = label_of(run.result, output.number)
        source_type = GENERATED if run.request.model.kind == "sketch" else COMPOSITE
    else:
        label, source_type = uncertainty_label(run.result), GENERATED
    shown = add_border(pixels[..., None] if pixels.ndim == 2 else pixels, label)
    return encode_generated(shown, Marks(label=label, source_type=source_type, result=run.result))


def _rows(case: CaseFile) -> bytes:
    lines = [
        canonical_json({"table": table, "row": row}) + "\n"
        for table in schema.ROWS
        for row in case.rows(table)
    ]
    return "".join(lines).encode()

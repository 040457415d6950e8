"""What is done to one photo: read, work, write. Everywhere the same, on whatever machine."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.batch import writing
from app.batch.order import RECONSTRUCTED, UNCHANGED, Done, Failed, Order, Result, Task
from app.export.cautions import cautions_in
from app.export.errors import ExportError
from app.export.files import prepare_folder
from app.export.own import made_here
from app.export.pictures import WrittenFile
from app.export.provenance import provenance_name
from app.imaging.decode import read_header
from app.imaging.errors import RevisageError
from app.imaging.photo import Photo, decode_photo, read_photo_bytes
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.workbench import Outcome, Workbench

NO_FACE, NO_MASK = "no face was found", "no mask was found"

OWN = "made by Revisage, left out"
"""Status of composites, maps and the like that lie among the photos: a hypothesis is no evidence."""


@dataclass(kw_only=True, eq=False)
class Job:
    """One photo on its way through the steps.

    Attributes:
        task: what to do.
        photo: once read, and until written.
        cautions: what to know of its file.
        faces: how many were found.
        mask_pixels: of the map.
        status: what came of it.
        outcomes: one per model that worked.
        failure: what stopped a later model; what the earlier ones made is written all the same.
        result: once there is nothing more to do.
        started: by the process's clock, in seconds.
    """

    task: Task
    photo: Photo | None = None
    cautions: list[str] = field(default_factory=list)
    faces: int = 0
    mask_pixels: int = 0
    status: str = RECONSTRUCTED
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    failure: str = ""
    result: Result | None = None
    started: float = field(default_factory=time.perf_counter)


class Steps:
    """The steps of one order; any number of threads may take different photos through them."""

    def __init__(self, bench: Workbench, order: Order, cancel: CancelToken | None = None) -> None:
        self._bench = bench
        self._order = order
        self._cancel = cancel or CancelToken()

    def whole(self, task: Task) -> Result:
        """All steps of one photo; raises Cancelled."""
        job = Job(task=task)
        for step in (self.read, self.work, self.write):
            step(job)
        assert job.result is not None
        return job.result

    def read(self, job: Job) -> None:
        """Decode the photo, unless its bytes are known and its results are there, or it is none."""

        def read() -> None:
            data = read_photo_bytes(job.task.source)
            if made_here(io.BytesIO(data)):
                job.result = _left_out(job, data)
                return
            photo = decode_photo(data, job.task.source)
            if photo.sha256 == job.task.known:
                job.result = Done(id=job.task.id, sha256=photo.sha256, status=UNCHANGED, files=())
            else:
                job.photo = photo
                job.cautions = cautions_in(io.BytesIO(data), job.task.source)

        self._guard(job, read)

    def work(self, job: Job) -> None:
        """Locate, map and reconstruct."""
        self._guard(job, lambda: self._work(job))

    def write(self, job: Job) -> None:
        """Write the results, the provenance last, and let go of the photo."""
        self._guard(job, lambda: self._write(job))
        job.photo = None
        job.outcomes.clear()

    def _work(self, job: Job) -> None:
        photo, bench, order = job.photo, self._bench, self._order
        assert photo is not None
        faces = bench.locate(photo, cancel=self._cancel)
        job.faces = len(faces)
        map_pixels = bench.map(photo, faces, cancel=self._cancel)
        job.mask_pixels = int(np.count_nonzero(map_pixels))
        if not job.mask_pixels:
            job.status = NO_MASK if faces else NO_FACE
            return
        for name in order.models:
            try:
                outcome = bench.reconstruct(
                    photo,
                    faces,
                    map_pixels,
                    model=name,
                    hypotheses=order.hypotheses,
                    seed=order.seed,
                    cancel=self._cancel,
                )
            except Cancelled:
                raise
            except RevisageError as error:
                if not job.outcomes:
                    raise
                job.failure = _sentence(job.task.source, error)
                return
            job.outcomes.append((name, outcome))

    def _write(self, job: Job) -> None:
        self._cancel.check()
        photo, task = job.photo, job.task
        assert photo is not None
        prepare_folder(task.folder)
        writings = writing.plan(self._bench, self._order, task.stem, job.outcomes)
        planned = frozenset[str]().union(*(each.names for each in writings))
        _keep_record(task, planned)
        files: list[WrittenFile] = []
        said: list[str] = []
        notes = list(job.cautions)
        if job.failure:
            notes.append(f"Stopped early: {job.failure}")
        elif not job.outcomes:
            notes.append(f"Nothing was reconstructed: {job.status}.")
        provenance = task.folder / provenance_name(task.stem)
        with _recorded(task.folder, planned - {provenance.name}):
            for each in writings:
                done = writing.write(self._bench, self._order, each, task.folder, task.stem)
                files += done[0]
                said += done[1]
            self._bench.export_provenance(
                photo,
                provenance,
                outcomes=[outcome for _, outcome in job.outcomes],
                files=files,
                notes=notes,
                force=True,
            )
        names = (*(file.path.name for file in files), provenance.name)
        if job.failure:
            job.result = Failed(id=task.id, error=job.failure, files=names)
            return
        results = [outcome.result for _, outcome in job.outcomes]
        details: dict[str, Any] = {
            "width": photo.width,
            "height": photo.height,
            "faces": job.faces,
            "mask_pixels": job.mask_pixels,
            "providers": sorted({result.provider for result in results}),
            "seconds": round(time.perf_counter() - job.started, 3),
            "notes": list(
                dict.fromkeys(
                    [*job.cautions, *(note for result in results for note in result.notes), *said]
                )
            ),
        }
        job.result = Done(
            id=task.id, sha256=photo.sha256, status=job.status, files=names, details=details
        )

    def _guard(self, job: Job, step: Any) -> None:
        """Take a step, unless the job has its result; an error becomes the result of this photo."""
        if job.result is not None:
            return
        source = job.task.source
        try:
            self._cancel.check()
            step()
        except Cancelled:
            raise
        except RevisageError as error:
            job.result = Failed(id=job.task.id, error=_sentence(source, error))
        except MemoryError:
            text = f"There is not enough memory for {source}; use fewer --jobs, or reduce it first."
            job.result = Failed(id=job.task.id, error=text)
        except Exception as error:
            if os.environ.get("REVISAGE_DEBUG"):
                raise
            said = " ".join(str(error).split())
            text = f"An unexpected error with {source} ({type(error).__name__}: {said})"
            job.result = Failed(id=job.task.id, error=f"{text}; set REVISAGE_DEBUG=1 to see where.")
        if job.result is not None:
            job.photo = None


def _left_out(job: Job, data: bytes) -> Done:
    """What is written down of a picture that is no evidence; it has the details of every photo."""
    header = read_header(data)
    details = {
        "width": header.width,
        "height": header.height,
        "faces": 0,
        "mask_pixels": 0,
        "providers": [],
        "seconds": round(time.perf_counter() - job.started, 3),
        "notes": ["It says of itself that Revisage made it, so nothing was looked for in it."],
    }
    sha256 = hashlib.sha256(data).hexdigest()
    return Done(id=job.task.id, sha256=sha256, status=OWN, files=(), details=details)


@contextlib.contextmanager
def _recorded(folder: Path, names: frozenset[str]) -> Iterator[None]:
    """What the block has written under these names stays only when it came to its end, which is the
    record: no picture is left without one. Earlier results that it did not get to stay."""
    before = {path: _identity(path) for path in (folder / name for name in names)}
    try:
        yield
    except BaseException:
        for path, earlier in before.items():
            if _identity(path) not in (None, earlier):
                with contextlib.suppress(OSError):
                    path.unlink()
        raise


def _identity(path: Path) -> tuple[int, int] | None:
    """Tells a file from one that has replaced it; None where there is none."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _keep_record(task: Task, replaced: frozenset[str]) -> None:
    """Earlier results that stay, because this order makes others, keep their own provenance."""
    path = task.folder / provenance_name(task.stem)
    staying = [name for name in task.earlier if name != path.name and name not in replaced]
    if not any((task.folder / name).exists() for name in staying):
        return
    if not path.exists():
        return
    number = 1
    while (kept := task.folder / provenance_name(f"{task.stem}.earlier{number}")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError as error:
        reason = error.strerror or error
        raise ExportError(
            f"{path} could not be renamed to {kept.name} ({reason}), so nothing was written; "
            "check the folder, or choose another with --out."
        ) from error


def _sentence(source: Path, error: BaseException) -> str:
    text = str(error) or type(error).__name__
    # On one line, but for the photo's own name, whatever is in it.
    line = str(source).join(re.sub(r"\s+", " ", part) for part in text.split(str(source)))
    return line if str(source) in text else f"{source}: {line}"

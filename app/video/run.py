"""A whole video from its source to a labelled file with its record, in bounded memory, resumable."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path

from app.export.files import check_target, prepare_folder
from app.export.metadata import COMPOSITE, GENERATED, Origin
from app.export.pictures import SOFTWARE
from app.inference.session import CancelToken
from app.video.deliver import assemble, write_record
from app.video.errors import VideoError
from app.video.journal import Journal
from app.video.order import VideoOrder, VideoSummary, order_document
from app.video.read import open_frames
from app.video.stages import Progress, Stages
from app.workbench import Workbench, model_record


def make_video(
    bench: Workbench,
    source: str,
    out: Path,
    order: VideoOrder,
    *,
    force: bool = False,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> VideoSummary:
    """Fill in every masked face of a video.

    Args:
        bench: the models; one thread per run suits it best, because the stages run side by side.
        source: a file, a camera's number, or a stream's address.
        out: the .mp4 file to write; its record goes beside it.
        order: what to do.
        force: replace an earlier output.
        progress: told after each frame.
        cancel: a file's work stops, to be resumed; a camera's or stream's recording ends and is kept.

    Raises:
        VideoError, ExportError, ModelError: in one sentence.
        Cancelled: a file's work was stopped, and the same call goes on with it; or nothing had come yet.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    if out.suffix.lower() != ".mp4":
        raise VideoError(f"{out} does not end in .mp4; videos are written as MP4.")
    provenance = out.with_name(f"{out.stem}.provenance.json")
    prepare_folder(out.absolute().parent)
    path = Path(source)
    protected = (path,) if path.is_file() else ()
    for target in (out, provenance):
        check_target(target, force=force, protected=protected)
    frames = open_frames(source, cancel=cancel)
    try:
        before = _identity(path) if protected else None
        digest = _sha256(path, cancel) if protected else ""
        record = model_record(bench.session("reconstruct", order.model).model)
        document = order_document(bench, source, digest, order, record, live=frames.info.live)
        journal = Journal(out.absolute().with_name(f".{out.name}.revisage"), document)
        stages = Stages(bench, frames, order, journal, record, progress, cancel)
        worked = stages.run()
        if before is not None and _identity(path) != before:
            raise VideoError(f"{source} changed while it was read; give the command again.")
        if not journal.done:
            raise VideoError(f"{frames.source.name} gave no frame, so nothing was written.")
        sketch = stages.filler.draws
        origin = Origin(
            source_type=GENERATED if sketch else COMPOSITE,
            description=stages.label,
            software=SOFTWARE,
            model=f"{record.name} {record.version}",
        )
        sound = assemble(journal, out, frames, source if protected else None, origin, force=force)
        sha256 = _sha256(out, None)
        tracks = [tracks for segment in journal.segments for tracks in segment.tracks]
        summary = VideoSummary(
            path=out,
            provenance=provenance,
            sha256=sha256,
            frames=len(tracks),
            worked=worked,
            filled=sum(1 for each in tracks if each),
            faces=len({track for each in tracks for track in each}),
            sound=sound,
            damaged=frames.damaged,
            dropped=stages.dropped,
            broke_off=frames.broke_off,
            provider=bench.session("reconstruct", order.model).provider,
            seconds=round(time.perf_counter() - clock, 3),
            cpu={name: round(value, 3) for name, value in stages.cpu.items()},
        )
        write_record(summary, document, journal, frames, origin, started, force=force)
        journal.remove()
        return summary
    finally:
        frames.close()


def _sha256(path: Path, cancel: CancelToken | None) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                digest.update(block)
                if cancel is not None:
                    cancel.check()
    except OSError as error:
        raise VideoError(f"{path} could not be read ({error.strerror or error}).") from error
    return digest.hexdigest()


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns

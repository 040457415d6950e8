"""A whole video from its source to a labelled file with its record, in bounded memory, resumable."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from app.export.files import check_target, prepare_folder
from app.export.metadata import COMPOSITE, GENERATED
from app.export.own import own_video_warning
from app.imaging.errors import RevisageError
from app.inference.session import CancelToken
from app.video.deliver import Facts, deliver, provenance_path, settle
from app.video.errors import VideoError
from app.video.hold import held, working_folder
from app.video.journal import Journal
from app.video.order import VideoOrder, VideoSummary, order_document
from app.video.read import VideoFrames, open_frames
from app.video.rescue import broken_off, kept, rescue
from app.video.source import is_file
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
    notice: Callable[[str], None] | None = None,
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
        notice: told what else the user should know, a sentence each.
        cancel: a file's work stops, to be resumed; a camera's or stream's recording ends and is kept.

    Raises:
        VideoError, ExportError, ModelError: in one sentence. Finished pieces of a recording are kept.
        Cancelled: a file's work was stopped, and the same call goes on with it; or nothing had come yet.
    """
    if out.suffix.lower() != ".mp4":
        raise VideoError(f"{out} does not end in .mp4; videos are written as MP4.")
    prepare_folder(out.absolute().parent)
    path = Path(source)
    protected = (path,) if is_file(source) else ()
    with held(out):
        settle(working_folder(out))
        rescue(out, notice)
        for target in (out, provenance_path(out)):
            check_target(target, force=force, protected=protected)
        frames = open_frames(source, cancel=cancel)
        try:
            return _make(
                bench,
                source,
                out,
                order,
                frames,
                force=force,
                protected=protected,
                progress=progress,
                notice=notice,
                cancel=cancel,
            )
        finally:
            frames.close()


def _make(
    bench: Workbench,
    source: str,
    out: Path,
    order: VideoOrder,
    frames: VideoFrames,
    *,
    force: bool,
    protected: tuple[Path, ...],
    progress: Progress | None,
    notice: Callable[[str], None] | None,
    cancel: CancelToken | None,
) -> VideoSummary:
    """The work, once the output is held and the source is open."""
    started, clock = datetime.now(UTC), time.perf_counter()
    path, info = Path(source), frames.info
    warnings = (own_video_warning(frames.source.name),) if info.generated else ()
    if notice is not None:
        for sentence in warnings:
            notice(sentence)
    before = _identity(path) if protected else None
    digest = _sha256(path, cancel) if protected else ""
    session = bench.session("reconstruct", order.model)
    session.load()  # else the end of the first segment would wait for it where no face was seen
    record = model_record(session.model)
    document = order_document(bench, source, digest, order, record, live=info.live)
    journal = Journal.open(working_folder(out), document)
    stages = Stages(bench, frames, order, journal, record, progress, cancel)

    def facts() -> Facts:
        return Facts(
            width=info.width,
            height=info.height,
            rate=str(info.rate),
            time_base=str(info.time_base),
            label=stages.label,
            source_type=GENERATED if stages.filler.draws else COMPOSITE,
            model=f"{record.name} {record.version}",
            provider=session.provider,
            started_utc=started.isoformat(timespec="seconds"),
            damaged=frames.damaged,
            dropped=stages.dropped,
            warnings=warnings,
        )

    journal.describe = lambda: asdict(facts())
    broke_off = ""
    try:
        worked = stages.run()
    except (RevisageError, OSError) as error:
        if not (info.live and journal.done):
            raise
        # What was recorded cannot be recorded again, so it is delivered whatever has ended it.
        worked, broke_off = journal.done, broken_off(out, error)
    if before is not None and _identity(path) != before:
        raise VideoError(f"{source} changed while it was read; give the command again.")
    if not journal.done:
        raise VideoError(f"{frames.source.name} gave no frame, so nothing was written.")
    last = facts()
    broke_off = broke_off or frames.broke_off
    try:
        done = deliver(
            journal,
            out,
            last,
            sound_of=source if protected else None,
            broke_off=broke_off,
            force=force,
            protected=protected,
        )
    except RevisageError as error:
        if info.live:
            raise kept(out, journal.folder, error) from error
        raise
    journal.remove()
    return VideoSummary(
        path=out,
        provenance=done.provenance,
        sha256=done.sha256,
        frames=done.frames,
        worked=worked,
        filled=done.filled,
        faces=done.faces,
        sound=done.sound,
        sound_lost=done.sound_lost,
        damaged=done.damaged,
        dropped=last.dropped,
        broke_off=broke_off,
        warnings=warnings,
        provider=last.provider,
        seconds=round(time.perf_counter() - clock, 3),
        cpu={name: round(value, 3) for name, value in stages.cpu.items()},
    )


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

"""A whole video from its source to a labelled file with its record, in bounded memory, resumable."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.case.records import ModelRecord, canonical_json
from app.export.files import check_target, prepare_folder, write_file
from app.export.labels import LEAST_WIDTH, hypothesis_label, label_strip
from app.export.metadata import COMPOSITE, GENERATED, Origin, xmp_packet
from app.export.pictures import SOFTWARE
from app.export.provenance import STATEMENT
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.video.errors import VideoError
from app.video.faces import LOCATE_EVERY, Filler, Follower, Seen
from app.video.journal import Journal
from app.video.media import Frame, Frames, FrameWriter, join, open_frames
from app.workbench import Workbench, model_record

SEGMENT = 250
"""Frames per segment: what a kill costs at most."""

AHEAD = 4
"""Frames that wait between two stages; bounds the memory."""

LISTEN_S = 0.1

XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""UUID of the MP4 box that holds XMP (XMP specification, part 3)."""

Progress = Callable[[int, int], None]
"""Told how many frames are done, of how many; 0 when nobody knows."""


@dataclass(frozen=True, kw_only=True)
class VideoOrder:
    """Everything that decides the output; the source's bytes aside.

    Attributes:
        model: a model's name or a kind.
        seed: chooses the hypothesis, which is held for as long as a face is followed.
        every: frames from one look of the locator to the next.
        limit: frames after which to stop; 0 for all.
    """

    model: str = "rgb"
    seed: int = 0
    every: int = LOCATE_EVERY
    limit: int = 0


@dataclass(frozen=True, kw_only=True)
class VideoSummary:
    """What came of a video.

    Attributes:
        path, provenance: the files.
        sha256: of the video file.
        frames: in it.
        worked: of them in this run, rather than in an earlier one that was interrupted.
        filled: frames in which a face was filled in.
        faces: how many faces were followed.
        sound: whether there is any.
        damaged: places of the source that could not be decoded.
        provider: that ran the model.
        seconds: of this run, by the clock.
        cpu: seconds of each stage's own thread.
    """

    path: Path
    provenance: Path
    sha256: str
    frames: int
    worked: int
    filled: int
    faces: int
    sound: bool
    damaged: int
    provider: str
    seconds: float
    cpu: dict[str, float]


@dataclass(kw_only=True, eq=False)
class _Job:
    """A frame on its way."""

    frame: Frame
    seconds: float
    faces: list[Seen] = field(default_factory=list)
    filled: NDArray[np.uint8] | None = None
    state: dict[str, Any] | None = None


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
        Cancelled: a file's work was stopped; the same call goes on with it.
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
    frames = open_frames(source)
    try:
        before = _identity(path) if protected else None
        digest = _sha256(path, cancel) if protected else ""
        record = model_record(bench.session("reconstruct", order.model).model)
        document = _order_document(bench, source, digest, order, record, live=frames.info.live)
        journal = Journal(out.absolute().with_name(f".{out.name}.revisage"), document)
        work = _Work(bench, frames, order, journal, record, progress, cancel)
        worked = work.run()
        if before is not None and _identity(path) != before:
            raise VideoError(f"{source} changed while it was read; give the command again.")
        if not journal.done:
            raise VideoError(f"{source} gave no frame, so nothing was written.")
        sketch = work.filler.draws
        origin = Origin(
            source_type=GENERATED if sketch else COMPOSITE,
            description=work.label,
            software=SOFTWARE,
            model=f"{record.name} {record.version}",
        )
        sound = _assemble(journal, out, frames, source if protected else None, origin, force=force)
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
            provider=bench.session("reconstruct", order.model).provider,
            seconds=round(time.perf_counter() - clock, 3),
            cpu={name: round(value, 3) for name, value in work.cpu.items()},
        )
        _write_record(summary, document, journal, frames, origin, started, force=force)
        journal.remove()
        return summary
    finally:
        frames.close()


class _Work:
    """The stages of one video, a thread each: read, follow, fill; the caller's thread writes."""

    def __init__(
        self,
        bench: Workbench,
        frames: Frames,
        order: VideoOrder,
        journal: Journal,
        record: ModelRecord,
        progress: Progress | None,
        cancel: CancelToken | None,
    ) -> None:
        self._frames = frames
        self._order = order
        self._journal = journal
        self._progress = progress
        self._cancel = cancel or CancelToken()
        # A recording ends when it is cancelled; its last frames are still worked on.
        inner = None if frames.info.live else self._cancel
        self.follower = Follower(bench, every=order.every, cancel=inner)
        self.filler = Filler(bench, model=order.model, seed=order.seed, cancel=inner)
        self.label = hypothesis_label(record, number=1, made=1, seed=order.seed)
        self.cpu: dict[str, float] = {}
        self._stop = threading.Event()
        self._error: BaseException | None = None
        info = frames.info
        width = max(info.width, LEAST_WIDTH)
        strip = label_strip(self.label, width=width, area=info.width * info.height)
        height = info.height + len(strip)
        self._canvas = np.full((height + height % 2, width + width % 2, 3), 255, np.uint8)
        self._canvas[info.height : height, :width] = strip[..., None]

    def run(self) -> int:
        """Work through the frames that are missing; returns how many those were."""
        state = self._journal.state()
        if state is not None:
            self.follower.load(state["follower"])
            self.filler.load(state["filler"])
        seen: queue.Queue[_Job | None] = queue.Queue(AHEAD)
        mapped: queue.Queue[_Job | None] = queue.Queue(AHEAD)
        ready: queue.Queue[_Job | None] = queue.Queue(AHEAD)
        stages = (
            ("read", lambda: self._read(seen)),
            ("follow", lambda: self._each(seen, mapped, self._follow)),
            ("fill", lambda: self._each(mapped, ready, self._fill)),
        )
        threads = [
            threading.Thread(
                target=self._guard, args=(name, work), name=f"video-{name}", daemon=True
            )
            for name, work in stages
        ]
        cores = cv2.getNumThreads()
        cv2.setNumThreads(1)
        try:
            for thread in threads:
                thread.start()
            begun = time.thread_time()
            worked = self._write(ready)
            self.cpu["write"] = time.thread_time() - begun
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
            cv2.setNumThreads(cores)
        return worked

    def _guard(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            self._error = self._error or error
            self._stop.set()
        self.cpu[name] = time.thread_time()

    def _read(self, target: queue.Queue[_Job | None]) -> None:
        info, done = self._frames.info, self._journal.done
        last = self._journal.segments[-1].times[-1] if done else None
        for frame in self._frames.frames(done):
            if self._order.limit and frame.number >= self._order.limit:
                break
            if self._cancel.cancelled:
                if info.live:
                    break
                self._cancel.check()
            passed = 1 / info.rate if last is None else (frame.pts - last) * info.time_base
            last = frame.pts
            self._put(target, _Job(frame=frame, seconds=max(float(passed), 1e-3)))
        self._put(target, None)

    def _each(
        self,
        source: queue.Queue[_Job | None],
        target: queue.Queue[_Job | None],
        work: Callable[[_Job], None],
    ) -> None:
        for job in self._taken(source):
            work(job)
            self._put(target, job)
        self._put(target, None)

    def _follow(self, job: _Job) -> None:
        job.faces = self.follower.see(job.frame, job.seconds)
        if (job.frame.number + 1) % SEGMENT == 0:
            job.state = {"follower": self.follower.save()}

    def _fill(self, job: _Job) -> None:
        job.filled = self.filler.fill(job.frame, job.faces, job.seconds)
        if job.state is not None:
            job.state["filler"] = self.filler.save()

    def _write(self, source: queue.Queue[_Job | None]) -> int:
        """Encode frames into segments; a segment is entered when it is whole."""
        writer: FrameWriter | None = None
        first, worked = self._journal.done, 0
        times: list[int] = []
        tracks: list[tuple[int, ...]] = []
        height, width = self._frames.info.height, self._frames.info.width
        try:
            for job in self._taken(source):
                assert job.filled is not None
                if writer is None:
                    writer = self._segment()
                self._canvas[:height, :width] = job.filled
                writer.write(self._canvas)
                times.append(job.frame.pts)
                tracks.append(tuple(each.track for each in job.faces))
                worked += 1
                if job.state is not None:
                    writer.close()
                    writer = None
                    self._journal.add(first=first, times=times, tracks=tracks, state=job.state)
                    first, times, tracks = first + len(times), [], []
                if self._progress is not None:
                    self._progress(self._journal.done + len(times), self._expected())
            if writer is not None:
                writer.close()
                state = {"follower": self.follower.save(), "filler": self.filler.save()}
                writer = None
                self._journal.add(first=first, times=times, tracks=tracks, state=state)
        finally:
            if writer is not None:
                writer.abandon()
        return worked

    def _segment(self) -> FrameWriter:
        height, width = self._canvas.shape[:2]
        rate = self._frames.info.rate
        return FrameWriter(self._journal.next_path(), width=width, height=height, rate=rate)

    def _expected(self) -> int:
        limit, known = self._order.limit, self._frames.info.frames
        return min(limit, known) if limit and known else limit or known

    def _put(self, target: queue.Queue[_Job | None], job: _Job | None) -> None:
        while not self._stop.is_set():
            try:
                return target.put(job, timeout=LISTEN_S)
            except queue.Full:
                continue
        raise Cancelled("Cancelled; nothing was changed.")

    def _taken(self, source: queue.Queue[_Job | None]) -> Iterator[_Job]:
        while True:
            if self._error is not None:
                raise self._error
            if self._stop.is_set():
                raise Cancelled("Cancelled; nothing was changed.")
            try:
                job = source.get(timeout=LISTEN_S)
            except queue.Empty:
                continue
            if job is None:
                return
            yield job


def _order_document(
    bench: Workbench,
    source: str,
    digest: str,
    order: VideoOrder,
    record: ModelRecord,
    *,
    live: bool,
) -> dict[str, Any]:
    helpers = [model_record(bench.zoo.default(task)) for task in ("locate", "align", "map")]
    return {
        "app_version": __version__,
        "source": Path(source).name if digest else source,
        "source_sha256": digest,
        "model": asdict(record),
        "helpers": [asdict(helper) for helper in helpers],
        "device": bench.device,
        "order": asdict(order),
        # What a camera has shown cannot be shown again: every recording is one of its own.
        "begun": datetime.now(UTC).isoformat() if live else "",
    }


def _assemble(
    journal: Journal,
    out: Path,
    frames: Frames,
    sound_of: str | None,
    origin: Origin,
    *,
    force: bool,
) -> bool:
    """Make the one file and give it its name; returns whether it has sound."""
    whole = journal.folder / "whole.mp4"
    sound = join(
        [(segment.path, list(segment.times)) for segment in journal.segments],
        whole,
        time_base=Fraction(frames.info.time_base),
        sound_of=sound_of,
        metadata={
            "title": origin.description,
            "comment": f"{origin.description}. Digital source type: {origin.source_type}",
            "encoder": origin.software,
        },
    )
    packet = xmp_packet(origin).encode()
    try:
        with whole.open("ab") as file:
            file.write(struct.pack(">I4s16s", 24 + len(packet), b"uuid", XMP_BOX) + packet)
            file.flush()
            os.fsync(file.fileno())
        check_target(out, force=force)  # it may have come meanwhile
        whole.replace(out)
    except OSError as error:
        reason = error.strerror or error
        raise VideoError(f"{out} could not be written ({reason}); choose another --out.") from error
    return sound


def _write_record(
    summary: VideoSummary,
    document: dict[str, Any],
    journal: Journal,
    frames: Frames,
    origin: Origin,
    started: datetime,
    *,
    force: bool,
) -> None:
    """The provenance beside the video."""
    info = frames.info
    spans: dict[int, list[int]] = {}
    number = 0
    for segment in journal.segments:
        for tracks in segment.tracks:
            for track in tracks:
                span = spans.setdefault(track, [number, number, 0])
                span[1], span[2] = number, span[2] + 1
            number += 1
    record = {
        "format": 1,
        "made_by": SOFTWARE,
        "statement": STATEMENT,
        "started_utc": started.isoformat(timespec="seconds"),
        "request": document,
        "request_sha256": hashlib.sha256(canonical_json(document).encode()).hexdigest(),
        "video": {
            "width": info.width,
            "height": info.height,
            "frames": summary.frames,
            "frames_filled": summary.filled,
            "frames_per_second": float(info.rate),
            "sound": summary.sound,
            "damaged_places": summary.damaged,
        },
        "faces": [
            {"track": track, "first_frame": first, "last_frame": last, "frames": count}
            for track, (first, last, count) in sorted(spans.items())
        ],
        "provider": summary.provider,
        "hypotheses": {"made": 1, "shown": 1},
        "file": {
            "name": summary.path.name,
            "sha256": summary.sha256,
            "label": origin.description,
            "visible_label": True,
            "digital_source_type": origin.source_type,
        },
        "notes": [
            "The video was encoded anew: pixels outside the maps are those of the source up to the "
            "encoder's loss.",
            "Maps and pictures are smoothed over time, so that a frame differs from a reconstruction of "
            "that frame alone.",
            "Content credentials are not added to videos.",
        ],
    }
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_file(summary.provenance, text.encode("utf-8", "backslashreplace"), force=force)


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

"""The work on a video's frames: read, follow, fill, write, side by side and in bounded memory."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import cv2

from app.case.records import ModelRecord
from app.export.labels import hypothesis_label
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.video.encode import FrameWriter
from app.video.faces import Drawn, Filler, Follower, Seen
from app.video.journal import Journal
from app.video.label import LabelledFrame
from app.video.media import Frame
from app.video.order import VideoOrder
from app.video.read import VideoFrames
from app.workbench import Workbench

SEGMENT = 250
"""Frames per segment: what a kill costs at most."""

AHEAD = 4
"""Frames that wait between two stages; bounds the memory."""

AHEAD_LIVE = 16
"""Frames of an endless source that may wait; a moment's hold-up costs none of them."""

LISTEN_S = 0.1

Progress = Callable[[int, int], None]
"""Told how many frames are done, of how many; 0 when nobody knows."""


@dataclass(kw_only=True, eq=False)
class Job:
    """A frame on its way."""

    frame: Frame
    seconds: float
    faces: list[Seen] = field(default_factory=list)
    drawn: Drawn | None = None
    state: dict[str, Any] | None = None


class Stages:
    """The stages of one video, a thread each: read, follow, fill; the caller's thread puts the frames
    together and writes them.

    Attributes:
        follower, filler: what is done to each frame.
        label: that is burned into each.
        cpu: seconds of each stage's own thread.
        dropped: frames of an endless source that came faster than they could be worked on.
    """

    def __init__(
        self,
        bench: Workbench,
        frames: VideoFrames,
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
        self.dropped = 0
        self._border = LabelledFrame(self.label, width=frames.info.width, height=frames.info.height)

    def run(self) -> int:
        """Work through the frames that are missing; returns how many those were."""
        state = self._journal.state()
        if state is not None:
            self.follower.load(state["follower"])
            self.filler.load(state["filler"])
        seen: queue.Queue[Job | None] = queue.Queue(AHEAD if self._frames.finite else AHEAD_LIVE)
        mapped: queue.Queue[Job | None] = queue.Queue(AHEAD)
        ready: queue.Queue[Job | None] = queue.Queue(AHEAD)
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

    def _read(self, target: queue.Queue[Job | None]) -> None:
        info, done = self._frames.info, self._journal.done
        last = self._journal.segments[-1].times[-1] if done else None
        taken = done
        for frame in self._frames.frames(done):
            if self._order.limit and taken >= self._order.limit:
                break
            if self._cancel.cancelled:
                if info.live:
                    break
                self._cancel.check()
            if not self._frames.finite and target.full():
                # A camera does not wait: late frames would only become later. A file does, also one
                # at an address.
                self.dropped += 1
                continue
            passed = 1 / info.rate if last is None else (frame.pts - last) * info.time_base
            last = frame.pts
            job = Job(frame=replace(frame, number=taken), seconds=max(float(passed), 1e-3))
            taken += 1
            self._put(target, job)
        self._put(target, None)

    def _each(
        self,
        source: queue.Queue[Job | None],
        target: queue.Queue[Job | None],
        work: Callable[[Job], None],
    ) -> None:
        for job in self._taken(source):
            work(job)
            self._put(target, job)
        self._put(target, None)

    def _follow(self, job: Job) -> None:
        job.faces = self.follower.see(job.frame, job.seconds)
        if (job.frame.number + 1) % SEGMENT == 0:
            job.state = {"follower": self.follower.save()}

    def _fill(self, job: Job) -> None:
        job.drawn = self.filler.drawn(job.frame, job.faces, job.seconds)
        if job.state is not None:
            job.state["filler"] = self.filler.save()

    def _write(self, source: queue.Queue[Job | None]) -> int:
        """Encode frames into segments; a segment is entered when it is whole."""
        writer: FrameWriter | None = None
        first, worked = self._journal.done, 0
        times: list[int] = []
        tracks: list[tuple[int, ...]] = []
        try:
            for job in self._taken(source):
                assert job.drawn is not None
                if writer is None:
                    writer = self._segment()
                # Here and not in `fill`, which has the most to do: the slowest stage sets the pace.
                writer.write(self._border.around(self.filler.composed(job.frame, job.drawn)))
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
        height, width = self._border.shape
        rate = self._frames.info.rate
        return FrameWriter(self._journal.next_path(), width=width, height=height, rate=rate)

    def _expected(self) -> int:
        limit, known = self._order.limit, self._frames.info.frames
        return min(limit, known) if limit and known else limit or known

    def _put(self, target: queue.Queue[Job | None], job: Job | None) -> None:
        while not self._stop.is_set():
            try:
                return target.put(job, timeout=LISTEN_S)
            except queue.Full:
                continue
        raise Cancelled("Cancelled; nothing was changed.")

    def _taken(self, source: queue.Queue[Job | None]) -> Iterator[Job]:
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

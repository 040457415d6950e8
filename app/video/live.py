"""A video as it comes: the newest frame is worked on, and what comes meanwhile is left out.

Three threads, none of which anybody waits for: one reads, one works on the newest frame, one loads a
model when another is chosen. Between reading and working there is room for one frame: a slow computer
shows fewer frames and never late ones.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from app.export.labels import hypothesis_label
from app.imaging.errors import RevisageError
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.video.errors import VideoError
from app.video.faces import Filler, Follower
from app.video.label import LabelledFrame
from app.video.look import Look, Rates, per_second
from app.video.media import Frame, VideoInfo
from app.video.read import VideoFrames
from app.video.source import Source
from app.workbench import Workbench, model_record

LOG = logging.getLogger(__name__)

PATIENCE_S = 5.0
"""So long a stream may give nothing before it counts as lost; nobody looks at a still picture longer."""

LOCATE_EVERY = 5
"""Worked-on frames from one look of the locator to the next: fewer than in a file, since some are left
out."""

LATE_S = 1.0
"""A file that is decoded slower than it should play is not hurried through afterwards."""

LONGEST_STEP_S = 1.0
"""What was smoothed before a longer gap no longer counts."""

State = Literal["opening", "running", "ended", "lost"]


@dataclass(frozen=True)
class _Taken:
    frame: Frame
    utc: datetime
    clock: float


@dataclass(eq=False)
class _Ready:
    """A model that was loaded, and the label of what it makes."""

    model: str
    filler: Filler
    label: str
    border: LabelledFrame | None = None


class LiveVideo:
    """A source that is being watched.

    Callbacks come from the threads; they must return soon.
    """

    def __init__(
        self,
        bench: Workbench,
        source: Source,
        *,
        model: str | None,
        show: Callable[[Look], None],
        tell: Callable[[], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        """
        Args:
            bench: the models.
            source: what to watch.
            model: a model's name or a kind; None shows the source alone.
            show: gets every frame that is ready.
            tell: something about :attr:`state`, :attr:`why` or :attr:`loading` is different now.
            patience_s: see :data:`PATIENCE_S`.
        """
        self.source = source
        self._bench, self._show, self._tell, self._patience_s = bench, show, tell, patience_s
        self._cancel = CancelToken()
        self._condition = threading.Condition()
        self._stopping = False
        self._paused = False
        self._model = model
        self._ready: _Ready | None = None
        self._loader: threading.Thread | None = None
        self._loading = False
        self._slot: _Taken | None = None
        self._current: _Taken | None = None
        self._again = False
        self._came: deque[float] = deque()
        self._worked: deque[float] = deque()
        self._dropped = 0
        self._follower: Follower | None = None
        self._count = 0
        self._last: float | None = None
        self._start: int | None = None
        self.state: State = "opening"
        self.why = ""
        self.trouble = ""
        self.info: VideoInfo | None = None
        self.codec = ""
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=f"live-{name}")
            for name, work in (("read", self._read), ("work", self._work))
        ]

    # --- what is asked of it -------------------------------------------------------------------

    def start(self) -> None:
        """Open the source; returns at once."""
        for thread in self._threads:
            thread.start()
        self._load_if_needed()

    def stop(self) -> None:
        """Ask everything to end; returns at once."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        self._cancel.cancel()

    @property
    def ended(self) -> bool:
        """Whether all threads have ended."""
        loader = self._loader
        alive = [*self._threads, *([loader] if loader is not None else [])]
        return not any(thread.is_alive() for thread in alive)

    def join(self) -> None:
        """End, and wait for the threads; a source that is silent is let go of at once."""
        self.stop()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        if self._loader is not None:
            self._loader.join()

    @property
    def paused(self) -> bool:
        """Whether the picture stands still."""
        return self._paused

    def pause(self, paused: bool) -> None:
        """Let the picture stand still, or go on: a file where it stood, others where they are now."""
        with self._condition:
            self._paused = paused
            if paused:
                self._slot = None
            self._came.clear()
            self._worked.clear()
            self._condition.notify_all()

    def choose(self, model: str | None) -> None:
        """Reconstruct with another model, or with None not at all; a frame that stands is made anew."""
        with self._condition:
            self._model = model
            if model is not None:
                self.trouble = ""
            self._again = True
            self._condition.notify_all()
        self._load_if_needed()

    @property
    def loading(self) -> bool:
        """Whether the chosen model is being loaded."""
        with self._condition:
            return self._lacks_model()

    def rates(self) -> Rates:
        """As of now."""
        now = time.monotonic()
        with self._condition:
            return Rates(
                captured=per_second(self._came, now),
                shown=per_second(self._worked, now),
                dropped=self._dropped,
            )

    # --- reading -------------------------------------------------------------------------------

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Cancelled:
            return
        except Exception as error:
            LOG.exception("a live view ended")
            self._end("lost", f"{self.source.name} failed unexpectedly ({type(error).__name__}).")

    def _read(self) -> None:
        try:
            frames = VideoFrames(
                self.source,
                patience_s=self._patience_s,
                prompt=self.source.live,
                cancel=self._cancel,
            )
        except VideoError as error:
            self._end("lost", str(error))
            return
        try:
            self.info, self.codec = frames.info, frames.codec
            self._end("running", "")
            began: float | None = None
            for frame in frames.frames():
                if self._start is None:
                    self._start = frame.pts
                if not self.source.live:
                    due = self._seconds(frame)
                    began = self._wait_until(due, began)
                if not self._offer(frame):
                    return
        finally:
            frames.close()
        if self.source.live:
            self._end("lost", frames.broke_off or f"{self.source.name} sends no more frames.")
        else:
            self._end("ended", "")

    def _seconds(self, frame: Frame) -> float:
        assert self.info is not None
        return float((frame.pts - (self._start or 0)) * self.info.time_base)

    def _wait_until(self, due: float, began: float | None) -> float:
        """Wait until a file's frame is to be shown; returns the moment at which the file began."""
        with self._condition:
            while not self._stopping:
                now = time.monotonic()
                if began is None or now - began - due > LATE_S:
                    began = now - due
                if self._paused:
                    self._condition.wait()
                    began = time.monotonic() - due
                elif now >= began + due:
                    break
                else:
                    self._condition.wait(began + due - now)
        return began if began is not None else 0.0

    def _offer(self, frame: Frame) -> bool:
        """Put a frame where the worker finds it, in place of one it did not get to; False to stop."""
        taken = _Taken(frame, datetime.now(UTC), time.monotonic())
        with self._condition:
            if self._stopping:
                return False
            if self._paused:
                return True
            self._came.append(taken.clock)
            self._dropped += self._slot is not None
            self._slot = taken
            self._condition.notify_all()
        return True

    def _end(self, state: State, why: str) -> None:
        if not self._stopping:
            self.state, self.why = state, why
            self._tell()

    # --- working -------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(
                    lambda: (
                        self._stopping
                        or self._slot is not None
                        or (self._again and self._current is not None)
                    )
                )
                if self._stopping:
                    return
                taken = self._slot or self._current
                fresh = self._slot is not None
                self._slot, self._again = None, False
                self._current = taken
                ready = self._ready if self._model is not None else None
                if ready is not None and ready.model != self._model:
                    ready = None  # the other one is still being loaded
            assert taken is not None
            look = self._look(taken, ready, fresh=fresh)
            if fresh:
                with self._condition:
                    self._worked.append(time.monotonic())
            self._show(look)

    def _look(self, taken: _Taken, ready: _Ready | None, *, fresh: bool) -> Look:
        seconds = self._seconds(taken.frame)
        look = Look(taken.frame, taken.utc, seconds)
        if ready is None:
            self._follower = None
        else:
            try:
                look = self._reconstructed(look, ready)
            except Cancelled:
                return look
            except RevisageError as error:
                self._fail(str(error))
        return replace(look, late_s=time.monotonic() - taken.clock if fresh else 0.0)

    def _reconstructed(self, look: Look, ready: _Ready) -> Look:
        if self._follower is None:
            self._follower = Follower(self._bench, every=LOCATE_EVERY, cancel=self._cancel)
            self._last = None
        passed = look.seconds - self._last if self._last is not None else 1 / 25
        step = min(max(passed, 1e-3), LONGEST_STEP_S)
        self._last = look.seconds
        # The locator looks at every so many frames that are worked on, not of those that came.
        frame = replace(look.frame, number=self._count)
        self._count += 1
        seen = self._follower.see(frame, step)
        filled = ready.filler.fill(frame, seen, step)
        height, width = filled.shape[:2]
        if ready.border is None:
            ready.border = LabelledFrame(ready.label, width=width, height=height)
        hypothesis = ready.border.around(filled, copy=True)
        return replace(look, hypothesis=hypothesis, label=ready.label, faces=len(seen))

    # --- models --------------------------------------------------------------------------------

    def _load_if_needed(self) -> None:
        with self._condition:
            if self._loading or not self._lacks_model():
                return
            self._loading = True
            self._loader = threading.Thread(
                target=self._guarded, args=(self._load,), name="live-load"
            )
            self._loader.start()

    def _lacks_model(self) -> bool:
        """Whether the chosen model is still to be loaded; to be asked under the lock."""
        ready, model = self._ready, self._model
        wanted = model is not None and not self._stopping
        return wanted and (ready is None or ready.model != model)

    def _load(self) -> None:
        """Load models until the one that is chosen is there."""
        while True:
            with self._condition:
                model = self._model
                if model is None or not self._lacks_model():
                    self._loading = False
                    return
            try:
                self._bench.load("locate", "align", "map")
                session = self._bench.session("reconstruct", model)
                session.load()
                filler = Filler(self._bench, model=model, seed=0, cancel=self._cancel)
                record = model_record(session.model)
                label = hypothesis_label(record, number=1, made=1, seed=0)
            except RevisageError as error:
                self._fail(str(error))
                continue
            with self._condition:
                self._ready = _Ready(model, filler, label)
                self._again = True
                self._condition.notify_all()
            self._tell()

    def _fail(self, why: str) -> None:
        """A model does not work: go on without it, and say so."""
        with self._condition:
            self._model = None
            self.trouble = why
        self._tell()

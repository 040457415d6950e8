"""The job queue: everything that takes time runs here, off the window's thread.

A job is a plain function of a :class:`Ticket`. Its result, its failure and its progress come back to
the window's thread as signals; a worker never touches a widget.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal

from app.imaging.errors import RevisageError
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.ui.garbage import WindowGarbage

LOG = logging.getLogger(__name__)

Lane = Literal["work", "run", "edit", "background"]
LANES: tuple[Lane, ...] = ("work", "run", "edit", "background")
"""``work`` is what the user waits for; ``run`` is the queue of reconstructions, for which other photos
do not wait; ``edit`` changes a map meanwhile; ``background`` is thumbnails, which must never delay the
others."""

PROGRESS_INTERVAL_S = 0.04
"""Progress is reported at most this often, so that a quick job cannot flood the window."""

State = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Failure:
    """Why a job failed.

    Attributes:
        sentence: for the message bar.
        details: for whoever asks: the traceback of an unexpected error, else empty.
    """

    sentence: str
    details: str = ""


class Ticket:
    """What a job's function gets: its cancel token and a way to report progress.

    Attributes:
        cancel: to be passed on to whatever can be cancelled.
    """

    def __init__(self, report: Callable[[float, str], None]) -> None:
        self.cancel = CancelToken()
        self._report = report
        self._last = 0.0

    def progress(self, fraction: float, message: str) -> None:
        """Report how far the job is.

        Args:
            fraction: 0..1.
            message: what is being done.
        """
        now = time.monotonic()
        if now - self._last >= PROGRESS_INTERVAL_S or fraction >= 1:
            self._last = now
            self._report(fraction, message)

    def check(self) -> None:
        """Raise :class:`Cancelled` if the user has cancelled."""
        if self.cancel.cancelled:
            raise Cancelled("Cancelled.")


class Job(QObject):
    """One piece of work, as the window sees it.

    Attributes:
        title: what is being done, for the status bar.
        lane: the worker it waits for.
        state: where it stands.
        failure: why it failed, in state "failed".

    Signals (all emitted in the window's thread):
        progressed: fraction 0..1 and what is being done.
        began: its function is being called.
        done: the function's result.
        failed: a :class:`Failure`.
        cancelled: the job ended without a result because someone asked for that.
        finished: after one of the three above.
    """

    progressed = Signal(float, str)
    began = Signal()
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()

    def __init__(
        self, work: Callable[[Ticket], Any], *, title: str, lane: Lane, queue_: JobQueue
    ) -> None:
        super().__init__(queue_)
        self.title = title
        self.lane = lane
        self.state: State = "waiting"
        self.failure: Failure | None = None
        self._work: Callable[[Ticket], Any] | None = work
        self._queue = queue_
        self._ticket = Ticket(lambda part, text: queue_.post(self, "progress", (part, text)))

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "cancelled")

    def cancel(self) -> None:
        """Ask the job to stop; a job that has not begun never does."""
        self._ticket.cancel.cancel()
        if self.state == "waiting":
            self._queue.forget(self)

    def abandon(self) -> None:
        """Stop without telling anyone, because the window is closing."""
        self._work = None
        self._ticket.cancel.cancel()

    def run(self) -> None:
        """Do the work; called by the worker."""
        work, self._work = self._work, None
        if work is None or self._ticket.cancel.cancelled:
            self._queue.post(self, "cancelled", None)
            return
        self._queue.post(self, "running", None)
        try:
            result = work(self._ticket)
        except Cancelled:
            self._queue.post(self, "cancelled", None)
        except RevisageError as error:
            self._queue.post(self, "failed", Failure(str(error)))
        except Exception as error:
            LOG.exception("job %r failed", self.title)
            self._queue.post(self, "failed", _unexpected(self.title, error))
        else:
            self._queue.post(self, "done", result)

    def receive(self, what: str, value: Any) -> None:
        """Take a worker's message; called in the window's thread."""
        if self.ended:
            return
        if what == "progress":
            self.progressed.emit(*value)
        elif what == "running":
            self.state = "running"
            self.began.emit()
        elif what == "done" and not self._ticket.cancel.cancelled:
            self._end("done", lambda: self.done.emit(value))
        elif what == "failed":
            self.failure = value
            self._end("failed", lambda: self.failed.emit(value))
        else:
            self._end("cancelled", self.cancelled.emit)

    def _end(self, state: State, tell: Callable[[], None]) -> None:
        self.state = state
        self._work = None
        try:
            tell()
        finally:
            self.finished.emit()


class JobQueue(QObject):
    """Runs jobs on one worker thread per lane, in the order in which they came.

    Signals:
        changed: a job was added, began or ended.
    """

    changed = Signal()
    _message = Signal(object, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._waiting: dict[Lane, queue.SimpleQueue[Job | None]] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._garbage = WindowGarbage(self)
        # Begun here and not with the first job: on a busy machine a thread takes a while to begin,
        # and the window would wait for it.
        for lane in LANES:
            self._waiting[lane] = queue.SimpleQueue()
            thread = threading.Thread(
                target=_serve, args=(self._waiting[lane],), name=f"revisage-{lane}"
            )
            thread.start()
            self._threads.append(thread)
        # Queued even where sender and receiver seem to share a thread: workers are no QThreads.
        self._message.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Those that wait or run."""
        return tuple(self._jobs)

    @property
    def running(self) -> Job | None:
        """What the user waits for: the first job of the ``work`` lane, else that of the ``run`` lane."""
        found = {
            lane: job for lane in ("run", "work") for job in self._jobs[::-1] if job.lane == lane
        }
        return found.get("work") or found.get("run")

    def submit(self, work: Callable[[Ticket], Any], *, title: str, lane: Lane = "work") -> Job:
        """Put a job into the queue.

        Args:
            work: runs in the worker; must not touch widgets.
            title: what is being done, such as "Opening a.jpg".
            lane: which worker.

        Raises:
            RuntimeError: the queue is closed.
        """
        if self._closed:
            raise RuntimeError("The job queue is closed.")
        job = Job(work, title=title, lane=lane, queue_=self)
        self._jobs.append(job)
        self._waiting[lane].put(job)
        self.changed.emit()
        return job

    def cancel_all(self, lane: Lane | None = None) -> None:
        """Cancel every job, or every job of one lane."""
        for job in tuple(self._jobs):
            if lane is None or job.lane == lane:
                job.cancel()

    def close(self) -> None:
        """Cancel everything and wait for the workers; nothing is delivered afterwards."""
        if self._closed:
            return
        self._closed = True
        for job in self._jobs:
            job.abandon()
        for waiting in self._waiting.values():
            waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        self._garbage.stop()

    def post(self, job: Job, what: str, value: Any) -> None:
        """Send a worker's message to the window's thread."""
        if not self._closed:
            self._message.emit(job, what, value)

    def forget(self, job: Job) -> None:
        """End a job that has not begun."""
        self._deliver(job, "cancelled", None)

    def _deliver(self, job: Job, what: str, value: Any) -> None:
        job.receive(what, value)
        if job.ended and job in self._jobs:
            self._jobs.remove(job)
            job.deleteLater()
        if what != "progress":
            self.changed.emit()


BEHIND = 5
"""How much lower a worker's priority is than the window's, as a Unix nice value."""


def give_way() -> None:
    """Let the window's thread go first where this one and what it starts leave no processor free.

    Only Linux knows a priority of each thread by this call; elsewhere nothing changes.
    """
    if sys.platform == "linux":
        own = threading.get_native_id()
        with contextlib.suppress(OSError):  # a sandbox may forbid it; it is only a courtesy
            os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + BEHIND)


def _serve(waiting: queue.SimpleQueue[Job | None]) -> None:
    """A worker's life: run what comes until None comes."""
    give_way()
    while (job := waiting.get()) is not None:
        job.run()


def _unexpected(title: str, error: Exception) -> Failure:
    """What to say about an error nobody foresaw: the traceback helps whoever repairs it."""
    return Failure(
        f"{title} failed unexpectedly ({type(error).__name__}); the details help to report it.",
        "".join(traceback.format_exception(error)),
    )

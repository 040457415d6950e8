"""The work on this machine: reading, inference and writing side by side, in bounded memory.

Three groups of threads pass photos on through short queues. ONNX Runtime, OpenCV and zlib all let go
of Python's lock while they work, so threads keep every core busy, and the models are loaded once.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2

from app.batch.order import BatchError, Order, Result, Task
from app.batch.steps import Job, Steps
from app.inference.devices import default_threads
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.workbench import Workbench

MOST_JOBS = 256
"""More photos at once only wait for each other; their threads and pixels would fill the machine."""

AHEAD = 2
"""Photos that wait between two groups of threads."""

LISTEN_S = 0.2
"""How often a waiting thread looks whether the work was cancelled."""


@dataclass(frozen=True)
class Crew:
    """How many threads do what.

    Attributes:
        readers, workers, writers: threads that decode, run the models, and encode.
        threads: of one run of a model.
    """

    readers: int
    workers: int
    writers: int
    threads: int

    @property
    def photos(self) -> int:
        """The most photos that are under way at once."""
        return self.readers + self.workers + self.writers + 2 * AHEAD


def crew(jobs: int | None) -> Crew:
    """The threads for some number of photos at once; None takes one per core.

    A photo per core beats several cores per photo: decoding and encoding use one core each, and the
    models are too small to share well (docs/performance.md has the figures).
    """
    cores = default_threads()
    workers = jobs or cores
    return Crew(
        readers=(workers + 1) // 2,
        workers=workers,
        # Writers wait for the disk most of the time: every file is on it before it is acknowledged.
        writers=max(4, workers),
        threads=max(1, cores // workers),
    )


class LocalCrew:
    """Works through tasks with threads of this process."""

    def __init__(self, bench: Workbench, order: Order, crew: Crew) -> None:
        self._bench = bench
        self._order = order
        self._crew = crew

    def work(self, tasks: Iterator[Task], cancel: CancelToken) -> Iterator[Result]:
        """Results as they come, in any order; tasks are drawn only when there is room for one.

        Raises:
            Cancelled: the token was cancelled; every thread has ended.
        """
        before = cv2.getNumThreads()
        cv2.setNumThreads(self._crew.threads)
        line = _Line(Steps(self._bench, self._order, cancel), self._crew, cancel)
        try:
            yield from line.run(tasks)
        finally:
            line.close()
            cv2.setNumThreads(before)


class _Line:
    """Queues and threads of one batch."""

    def __init__(self, steps: Steps, crew: Crew, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._limit = crew.photos
        self._stop = threading.Event()
        self._to_read: queue.Queue[Job] = queue.Queue()  # bounded by the photos under way
        self._to_work: queue.Queue[Job] = queue.Queue(AHEAD)
        self._to_write: queue.Queue[Job] = queue.Queue(AHEAD)
        self._ended: queue.Queue[Result | BaseException] = queue.Queue()
        parts = (
            ("read", crew.readers, steps.read, self._to_read, self._to_work),
            ("work", crew.workers, steps.work, self._to_work, self._to_write),
            ("write", crew.writers, steps.write, self._to_write, None),
        )
        self._threads = [
            threading.Thread(
                target=self._serve, args=(step, source, target), name=f"batch-{name}", daemon=True
            )
            for name, count, step, source, target in parts
            for _ in range(count)
        ]

    def run(self, tasks: Iterator[Task]) -> Iterator[Result]:
        try:
            for thread in self._threads:
                thread.start()
        except RuntimeError as error:
            raise BatchError(
                f"This machine could not start the {len(self._threads)} threads that are needed; "
                "use fewer --jobs."
            ) from error
        under_way, more = 0, True
        while more or under_way:
            while more and under_way < self._limit:
                task = next(tasks, None)
                if task is None:
                    more = False
                else:
                    self._to_read.put(Job(task=task))
                    under_way += 1
            if under_way:
                ended = self._wait()
                under_way -= 1
                yield ended

    def close(self) -> None:
        """End the threads; each finishes the step it is in."""
        self._stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _wait(self) -> Result:
        while True:
            self._cancel.check()
            try:
                ended = self._ended.get(timeout=LISTEN_S)
            except queue.Empty:
                continue
            if isinstance(ended, BaseException):
                raise ended
            return ended

    def _serve(
        self,
        step: Callable[[Job], None],
        source: queue.Queue[Job],
        target: queue.Queue[Job] | None,
    ) -> None:
        while not self._stop.is_set():
            try:
                job = source.get(timeout=LISTEN_S)
            except queue.Empty:
                continue
            try:
                step(job)
            except Cancelled:
                continue  # whoever waits for results looks at the token
            except BaseException as error:
                self._ended.put(error)
                continue
            if job.result is not None:
                self._ended.put(job.result)
            elif target is not None:
                self._pass_on(job, target)
            del job

    def _pass_on(self, job: Job, target: queue.Queue[Job]) -> None:
        while not self._stop.is_set():
            try:
                target.put(job, timeout=LISTEN_S)
                return
            except queue.Full:
                continue

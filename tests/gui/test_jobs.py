"""The job queue: order, progress, failures as results, cancel, and its end."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.imaging.errors import RevisageError
from app.ui.jobs import BEHIND, LANES, Failure, Job, JobQueue, Ticket


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobQueue]:
    """A queue that is closed at the end."""
    queue = JobQueue()
    yield queue
    queue.close()


def ended(qtbot: QtBot, job: Job) -> Job:
    qtbot.waitUntil(lambda: job.ended, timeout=5000)
    return job


def test_a_result_comes_back_in_the_windows_thread(qtbot: QtBot, jobs: JobQueue) -> None:
    seen: list[Any] = []
    job = jobs.submit(lambda _: threading.current_thread().name, title="t")
    job.done.connect(lambda value: seen.append((value, threading.current_thread())))
    ended(qtbot, job)
    assert seen == [("revisage-work", threading.main_thread())]
    assert jobs.jobs == ()


def test_one_lane_works_in_order_and_lanes_do_not_wait_for_each_other(
    qtbot: QtBot, jobs: JobQueue
) -> None:
    order: list[int] = []
    gate = threading.Event()
    jobs.submit(lambda _: gate.wait(5), title="holds the lane")

    def note(number: int, _: Ticket) -> None:
        order.append(number)

    for number in range(3):
        jobs.submit(partial(note, number), title="t")
    other = jobs.submit(lambda _: order.append(99), title="t", lane="edit")
    ended(qtbot, other)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.jobs, timeout=5000)
    assert order == [99, 0, 1, 2]


def test_failures_are_results(qtbot: QtBot, jobs: JobQueue) -> None:
    def fail(_: Ticket) -> None:
        raise RevisageError("a.jpg is no photo; choose another.")

    seen: list[Failure] = []
    job = jobs.submit(fail, title="t")
    job.failed.connect(seen.append)
    ended(qtbot, job)
    assert seen == [Failure("a.jpg is no photo; choose another.")]
    assert job.state == "failed"


@pytest.mark.expects_log("job 'Opening' failed")
def test_an_unexpected_error_carries_its_traceback(qtbot: QtBot, jobs: JobQueue) -> None:
    def fail(_: Ticket) -> None:
        raise KeyError("lost")

    job = ended(qtbot, jobs.submit(fail, title="Opening"))
    assert job.failure is not None
    assert job.failure.sentence.startswith("Opening failed unexpectedly (KeyError)")
    assert "lost" in job.failure.details


def test_cancel_before_and_during(qtbot: QtBot, jobs: JobQueue) -> None:
    begun = threading.Event()

    def work(ticket: Ticket) -> None:
        begun.set()
        while True:
            ticket.check()

    first = jobs.submit(work, title="t")
    second = jobs.submit(lambda _: pytest.fail("must not run"), title="t")
    assert begun.wait(5)
    second.cancel()
    assert second.state == "cancelled"
    first.cancel()
    ended(qtbot, first)
    assert first.state == "cancelled"
    ended(qtbot, jobs.submit(lambda _: 1, title="t"))


def test_a_result_that_came_too_late_is_not_delivered(qtbot: QtBot, jobs: JobQueue) -> None:
    ready = threading.Event()
    job = jobs.submit(lambda _: ready.wait(5), title="t")
    job.done.connect(lambda _: pytest.fail("cancelled"))
    job.cancel()
    ready.set()
    ended(qtbot, job)
    assert job.state == "cancelled"


def test_progress_is_thinned_out_but_its_end_is_told(qtbot: QtBot, jobs: JobQueue) -> None:
    def work(ticket: Ticket) -> None:
        for step in range(1001):
            ticket.progress(step / 1000, "step")

    seen: list[float] = []
    job = jobs.submit(work, title="t")
    job.progressed.connect(lambda part, _: seen.append(part))
    ended(qtbot, job)
    assert 1 <= len(seen) < 200
    assert seen[-1] == 1.0


def test_closing_cancels_joins_and_delivers_nothing(qtbot: QtBot) -> None:
    queue = JobQueue()
    begun = threading.Event()

    def work(ticket: Ticket) -> None:
        begun.set()
        while not ticket.cancel.cancelled:
            pass

    job = queue.submit(work, title="t")
    job.finished.connect(lambda: pytest.fail("closed"))
    assert begun.wait(5)
    queue.close()
    assert not [each for each in threading.enumerate() if each.name.startswith("revisage")]
    with pytest.raises(RuntimeError):
        queue.submit(work, title="t")


def test_garbage_is_not_collected_by_workers(jobs: JobQueue) -> None:
    assert not gc.isenabled()
    jobs.close()
    assert gc.isenabled()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority of each thread")
def test_workers_let_the_window_go_first(qtbot: QtBot, jobs: JobQueue) -> None:
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    seen: list[int] = []
    for lane in LANES:
        job = jobs.submit(
            lambda _: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()),
            title="t",
            lane=lane,
        )
        job.done.connect(seen.append)
        ended(qtbot, job)
    assert seen == [min(19, own + BEHIND)] * len(LANES)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own

"""Ctrl-C, and SIGTERM, that work while a model runs.

Python delivers Ctrl-C to the main thread between two of its own instructions, so a main thread inside a
run of ONNX Runtime would hear of it only at the end. Commands therefore work in a second thread.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from types import FrameType
from typing import TypeVar

from app.inference.session import CancelToken

Result = TypeVar("Result")

LISTEN_S = 0.2
"""How often the main thread listens; POSIX wakes it at once, Windows does not."""


def interruptible(work: Callable[[CancelToken], Result]) -> Result:
    """Do some work in a second thread and return its result, or raise its error.

    Args:
        work: gets a token that is cancelled at Ctrl-C, and should end soon after.

    Raises:
        KeyboardInterrupt: at Ctrl-C or SIGTERM, once the work has ended; a second one does not wait
            for it.
    """
    cancel = CancelToken()
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work(cancel))
        except BaseException as error:
            future.set_exception(error)

    worker = threading.Thread(target=run, name="revisage-command", daemon=True)
    try:
        with _sigterm_as_interrupt():
            worker.start()
            _wait(future)
    except KeyboardInterrupt:
        cancel.cancel()
        if worker.ident is not None:
            _wait(future)
        raise
    finally:
        if future.done():
            worker.join()
    return future.result()


def _wait(future: Future[Result]) -> None:
    """Not by joining the thread: Python 3.11 takes a join that was interrupted for one that is done."""
    while not future.done():
        wait([future], LISTEN_S)


@contextlib.contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """A system that shuts down, or a service that is stopped, asks with SIGTERM: as good as Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

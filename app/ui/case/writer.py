"""One thread that saves, step after step, in the order in which things happened.

Nothing is ever dropped: when a step cannot be saved, because the disk is full for instance, the thread
holds it and everything after it until someone asks it to try again.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from app.imaging.errors import RevisageError
from app.ui.jobs import Failure

LOG = logging.getLogger(__name__)

Work = Callable[[], Any]
Then = Callable[[Any], None]


@dataclass(frozen=True, eq=False)
class _Step:
    work: Work
    then: Then | None
    reads: bool


class OrderedWriter(QObject):
    """Saves in order, off the window's thread.

    Attributes:
        pending: how many steps wait or are being saved.
        failure: why the first of them could not be saved; None while all goes well.

    Signals (emitted in the window's thread):
        changed: one of the attributes is another now.
        stored: a step was saved.
    """

    changed = Signal()
    stored = Signal()
    _message = Signal(object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.failure: Failure | None = None
        self._steps: deque[_Step] = deque()
        self._condition = threading.Condition()
        self._closing = False
        self._stuck = False
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name=f"revisage-{name}")
        self._message.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    @property
    def pending(self) -> int:
        """How many steps are not saved yet."""
        with self._condition:
            return sum(not step.reads for step in self._steps)

    def submit(self, work: Work, then: Then | None = None, *, reads: bool = False) -> None:
        """Save something after everything that was submitted before.

        Args:
            work: runs in the thread; raises RevisageError when it cannot be done now.
            then: gets its result in the window's thread; not called once the writer is closed.
            reads: it only reads what is there after the steps before; it is not pending, and when it
                fails it is let go.
        """
        with self._condition:
            if self._closed or self._closing:
                raise RuntimeError("The writer is closed.")
            self._steps.append(_Step(work, then, reads))
            self._condition.notify_all()
        self.changed.emit()

    def retry(self) -> None:
        """Try again to save what could not be saved."""
        with self._condition:
            self._stuck = False
            self._condition.notify_all()
        self.failure = None
        self.changed.emit()

    def close(self) -> int:
        """Save what is left, end the thread, and wait for it.

        Returns:
            How many steps could not be saved; they are lost.
        """
        with self._condition:
            self._closing = True
            self._stuck = False
            self._condition.notify_all()
        self._thread.join()
        self._closed = True
        return self.pending

    def _serve(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(
                    lambda: (self._steps and not self._stuck) or self._closing
                )
                if not self._steps or (self._closing and self._stuck):
                    return
                step = self._steps[0]
            failure, result = None, None
            try:
                result = step.work()
            except RevisageError as error:
                failure = Failure(str(error))
            except Exception as error:
                LOG.exception("a step could not be saved")
                failure = Failure(
                    f"Saving failed unexpectedly ({type(error).__name__}); the details help to "
                    "report it.",
                    "".join(traceback.format_exception(error)),
                )
            with self._condition:
                if failure is not None and not step.reads:
                    self._stuck = True
                else:
                    self._steps.popleft()
            self._message.emit(step, failure or result)

    def _deliver(self, step: _Step, result: Any) -> None:
        if self._closed:
            return
        failed = isinstance(result, Failure)
        if failed and not step.reads:
            self.failure = result
        self.changed.emit()
        if failed:
            return
        if not step.reads:
            self.stored.emit()
        if step.then is not None:
            step.then(result)

"""The figures of a run as TensorBoard reads them.

The writers that come with TensorBoard and torch write in a thread of their own, which meets a full disk
alone and prints a traceback beside the sentence of the run. Here an event is on the disk, or its writer
hears why not.
"""

from __future__ import annotations

import io
import os
import socket
import time
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

from training.data.side_files import append

VERSION = "brain.Event:2"
"""What the first event of every file says that it is."""


class Board:
    """One file of events from a step on; what older files say about later ones is passed over."""

    def __init__(self, folder: Path, start: int) -> None:
        """Begin the file.

        Args:
            folder: of the files of the run.
            start: the step that the run begins or goes on at.

        Raises:
            OSError: it cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        # TensorBoard reads a run's files in the order of their names.
        seconds, rest = divmod(time.time_ns(), 10**9)
        unique = f"{seconds:010d}.{rest:09d}.{socket.gethostname()}.{os.getpid()}"
        self._file = folder / f"events.out.tfevents.{unique}"
        self._file.touch()
        self._write(Event(file_version=VERSION))
        if start:
            self._write(Event(step=start, session_log=SessionLog(status=SessionLog.START)))

    def figures(self, step: int, row: dict[str, float]) -> None:
        """Write a row of figures, by name.

        Raises:
            OSError: it could not be written; the file is as it was.
        """
        values = [Summary.Value(tag=name, simple_value=value) for name, value in row.items()]
        self._write(Event(step=step, summary=Summary(value=values)))

    def picture(self, step: int, name: str, png: bytes, size: tuple[int, int]) -> None:
        """Write an RGB picture, `size` its height and width.

        Raises:
            OSError: it could not be written; the file is as it was.
        """
        shown = Summary.Image(height=size[0], width=size[1], colorspace=3, encoded_image_string=png)
        self._write(Event(step=step, summary=Summary(value=[Summary.Value(tag=name, image=shown)])))

    def _write(self, event: Event) -> None:
        event.wall_time = time.time()
        record = io.BytesIO()
        RecordWriter(record).write(event.SerializeToString())
        append(self._file, record.getvalue())

"""Carries frames from the threads that make them to the window, which never waits for any of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from app.ui.canvas.pyramid import Pyramid
from app.video.live import LiveVideo
from app.video.look import Look
from app.video.source import Source
from app.workbench import Workbench


@dataclass(frozen=True, eq=False)
class Shown:
    """A frame that is ready to be painted.

    Attributes:
        look: the frame.
        original, hypothesis: its pictures; None where nothing is reconstructed.
    """

    look: Look
    original: Pyramid
    hypothesis: Pyramid | None


class LiveFeed(QObject):
    """The source that is watched, and those that are being let go of.

    Attributes:
        video: the source; None while there is none.
        newest: the frame to be shown.

    Signals:
        shown: :attr:`newest` is another frame, or None.
        changed: the source is another, or its state is.
    """

    shown = Signal()
    changed = Signal()
    _arrived = Signal(object)
    _told = Signal(object)

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.video: LiveVideo | None = None
        self.newest: Shown | None = None
        self._model: str | None = None
        self._paused = False
        self._watched = True
        self._going: list[LiveVideo] = []
        self._lock = threading.Lock()
        self._waiting: tuple[LiveVideo, Shown] | None = None
        # Queued even where sender and receiver seem to share a thread: workers are no QThreads.
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    # --- the source ----------------------------------------------------------------------------

    def open(self, source: Source) -> None:
        """Watch a source, in place of the one before."""
        self.leave()

        def show(look: Look) -> None:
            self._show(video, look)

        video = LiveVideo(
            self._bench, source, model=self._model, show=show, tell=lambda: self._told.emit(video)
        )
        self.video = video
        self._apply_pause()
        video.start()
        self.changed.emit()

    def leave(self) -> None:
        """Let go of the source; its threads end by themselves."""
        video, self.video = self.video, None
        self._paused = False
        self._going = [each for each in self._going if not each.ended]
        if video is not None:
            video.stop()
            self._going.append(video)
        had, self.newest = self.newest, None
        if had is not None:
            self.shown.emit()
        self.changed.emit()

    def again(self) -> None:
        """Open the same source once more."""
        if self.video is not None:
            self.open(self.video.source)

    def close(self) -> None:
        """Let go of everything and wait for all threads."""
        self.leave()
        for video in self._going:
            video.join()
        self._going = []

    # --- how it is watched ---------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether the user let the picture stand still."""
        return self._paused

    def pause(self, paused: bool) -> None:
        """Let the picture stand still, or go on."""
        self._paused = paused
        self._apply_pause()
        self.changed.emit()

    def set_watched(self, watched: bool) -> None:
        """Nothing is worked on while nobody sees it."""
        self._watched = watched
        self._apply_pause()

    def _apply_pause(self) -> None:
        if self.video is not None:
            self.video.pause(self._paused or not self._watched)

    def choose(self, model: str | None) -> None:
        """Reconstruct with a model, or with None not at all."""
        self._model = model
        if self.video is not None:
            self.video.choose(model)
        self.changed.emit()

    @property
    def model(self) -> str | None:
        """What is reconstructed with."""
        return self._model

    # --- from the threads ----------------------------------------------------------------------

    def _show(self, video: LiveVideo, look: Look) -> None:
        """Make a frame ready to be painted; in the thread that worked on it."""
        original = Pyramid(look.frame.rgb)
        made = None if look.hypothesis is None else Pyramid(look.hypothesis)
        with self._lock:
            told = self._waiting is not None
            self._waiting = (video, Shown(look, original, made))
        if not told:
            # One message at a time: a busy window takes the newest frame when it gets to it.
            self._arrived.emit(video)

    def _take(self, _: object) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is not None and waiting[0] is self.video:
            self.newest = waiting[1]
            self.shown.emit()

    def _hear(self, video: LiveVideo) -> None:
        if video is self.video:
            self.changed.emit()

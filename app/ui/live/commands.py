"""What the commands of the live view do, and which of the others rest meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from app.export.own import own_video_warning
from app.ui.live.grabbing import Grabber
from app.ui.session import PhotoSession
from app.video.live import LiveVideo
from app.video.source import SUFFIXES, Source, source_of

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

RESTING = (
    *("undo", "redo", "history", "run", "analyse", "export", "import_map", "export_map", "reset"),
    *("fill_holes", "grow", "shrink", "smooth", "invert", "clear", "close_photo", "zoom_face"),
    *("show_map", "outline", "show_faces", "show_landmarks", "next_face", "previous_face"),
    *("rerun_face", "delete_face", "add_face"),
)
"""Actions on the photo and its map: while the live view hides both, no key may change them."""

WATCHING = ("live_pause", "live_fill", "live_side", "live_wipe", "live_reconnect", "live_other")
ZOOM = ("fit", "full_size", "zoom_in", "zoom_out")


class LiveCommands(QObject):
    """Connects the live view with the window.

    Attributes:
        wanted: whether the live view is to be shown in place of the photo.
        grabber: takes frames.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.page = window.live
        self.wanted = False
        self._taking = False
        self._warned: LiveVideo | None = None
        self.grabber = Grabber(window.controller, self.page.feed, self)
        self.grabber.taken.connect(self._taken)
        actions, feed = window.actions_, self.page.feed
        handlers: dict[str, Callable[[], object]] = {
            "live_view": self.show,
            "live_grab": self.grabber.grab,
            "live_reconnect": feed.again,
            "live_other": self.choose_other,
            "live_close": self.close,
        }
        for key, handler in handlers.items():
            actions[key].triggered.connect(lambda _=False, do=handler: do())
        actions["live_side"].setChecked(True)
        actions["live_pause"].toggled.connect(self._pause)
        actions["live_fill"].toggled.connect(lambda _: self.page.switch_fill())
        actions["live_wipe"].toggled.connect(lambda _: self.page.refresh())
        for key in ("view_map", "view_compare"):
            actions[key].triggered.connect(self._rest)
        self.page.refreshed.connect(self._refreshed)
        feed.changed.connect(self._warn)
        self.page.chooser.chosen.connect(lambda text: self.open(source_of(text)))
        self.page.chooser.file_asked.connect(self.ask_file)
        window.strip.list.clicked.connect(lambda _: self.leave())
        window.controller.session.current_changed.connect(self._photo_chosen)

    # --- in and out ----------------------------------------------------------------------------

    def show(self) -> None:
        """Show the live view, as it was left."""
        self.wanted = True
        self.page.prepare()
        if self.page.feed.video is None:
            self.page.look_for_cameras()
        self.window.commands.show_view()

    def open(self, source: Source) -> None:
        """Watch a source."""
        self.page.prepare()
        self.window.actions_["live_pause"].setChecked(False)
        self.page.feed.open(source)
        self.show()
        self.window.panels.to_middle()

    def ask_file(self) -> None:
        """Ask for a video."""
        pattern = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(
            self.window,
            self.tr("Choose a video"),
            self._folder(),
            self.tr("Videos ({0})").format(pattern) + ";;" + self.tr("All files (*)"),
        )
        if name:
            self.window.settings.set("folders/videos", str(Path(name).parent))
            self.open(Source("file", name, name))

    def choose_other(self) -> None:
        """Let go of the source, and offer others."""
        self.page.feed.leave()
        self.show()
        self.window.panels.to_middle()

    def leave(self) -> None:
        """Go back to the photos; the source waits until it is looked at again."""
        if self.wanted:
            self.wanted = False
            self.window.commands.show_view()

    def close(self) -> None:
        """Let go of the source and go back to the photos."""
        self.page.feed.leave()
        self.leave()

    def _rest(self) -> None:
        self.wanted = False

    def _photo_chosen(self) -> None:
        """A photo was chosen to be looked at; one that was only just grabbed was not."""
        if not self._taking:
            self.wanted = False

    # --- what can be done now ------------------------------------------------------------------

    def restrict(self) -> None:
        """Enable what belongs to the live view, and let rest what does not while it is shown."""
        actions, page = self.window.actions_, self.page
        shown = self.window.stack.currentWidget() is page
        self.window.messages.lift = page.foot_height if shown else 0
        watching = shown and page.feed.video is not None
        picture = watching and page.feed.newest is not None
        for key in WATCHING:
            actions[key].setEnabled(watching)
        if not page.controls.chosen:
            actions["live_fill"].setEnabled(False)
        if not actions["live_fill"].isChecked():
            actions["live_side"].setEnabled(False)
            actions["live_wipe"].setEnabled(False)
        actions["live_grab"].setEnabled(picture and self.grabber.possible)
        actions["live_close"].setEnabled(shown)
        if shown:
            for key in RESTING:
                actions[key].setEnabled(False)
            for key in ZOOM:
                actions[key].setEnabled(picture)

    def _refreshed(self) -> None:
        if self.window.isVisible():
            self.window.commands.refresh()

    def _warn(self) -> None:
        """Say once of a video that Revisage made it."""
        video = self.page.feed.video
        if video is None or video is self._warned or video.info is None or not video.info.generated:
            return
        self._warned = video
        self.window.controller.noticed.emit(own_video_warning(video.source.name))

    def _pause(self, paused: bool) -> None:
        self.page.feed.pause(paused)

    def _taken(self, photo: PhotoSession, sentence: str) -> None:
        """A frame has become a photo: it waits in the strip, and the picture goes on."""
        session = self.window.controller.session
        if session.current is None:
            self._taking = True
            try:
                session.set_current(photo)
            finally:
                self._taking = False
        self.window.show_docks()
        self.window.messages.show_information(sentence)

    def _folder(self) -> str:
        folder = self.window.settings.text("folders/videos")
        if folder and Path(folder).is_dir():
            return folder
        place = QStandardPaths.StandardLocation.MoviesLocation
        films = QStandardPaths.writableLocation(place)
        return films if Path(films).is_dir() else str(Path.home())

"""Opening, importing and exporting: the commands that ask for files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog

from app.case.case_file import SUFFIX
from app.ui.dialogs.export import ExportDialog
from app.ui.exporting import ExportRequest
from app.ui.intake import SUFFIXES
from app.ui.menus.recent import fill_recent
from app.video.source import is_video, source_of

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

REMEMBERED = 10
"""Of photos opened together, so many go into the recent files."""


class FileCommands(QObject):
    """What the File menu does."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.controller = window.controller
        self._made: ExportDialog | None = None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._show_made)
        window.settings.recent_changed.connect(self._make_recent_menu)
        self._make_recent_menu()
        window.welcome.recent_chosen.connect(lambda path: self.open_paths([path]))
        self.controller.opened.connect(self._remember)
        self.controller.exported.connect(self._exported)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open photos and folders, or the case among them: a window holds one. A video is watched."""
        videos = [path for path in paths if is_video(path) and not path.is_dir()]
        paths = [path for path in paths if path not in videos]
        if videos:
            self.window.commands.live.open(source_of(str(videos[0].absolute())))
        cases = [path for path in paths if path.suffix.lower() == SUFFIX and not path.is_dir()]
        if cases:
            self.window.commands.case.open_path(cases[0])
        elif self.controller.keeping.read_only and paths:
            self.window.messages.show_warning(
                self.tr("This case can only be read now; close it to open photos.")
            )
        else:
            self.controller.open_paths(paths)

    def open(self) -> None:
        """Ask for photos."""
        pattern = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        names, _ = QFileDialog.getOpenFileNames(
            self.window,
            self.tr("Open photos"),
            self._last_folder(),
            self.tr("Photos ({0})").format(pattern) + ";;" + self.tr("All files (*)"),
        )
        self.open_paths([Path(name) for name in names])

    def open_folder(self) -> None:
        """Ask for a folder of photos."""
        name = QFileDialog.getExistingDirectory(
            self.window, self.tr("Open folder"), self._last_folder()
        )
        if name:
            self.open_paths([Path(name)])

    def open_urls(self, urls: Sequence[QUrl]) -> None:
        """Open files that were dropped or pasted."""
        self.open_paths([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])

    def paste(self) -> None:
        """Open files from the clipboard."""
        urls = QGuiApplication.clipboard().mimeData().urls()
        if any(url.isLocalFile() for url in urls):
            self.open_urls(urls)
        else:
            self.window.messages.show_warning(
                self.tr("The clipboard holds no files; copy photos in a file manager first.")
            )

    def close_photo(self) -> None:
        """Take the current photo out of the window."""
        photo = self.controller.session.current
        if photo is not None:
            self.controller.close_photo(photo)

    def import_map(self) -> None:
        """Ask for a map made elsewhere."""
        name, _ = QFileDialog.getOpenFileName(
            self.window, self.tr("Import map"), self._last_folder(), self.tr("Maps (*.png)")
        )
        if name:
            self.controller.import_map(Path(name))

    def export_map(self) -> None:
        """Ask where the map goes."""
        photo = self.controller.session.current
        if photo is None or photo.document is None:
            return
        wanted = Path(self._last_folder("export")) / f"{photo.path.stem}.map.png"
        name, _ = QFileDialog.getSaveFileName(
            self.window, self.tr("Export map"), str(wanted), self.tr("Maps (*.png)")
        )
        if name:
            self.controller.export_map(Path(name))

    def export(self) -> None:
        """Ask what to export and where to."""
        photo = self.controller.session.current
        if photo is None or photo.photo is None or not photo.hypotheses:
            return
        if self._made is not None:  # asked for twice before it is shown
            return
        dialog = ExportDialog(
            self.controller.bench,
            photo,
            Path(self._last_folder("export")),
            settings=self.window.settings,
            parent=self.window,
        )
        dialog.accepted_request.connect(self._export)
        # It takes as long to show as it took to make: the window gets a turn between.
        self._made = dialog
        self._turn.start()

    def _show_made(self) -> None:
        dialog, self._made = self._made, None
        if dialog is not None:
            show_dialog(dialog)

    def _export(self, request: ExportRequest) -> None:
        self.window.settings.set("folders/export", str(request.folder))
        self.controller.export(request)

    def _exported(self, count: int, folder: Path) -> None:
        self.window.messages.show_information(
            self.tr("1 file written to {0}.").format(folder)
            if count == 1
            else self.tr("{0} files written to {1}.").format(count, folder)
        )

    def _last_folder(self, what: str = "photos") -> str:
        folder = self.window.settings.text(f"folders/{what}")
        if folder and Path(folder).is_dir():
            return folder
        place = QStandardPaths.StandardLocation.PicturesLocation
        pictures = QStandardPaths.writableLocation(place)
        return pictures if Path(pictures).is_dir() else str(Path.home())

    def _remember(self, paths: list[Path]) -> None:
        for path in paths[:REMEMBERED]:
            self.window.settings.add_recent(path)
        self.window.settings.set("folders/photos", str(paths[0].parent))

    def _make_recent_menu(self) -> None:
        fill_recent(
            self.window.recent_menu,
            self.window.settings.recent,
            open_path=self._open_recent,
            clear_text=self.tr("Clear the list"),
            clear=self.window.settings.clear_recent,
        )

    def _open_recent(self, path: Path) -> None:
        self.open_paths([path])


def show_dialog(dialog: QDialog) -> None:
    """Show a dialog without stopping the window's own loop."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()

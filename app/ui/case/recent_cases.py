"""Which cases were opened last, and where cases lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QMenu

from app.ui.menus.recent import fill_recent
from app.ui.settings import Settings

MOST_RECENT = 10


class RecentCases(QObject):
    """Keeps the cases opened last in the settings and in a menu."""

    def __init__(
        self,
        settings: Settings,
        menu: QMenu,
        open_path: Callable[[Path], None],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            settings: of the user.
            menu: to be filled.
            open_path: opens a case that was chosen in it.
            parent: of this object.
        """
        super().__init__(parent)
        self._settings = settings
        self._menu = menu
        self._open_path = open_path
        self._fill()

    def paths(self) -> list[Path]:
        """The cases, the newest first."""
        try:
            found = json.loads(self._settings.text("cases/recent", "[]"))
        except ValueError:
            return []
        return [Path(each) for each in found if isinstance(each, str)]

    def remember(self, path: Path) -> None:
        """A case was opened."""
        self.remember_folder(path)
        recent = [str(path), *(str(each) for each in self.paths() if each != path)]
        self._settings.set("cases/recent", json.dumps(recent[:MOST_RECENT]))
        self._fill()

    def folder(self) -> Path:
        """Where a dialog begins to look for cases."""
        folder = Path(self._settings.text("folders/cases"))
        if folder.is_absolute() and folder.is_dir():
            return folder
        place = QStandardPaths.StandardLocation.DocumentsLocation
        documents = Path(QStandardPaths.writableLocation(place))
        return documents if documents.is_dir() else Path.home()

    def remember_folder(self, path: Path) -> None:
        """A case lies there, or will."""
        self._settings.set("folders/cases", str(path.parent))

    def _fill(self) -> None:
        fill_recent(
            self._menu,
            self.paths(),
            open_path=self._open_path,
            clear_text=self.tr("Clear the list"),
            clear=self._clear,
        )

    def _clear(self) -> None:
        self._settings.set("cases/recent", "[]")
        self._fill()

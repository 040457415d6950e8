"""What the window remembers from one day to the next."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QObject, QSettings, QStandardPaths, Signal

from app.inference.devices import DeviceName
from app.ui.theme.manager import CHOICES, ThemeChoice
from app.ui.theme.tokens import OVERLAY_COLOURS

MOST_RECENT = 10


class Settings(QObject):
    """Typed access to the settings file; a value that makes no sense counts as absent.

    Signals:
        recent_changed: the list of recent files is another now.
    """

    recent_changed = Signal()

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store

    def text(self, key: str, default: str = "") -> str:
        """A string."""
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number within limits."""
        try:
            value = int(str(self._store.value(key, default)))
        except ValueError:
            return default
        return min(max(value, least), most)

    def flag(self, key: str, default: bool) -> bool:
        """Yes or no."""
        return str(self._store.value(key, default)).lower() in ("true", "1")

    def blob(self, key: str) -> QByteArray:
        """Bytes, such as a window's geometry."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set(self, key: str, value: str | int | bool | QByteArray) -> None:
        """Remember a value."""
        self._store.setValue(key, value)

    def sync(self) -> None:
        """Write everything now."""
        self._store.sync()

    # --- values with a meaning -----------------------------------------------------------------

    @property
    def theme(self) -> ThemeChoice:
        """The theme the user chose."""
        value = self.text("theme", "system")
        return value if value in CHOICES else "system"

    @property
    def device(self) -> DeviceName:
        """The processor the user wants."""
        value = self.text("device", "auto")
        return cast(DeviceName, value) if value in ("auto", "cpu", "cuda") else "auto"

    @property
    def overlay_colour(self) -> str:
        """Key of the map's colour."""
        value = self.text("overlay/colour")
        known = [colour.key for colour in OVERLAY_COLOURS]
        return value if value in known else known[0]

    @property
    def recent(self) -> list[Path]:
        """Photos and folders opened last, newest first."""
        value = self._store.value("recent", [])
        if isinstance(value, str):
            value = [value]  # a list of one comes back as its element
        return [Path(str(each)) for each in value] if isinstance(value, list) else []

    def add_recent(self, path: Path) -> None:
        """Remember that this was opened."""
        recent = [path, *(each for each in self.recent if each != path)][:MOST_RECENT]
        self._store.setValue("recent", [str(each) for each in recent])
        self.recent_changed.emit()

    def clear_recent(self) -> None:
        """Forget what was opened."""
        self._store.setValue("recent", [])
        self.recent_changed.emit()


def user_settings() -> QSettings:
    """The settings file of the user: a readable INI file, on every system."""
    place = QStandardPaths.StandardLocation.GenericConfigLocation
    path = Path(QStandardPaths.writableLocation(place)) / "revisage" / "revisage.ini"
    return QSettings(str(path), QSettings.Format.IniFormat)

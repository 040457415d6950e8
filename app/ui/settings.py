"""What the window remembers from one day to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, QStandardPaths, Signal

from app.export.signing import Signing
from app.inference.devices import NAMES, DeviceName
from app.ui.language import LANGUAGES, Language
from app.ui.theme.manager import CHOICES, ThemeChoice
from app.ui.theme.tokens import OVERLAY_COLOURS

MOST_RECENT = 10


class Settings(QObject):
    """Typed access to the settings file; a value that makes no sense counts as absent.

    Signals:
        recent_changed: the list of recent files is another now.
        changed: the key of a value that is another now.
    """

    recent_changed = Signal()
    changed = Signal(str)

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
        different = self._store.value(key) != value
        self._store.setValue(key, value)
        if different:
            self.changed.emit(key)

    def forget(self, *keys: str) -> None:
        """Take values out, so that their defaults hold again."""
        for key in keys:
            self._store.remove(key)

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
        return value if value in NAMES else "auto"

    @property
    def language(self) -> Language:
        """The language the user chose."""
        value = self.text("language", "system")
        return value if value in LANGUAGES else "system"

    @property
    def keeps_recovery(self) -> bool:
        """Whether a recovery file is written while no case is open."""
        return self.flag("recovery", True)

    @property
    def signing(self) -> Signing | None:
        """The certificate and key that the user named; None takes what the machine is set up with."""
        certificate, key = self.text("signing/certificate"), self.text("signing/key")
        if not certificate and not key:
            return None
        return Signing(certificate=Path(certificate), key=Path(key))

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

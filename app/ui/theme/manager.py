"""Applies a theme to the running application and tells widgets when it changes."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from app.fonts import WINDOW, bundled_fonts, font_file
from app.ui.theme.stylesheet import palette, style_sheet
from app.ui.theme.tokens import DARK, LIGHT, Tokens, Type

ThemeChoice = Literal["system", "light", "dark"]
CHOICES: Final[tuple[ThemeChoice, ...]] = ("system", "light", "dark")
FAMILY = "Inter"


class ThemeManager(QObject):
    """The application's theme.

    Attributes:
        choice: what the user chose; ``system`` follows the desktop while the window is open.
        tokens: the colours in force.

    Signals:
        changed: the colours in force are others now; pixmaps made from the old ones are stale.
    """

    changed = Signal()

    def __init__(self, application: QApplication, *, choice: ThemeChoice = "system") -> None:
        super().__init__(application)
        self._application = application
        self.choice: ThemeChoice = choice
        self.tokens: Tokens = DARK
        application.setStyle("Fusion")
        self._load_fonts()
        self._apply()
        application.styleHints().colorSchemeChanged.connect(self._system_changed)

    def set_choice(self, choice: ThemeChoice) -> None:
        """Change the theme at once."""
        self.choice = choice
        self._apply()

    def _load_fonts(self) -> None:
        """Inter where there is one, else the desktop's own font; a bundle brings its fonts."""
        bundle = bundled_fonts()
        for path in map(font_file, WINDOW) if bundle else ():
            if path is not None:
                QFontDatabase.addApplicationFont(str(path))
        font = QFont(FAMILY) if QFontDatabase.hasFamily(FAMILY) else self._application.font()
        font.setPixelSize(Type.BODY)
        # Inter would draw the x of a name such as "4000x3000" as a multiplication sign, and an arrow
        # for "->": a name is shown as it is written.
        font.setFeature(QFont.Tag("calt"), 0)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._application.setFont(font)

    def _wanted(self) -> Tokens:
        if self.choice == "system":
            scheme = self._application.styleHints().colorScheme()
            # A desktop that says nothing gets the dark window: a dark surround suits photos.
            return LIGHT if scheme == Qt.ColorScheme.Light else DARK
        return LIGHT if self.choice == "light" else DARK

    def _apply(self) -> None:
        self.tokens = self._wanted()
        self._application.setPalette(palette(self.tokens))
        self._application.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()

    def _system_changed(self) -> None:
        if self.choice == "system" and self._wanted() is not self.tokens:
            self._apply()


def numbers_font(size: int = Type.CAPTION) -> QFont:
    """The window's font with digits of one width, for coordinates and values that change."""
    font = QApplication.font()
    font.setPixelSize(size)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def theme() -> ThemeManager:
    """The theme of the running application; it exists from before the first widget is made."""
    application = QApplication.instance()
    manager = application.findChild(ThemeManager) if application is not None else None
    if manager is None:
        raise RuntimeError("The theme is asked for before the application has one.")
    return manager

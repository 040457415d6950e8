"""The window's languages: Qt Linguist files in ``resources/translations``, and those of Qt itself."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.ui.resources import resource

Language = Literal["system", "en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = ("system", "en", "de")
"""The texts in the code are English; every other language has ``revisage_<language>.ts`` and ``.qm``."""

NAMES: Final[dict[str, str]] = {"en": "English", "de": "Deutsch"}
"""Every language in its own words, so that whoever looks for it finds it."""


def spoken(choice: Language) -> str:
    """The language that a choice leads to on this machine: ``en`` or ``de``."""
    if choice != "system":
        return choice
    for wanted in QLocale.system().uiLanguages():
        language = wanted.replace("_", "-").split("-")[0].lower()
        if language in NAMES:
            return language
    return "en"


def set_language(application: QApplication, choice: Language) -> str:
    """Let the application speak a language; what is on the screen already stays as it is.

    Args:
        application: gets the translators, in exchange for those of an earlier choice.
        choice: what the user chose; ``system`` follows the desktop.

    Returns:
        The language spoken from now on.

    Raises:
        FileNotFoundError: the installation has no such translation, or a damaged one.
    """
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.deleteLater()
    language = spoken(choice)
    locale = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    if language != "en":
        locale = QLocale(language)
        name = resource(f"translations/revisage_{language}.qm")
        ours, qts = QTranslator(application), QTranslator(application)
        if not ours.load(str(name)):
            raise FileNotFoundError(f"{name} is missing or damaged; install Revisage again.")
        # A few of Qt's own texts remain English where this file is not installed.
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if qts.load(f"qtbase_{language}", folder):
            application.installTranslator(qts)
        application.installTranslator(ours)
    QLocale.setDefault(locale)
    return language


def number(value: float, digits: int = 0) -> str:
    """A number as the window's language writes it, with so many digits behind the point."""
    # No groups of thousands: they look like decimals to a reader of the other language. Rounded as
    # everywhere else in records and on the command line.
    return f"{value:.{digits}f}".replace(".", QLocale().decimalPoint())

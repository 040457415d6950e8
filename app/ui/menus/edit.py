"""The menu Edit: undo, history and settings."""

from __future__ import annotations

from typing import Final

from app.ui.menus.spec import QT_TRANSLATE_NOOP, Menu, Spec

EDIT: Final = Menu(
    "edit",
    QT_TRANSLATE_NOOP("Actions", "&Edit"),
    (
        Spec("undo", QT_TRANSLATE_NOOP("Actions", "Undo"), ("Ctrl+Z",), "arrow-u-up-left"),
        Spec(
            "redo",
            QT_TRANSLATE_NOOP("Actions", "Redo"),
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            "arrow-u-up-right",
        ),
        Spec(
            "history",
            QT_TRANSLATE_NOOP("Actions", "History…"),
            ("Ctrl+Alt+Z",),
            "clock-counter-clockwise",
            QT_TRANSLATE_NOOP("Actions", "Every step of the map; go to any of them"),
        ),
        None,
        Spec(
            "settings",
            QT_TRANSLATE_NOOP("Actions", "Settings…"),
            ("Ctrl+,",),
            "gear-six",
            QT_TRANSLATE_NOOP("Actions", "Device, theme, language, folders, saving, signing"),
        ),
    ),
)

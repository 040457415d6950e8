"""The menu Help: finding commands and shortcuts."""

from __future__ import annotations

from typing import Final

from app.ui.menus.spec import QT_TRANSLATE_NOOP, Menu, Spec

HELP: Final = Menu(
    "help",
    QT_TRANSLATE_NOOP("Actions", "&Help"),
    (
        Spec(
            "palette",
            QT_TRANSLATE_NOOP("Actions", "Commands…"),
            ("Ctrl+Shift+P",),
            "command",
            QT_TRANSLATE_NOOP("Actions", "Find any command by a few letters"),
        ),
        Spec(
            "shortcuts",
            QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"),
            ("F1", "?"),
            "keyboard",
        ),
        Spec(
            "about",
            QT_TRANSLATE_NOOP("Actions", "About Revisage"),
            (),
            "info",
            QT_TRANSLATE_NOOP("Actions", "What the pictures are good for, and what not"),
        ),
    ),
)

"""The menu Reconstruct: running models."""

from __future__ import annotations

from typing import Final

from app.ui.menus.spec import QT_TRANSLATE_NOOP, Menu, Spec

RECONSTRUCT: Final = Menu(
    "reconstruct",
    QT_TRANSLATE_NOOP("Actions", "&Reconstruct"),
    (
        Spec(
            "run",
            QT_TRANSLATE_NOOP("Actions", "Reconstruct"),
            ("Ctrl+Return", "Ctrl+Enter"),
            "play",
            QT_TRANSLATE_NOOP("Actions", "Let the chosen models make hypotheses"),
        ),
        Spec("cancel", QT_TRANSLATE_NOOP("Actions", "Cancel"), ("Esc",), "x"),
        Spec(
            "new_seed",
            QT_TRANSLATE_NOOP("Actions", "New seed"),
            ("Ctrl+D",),
            "dice-five",
            QT_TRANSLATE_NOOP("Actions", "Choose other hypotheses by another seed"),
        ),
        None,
        Spec(
            "model_card",
            QT_TRANSLATE_NOOP("Actions", "Model cards…"),
            ("Ctrl+K",),
            "info",
            QT_TRANSLATE_NOOP("Actions", "What each model was trained on, and its limits"),
        ),
    ),
)

"""The menu Case: its pages, notes, checks, review, report and package."""

from __future__ import annotations

from typing import Final

from app.ui.menus.spec import QT_TRANSLATE_NOOP, Menu, Spec

CASE: Final = Menu(
    "case",
    QT_TRANSLATE_NOOP("Actions", "&Case"),
    (
        Spec("case_overview", QT_TRANSLATE_NOOP("Actions", "Overview of the case"), ("Ctrl+Alt+1",)),
        Spec("case_notes", QT_TRANSLATE_NOOP("Actions", "Notes of the case"), ("Ctrl+Alt+2",)),
        Spec("case_log", QT_TRANSLATE_NOOP("Actions", "Log of the case"), ("Ctrl+Alt+3",)),
        Spec("case_checks", QT_TRANSLATE_NOOP("Actions", "Checks of the case"), ("Ctrl+Alt+4",)),
        Spec("case_report", QT_TRANSLATE_NOOP("Actions", "Report and review"), ("Ctrl+Alt+5",)),
        None,
        Spec(
            "add_note",
            QT_TRANSLATE_NOOP("Actions", "Write a note"),
            ("Ctrl+Shift+N",),
            "",
            QT_TRANSLATE_NOOP("Actions", "About the case or one of its photos"),
        ),
        Spec(
            "verify_case",
            QT_TRANSLATE_NOOP("Actions", "Verify case"),
            ("Ctrl+Alt+V",),
            "",
            QT_TRANSLATE_NOOP("Actions", "Check log, evidence, maps and pictures against their hashes"),
        ),
        Spec(
            "reproduce_all",
            QT_TRANSLATE_NOOP("Actions", "Reproduce all runs"),
            (),
            "",
            QT_TRANSLATE_NOOP("Actions", "Make every run again and compare"),
        ),
        None,
        Spec(
            "review",
            QT_TRANSLATE_NOOP("Actions", "Record a review…"),
            ("Ctrl+Alt+R",),
            "",
            QT_TRANSLATE_NOOP("Actions", "By a second person who did not work on the case"),
        ),
        Spec(
            "report",
            QT_TRANSLATE_NOOP("Actions", "Show report…"),
            ("Ctrl+P",),
            "",
            QT_TRANSLATE_NOOP("Actions", "Make the report and look at its pages"),
        ),
        Spec(
            "seal",
            QT_TRANSLATE_NOOP("Actions", "Seal package…"),
            ("Ctrl+Alt+S",),
            "",
            QT_TRANSLATE_NOOP(
                "Actions", "Originals, outputs, report and log in one ZIP, checked without the case"
            ),
        ),
    ),
)

"""The menu File: photos, cases, maps and exports, in and out."""

from __future__ import annotations

from typing import Final

from app.ui.menus.spec import QT_TRANSLATE_NOOP, Menu, Spec

FILE: Final = Menu(
    "file",
    QT_TRANSLATE_NOOP("Actions", "&File"),
    (
        Spec(
            "open",
            QT_TRANSLATE_NOOP("Actions", "Open photos…"),
            ("Ctrl+O",),
            "image",
        ),
        Spec(
            "open_folder",
            QT_TRANSLATE_NOOP("Actions", "Open folder…"),
            ("Ctrl+Shift+O",),
            "folder-open",
        ),
        Spec(
            "open_sample",
            QT_TRANSLATE_NOOP("Actions", "Open the sample"),
            (),
            "flask",
            QT_TRANSLATE_NOOP("Actions", "A public-domain portrait with a drawn mask"),
        ),
        Spec(
            "paste",
            QT_TRANSLATE_NOOP("Actions", "Paste photos"),
            ("Ctrl+V",),
            "clipboard",
            QT_TRANSLATE_NOOP("Actions", "Open the files copied in a file manager"),
        ),
        None,
        Spec(
            "new_case",
            QT_TRANSLATE_NOOP("Actions", "New case…"),
            ("Ctrl+N",),
            "folder-plus",
            QT_TRANSLATE_NOOP("Actions", "One file for evidence, maps, results, notes and the log"),
        ),
        Spec(
            "open_case",
            QT_TRANSLATE_NOOP("Actions", "Open case…"),
            ("Ctrl+Alt+O",),
            "folder-notch-open",
        ),
        Spec(
            "keep_in_case",
            QT_TRANSLATE_NOOP("Actions", "Keep in a case…"),
            ("Ctrl+S",),
            "folder-plus",
            QT_TRANSLATE_NOOP(
                "Actions", "Make a case of what is open, with everything done so far"
            ),
        ),
        Spec(
            "save_case_as",
            QT_TRANSLATE_NOOP("Actions", "Save case as…"),
            ("Ctrl+Shift+S",),
            "",
            QT_TRANSLATE_NOOP("Actions", "Write a copy; this window goes on with the first case"),
        ),
        Spec(
            "close_case",
            QT_TRANSLATE_NOOP("Actions", "Close case"),
            ("Ctrl+Shift+W",),
            "",
            QT_TRANSLATE_NOOP("Actions", "Everything is saved already"),
        ),
        None,
        Spec(
            "import_map",
            QT_TRANSLATE_NOOP("Actions", "Import map…"),
            ("Ctrl+I",),
            "download-simple",
            QT_TRANSLATE_NOOP("Actions", "Replace the map by a PNG of the photo's size"),
        ),
        Spec(
            "export_map",
            QT_TRANSLATE_NOOP("Actions", "Export map…"),
            ("Ctrl+Shift+E",),
            "",
            QT_TRANSLATE_NOOP("Actions", "Write the map as a PNG, 255 where the mask is"),
        ),
        Spec(
            "export",
            QT_TRANSLATE_NOOP("Actions", "Export hypotheses…"),
            ("Ctrl+E",),
            "export",
            QT_TRANSLATE_NOOP("Actions", "Write labelled composites with their record"),
        ),
        None,
        Spec(
            "close_photo",
            QT_TRANSLATE_NOOP("Actions", "Close photo"),
            ("Ctrl+W",),
            "",
            QT_TRANSLATE_NOOP("Actions", "Take the photo out of the window; its file stays"),
        ),
        Spec("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), ("Ctrl+Q",)),
    ),
)

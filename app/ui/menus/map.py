"""The menu Map: tools, operations on the whole map, faces."""

from __future__ import annotations

from typing import Final

from app.ui.menus.spec import QT_TRANSLATE_NOOP, Menu, Spec

MAP: Final = Menu(
    "map",
    QT_TRANSLATE_NOOP("Actions", "&Map"),
    (
        Spec(
            "tool_pan",
            QT_TRANSLATE_NOOP("Actions", "Hand"),
            ("H",),
            "hand",
            QT_TRANSLATE_NOOP("Actions", "Move the photo, select a face by a click"),
            True,
            "tool",
        ),
        Spec(
            "tool_brush",
            QT_TRANSLATE_NOOP("Actions", "Brush"),
            ("B",),
            "paint-brush",
            QT_TRANSLATE_NOOP("Actions", "Add to the map; the right button erases"),
            True,
            "tool",
        ),
        Spec(
            "tool_eraser",
            QT_TRANSLATE_NOOP("Actions", "Eraser"),
            ("E",),
            "eraser",
            QT_TRANSLATE_NOOP("Actions", "Take out of the map; the right button paints"),
            True,
            "tool",
        ),
        Spec(
            "tool_lasso",
            QT_TRANSLATE_NOOP("Actions", "Lasso"),
            ("L",),
            "scribble-loop",
            QT_TRANSLATE_NOOP(
                "Actions", "Draw around an area to add it; right button takes it out"
            ),
            True,
            "tool",
        ),
        Spec(
            "tool_polygon",
            QT_TRANSLATE_NOOP("Actions", "Polygon"),
            ("P",),
            "polygon",
            QT_TRANSLATE_NOOP("Actions", "Click the corners of an area; Return closes it"),
            True,
            "tool",
        ),
        Spec(
            "tool_smart",
            QT_TRANSLATE_NOOP("Actions", "Smart select"),
            ("S",),
            "magic-wand",
            QT_TRANSLATE_NOOP("Actions", "Stroke roughly over something; its edges are found"),
            True,
            "tool",
        ),
        Spec(
            "tool_invert",
            QT_TRANSLATE_NOOP("Actions", "Invert in a box"),
            ("I",),
            "selection-inverse",
            QT_TRANSLATE_NOOP("Actions", "Exchange mapped and unmapped inside a rectangle"),
            True,
            "tool",
        ),
        Spec(
            "tool_face",
            QT_TRANSLATE_NOOP("Actions", "Faces"),
            ("A",),
            "user-focus",
            QT_TRANSLATE_NOOP("Actions", "Add faces, move and resize their boxes"),
            True,
            "tool",
        ),
        None,
        Spec(
            "swap",
            QT_TRANSLATE_NOOP("Actions", "Swap brush and eraser"),
            ("X",),
            "swap",
        ),
        Spec("smaller", QT_TRANSLATE_NOOP("Actions", "Smaller brush"), ("[",), "minus"),
        Spec("larger", QT_TRANSLATE_NOOP("Actions", "Larger brush"), ("]",), "plus"),
        None,
        Spec(
            "keyboard_pointer",
            QT_TRANSLATE_NOOP("Actions", "Keyboard pointer"),
            ("K",),
            "",
            QT_TRANSLATE_NOOP(
                "Actions", "Arrow keys move it, Space puts the pen down and lifts it, Return sets a dot"
            ),
            True,
        ),
        None,
        Spec(
            "fill_holes",
            QT_TRANSLATE_NOOP("Actions", "Fill holes"),
            ("Ctrl+H",),
            "paint-bucket",
            QT_TRANSLATE_NOOP("Actions", "Map everything that the map encloses"),
        ),
        Spec(
            "grow",
            QT_TRANSLATE_NOOP("Actions", "Grow by one pixel"),
            ("Ctrl+]",),
            "arrows-out-simple",
        ),
        Spec(
            "shrink",
            QT_TRANSLATE_NOOP("Actions", "Shrink by one pixel"),
            ("Ctrl+[",),
            "arrows-in-simple",
        ),
        Spec(
            "smooth",
            QT_TRANSLATE_NOOP("Actions", "Smooth"),
            ("Ctrl+Shift+H",),
            "waves",
            QT_TRANSLATE_NOOP("Actions", "Round off specks, notches and jagged edges"),
        ),
        Spec(
            "invert",
            QT_TRANSLATE_NOOP("Actions", "Invert"),
            ("Ctrl+Shift+I",),
            "selection-inverse",
            QT_TRANSLATE_NOOP("Actions", "Exchange mapped and unmapped everywhere"),
        ),
        Spec(
            "clear",
            QT_TRANSLATE_NOOP("Actions", "Clear"),
            ("Ctrl+Del", "Ctrl+Backspace"),
            "trash",
            QT_TRANSLATE_NOOP("Actions", "Empty the map"),
        ),
        Spec(
            "reset",
            QT_TRANSLATE_NOOP("Actions", "Reset to automatic"),
            ("Ctrl+R",),
            "arrow-counter-clockwise",
            QT_TRANSLATE_NOOP("Actions", "Bring the map back that was found; can be undone"),
        ),
        None,
        Spec(
            "next_face",
            QT_TRANSLATE_NOOP("Actions", "Next face"),
            ("Alt+PgDown",),
        ),
        Spec(
            "previous_face",
            QT_TRANSLATE_NOOP("Actions", "Previous face"),
            ("Alt+PgUp",),
        ),
        Spec(
            "add_face",
            QT_TRANSLATE_NOOP("Actions", "Add face"),
            ("Shift+A",),
            "user-plus",
            QT_TRANSLATE_NOOP("Actions", "A new box; arrow keys move it, with Shift resize it"),
        ),
        Spec(
            "rerun_face",
            QT_TRANSLATE_NOOP("Actions", "Find this face again"),
            ("Shift+F5",),
            "arrow-clockwise",
            QT_TRANSLATE_NOOP("Actions", "Landmarks and map of the selected face only"),
        ),
        Spec(
            "delete_face",
            QT_TRANSLATE_NOOP("Actions", "Delete face"),
            ("Del",),
            "user-minus",
            QT_TRANSLATE_NOOP(
                "Actions", "The selected face and its part of the map; can be undone"
            ),
        ),
        Spec(
            "analyse",
            QT_TRANSLATE_NOOP("Actions", "Find faces and masks again"),
            ("F5",),
            "arrows-clockwise",
        ),
    ),
)

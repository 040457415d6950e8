"""Every action of the window in one table: menus, tool tips and the shortcut sheet all come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CONTEXT: Final = "Actions"


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: ARG001
    """Marks a text for Qt's translation tools, which look for this very name."""
    return text


@dataclass(frozen=True)
class Spec:
    """One action.

    Attributes:
        key: its name in code.
        text: in menus.
        keys: shortcuts; the first is the one that is shown.
        icon: name of its icon, or empty.
        tip: one sentence for tool tip and status bar, or empty when the text says it all.
        off_icon: for a switch, its icon while it is off.
        checkable: whether it is switched on and off.
        group: actions of one group exclude each other.
    """

    key: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    group: str = ""
    off_icon: str = ""


@dataclass(frozen=True)
class Menu:
    """A menu: specs, and None for a separator."""

    key: str
    title: str
    entries: tuple[Spec | None, ...]




MENUS: Final[tuple[Menu, ...]] = (
    Menu(
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
                QT_TRANSLATE_NOOP("Actions", "Make a case of what is open, with everything done so far"),
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
    ),
    Menu(
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
    ),
    Menu(
        "view",
        QT_TRANSLATE_NOOP("Actions", "&View"),
        (
            Spec(
                "view_map",
                QT_TRANSLATE_NOOP("Actions", "Map"),
                ("M",),
                "",
                QT_TRANSLATE_NOOP("Actions", "Inspect and correct the map"),
                True,
                "mode",
            ),
            Spec(
                "view_compare",
                QT_TRANSLATE_NOOP("Actions", "Compare"),
                ("C",),
                "",
                QT_TRANSLATE_NOOP("Actions", "Photo, map and hypotheses side by side"),
                True,
                "mode",
            ),
            None,
            Spec(
                "fit",
                QT_TRANSLATE_NOOP("Actions", "Fit photo"),
                ("Ctrl+0",),
                "corners-out",
            ),
            Spec(
                "full_size",
                QT_TRANSLATE_NOOP("Actions", "100 %"),
                ("Ctrl+1",),
                "number-square-one",
                QT_TRANSLATE_NOOP("Actions", "One photo pixel on one screen pixel"),
            ),
            Spec(
                "zoom_in",
                QT_TRANSLATE_NOOP("Actions", "Zoom in"),
                ("+", "Ctrl++", "Ctrl+="),
                "magnifying-glass-plus",
            ),
            Spec(
                "zoom_out",
                QT_TRANSLATE_NOOP("Actions", "Zoom out"),
                ("-", "Ctrl+-"),
                "magnifying-glass-minus",
            ),
            Spec(
                "zoom_face",
                QT_TRANSLATE_NOOP("Actions", "Zoom to face"),
                ("Z",),
                "user-focus",
                QT_TRANSLATE_NOOP("Actions", "Fill the canvas with the selected face"),
            ),
            None,
            Spec(
                "show_map",
                QT_TRANSLATE_NOOP("Actions", "Show map"),
                ("V",),
                "eye",
                "",
                True,
                off_icon="eye-slash",
            ),
            Spec(
                "outline",
                QT_TRANSLATE_NOOP("Actions", "Map as outline only"),
                ("U",),
                "selection",
                "",
                True,
                off_icon="selection",
            ),
            Spec(
                "show_faces",
                QT_TRANSLATE_NOOP("Actions", "Show faces"),
                ("F",),
                "eye",
                "",
                True,
                off_icon="eye-slash",
            ),
            Spec(
                "show_landmarks",
                QT_TRANSLATE_NOOP("Actions", "Show landmarks"),
                ("Shift+F",),
                "dots-nine",
                "",
                True,
            ),
            None,
            Spec(
                "compare_grid",
                QT_TRANSLATE_NOOP("Actions", "Grid"),
                ("Alt+1",),
                "",
                QT_TRANSLATE_NOOP("Actions", "Photo, map and hypotheses side by side"),
                True,
                "compare",
            ),
            Spec(
                "compare_wipe",
                QT_TRANSLATE_NOOP("Actions", "Wipe"),
                ("Alt+2",),
                "",
                QT_TRANSLATE_NOOP("Actions", "Two pictures with a divider; comma and full stop move it"),
                True,
                "compare",
            ),
            Spec(
                "compare_blink",
                QT_TRANSLATE_NOOP("Actions", "Blink"),
                ("Alt+3",),
                "",
                QT_TRANSLATE_NOOP("Actions", "Two pictures in turn; Return stops and starts it"),
                True,
                "compare",
            ),
            Spec(
                "compare_difference",
                QT_TRANSLATE_NOOP("Actions", "Difference"),
                ("Alt+4",),
                "",
                QT_TRANSLATE_NOOP("Actions", "Where two pictures differ, in colours"),
                True,
                "compare",
            ),
            Spec(
                "compare_swap",
                QT_TRANSLATE_NOOP("Actions", "Swap A and B"),
                ("Alt+X",),
                "swap",
            ),
            Spec(
                "blink_stop",
                QT_TRANSLATE_NOOP("Actions", "Hold blink"),
                ("Alt+P",),
                "pause",
                "",
                True,
                off_icon="pause",
            ),
            Spec(
                "show_spread",
                QT_TRANSLATE_NOOP("Actions", "Show uncertainty"),
                ("N",),
                "",
                QT_TRANSLATE_NOOP("Actions", "Where the hypotheses of a run differ, in the comparison"),
                True,
            ),
            None,
            Spec("previous", QT_TRANSLATE_NOOP("Actions", "Previous photo"), ("PgUp",), "caret-left"),
            Spec("next", QT_TRANSLATE_NOOP("Actions", "Next photo"), ("PgDown",), "caret-right"),
            None,
            Spec("show_strip", QT_TRANSLATE_NOOP("Actions", "Photo strip"), ("F7",), "rows", "", True),
            Spec(
                "show_inspector",
                QT_TRANSLATE_NOOP("Actions", "Inspector"),
                ("F8",),
                "sliders-horizontal",
                "",
                True,
            ),
            Spec(
                "show_case",
                QT_TRANSLATE_NOOP("Actions", "Case"),
                ("F9",),
                "folder",
                QT_TRANSLATE_NOOP("Actions", "Properties, photos, notes, log and checks of the case"),
                True,
            ),
            Spec("full_screen", QT_TRANSLATE_NOOP("Actions", "Full screen"), ("F11",), "", "", True),
            Spec(
                "reset_layout",
                QT_TRANSLATE_NOOP("Actions", "Reset the layout"),
                (),
                "",
                QT_TRANSLATE_NOOP("Actions", "Panels back to their places and widths"),
            ),
        ),
    ),
    Menu(
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
                QT_TRANSLATE_NOOP("Actions", "Draw around an area to add it; right button takes it out"),
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
                QT_TRANSLATE_NOOP("Actions", "The selected face and its part of the map; can be undone"),
            ),
            Spec(
                "analyse",
                QT_TRANSLATE_NOOP("Actions", "Find faces and masks again"),
                ("F5",),
                "arrows-clockwise",
            ),
        ),
    ),
    Menu(
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
    ),
    Menu(
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
    ),
)

HELD_KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("Space", QT_TRANSLATE_NOOP("Actions", "Hold and drag to move the photo")),
    ("O", QT_TRANSLATE_NOOP("Actions", "Hold to see the untouched photo")),
    ("Shift", QT_TRANSLATE_NOOP("Actions", "Hold and click to draw a straight line")),
    ("1 … 9", QT_TRANSLATE_NOOP("Actions", "Grid: show or leave out a hypothesis; else make it B")),
    (", .", QT_TRANSLATE_NOOP("Actions", "Wipe: move the divider, with Shift in large steps")),
)
"""Keys that do something while they are held; they are no actions, but the shortcut sheet has them."""

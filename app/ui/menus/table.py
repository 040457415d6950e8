"""Every action of the window in one table: menus, tool tips and the shortcut sheet all come from it."""

from __future__ import annotations

from typing import Final

from app.ui.menus.case import CASE
from app.ui.menus.edit import EDIT
from app.ui.menus.file import FILE
from app.ui.menus.help import HELP
from app.ui.menus.live import LIVE
from app.ui.menus.map import MAP
from app.ui.menus.reconstruct import RECONSTRUCT
from app.ui.menus.spec import QT_TRANSLATE_NOOP, Menu
from app.ui.menus.view import VIEW

MENUS: Final[tuple[Menu, ...]] = (FILE, EDIT, VIEW, MAP, RECONSTRUCT, LIVE, CASE, HELP)

HELD_KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("Space", QT_TRANSLATE_NOOP("Actions", "Hold and drag to move the photo")),
    ("O", QT_TRANSLATE_NOOP("Actions", "Hold to see the untouched photo")),
    ("Shift", QT_TRANSLATE_NOOP("Actions", "Hold and click to draw a straight line")),
    ("Shift", QT_TRANSLATE_NOOP("Actions", "Hold and turn the wheel to change the brush size")),
    ("1 … 9", QT_TRANSLATE_NOOP("Actions", "Grid: show or leave out a hypothesis; else make it B")),
    ("Space", QT_TRANSLATE_NOOP("Actions", "Keyboard pointer: pen down and up, or a corner")),
    ("Home", QT_TRANSLATE_NOOP("Actions", "Keyboard pointer: to the middle of the selected face")),
    (", .", QT_TRANSLATE_NOOP("Actions", "Wipe: move the divider, with Shift in large steps")),
)
"""Keys of the photo that are no actions, most of them held; the shortcut sheet has them."""

"""A menu of what was opened last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.ui.plain import plain_caption


def fill_recent(
    menu: QMenu,
    paths: Sequence[Path],
    *,
    open_path: Callable[[Path], object],
    clear_text: str,
    clear: Callable[[], object],
) -> None:
    """Fill a menu anew.

    Args:
        menu: cannot be opened while there are no paths.
        paths: the newest first.
        open_path: opens one of them.
        clear_text: of the last entry, in the user's language.
        clear: what that entry does.
    """
    menu.clear()
    for path in paths:
        action = QAction(plain_caption(str(path)), menu)
        action.triggered.connect(partial(open_path, path))
        menu.addAction(action)
    menu.addSeparator()
    last = QAction(clear_text, menu)
    last.triggered.connect(clear)
    menu.addAction(last)
    menu.setEnabled(bool(paths))

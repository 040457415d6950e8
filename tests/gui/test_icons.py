"""Icons: painted once in each size and state, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication
from qtawesome.iconic_font import CharIconPainter

from app.ui.main import make_application
from app.ui.theme.icons import icon
from app.ui.theme.manager import ThemeManager, theme

SIZE = QSize(18, 18)


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[ThemeManager]:
    """The theme, put back at the end."""
    make_application()
    manager = theme()
    before = manager.choice
    yield manager
    manager.set_choice(before)


def painted(mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    """An icon as a button gets it."""
    return icon("eraser").pixmap(SIZE, 1.0, mode).toImage()


def test_an_icon_is_painted_once(themed: ThemeManager, monkeypatch: pytest.MonkeyPatch) -> None:
    themed.set_choice("dark")
    first = painted()
    assert first.size() == SIZE
    # As if nothing could be painted any more.
    monkeypatch.setattr(CharIconPainter, "paint", lambda *_: None)
    assert painted() == first
    assert any(first.pixelColor(x, y).alpha() for x in range(18) for y in range(18))


def test_states_and_themes_have_colours_of_their_own(themed: ThemeManager) -> None:
    seen = []
    for choice in ("dark", "light"):
        themed.set_choice(choice)
        modes = (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Disabled)
        seen += [painted(mode) for mode in modes]
    assert all(one != other for place, one in enumerate(seen) for other in seen[:place])

"""What an action and a menu are, as the tables of this folder write them down."""

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

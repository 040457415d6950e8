"""The palette and style sheet made from the tokens of one theme."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtGui import QColor, QPalette

from app.ui.resources import resource
from app.ui.theme.tokens import Radius, Tokens, Type


def style_sheet(tokens: Tokens) -> str:
    """The window's style sheet with every token filled in.

    Raises:
        KeyError: the sheet names a token that does not exist.
    """
    template = Template(resource("themes/revisage.qss").read_text(encoding="utf-8"))
    accent = QColor(tokens.accent)
    values = asdict(tokens) | {
        "accent_veil": f"rgba({accent.red()}, {accent.green()}, {accent.blue()}, 70)",
        "assets": resource(f"themes/{tokens.name}").as_posix(),
        "caption": Type.CAPTION,
        "body": Type.BODY,
        "heading": Type.HEADING,
        "title": Type.TITLE,
        "control": Radius.CONTROL,
        "card": Radius.CARD,
    }
    return template.substitute(values)


def palette(tokens: Tokens) -> QPalette:
    """The palette for everything that the style sheet leaves to the style (dialogs, selections)."""
    roles = {
        QPalette.ColorRole.Window: tokens.window,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.raised,
        QPalette.ColorRole.AlternateBase: tokens.window,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.text_faint,
        QPalette.ColorRole.Button: tokens.raised,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.bad,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent_text,
        QPalette.ColorRole.LinkVisited: tokens.accent_text,
        QPalette.ColorRole.Light: tokens.hover,
        QPalette.ColorRole.Midlight: tokens.hover,
        QPalette.ColorRole.Mid: tokens.line,
        QPalette.ColorRole.Dark: tokens.line,
        QPalette.ColorRole.Shadow: tokens.canvas,
        QPalette.ColorRole.Accent: tokens.accent,
    }
    result = QPalette()
    for role, value in roles.items():
        result.setColor(role, QColor(value))
    faint = QColor(tokens.text_faint)
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        result.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return result

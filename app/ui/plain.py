"""Texts that others chose, such as names of files, shown as they are.

Qt takes a text with something like a tag in it for markup: of a photo named ``a <b>.jpg`` it would leave
out the ``<b>``, and of a button's text it takes the first ``&`` for the mark of a key.
"""

from __future__ import annotations

import html

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QMessageBox


def plain_tip(text: str) -> str:
    """A tool tip that shows the text as it is."""
    if not Qt.mightBeRichText(text):
        return text
    return f'<p style="white-space: pre-wrap">{html.escape(text)}</p>'


def plain_caption(text: str) -> str:
    """The text of a button or menu entry that shows it as it is."""
    return text.replace("&", "&&")


def make_plain(box: QMessageBox) -> None:
    """Let a question show its sentences as they are, informative ones included."""
    box.setTextFormat(Qt.TextFormat.PlainText)

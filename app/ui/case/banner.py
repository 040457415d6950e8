"""The bar below the top bar: what stays true until something is done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from app.ui.theme.icons import icon
from app.ui.theme.manager import theme
from app.ui.theme.tokens import Space
from app.ui.widgets import ICON, label, row

Level = Literal["error", "warning", "information"]
ICONS = {"error": "warning-circle", "warning": "warning", "information": "info"}
COLOURS = {"error": "bad", "warning": "warn", "information": "good"}

Choice = tuple[str, Callable[[], None]]


class CaseBanner(QFrame):
    """One sentence with buttons; of several topics the most urgent is shown.

    Attributes:
        text: the sentence that is shown.
    """

    TOPICS = ("saving", "read_only", "left")
    """The most urgent first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("caseBanner")
        self._said: dict[str, tuple[Level, str, tuple[Choice, ...]]] = {}
        self._shown: list[QPushButton] = []
        self._picture = QLabel()
        self._picture.setFixedSize(ICON, ICON)
        self.text = label(wrap=True)
        self._buttons = QWidget()
        self._buttons.setLayout(row(gap=Space.S))
        inside = row(self._picture, Space.XS, self.text, self._buttons)
        inside.setStretchFactor(self.text, 1)
        inside.setContentsMargins(Space.L, Space.XS, Space.S, Space.XS)
        self.setLayout(inside)
        theme().changed.connect(self._refresh)
        self._refresh()

    def say(self, topic: str, level: Level, sentence: str, *choices: Choice) -> None:
        """Say something until :meth:`unsay`.

        Args:
            topic: one of :attr:`TOPICS`.
            level: how bad it is.
            sentence: what.
            choices: the buttons: their texts, and what they do.
        """
        before = self._said.get(topic)
        self._said[topic] = (level, sentence, choices)
        texts = [text for text, _ in choices]
        if before is None or before[:2] != (level, sentence) or texts != [t for t, _ in before[2]]:
            self._refresh()

    def unsay(self, topic: str) -> None:
        """It is no longer so."""
        if self._said.pop(topic, None) is not None:
            self._refresh()

    def said(self, topic: str) -> str:
        """The sentence about a topic; empty when there is none."""
        return self._said[topic][1] if topic in self._said else ""

    @property
    def buttons(self) -> list[QPushButton]:
        """The buttons shown."""
        return list(self._shown)

    def _refresh(self) -> None:
        topic = next((topic for topic in self.TOPICS if topic in self._said), None)
        self.setVisible(topic is not None)
        if topic is None:
            return
        level, sentence, choices = self._said[topic]
        tokens = theme().tokens
        colour = getattr(tokens, COLOURS[level])
        wash = {"error": tokens.bad_wash, "warning": tokens.warn_wash}.get(level, tokens.good_wash)
        self.setStyleSheet(
            f"#caseBanner {{ background: {wash}; border-bottom: 1px solid {tokens.line_soft}; }}"
        )
        self._picture.setPixmap(icon(ICONS[level], colour=colour).pixmap(ICON, ICON))
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        layout = self._buttons.layout()
        assert layout is not None
        for old in self._shown:
            layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = [QPushButton(text) for text, _ in choices]
        for button, (_, act) in zip(self._shown, choices, strict=True):
            button.clicked.connect(lambda _=False, do=act: do())
            layout.addWidget(button)
        self._buttons.setVisible(bool(choices))

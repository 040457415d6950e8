"""The card view: everything a model says about itself, laid out to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QGridLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.inference.card import Card, Scalar
from app.inference.zoo import Problem
from app.ui.figures import figure_name, figure_text, group_name, set_name
from app.ui.language import number
from app.ui.model_list import kind_name
from app.ui.theme.manager import numbers_font
from app.ui.theme.tokens import Space, Type
from app.ui.widgets import column, hairline, label, row

ROW = 30

FEW = 3
"""Columns of figures whose titles have room on one line."""

LONG_WORD, LEAST_TITLE = 10, 76
"""Titles of more letters get so many logical pixels, else they would be broken at every word."""

Line = tuple[str, list[str]]
"""A row of a table: its name and its figures."""


class CardsDialog(QDialog):
    """Every model of the zoo at the left, the card of one at the right.

    Attributes:
        list: the models.
    """

    def __init__(
        self,
        cards: Sequence[Card],
        problems: Sequence[Problem],
        *,
        shown: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Model cards"))
        self.resize(860, 640)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setMinimumWidth(220)
        pages = QStackedWidget()
        ordered = sorted(cards, key=lambda card: card.task != "reconstruct")
        for card in ordered:
            self._add_item(card.title)
            pages.addWidget(_scrolled(CardPage(card), card.title))
        if problems:
            unusable = self.tr("Not usable ({0})").format(len(problems))
            self._add_item(unusable)
            pages.addWidget(_scrolled(self._problems(problems), unusable))
        self.list.currentRowChanged.connect(pages.setCurrentIndex)
        names = [card.name for card in ordered]
        self.list.setCurrentRow(names.index(shown) if shown in names else 0)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.addWidget(self.list)
        split.addWidget(pages)
        split.setStretchFactor(1, 1)
        split.setSizes([250, 610])
        close = QPushButton(self.tr("Close"))
        close.setProperty("role", "large")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = row(None, close)
        foot.setContentsMargins(Space.XL, Space.M, Space.XL, Space.L)
        self.setLayout(column(split, hairline(), foot, gap=0))

    def _add_item(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setToolTip(text)
        item.setSizeHint(QSize(0, ROW))
        self.list.addItem(item)

    def _problems(self, problems: Sequence[Problem]) -> QWidget:
        page = QWidget()
        page.setObjectName("panelBody")
        lines = [label(problem.message, role="soft", wrap=True) for problem in problems]
        inside = column(
            label(self.tr("Models that cannot be used"), role="heading"), *lines, None, gap=Space.M
        )
        inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        page.setLayout(inside)
        return page


class CardPage(QWidget):
    """One card."""

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.setObjectName("panelBody")
        self._layout = QVBoxLayout()
        self._layout.setSpacing(Space.XS)
        self._layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        self._layout.addWidget(label(card.title, role="heading", wrap=True))
        self._layout.addWidget(label(card.summary, role="soft", wrap=True))
        self._add_text(self.tr("Intended use"), (card.intended_use,))
        self._add_text(self.tr("Limits"), card.limits)
        self._add_text(self.tr("Not for"), card.not_for)
        self._add_figures(card)
        self._add_groups(card)
        self._add_facts(
            self.tr("Model"),
            (
                (self.tr("Name"), card.name),
                (self.tr("Stage"), self._stage(card)),
                (self.tr("Version"), card.version),
                (self.tr("Input"), self.tr("{0} × {0} pixels").format(card.input.size)),
                (
                    self.tr("Hypotheses"),
                    self.tr("any number, chosen by a seed")
                    if card.output.latent
                    else self.tr("one"),
                ),
                (self.tr("Licence"), card.licence),
                (self.tr("File"), card.file.name),
                (self.tr("Size"), f"{number(card.file.bytes / 1e6, 1)} MB, {card.file.precision}"),
                ("SHA-256", card.file.sha256),
            ),
        )
        training = card.training
        self._add_facts(
            self.tr("Training"),
            (
                (self.tr("Recipe"), training.recipe),
                (self.tr("Data"), training.data),
                (self.tr("Images seen"), f"{training.images:,}".replace(",", " ")),
                (self.tr("Seed"), str(training.seed)),
                (self.tr("Commit"), training.commit),
                (self.tr("Machine"), training.machine),
                (self.tr("Command"), training.command),
            ),
        )
        self._layout.addStretch(1)
        self.setLayout(self._layout)

    def _stage(self, card: Card) -> str:
        stages = {
            "locate": self.tr("Faces"),
            "align": self.tr("Landmarks"),
            "map": self.tr("Map"),
            "reconstruct": self.tr("Reconstruction"),
        }
        kind = kind_name(card.kind)
        stage = stages.get(card.task, card.task)
        return f"{stage}, {kind}" if kind else stage

    def _add_title(self, title: str) -> None:
        self._layout.addSpacing(Space.M)
        self._layout.addWidget(label(title, role="strong"))

    def _add_text(self, title: str, sentences: Sequence[str]) -> None:
        self._add_title(title)
        for sentence in sentences:
            text = label(sentence, role="soft", wrap=True)
            if len(sentences) == 1:
                self._layout.addWidget(text)
                continue
            bullet = label("•", role="soft")
            bullet.setAlignment(Qt.AlignmentFlag.AlignTop)
            line = row(bullet, text)
            line.setStretchFactor(text, 1)
            self._layout.addLayout(line)

    def _add_figures(self, card: Card) -> None:
        """One column per data set, one row per figure."""
        if not card.figures:
            return
        self._add_title(self.tr("Measured"))
        names = list(dict.fromkeys(name for table in card.figures.values() for name in table))
        rows = [
            (figure_name(name), [_shown(table, name) for table in card.figures.values()])
            for name in names
        ]
        self._add_table([set_name(data) for data in card.figures], {"": rows})

    def _add_groups(self, card: Card) -> None:
        """One row per group or condition, one column per figure."""
        if not card.groups:
            return
        self._add_title(self.tr("Measured by group"))
        names = list(dict.fromkeys(name for table in card.groups.values() for name in table))
        parts: dict[str, list[Line]] = {}
        for group, table in card.groups.items():
            data, text = group_name(group)
            parts.setdefault(data, []).append((text, [_shown(table, name) for name in names]))
        self._add_table([figure_name(name) for name in names], parts)

    def _add_table(self, titles: Sequence[str], parts: Mapping[str, Sequence[Line]]) -> None:
        """Rows in parts, each under its own heading; figures at the right of their columns."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS)
        for place, text in enumerate(titles, start=1):
            title = label(text, role="caption", wrap=len(titles) > FEW)
            title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            title.setMinimumWidth(LEAST_TITLE if len(text) > LONG_WORD else 0)
            grid.addWidget(title, 0, place)
        line = 1
        for heading, rows in parts.items():
            if heading:
                grid.addWidget(label(heading, role="caption"), line, 0)
                line += 1
            for name, texts in rows:
                grid.addWidget(label(name, role="soft"), line, 0)
                for place, text in enumerate(texts, start=1):
                    cell = label(text)
                    cell.setFont(numbers_font(Type.BODY))
                    grid.addWidget(cell, line, place, Qt.AlignmentFlag.AlignRight)
                line += 1
        grid.setColumnStretch(len(titles) + 1, 1)
        self._layout.addLayout(grid)

    def _add_facts(self, title: str, facts: Sequence[tuple[str, str]]) -> None:
        self._add_title(title)
        form = QFormLayout()
        form.setHorizontalSpacing(Space.L)
        form.setVerticalSpacing(Space.XS)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for name, value in facts:
            # A zero-width space after each eighth sign lets hashes and commands wrap.
            shown = label(_breakable(value), wrap=True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            key = label(name, role="caption")
            key.setFixedWidth(96)
            # On the first line of what may be several; the smaller type needs a nudge to its baseline.
            key.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            key.setContentsMargins(0, 2, 0, 0)
            form.addRow(key, shown)
        self._layout.addLayout(form)


def _shown(table: Mapping[str, Scalar], name: str) -> str:
    return figure_text(name, table[name]) if name in table else ""


def _breakable(text: str) -> str:
    words = text.split(" ")
    return " ".join(
        "\u200b".join(word[i : i + 16] for i in range(0, len(word), 16)) if len(word) > 24 else word
        for word in words
    )


def _scrolled(page: QWidget, name: str) -> QScrollArea:
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area

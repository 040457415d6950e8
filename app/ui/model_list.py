"""The models that reconstruct, grouped by kind, each with a tick and a way to its card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QToolButton, QVBoxLayout, QWidget

from app.inference.card import KINDS, Card, Kind
from app.ui.theme.icons import set_icon
from app.ui.theme.tokens import Space
from app.ui.widgets import ElidedLabel, column, label, row


def kind_name(kind: Kind | None) -> str:
    """A kind of reconstruction in words."""
    names: dict[Kind | None, str] = {
        "rgb": QCoreApplication.translate("ModelList", "RGB"),
        "sketch": QCoreApplication.translate("ModelList", "Sketch"),
        "gan": QCoreApplication.translate("ModelList", "GAN"),
    }
    return names.get(kind, "")


class ModelRow(QFrame):
    """One model.

    Attributes:
        card: the model's card.
        box: its tick.

    Signals:
        toggled: the tick was set or taken away.
        card_asked: the user wants to read the card.
    """

    toggled = Signal()
    card_asked = Signal(str)

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.setObjectName("modelRow")
        self.card = card
        self.box = QCheckBox()
        self.box.setAccessibleName(card.title)
        self.box.setToolTip(card.summary)
        self._name = ElidedLabel(card.title, mode=Qt.TextElideMode.ElideRight)
        about = QToolButton()
        set_icon(about, "info")
        about.setIconSize(QSize(16, 16))
        about.setFixedSize(24, 24)
        about.setToolTip(self.tr("Card of {0}").format(card.title))
        about.setAccessibleName(self.tr("Card of {0}").format(card.title))
        about.clicked.connect(lambda: self.card_asked.emit(card.name))
        inside = row(self.box, self._name, about)
        inside.setStretchFactor(self._name, 1)
        inside.setContentsMargins(Space.S, 1, Space.XS - 2, 1)
        self.setLayout(inside)
        self.setFixedHeight(28)
        self._name.installEventFilter(self)
        self.box.toggled.connect(self._show_chosen)
        self.box.toggled.connect(self.toggled)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """A click on the name is a click on the tick."""
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
            and self.box.isEnabled()
        ):
            self.box.toggle()
            return True
        return super().eventFilter(watched, event)

    def _show_chosen(self, chosen: bool) -> None:
        self.setProperty("chosen", chosen)
        self.style().unpolish(self)
        self.style().polish(self)


class ModelList(QWidget):
    """Every reconstruction model, RGB first.

    Signals:
        changed: other models are ticked.
        card_asked: name of a model whose card the user wants to read.
    """

    changed = Signal()
    card_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ModelRow] = []
        self._layout = QVBoxLayout()
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.XS + 2)
        self.setLayout(self._layout)
        self.setAccessibleName(self.tr("Models"))

    def set_cards(self, cards: Sequence[Card], chosen: Sequence[str]) -> None:
        """Show these models.

        Args:
            cards: of every stage; those that do not reconstruct are left out.
            chosen: names to tick; where none of them exists, the first kind's default is ticked.
        """
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        cards = [card for card in cards if card.task == "reconstruct"]
        names = [card.name for card in cards if card.name in chosen] or _first_default(cards)
        for kind in KINDS:
            group = [card for card in cards if card.kind == kind]
            if group:
                self._add_group(kind, group, names)
        self.changed.emit()

    def _add_group(self, kind: Kind, cards: Sequence[Card], chosen: Sequence[str]) -> None:
        group = QWidget()
        rows: list[QWidget] = [label(kind_name(kind), role="caption")]
        for card in cards:
            made = ModelRow(card)
            made.box.setChecked(card.name in chosen)
            made.toggled.connect(self.changed)
            made.card_asked.connect(self.card_asked)
            self.rows.append(made)
            rows.append(made)
        group.setLayout(column(*rows, gap=2))
        group.setFixedHeight(group.sizeHint().height())
        self._layout.addWidget(group)

    def chosen(self) -> tuple[Card, ...]:
        """The ticked models in their order."""
        return tuple(row.card for row in self.rows if row.box.isChecked())


def _first_default(cards: Sequence[Card]) -> list[str]:
    """The model that is taken when the user has not chosen."""
    first = [card for card in cards if card.default] or list(cards)
    return [first[0].name] if first else []

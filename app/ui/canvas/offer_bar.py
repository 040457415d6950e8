"""A small bar over the canvas: what can be done with what a tool has under way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from app.ui.actions import shown_keys
from app.ui.theme.tokens import Space
from app.ui.tools.base import Offer
from app.ui.widgets import label, row

FROM_TOP = 12
"""Logical pixels between the canvas's upper edge and the bar: messages lie at its foot."""


class OfferBar(QFrame):
    """Buttons with their keys beside them; hidden while there is nothing to do.

    Attributes:
        buttons: in the order of the offers.
    """

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("offerBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.tr("Selection under way"))
        self.buttons: list[QPushButton] = []
        self._keys: list[QLabel] = []
        self._inside = QWidget(self)
        self._texts: tuple[tuple[str, str], ...] = ()
        self._offers: tuple[Offer, ...] = ()
        outer = row(self._inside, gap=0)
        outer.setContentsMargins(Space.S, Space.XS + 2, Space.S, Space.XS + 2)
        self.setLayout(outer)
        host.installEventFilter(self)
        self.hide()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show these, or nothing."""
        self._offers = tuple(offers)
        texts = tuple((offer.text, offer.keys) for offer in offers)
        if texts != self._texts:
            self._texts = texts
            self._rebuild()
        self.setVisible(bool(texts))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Stay in the middle."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _rebuild(self) -> None:
        outer = self.layout()
        assert outer is not None
        outer.removeWidget(self._inside)
        self._inside.hide()
        self._inside.deleteLater()
        self._inside = QWidget()
        self.buttons, self._keys = [], []
        items: list[QWidget | int] = []
        for number, (text, keys) in enumerate(self._texts):
            button = QPushButton(text)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(f"{text}  ({shown_keys(keys)})")
            if number == 0:
                button.setProperty("role", "primary")
            button.clicked.connect(lambda _=False, at=number: self._do(at))
            self.buttons.append(button)
            key = label(shown_keys(keys), role="key")
            key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self._keys.append(key)
            items += [button, key, Space.S]
        self._inside.setLayout(row(*items[:-1], gap=Space.XS))
        outer.addWidget(self._inside)
        # Added to a bar that is seen already it would be shown, and measured, only at the next event.
        self._inside.show()

    def _do(self, number: int) -> None:
        # The focus goes back before the bar changes: a button that vanishes would pass it on.
        host = self.parentWidget()
        if host is not None:
            host.setFocus(Qt.FocusReason.OtherFocusReason)
        if number < len(self._offers):
            self._offers[number].do()

    def _place(self) -> None:
        host = self.parentWidget()
        if host is None or not self._texts:
            return
        for key in self._keys:
            key.setVisible(True)
        size = self._size()
        room = host.width() - 2 * FROM_TOP
        if size.width() > room:  # the tool tips name the keys too
            for key in self._keys:
                key.setVisible(False)
            size = self._size()
        width = min(size.width(), room)
        self.setGeometry((host.width() - width) // 2, FROM_TOP, width, size.height())
        self.raise_()

    def _size(self) -> QSize:
        """What the content asks for now, without waiting for the next event."""
        for widget in (self._inside, self):
            layout = widget.layout()
            if layout is not None:
                layout.invalidate()
                layout.activate()
        return self.sizeHint()

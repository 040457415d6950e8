"""The bars of the live view: what is watched and how, how quick it goes, and what became of it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QPushButton, QWidget

from app.inference.card import KINDS, Card
from app.ui.actions import Actions
from app.ui.bars import HEIGHT, Segmented
from app.ui.language import number
from app.ui.live.feed import Shown
from app.ui.model_list import kind_name
from app.ui.plain import plain_tip
from app.ui.sentences import in_language
from app.ui.theme.icons import icon, set_icon
from app.ui.theme.manager import numbers_font, theme
from app.ui.theme.tokens import Space
from app.ui.widgets import ICON, ElidedLabel, action_button, column, guard_wheel, label, row
from app.video.grab import clock
from app.video.look import Rates


class LiveTop(QFrame):
    """The source, the arrangement, zoom, and the way out."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self.setFixedHeight(HEIGHT)
        self.name = ElidedLabel(role="strong")
        self.about = ElidedLabel(role="caption", mode=Qt.TextElideMode.ElideRight)
        self._title = title = QWidget()
        title.setLayout(column(None, self.name, self.about, None, gap=1))
        self.modes = Segmented([actions["live_side"], actions["live_wipe"]])
        right = QWidget()
        zoom = (action_button(actions[key]) for key in ("zoom_out", "fit", "full_size", "zoom_in"))
        other, close = action_button(actions["live_other"]), action_button(actions["live_close"])
        right.setLayout(row(None, *zoom, Space.S, other, close, gap=2))
        inside = row(title, self.modes, right, gap=Space.M)
        inside.setStretch(0, 1)
        inside.setStretch(2, 1)
        inside.setContentsMargins(Space.L, 0, Space.S, 0)
        self.setLayout(inside)

    def say(self, name: str, about: str, *, tip: str = "") -> None:
        """Name the source; the tip has its whole path."""
        self.name.set_full_text(name)
        self.about.set_full_text(about)
        self._title.setToolTip(plain_tip(tip))


class LiveControls(QFrame):
    """Model, reconstruction, pause, and the frame.

    Attributes:
        model: the models.
        grab_button: the one button that counts.

    Signals:
        model_chosen: a model's name.
    """

    model_chosen = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("optionsBar")
        self.model = QComboBox()
        self.model.setAccessibleName(self.tr("Model"))
        self.model.setToolTip(self.tr("What the hypotheses are made with"))
        self.model.setMinimumWidth(250)
        self.model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        guard_wheel(self.model)
        self.model.activated.connect(lambda _: self.model_chosen.emit(self.chosen))
        self.fill = action_button(actions["live_fill"], text=True)
        self.pause = action_button(actions["live_pause"], text=True)
        # With words beside them the icons alone would not say whether they are on.
        for button in (self.fill, self.pause):
            button.setProperty("role", "")
        self.grab_button = QPushButton(actions["live_grab"].text())
        self.grab_button.setProperty("role", "primary")
        self.grab_button.setToolTip(actions["live_grab"].toolTip())
        set_icon_on_accent(self.grab_button, "camera")
        self.grab_button.clicked.connect(actions["live_grab"].trigger)
        grab_action = actions["live_grab"]
        grab_action.changed.connect(lambda: self.grab_button.setEnabled(grab_action.isEnabled()))
        inside = row(self.fill, self.model, Space.XS, self.pause, None, self.grab_button)
        inside.setContentsMargins(Space.S, Space.XS, Space.M, Space.XS)
        self.setLayout(inside)

    @property
    def chosen(self) -> str:
        """The model's name; empty where there is none."""
        return str(self.model.currentData() or "")

    def set_cards(self, cards: tuple[Card, ...], wanted: str) -> None:
        """Offer these models; the first kind's default where the wanted one is not there."""
        made = [card for kind in KINDS for card in cards if card.kind == kind]
        with QSignalBlocker(self.model):
            self.model.clear()
            for card in made:
                self.model.addItem(f"{card.title}  ({kind_name(card.kind)})", card.name)
            names = [card.name for card in made]
            default = next((card.name for card in made if card.default), "")
            name = wanted if wanted in names else default
            self.model.setCurrentIndex(names.index(name) if name in names else 0)
        self.model.setEnabled(bool(made))


class LiveFoot(QFrame):
    """How quick it goes, and which frame is shown.

    Attributes:
        rates, place: the two texts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("liveFoot")
        self.rates = ElidedLabel(role="caption", mode=Qt.TextElideMode.ElideRight)
        self.place = label(role="caption")
        for field in (self.rates, self.place):
            field.setFont(numbers_font())
        self.rates.setAccessibleName(self.tr("Frame rate"))
        self.rates.setToolTip(
            self.tr(
                "Frames that come, frames that are shown, and frames that were left out so that the "
                "picture never lags behind."
            )
        )
        inside = row(self.rates, self.place, gap=Space.L)
        inside.setStretchFactor(self.rates, 1)
        inside.setContentsMargins(Space.M, Space.XS, Space.M, Space.XS)
        self.setLayout(inside)

    def show_rates(self, rates: Rates | None, *, late_s: float = 0.0) -> None:
        """Say how quick it goes; None says nothing."""
        if rates is None:
            self.rates.set_full_text("")
            return
        self.rates.set_full_text(
            self.tr("captured {0}/s  ·  shown {1}/s  ·  dropped {2}  ·  {3} ms late").format(
                number(rates.captured, 1),
                number(rates.shown, 1),
                rates.dropped,
                round(late_s * 1000),
            )
        )

    def show_place(self, shown: Shown | None) -> None:
        """Say which frame is shown."""
        if shown is None:
            self.place.clear()
            return
        look = shown.look
        self.place.setText(
            self.tr("frame {0}  ·  {1}  ·  {2} UTC").format(
                look.frame.number, clock(look.seconds), f"{look.utc:%Y-%m-%d %H:%M:%S}"
            )
        )


class LiveNotice(QFrame):
    """One sentence about the source, and what can be done."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("messageBar")
        self._picture = label()
        self._picture.setFixedSize(ICON, ICON)
        self.text = label(wrap=True)
        self.again = QPushButton(actions["live_reconnect"].text())
        self.again.clicked.connect(actions["live_reconnect"].trigger)
        self.other = QPushButton(actions["live_other"].text())
        self.other.clicked.connect(actions["live_other"].trigger)
        for button, key in ((self.again, "live_reconnect"), (self.other, "live_other")):
            button.setToolTip(actions[key].toolTip())
        line = row(self._picture, Space.XS, self.text, self.again, self.other)
        line.setStretchFactor(self.text, 1)
        line.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        self.setLayout(line)
        self._level = ""
        theme().changed.connect(self._paint)
        self.hide()

    def say(self, sentence: str, *, level: str, again: str = "", other: bool = True) -> None:
        """Show a sentence; an empty one hides the bar.

        Args:
            sentence: in whatever language it came.
            level: "error", "warning" or "information".
            again: text of the button that opens the source once more; empty for none.
            other: offer another source.
        """
        self.setVisible(bool(sentence))
        if not sentence:
            return
        shown = in_language(sentence)
        self.text.setText(shown)
        self.setAccessibleName(shown)
        self.again.setText(again)
        self.again.setVisible(bool(again))
        self.other.setVisible(other)
        self._level = level
        self._paint()

    def _paint(self) -> None:
        names = {"error": ("warning-circle", "bad"), "warning": ("warning", "warn")}
        name, colour = names.get(self._level, ("info", "good"))
        tint = getattr(theme().tokens, colour)
        self._picture.setPixmap(icon(name, colour=tint).pixmap(ICON, ICON))
        self.setProperty("level", self._level)
        self.style().unpolish(self)
        self.style().polish(self)


def set_icon_on_accent(button: QPushButton, name: str) -> None:
    """An icon on the one button in the accent's colour."""
    set_icon(_OnAccent(button, name), name)


class _OnAccent:
    """Gives a button its icon in the colour of the text on it."""

    def __init__(self, button: QPushButton, name: str) -> None:
        self._button, self._name = button, name

    def setIcon(self, _: object, /) -> None:
        """Called at first and whenever the theme changes."""
        self._button.setIcon(icon(self._name, colour=theme().tokens.on_accent))

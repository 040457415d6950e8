"""The bar of the comparison: in which way, which two pictures, and how many of those made are shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QPushButton, QWidget

from app.ui.actions import Actions
from app.ui.bars import Segmented
from app.ui.difference import DEFAULT_GAIN, GAINS, Kind, colours
from app.ui.language import number
from app.ui.pair_view import DEFAULT_RATE, RATES
from app.ui.panes import difference_ends, difference_legend
from app.ui.sides import Side, SideKey
from app.ui.theme.tokens import Space
from app.ui.widgets import ElidedBox, action_button, column, guard_wheel, label, row

MODES = ("compare_grid", "compare_wipe", "compare_blink", "compare_difference")
KINDS: tuple[Kind, ...] = ("signed", "absolute")
ROOM_FOR_ONE_LINE = 720
"""Logical pixels that both pictures and what belongs to the mode take beside each other."""

NAME_CHARACTERS = 12
"""So many characters a list of pictures shows at least, however narrow the window."""


class CompareBar(QFrame):
    """How the comparison compares.

    Attributes:
        first, second: which pictures are A and B.
        rate: of blink.
        kind, gain: of the difference.
        count: how many of the hypotheses made are shown.
        everything: shows those that were left out, too.

    Signals:
        pair_changed: other pictures are A and B.
        rate_changed: changes per second.
        difference_changed: kind or gain are others.
        all_asked: every hypothesis is to be shown.
    """

    pair_changed = Signal()
    rate_changed = Signal(float)
    difference_changed = Signal()
    all_asked = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("optionsBar")
        self._sides: dict[SideKey, Side] = {}
        modes = Segmented([actions[key] for key in MODES])
        self.count = label(role="caption")
        self.everything = QPushButton(self.tr("Show all"))
        self.everything.setProperty("role", "link")
        self.everything.clicked.connect(self.all_asked)
        first_line = row(modes, None, self.count, self.everything)
        first_line.setContentsMargins(Space.M, Space.XS, Space.M, Space.XS)
        self.first = self._list("A")
        self.second = self._list("B")
        swap = action_button(actions["compare_swap"], size=26)
        self.rate = QComboBox()
        for rate in RATES:
            shown = number(rate, 0 if rate.is_integer() else 1)
            self.rate.addItem(self.tr("{0} per second").format(shown), rate)
        self.rate.setCurrentIndex(RATES.index(DEFAULT_RATE))
        self.rate.setAccessibleName(self.tr("Changes per second"))
        self.rate.setToolTip(
            self.tr(
                "How often A and B change. Never more than three times a second: faster flashing can "
                "harm people with photosensitive epilepsy."
            )
        )
        self.stop = action_button(actions["blink_stop"], size=26)
        self.kind = QComboBox()
        self.kind.addItem(self.tr("Signed"), "signed")
        self.kind.addItem(self.tr("Absolute"), "absolute")
        self.kind.setAccessibleName(self.tr("Kind of difference"))
        self.kind.setToolTip(
            self.tr("Signed: B minus A. Absolute: how far apart, which sees a change of hue too.")
        )
        self.gain = QComboBox()
        for gain in GAINS:
            self.gain.addItem(self.tr("Gain {0}").format(f"× {gain}"), gain)
        self.gain.setCurrentIndex(GAINS.index(DEFAULT_GAIN))
        self.gain.setAccessibleName(self.tr("Gain of the difference"))
        self.gain.setToolTip(self.tr("How much the difference is amplified"))
        self.legend = difference_legend("signed", DEFAULT_GAIN)
        self._largest = label(role="caption")
        for field in (self.first, self.second, self.rate, self.kind, self.gain):
            guard_wheel(field)
        self._pair = QWidget()
        self._more = QWidget()
        self._more.setLayout(row(self.rate, self.stop, self.kind, self.gain))
        second_line = row(
            label("A", role="strong"),
            self.first,
            swap,
            label("B", role="strong"),
            self.second,
        )
        self._second_line = second_line
        second_line.setStretchFactor(self.first, 1)
        second_line.setStretchFactor(self.second, 1)
        second_line.setContentsMargins(Space.M, 0, Space.M, Space.XS)
        self._pair.setLayout(second_line)
        self._third_line = row(None)
        self._third_line.setContentsMargins(Space.M, 0, Space.M, 0)
        self._broken = False
        second_line.addWidget(self._more)
        self.setLayout(column(first_line, self._pair, self._third_line, gap=0))
        self.first.currentIndexChanged.connect(self.pair_changed)
        self.second.currentIndexChanged.connect(self.pair_changed)
        self.rate.currentIndexChanged.connect(
            lambda: self.rate_changed.emit(self.rate.currentData())
        )
        self.kind.currentIndexChanged.connect(self._difference)
        self.gain.currentIndexChanged.connect(self._difference)
        self.show_mode("compare_grid")

    def _list(self, name: str) -> ElidedBox:
        made = ElidedBox(characters=NAME_CHARACTERS)
        made.setAccessibleName(self.tr("Picture {0}").format(name))
        return made

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """In a narrow window what belongs to the mode gets a line of its own."""
        super().resizeEvent(event)
        broken = self.width() < ROOM_FOR_ONE_LINE
        if broken == self._broken:
            return
        self._broken = broken
        from_line, to_line = self._second_line, self._third_line
        if not broken:
            from_line, to_line = to_line, from_line
        from_line.removeWidget(self._more)
        to_line.addWidget(self._more)
        self._third_line.setContentsMargins(Space.M, 0, Space.M, Space.XS if broken else 0)

    # --- what it says --------------------------------------------------------------------------

    def show_mode(self, key: str) -> None:
        """Offer what belongs to a mode."""
        self._pair.setVisible(key != "compare_grid")
        for field in (self.rate, self.stop):
            field.setVisible(key == "compare_blink")
        for field in (self.kind, self.gain):
            field.setVisible(key == "compare_difference")
        self._more.setVisible(key in ("compare_blink", "compare_difference"))

    def show_sides(self, sides: Sequence[Side]) -> None:
        """Offer these pictures; what was chosen stays chosen while it is there."""
        before = self.pair
        self._sides = {side.key: side for side in sides}
        first_hypothesis = next(
            (index for index, side in enumerate(sides) if side.hypothesis is not None), 0
        )
        for box, chosen, default in (
            (self.first, before[0], 0),
            (self.second, before[1], first_hypothesis),
        ):
            with QSignalBlocker(box):
                box.clear()
                number = 0
                for side in sides:
                    number += side.hypothesis is not None
                    made = side.hypothesis is not None
                    text = f"{number}  {side.short_name}" if made else side.name
                    box.addItem(text)
                    box.setItemData(box.count() - 1, side.name, Qt.ItemDataRole.ToolTipRole)
                keys = list(self._sides)
                kept = chosen is not None and chosen.key in keys
                box.setCurrentIndex(keys.index(chosen.key) if kept and chosen else default)
            self._widen(box)
        self.pair_changed.emit()

    def show_count(self, shown: int, made: int) -> None:
        """Say how many of the hypotheses made are shown."""
        self.count.setText(self.tr("showing {0} of {1}").format(shown, made) if made else "")
        self.everything.setVisible(shown < made)

    @property
    def pair(self) -> tuple[Side | None, Side | None]:
        """What A and B are."""
        sides = list(self._sides.values())

        def side(box: QComboBox) -> Side | None:
            index = box.currentIndex()
            return sides[index] if 0 <= index < len(sides) else None

        return side(self.first), side(self.second)

    def swap(self) -> None:
        """A becomes B."""
        first, second = self.first.currentIndex(), self.second.currentIndex()
        with QSignalBlocker(self.first), QSignalBlocker(self.second):
            self.first.setCurrentIndex(second)
            self.second.setCurrentIndex(first)
        self.pair_changed.emit()

    def choose_second(self, key: SideKey) -> None:
        """Make a picture B."""
        if key in self._sides:
            self.second.setCurrentIndex(list(self._sides).index(key))

    def _difference(self) -> None:
        kind = KINDS[self.kind.currentIndex()]
        gain = GAINS[self.gain.currentIndex()]
        self.legend.set_colours(colours(kind), difference_ends(kind, gain))
        self.difference_changed.emit()

    def _widen(self, box: QComboBox) -> None:
        """Let the opened list show its names in full."""
        metrics = box.fontMetrics()
        widest = max(
            (metrics.horizontalAdvance(box.itemText(i)) for i in range(box.count())), default=0
        )
        box.view().setMinimumWidth(min(widest + 48, 640))

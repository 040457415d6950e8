"""The foot of the inspector: the one primary button of the window, and the queue of what it started."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions import Actions, shown_keys
from app.ui.controller import Controller
from app.ui.estimates import in_words
from app.ui.plain import plain_tip
from app.ui.runs import RunItem, Runs
from app.ui.session import PhotoSession, Stage
from app.ui.theme.icons import set_icon
from app.ui.theme.tokens import Space
from app.ui.widgets import ElidedLabel, column, label, row

MOST_ROWS = 4
"""So many rows of the queue are seen at once; the rest scrolls."""

ROW_HEIGHT = 46
TICK_MS = 1000
"""How often the remaining time is said anew."""


class QueueRow(QFrame):
    """One model's run in the queue.

    Attributes:
        item: the run.
        status: where it stands, in words.
        bar: how far it is.
        stop: cancels it, or dismisses it when it has failed.
    """

    def __init__(self, runs: Runs, item: RunItem) -> None:
        super().__init__()
        self.item = item
        self.setObjectName("queueRow")
        self.setFixedHeight(ROW_HEIGHT)
        self.title = ElidedLabel(item.card.title, mode=Qt.TextElideMode.ElideRight)
        self.status = ElidedLabel(role="caption", mode=Qt.TextElideMode.ElideRight)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of {0}").format(item.card.title))
        self.stop = QToolButton()
        set_icon(self.stop, "x")
        self.stop.setIconSize(QSize(14, 14))
        self.stop.setFixedSize(22, 22)
        self.stop.clicked.connect(lambda: runs.cancel_item(item))
        texts = column(self.title, self.status, self.bar, gap=2)
        inside = row(texts, self.stop, gap=Space.XS)
        inside.setStretchFactor(texts, 1)
        self.setLayout(inside)
        item.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say where the run stands now."""
        item = self.item
        failed = item.state == "failed"
        role = "warning" if failed else "caption"
        if self.status.property("role") != role:  # its style costs more than all the rest
            self.status.setProperty("role", role)
            self.status.style().unpolish(self.status)
            self.status.style().polish(self.status)
        self.status.set_full_text(self._status())
        self.bar.setVisible(item.state == "running")
        self.bar.setValue(round(item.fraction * 1000))
        title = item.card.title
        word = self.tr("Dismiss {0}") if failed else self.tr("Cancel {0}")
        self.stop.setToolTip(word.format(title))
        self.stop.setAccessibleName(word.format(title))
        self.stop.setEnabled(not item.cancelled)
        sentence = item.failure.sentence if item.failure is not None else item.message
        self.setToolTip(plain_tip(sentence))

    def _status(self) -> str:
        item = self.item
        if item.state == "failed":
            return self.tr("failed: {0}").format(item.failure.sentence if item.failure else "")
        if item.cancelled:
            return self.tr("stopping…")
        if item.hypotheses > 1:
            what = self.tr("{0} hypotheses · seed {1}").format(item.hypotheses, item.seed)
        else:
            what = self.tr("1 hypothesis · seed {0}").format(item.seed)
        if item.state == "waiting":
            return self.tr("waiting · {0} · {1}").format(what, item.photo.name)
        left = item.remaining()
        time = self.tr("about {0} left").format(in_words(left)) if left is not None else ""
        share = f"{item.fraction * 100:.0f} %"
        return " · ".join(part for part in (share, time, what, item.photo.name) if part)


class RunBar(QFrame):
    """Starts runs, shows those that wait, run or have failed, and stops them.

    Attributes:
        button: starts a run, or adds one to the queue.
        rows: the queue.
        message: how much is left of all of it.
        cancel: stops everything.
        why: why there is nothing to run yet.
    """

    def __init__(self, controller: Controller, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._runs = controller.runs
        self._photo: PhotoSession | None = None
        self._action = actions["run"]
        self.button = QPushButton()
        self.button.setProperty("role", "primary")
        self.button.setToolTip(actions["run"].toolTip())
        self.button.clicked.connect(actions["run"].trigger)
        self.message = ElidedLabel(role="soft")
        self.cancel = QPushButton(self.tr("Cancel all"))
        self.cancel.setToolTip(actions["cancel"].toolTip())
        self.cancel.clicked.connect(self._runs.cancel)
        self._head = QWidget()
        head = row(self.message, self.cancel)
        head.setStretchFactor(self.message, 1)
        self._head.setLayout(head)
        self.rows: list[QueueRow] = []
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(Space.XS)
        inside = QWidget()
        inside.setObjectName("panelBody")
        inside.setLayout(self._list)
        self._area = QScrollArea()
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setAccessibleName(self.tr("Queue"))
        self.why: QLabel = label(role="caption", wrap=True)
        outer = column(self._head, self._area, self.button, self.why, gap=Space.S)
        outer.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self.setLayout(outer)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._tick)
        actions["run"].changed.connect(self._refresh)
        self._runs.changed.connect(self._refresh)
        self._runs.moved.connect(self._say_rest)
        self._refresh()

    def show_photo(self, photo: PhotoSession | None) -> None:
        """Speak of another photo."""
        if self._photo is not None:
            self._photo.stage_changed.disconnect(self._refresh)
            self._photo.map_edited.disconnect(self._refresh)
        self._photo = photo
        if photo is not None:
            photo.stage_changed.connect(self._refresh)
            photo.map_edited.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        running = self._runs.running
        self._follow_queue()
        self._head.setVisible(running)
        self._area.setVisible(bool(self.rows))
        if running != self._clock.isActive():
            if running:
                self._clock.start()
            else:
                self._clock.stop()
        self._say_rest()
        self.button.setText(self.tr("Add to the queue") if running else self.tr("Reconstruct"))
        self.button.setEnabled(self._action.isEnabled())
        why = "" if self._action.isEnabled() else self._why()
        self.why.setText(why)
        self.why.setVisible(bool(why))

    def _follow_queue(self) -> None:
        """Rows come and go with the queue's items; those that stay are kept."""
        items = self._runs.items
        for gone in [row_ for row_ in self.rows if row_.item not in items]:
            self.rows.remove(gone)
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        shown = [row_.item for row_ in self.rows]
        for item in items:
            if item not in shown:
                made = QueueRow(self._runs, item)
                self.rows.append(made)
                self._list.addWidget(made)
        seen = min(len(self.rows), MOST_ROWS)
        self._area.setFixedHeight(seen * ROW_HEIGHT + max(seen - 1, 0) * Space.XS)

    def _tick(self) -> None:
        for each in self.rows:
            each.refresh()
        self._say_rest()

    def _say_rest(self) -> None:
        """How much is left of everything, as far as that can be known."""
        left, complete = self._runs.remaining()
        count = len(self._runs.pending)
        runs = self.tr("1 run") if count == 1 else self.tr("{0} runs").format(count)
        if complete:
            text = self.tr("{0} · about {1} left").format(runs, in_words(left))
        elif left > 0:
            text = self.tr("{0} · at least {1} left").format(runs, in_words(left))
        else:
            text = self.tr("{0} · time not known yet").format(runs)
        self.message.set_full_text(text)

    def _why(self) -> str:
        """Why there is nothing to run yet."""
        photo = self._photo
        if photo is None or photo.stage is Stage.FAILED or photo.document is None:
            return ""
        if not photo.faces:
            return self.tr("A reconstruction needs a face.")
        if not photo.masked:
            return self.tr("The map is empty. Paint it over the mask with the brush ({0}).").format(
                shown_keys("B")
            )
        return self.tr("Tick at least one model.")

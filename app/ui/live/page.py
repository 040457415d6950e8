"""The page of the live view: nothing but the ways to a source, or the source with its bars."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui.actions import Actions
from app.ui.canvas.camera import Camera
from app.ui.jobs import JobQueue
from app.ui.live.bar import LiveControls, LiveFoot, LiveNotice, LiveTop
from app.ui.live.chooser import SourceChooser
from app.ui.live.feed import LiveFeed
from app.ui.live.screen import LiveScreen
from app.ui.settings import Settings
from app.ui.theme.tokens import Space
from app.ui.widgets import column, row
from app.video.camera import cameras
from app.workbench import Workbench

REFRESH_MS = 500
"""How often the frame rates are written anew: numbers that change faster cannot be read."""


class LivePage(QWidget):
    """Everything that is seen of the live view.

    Attributes:
        feed: what is watched.
        chooser, screen: what stands in the middle.
        top, controls, notice, foot: the bars.

    Signals:
        refreshed: something can be done now, or no more.
    """

    refreshed = Signal()

    def __init__(
        self, bench: Workbench, jobs: JobQueue, actions: Actions, settings: Settings
    ) -> None:
        super().__init__()
        self._bench, self._jobs, self._actions, self._settings = bench, jobs, actions, settings
        self.feed = LiveFeed(bench, self)
        self.chooser = SourceChooser()
        self.screen_ = LiveScreen()
        self.top = LiveTop(actions)
        self.controls = LiveControls(actions)
        self.notice = LiveNotice(actions)
        self.foot = LiveFoot()
        watching = QWidget()
        notice = row(self.notice)
        notice.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        self._notice_row = QWidget()
        self._notice_row.setLayout(notice)
        inside = column(self.controls, self._notice_row, self.screen_, self.foot, gap=0)
        inside.setStretchFactor(self.screen_, 1)
        watching.setLayout(inside)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.chooser)
        self.stack.addWidget(watching)
        whole = column(self.top, self.stack, gap=0)
        whole.setStretchFactor(self.stack, 1)
        self.setLayout(whole)
        self._clock = QTimer(self)
        self._clock.setInterval(REFRESH_MS)
        self._clock.timeout.connect(self._show_rates)
        self._usable = False
        self.feed.changed.connect(self.refresh)
        self.feed.shown.connect(self._show_frame)
        self.controls.model_chosen.connect(self._choose)
        self.chooser.cameras_asked.connect(self.look_for_cameras)
        self._cards = False
        self.refresh()

    @property
    def camera(self) -> Camera:
        """What is seen of the picture."""
        return self.screen_.camera

    @property
    def foot_height(self) -> int:
        """Of what must stay readable below the pictures, in logical pixels."""
        if self.feed.video is None:
            return 0
        return self.foot.height() + self.screen_.original_name.height()

    def main_stop(self) -> QWidget:
        """Where the keys go at first."""
        return self.chooser.main_stop() if self.feed.video is None else self.screen_.main_view()

    # --- what is watched, and how ----------------------------------------------------------------

    def prepare(self) -> None:
        """Offer the models, and reconstruct with the one that was chosen last."""
        if not self._cards:
            self._cards = True
            wanted = self._settings.text("live/model")
            self.controls.set_cards(self._bench.models, wanted)
            self._actions["live_fill"].setChecked(bool(self.controls.chosen))
            self.switch_fill()

    def switch_fill(self) -> None:
        """Reconstruct, or show the source alone."""
        fills = self._actions["live_fill"].isChecked()
        self.feed.choose(self.controls.chosen or None if fills else None)

    def _choose(self, name: str) -> None:
        self._settings.set("live/model", name)
        self._actions["live_fill"].setChecked(True)
        self.feed.choose(name)

    def look_for_cameras(self) -> None:
        """Ask the system which cameras there are."""
        job = self._jobs.submit(
            lambda _: cameras(), title=self.tr("Looking for cameras"), lane="background"
        )
        job.done.connect(self.chooser.show_cameras)

    # --- what is shown -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the state of the source."""
        video = self.feed.video
        self.stack.setCurrentIndex(0 if video is None else 1)
        self.top.modes.setVisible(video is not None)
        fills = self.feed.model is not None
        self.screen_.arrange(fills=fills, wipes=self._actions["live_wipe"].isChecked())
        if video is None:
            self.top.say(self.tr("Live view"), self.tr("Nothing is watched"))
            self._clock.stop()
            self.refreshed.emit()
            return
        if video.trouble and fills:
            # The model does not work: the source is shown alone, and the sentence says why.
            self._actions["live_fill"].setChecked(False)
            return
        self._say_state()
        self._show_names()
        info = video.info
        kind = {
            "camera": self.tr("camera"),
            "stream": self.tr("stream"),
            "file": self.tr("video file"),
        }[video.source.kind]
        size = f"{info.width} × {info.height}  ·  " if info is not None else ""
        source = video.source
        name = Path(source.address).name if source.kind == "file" else source.name
        self.top.say(name, f"{size}{kind}", tip=source.name)
        if video.state == "running" and self.isVisible():
            self._clock.start()
        else:
            self._clock.stop()
        self._show_rates()
        self.refreshed.emit()

    def _say_state(self) -> None:
        video = self.feed.video
        assert video is not None
        again = self.tr("Reconnect")
        if video.state == "lost":
            self.notice.say(video.why, level="error", again=again)
        elif video.state == "ended":
            self.notice.say(
                self.tr("The video has ended."), level="information", again=self.tr("Play again")
            )
        else:
            self.notice.say(video.trouble, level="warning", other=False)
        self._notice_row.setVisible(self.notice.isVisibleTo(self._notice_row))
        badge = self.tr("Paused") if self.feed.paused else ""
        if video.state == "lost":
            badge = self.tr("Last frame")
        self.screen_.set_badge(badge)
        opening = self.tr("Opening {0}…").format(video.source.name)
        self.screen_.say(
            opening if video.state in ("opening", "running") else "",
            made=self.tr("Loading the model…") if video.loading else "",
        )

    def _show_names(self) -> None:
        shown = self.feed.newest
        look = shown.look if shown is not None else None
        screen = self.screen_
        wipes = self.feed.model is not None and self._actions["live_wipe"].isChecked()
        first, second = ("A  ", "B  ") if wipes else ("", "")
        title = first + self.tr("Original")
        screen.original_name.say(title, self.tr("As it came; this is what is grabbed"))
        if look is None or not look.label:
            details = ""
        elif look.faces:
            count = look.faces
            details = (
                self.tr("1 masked face filled in")
                if count == 1
                else self.tr("{0} masked faces filled in").format(count)
            )
        else:
            details = self.tr("No masked face in sight")
        screen.made_name.say(second + self.tr("Hypothesis, not an identification"), details)

    def _show_frame(self) -> None:
        shown = self.feed.newest
        self.screen_.show_frame(shown)
        self.foot.show_place(shown)
        self._show_names()
        usable = shown is not None
        if usable != self._usable:
            self._usable = usable
            self.refreshed.emit()

    def _show_rates(self) -> None:
        video, shown = self.feed.video, self.feed.newest
        if video is None or video.state != "running" or self.feed.paused:
            self.foot.show_rates(None)
            return
        self.foot.show_rates(video.rates(), late_s=shown.look.late_s if shown is not None else 0.0)

    # --- seen or not ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent, /) -> None:
        """Go on."""
        super().showEvent(event)
        self.feed.set_watched(True)
        self.refresh()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Nothing is worked on unseen."""
        super().hideEvent(event)
        self.feed.set_watched(False)
        self._clock.stop()

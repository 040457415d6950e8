"""The page of the comparison that shows two pictures in one place, with what they are below."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.ui.canvas.camera import Camera
from app.ui.compare_bar import KINDS, CompareBar
from app.ui.difference import GAINS, Difference, difference_of
from app.ui.jobs import Failure, Job, JobQueue
from app.ui.language import number
from app.ui.pair_view import PairMode, PairView
from app.ui.sides import Side
from app.ui.theme.tokens import Space
from app.ui.widgets import ElidedLabel, column, label, row


class PairPage(QWidget):
    """Sides A and B, compared in one of three ways.

    Attributes:
        view: the picture.
        first, second: captions of A and B.
        message: what the difference says, or why there is none.

    Signals:
        hovered: the photo point under the pointer, or None.
        failed: a :class:`Failure`.
    """

    hovered = Signal(object)
    failed = Signal(object)

    def __init__(self, camera: Camera, bar: CompareBar, jobs: JobQueue) -> None:
        super().__init__()
        self._bar = bar
        self._jobs = jobs
        self._job: Job | None = None
        self._sides: tuple[Side | None, Side | None] = (None, None)
        self._computed: tuple[object, ...] = ()
        self.view = PairView(camera)
        self.view.hovered.connect(self.hovered)
        self.view.flipped.connect(self._name)
        self.first = _Name("A")
        self.second = _Name("B")
        self.message = label(role="caption")
        bar.legend.hide()
        caption = QFrame()
        caption.setObjectName("paneCaption")
        inside = row(self.first, self.second, self.message, bar.legend, gap=Space.M)
        inside.setStretchFactor(self.first, 1)
        inside.setStretchFactor(self.second, 1)
        inside.setContentsMargins(Space.M, Space.XS + 2, Space.M, Space.XS + 2)
        caption.setLayout(inside)
        whole = column(self.view, caption, gap=0)
        whole.setStretchFactor(self.view, 1)
        self.setLayout(whole)
        bar.rate_changed.connect(self.view.set_rate)
        bar.difference_changed.connect(self._difference)

    def set_mode(self, mode: PairMode) -> None:
        """Compare in another way."""
        self.view.set_mode(mode)
        self._bar.legend.setVisible(mode == "difference")
        self.message.setVisible(mode == "difference")
        self._difference()
        self._name()

    def show_pair(self, first: Side | None, second: Side | None) -> None:
        """Compare these two."""
        self._sides = (first, second)
        self.view.set_sides(first.layers if first else (), second.layers if second else ())
        self.first.show_side(first)
        self.second.show_side(second)
        mode = {
            "wipe": self.tr("Wipe"),
            "blink": self.tr("Blink"),
            "difference": self.tr("Difference"),
        }[self.view.mode]
        names = [side.name for side in self._sides if side is not None]
        self.view.setAccessibleName(f"{mode}: {' / '.join(names)}")
        self._difference()
        self._name()

    def forget(self) -> None:
        """Let go of everything of a photo."""
        self._stop()
        self._computed = ()
        self.view.difference.difference = None
        self.show_pair(None, None)

    # --- the difference ------------------------------------------------------------------------

    def _difference(self) -> None:
        self.view.difference.gain = GAINS[self._bar.gain.currentIndex()]
        self.view.update()
        if self.view.mode != "difference" or None in self._sides:
            return
        first, second = self._sides
        assert first is not None
        assert second is not None
        kind = KINDS[self._bar.kind.currentIndex()]
        wanted = (first.key, second.key, kind)
        if wanted == self._computed:
            return
        self._stop()
        self._computed = wanted
        self.view.difference.difference = None
        if "map" in (first.key[0], second.key[0]):
            self.message.setText(self.tr("A map has no difference; choose pictures."))
            return
        if first.key == second.key:
            self.message.setText(self.tr("Twice the same picture; choose another."))
            return
        self.message.setText(self.tr("Comparing…"))
        one, other = first.hypothesis, second.hypothesis
        job = self._jobs.submit(
            lambda ticket: difference_of(one, other, kind, check=ticket.check),
            title=self.tr("Comparing"),
            lane="edit",
        )
        self._job = job
        job.done.connect(partial(self._take, wanted))
        job.failed.connect(self._not_compared)

    def _take(self, wanted: tuple[object, ...], found: Difference) -> None:
        if wanted != self._computed:
            return
        self.view.difference.difference = found
        share = self.tr("largest {0} %").format(number(found.largest * 100, 1))
        self.message.setText(share if found.largest else self.tr("no difference"))
        self.view.update()

    def _not_compared(self, failure: Failure) -> None:
        self._computed = ()
        self.message.setText(self.tr("not compared"))
        self.failed.emit(failure)

    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None and not job.ended:
            job.cancel()

    # --- captions ------------------------------------------------------------------------------

    def _name(self) -> None:
        """In blink the side that is shown stands out."""
        blink = self.view.mode == "blink"
        self.first.set_shown(not blink or not self.view.second_shown)
        self.second.set_shown(not blink or self.view.second_shown)


class _Name(QWidget):
    """A letter, and what stands for it."""

    def __init__(self, letter: str) -> None:
        super().__init__()
        self._letter = label(letter, role="strong")
        self._letter.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.title = ElidedLabel(role="strong", mode=Qt.TextElideMode.ElideRight)
        self.details = ElidedLabel(role="caption", mode=Qt.TextElideMode.ElideRight)
        texts = column(self.title, self.details, gap=1)
        inside = row(self._letter, texts)
        inside.setStretchFactor(texts, 1)
        self.setLayout(inside)

    def show_side(self, side: Side | None) -> None:
        """Name a side."""
        self.title.set_full_text(side.title if side is not None else "")
        self.details.set_full_text(side.details if side is not None else "")

    def set_shown(self, shown: bool) -> None:
        """Whether the picture of this name is seen now."""
        for each in (self._letter, self.title):
            each.setEnabled(shown)

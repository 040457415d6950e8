"""The comparison: photo, map and hypotheses in a grid, or two of them in one place; one zoom for all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from app.imaging.edit import Rectangle
from app.ui.actions import Actions
from app.ui.canvas.camera import Camera
from app.ui.compare_bar import MODES, CompareBar
from app.ui.compare_grid import CompareGrid
from app.ui.jobs import JobQueue
from app.ui.labels import MARK_AFTER_MS, made_with_another_map
from app.ui.map_document import MapDocument
from app.ui.pair_page import PairPage
from app.ui.pair_view import PairMode
from app.ui.panes import Pane
from app.ui.session import Hypothesis, PhotoSession
from app.ui.sides import Side, SideKey, map_details, photo_side, sides_of
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

AROUND_FACE = 0.5
"""How much of a face's size is shown around it at first."""

WORTH_IT = 1.5
"""How much larger the faces must become, for the comparison not to begin with the whole photo."""

DIGITS = 9
"""So many hypotheses have a key of their own."""


class CompareView(QWidget):
    """Bar and pages of the comparison.

    Attributes:
        camera: shared by every picture.
        bar: in which way is compared.
        grid: every picture side by side.
        pair: two pictures in one place.

    Signals:
        hovered: the photo point under the pointer, or None.
        rebuilt: other pictures are shown.
        failed: a :class:`Failure`.
    """

    hovered = Signal(object)
    rebuilt = Signal()
    failed = Signal(object)

    def __init__(
        self, camera: Camera, actions: Actions, jobs: JobQueue, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compareGrid")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.camera = camera
        self.bar = CompareBar(actions)
        self.grid = CompareGrid(camera)
        self.pair = PairPage(camera, self.bar, jobs)
        self._actions = actions
        self._sides: dict[SideKey, Side] = {}
        self._document: MapDocument | None = None
        self._stale = False
        self._photo: PhotoSession | None = None
        self._spread_shown = True
        self._untouched = True
        self._mode = MODES[0]
        self._later = QTimer(self, singleShot=True, interval=MARK_AFTER_MS)
        self._later.timeout.connect(self._mark)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._catch_up)
        self._pages = QStackedWidget()
        self._empty = self._make_empty(actions)
        for page in (self.grid, self.pair, self._empty):
            self._pages.addWidget(page)
        whole = column(self.bar, self._pages, gap=0)
        whole.setStretchFactor(self._pages, 1)
        self.setLayout(whole)
        self.grid.hovered.connect(self.hovered)
        self.pair.hovered.connect(self.hovered)
        self.pair.failed.connect(self.failed)
        self.grid.unticked.connect(lambda hypothesis: self._choose(hypothesis, False))
        self.bar.pair_changed.connect(self._show_pair)
        self.bar.all_asked.connect(self.show_all)
        actions["compare_swap"].triggered.connect(self.bar.swap)
        actions["blink_stop"].toggled.connect(
            lambda stopped: self.pair.view.set_blinking(not stopped)
        )
        self.pair.view.flipped.connect(
            lambda: actions["blink_stop"].setChecked(not self.pair.view.blinking)
        )
        for key in MODES:
            actions[key].toggled.connect(
                lambda chosen, key=key: self.set_mode(key) if chosen else None
            )
        self._digits = [self._make_digit(number) for number in range(1, DIGITS + 1)]

    @property
    def panes(self) -> list[Pane]:
        """Of the grid: photo, map, every hypothesis that is chosen, the uncertainty of each run."""
        return self.grid.panes

    @property
    def catching_up(self) -> bool:
        """Whether there are hypotheses that will be shown in one of the loop's next turns."""
        return self._soon.isActive()

    def show_photo(self, photo: PhotoSession | None) -> None:
        """Compare what was made of another photo."""
        if self._photo is not None:
            self._photo.hypotheses_changed.disconnect(self._catch_up)
            self._photo.photo_changed.disconnect(self._begin_anew)
            self._photo.map_made.disconnect(self._begin_anew)
            self._photo.map_edited.disconnect(self._name_map)
            self._photo.map_edited.disconnect(self._later.start)
        self._photo = photo
        self._untouched = True
        if photo is not None:
            photo.hypotheses_changed.connect(self._catch_up)
            photo.photo_changed.connect(self._begin_anew)
            photo.map_made.connect(self._begin_anew)
            photo.map_edited.connect(self._name_map)
            photo.map_edited.connect(self._later.start)
        self._begin_anew()

    def _catch_up(self) -> None:
        """Show other hypotheses, many of them in a later turn of the loop: panes take a while to make.

        While hidden panes are made as well, so that it does not take longer to show them.
        """
        found = sides_of(self._photo, spread=self._spread_shown)
        if not self._sides.keys() <= {side.key for side in found}:
            self.rebuild()
            return
        self._take(found)
        if self.grid.prepare(self._sides.values()):
            self.rebuild()
        else:
            self._soon.start()

    def _take(self, found: Iterable[Side]) -> None:
        # The map's tiles are costly and follow its edits: the side that has them stays.
        self._sides = {side.key: self._sides.get(side.key, side) for side in found}
        self._follow_map()

    def rebuild(self) -> None:
        """Bring the pictures up to date, or do so once they are seen; what stays is kept."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self._soon.stop()
        photo = self._photo
        self._take(sides_of(photo, spread=self._spread_shown))
        sides = list(self._sides.values())
        size = photo.size if photo is not None and photo.size is not None else (1, 1)
        self.grid.show_sides(sides, aspect=size[0] / size[1])
        self._name_map()
        self._mark()
        self.bar.show_sides([side for side in sides if side.key[0] != "spread"])
        made = photo.hypotheses if photo is not None else ()
        self.bar.show_count(sum(each.chosen for each in made), len(made))
        self._choose_page()
        if self._untouched and sides:
            self._untouched = False
            self._show_faces([side.hypothesis for side in sides if side.hypothesis is not None])
        self.rebuilt.emit()

    # --- in which way --------------------------------------------------------------------------

    def set_mode(self, key: str) -> None:
        """Compare in another way: one of :data:`MODES`."""
        self._mode = key
        self.bar.show_mode(key)
        if key != MODES[0]:
            self.pair.set_mode(cast(PairMode, key.removeprefix("compare_")))
            self._show_pair()
        self._choose_page()
        if self.isVisible() and self._sides and key != MODES[0]:
            self.pair.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def main_view(self) -> QWidget | None:
        """The picture that takes the keys, if there is one."""
        if self._pages.currentWidget() is self.pair:
            return self.pair.view
        panes = self.grid.panes if self._pages.currentWidget() is self.grid else []
        return panes[0].view if panes else None

    def show_spread(self, shown: bool) -> None:
        """Show where the hypotheses of each run differ, or leave it out."""
        self._spread_shown = shown
        self.rebuild()

    def peek(self, on: bool) -> None:
        """Show the untouched photo everywhere, or the comparison again."""
        photo = self._photo
        layers = photo_side(photo).layers if on and photo is not None and photo.pyramid else None
        self.grid.peek(layers)
        self.pair.view.peek(layers)

    def _choose_page(self) -> None:
        if not self._sides:
            page: QWidget = self._empty
        else:
            page = self.grid if self._mode == MODES[0] else self.pair
        self.bar.setVisible(bool(self._sides) or bool(self._photo and self._photo.hypotheses))
        self._pages.setCurrentWidget(page)

    def _show_pair(self) -> None:
        self.pair.show_pair(*self.bar.pair)

    # --- which hypotheses ----------------------------------------------------------------------

    def show_all(self) -> None:
        """Show every hypothesis that was left out."""
        for hypothesis in self._photo.hypotheses if self._photo is not None else ():
            self._choose(hypothesis, True)

    def _digit(self, number: int) -> None:
        """In the grid a digit shows or leaves out a hypothesis, elsewhere it makes it B."""
        made = self._photo.hypotheses if self._photo is not None else ()
        if number > len(made):
            return
        hypothesis = made[number - 1]
        if self._mode == MODES[0]:
            self._choose(hypothesis, not hypothesis.chosen)
        else:
            self._choose(hypothesis, True)
            self.bar.choose_second(("hypothesis", hypothesis))

    def _choose(self, hypothesis: Hypothesis, chosen: bool) -> None:
        if self._photo is not None:
            self._photo.choose(hypothesis, chosen)

    def _make_digit(self, number: int) -> QShortcut:
        made = QShortcut(QKeySequence(str(number)), self)
        made.activated.connect(lambda: self._digit(number))
        made.setEnabled(False)
        return made

    def showEvent(self, event: QShowEvent, /) -> None:
        """Make what was left out while hidden."""
        super().showEvent(event)
        for digit in self._digits:
            digit.setEnabled(True)
        if self._stale:
            self.rebuild()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """The digits belong to the comparison."""
        super().hideEvent(event)
        for digit in self._digits:
            digit.setEnabled(False)

    # --- photo and map -------------------------------------------------------------------------

    def _begin_anew(self) -> None:
        """Let go of every picture: photo or map are others now."""
        self.grid.clear()
        self.pair.forget()
        self._sides = {}
        self._follow_map()
        self.rebuild()

    def _follow_map(self) -> None:
        """Hear of the edits of the map that is shown."""
        photo = self._photo
        shown = ("map", None) in self._sides
        document = photo.document if shown and photo is not None else None
        if document is self._document:
            return
        if self._document is not None:
            with contextlib.suppress(RuntimeError):  # the document may be gone with its photo
                self._document.changed.disconnect(self._touch_map)
        self._document = document
        if document is not None:
            document.changed.connect(self._touch_map)

    def _touch_map(self, rectangle: Rectangle) -> None:
        side = self._sides.get(("map", None))
        if side is not None and side.tiles is not None:
            side.tiles.touch(rectangle)
            pane = self.grid.pane(side.key)
            if pane is not None:
                pane.view.update()
            self.pair.view.update()

    def _name_map(self) -> None:
        """Say whether the map is still the automatic one."""
        if self._photo is None or self._photo.document is None:
            return
        pane = self.grid.pane(("map", None))
        if pane is not None:
            pane.details.set_full_text(map_details(self._photo.document))

    def _mark(self) -> None:
        """Say which hypotheses had another map."""
        if self._photo is None:
            return
        shown = [pane.hypothesis for pane in self.grid.panes if pane.hypothesis is not None]
        other = made_with_another_map(self._photo, shown)
        for pane in self.grid.panes:
            if pane.hypothesis is not None:
                pane.mark_other_map(pane.hypothesis in other)

    def _show_faces(self, hypotheses: list[Hypothesis]) -> None:
        """Begin with the faces that hypotheses were made of, unless they are most of the photo."""
        boxes = [face.box for each in hypotheses for face in each.outcome.request.faces]
        area = QRectF()
        for x0, y0, x1, y1 in boxes:
            around = AROUND_FACE * max(x1 - x0, y1 - y0)
            face = QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-around, -around, around, around)
            area = area.united(face)
        area = area.intersected(self.camera.whole)
        if self.camera.scale_of(area) > WORTH_IT * self.camera.fit_scale:
            self.camera.show_rectangle(area)

    # --- nothing to compare --------------------------------------------------------------------

    def _make_empty(self, actions: Actions) -> QWidget:
        page = QWidget()
        title = label(self.tr("Nothing to compare yet"), role="heading")
        text = label(
            self.tr(
                "Choose one or more models and run them. Photo, map and every hypothesis then stand "
                "here side by side and move together."
            ),
            role="soft",
            wrap=True,
        )
        text.setMinimumWidth(380)
        text.setMaximumWidth(420)
        run = QPushButton(actions["run"].text())
        run.setProperty("role", "large")
        run.setToolTip(actions["run"].toolTip())
        run.clicked.connect(actions["run"].trigger)
        back = QPushButton(self.tr("Back to the map"))
        back.setProperty("role", "large")
        back.setToolTip(actions["view_map"].toolTip())
        back.clicked.connect(actions["view_map"].trigger)
        actions["run"].changed.connect(lambda: run.setEnabled(actions["run"].isEnabled()))
        run.setEnabled(actions["run"].isEnabled())
        inside = column(title, text, Space.S, row(run, back, None), gap=Space.S)
        page.setLayout(column(None, row(None, inside, None), None))
        return page

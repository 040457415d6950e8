"""The comparison: photo, map and hypotheses side by side, with one zoom and one pan."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QStackedLayout, QWidget

from app.imaging.edit import Rectangle
from app.ui.actions import Actions
from app.ui.canvas.camera import Camera
from app.ui.canvas.layers import Frame, GridLayer, Layer, MapLayer, PictureLayer
from app.ui.canvas.map_tiles import MapTiles
from app.ui.canvas.pyramid import Pyramid
from app.ui.labels import hypothesis_caption
from app.ui.map_document import MapDocument
from app.ui.panes import Pane, SpreadLegend
from app.ui.session import Hypothesis, PhotoSession
from app.ui.theme.tokens import Space
from app.ui.widgets import column, label, row

GAP = 2
"""Logical pixels between panes; hairlines keep attention on the pictures."""

WHITE = (255, 255, 255)

EMPTY_CELLS = 0.25
"""How much a grid without empty cells is preferred to one with slightly larger pictures."""

AROUND_FACE = 0.5
"""How much of a face's size is shown around it at first."""

Key = tuple[str, object]
"""What a pane shows: its kind, and which of that kind."""


class PaperLayer:
    """The ground of the map's own pane: black, so that white is the map."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)

    def paint(self, painter: QPainter, _frame: Frame) -> None:
        """Fill the photo's area."""
        painter.fillRect(0, 0, *self._size, QColor(0, 0, 0))


class CompareView(QWidget):
    """The grid of panes.

    Attributes:
        camera: shared by every pane.
        panes: photo, map, then every hypothesis that is chosen, and the uncertainty of each run.

    Signals:
        hovered: the photo point under the pointer, or None.
        rebuilt: other panes are shown.
    """

    hovered = Signal(object)
    rebuilt = Signal()

    def __init__(self, camera: Camera, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareGrid")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.camera = camera
        self.panes: list[Pane] = []
        self._panes: dict[Key, Pane] = {}
        self._stale = False
        self._photo: PhotoSession | None = None
        self._columns = 0
        self._spread_shown = True
        self._untouched = True
        self._stack = QStackedLayout()
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._grid_page = QWidget()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._grid_page.setLayout(self._grid)
        self._empty = self._make_empty(actions)
        self._stack.addWidget(self._grid_page)
        self._stack.addWidget(self._empty)
        self.setLayout(self._stack)

    def show_photo(self, photo: PhotoSession | None) -> None:
        """Compare what was made of another photo."""
        if self._photo is not None:
            self._photo.hypotheses_changed.disconnect(self.rebuild)
            self._photo.photo_changed.disconnect(self._begin_anew)
            self._photo.map_made.disconnect(self._begin_anew)
            self._photo.map_edited.disconnect(self._name_map)
        self._photo = photo
        self._untouched = True
        if photo is not None:
            photo.hypotheses_changed.connect(self.rebuild)
            photo.photo_changed.connect(self._begin_anew)
            photo.map_made.connect(self._begin_anew)
            photo.map_edited.connect(self._name_map)
        self._begin_anew()

    def rebuild(self) -> None:
        """Bring the panes up to date; those that stay are kept, and nothing is made while hidden."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        wanted = self._wanted()
        self._stack.setCurrentWidget(self._grid_page if wanted else self._empty)
        for key in [key for key in self._panes if key not in wanted]:
            self._drop(key)
        for key, make in wanted.items():
            if key not in self._panes:
                self._panes[key] = make()
                self._panes[key].view.hovered.connect(self.hovered)
        self.panes = [self._panes[key] for key in wanted]
        self._columns = 0
        self._arrange()
        if self._untouched and self.panes:
            self._untouched = False
            self._show_faces([pane.hypothesis for pane in self.panes if pane.hypothesis is not None])
        self.rebuilt.emit()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Make what was left out while hidden."""
        super().showEvent(event)
        if self._stale:
            self.rebuild()

    def _begin_anew(self) -> None:
        """Let go of every pane: photo or map are others now."""
        for key in list(self._panes):
            self._drop(key)
        self.panes = []
        self.rebuild()

    def _drop(self, key: Key) -> None:
        pane = self._panes.pop(key)
        self._grid.removeWidget(pane)
        pane.hide()
        pane.deleteLater()

    def _wanted(self) -> dict[Key, Callable[[], Pane]]:
        """What is to be seen, in order, and how to make it."""
        photo = self._photo
        chosen = [each for each in photo.hypotheses if each.chosen] if photo is not None else []
        if photo is None or photo.pyramid is None or photo.size is None or not chosen:
            return {}
        pyramid, grid = photo.pyramid, GridLayer(*photo.size)
        wanted: dict[Key, Callable[[], Pane]] = {
            ("photo", None): lambda: Pane(
                self.camera, self.tr("Photo"), photo.name, [PictureLayer(pyramid), grid]
            )
        }
        if photo.document is not None:
            wanted["map", None] = partial(self._map_pane, photo, photo.document)
        for index, hypothesis in enumerate(chosen):
            wanted["hypothesis", hypothesis] = partial(
                self._hypothesis_pane, pyramid, hypothesis, grid
            )
            last = index + 1 == len(chosen) or chosen[index + 1].outcome is not hypothesis.outcome
            if last and self._spread_shown and hypothesis.spread is not None:
                wanted["spread", hypothesis.outcome] = partial(
                    self._spread_pane, pyramid, hypothesis, grid
                )
        return wanted

    def _hypothesis_pane(self, photo: Pyramid, hypothesis: Hypothesis, grid: GridLayer) -> Pane:
        layers: list[Layer] = [] if hypothesis.whole else [PictureLayer(photo)]
        layers += [PictureLayer(hypothesis.picture, QPointF(*hypothesis.origin)), grid]
        pane = Pane(self.camera, *hypothesis_caption(hypothesis), layers)
        pane.hypothesis = hypothesis
        return pane

    def _name_map(self) -> None:
        """Say whether the map is still the automatic one."""
        pane = self._panes.get(("map", None))
        if pane is not None and self._photo is not None and self._photo.document is not None:
            pane.details.set_full_text(self._map_details(self._photo.document))

    def _map_details(self, document: MapDocument) -> str:
        return self.tr("edited by hand") if document.edited_by_hand else self.tr("automatic")

    def _show_faces(self, hypotheses: list[Hypothesis]) -> None:
        """Begin where the hypotheses differ from the photo, unless that is most of it anyway."""
        boxes = [face.box for each in hypotheses for face in each.outcome.request.faces]
        area = QRectF()
        for x0, y0, x1, y1 in boxes:
            around = AROUND_FACE * max(x1 - x0, y1 - y0)
            area = area.united(QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(
                -around, -around, around, around
            ))
        size = self.camera.size
        if area.width() * area.height() < 0.5 * size.width() * size.height():
            self.camera.show_rectangle(area)

    def _map_pane(self, photo: PhotoSession, document: MapDocument) -> Pane:
        layer = MapLayer()
        layer.tiles = MapTiles(document.map.pixels, WHITE, document.bounds)
        layer.opacity = 1.0
        layer.outlined = False
        assert photo.size is not None
        details = self._map_details(document)
        pane = Pane(self.camera, self.tr("Map"), details, [PaperLayer(*photo.size), layer])
        tiles = layer.tiles

        def touch(rectangle: Rectangle) -> None:
            tiles.touch(rectangle)
            pane.view.update()

        document.changed.connect(touch)
        pane.destroyed.connect(lambda: _disconnect(document, touch))
        return pane

    def _spread_pane(self, photo: Pyramid, hypothesis: Hypothesis, grid: GridLayer) -> Pane:
        layers: list[Layer] = [
            PictureLayer(photo),
            PictureLayer(hypothesis.spread, QPointF(*hypothesis.spread_origin)),
            grid,
        ]
        details = self.tr("{0} hypotheses of {1}").format(
            hypothesis.of, hypothesis.outcome.card.title
        )
        pane = Pane(self.camera, self.tr("Uncertainty"), details, layers)
        pane.add_legend(SpreadLegend())
        return pane

    def show_spread(self, shown: bool) -> None:
        """Show where the hypotheses of each run differ, or leave it out."""
        self._spread_shown = shown
        self.rebuild()

    def _arrange(self) -> None:
        """As many columns as make the pictures largest."""
        if not self.panes:
            return
        columns = self._best_columns()
        if columns == self._columns:
            return
        self._columns = columns
        for pane in self.panes:
            self._grid.removeWidget(pane)
        for index in range(max(self._grid.columnCount(), self._grid.rowCount())):
            self._grid.setColumnStretch(index, 0)
            self._grid.setRowStretch(index, 0)
        for index, pane in enumerate(self.panes):
            self._grid.addWidget(pane, index // columns, index % columns)
            pane.show()
        for index in range(columns):
            self._grid.setColumnStretch(index, 1)
        for index in range(math.ceil(len(self.panes) / columns)):
            self._grid.setRowStretch(index, 1)

    def _best_columns(self) -> int:
        photo = self._photo
        if photo is None or photo.size is None:
            return 1
        aspect = photo.size[0] / photo.size[1]
        caption = 46

        def scale(columns: int) -> float:
            rows = math.ceil(len(self.panes) / columns)
            width = self.width() / columns
            height = self.height() / rows - caption
            filled = len(self.panes) / (rows * columns)
            return min(width / aspect, height) * math.pow(filled, EMPTY_CELLS)

        return max(range(1, len(self.panes) + 1), key=scale)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another shape may want other columns."""
        super().resizeEvent(event)
        self._arrange()

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


def _disconnect(document: MapDocument, slot: Callable[[Rectangle], None]) -> None:
    """The document may be gone before the pane."""
    try:
        document.changed.disconnect(slot)
    except RuntimeError:
        return



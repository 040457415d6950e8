"""The inspector at the right: faces, map, reconstruction, hypotheses, and the button that runs."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from shiboken6 import isValid

from app.ui.actions import Actions
from app.ui.canvas.map_canvas import MapCanvas
from app.ui.controller import Controller
from app.ui.faces_panel import FacesPanel
from app.ui.focus import order_stops
from app.ui.map_panel import MapPanel
from app.ui.reconstruct_panel import ReconstructPanel
from app.ui.results_panel import ResultsPanel
from app.ui.run_bar import RunBar
from app.ui.session import PhotoSession
from app.ui.settings import Settings
from app.ui.widgets import column, hairline

WIDTH = 312

SETTLE_MS = 60
"""After this the sections have taken in their new rows."""


class _Area(QScrollArea):
    """A scroll area that can leave room at its right."""

    def set_right_margin(self, width: int) -> None:
        """Leave so many pixels free."""
        self.setViewportMargins(0, 0, width, 0)


class Inspector(QFrame):
    """The sections in a scroll area, and the run bar that never scrolls away.

    Attributes:
        faces, map, reconstruct, results, run_bar: its parts.
    """

    def __init__(
        self, controller: Controller, canvas: MapCanvas, actions: Actions, settings: Settings
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setMinimumWidth(WIDTH)
        self.faces = FacesPanel(actions)
        self.map = MapPanel(canvas, actions, settings)
        self.reconstruct = ReconstructPanel(controller, actions, settings)
        self.results = ResultsPanel()
        self.run_bar = RunBar(controller, actions)
        inside = QWidget()
        inside.setObjectName("panelBody")
        inside.setLayout(
            column(
                self.faces,
                hairline(),
                self.map,
                hairline(),
                self.reconstruct,
                hairline(),
                self.results,
                None,
                gap=0,
            )
        )
        self.area = _Area()
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(column(self.area, hairline(), self.run_bar, gap=0))
        bar = self.area.verticalScrollBar()
        self._bar_width = bar.sizeHint().width()
        bar.rangeChanged.connect(self._reserve)
        self._reserve(0, 0)
        self._ordering = QTimer(self)
        self._ordering.setSingleShot(True)
        self._ordering.setInterval(0)
        self._ordering.timeout.connect(lambda: order_stops(self))
        for changed in (self.results.rows_changed, self.reconstruct.models.changed):
            changed.connect(self._ordering.start)
        self._ordering.start()

    def show_results(self) -> None:
        """Scroll to the hypotheses."""
        QTimer.singleShot(SETTLE_MS, self, self._scroll_to_results)

    def _scroll_to_results(self) -> None:
        self.area.verticalScrollBar().setValue(self.results.y())

    def _reserve(self, _: int, most: int) -> None:
        """Keep the sections equally wide whether or not there is a scroll bar beside them."""
        # While the window goes, the bar's range still changes, and the area is gone before it.
        if isValid(self.area):
            self.area.set_right_margin(0 if most > 0 else self._bar_width)

    def show_photo(self, photo: PhotoSession | None) -> None:
        """Speak of another photo."""
        self.faces.show_photo(photo)
        self.map.show_photo(photo)
        self.results.show_photo(photo)
        self.run_bar.show_photo(photo)

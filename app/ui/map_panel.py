"""The map of the current photo: how it is drawn, and what can be done to all of it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QButtonGroup, QLabel, QSlider

from app.ui.actions import Actions
from app.ui.canvas.map_canvas import MapCanvas
from app.ui.language import number
from app.ui.session import PhotoSession
from app.ui.settings import Settings
from app.ui.theme.manager import numbers_font
from app.ui.theme.tokens import OVERLAY_COLOURS
from app.ui.widgets import Section, Swatch, action_button, guard_wheel, label, row

COUNT_AFTER_MS = 150
"""The share is counted this long after the last edit: it reads every pixel."""


class MapPanel(Section):
    """Share, opacity, colour and whole-map operations.

    Attributes:
        opacity: the slider, in percent.
    """

    def __init__(self, canvas: MapCanvas, actions: Actions, settings: Settings) -> None:
        switches = [action_button(actions[key], size=24) for key in ("outline", "show_map")]
        super().__init__("", *switches)
        self.title.setText(self.tr("Map"))
        self.setAccessibleName(self.tr("Map"))
        self._canvas = canvas
        self._settings = settings
        self._photo: PhotoSession | None = None
        self.aside.setFont(numbers_font())
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(self.tr("Opacity of the map"))
        guard_wheel(self.opacity)
        self.opacity.setToolTip(self.tr("How strongly the map covers the photo"))
        self._percent = label(role="soft")
        self._percent.setFont(numbers_font())
        self._percent.setFixedWidth(38)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row(self._name(self.tr("Opacity")), self.opacity, self._percent))
        self._swatches = QButtonGroup(self)
        colours = [self._swatch(index) for index in range(len(OVERLAY_COLOURS))]
        self.body.addLayout(row(self._name(self.tr("Colour")), row(*colours, gap=2), None))
        whole = ("fill_holes", "grow", "shrink", "smooth", "invert", "clear")
        buttons = [action_button(actions[key], size=28) for key in whole]
        reset = action_button(actions["reset"], size=28)
        self.body.addLayout(
            row(self._name(self.tr("Edit")), row(*buttons, gap=1), None, reset)
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COUNT_AFTER_MS)
        self._timer.timeout.connect(self._count)
        self.opacity.valueChanged.connect(self._opacity_changed)
        self._swatches.idClicked.connect(self._colour_chosen)
        keys = [colour.key for colour in OVERLAY_COLOURS]
        self._choose_colour(keys.index(settings.overlay_colour))
        self.opacity.setValue(settings.number("overlay/opacity", 40, least=0, most=100))

    def swatch(self, index: int) -> Swatch:
        """The button of a colour, by its place in the list of colours."""
        button = self._swatches.button(index)
        assert isinstance(button, Swatch)
        return button

    def show_photo(self, photo: PhotoSession | None) -> None:
        """Speak of another photo's map."""
        if self._photo is not None:
            self._photo.map_made.disconnect(self._count)
            self._photo.map_edited.disconnect(self._count_later)
        self._photo = photo
        if photo is not None:
            photo.map_made.connect(self._count)
            photo.map_edited.connect(self._count_later)
        self._count()

    def _name(self, text: str) -> QLabel:
        name = label(text, role="soft")
        name.setFixedWidth(62)
        return name

    def _swatch(self, index: int) -> Swatch:
        colour = OVERLAY_COLOURS[index]
        swatch = Swatch(colour.rgb, colour_name(colour.key))
        self._swatches.addButton(swatch, index)
        return swatch

    def _opacity_changed(self, percent: int) -> None:
        self._percent.setText(f"{percent} %")
        self._canvas.map_layer.opacity = percent / 100
        self._canvas.refresh_overlay()
        self._settings.set("overlay/opacity", percent)

    def _colour_chosen(self, index: int) -> None:
        self._choose_colour(index)
        self._settings.set("overlay/colour", OVERLAY_COLOURS[index].key)

    def _choose_colour(self, index: int) -> None:
        with QSignalBlocker(self._swatches):
            self._swatches.button(index).setChecked(True)
        self._canvas.set_overlay_colour(OVERLAY_COLOURS[index].rgb)

    def _count_later(self) -> None:
        self._timer.start()

    def _count(self) -> None:
        document = self._photo.document if self._photo is not None else None
        if document is None:
            self.aside.setText("")
            return
        share = document.share() * 100
        text = self.tr("empty") if share == 0 else self.tr("{0} % of the photo").format(number(share, 1))
        if document.edited_by_hand:
            text = self.tr("{0}, edited").format(text)
        self.aside.setText(text)


def colour_name(key: str) -> str:
    """A colour of the map in words."""
    names = {
        "orange": QCoreApplication.translate("MapPanel", "Orange"),
        "sky": QCoreApplication.translate("MapPanel", "Sky blue"),
        "green": QCoreApplication.translate("MapPanel", "Green"),
        "magenta": QCoreApplication.translate("MapPanel", "Magenta"),
        "yellow": QCoreApplication.translate("MapPanel", "Yellow"),
    }
    return names[key]



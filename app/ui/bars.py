"""The bars around the canvas: top bar, tool rail, and the options of the tool in hand."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSlider, QToolButton, QWidget

from app.ui.actions import Actions, shown_keys
from app.ui.language import number
from app.ui.session import PhotoSession
from app.ui.theme.tokens import Space
from app.ui.tools.brush import LARGEST, SMALLEST, BrushSettings
from app.ui.widgets import (
    ElidedLabel,
    TwoLines,
    action_button,
    column,
    hairline,
    label,
    row,
    spin_box,
)

HEIGHT = 44
RAIL = 44
OPTIONS = 36
ZOOMS = ("zoom_out", "fit", "full_size", "zoom_in")
ROOM_FOR_ZOOMS = 640
"""Logical pixels of the top bar with a button for every zoom."""

PADDING = 22
"""Logical pixels at both sides of a segment's text, its border included; as in the style sheet."""


class Segmented(QFrame):
    """A few exclusive actions as one control."""

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__()
        self.setObjectName("segmented")
        buttons: list[QWidget] = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setAccessibleName(action.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            # The chosen one is written in bold, and nothing may move when another is chosen.
            bold = QFont(button.font())
            bold.setWeight(QFont.Weight.DemiBold)
            wide = QFontMetrics(bold).horizontalAdvance(action.text()) + 2 * PADDING
            button.setMinimumWidth(max(92, wide))
            button.setFixedHeight(24)
            buttons.append(button)
        inside = row(*buttons, gap=0)
        inside.setContentsMargins(2, 2, 2, 2)
        self.setLayout(inside)
        self.setFixedHeight(30)


class TopBar(QFrame):
    """What is open, how it is looked at, and the tools that belong to both views."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self.setFixedHeight(HEIGHT)
        self._photo: PhotoSession | None = None
        self.name = ElidedLabel(role="strong")
        self.about = ElidedLabel(role="caption", mode=Qt.TextElideMode.ElideRight)
        title = QWidget()
        title.setLayout(column(None, self.name, self.about, None, gap=1))
        self.modes = Segmented([actions["view_map"], actions["view_compare"]])
        self.history = action_button(actions["history"])
        zooms = {key: action_button(actions[key]) for key in ZOOMS}
        self._spare = [button for key, button in zooms.items() if key != "fit"]
        right = QWidget()
        right.setLayout(
            row(
                None,
                *(action_button(actions[key]) for key in ("undo", "redo")),
                self.history,
                Space.S,
                *zooms.values(),
                Space.S,
                action_button(actions["export"]),
                gap=2,
            )
        )
        inside = row(title, self.modes, right, gap=Space.M)
        # Equal shares at both sides keep the switch in the middle of the window.
        inside.setStretch(0, 1)
        inside.setStretch(2, 1)
        inside.setContentsMargins(Space.L, 0, Space.S, 0)
        self.setLayout(inside)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """In a small window the photo's name matters more than buttons that wheel and keys replace."""
        super().resizeEvent(event)
        for button in self._spare:
            button.setVisible(self.width() >= ROOM_FOR_ZOOMS)

    def show_photo(self, photo: PhotoSession | None) -> None:
        """Speak of another photo."""
        if self._photo is not None:
            self._photo.photo_changed.disconnect(self._refresh)
        self._photo = photo
        if photo is not None:
            photo.photo_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        self._say()
        # A name alone stands in the middle of the bar.
        self.about.setVisible(bool(self.about.full_text()))

    def _say(self) -> None:
        if self._photo is None:
            self.name.set_full_text("Revisage")
            self.about.set_full_text(self.tr("Hypotheses of what a mask hides"))
            return
        self.name.set_full_text(self._photo.name)
        photo = self._photo.photo
        if photo is None:
            self.about.set_full_text("")
            return
        depth = photo.pixels.dtype.itemsize * 8
        kind = self.tr("grey") if photo.grey else self.tr("colour")
        self.about.set_full_text(
            self.tr("{0} × {1} · {2} MP · {3} · {4} bit {5}").format(
                photo.width,
                photo.height,
                number(photo.width * photo.height / 1e6, 1),
                photo.format or self.tr("no file"),
                depth,
                kind,
            )
        )


class ToolRail(QFrame):
    """The tools, one below the other."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("toolRail")
        self.setFixedWidth(RAIL)
        self.setAccessibleName(self.tr("Tools"))
        groups = (
            ("tool_pan",),
            (
                "tool_brush",
                "tool_eraser",
                "tool_lasso",
                "tool_polygon",
                "tool_smart",
                "tool_invert",
            ),
            ("tool_face",),
        )
        items: list[QWidget | int | None] = []
        for group in groups:
            items += [hairline()] if items else []
            items += [action_button(actions[key], size=32) for key in group]
        inside = column(*items, None, gap=Space.XS)
        inside.setContentsMargins(6, Space.S, 5, Space.S)
        self.setLayout(inside)


class OptionsBar(QFrame):
    """What can be set about the tool in hand, and how it is used."""

    def __init__(self, brush: BrushSettings) -> None:
        super().__init__()
        self.setObjectName("optionsBar")
        self.setFixedHeight(OPTIONS)
        self._brush = brush
        self.name = label(role="strong")
        self.hint = TwoLines(role="caption")
        self._size_name = QLabel(self.tr("Size"))
        self._size_name.setProperty("role", "soft")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        # Squares of the position: fine steps for small brushes, where they count.
        self.slider.setRange(1, 100)
        self.slider.setFixedWidth(130)
        self.slider.setAccessibleName(self.tr("Brush size"))
        self.diameter = spin_box(
            SMALLEST,
            LARGEST,
            brush.diameter,
            name=self.tr("Brush size in photo pixels"),
            tip=self.tr("Diameter in photo pixels; [ and ] change it"),
        )
        self.diameter.setSuffix(self.tr(" px"))
        self.diameter.setFixedWidth(86)
        self._tool_hint = ""
        self._keys, self._key = False, ""
        self._brush_fields = (self._size_name, self.slider, self.diameter)
        inside = row(self.name, Space.M, *self._brush_fields, Space.M, self.hint, gap=Space.S)
        inside.setStretchFactor(self.hint, 1)
        inside.setContentsMargins(Space.L, 0, Space.M, 0)
        self.setLayout(inside)
        self.slider.valueChanged.connect(self._slid)
        self.diameter.valueChanged.connect(brush.set_diameter)
        brush.changed.connect(self._show_size)
        self._show_size()

    def show_tool(self, key: str, name: str) -> None:
        """Speak of another tool."""
        hints = {
            "tool_pan": self.tr("Drag to move the photo. Click a face to select it."),
            "tool_brush": self.tr(
                "Right button erases. Shift draws straight, with the wheel it sizes. X swaps."
            ),
            "tool_eraser": self.tr(
                "Right button paints. Shift draws straight, with the wheel it sizes. X swaps."
            ),
            "tool_lasso": self.tr("Draw around an area to add it. Right button takes it out."),
            "tool_polygon": self.tr(
                "Click corners, with the right button to take out. Return or a double click closes, "
                "Backspace takes a corner back."
            ),
            "tool_smart": self.tr(
                "Stroke roughly over what belongs, with the right button over what does not."
            ),
            "tool_invert": self.tr("Drag a rectangle; the map is inverted inside it."),
            "tool_face": self.tr(
                "Drag a box around a face to add it, its handles to resize, its inside to move it. "
                "Arrow keys work too, Shift resizes."
            ),
        }
        self.name.setText(name)
        self._tool_hint = hints.get(key, "")
        self._key = key
        self._show_hint()
        for field in self._brush_fields:
            field.setVisible(key in ("tool_brush", "tool_eraser"))

    def show_keys(self, on: bool) -> None:
        """Say how the keyboard's pointer is used, while it is on."""
        self._keys = on
        self._show_hint()

    def _show_hint(self) -> None:
        if not self._keys or self._key in ("tool_pan", "tool_face"):
            self.hint.set_full_text(self._tool_hint)
        elif self._key == "tool_polygon":
            self.hint.set_full_text(
                self.tr(
                    "Arrow keys move the pointer, Shift finely, Ctrl far. Space sets a corner, Return "
                    "closes; Space pans again without the pointer ({0})."
                ).format(shown_keys("K"))
            )
        else:
            self.hint.set_full_text(
                self.tr(
                    "Arrow keys move the pointer, Shift finely, Ctrl far. Space is pen down and up; "
                    "it pans again without the pointer ({0})."
                ).format(shown_keys("K"))
            )

    def _slid(self, position: int) -> None:
        self._brush.set_diameter(max(SMALLEST, round(LARGEST * (position / 100) ** 2)))

    def _show_size(self) -> None:
        diameter = self._brush.diameter
        with QSignalBlocker(self.slider), QSignalBlocker(self.diameter):
            self.slider.setValue(round((diameter / LARGEST) ** 0.5 * 100))
            self.diameter.setValue(diameter)

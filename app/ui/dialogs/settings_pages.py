"""The pages of the settings dialog that need no more than a few fields each."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QSlider,
    QWidget,
)

from app.inference.devices import NAMES as DEVICE_NAMES
from app.inference.devices import Device
from app.ui.case.recovery import recovery_folder
from app.ui.controller import Controller
from app.ui.devices import DeviceBox, device_title, outlook
from app.ui.language import LANGUAGES, NAMES, Language, spoken
from app.ui.map_panel import MapPanel, colour_name
from app.ui.sentences import in_language
from app.ui.settings import Settings
from app.ui.theme.manager import CHOICES, ThemeChoice, numbers_font, theme
from app.ui.theme.tokens import OVERLAY_COLOURS, Space, Type
from app.ui.widgets import Swatch, column, guard_wheel, label, row

FIELD_WIDTH = 240
ROW = 28


class SettingsPage(QWidget):
    """A heading and a form.

    Attributes:
        form: names at the left, fields at the right.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("panelBody")
        self.setAccessibleName(title)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(Space.L)
        self.form.setVerticalSpacing(Space.M)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        outer = column(label(title, role="heading"), Space.S, self.form, None, gap=Space.S)
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        self.setLayout(outer)

    def add(self, name: str, field: QWidget, note: str = "") -> None:
        """A field under its name, with a sentence below it."""
        if not field.accessibleName():
            field.setAccessibleName(name)
        title = label(name, role="soft")
        title.setBuddy(field)
        title.setFixedHeight(ROW)
        if note:
            said = label(note, role="caption", wrap=True)
            self.form.addRow(title, column(field, said, gap=Space.XS + 2))
        else:
            self.form.addRow(title, field)

    def note(self, text: str) -> None:
        """A sentence under the field before it."""
        said = label(text, role="caption", wrap=True)
        self.form.addRow("", said)


class GeneralPage(SettingsPage):
    """Language, theme, examiner.

    Attributes:
        language, theme, examiner: the fields.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("General"))
        self._settings = settings
        self.language = _box()
        for choice in LANGUAGES:
            system = self.tr("As the system ({0})").format(NAMES[spoken("system")])
            self.language.addItem(system if choice == "system" else NAMES[choice], choice)
        self.language.setCurrentIndex(LANGUAGES.index(settings.language))
        self.add(
            self.tr("Language"),
            self.language,
            self.tr("Takes effect when Revisage is started again."),
        )
        self.theme = _box()
        for choice_, name in theme_names().items():
            self.theme.addItem(name, choice_)
        self.theme.setCurrentIndex(CHOICES.index(settings.theme))
        self.add(self.tr("Theme"), self.theme)
        self.examiner = QLineEdit(settings.text("examiner"))
        self.examiner.setPlaceholderText(self.tr("Your name"))
        self.examiner.setMaxLength(200)
        self.add(
            self.tr("Examiner"),
            self.examiner,
            self.tr("Stands in the log beside everything that is done in a case from then on."),
        )
        self.language.currentIndexChanged.connect(self._speak)
        self.theme.currentIndexChanged.connect(self._dress)
        self.examiner.editingFinished.connect(self._name)

    def _speak(self) -> None:
        self._settings.set("language", cast(Language, self.language.currentData()))

    def _dress(self) -> None:
        choice = cast(ThemeChoice, self.theme.currentData())
        self._settings.set("theme", choice)
        theme().set_choice(choice)

    def _name(self) -> None:
        self._settings.set("examiner", " ".join(self.examiner.text().split()))


class ProcessorPage(SettingsPage):
    """What the models run on, and what this computer has.

    Attributes:
        device: the choice.
        used: what it leads to.
    """

    def __init__(self, controller: Controller, settings: Settings) -> None:
        super().__init__(self.tr("Device"))
        self._controller = controller
        self.device = DeviceBox(controller, settings, short=False)
        self.used = label(role="soft", wrap=True)
        self.add(self.tr("Models run on"), self.device)
        self.form.addRow("", self.used)
        self._states = {}
        for name in DEVICE_NAMES[1:]:
            said = label(self.tr("Looking…"), role="caption", wrap=True)
            self._states[name] = said
            self.form.addRow(label(device_title(name), role="soft"), said)
        settings.changed.connect(self._refresh)
        controller.devices_found.connect(self._refresh)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        devices: tuple[Device, ...] = self._controller.devices
        if not devices:
            return
        self.used.setText(outlook(self.device.wish, devices))
        for device in devices:
            if device.name in self._states:
                works = self.tr("Works on this computer.")
                self._states[device.name].setText(
                    works if device.usable else in_language(device.reason)
                )


class MapPage(SettingsPage):
    """How the map is drawn; the same fields as in the inspector.

    Attributes:
        swatches: the colours.
        opacity: in percent.
    """

    def __init__(self, panel: MapPanel) -> None:
        super().__init__(self.tr("Map"))
        self._panel = panel
        self.swatches = [
            Swatch(colour.rgb, colour_name(colour.key)) for colour in OVERLAY_COLOURS
        ]
        colours = QWidget()
        colours.setFixedHeight(ROW)
        colours.setLayout(row(*self.swatches, None, gap=Space.XS))
        self.add(
            self.tr("Colour"),
            colours,
            self.tr("All of them can be told apart with every common colour blindness."),
        )
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(panel.opacity.value())
        self.opacity.setFixedWidth(FIELD_WIDTH)
        guard_wheel(self.opacity)
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self.percent = label()
        self.percent.setFont(numbers_font(Type.BODY))
        both = QWidget()
        both.setFixedHeight(ROW)
        both.setLayout(row(self.opacity, self.percent, None, gap=Space.M))
        self.add(self.tr("Opacity"), both)
        for index, swatch in enumerate(self.swatches):
            swatch.setAutoExclusive(True)
            swatch.setChecked(panel.swatch(index).isChecked())
            swatch.clicked.connect(partial(self._choose, index))
        self.opacity.valueChanged.connect(panel.opacity.setValue)
        self.opacity.valueChanged.connect(self._say)
        self._say(self.opacity.value())
        panel.opacity.valueChanged.connect(self._follow)

    def _choose(self, index: int) -> None:
        self._panel.swatch(index).click()

    def _follow(self, percent: int) -> None:
        with QSignalBlocker(self.opacity):
            self.opacity.setValue(percent)
        self._say(percent)

    def _say(self, percent: int) -> None:
        self.percent.setText(f"{percent} %")


class SavingPage(SettingsPage):
    """What is saved without being asked.

    Attributes:
        recovery: whether there is a recovery file.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("Saving and recovery"))
        self.form.addRow(
            label(
                self.tr(
                    "A case is saved as it happens: every stroke, run and note is in its file a moment "
                    "later, and the last five working sessions stay beside it as backups."
                ),
                role="soft",
                wrap=True,
            )
        )
        self.recovery = QCheckBox(self.tr("Keep a recovery file while no case is open"))
        self.recovery.setChecked(settings.keeps_recovery)
        self.recovery.toggled.connect(lambda keeps: settings.set("recovery", keeps))
        self.form.addRow(self.recovery)
        self.form.addRow(
            label(
                self.tr(
                    "After a crash it brings photos, faces and maps back. It names photos and never "
                    "copies them; it lies in {0} and is removed when the window closes. A change holds "
                    "from the next start on."
                ).format(recovery_folder()),
                role="caption",
                wrap=True,
            )
        )


class FoldersPage(SettingsPage):
    """Where the file dialogs begin.

    Attributes:
        fields: the folders by their keys: photos, export, cases.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("Folders"))
        self._settings = settings
        self.fields: dict[str, QLineEdit] = {}
        for key, name in (
            ("photos", self.tr("Photos")),
            ("export", self.tr("Exports")),
            ("cases", self.tr("Cases")),
        ):
            field = QLineEdit(settings.text(f"folders/{key}"))
            field.setPlaceholderText(self.tr("Not chosen yet"))
            field.setAccessibleName(name)
            field.editingFinished.connect(partial(self._typed, key))
            browse = QPushButton(self.tr("Browse…"))
            browse.setAccessibleName(self.tr("Browse: {0}").format(name))
            browse.clicked.connect(partial(self._browse, key, name))
            both = QWidget()
            line = row(field, browse)
            line.setStretch(0, 1)
            both.setLayout(line)
            self.fields[key] = field
            self.add(name, both)
        self.note(
            self.tr("File dialogs begin there; they go along with the folder that was used last.")
        )
        self._trouble = label(role="warning", wrap=True)
        self.form.addRow("", self._trouble)

    def _typed(self, key: str) -> None:
        text = self.fields[key].text().strip()
        if text and not Path(text).expanduser().is_dir():
            self._trouble.setText(self.tr("{0} is no folder; choose another.").format(text))
            return
        self._trouble.setText("")
        self._settings.set(f"folders/{key}", str(Path(text).expanduser()) if text else "")

    def _browse(self, key: str, name: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self, name, self.fields[key].text())
        if chosen:
            self.fields[key].setText(chosen)
            self._typed(key)


def theme_names() -> dict[ThemeChoice, str]:
    """The themes in words."""
    return {
        "system": QCoreApplication.translate("Themes", "As the system"),
        "light": QCoreApplication.translate("Themes", "Light"),
        "dark": QCoreApplication.translate("Themes", "Dark"),
    }


def _box() -> QComboBox:
    box = QComboBox()
    box.setMaximumWidth(FIELD_WIDTH)
    guard_wheel(box)
    return box

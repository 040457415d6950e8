"""The choice of a processor, as the inspector and the settings show it."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QListView, QWidget

from app.inference.devices import AUTOMATIC, NAMES, Device, DeviceName
from app.ui.controller import Controller
from app.ui.sentences import in_language
from app.ui.settings import Settings
from app.ui.widgets import guard_wheel

OWN_NAMES = {
    "cpu": "CPU",
    "cuda": "CUDA",
    "tensorrt": "TensorRT",
    "directml": "DirectML",
    "coreml": "Core ML",
}
"""Names of their makers; no language has others."""


SHORTEST = 10
"""Characters that the box has room for at least."""


def device_title(name: str) -> str:
    """A device as people say it."""
    automatic = QCoreApplication.translate("Devices", "Automatic")
    return automatic if name == "auto" else OWN_NAMES.get(name, name.upper())


def outlook(wish: DeviceName, devices: tuple[Device, ...]) -> str:
    """One or two sentences: what the models will run on, and why not on what was wished for."""
    if wish == "cpu":
        return QCoreApplication.translate("Devices", "Runs on the CPU, as chosen.")
    wanted = AUTOMATIC if wish == "auto" else (wish,)
    asked = [device for name in wanted for device in devices if device.name == name]
    used = next((device for device in asked if device.usable), None)
    if used is not None:
        return QCoreApplication.translate("Devices", "Runs on {0}.").format(device_title(used.name))
    reason = in_language(asked[0].reason) if asked else ""
    return QCoreApplication.translate("Devices", "Runs on the CPU. {0}").format(reason).strip()


class DeviceBox(QComboBox):
    """A list of all devices that Revisage knows; whatever is chosen holds everywhere at once."""

    def __init__(
        self,
        controller: Controller,
        settings: Settings,
        *,
        short: bool,
        parent: QWidget | None = None,
    ) -> None:
        """
        Args:
            controller: is told what was chosen.
            settings: remember it.
            short: leave out what this installation cannot have at all.
            parent: of the box.
        """
        super().__init__(parent)
        self._controller = controller
        self._settings = settings
        self._short = short
        self.setView(QListView())
        # As wide as its place, not as its longest entry.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(SHORTEST)
        self.setAccessibleName(self.tr("Device"))
        self.setToolTip(
            self.tr("Where the models run; Automatic takes CUDA or DirectML where they work")
        )
        guard_wheel(self)
        for name in NAMES:
            self.addItem(device_title(name), name)
        self._follow("device")
        self._mark(controller.devices)
        self.currentIndexChanged.connect(self._choose)
        controller.devices_found.connect(self._mark)
        settings.changed.connect(self._follow)

    @property
    def wish(self) -> DeviceName:
        """What is chosen."""
        return cast(DeviceName, self.currentData())

    def _choose(self) -> None:
        self._controller.set_device(self.wish)
        self._settings.set("device", self.wish)

    def _follow(self, key: str) -> None:
        if key == "device":
            with QSignalBlocker(self):
                self.setCurrentIndex(NAMES.index(self._settings.device))
            self._mark(self._controller.devices)

    def _mark(self, devices: tuple[Device, ...]) -> None:
        """Say which cannot be used, once that is known."""
        view = self.view()
        for device in devices:
            if device.name not in NAMES:
                continue
            index = self.findData(device.name)
            title = device_title(device.name)
            text = title if device.usable else self.tr("{0} (not usable)").format(title)
            with QSignalBlocker(self):
                self.setItemText(index, text)
                self.setItemData(index, in_language(device.reason), Qt.ItemDataRole.ToolTipRole)
            if self._short and isinstance(view, QListView):
                absent = not device.built_in and index != self.currentIndex()
                view.setRowHidden(index, absent and device.name != "cuda")

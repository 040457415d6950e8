"""The status bar: where the pointer is and what it sees there, what is being done, on what."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from app.inference.devices import Device
from app.ui.canvas.camera import Camera
from app.ui.jobs import JobQueue
from app.ui.language import number
from app.ui.sentences import in_language
from app.ui.session import PhotoSession
from app.ui.theme.manager import numbers_font
from app.ui.theme.tokens import Space
from app.ui.widgets import label, row

BYTE = 255


class StatusBar(QStatusBar):
    """Coordinates and values at the left, work, zoom and processor at the right.

    Attributes:
        position, value, zoom, device: the labels, by what they show.
    """

    def __init__(self, camera: Camera, jobs: JobQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._camera = camera
        self._jobs = jobs
        self._photo: PhotoSession | None = None
        self.position = self._field("x 00000  y 00000")
        self.value = self._field("00000 00000 00000   map")
        self.zoom = self._field("0000 %", align_right=True)
        self.work = label()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(72)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.device = label()
        self.device.setMinimumWidth(36)
        self.position.setAccessibleName(self.tr("Pointer position"))
        self.value.setAccessibleName(self.tr("Pixel value"))
        self.zoom.setAccessibleName(self.tr("Zoom"))
        self.device.setAccessibleName(self.tr("Processor"))
        left, right = QWidget(), QWidget()
        left.setLayout(row(Space.S, self.position, self.value))
        right.setLayout(
            row(self.work, self.bar, Space.S, self.zoom, Space.M, self.device, Space.S)
        )
        self.addWidget(left)
        self.addPermanentWidget(right)
        camera.changed.connect(self._show_zoom)
        jobs.changed.connect(self._show_work)
        self.hover(None)
        self._show_zoom()
        self._show_work()

    def _field(self, widest: str, *, align_right: bool = False) -> QLabel:
        """A label as wide as its widest content, so that nothing beside it moves."""
        field = label()
        font = numbers_font()
        field.setFont(font)
        field.setFixedWidth(QFontMetrics(font).horizontalAdvance(widest) + 8)
        if align_right:
            field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return field

    def set_photo(self, photo: PhotoSession | None) -> None:
        """Speak of another photo."""
        self._photo = photo
        self.hover(None)

    def hover(self, point: QPointF | None) -> None:
        """Show what lies at a photo point."""
        photo = self._photo.photo if self._photo is not None else None
        if point is None or photo is None:
            self.position.clear()
            self.value.clear()
            return
        x, y = int(np.floor(point.x())), int(np.floor(point.y()))
        if not (0 <= x < photo.width and 0 <= y < photo.height):
            self.position.clear()
            self.value.clear()
            return
        self.position.setText(f"x {x}  y {y}")
        values = " ".join(str(int(value)) for value in photo.pixels[y, x])
        mapped = self._photo is not None and self._photo.document is not None
        if mapped and self._photo.document.map.pixels[y, x]:  # type: ignore[union-attr]
            values += "   " + self.tr("map")
        self.value.setText(values)

    def show_devices(self, devices: tuple[Device, ...]) -> None:
        """Show the processor that will be used."""
        usable = next((device for device in devices if device.usable), None)
        if usable is not None:
            self.device.setText(usable.name.upper())
        why = [in_language(device.reason) for device in devices if not device.usable and device.reason]
        self.device.setToolTip("\n".join(why[:1]))
        self.device.updateGeometry()

    def show_used(self, name: str) -> None:
        """Show the processor that the last run really used."""
        self.device.setText(name)
        self.device.setToolTip(self.tr("The last run used {0}").format(name))

    def set_camera(self, camera: Camera, *, shown: bool) -> None:
        """Speak of another view's zoom.

        Args:
            camera: of the view.
            shown: whether the view shows anything.
        """
        self.zoom.setVisible(shown)
        if camera is not self._camera:
            self._camera.changed.disconnect(self._show_zoom)
            self._camera = camera
            camera.changed.connect(self._show_zoom)
        self._show_zoom()

    def _show_zoom(self) -> None:
        percent = self._camera.scale * 100
        self.zoom.setText(f"{number(percent, 0 if percent >= 10 else 1)} %")

    def _show_work(self) -> None:
        job = self._jobs.running
        self.work.setText(f"{job.title}…" if job is not None else "")
        self.bar.setVisible(job is not None)

"""The canvas of the map view: the photo with its map and faces, and the tool in hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.imaging.edit import Rectangle
from app.ui.canvas.camera import Camera
from app.ui.canvas.layers import FacesLayer, GridLayer, MapLayer, PictureLayer
from app.ui.canvas.map_tiles import MapTiles
from app.ui.canvas.offer_bar import OfferBar
from app.ui.canvas.view import PhotoView
from app.ui.map_document import MapDocument
from app.ui.session import PhotoSession
from app.ui.theme.tokens import OVERLAY_COLOURS
from app.ui.tools.base import Offer, Pointer, Tool
from app.ui.tools.keyboard import KeyboardPointer

TOOL_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace)
"""Keys that end or shorten what a tool has under way."""


class MapCanvas(PhotoView):
    """Shows one photo and lets a tool edit its map.

    Attributes:
        photo: what is shown, or None.
        map_layer, faces_layer: what lies over the photo, with their settings.
        tool: the tool in hand.
        offers: what can be done with what the tool has under way.
        keys: the pointer that arrow keys move.

    Signals:
        overlay_changed: how map or faces are drawn is different now.
        kept: a tool was put down with work under way; what the user should know of it.
    """

    overlay_changed = Signal()
    kept = Signal(str)

    def __init__(self, camera: Camera, parent: QWidget | None = None) -> None:
        super().__init__(camera, parent)
        self.photo: PhotoSession | None = None
        self._picture = PictureLayer()
        self.map_layer = MapLayer()
        self.faces_layer = FacesLayer()
        self.tool: Tool = Tool(self)
        self.offers = OfferBar(self)
        self.keys = KeyboardPointer(self)
        self._peeking = False
        self._double = False
        self._pen: Qt.MouseButton | None = None  # the button of a pen that draws
        self._rgb = OVERLAY_COLOURS[0].rgb
        self.setAccessibleName(self.tr("Photo"))
        self.setAccessibleDescription(
            self.tr("The photo with its map; arrow keys move it, plus and minus zoom")
        )
        self.setTabletTracking(True)

    # --- what is shown -------------------------------------------------------------------------

    @property
    def view(self) -> PhotoView:
        """This widget, for its tools."""
        return self

    @property
    def document(self) -> MapDocument | None:
        """The map that the tool edits."""
        return self.photo.document if self.photo is not None else None

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show what can be done with what the tool has under way."""
        self.offers.show_offers(offers)

    def show_photo(self, photo: PhotoSession | None) -> None:
        """Show another photo, fitted."""
        self.tool.put_down()
        if self.photo is not None:
            self.photo.photo_changed.disconnect(self._take_picture)
            self.photo.map_made.disconnect(self._take_map)
            self.photo.faces_changed.disconnect(self._take_faces)
            self.photo.face_selected.disconnect(self._take_faces)
        self.photo = photo
        if photo is not None:
            photo.photo_changed.connect(self._take_picture)
            photo.map_made.connect(self._take_map)
            photo.faces_changed.connect(self._take_faces)
            photo.face_selected.connect(self._take_faces)
            if photo.size is not None:
                self.camera.set_photo_size(*photo.size)
        self._take_picture()
        self._take_map()
        self._take_faces()
        self.keys.forget()
        self.tool.take_up()

    def set_tool(self, tool: Tool) -> None:
        """Take another tool in hand."""
        self.keys.lift()
        said = self.tool.put_down()
        self.tool.leave()
        self.tool = tool
        self.tool.take_up()
        self.keys.resume()
        self.update_cursor()
        self.update()
        if said:
            self.kept.emit(said)

    def peek(self, peeking: bool) -> None:
        """Show the untouched photo while a key is held."""
        if peeking != self._peeking:
            self._peeking = peeking
            self._arrange()

    def set_overlay_colour(self, rgb: tuple[int, int, int]) -> None:
        """Draw the map in another colour."""
        self._rgb = rgb
        self.map_layer.colour = QColor(*rgb)
        if self.map_layer.tiles is not None:
            self.map_layer.tiles.set_colour(rgb)
        self.refresh_overlay()

    @property
    def overlay_colour(self) -> tuple[int, int, int]:
        """The map's colour, 0..255 each."""
        return self._rgb

    def refresh_overlay(self) -> None:
        """Redraw after a setting of a layer has changed."""
        self.update()
        self.overlay_changed.emit()

    def _arrange(self) -> None:
        self.layers = [self._picture]
        if self.photo is not None and self.photo.size is not None:
            self.layers.append(GridLayer(*self.photo.size))
        if not self._peeking:
            self.layers += [self.map_layer, self.faces_layer]
        self.update()

    def _take_picture(self) -> None:
        pyramid = self.photo.pyramid if self.photo is not None else None
        new = pyramid is not None and self._picture.pyramid is None
        self._picture.pyramid = pyramid
        if new and pyramid is not None:
            known = (self.camera.size.width(), self.camera.size.height())
            if known != (pyramid.width, pyramid.height):
                self.camera.set_photo_size(pyramid.width, pyramid.height)
        self._arrange()

    def _take_map(self) -> None:
        document = self.document
        if document is None:
            self.map_layer.tiles = None
        else:
            self.map_layer.tiles = MapTiles(document.map.pixels, self._rgb, document.bounds)
            document.changed.connect(self._map_changed, Qt.ConnectionType.UniqueConnection)
        self.update()

    def _map_changed(self, rectangle: Rectangle) -> None:
        if self.sender() is not self.document or self.map_layer.tiles is None:
            return
        self.map_layer.tiles.touch(rectangle)
        x0, y0, x1, y1 = rectangle
        self.update_photo(QRectF(x0, y0, x1 - x0, y1 - y0))

    def _take_faces(self) -> None:
        faces = self.photo.faces if self.photo is not None else None
        self.faces_layer.faces = faces or ()
        self.faces_layer.selected = self.photo.selected_face if self.photo is not None else None
        self.update()

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The layers, and the tool above them."""
        super().paintEvent(event)
        if self.panning or self._peeking:
            return
        if self.keys.useful and self.keys.area().intersects(QRectF(event.rect())):
            painter = QPainter(self)
            self.keys.paint(painter)
            painter.end()
        if self.tool.area().intersects(QRectF(event.rect())):
            painter = QPainter(self)
            self.tool.paint(painter)
            painter.end()

    # --- the pointer ---------------------------------------------------------------------------

    def wants_pan(self, event: QMouseEvent) -> bool:
        """The left button belongs to the tool, unless the tool has no use for it."""
        if self._space or event.button() == Qt.MouseButton.MiddleButton:
            return True
        return self.tool.pans and event.button() == Qt.MouseButton.LeftButton

    def update_cursor(self) -> None:
        """The tool's cursor, or a hand while panning."""
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space or self.photo is None:
            self.setCursor(
                Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.ArrowCursor
            )
        else:
            self.setCursor(self.tool.cursor)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """To the tool, or pan."""
        super().mousePressEvent(event)
        if self.tool.pans or not self.panning:
            self.tool.press(self._pointer(event))

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """To the tool, or pan."""
        super().mouseMoveEvent(event)
        if not self.panning:
            pointer = self._pointer(event)
            self.keys.follow(pointer.position)
            self.tool.move(pointer)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """To the tool, or stop panning."""
        super().mouseReleaseEvent(event)
        self.tool.release(self._pointer(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """A quick second press is a press; only the hand zooms by a double click."""
        if self.tool.pans:
            super().mouseDoubleClickEvent(event)
        else:
            self._double = True
            self.mousePressEvent(event)
            self._double = False

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """With Shift to the tool; else zoom or pan."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            turned = event.angleDelta()
            # Some systems take a wheel that is turned with Shift for a sideways one.
            if self.tool.wheel((turned.y() or turned.x()) / 120):
                event.accept()
                return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """To pointer and tool first; what they have no use for moves the photo."""
        if not self.keys.key(event) and not self.tool.key(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent, /) -> bool:
        """Keys that the tool uses belong to it, not to a shortcut, while something is under way."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.tool.busy
            and event.key() in TOOL_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def pinch_began(self) -> None:
        """Two fingers zoom: what the first one began to draw was not meant."""
        super().pinch_began()
        if self._pen is None:
            self.tool.cancel()

    def tabletEvent(self, event: QTabletEvent, /) -> None:
        """A pen draws by itself, with its pressure; where it would pan, Qt makes a mouse of it."""
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            pans = event.button() == Qt.MouseButton.MiddleButton or self._space
            self._pen = None if pans or self.tool.pans else event.button()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        drawing = self._pen is not None
        if not drawing and (self._pan_from is not None or self._space or self.tool.pans):
            event.ignore()
            return
        pointer = self._pen_pointer(event)
        if kind == QEvent.Type.TabletPress:
            if not drawing:
                event.ignore()
                return
            self.tool.press(pointer)
        elif kind == QEvent.Type.TabletMove:
            self.hovered.emit(pointer.position)
            self.tool.move(pointer)
        elif drawing:
            self.tool.release(pointer)
            self._pen = None
        event.accept()

    def _pen_pointer(self, event: QTabletEvent) -> Pointer:
        weighs = event.pointingDevice().hasCapability(QInputDevice.Capability.Pressure)
        return Pointer(
            position=self.to_photo(event.position()),
            button=event.button(),
            shift=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
            ctrl=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier),
            pressure=float(event.pressure()) if weighs else 1.0,
            eraser=event.pointerType() == QPointingDevice.PointerType.Eraser,
        )

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """A pen that is lifted elsewhere is never seen here; the keyboard's is lifted now."""
        self._pen = None
        self.keys.lift()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent, /) -> None:
        """Tell the tool."""
        super().leaveEvent(event)
        self.tool.leave()
        self.keys.resume()

    def _pointer(self, event: QMouseEvent) -> Pointer:
        return Pointer(
            position=self.to_photo(event.position()),
            button=event.button(),
            shift=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
            ctrl=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier),
            double=self._double,
        )

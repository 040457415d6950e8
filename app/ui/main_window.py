"""The main window: puts the parts in their places and tells them which photo is current."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QLabel,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QWidget,
)

from app.ui.actions import Actions, translated
from app.ui.bars import OptionsBar, ToolRail, TopBar
from app.ui.canvas.camera import Camera
from app.ui.canvas.map_canvas import MapCanvas
from app.ui.case.banner import CaseBanner
from app.ui.case.panel import CasePanel
from app.ui.commands import Commands
from app.ui.compare import CompareView
from app.ui.controller import Controller
from app.ui.face_edits import FaceEdits
from app.ui.focus import Panel, Panels
from app.ui.inspector import Inspector
from app.ui.live.page import LivePage
from app.ui.menus.table import MENUS
from app.ui.message_bar import MessageBar
from app.ui.photo_page import PhotoPage
from app.ui.photo_strip import PhotoStrip
from app.ui.settings import Settings
from app.ui.status_bar import StatusBar
from app.ui.tools.base import Tool
from app.ui.tools.box import InvertBoxTool
from app.ui.tools.brush import BrushSettings, BrushTool
from app.ui.tools.faces import FaceTool
from app.ui.tools.lasso import LassoTool
from app.ui.tools.pan import PanTool
from app.ui.tools.polygon import PolygonTool
from app.ui.tools.smart import SmartTool
from app.ui.welcome import WelcomePage
from app.ui.widgets import column, row

SMALLEST = QSize(1024, 640)
PEEK_KEY = Qt.Key.Key_O


class MainWindow(QMainWindow):
    """The window.

    Attributes:
        controller: what it drives.
        actions_: everything the user can do.
        canvas, compare: the two views of a photo.
        inspector, strip, messages, status: the other parts.
        brush: what brush and eraser share.
        face_edits, face_tool: what a hand does to the faces.
        panels: the parts that the keyboard goes through.
    """

    def __init__(self, controller: Controller, settings: Settings) -> None:
        super().__init__()
        self.controller = controller
        self.settings = settings
        self.actions_ = Actions(self)
        self.camera = Camera(self)
        self.brush = BrushSettings(self)
        self.canvas = MapCanvas(self.camera)
        self.compare = CompareView(Camera(self), self.actions_, controller.jobs)
        self.messages = MessageBar()
        self.banner = CaseBanner()
        self.case_panel = CasePanel(controller, self.actions_)
        self.status = StatusBar(self.camera, controller.jobs)
        self.strip = PhotoStrip(controller.session)
        self.inspector = Inspector(controller, self.canvas, self.actions_, settings)
        self.top = TopBar(self.actions_)
        self.options = OptionsBar(self.brush)
        self.page = PhotoPage(self.canvas, self.actions_)
        self.welcome = WelcomePage(self.actions_, settings)
        self.live = LivePage(controller.bench, controller.jobs, self.actions_, settings)
        self.face_edits = FaceEdits(controller)
        self.face_tool = FaceTool(self.canvas, self.face_edits)
        self.tools = self._make_tools()
        self._drop_target = QFrame(self)
        self._drop_target.setObjectName("dropTarget")
        self._drop_target.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        drop = QLabel(self.tr("Drop to open"))
        self._drop_target.setLayout(column(None, row(None, drop, None), None))
        self._drop_target.hide()
        self._arrange()
        self._make_menus()
        self.panels = self._make_panels()
        self.commands = Commands(self)
        self._connect()
        self.setAcceptDrops(True)
        self.setWindowTitle("Revisage")
        self.setMinimumSize(SMALLEST)
        self._restore()
        self._photo_changed()
        look = QShortcut(QKeySequence(PEEK_KEY), self)
        look.setAutoRepeat(False)
        look.activated.connect(self._peek)

    # --- assembly ------------------------------------------------------------------------------

    def _make_tools(self) -> dict[str, Tool]:
        return {
            "tool_pan": PanTool(self.canvas, self._select_face_at),
            "tool_brush": BrushTool(self.canvas, self.brush, value=True),
            "tool_eraser": BrushTool(self.canvas, self.brush, value=False),
            "tool_lasso": LassoTool(self.canvas),
            "tool_polygon": PolygonTool(self.canvas),
            "tool_smart": SmartTool(
                self.canvas, self.controller.smart_select, self.controller.take_selection
            ),
            "tool_invert": InvertBoxTool(self.canvas, self.controller.invert_in),
            "tool_face": self.face_tool,
        }

    def _arrange(self) -> None:
        edit = QWidget()
        stacked = column(self.options, self.page, gap=0)
        stacked.setStretchFactor(self.page, 1)
        edit.setLayout(stacked)
        self.rail = ToolRail(self.actions_)
        map_view = QWidget()
        map_view.setLayout(row(self.rail, edit, gap=0))
        self.map_view = map_view
        self.stack = QStackedWidget()
        for page in (self.welcome, map_view, self.compare, self.live):
            self.stack.addWidget(page)
        centre = QWidget()
        layout = column(self.top, self.banner, self.stack, gap=0)
        layout.setStretchFactor(self.stack, 1)
        centre.setLayout(layout)
        self.messages.float_over(self.stack)
        self.stack.currentChanged.connect(self.messages.raise_)
        self.setCentralWidget(centre)
        self.strip_dock = self._dock("strip", self.strip, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.inspector_dock = self._dock(
            "inspector", self.inspector, Qt.DockWidgetArea.RightDockWidgetArea
        )
        # Strip and inspector keep their whole height beside the case.
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.case_dock = self._dock(
            "case", self.case_panel, Qt.DockWidgetArea.BottomDockWidgetArea
        )
        self._default_sizes()
        self.status.addPermanentWidget(self.case_panel.saved)
        self.setStatusBar(self.status)

    def _make_panels(self) -> Panels:
        """What F6 goes through, clockwise from the photo."""
        panels = (
            Panel(self.stack.currentWidget, self._main_stop),
            Panel(lambda: self.inspector, lambda: self.inspector.faces.list),
            Panel(lambda: self.case_panel),
            Panel(lambda: self.strip, lambda: self.strip.list),
        )
        return Panels(panels, self)

    def _main_stop(self) -> QWidget | None:
        """Where the keys of the page in the middle go at first."""
        page = self.stack.currentWidget()
        if page is self.live:
            return self.live.main_stop()
        if page is self.map_view:
            return self.canvas
        return self.compare.main_view() if page is self.compare else None

    def _default_sizes(self) -> None:
        docks = [self.strip_dock, self.inspector_dock]
        self.resizeDocks(docks, [216, 324], Qt.Orientation.Horizontal)
        self.resizeDocks([self.case_dock], [260], Qt.Orientation.Vertical)

    def reset_layout(self) -> None:
        """Bring every panel back, in its first place and width."""
        for key in ("show_strip", "show_inspector", "show_case"):
            self.actions_[key].setChecked(True)
        self.settings.forget("window/state")
        self._default_sizes()

    def _dock(self, name: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        """A dock without a title bar: the panels name themselves, the View menu hides them."""
        dock = QDockWidget()
        dock.setObjectName(name)
        dock.setWindowTitle(self.actions_[f"show_{name}"].text())
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(QWidget())
        dock.setWidget(content)
        self.addDockWidget(area, dock)
        return dock

    def _make_menus(self) -> None:
        self.recent_menu = QMenu(self.tr("Open recent"), self)
        self.recent_cases_menu = QMenu(self.tr("Recent cases"), self)
        self.theme_menu = QMenu(self.tr("Theme"), self)
        for menu in MENUS:
            made = self.menuBar().addMenu(translated(menu.title))
            for spec in menu.entries:
                if spec is None:
                    made.addSeparator()
                    continue
                made.addAction(self.actions_[spec.key])
                if spec.key == "open_folder":
                    made.addMenu(self.recent_menu)
                if spec.key == "open_case":
                    made.addMenu(self.recent_cases_menu)
                if spec.key == "full_screen":
                    made.addSeparator()
                    made.addMenu(self.theme_menu)

    def _connect(self) -> None:
        session = self.controller.session
        session.current_changed.connect(self._photo_changed)
        self.controller.failed.connect(self.messages.show_failure)
        self.controller.noticed.connect(self.messages.show_warning)
        self.controller.runs.repeated.connect(self.messages.show_information)
        self.controller.devices_found.connect(self.status.show_devices)
        self.canvas.hovered.connect(self.status.hover)
        self.canvas.kept.connect(self.messages.show_information)
        self.compare.hovered.connect(self.status.hover)
        self.compare.failed.connect(self.messages.show_failure)
        self.brush.changed.connect(self.canvas.update)
        self.canvas.hovered.connect(self._choose_cursor)

    def _restore(self) -> None:
        geometry, state = self.settings.blob("window/geometry"), self.settings.blob("window/state")
        self._arranged = not state.isEmpty()
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            screen = self.screen().availableGeometry()
            self.resize(
                min(1560, int(screen.width() * 0.92)), min(980, int(screen.height() * 0.92))
            )
        if not state.isEmpty():
            self.restoreState(state)
        for key in ("show_strip", "show_inspector", "show_case"):
            self.actions_[key].setChecked(self.settings.flag(f"window/{key}", True))

    # --- the current photo ---------------------------------------------------------------------

    def _photo_changed(self) -> None:
        photo = self.controller.session.current
        self.canvas.show_photo(photo)
        self.page.show_photo(photo)
        self.compare.show_photo(photo)
        self.inspector.show_photo(photo)
        self.top.show_photo(photo)
        self.status.set_photo(photo)
        if photo is not None and photo.size is not None:
            self._size_known()
        self.commands.case.retitle()
        self.commands.show_view()

    def show_docks(self) -> None:
        """Strip and inspector are there while there is a photo, unless the user hid them."""
        any_photo = bool(self.controller.session.photos)
        live = self.stack.currentWidget() is self.live
        self.top.setVisible(not live)
        for key, dock in (("show_strip", self.strip_dock), ("show_inspector", self.inspector_dock)):
            about_photo = live and dock is self.inspector_dock
            dock.setVisible(any_photo and not about_photo and self.actions_[key].isChecked())
        case = self.controller.keeping.case is not None
        appears = case and not self.case_dock.isVisible() and not self._arranged
        self.case_dock.setVisible(case and self.actions_["show_case"].isChecked())
        if appears:
            # A new dock would take its width from the strip.
            self._default_sizes()

    def size_known(self) -> None:
        """The current photo has been decoded: views and brush fit themselves to it."""
        self._size_known()

    def _size_known(self) -> None:
        photo = self.controller.session.current
        assert photo is not None
        assert photo.size is not None
        self.compare.camera.set_photo_size(*photo.size)
        self.brush.suggest(*photo.size)

    def _select_face_at(self, point: QPointF) -> None:
        photo = self.controller.session.current
        hit = self.canvas.faces_layer.hit(point)
        if photo is not None and hit is not None:
            photo.select_face(hit)

    def _choose_cursor(self, _: object) -> None:
        self.canvas.update_cursor()

    def zoom_to_face(self, index: int) -> None:
        """Fill the canvas with a face and its surroundings."""
        photo = self.controller.session.current
        if photo is None or not photo.faces or index >= len(photo.faces):
            return
        x0, y0, x1, y1 = photo.faces[index].box
        around = 0.35 * max(x1 - x0, y1 - y0)
        area = QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-around, -around, around, around)
        for camera in (self.camera, self.compare.camera):
            camera.show_rectangle(area)

    # --- the key that is held ------------------------------------------------------------------

    def _peek(self) -> None:
        """Show the untouched photo until the key is let go, wherever the focus is."""
        self.canvas.peek(True)
        self.compare.peek(True)
        # Only now: a filter on the whole application costs something at every event.
        self._application().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Wait for the end of a look at the untouched photo."""
        released = (
            event.type() == QEvent.Type.KeyRelease
            and isinstance(event, QKeyEvent)
            and event.key() == PEEK_KEY
            and not event.isAutoRepeat()
        )
        if released or event.type() == QEvent.Type.ApplicationDeactivate:
            self._application().removeEventFilter(self)
            self.canvas.peek(False)
            self.compare.peek(False)
        return super().eventFilter(watched, event)

    @staticmethod
    def _application() -> QCoreApplication:
        application = QApplication.instance()
        assert application is not None
        return application

    # --- drag and drop -------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Files may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            area = self.stack.rect().adjusted(8, 8, -8, -8)
            area.moveTopLeft(self.stack.mapTo(self, area.topLeft()))
            self._drop_target.setGeometry(area)
            self._drop_target.show()
            self._drop_target.raise_()

    def dragLeaveEvent(self, _event: QDragLeaveEvent, /) -> None:
        """The files went elsewhere."""
        self._drop_target.hide()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """Open what was dropped."""
        self._drop_target.hide()
        event.acceptProposedAction()
        self.commands.files.open_urls(event.mimeData().urls())

    # --- the end -------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent, /) -> None:
        """Remember the layout, cancel what runs, and wait for the workers; ask first where runs would
        be stopped or unsaved work lost."""
        if not self.commands.case.may_close():
            event.ignore()
            return
        self.settings.set("window/geometry", self.saveGeometry())
        self.settings.set("window/state", self.saveState())
        for key in ("show_strip", "show_inspector", "show_case"):
            self.settings.set(f"window/{key}", self.actions_[key].isChecked())
        self.settings.sync()
        self._application().removeEventFilter(self)
        self.hide()
        self.live.feed.close()
        self.controller.close(recoverable=self.commands.case.recoverable)
        super().closeEvent(event)

    def close_at_once(self, *, recoverable: bool = False) -> None:
        """Close without asking.

        Args:
            recoverable: offer unsaved work at the next start instead of letting it go.
        """
        self.commands.case.decided = True
        self.commands.case.recoverable = recoverable
        self.close()

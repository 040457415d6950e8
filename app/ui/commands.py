"""What each action does, and when it can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QWidget

from app.imaging.map import BinaryMap, Edit
from app.ui.availability import enable
from app.ui.canvas.camera import Camera
from app.ui.case.commands import CaseCommands
from app.ui.dialogs.about import AboutDialog
from app.ui.dialogs.cards import CardsDialog
from app.ui.dialogs.palette import CommandPalette
from app.ui.dialogs.settings import SettingsDialog
from app.ui.dialogs.settings_pages import theme_names
from app.ui.dialogs.shortcuts import ShortcutSheet
from app.ui.file_commands import FileCommands, show_dialog
from app.ui.history_popup import HistoryPopup
from app.ui.labels import provider_name
from app.ui.live.commands import LiveCommands
from app.ui.sentences import in_language
from app.ui.session import PhotoSession
from app.ui.theme.manager import CHOICES, ThemeChoice, theme
from app.ui.tools.base import Tool

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Commands(QObject):
    """Connects the actions of a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.controller = window.controller
        self._photo: PhotoSession | None = None
        self._compare_wanted = False
        self._waits_at: QWidget | None = None
        self.files = FileCommands(window)
        self.case = CaseCommands(window)
        self.live = LiveCommands(window)
        actions = window.actions_
        handlers: dict[str, Callable[[], object]] = {
            "open": self.files.open,
            "open_folder": self.files.open_folder,
            "open_sample": self.controller.open_sample,
            "paste": self.files.paste,
            "import_map": self.files.import_map,
            "export_map": self.files.export_map,
            "export": self.files.export,
            "close_photo": self.files.close_photo,
            "quit": window.close,
            "undo": self.undo,
            "redo": self.redo,
            "view_map": partial(self.choose_view, False),
            "view_compare": partial(self.choose_view, True),
            "fit": lambda: self.camera.fit(),
            "full_size": lambda: self.camera.zoom_to(1.0),
            "zoom_in": lambda: self.camera.step(1),
            "zoom_out": lambda: self.camera.step(-1),
            "zoom_face": self.zoom_face,
            "previous": partial(self.controller.session.move, -1),
            "next": partial(self.controller.session.move, 1),
            "swap": self.swap,
            "smaller": partial(window.brush.step, -1),
            "larger": partial(window.brush.step, 1),
            "fill_holes": self._whole(BinaryMap.fill_holes, self.tr("Filling holes")),
            "grow": self._whole(BinaryMap.grow, self.tr("Growing the map")),
            "shrink": self._whole(BinaryMap.shrink, self.tr("Shrinking the map")),
            "smooth": self._whole(BinaryMap.smooth_edges, self.tr("Smoothing the map")),
            "invert": self._whole(BinaryMap.invert, self.tr("Inverting the map")),
            "clear": self._whole(BinaryMap.clear, self.tr("Clearing the map")),
            "next_face": partial(self.move_face, 1),
            "previous_face": partial(self.move_face, -1),
            "next_panel": lambda: window.panels.go(1),
            "previous_panel": lambda: window.panels.go(-1),
            "add_face": self.add_face,
            "rerun_face": partial(self._on_face, window.face_edits.rerun),
            "delete_face": partial(self._on_face, window.face_edits.delete),
            "reset": self.controller.reset_map,
            "analyse": self.controller.analyse_again,
            "run": self.run,
            "cancel": self.cancel,
            "model_card": self.show_cards,
            "history": self.show_history,
            "settings": lambda: show_dialog(SettingsDialog(window)),
            "reset_layout": window.reset_layout,
            "palette": lambda: show_dialog(CommandPalette(actions, window)),
            "shortcuts": lambda: show_dialog(ShortcutSheet(window)),
            "about": lambda: show_dialog(AboutDialog(window)),
        }
        for key, handler in handlers.items():
            actions[key].triggered.connect(lambda _=False, do=handler: do())
        switches: dict[str, Callable[[bool], None]] = {
            "show_map": self._show_map,
            "outline": self._outline,
            "show_faces": self._show_faces,
            "show_landmarks": self._show_landmarks,
            "keyboard_pointer": self._keyboard_pointer,
            "show_spread": window.compare.show_spread,
            "show_strip": lambda _: window.show_docks(),
            "show_inspector": lambda _: window.show_docks(),
            "show_case": lambda _: window.show_docks(),
            "full_screen": self._full_screen,
        }
        for key, switch in switches.items():
            actions[key].toggled.connect(switch)
        for key, tool in window.tools.items():
            actions[key].toggled.connect(partial(self._tool_toggled, key, tool))
        actions["show_map"].setChecked(True)
        actions["show_faces"].setChecked(True)
        actions["show_spread"].setChecked(True)
        actions["tool_brush"].setChecked(True)
        actions["view_map"].setChecked(True)
        actions["compare_grid"].setChecked(True)
        self._make_theme_menu()
        window.inspector.faces.face_activated.connect(window.zoom_to_face)
        window.inspector.reconstruct.changed.connect(self.refresh)
        window.inspector.reconstruct.models.card_asked.connect(self.show_cards)
        self.controller.session.photos_changed.connect(self.refresh)
        self.controller.session.photos_changed.connect(window.show_docks)
        window.compare.rebuilt.connect(self.refresh)
        self.controller.runs.changed.connect(self.refresh)
        self.controller.runs.first_result.connect(self._show_first_result)

    # --- what can be done now ------------------------------------------------------------------

    @property
    def camera(self) -> Camera:
        """Of the view that is shown."""
        if self.window.stack.currentWidget() is self.window.live:
            return self.window.live.camera
        comparing = self.window.stack.currentWidget() is self.window.compare
        return self.window.compare.camera if comparing else self.window.camera

    def show_view(self) -> None:
        """Show the view that fits the current photo, and follow that photo's state."""
        window, photo = self.window, self.controller.session.current
        if self._photo is not photo:
            for old, connect in ((self._photo, False), (photo, True)):
                if old is not None:
                    self._follow(old, connect=connect)
            self._photo = photo
        page: QWidget = window.live
        if not self.live.wanted and photo is None:
            page = window.welcome
        elif not self.live.wanted:
            page = window.compare if self._compare_wanted else window.map_view
        before = window.stack.currentWidget()
        focus = QApplication.focusWidget()
        # Qt would hand the focus of a page that goes to whatever comes next.
        inside = focus is None or (before is not None and before.isAncestorOf(focus))
        left = page is not before and inside
        window.stack.setCurrentWidget(page)
        if page is not before:
            window.status.hover(None)  # the pointer was on a page that is gone
        window.show_docks()
        self.refresh()
        if left and QApplication.activeModalWidget() is None:
            window.panels.to_middle(leave=True)
            # A photo that is still being decoded has no canvas to take the keys yet.
            self._waits_at = window.focusWidget()

    def refresh(self) -> None:
        """Enable what can be done now."""
        enable(self.window)
        window, photo = self.window, self.controller.session.current
        comparing = window.stack.currentWidget() is window.compare
        shown = (
            bool(window.compare.panes) if comparing else photo is not None and bool(photo.pyramid)
        )
        if window.stack.currentWidget() is window.live:
            shown = window.live.feed.newest is not None
        window.status.set_camera(self.camera, shown=shown)

    def _follow(self, photo: PhotoSession, *, connect: bool) -> None:
        signals = (
            photo.stage_changed,
            photo.photo_changed,
            photo.faces_changed,
            photo.face_selected,
            photo.map_made,
            photo.map_edited,
            photo.hypotheses_changed,
        )
        for signal in signals:
            if connect:
                signal.connect(self.refresh)
            else:
                signal.disconnect(self.refresh)
        if connect:
            photo.photo_changed.connect(self._photo_decoded)
            photo.hypotheses_changed.connect(self._show_provider)
        else:
            photo.photo_changed.disconnect(self._photo_decoded)
            photo.hypotheses_changed.disconnect(self._show_provider)

    def _photo_decoded(self) -> None:
        photo = self.controller.session.current
        if photo is not None and photo.photo is not None:
            self.window.size_known()
            QTimer.singleShot(0, self, self._enter_canvas)

    def _enter_canvas(self) -> None:
        """Take the keys to a photo that has just appeared, unless the user has gone elsewhere."""
        waits, self._waits_at = self._waits_at, None
        window = self.window
        if waits is not None and waits is window.focusWidget() and window.canvas.isVisible():
            window.panels.to_middle(leave=True)

    # --- views and tools -----------------------------------------------------------------------

    def choose_view(self, compare: bool) -> None:
        """Show map or comparison."""
        self._compare_wanted = compare
        self.window.actions_["view_compare" if compare else "view_map"].setChecked(True)
        self.show_view()

    def _show_first_result(self, photo: PhotoSession) -> None:
        """A run was started to see what it makes; who looks at another photo by now is left in peace."""
        if photo is self.controller.session.current and photo.hypotheses:
            self.choose_view(True)
            self.window.inspector.show_results()

    def zoom_face(self) -> None:
        """Fill the canvas with the selected face."""
        photo = self.controller.session.current
        if photo is not None and photo.selected_face is not None:
            self.window.zoom_to_face(photo.selected_face)

    def swap(self) -> None:
        """From brush to eraser and back."""
        actions = self.window.actions_
        brush = actions["tool_brush"].isChecked()
        actions["tool_eraser" if brush else "tool_brush"].setChecked(True)

    def _tool_toggled(self, key: str, tool: Tool, chosen: bool) -> None:
        if chosen:
            self.window.canvas.set_tool(tool)
            self.window.options.show_tool(key, self.window.actions_[key].text())

    def _keyboard_pointer(self, on: bool) -> None:
        window = self.window
        if on:
            window.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)
        window.canvas.keys.switch(on)
        window.options.show_keys(on)

    def _show_map(self, shown: bool) -> None:
        self.window.canvas.map_layer.shown = shown
        self.window.canvas.refresh_overlay()

    def _outline(self, outline: bool) -> None:
        self.window.canvas.map_layer.filled = not outline
        self.window.canvas.refresh_overlay()

    def _show_faces(self, shown: bool) -> None:
        self.window.canvas.faces_layer.shown = shown
        self.window.canvas.refresh_overlay()

    def _show_landmarks(self, shown: bool) -> None:
        self.window.canvas.faces_layer.landmarks = shown
        self.window.canvas.refresh_overlay()

    def _full_screen(self, full: bool) -> None:
        if full:
            self.window.showFullScreen()
        else:
            self.window.showNormal()

    # --- the map -------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last step back; what a tool has under way is that step."""
        if self.window.canvas.tool.busy:
            self.window.canvas.tool.cancel()
            return
        photo = self.controller.session.current
        if photo is not None and photo.document is not None:
            photo.document.undo()

    def redo(self) -> None:
        """Bring the last undone step back."""
        photo = self.controller.session.current
        if photo is not None and photo.document is not None:
            photo.document.redo()

    def show_history(self) -> None:
        """Show the steps of the map below the button that undoes them."""
        photo = self.controller.session.current
        if photo is None or photo.document is None:
            return
        popup = HistoryPopup(photo.document, self.window)
        anchor = self.window.top.history
        corner = anchor.mapToGlobal(anchor.rect().bottomRight())
        popup.move(corner.x() - popup.width(), corner.y() + 4)
        popup.show()
        popup.list.setFocus()

    def _whole(
        self, operation: Callable[[BinaryMap], Edit | None], title: str
    ) -> Callable[[], None]:
        tool = operation.__name__.replace("_", " ")
        return lambda: self.controller.edit_map(operation, title, tool=tool)

    # --- faces ------------------------------------------------------------------------------------

    def add_face(self) -> None:
        """A new box in the middle of the view, with the face tool in hand."""
        self.window.actions_["tool_face"].setChecked(True)
        self.window.face_tool.begin_new()

    def move_face(self, step: int) -> None:
        """Select the next (+1) or previous (-1) face, round and round."""
        photo = self.controller.session.current
        if photo is not None and photo.faces:
            at = photo.selected_face if photo.selected_face is not None else -max(step, 0)
            photo.select_face((at + step) % len(photo.faces))

    def _on_face(self, action: Callable[[int], None]) -> None:
        photo = self.controller.session.current
        if photo is not None and photo.selected_face is not None:
            action(photo.selected_face)

    # --- reconstruction ------------------------------------------------------------------------

    def run(self) -> None:
        """Reconstruct with what the panel says."""
        request = self.window.inspector.reconstruct.request()
        photo = self.controller.session.current
        if request is not None and photo is not None:
            start = partial(self.controller.runs.start, photo, request)
            self.controller.keeping.photos.check_evidence(photo, start)

    def cancel(self) -> None:
        """Cancel what is nearest: the stroke, else the run, else a message."""
        window = self.window
        if window.canvas.tool.busy:
            window.canvas.tool.cancel()
        elif self.controller.runs.running:
            self.controller.runs.cancel()
        else:
            window.canvas.tool.cancel()
            window.messages.dismiss()

    def show_cards(self, name: str = "") -> None:
        """Show the models' cards."""
        bench = self.controller.bench
        show_dialog(CardsDialog(bench.models, bench.zoo.problems, shown=name, parent=self.window))

    def _show_provider(self) -> None:
        """Say what the last run was really computed on."""
        photo = self.controller.session.current
        if photo is None or not photo.hypotheses:
            return
        result = photo.hypotheses[-1].outcome.result
        used = provider_name(result.provider)
        self.window.status.show_used(used)
        notes = [note.removeprefix("The CPU was used: ") for note in result.notes]
        reasons = [in_language(note) for note in notes]
        said = [self.tr("The last run used {0}.").format(used), *reasons]
        self.window.inspector.reconstruct.show_used(" ".join(said))

    # --- theme ------------------------------------------------------------------------------------

    def _make_theme_menu(self) -> None:
        names = theme_names()
        group = QActionGroup(self)
        for choice in CHOICES:
            action = QAction(names[choice], group)
            action.setCheckable(True)
            action.setChecked(self.window.settings.theme == choice)
            action.setData(choice)
            action.triggered.connect(partial(self._choose_theme, choice))
            self.window.theme_menu.addAction(action)
        self.window.settings.changed.connect(self._follow_theme)

    def _follow_theme(self, key: str) -> None:
        if key == "theme":
            for action in self.window.theme_menu.actions():
                action.setChecked(action.data() == self.window.settings.theme)

    def _choose_theme(self, choice: ThemeChoice) -> None:
        self.window.settings.set("theme", choice)
        theme().set_choice(choice)

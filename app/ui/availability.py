"""Which actions can be used now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.session import Stage

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

TOOLS = ("tool_pan", "tool_brush", "tool_eraser", "tool_lasso", "tool_polygon", "tool_smart")
MORE_TOOLS = ("tool_invert", "tool_face", "swap", "smaller", "larger")
WHOLE_MAP = ("fill_holes", "grow", "shrink", "smooth", "invert", "clear", "reset", "import_map")


def enable(window: MainWindow) -> None:
    """Enable every action that makes sense in the state the window is in, and no other."""
    actions, session = window.actions_, window.controller.session
    photo = session.current
    document = photo.document if photo is not None else None
    idle = not window.controller.runs.busy(photo)
    decoded = photo is not None and photo.photo is not None
    faces = photo is not None and bool(photo.faces)
    settled = photo is not None and photo.stage in (
        Stage.READY,
        Stage.RECONSTRUCTING,
        Stage.FAILED,
    )
    on_map = window.stack.currentWidget() is window.map_view
    chosen = window.inspector.reconstruct.request() is not None

    def switch(usable: bool, *keys: str) -> None:
        for key in keys:
            actions[key].setEnabled(usable)

    switch(decoded, "fit", "full_size", "zoom_in", "zoom_out")
    switch(decoded and on_map, *TOOLS, *MORE_TOOLS)
    switch(document is not None, "show_map", "outline", "export_map")
    switch(document is not None and not document.locked, *WHOLE_MAP)
    switch(decoded and on_map, "keyboard_pointer")
    several = photo is not None and photo.faces is not None and len(photo.faces) > 1
    switch(several, "next_face", "previous_face")
    switch(faces, "show_faces", "show_landmarks", "zoom_face")
    unlocked = decoded and document is not None and not document.locked
    selected = photo is not None and faces and photo.selected_face is not None
    switch(unlocked and on_map, "add_face")
    switch(unlocked and selected, "rerun_face", "delete_face")
    switch(len(session.photos) > 1, "previous", "next")
    switch(photo is not None, "view_map", "view_compare")
    switch(photo is not None, "close_photo")
    switch(idle and settled, "analyse")
    switch(document is not None and document.history.can_undo, "undo")
    switch(document is not None and document.history.can_redo, "redo")
    switch(document is not None and not document.locked, "history")
    switch(decoded and photo is not None and bool(photo.hypotheses), "export")
    masked = photo is not None and photo.masked
    switch(settled and decoded and faces and masked and chosen, "run")
    window.commands.case.restrict()
    window.commands.live.restrict()

"""What the commands of a case do: new, open, keep, save as, close, and what is asked before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from app.case.case_file import SUFFIX
from app.ui.case.dialogs import ExaminerDialog, NewCaseDialog, case_file
from app.ui.case.left_offer import LeftOffer
from app.ui.case.questions import stop_question
from app.ui.case.recent_cases import RecentCases
from app.ui.file_commands import show_dialog
from app.ui.focus import first_stop
from app.ui.jobs import Failure
from app.ui.plain import make_plain
from app.ui.sentences import in_language

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

CHANGING = (
    *("tool_brush", "tool_eraser", "tool_lasso", "swap", "undo", "redo", "run", "analyse"),
    *("fill_holes", "grow", "shrink", "invert", "clear", "reset", "import_map", "open"),
    *("open_folder", "open_sample", "paste"),
)
"""Actions that make no sense where nothing can be kept."""

OF_CASE = (
    *("show_case", "case_overview", "case_notes", "case_log", "case_checks", "case_report"),
    *("verify_case", "reproduce_all", "report", "seal"),
)
"""Actions that need a case."""


class CaseCommands(QObject):
    """Connects the actions that concern the case as a whole.

    Attributes:
        decided: the window may close without asking about unsaved work.
        recoverable: unsaved work is offered at the next start when it does.
        recent: the cases opened last.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.keeping = window.controller.keeping
        self.banner = window.banner
        self.decided = False
        self.recoverable = False
        self._closing = False
        self._last_case: Path | None = None
        self._question: QMessageBox | None = None
        self._then: Callable[[], None] | None = None
        self.recent = RecentCases(
            window.settings, window.recent_cases_menu, self.open_path, parent=self
        )
        actions, panel = window.actions_, window.case_panel
        handlers: dict[str, Callable[[], None]] = {
            "new_case": self.new,
            "open_case": self.open,
            "keep_in_case": self.keep,
            "save_case_as": self.save_as,
            "close_case": self.close_case,
            "case_overview": partial(self.show_page, panel.overview),
            "case_notes": partial(self.show_page, panel.notes),
            "case_log": partial(self.show_page, panel.log),
            "case_checks": partial(self.show_page, panel.checks),
            "case_report": partial(self.show_page, panel.report),
            "add_note": self.add_note,
            "verify_case": partial(self._press, panel.checks, panel.checks.verify),
            "reproduce_all": partial(self._press, panel.checks, panel.checks.reproduce_all),
            "review": partial(self._press, panel.report, panel.report.review),
            "report": partial(self._press, panel.report, panel.report.preview),
            "seal": partial(self._press, panel.report, panel.report.seal),
        }
        for key, handler in handlers.items():
            actions[key].triggered.connect(lambda _=False, do=handler: do())
        self.keeping.case_changed.connect(self._case_changed)
        self.keeping.case_opened.connect(self._opened)
        self.keeping.grown.connect(lambda _: self.retitle())
        self.keeping.saved.connect(self._show_saving)
        self.keeping.failed.connect(lambda _: self._not_kept())
        window.controller.session.photos_changed.connect(self.refresh)
        self._left = LeftOffer(self.keeping, self.banner, self)
        self._show_saving()

    # --- the commands --------------------------------------------------------------------------

    def new(self) -> None:
        """Make an empty case, in place of what is open."""
        self.with_nothing_unsaved(partial(self._ask_new, keeps=0))

    def keep(self) -> None:
        """Make a case of what is open in the window."""
        self._ask_new(keeps=len(self.window.controller.session.photos))

    def open(self) -> None:
        """Ask for a case."""
        name, _ = QFileDialog.getOpenFileName(
            self.window,
            self.tr("Open case"),
            str(self.recent.folder()),
            self.tr("Cases (*{0})").format(SUFFIX) + ";;" + self.tr("All files (*)"),
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a case, once the examiner is known and nothing unsaved would be lost."""
        path = path.absolute()
        case = self.keeping.case
        if case is not None and path.resolve() == case.path:
            return
        self.with_nothing_unsaved(
            partial(self._with_examiner, lambda name: self.keeping.open_case(path, examiner=name))
        )

    def save_as(self) -> None:
        """Ask where a copy of the case goes."""
        case = self.keeping.case
        if case is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self.window,
            self.tr("Save case as"),
            str(self.recent.folder() / case.path.name),
            self.tr("Cases (*{0})").format(SUFFIX),
        )
        if not name:
            return
        path = case_file(name)
        if path.resolve() == case.path:
            self._fail(self.tr("{0} is the open case; choose another name.").format(path))
        elif path != Path(name) and path.exists():
            # The dialog has asked about the name without its suffix only.
            self._fail(self.tr("{0} exists already and was not replaced.").format(path))
        else:
            self.recent.remember_folder(path)
            self.keeping.save_as(path)

    def close_case(self) -> None:
        """Close the case; everything is saved already."""
        if self.keeping.case is not None:
            self.with_nothing_unsaved(self.keeping.close_case)

    # --- the pages of the panel ------------------------------------------------------------------

    def show_page(self, page: QWidget) -> None:
        """Open the case panel at a page, and take the keyboard there."""
        self.window.actions_["show_case"].setChecked(True)
        self.window.case_panel.show_page(page)
        stop = first_stop(page)
        if stop is not None:
            stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def add_note(self) -> None:
        """Begin a new note about the photo that is shown, or about the case."""
        notes, photo = self.window.case_panel.notes, self.window.controller.session.current
        self.show_page(notes)
        notes.about_photo(photo.place.number if photo is not None else None)

    def _press(self, page: QWidget, button: QPushButton) -> None:
        """Turn to a page and press one of its buttons, which is off while its work is under way."""
        self.show_page(page)
        if button.isEnabled():
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            button.click()

    # --- what is asked before ------------------------------------------------------------------

    def with_nothing_unsaved(self, then: Callable[[], None]) -> None:
        """Go on at once, or after the user has decided about unsaved work."""
        for photo in self.window.controller.session.photos:
            if photo.document is not None:
                photo.document.end_stroke()
        if not self.keeping.unsaved:
            then()
            return
        if self._question is not None:
            self._question.raise_()
            return
        stuck = self.keeping.case is not None
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.Warning)
        make_plain(box)  # it names files
        box.setWindowTitle(self.tr("Unsaved work"))
        if stuck:
            box.setText(self.tr("The last changes could not be saved."))
            failure = self.keeping.writer.failure
            box.setInformativeText(in_language(failure.sentence) if failure is not None else "")
            keep = box.addButton(self.tr("Try again"), QMessageBox.ButtonRole.AcceptRole)
        else:
            box.setText(self.tr("What was done with these photos is not kept yet."))
            box.setInformativeText(
                self.tr("A case keeps the photos, faces, maps with every edit, and results.")
            )
            keep = box.addButton(self.tr("Keep in a case…"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(keep)

        def answered(_: int) -> None:
            self._question = None
            chosen = box.clickedButton()
            if chosen is discard:
                then()
            elif chosen is keep and stuck:
                self.keeping.writer.retry()
            elif chosen is keep:
                self._then = then
                self.keep()
            box.deleteLater()

        box.finished.connect(answered)
        self._question = box
        box.open()

    @property
    def question(self) -> QMessageBox | None:
        """The question about unsaved work or runs while it is open."""
        return self._question

    def may_close(self) -> bool:
        """Whether the window may close now; otherwise the user is asked, and it closes after that."""
        writer = self.keeping.writer
        if self.decided:
            return True
        if any(not item.cancelled for item in self.window.controller.runs.pending):
            self._ask_about_runs()
            return False
        if self.keeping.unsaved:
            self._closing = False
            self.with_nothing_unsaved(self._close_window)
            return False
        # Whether the last changes can be saved is known only once they are.
        self._closing = self.keeping.case is not None and writer.pending > 0
        return not self._closing

    def _ask_about_runs(self) -> None:
        if self._question is not None:
            self._question.raise_()
            return
        box, stop = stop_question(self.window)

        def answered(_: int) -> None:
            self._question = None
            if box.clickedButton() is stop:
                self.window.controller.runs.cancel()
                self.window.close()
            box.deleteLater()

        box.finished.connect(answered)
        self._question = box
        box.open()

    def _close_window(self) -> None:
        self.decided = True
        self.window.close()

    def _with_examiner(self, then: Callable[[str], None]) -> None:
        name = self.window.settings.text("examiner")
        if name:
            then(name)
            return
        dialog = ExaminerDialog("", self.window)

        def named(name: str) -> None:
            self.window.settings.set("examiner", name)
            then(name)

        dialog.named.connect(named)
        show_dialog(dialog)

    def _ask_new(self, *, keeps: int) -> None:
        examiner = self.window.settings.text("examiner")
        dialog = NewCaseDialog(self.recent.folder(), examiner=examiner, keeps=keeps, parent=self.window)
        dialog.wanted.connect(partial(self._make, keep=bool(keeps)))
        dialog.rejected.connect(self._not_kept)
        show_dialog(dialog)

    def _make(self, path: Path, title: str, number: str, examiner: str, *, keep: bool) -> None:
        self.window.settings.set("examiner", examiner)
        self.keeping.create_case(path, title=title, number=number, examiner=examiner, keep=keep)

    def _not_kept(self) -> None:
        self._then = None

    # --- what is shown -------------------------------------------------------------------------

    def _opened(self, path: Path) -> None:
        self.recent.remember(path)
        then, self._then = self._then, None
        if then is not None:
            # The window was to be closed, or another case opened, once the work is kept.
            then()

    def _case_changed(self) -> None:
        case = self.keeping.case
        path = case.path if case is not None else None
        if self._last_case not in (None, path):
            # What was said of one case must not be read as said of the next; what was said before there
            # was any, of models for instance, is still true.
            self.window.messages.clear()
        self._last_case = path
        self.window.welcome.show_case(path)
        if case is not None and case.read_only:
            holder = case.holder
            sentence = (
                self.tr(
                    "This case can only be read now: {0} ({1} on {2}) has been writing it since {3} UTC."
                ).format(
                    holder.examiner,
                    holder.login,
                    holder.host,
                    holder.since_utc[:16].replace("T", " "),
                )
                if holder is not None
                else in_language(case.why_read_only)
            )
            self.banner.say("read_only", "warning", sentence)
        else:
            self.banner.unsay("read_only")
        if case is not None:
            self.window.controller.make_thumbnails(self.window.controller.session.photos)
        self.retitle()
        self.window.show_docks()
        self.window.commands.refresh()
        self.refresh()

    def refresh(self) -> None:
        """Enable what can be done now."""
        actions = self.window.actions_
        case = self.keeping.case
        actions["keep_in_case"].setEnabled(
            case is None and bool(self.window.controller.session.photos)
        )
        actions["save_case_as"].setEnabled(case is not None)
        actions["close_case"].setEnabled(case is not None)
        for key in OF_CASE:
            actions[key].setEnabled(case is not None)
        for key in ("add_note", "review"):
            actions[key].setEnabled(case is not None and not case.read_only)

    def restrict(self) -> None:
        """Take away what would change a case that can only be read."""
        if self.keeping.read_only:
            for key in CHANGING:
                self.window.actions_[key].setEnabled(False)

    def retitle(self) -> None:
        """Name photo and case in the window's title."""
        photo, case = self.window.controller.session.current, self.keeping.case
        parts = [photo.name] if photo is not None else []
        if case is not None:
            name = self.window.case_panel.title or case.path.stem
            parts.append(self.tr("{0} (read-only)").format(name) if case.read_only else name)
        self.window.setWindowTitle(" – ".join([*parts, "Revisage"]))

    def _show_saving(self) -> None:
        writer = self.keeping.writer
        failure = writer.failure
        if self._closing and (failure is not None or writer.pending == 0):
            self._closing = False
            QTimer.singleShot(0, self.window.close)
        if failure is None:
            self.banner.unsay("saving")
        else:
            sentence = self.tr("Not saved since: {0}").format(in_language(failure.sentence))
            retry = (self.tr("Try again"), self.keeping.writer.retry)
            elsewhere = (self.tr("Save case as…"), self.save_as)
            choices = (retry,) if self.keeping.case is None else (retry, elsewhere)
            self.banner.say("saving", "error", sentence, *choices)

    def _fail(self, sentence: str) -> None:
        self.window.messages.show_failure(Failure(sentence))

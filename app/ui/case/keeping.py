"""What keeps the window's work: the open case, or a recovery file while there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.case.case_file import CaseFile
from app.case.errors import CaseError
from app.casework import Casework
from app.ui.case.case_sink import CaseSink
from app.ui.case.case_state import StateReader
from app.ui.case.follower import Follower
from app.ui.case.moving import let_go, move_case, record_export
from app.ui.case.opening import ReadyCase, make_case, open_case
from app.ui.case.photos import KeptPhotos
from app.ui.case.place import Place
from app.ui.case.recovery import Left, RecoverySink, recovery_folder
from app.ui.case.twins import find_twins
from app.ui.case.writer import OrderedWriter, Then
from app.ui.jobs import Failure, JobQueue, Ticket
from app.ui.session import PhotoSession, Session
from app.workbench import Workbench


class Keeping(QObject):
    """Keeps everything as it happens, in order, off the window's thread.

    Attributes:
        casework: the open case; None while there is none.
        writer: the thread that saves.
        photos: how the photos come out of what keeps them.
        keeps_recovery: whether a recovery file is written while no case is open; set before the first
            photo.

    Signals:
        case_changed: another case is open, or none.
        case_opened: the path of a case that was opened or made.
        grown: a :class:`CaseState` with what is new.
        saved: a change was submitted or saved, or could not be.
        failed: a :class:`Failure`.
        noticed: one sentence.
        leaving: all photos are about to leave the window.
    """

    case_changed = Signal()
    case_opened = Signal(Path)
    grown = Signal(object)
    saved = Signal()
    failed = Signal(object)
    noticed = Signal(str)
    leaving = Signal()

    def __init__(
        self, bench: Workbench, session: Session, jobs: JobQueue, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = bench
        self._session = session
        self._jobs = jobs
        self.casework: Casework | None = None
        self.writer = OrderedWriter("case", self)
        self._sink: CaseSink | None = None
        self._recovery = RecoverySink(recovery_folder())
        self._keeps_recovery = True
        self._follower = Follower(session, self.writer, self)
        self._follower.set_sink(self._recovery)
        self.photos = KeptPhotos(bench, session, jobs, self._follower, lambda: self._sink, self)
        self.photos.failed.connect(self.failed)
        self.photos.noticed.connect(self.noticed)
        self._reader = StateReader(self.writer, self)
        self._reader.grown.connect(self.grown)
        self.writer.changed.connect(self.saved)
        self.writer.stored.connect(self.touch)
        self._closed = False

    # --- what there is -------------------------------------------------------------------------

    @property
    def keeps_recovery(self) -> bool:
        return self._keeps_recovery

    @keeps_recovery.setter
    def keeps_recovery(self, keeps: bool) -> None:
        self._keeps_recovery = self._recovery.enabled = keeps

    @property
    def case(self) -> CaseFile | None:
        """The open case."""
        return self.casework.case if self.casework is not None else None

    @property
    def read_only(self) -> bool:
        """Whether a case is open that can only be read."""
        return self.case is not None and self.case.read_only

    @property
    def unsaved(self) -> bool:
        """Whether closing the window would lose work."""
        if self.case is not None:
            return self.writer.failure is not None and self.writer.pending > 0
        return any(photo.unsaved for photo in self._session.photos)

    # --- opening, making, closing --------------------------------------------------------------

    def open_case(self, path: Path, *, examiner: str) -> None:
        """Open a case; the photos in the window make room for those of the case."""
        job = self._jobs.submit(
            lambda _: open_case(path, examiner=examiner),
            title=self.tr("Opening {0}").format(path.name),
        )
        job.done.connect(lambda ready: self._take(ready, keep=False))
        job.failed.connect(self.failed)

    def create_case(
        self, path: Path, *, title: str, number: str, examiner: str, keep: bool
    ) -> None:
        """Make a case and open it.

        Args:
            path: the file, which must not exist.
            title, number, examiner: its properties.
            keep: bring in what is open in the window, with everything done so far.
        """
        places = [photo.place for photo in self._session.photos] if keep else []
        for photo in self._session.photos:
            if photo.document is not None:
                photo.document.end_stroke()
        for same in find_twins(self._session.photos) if keep else ():
            if len(same.worked) > 1:
                sentence = self.tr(
                    "{0} and {1} hold the same bytes, which a case keeps once; close the one whose work "
                    "you do not need, and keep the other."
                )
                names = (photo.name for photo in same.worked[:2])
                self.failed.emit(Failure(sentence.format(*names)))
                return

        def make(ticket: Ticket) -> ReadyCase:
            return make_case(
                path,
                title=title,
                number=number,
                examiner=examiner,
                places=places,
                ticket=ticket,
            )

        job = self._jobs.submit(make, title=self.tr("Making {0}").format(path.name))
        job.done.connect(lambda ready: self._take(ready, keep=keep))
        job.failed.connect(self.failed)

    def _take(self, ready: ReadyCase, *, keep: bool) -> None:
        case = ready.case
        if not keep:
            self._leave_case()
        seconds: list[Place] = []
        for same in find_twins(self._session.photos) if keep else ():
            # Before the case follows: their maps would begin the one photo's map anew.
            for photo in same.others:
                seconds.append(photo.place)
                self.photos.close_second(photo, same.stays)
        self.casework = Casework(self._bench, case)
        self._sink = CaseSink(self.casework)
        recovery = self._recovery
        for photo in self._session.photos:
            # The old place is still named by steps for the recovery file that wait.
            old = photo.place
            photo.place = Place(photo.path, sha256=old.sha256, kept=old.kept)
        self._follower.set_sink(None if case.read_only else self._sink)
        for place in seconds:  # the photos that stay enter before
            self.writer.submit(partial(self._sink.second, place))
        if not keep:
            self._session.add_places(ready.places)
        elif self._session.photos:
            self.writer.submit(
                partial(case.notes.set_property, "origin", "kept from an open window")
            )
        # Only now: until everything is in the case, a crash finds it in the recovery file.
        self.writer.submit(recovery.remove)
        self.case_changed.emit()
        self.case_opened.emit(case.path)
        if not self._closed:  # a slot of these signals may have closed the window
            self._reader.begin(case)
        if not keep and self._session.photos:
            self._session.set_current(self._session.photos[0])
        if case.recovered is not None:
            self.noticed.emit(
                self.tr(
                    "{0} was not closed in an orderly way by {1}; everything that was saved is there."
                ).format(case.path.name, case.recovered)
            )

    def close_case(self) -> None:
        """Close the case and its photos; it is one file again a moment later."""
        self._leave_case()
        self._recovery = RecoverySink(recovery_folder())
        self._recovery.enabled = self.keeps_recovery
        self._follower.set_sink(self._recovery)
        self.case_changed.emit()

    def _leave_case(self) -> None:
        """Take all photos out of the window and let the case go once everything is saved."""
        self._reader.end()
        self.leaving.emit()
        case, self.casework, self._sink = self.case, None, None
        self._session.clear()
        self._follower.set_sink(None)
        if case is not None:
            self.writer.submit(case.close)
        else:
            self.writer.submit(self._recovery.remove)

    def save_as(self, path: Path) -> None:
        """Write a copy of the case, with everything up to now, and go on with the first."""
        case = self.case
        if case is None:
            return
        self._session.arrive()
        if self.writer.failure is not None:
            # Behind what cannot be saved the copy would wait for ever.
            job = self._jobs.submit(
                lambda _: move_case(case, path), title=self.tr("Saving {0}").format(path.name)
            )
            job.done.connect(partial(self._go_on_with, case))
            job.failed.connect(self.failed)
            return
        # The file dialog has asked about replacing.
        self.writer.submit(
            partial(case.save_as, path, force=True),
            lambda _: self.noticed.emit(
                self.tr("The case was written to {0}; this window goes on with {1}.").format(
                    path, case.path.name
                )
            ),
        )

    def _go_on_with(self, before: CaseFile, case: CaseFile) -> None:
        """Save into another file from now on, beginning with what the first one could not take."""
        if self._closed or self._sink is None or self.case is not before:
            case.close()
            return
        self._reader.end()
        self.casework = self._sink.casework = Casework(self._bench, case)
        self.writer.retry()
        self.writer.submit(partial(let_go, before))
        self.case_changed.emit()
        self.case_opened.emit(case.path)
        self._reader.begin(case)
        self.noticed.emit(
            self.tr("{0} can no longer be saved; this window goes on with {1}.").format(
                before.path.name, case.path
            )
        )

    def _in_case(self, work: Callable[[CaseFile], object]) -> Callable[[], object]:
        """A step that changes the case: that which is open when its turn comes."""
        sink = self._sink
        assert sink is not None
        return lambda: work(sink.casework.case)

    def close(self, *, recoverable: bool = False) -> int:
        """Save what is left and end the saving thread.

        Args:
            recoverable: leave the recovery file, to be offered at the next start.

        Returns:
            How many steps could not be saved.
        """
        if self._closed:
            return 0
        self._session.arrive()
        self._closed = True
        self._reader.end()
        lost = self.writer.close()
        if self.case is not None:
            self.case.close()
        elif recoverable and any(photo.unsaved for photo in self._session.photos):
            self._recovery.leave()
        else:
            self._recovery.remove()
        return lost

    # --- what the log alone keeps --------------------------------------------------------------

    def run_failed(
        self, photo: PhotoSession, *, model: str, seed: int, hypotheses: int, why: str
    ) -> None:
        """Keep in the log that a run came to nothing."""
        case, place = self.case, photo.place
        if case is None or case.read_only:
            return

        def keep(case: CaseFile) -> None:
            if place.number is not None:
                case.runs.add_failure(
                    photo=place.number, model=model, seed=seed, hypotheses=hypotheses, why=why
                )

        self.writer.submit(self._in_case(keep))

    def exported(self, paths: Sequence[Path]) -> None:
        """Keep in the log which files were written, with their hashes."""
        case = self.case
        if case is not None and not case.read_only:
            self.writer.submit(self._in_case(partial(record_export, paths=tuple(paths))))

    # --- the state of the case -----------------------------------------------------------------

    def change(self, work: Callable[[CaseFile], object], then: Then | None = None) -> None:
        """Change the open case in order with everything else."""
        if self.case is not None:
            self.writer.submit(self._in_case(work), then)

    def ask(self, work: Callable[[CaseFile], object]) -> None:
        """Change the case once everything before is saved; a refusal is told and holds nothing up."""
        if self.case is None:
            return
        run = self._in_case(work)

        def attempt() -> Failure | None:
            try:
                run()
            except CaseError as error:
                return Failure(str(error))
            return None

        def told(failure: Failure | None) -> None:
            if failure is not None:
                self.failed.emit(failure)

        self.writer.submit(attempt, told)

    def touch(self) -> None:
        """Something outside has written into the log: look at it soon."""
        self._reader.touch()

    # --- what crashed windows left ---------------------------------------------------------------

    def bring_back(self, left: Left) -> bool:
        """Open the photos that a crashed window had open, with their maps; whether that was possible."""
        if self.case is not None:
            self.noticed.emit(
                self.tr("Close the case first; what was left belongs into a window without one.")
            )
            return False
        places = [
            Place(photo.path, sha256=photo.sha256, kept=photo if photo.lines else None)
            for photo in left.photos
        ]
        self.writer.submit(partial(self._recovery.take_over, left, places))
        added = self._session.add_places(places)
        self._session.set_current(added[0])
        return True

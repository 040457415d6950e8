"""Drives the workbench: every step runs as a job, and its result becomes state of the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from weakref import WeakSet

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

from app.case.records import MapSource
from app.imaging.map import BinaryMap, Edit, Rectangle
from app.imaging.photo import Photo
from app.imaging.smart_select import Selection
from app.inference.devices import Device, DeviceName
from app.sample import write_sample
from app.ui import intake
from app.ui.case.keeping import Keeping
from app.ui.exporting import Exported, ExportRequest, write_export
from app.ui.intake import Analysis, Opened
from app.ui.jobs import Failure, Job, JobQueue, Ticket
from app.ui.map_document import RESET, FoundMap, MapDocument, MapSnapshot
from app.ui.photo_memory import PhotoMemory
from app.ui.runs import RunItem, Runs
from app.ui.session import Hypothesis, PhotoSession, Session, Stage
from app.workbench import Workbench


class Controller(QObject):
    """Everything the window can do.

    Attributes:
        bench: the workbench.
        session: the state that it changes.
        jobs: where the work runs.
        runs: the reconstructions.
        keeping: the case, or what stands in for one.

    Signals:
        failed: a :class:`Failure` for the message bar.
        noticed: one sentence that is good to know.
        devices_found: the processors of this machine, once they are known.
        opened: paths that the user opened, for the recent files.
        exported: how many files were written, and the folder.
    """

    failed = Signal(object)
    noticed = Signal(str)
    devices_found = Signal(tuple)
    opened = Signal(list)
    exported = Signal(int, Path)

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.session = Session(self)
        self.jobs = JobQueue(self)
        self.devices: tuple[Device, ...] = ()
        try:
            self.runs = Runs(bench, self.jobs, self)
            self.keeping = Keeping(bench, self.session, self.jobs, self)
        except BaseException:
            self.jobs.close()  # its workers have begun, and would keep the process alive
            raise
        self.runs.failed.connect(self.failed)
        self.runs.noticed.connect(self.noticed)
        self.keeping.failed.connect(self.failed)
        self.keeping.noticed.connect(self.noticed)
        self.keeping.photos.second.connect(self.close_photo)
        self.keeping.leaving.connect(self._cancel_runs)
        self.runs.changed.connect(self._keep_failed_runs)
        self._failed_runs: WeakSet[RunItem] = WeakSet()
        self._preparing: dict[PhotoSession, Job] = {}
        self._memory = PhotoMemory(self.session)
        self._warmed = False
        self.session.current_changed.connect(self._prepare_current)
        self.session.photos_changed.connect(self._memory.forget_closed)

    def start(self) -> None:
        """Find out what this machine has; takes a moment, so it is a job too."""
        job = self.jobs.submit(
            lambda _: self.bench.devices(), title=self.tr("Looking for processors"), lane="edit"
        )
        job.done.connect(self._take_devices)

    def close(self, *, recoverable: bool = False) -> None:
        """Cancel everything, save what waits to be saved, and wait for the workers.

        Args:
            recoverable: keep unsaved work to be offered at the next start.
        """
        self.jobs.close()
        self.keeping.close(recoverable=recoverable)

    # --- photos --------------------------------------------------------------------------------

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open photos and the photos of folders; the first new one comes onto the canvas."""
        if not paths:
            return
        named = [path.absolute() for path in paths]
        job = self.jobs.submit(
            partial(intake.list_photos, named), title=self.tr("Looking for photos"), lane="edit"
        )
        job.done.connect(partial(self._take_paths, named))
        job.failed.connect(self.failed)

    def close_photo(self, photo: PhotoSession) -> None:
        """Take a photo out of the window."""
        self._stop_preparing(photo)
        self.runs.cancel_photo(photo)
        self.session.remove(photo)

    def _cancel_runs(self) -> None:
        for photo in self.session.photos:
            self.runs.cancel_photo(photo)

    def _keep_failed_runs(self) -> None:
        for item in self.runs.items:
            if item.failure is not None and item not in self._failed_runs:
                self._failed_runs.add(item)
                self.keeping.run_failed(
                    item.photo,
                    model=item.card.name,
                    seed=item.seed,
                    hypotheses=item.hypotheses,
                    why=item.failure.sentence,
                )

    def analyse_again(self) -> None:
        """Locate the faces of the current photo and make its map once more."""
        photo = self.session.current
        if photo is None or self.runs.busy(photo):
            return
        if photo.photo is None:
            self._prepare_current()
        else:
            self._stop_preparing(photo)
            self._analyse(photo)

    def _take_paths(self, named: list[Path], found: intake.Listed) -> None:
        if found.own:
            sentence = self.tr(
                "Pictures that Revisage made were left out ({0}); open them one by one to see them."
            ).format(found.own)
            self.noticed.emit(sentence)
        if found.several:
            sentence = self.tr(
                "Files with several pictures are among them ({0}), of which only the first is used."
            ).format(found.several)
            self.noticed.emit(sentence)
        for caution in found.cautions:
            self.noticed.emit(caution)
        if not found.photos:
            sentence = self.tr(
                "{0} holds no photos; choose a folder with JPEG, PNG, TIFF, WebP or BMP files."
            ).format(named[0])
            self.failed.emit(Failure(sentence))
            return
        self.opened.emit(named)
        before = set(self.session.photos)
        photos = self.session.add(found.photos)
        new = [photo for photo in photos if photo not in before]
        self.session.set_current((new or list(photos))[0])
        self.make_thumbnails(new)

    def make_thumbnails(self, photos: Sequence[PhotoSession]) -> None:
        """Make small pictures of photos nobody has looked at yet."""
        for photo in photos:
            job = self.jobs.submit(
                self.keeping.photos.thumbnailer(photo),
                title=self.tr("Thumbnails"),
                lane="background",
            )
            job.done.connect(partial(self._take_thumbnail, photo))

    def _take_thumbnail(self, photo: PhotoSession, thumbnail: QImage | None) -> None:
        if thumbnail is not None and photo.thumbnail is None and photo in self.session.photos:
            photo.set_thumbnail(thumbnail)

    def _prepare_current(self) -> None:
        """Open and analyse the photo on the canvas; what was under way for another one stops."""
        current = self.session.current
        for photo in tuple(self._preparing):
            if photo is not current:
                self._stop_preparing(photo)
        if current is None or current in self._preparing:
            return
        self._memory.looked_at(current)
        if current.photo is None:
            current.set_stage(Stage.OPENING)
            job = self._prepare(
                current,
                self.keeping.photos.opener(current),
                self.tr("Opening {0}").format(current.name),
            )
            job.done.connect(partial(self._take_photo, current))
        elif current.document is None:
            self._analyse(current)

    def _prepare(self, photo: PhotoSession, work: Callable[[Ticket], object], title: str) -> Job:
        job = self.jobs.submit(work, title=title)
        self._preparing[photo] = job
        job.finished.connect(partial(self._prepared, photo, job))
        return job

    def _prepared(self, photo: PhotoSession, job: Job) -> None:
        if self._preparing.get(photo) is job:
            del self._preparing[photo]
        if photo in self._preparing or photo not in self.session.photos:
            return  # it was asked for again meanwhile, or it was closed
        if job.failure is not None:
            self._preparing_failed(photo, job.failure)
        elif job.state == "cancelled":
            photo.set_stage(Stage.NEW if photo.photo is None else _stage_of(photo))

    def _preparing_failed(self, photo: PhotoSession, failure: Failure) -> None:
        if photo.photo is not None and photo.document is None:
            # The photo itself is good: it can still be looked at and mapped by hand.
            empty = np.zeros((photo.photo.height, photo.photo.width), np.bool_)
            photo.set_analysis(
                (), MapDocument(FoundMap.of(empty)), faces_source="hand", map_source="hand"
            )
        unopened = photo.photo is None
        photo.set_stage(Stage.FAILED if unopened else Stage.READY, failure)
        if not (unopened and photo is self.session.current):
            # Why the current photo could not be opened stands where it would have been.
            self.failed.emit(failure)

    def _stop_preparing(self, photo: PhotoSession) -> None:
        job = self._preparing.pop(photo, None)
        if job is not None:
            job.cancel()

    def _take_photo(self, photo: PhotoSession, made: tuple[Opened, list[Hypothesis]]) -> None:
        opened, hypotheses = made
        if self.keeping.photos.is_second(photo):
            return
        photo.place.sha256 = opened.photo.sha256
        photo.set_thumbnail(opened.thumbnail)
        photo.set_photo(opened.photo, opened.pyramid)
        self._memory.make_room()
        self._warm()
        self.keeping.photos.take_restored(photo, opened, hypotheses)
        if photo.document is not None or self.keeping.read_only:
            photo.set_stage(_stage_of(photo))
        else:
            photo.set_stage(Stage.OPENED)
            self._preparing.pop(photo, None)
            self._analyse(photo)

    def _warm(self) -> None:
        """Import the export formats before the dialog asks for them: that takes a while at first."""
        if not self._warmed:
            self._warmed = True
            self.jobs.submit(lambda _: self.bench.formats, title="", lane="background")

    def _analyse(self, photo: PhotoSession) -> None:
        assert photo.photo is not None
        photo.set_stage(Stage.ANALYSING)
        job = self._prepare(
            photo,
            partial(intake.analyse, self.bench, photo.photo),
            self.tr("Looking for faces and masks"),
        )
        job.done.connect(partial(self._take_analysis, photo))

    def _take_analysis(self, photo: PhotoSession, found: Analysis) -> None:
        drawn: MapSource = "automatic" if found.failure is None else "hand"
        photo.set_analysis(found.faces, MapDocument(found.map), map_source=drawn)
        photo.set_stage(Stage.READY, found.failure)
        if found.failure is not None:
            self.failed.emit(found.failure)

    # --- the map -------------------------------------------------------------------------------

    def edit_map(
        self, operation: Callable[[BinaryMap], Edit | None], title: str, *, tool: str = "edit"
    ) -> None:
        """Change the map of the current photo in a worker, as one step of its history."""
        photo = self.session.current
        document = photo.document if photo is not None else None
        if document is None or document.locked:
            return
        document.lock()
        map_ = document.map
        job = self.jobs.submit(lambda _: operation(map_), title=title, lane="edit")
        job.done.connect(partial(_push, document, tool))
        job.failed.connect(self.failed)
        job.finished.connect(document.unlock)

    def reset_map(self) -> None:
        """Bring the automatic map back; the way it was before can still be undone to."""
        photo = self.session.current
        if photo is not None and photo.document is not None:
            document = photo.document
            self.edit_map(
                lambda map_: map_.replace(document.automatic()),
                self.tr("Resetting the map"),
                tool=RESET,
            )

    def invert_in(self, rectangle: Rectangle) -> None:
        """Exchange mapped and unmapped in a rectangle of photo pixels."""
        self.edit_map(
            lambda map_: map_.invert(rectangle), self.tr("Inverting the map"), tool="invert in box"
        )

    def smart_select(self, work: Callable[[Ticket], Selection]) -> Job:
        """Let a worker look for the edges around a rough stroke."""
        job = self.jobs.submit(work, title=self.tr("Looking for edges"), lane="edit")
        job.failed.connect(self.failed)
        return job

    def take_selection(self, operation: Callable[[BinaryMap], Edit | None]) -> None:
        """Take a selection over into the map."""
        self.edit_map(operation, self.tr("Taking the selection over"), tool="smart select")

    # --- files ---------------------------------------------------------------------------------

    def open_sample(self) -> None:
        """Open the sample photo, which is drawn into the user's own data folder first."""
        job = self.jobs.submit(
            lambda _: write_sample(intake.sample_folder()),
            title=self.tr("Drawing the sample"),
            lane="edit",
        )
        job.done.connect(lambda path: self.open_paths([path]))
        job.failed.connect(self.failed)

    def import_map(self, path: Path) -> None:
        """Replace the current photo's map by one from a file; can be undone."""
        photo = self.session.current
        if photo is not None and photo.photo is not None:
            decoded = photo.photo
            self.edit_map(
                lambda map_: map_.replace(self.bench.open_map(path, decoded)),
                self.tr("Importing the map"),
                tool="import",
            )

    def export_map(self, path: Path) -> None:
        """Write the map as it is now, if the evidence is as it came in; may replace the file."""
        photo = self.session.current
        if photo is None or photo.photo is None or photo.document is None:
            return
        write = partial(self._export_map, photo.photo, photo.document.snapshot(), path)
        self.keeping.photos.check_evidence(photo, write)

    def _export_map(self, photo: Photo, snapshot: MapSnapshot, path: Path) -> None:
        job = self.jobs.submit(
            lambda _: self.bench.export_map(photo, snapshot.pixels(), path, force=True),
            title=self.tr("Exporting the map"),
            lane="edit",
        )
        job.done.connect(lambda _: self.keeping.exported([path]))
        job.done.connect(lambda _: self.exported.emit(1, path.parent))
        job.failed.connect(self.failed)

    def export(self, request: ExportRequest) -> None:
        """Write hypotheses and their record, if the evidence is as it came in."""
        if self.session.current is not None:
            self.keeping.photos.check_evidence(self.session.current, partial(self._export, request))

    def _export(self, request: ExportRequest) -> None:
        job = self.jobs.submit(
            partial(write_export, self.bench, request), title=self.tr("Exporting")
        )
        paths = request.paths(self.bench)
        job.done.connect(lambda _: self.keeping.exported(paths))
        job.done.connect(partial(self._take_export, request.folder))
        job.failed.connect(self.failed)

    def _take_export(self, folder: Path, done: Exported) -> None:
        for note in done.notes:
            self.noticed.emit(note)
        self.exported.emit(done.count, folder)

    # --- processors ----------------------------------------------------------------------------

    def set_device(self, device: DeviceName) -> None:
        """Ask for another processor."""
        self.bench.device = device

    def _take_devices(self, devices: tuple[Device, ...]) -> None:
        self.devices = devices
        self.devices_found.emit(devices)


def _push(document: MapDocument, tool: str, edit: Edit | None) -> None:
    """Take an edit in, unless its photo was closed while the worker was at it."""
    if isValid(document):
        document.push(edit, tool=tool)


def _stage_of(photo: PhotoSession) -> Stage:
    """Where a photo stands when nothing is under way for it."""
    if photo.document is not None:
        return Stage.READY
    return Stage.OPENED if photo.photo is not None else Stage.NEW

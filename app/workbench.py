"""The one way through the steps: open, locate, map, reconstruct, export.

The window and the command line drive this and nothing below it, so that both do the same work and
write the same records. Every call blocks; the window makes them from its job queue.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.case.records import (
    FaceRecord,
    ModelRecord,
    ReconstructionRequest,
    ReconstructionResult,
    hash_of_map,
    hash_of_pixels,
)
from app.export import pictures
from app.export.pictures import WrittenFile
from app.export.provenance import write_provenance
from app.imaging.alignment import align
from app.imaging.composite import Composite
from app.imaging.errors import RevisageError
from app.imaging.face import Face
from app.imaging.faces_in_map import (
    FacePart,
    fill_faces,
    share_map,
    sketch_faces,
    uncertainty_of_faces,
)
from app.imaging.map import read_map_png
from app.imaging.photo import Photo, read_photo
from app.inference import locate, mapping
from app.inference.card import Card, Task
from app.inference.devices import Device, DeviceName, choose, find_devices
from app.inference.errors import ModelError
from app.inference.reconstruct import Reconstruction, reconstruct
from app.inference.session import CancelToken, ModelSession
from app.inference.zoo import Model, Zoo

MapSource = Literal["automatic", "file", "hand"]
"""How a map came about."""

ZOO_VARIABLE = "REVISAGE_ZOO"
"""Environment variable: further model folders, separated as in PATH."""

Report = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and what comes next."""


class NoMappedFace(RevisageError):  # noqa: N818 - a finding about the photo, not a defect
    """There is nothing to reconstruct: no face lies under the map."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What one model made of one photo, and the record of how.

    Attributes:
        photo: the photo.
        map: (H, W) bool, the map that was used.
        card: of the model.
        result: the record, the request within.
        composites: one per hypothesis: the photo's shape and dtype with every mapped face filled in,
            or (H, W) for a sketch.
        uncertainty: (H, W) uint8, how much the hypotheses differ inside the map, 0 outside; None
            when there is one hypothesis only, because one says nothing about certainty.
    """

    photo: Photo
    map: NDArray[np.bool_]
    card: Card
    result: ReconstructionResult
    composites: tuple[NDArray[np.unsignedinteger[Any]], ...]
    uncertainty: NDArray[np.uint8] | None

    @property
    def request(self) -> ReconstructionRequest:
        """What was asked for."""
        return self.result.request


class Workbench:
    """The models of this machine and the steps that they serve.

    Sessions are made when first needed and kept. Any thread may call any method.

    Attributes:
        zoo: the installed models.
    """

    def __init__(
        self, zoo_folders: Sequence[Path] | None = None, *, device: DeviceName = "auto"
    ) -> None:
        """
        Args:
            zoo_folders: where models are installed; None takes :func:`default_zoo_folders`.
            device: where to run them.
        """
        folders = default_zoo_folders() if zoo_folders is None else zoo_folders
        self.zoo = Zoo(*folders)
        self._device: DeviceName = device
        self._sessions: dict[str, ModelSession] = {}
        self._lock = threading.Lock()

    # --- what there is -----------------------------------------------------------------------

    @property
    def models(self) -> tuple[Card, ...]:
        """The cards of the usable models, by task, kind and name."""
        return self.zoo.models

    def devices(self) -> tuple[Device, ...]:
        """The processors of this machine, usable ones first; takes a moment the first time."""
        return find_devices()

    def used_device(self) -> Device:
        """The processor that a model would run on now, as far as this machine decides it."""
        name = choose(self._device).device
        return next(device for device in self.devices() if device.name == name)

    @property
    def device(self) -> DeviceName:
        """The processor asked for; what is really used is in each outcome's record."""
        return self._device

    @device.setter
    def device(self, device: DeviceName) -> None:
        with self._lock:
            if device != self._device:
                self._device = device
                self._sessions.clear()

    def refresh_models(self) -> None:
        """Look into the zoo again, after a model was added or removed."""
        with self._lock:
            self.zoo.refresh()
            self._sessions.clear()

    def session(self, task: Task, name: str | None = None) -> ModelSession:
        """The session of a model.

        Args:
            task: the stage it must serve.
            name: a model or kind; None takes the task's default.

        Raises:
            ModelError: there is no such model, or it serves another stage.
        """
        model = self.zoo.default(task) if name is None else self.zoo.get(name)
        if model.card.task != task:
            raise ModelError(
                f"The model {model.card.name} serves the stage {model.card.task}, not {task}; "
                "choose another with `revisage models list`."
            )
        with self._lock:
            session = self._sessions.get(model.card.name)
            if session is None:
                session = ModelSession(model, self._device)
                self._sessions[model.card.name] = session
            return session

    def load(self, *tasks: Task) -> None:
        """Make the default models of these stages ready now, so that what is wrong with one shows
        before any work is done; raises ModelError."""
        for task in tasks:
            self.session(task).load()

    # --- the steps ---------------------------------------------------------------------------

    def open_photo(self, path: Path) -> Photo:
        """Read a photo; raises PhotoError."""
        return read_photo(path)

    def open_map(self, path: Path, photo: Photo) -> NDArray[np.bool_]:
        """Read a map (H, W) bool made for this photo; raises MapError."""
        return read_map_png(path, photo.width, photo.height)

    def locate(self, photo: Photo, *, cancel: CancelToken | None = None) -> list[Face]:
        """Every face of a photo, largest first.

        Raises:
            ModelError, Cancelled.
        """
        return locate.locate(photo.rgb, self.session("locate"), self.session("align"), cancel)

    def map(
        self, photo: Photo, faces: Sequence[Face], *, cancel: CancelToken | None = None
    ) -> NDArray[np.bool_]:
        """The automatic map (H, W) bool of all faces; all False when none wears a mask.

        Raises:
            ModelError, Cancelled.
        """
        if not faces:
            return np.zeros((photo.height, photo.width), np.bool_)
        return mapping.map_faces(photo.rgb, faces, self.session("map"), cancel)

    def reconstruct(
        self,
        photo: Photo,
        faces: Sequence[Face],
        map: NDArray[np.bool_],
        *,
        model: str,
        hypotheses: int = 1,
        seed: int = 0,
        map_source: MapSource = "automatic",
        progress: Report | None = None,
        cancel: CancelToken | None = None,
    ) -> Outcome:
        """Let one model fill in what the map hides, for every face under the map.

        Args:
            photo: the photo.
            faces: its faces; those without map are left alone.
            map: (H, W) bool.
            model: a model's name, or a kind for its default.
            hypotheses: how many to make; a model without latent values makes one.
            seed: chooses the hypotheses.
            map_source: how the map came about, for the record.
            progress: told how far the work is, from the calling thread.
            cancel: stops the work.

        Raises:
            NoMappedFace: no face lies under the map.
            ModelError, Cancelled.
        """
        started, clock = datetime.now(UTC), time.perf_counter()
        session = self.session("reconstruct", model)
        card = session.model.card
        shares = share_map(map, [align(face, card.input.alignment) for face in faces])
        mapped = [
            (face, share) for face, share in zip(faces, shares, strict=True) if share is not None
        ]
        if not mapped:
            raise NoMappedFace(
                "No face lies under the map, so there is nothing to reconstruct; "
                "paint the map over a face that was found."
            )
        count = hypotheses if card.output.latent else 1
        steps = _Steps(progress, total=count * (len(mapped) + 1))
        made: list[Reconstruction] = []
        for face, _ in mapped:
            steps.say(f"{card.title}: face {len(made) + 1} of {len(mapped)}")
            # The model sees no face's mask, while its picture fills in this face's map only.
            made.append(
                reconstruct(photo.rgb, map, face, session, hypotheses, seed, cancel, steps.within)
            )
            steps.advance(count)
        parts = [
            FacePart(map=share, pictures=each.pictures, alignment=each.alignment)
            for (_, share), each in zip(mapped, made, strict=True)
        ]
        fill = sketch_faces if card.output.kind == "sketch" else fill_faces
        composites: list[Composite] = []
        for number in range(count):
            steps.say(f"{card.title}: composite {number + 1} of {count}")
            if cancel is not None:
                cancel.check()
            composites.append(fill(photo, map, parts, number))
            steps.advance(1)
        result = ReconstructionResult(
            request=ReconstructionRequest(
                photo_sha256=photo.sha256,
                photo_size=(photo.width, photo.height),
                faces=tuple(FaceRecord.of(face) for face, _ in mapped),
                map_sha256=hash_of_map(map),
                model=model_record(session.model),
                hypotheses=hypotheses,
                seed=seed,
                device=self._device,
                app_version=__version__,
            ),
            provider=session.provider,
            outputs=tuple(hash_of_pixels(each.pixels) for each in composites),
            made=count,
            shown=count,
            uncovered=composites[0].uncovered,
            seconds=round(time.perf_counter() - clock, 3),
            started_utc=started.isoformat(timespec="seconds"),
            map_source=map_source,
            helpers=self._helpers(map_source),
            notes=_notes(made, session),
        )
        return Outcome(
            photo=photo,
            map=map,
            card=card,
            result=result,
            composites=tuple(each.pixels for each in composites),
            uncertainty=uncertainty_of_faces(parts) if count > 1 else None,
        )

    def _helpers(self, map_source: MapSource) -> tuple[ModelRecord, ...]:
        """The models that found the faces and drew the map."""
        tasks: list[Task] = ["locate", "align"]
        if map_source != "file":
            tasks.append("map")
        return tuple(model_record(self.zoo.default(task)) for task in tasks)

    # --- what leaves -------------------------------------------------------------------------

    def export_composite(
        self,
        outcome: Outcome,
        number: int,
        path: Path,
        *,
        border: bool = True,
        force: bool = False,
    ) -> WrittenFile:
        """Write one hypothesis as a PNG of the composite's depth.

        Args:
            outcome: the run.
            number: the hypothesis, counted from 1.
            path: the file to write; its folder must exist.
            border: show the label below the picture; the metadata carry it in any case.
            force: replace an earlier file. The photo itself is never replaced.

        Raises:
            ExportError: nothing was written.
        """
        sketch = outcome.card.output.kind == "sketch"
        return pictures.write_composite(
            path,
            outcome.composites[number - 1],
            result=outcome.result,
            hypothesis=number,
            border=border,
            # The profile describes colours, and a sketch has none.
            icc_profile=None if sketch else outcome.photo.icc_profile,
            force=force,
            protected=_evidence(outcome.photo),
        )

    def export_all(
        self,
        outcome: Outcome,
        folder: Path,
        *,
        stem: str,
        name: str,
        border: bool = True,
        force: bool = False,
    ) -> tuple[WrittenFile, ...]:
        """Write every hypothesis of a run, and the uncertainty where there is one.

        Args:
            folder: where to; must exist.
            stem: of the file names, usually the photo's.
            name: of the model in the file names, as the user called it.
            outcome, border, force: as for :meth:`export_composite`.

        Raises:
            ExportError.
        """
        files = [
            self.export_composite(
                outcome,
                number,
                folder / pictures.composite_name(stem, name, number),
                border=border,
                force=force,
            )
            for number in range(1, len(outcome.composites) + 1)
        ]
        if outcome.uncertainty is not None:
            files.append(
                pictures.write_uncertainty_png(
                    folder / pictures.uncertainty_name(stem, name),
                    outcome.uncertainty,
                    result=outcome.result,
                    force=force,
                    protected=_evidence(outcome.photo),
                )
            )
        return tuple(files)

    def export_map(
        self, photo: Photo, map: NDArray[np.bool_], path: Path, *, force: bool = False
    ) -> WrittenFile:
        """Write a photo's map as an 8-bit PNG, 255 = mask; raises ExportError."""
        return pictures.write_map_png(path, map, force=force, protected=_evidence(photo))

    def export_provenance(
        self,
        photo: Photo,
        path: Path,
        *,
        outcomes: Sequence[Outcome],
        files: Sequence[WrittenFile],
        notes: Sequence[str] = (),
        force: bool = False,
    ) -> None:
        """Write the record of everything that was made of one photo.

        Args:
            photo: the photo.
            path: the file to write.
            outcomes: the runs; none when nothing was reconstructed, and then `notes` say why.
            files: what was written.
            notes: sentences about the photo as a whole.
            force: replace an earlier file.

        Raises:
            ExportError.
        """
        write_provenance(
            path,
            photo_name=photo.path.name if photo.path else "",
            photo_sha256=photo.sha256,
            photo_size=(photo.width, photo.height),
            results=[outcome.result for outcome in outcomes],
            files=files,
            notes=notes,
            force=force,
            protected=_evidence(photo),
        )


def default_zoo_folders() -> tuple[Path, ...]:
    """The models that came with Revisage, those of $REVISAGE_ZOO, and the user's own.

    What came with Revisage comes first: a model of the same name elsewhere cannot take its place
    unnoticed.
    """
    import appdirs

    named = [Path(part) for part in os.environ.get(ZOO_VARIABLE, "").split(os.pathsep) if part]
    own = Path(appdirs.user_data_dir("revisage", appauthor=False)) / "model_zoo"
    return (shipped_zoo(), *named, own)


def shipped_zoo() -> Path:
    """The zoo that came with Revisage: of the frozen bundle, the installed package, or the checkout."""
    bundle = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parent
    places = [Path(bundle)] if bundle else [package, package.parent]
    zoos = [place / "model_zoo" for place in places]
    return next((zoo for zoo in zoos if zoo.is_dir()), zoos[-1])


def model_record(model: Model) -> ModelRecord:
    """Which model it is, for a record."""
    card = model.card
    return ModelRecord(
        name=card.name,
        version=card.version,
        sha256=card.file.sha256,
        task=card.task,
        kind=card.kind or "",
    )


def _notes(made: Sequence[Reconstruction], session: ModelSession) -> tuple[str, ...]:
    """Why there are fewer hypotheses than asked for, and why the GPU was not used, without repeats."""
    notes = [each.note for each in made if each.note]
    if session.fallback:
        notes.append(f"The CPU was used: {session.fallback}")
    return tuple(dict.fromkeys(notes))


def _evidence(photo: Photo) -> tuple[Path, ...]:
    """The files that no result may replace."""
    return (photo.path,) if photo.path is not None else ()


class _Steps:
    """Turns steps of different lengths into one share of the whole."""

    def __init__(self, report: Report | None, *, total: int) -> None:
        self._report = report
        self._total = total
        self._done = 0
        self._text = ""

    def say(self, text: str) -> None:
        """What comes next."""
        self._text = text
        self._tell(self._done)

    def within(self, done: int, of: int) -> None:
        """Progress inside the step."""
        self._tell(self._done + min(done, of))

    def advance(self, steps: int) -> None:
        """The step is done."""
        self._done += steps
        self._tell(self._done)

    def _tell(self, done: int) -> None:
        if self._report is not None:
            self._report(done / self._total, self._text)

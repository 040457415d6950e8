"""The one way through the steps: open, locate, map, reconstruct, export.

The window and the command line drive this and nothing below it, so that both do the same work and
write the same records. Every call blocks; the window makes them from its job queue.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.case.records import ModelRecord, ReconstructionRequest
from app.exports import Exports
from app.folders import data_folder
from app.imaging.alignment import Alignment, align, widest_crop
from app.imaging.face import Box, Face
from app.imaging.map import read_map_png
from app.imaging.photo import Photo, read_photo
from app.inference import locate, mapping
from app.inference.card import Card, Task
from app.inference.devices import Device, DeviceName, choose, find_devices
from app.inference.errors import ModelError
from app.inference.session import CancelToken, ModelSession
from app.inference.turned import turns_of_box
from app.inference.zoo import Zoo
from app.outcome import (
    MapSource,
    NoMappedFace,
    Outcome,
    Report,
    model_record,
    plan_run,
    reconstruct_photo,
)

__all__ = [
    "MapSource",
    "NoMappedFace",
    "Outcome",
    "Report",
    "Workbench",
    "default_zoo_folders",
    "model_record",
    "own_zoo",
    "shipped_zoo",
]

ZOO_VARIABLE = "REVISAGE_ZOO"
"""Environment variable: further model folders, separated as in PATH."""


class Workbench(Exports):
    """The models of this machine and the steps that they serve.

    Sessions are made when first needed and kept. Any thread may call any method.

    Attributes:
        zoo: the installed models.
    """

    def __init__(
        self,
        zoo_folders: Sequence[Path] | None = None,
        *,
        device: DeviceName = "auto",
        threads: int | None = None,
    ) -> None:
        """
        Args:
            zoo_folders: where models are installed; None takes :func:`default_zoo_folders`.
            device: where to run them.
            threads: of one run of a model; None takes one per core. Results do not depend on it.
        """
        folders = default_zoo_folders() if zoo_folders is None else zoo_folders
        self.zoo = Zoo(*folders)
        self._device: DeviceName = device
        self._threads = threads
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
                session = ModelSession(model, self._device, self._threads)
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

    def locate(
        self, photo: Photo, *, cancel: CancelToken | None = None, turning: bool = True
    ) -> list[Face]:
        """Every face of a photo, largest first; see :func:`app.inference.locate.locate`.

        Raises:
            ModelError, Cancelled.
        """
        sessions = self.session("locate"), self.session("align")
        return locate.locate(photo.rgb, *sessions, cancel, turning=turning)

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

    def face_in_box(self, photo: Photo, box: Box, *, cancel: CancelToken | None = None) -> Face:
        """The face inside a hand-drawn box, whichever way up it is, with its landmarks.

        Raises:
            ModelError, Cancelled.
        """
        aligner, boxes = self.session("align"), np.array([box], np.float32)
        turns = turns_of_box(photo.rgb, box, self.session("locate"), cancel)
        points = locate.find_landmarks(photo.rgb, boxes, aligner, cancel, turns=turns)
        return Face(box=box, landmarks=points[0])

    def map_face(
        self, photo: Photo, face: Face, *, cancel: CancelToken | None = None
    ) -> mapping.FaceMap:
        """The automatic map of one face, only where its crop lies; raises ModelError, Cancelled."""
        return mapping.map_each(photo.rgb, [face], self.session("map"), cancel)[0]

    def face_crops(self, faces: Sequence[Face]) -> tuple[Alignment, ...]:
        """The widest crop of every face, which says what part of a map is whose; raises ModelError."""
        spec = self.session("map").model.card.input.alignment
        return tuple(widest_crop(align(face, spec), spec) for face in faces)

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
        return reconstruct_photo(
            photo,
            faces,
            map,
            self.session("reconstruct", model),
            hypotheses=hypotheses,
            seed=seed,
            map_source=map_source,
            helpers=self._helpers(map_source),
            progress=progress,
            cancel=cancel,
        )

    def reconstruction_request(
        self,
        photo: Photo,
        faces: Sequence[Face],
        map: NDArray[np.bool_],
        *,
        model: str,
        hypotheses: int = 1,
        seed: int = 0,
    ) -> ReconstructionRequest:
        """The record that :meth:`reconstruct` would make its pictures from, without running the model.

        Equal requests give equal pictures, so that its key tells whether a run would be a repetition.

        Args:
            photo, faces, map, model, hypotheses, seed: as for :meth:`reconstruct`.

        Raises:
            NoMappedFace, ModelError.
        """
        session = self.session("reconstruct", model)
        return plan_run(photo, faces, map, session, hypotheses=hypotheses, seed=seed).request

    def _helpers(self, map_source: MapSource) -> tuple[ModelRecord, ...]:
        """The models that found the faces and drew the map."""
        tasks: list[Task] = ["locate", "align"]
        if map_source != "file":
            tasks.append("map")
        return tuple(model_record(self.zoo.default(task)) for task in tasks)


def default_zoo_folders() -> tuple[Path, ...]:
    """The models that came with Revisage, those of $REVISAGE_ZOO, and the user's own.

    What came with Revisage comes first: a model of the same name elsewhere cannot take its place
    unnoticed.
    """
    named = [Path(part) for part in os.environ.get(ZOO_VARIABLE, "").split(os.pathsep) if part]
    return (shipped_zoo(), *named, own_zoo())


def own_zoo() -> Path:
    """The user's own zoo, which models are added to; it exists only once there was one."""
    return data_folder() / "model_zoo"


def shipped_zoo() -> Path:
    """The zoo that came with Revisage: of the frozen bundle, the installed package, or the checkout."""
    bundle = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parent
    places = [Path(bundle)] if bundle else [package, package.parent]
    zoos = [place / "model_zoo" for place in places]
    return next((zoo for zoo in zoos if zoo.is_dir()), zoos[-1])

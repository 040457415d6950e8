"""`revisage reconstruct`: composites of what the masks in photos may hide."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.cli.console import Progress, UsageError, complain, print_json
from app.cli.formats import chosen_formats, use_signing
from app.cli.mapping import finding
from app.cli.work import Entry, Outputs, each_photo, require_model
from app.export.cautions import cautions
from app.export.pictures import WrittenFile, composite_name, uncertainty_name
from app.export.provenance import provenance_name
from app.imaging.errors import RevisageError
from app.imaging.face import Face
from app.imaging.photo import Photo
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.workbench import MapSource, Outcome, Workbench

AUTOMATIC = "auto"


def run(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Reconstruct every photo with every model; returns the exit code."""
    if options.map != AUTOMATIC and len(options.photos) > 1:
        raise UsageError("--map FILE is for one photo; give one photo, or --map auto.")
    formats = chosen_formats(options)
    outputs = Outputs(options.out, options.photos, force=options.force)
    bench = Workbench(device=options.device)
    use_signing(bench, options)
    _prepare_models(bench, options)
    if bench.signing_note:
        complain(bench.signing_note)
    with Progress(len(options.photos), quiet=options.quiet) as progress:
        work = _Work(bench, outputs, progress, options, formats, cancel)
        report = each_photo(bench, options.photos, progress, work.photo)
    if options.json:
        print_json(report.document())
    else:
        for entry in report.photos:
            for name in _files(entry):
                print(name)
    return report.exit_code


def _prepare_models(bench: Workbench, options: argparse.Namespace) -> None:
    """Load every model first, so that a broken one shows before any work is done."""
    for name in options.model:
        require_model(bench, name, "reconstruct")
    bench.load("locate", "align", *(("map",) if options.map == AUTOMATIC else ()))
    for name in options.model:
        bench.session("reconstruct", name).load()


class _Work:
    """What is done to each photo."""

    def __init__(
        self,
        bench: Workbench,
        outputs: Outputs,
        progress: Progress,
        options: argparse.Namespace,
        formats: Mapping[str, Mapping[str, str]],
        cancel: CancelToken,
    ) -> None:
        self._bench = bench
        self._outputs = outputs
        self._progress = progress
        self._options = options
        self._formats = formats
        self._cancel = cancel
        self._map_source: MapSource = "automatic" if options.map == AUTOMATIC else "file"

    def photo(self, path: Path, photo: Photo) -> Entry:
        """Locate, map and reconstruct one photo and write what came of it."""
        provenance = self._targets(path.stem)
        given = self._given_map(photo)
        self._progress.step("locate")
        faces = self._bench.locate(photo, cancel=self._cancel)
        if given is None:
            self._progress.step("map")
        map_pixels = self._bench.map(photo, faces, cancel=self._cancel) if given is None else given
        status = "reconstructed"
        models: list[Entry] = []
        outcomes: list[Outcome] = []
        written: list[WrittenFile] = []
        failure: RevisageError | None = None
        if not map_pixels.any():
            status = finding(len(faces)) if given is None else "the map is empty"
            self._progress.complain(f"{path}: {status}; there is nothing to reconstruct.")
        else:
            for name in self._options.model:
                try:
                    outcome = self._reconstruct(photo, faces, map_pixels, name)
                    files = self._export(outcome, path.stem, name)
                except Cancelled:
                    raise
                except RevisageError as error:
                    # What was written before still gets its record.
                    failure = error
                    break
                outcomes.append(outcome)
                written.extend(files)
                models.append(_entry(name, outcome, files))
        if failure is not None and not outcomes:
            raise failure
        notes = cautions(path)
        if not outcomes:
            notes.append(f"Nothing was reconstructed: {status}.")
        self._bench.export_provenance(
            photo,
            provenance,
            outcomes=outcomes,
            files=written,
            notes=notes if failure is None else [*notes, f"Stopped early: {failure}"],
            force=self._options.force,
        )
        if failure is not None:
            raise failure
        return {
            "faces": len(faces),
            "status": status,
            "mask_pixels": int(np.count_nonzero(map_pixels)),
            "models": models,
            "provenance": str(provenance),
        }

    def _targets(self, stem: str) -> Path:
        """Check every name that may be written, and return that of the provenance file."""
        for name in self._options.model if not self._formats else ():
            for number in range(1, self._options.hypotheses + 1):
                self._outputs.path(composite_name(stem, name, number))
            if self._options.hypotheses > 1:
                self._outputs.path(uncertainty_name(stem, name))
        return self._outputs.path(provenance_name(stem))

    def _given_map(self, photo: Photo) -> NDArray[np.bool_] | None:
        if self._map_source == "automatic":
            return None
        return self._bench.open_map(Path(self._options.map), photo)

    def _reconstruct(
        self, photo: Photo, faces: list[Face], map_pixels: NDArray[np.bool_], name: str
    ) -> Outcome:
        said = ""

        def report(_share: float, text: str) -> None:
            nonlocal said
            if text != said:  # the bar counts photos; a step is worth one line, not one per share
                said = text
                self._progress.step(text)

        return self._bench.reconstruct(
            photo,
            faces,
            map_pixels,
            model=name,
            hypotheses=self._options.hypotheses,
            seed=self._options.seed,
            map_source=self._map_source,
            progress=report,
            cancel=self._cancel,
        )

    def _export(self, outcome: Outcome, stem: str, name: str) -> tuple[WrittenFile, ...]:
        self._progress.step(f"{outcome.card.title}: write")
        if self._formats:
            return self._export_formats(outcome, stem, name)
        return self._bench.export_all(
            outcome,
            self._outputs.folder,
            stem=stem,
            name=name,
            border=not self._options.no_border,
            force=self._options.force,
        )

    def _export_formats(self, outcome: Outcome, stem: str, name: str) -> tuple[WrittenFile, ...]:
        """Write the formats asked for; one that this run has nothing for is reported."""
        material = self._bench.material([outcome], stem=stem, names={outcome: name})
        files: list[WrittenFile] = []
        first = name == self._options.model[0]
        exportable, lacking = self._bench.exportable(
            self._formats, material, leave=() if first else self._bench.of_the_photo
        )
        for lack in lacking:
            self._progress.complain(f"{stem}, {name}: {lack}")
        for exporter in exportable:
            done = self._bench.export(
                exporter.name,
                material,
                self._outputs.folder,
                options=self._formats[exporter.name],
                force=self._options.force,
            )
            files += done.files
            for note in done.notes:
                self._progress.complain(note)
        return tuple(files)


def _entry(name: str, outcome: Outcome, files: tuple[WrittenFile, ...]) -> Entry:
    """One model's part of the report."""
    uncertainty = next((str(file.path) for file in files if file.role == "uncertainty"), None)
    result = outcome.result
    others = [str(file.path) for file in files if file.role in ("sheet", "map")]
    return {
        "model": name,
        "name": outcome.card.name,
        "requested": result.request.hypotheses,
        "made": result.made,
        "hypotheses": [str(file.path) for file in files if file.hypothesis],
        **({"exports": others} if others else {}),
        "uncertainty": uncertainty,
        "uncovered": result.uncovered,
        "provider": result.provider,
        "seconds": result.seconds,
        "notes": list(result.notes),
    }


def _files(entry: Entry) -> list[str]:
    """Everything written for one photo."""
    names: list[str] = []
    for model in entry["models"]:
        names.extend(model["hypotheses"])
        if model["uncertainty"]:
            names.append(model["uncertainty"])
        names.extend(model.get("exports", ()))
    return [*names, entry["provenance"]]

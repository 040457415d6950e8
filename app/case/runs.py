"""Runs: the request, the result and the pictures of each reconstruction, and reruns of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.case.errors import CaseDamaged
from app.case.records import (
    ReconstructionRequest,
    ReconstructionResult,
    RecordError,
    canonical_json,
    hash_of_pixels,
)
from app.case.store import Row, Store, clean_text
from app.imaging.errors import PhotoError
from app.imaging.photo import decode_photo

Role = Literal["composite", "uncertainty"]

Pixels = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A picture to keep with a run.

    Attributes:
        role: what it shows.
        number: the hypothesis, from 1; 0 for a picture of all of them.
        pixels: (H, W[, C]) uint8 or uint16.
        png: the same without loss.
    """

    role: Role
    number: int
    pixels: Pixels
    png: bytes


@dataclass(frozen=True, kw_only=True)
class OutputRow:
    """A picture of a run.

    Attributes:
        id, run: numbers.
        role, number: as in :class:`Picture`.
        shape: of the pixels as text, "300x400x3".
        pixels_sha256: see :func:`app.case.records.hash_of_pixels`.
        blob: SHA-256 of the PNG file.
    """

    id: int
    run: int
    role: str
    number: int
    shape: str
    pixels_sha256: str
    blob: str


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """A run of the case.

    Attributes:
        id, photo, map: numbers.
        edits: how many edits of the map had been made.
        author: the examiner.
        request, result: the records.
        setup: versions, provider and machine; equal setups must give equal pictures.
        outputs: the pictures.
    """

    id: int
    photo: int
    map: int
    edits: int
    author: str
    request: ReconstructionRequest
    result: ReconstructionResult
    setup: dict[str, str]
    outputs: tuple[OutputRow, ...]

    @property
    def composites(self) -> tuple[OutputRow, ...]:
        """The pictures of the hypotheses in order."""
        return tuple(output for output in self.outputs if output.role == "composite")


@dataclass(frozen=True, kw_only=True)
class Rerun:
    """How a rerun compares with its record.

    Attributes:
        run: the run.
        identical: every picture has the recorded hash.
        max_difference: the largest difference of any value, on a scale of 0 to 255; 255 when the
            number or size of the pictures differs.
        tolerance: what is allowed: 0 on the setup of the record.
        same_setup: whether versions, provider and machine are those of the record.
        notes: sentences worth reading.
    """

    run: int
    identical: bool
    max_difference: float
    tolerance: float
    same_setup: bool
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the record was reproduced."""
        return self.identical or self.max_difference <= self.tolerance


class Runs:
    """The runs of one case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        *,
        photo: int,
        map: int,
        edits: int,
        result: ReconstructionResult,
        setup: dict[str, str],
        pictures: Sequence[Picture],
    ) -> int:
        """Keep a finished run with its pictures; returns its number.

        Raises:
            ValueError: the pictures are not those of the result.
        """
        hashes = {(each.role, each.number): hash_of_pixels(each.pixels) for each in pictures}
        composites = [hashes.get(("composite", n + 1)) for n in range(len(result.outputs))]
        if composites != list(result.outputs):
            raise ValueError("the composites are not those of the result")
        request = result.request
        with self._store.change(
            "run.add",
            photo=photo,
            photo_sha256=request.photo_sha256,
            map=map,
            map_edits=edits,
            map_sha256=request.map_sha256,
            model={request.model.name: request.model.sha256},
            helpers={each.name: each.sha256 for each in result.helpers},
            hypotheses=request.hypotheses,
            made=result.made,
            seed=request.seed,
            device=request.device,
            provider=result.provider,
            request_key=request.key,
            outputs=list(result.outputs),
            setup=setup,
        ) as change:
            number = change.insert(
                "run",
                photo=photo,
                map=map,
                edits=edits,
                author=self._store.examiner,
                request=request.to_json(),
                result=result.to_json(),
                setup=canonical_json(setup),
            )
            change.details["run"] = number
            for each in pictures:
                change.insert(
                    "output",
                    run=number,
                    role=each.role,
                    number=each.number,
                    shape=_shape(each.pixels),
                    pixels_sha256=hashes[each.role, each.number],
                    blob=change.insert_blob(each.png),
                )
        return number

    def add_failure(self, *, photo: int, model: str, seed: int, hypotheses: int, why: str) -> None:
        """Keep in the log that a run came to nothing."""
        with self._store.change(
            "run.failed",
            photo=photo,
            model=model,
            seed=seed,
            hypotheses=hypotheses,
            why=clean_text(why),
        ):
            pass

    def add_rerun(self, rerun: Rerun, *, setup: dict[str, str]) -> None:
        """Keep in the log how a rerun compared."""
        with self._store.change(
            "run.reproduce",
            run=rerun.run,
            identical=rerun.identical,
            max_difference=rerun.max_difference,
            tolerance=rerun.tolerance,
            reproduced=rerun.ok,
            setup=setup,
        ):
            pass

    def all(self, *, photo: int | None = None) -> tuple[RunRow, ...]:
        """The runs in order, of one photo or of all."""
        query = "SELECT id FROM run WHERE ?1 IS NULL OR photo = ?1 ORDER BY id"
        return tuple(self.get(row["id"]) for row in self._store.rows(query, photo))

    def get(self, run: int) -> RunRow:
        """One run.

        Raises:
            CaseError: there is none.
            RecordError, CaseDamaged: its records cannot be read.
        """
        row = self._store.row("run", run, word="run")
        query = "SELECT * FROM output WHERE run = ? ORDER BY id"
        outputs = tuple(OutputRow(**output) for output in self._store.rows(query, run))
        return _run_row(row, outputs)

    def png(self, output: OutputRow) -> bytes:
        """A picture as a PNG file, checked against its SHA-256; raises CaseDamaged."""
        what = f"The {output.role} {output.number} of run {output.run}"
        return self._store.blob(output.blob, what=what)

    def pixels(self, output: OutputRow) -> Pixels:
        """A picture's pixels (H, W[, C]), checked; raises CaseDamaged."""
        return decode_output(output, self.png(output))


def decode_output(output: OutputRow, png: bytes) -> Pixels:
    """The pixels of a kept picture.

    Raises:
        CaseDamaged: they are not those that were kept.
    """
    what = f"The {output.role} {output.number} of run {output.run}"
    try:
        pixels = decode_photo(png, what).pixels
    except PhotoError as error:
        raise CaseDamaged(f"{what} cannot be decoded: {error}") from error
    if output.shape.count("x") == 1:
        pixels = pixels[..., 0]
    if _shape(pixels) != output.shape or hash_of_pixels(pixels) != output.pixels_sha256:
        raise CaseDamaged(f"{what} does not have the pixels that were recorded.")
    return pixels


def _run_row(row: Row, outputs: tuple[OutputRow, ...]) -> RunRow:
    where = f"Run {row['id']}"
    result = ReconstructionResult.from_json(row["result"])
    request = ReconstructionRequest.from_json(row["request"])
    if result.request != request:
        raise RecordError(f"{where} has a result of another request; restore the case from a copy.")
    try:
        setup = {str(name): str(value) for name, value in json.loads(row["setup"]).items()}
    except (ValueError, AttributeError) as error:
        raise RecordError(f"{where} has no readable setup; restore the case.") from error
    return RunRow(
        id=row["id"],
        photo=row["photo"],
        map=row["map"],
        edits=row["edits"],
        author=row["author"],
        request=request,
        result=result,
        setup=setup,
        outputs=outputs,
    )


def _shape(pixels: Pixels) -> str:
    return "x".join(str(side) for side in pixels.shape)

"""The model card: everything the application knows about a model.

One folder of the zoo holds one model: ``card.toml`` and the ONNX file it names. There is no list of
models in code; training writes cards with :func:`write_card` and the application reads them with
:func:`read_card`, so both always speak of the same fields.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from app.imaging.alignment import AlignmentSpec
from app.inference.errors import CardError

CARD_FILE = "card.toml"

Task = Literal["locate", "align", "map", "reconstruct"]
Kind = Literal["rgb", "sketch", "gan"]
OutputKind = Literal["boxes", "landmarks", "logit", "rgb", "sketch"]
Scalar = bool | int | float | str

KINDS: tuple[Kind, ...] = ("rgb", "sketch", "gan")
"""The kinds of reconstruction, in the order in which they are offered."""

INPUT_FIELDS: dict[Task, frozenset[str]] = {
    "locate": frozenset({"size"}),
    "align": frozenset({"size", "margin"}),
    "map": frozenset({"size", "eye_distance", "eye_y"}),
    "reconstruct": frozenset({"size", "eye_distance", "eye_y", "map_dilation"}),
}
"""The fields of ``[input]`` that a card of each task must give."""

OPTIONAL_INPUT_FIELDS: dict[Task, frozenset[str]] = {
    "locate": frozenset({"sizes", "score_threshold"}),
    "align": frozenset(),
    "map": frozenset(),
    "reconstruct": frozenset(),
}

OUTPUT_KINDS: dict[Task, tuple[OutputKind, ...]] = {
    "locate": ("boxes",),
    "align": ("landmarks",),
    "map": ("logit",),
    "reconstruct": ("rgb", "sketch"),
}

LOCATE_STRIDE = 64
"""The locator's input sides are whole multiples of this."""

MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""Names become parts of file names and command lines, so they stay within this."""

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""TOML keys that need no quotes."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    """A table of the card: read-only, and a misspelt field is an error instead of a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class InputCard(_Part):
    """How the model wants its input.

    Attributes:
        size: side of the square input in pixels; for ``locate`` the photo's longer side.
        sizes: for ``locate``, every longer side to look at, to find faces of every size; empty means
            only ``size``.
        score_threshold: for ``locate``, the least score of a face.
        margin: for ``align``, side of the crop over the longer side of the face's box.
        eye_distance, eye_y: for ``map`` and ``reconstruct``, see :class:`AlignmentSpec`.
        map_dilation: for ``reconstruct``, crop pixels by which the map grows before it hides the face.
    """

    size: int = Field(ge=16, le=4096)
    sizes: tuple[int, ...] = ()
    score_threshold: float = Field(default=0.5, ge=0, le=1)
    margin: float = Field(default=1.25, ge=1, le=4)
    eye_distance: float = Field(default=0.30, gt=0, lt=1)
    eye_y: float = Field(default=0.42, gt=0, lt=1)
    map_dilation: int = Field(default=0, ge=0, le=64)

    @property
    def alignment(self) -> AlignmentSpec:
        """Where the model wants the eyes."""
        return AlignmentSpec(eye_distance=self.eye_distance, eye_y=self.eye_y)


COVERAGE = 0.8
"""How often the true value lies in the interval that a model with an ``error`` output states."""


class OutputCard(_Part):
    """What the model gives.

    Attributes:
        kind: what the output tensor means.
        latent: number of standard normal values that choose a hypothesis; 0 means that the model
            has one answer only.
        central: factor of the first hypothesis's values. Below 1 it lies near the centre of what the
            model deems possible, so that who asks for one hypothesis gets a likely one.
        antithetic: whether every second one of the further hypotheses has the negative values of the
            one before it (antithetic variates: Hammersley & Morton 1956). They differ more, and their
            mean is nearer to the truth.
        modes: where above 0, the largest of so many first latent values chooses the mode of the
            distribution that a hypothesis is drawn from. The further hypotheses are then of one mode
            after the other, in an order that the seed draws: none comes twice before all have come.
        error: half the width of the interval that holds the truth with :data:`COVERAGE`, as a multiple
            of the model's output ``error``; fitted on validation faces. 0 means that the model has no
            such output.
        finer: how many times as many pixels across the output ``finer`` has, which shows the same in
            more detail; 0 means that the model has no such output.
        enlarge: whether the model has the input ``enlarge``, without which it always draws `finer`.
    """

    kind: OutputKind
    latent: int = Field(default=0, ge=0, le=65536)
    central: float = Field(default=1.0, ge=0, le=1)
    antithetic: bool = False
    modes: int = Field(default=0, ge=0, le=65536)
    error: float = Field(default=0.0, ge=0, le=100)
    finer: int = Field(default=0, ge=0, le=8)
    enlarge: bool = False


class FileCard(_Part):
    """The ONNX file beside the card.

    Attributes:
        name: file name, without a folder.
        sha256: of the file's bytes, lower-case hexadecimal.
        bytes: the file's length.
        precision: of the stored weights, such as ``fp16``.
    """

    name: Text
    sha256: Sha256
    bytes: int = Field(gt=0)
    precision: Text

    @field_validator("name")
    @classmethod
    def _plain(cls, name: str) -> str:
        if name in {".", ".."} or any(mark in name for mark in "/\\:"):
            raise ValueError("must be a plain file name, because the model lies beside its card")
        return name


class TrainingCard(BaseModel):
    """How the model came about: enough to train it again. Further scalar fields are kept.

    Attributes:
        recipe: name of the training recipe.
        data: what it was trained on, in words.
        data_sha256: of the packed training data.
        seed: of the run.
        commit: of the code.
        images: how many training images the network saw, repetitions included.
        command: the command line of the run.
        machine: what it ran on.
    """

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)
    __pydantic_extra__: dict[str, Scalar] = Field(init=False)

    recipe: str
    data: str
    data_sha256: str
    seed: int
    commit: str
    images: int
    command: str
    machine: str


class Card(_Part):
    """A whole card; the attributes carry the names of the TOML fields.

    Attributes:
        format: version of the card's format.
        name: the model's name, which is its folder's name.
        title: the name for people.
        task: the stage that the model serves.
        kind: for ``reconstruct``, the group it is offered in.
        version: the model's own version; part of every record.
        default: whether it is taken when its task (and kind) is asked for without a name.
        licence: of the weights.
        summary: one sentence.
        intended_use: what it is good for.
        limits: known weaknesses, one sentence each.
        not_for: uses it must not be put to, one sentence each.
        figures: measured figures, one table per data set.
        groups: figures of parts of the data, by group of people or condition of the photo.
    """

    format: Literal[1]
    name: Text
    title: Text
    task: Task
    kind: Kind | None = None
    version: Text
    default: bool = False
    licence: Text
    summary: Text
    intended_use: Text
    limits: tuple[Text, ...]
    not_for: tuple[Text, ...]
    input: InputCard
    output: OutputCard
    file: FileCard
    training: TrainingCard
    figures: dict[str, dict[str, Scalar]] = {}
    groups: dict[str, dict[str, Scalar]] = {}

    @field_validator("version", mode="before")
    @classmethod
    def _version_text(cls, version: object) -> object:
        # `version = 1` is what a hand writes; a version is a label, not a number.
        return str(version) if isinstance(version, int) else version

    @field_validator("name")
    @classmethod
    def _usable_name(cls, name: str) -> str:
        if not MODEL_NAME.fullmatch(name):
            raise ValueError("may hold only letters, digits, '_', '-' and '.'")
        if name in KINDS:
            raise ValueError("must not be 'rgb', 'sketch' or 'gan', which ask for a default model")
        return name

    @model_validator(mode="after")
    def _fits_task(self) -> Self:
        given = self.input.model_fields_set
        required = INPUT_FIELDS[self.task]
        for field in sorted(required - given):
            raise ValueError(f"has no field input.{field}, which a {self.task} model needs")
        for field in sorted(given - required - OPTIONAL_INPUT_FIELDS[self.task]):
            raise ValueError(f"has a field input.{field}, which a {self.task} model cannot have")
        if self.output.kind not in OUTPUT_KINDS[self.task]:
            allowed = " or ".join(OUTPUT_KINDS[self.task])
            raise ValueError(f"says output.kind is {self.output.kind}, where {allowed} belongs")
        if self.output.modes > self.output.latent:
            raise ValueError(
                f"says output.modes is {self.output.modes}, more than its {self.output.latent} latent "
                "values"
            )
        if self.output.modes and self.output.antithetic:
            raise ValueError("has output.modes and output.antithetic, of which only one can be")
        if self.task == "reconstruct":
            self._check_reconstruct()
        elif self.kind is not None or self.output.latent:
            raise ValueError(f"has kind or output.latent, which a {self.task} model cannot have")
        if self.task == "locate":
            for size in (self.input.size, *self.input.sizes):
                if size <= 0 or size % LOCATE_STRIDE:
                    raise ValueError(
                        f"has the locate size {size}, not a multiple of {LOCATE_STRIDE}"
                    )
        return self

    def _check_reconstruct(self) -> None:
        if self.kind is None:
            raise ValueError("has no field kind, which a reconstruct model needs")
        wanted = "sketch" if self.kind == "sketch" else "rgb"
        if self.output.kind != wanted:
            raise ValueError(
                f"says output.kind is {self.output.kind}, where the kind {self.kind} needs {wanted}"
            )


def read_card(folder: Path) -> Card:
    """Read and check a model's card.

    Args:
        folder: the model's folder in the zoo.

    Raises:
        CardError: one sentence that names the file, the field and the remedy.
    """
    path = folder / CARD_FILE
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CardError(
            f"The card {path} is not valid TOML ({error}); correct that line."
        ) from error
    except UnicodeDecodeError as error:
        raise CardError(f"The card {path} is not UTF-8 text; save it again as UTF-8.") from error
    except OSError as error:
        reason = error.strerror or error
        raise CardError(
            f"The card {path} could not be read ({reason}); put the model's card there."
        ) from error
    try:
        card = Card.model_validate(document)
    except ValidationError as error:
        raise CardError(
            f"The card {path} {_first_problem(error)}; correct the card or install the model again."
        ) from error
    if card.name != folder.name:
        raise CardError(
            f"The card {path} is named {card.name} but lies in the folder {folder.name}; "
            "give both the same name."
        )
    return card


def _first_problem(error: ValidationError) -> str:
    """A pydantic error as the rest of a sentence that begins with the card's path."""
    problems = error.errors()
    first = problems[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        text = f"has no field {field}"
    elif first["type"] == "extra_forbidden":
        text = f"has the unknown field {field}"
    elif first["type"] == "value_error" and not field:
        text = str(first["ctx"]["error"])
    else:
        reason = first["msg"].removeprefix("Value error, ")
        text = f"has a wrong value in the field {field} ({reason[:1].lower()}{reason[1:]})"
    return text if len(problems) == 1 else f"{text} (and {len(problems) - 1} more)"


def write_card(card: Card, folder: Path) -> Path:
    """Write a card as ``card.toml``, replacing an older one in a single step.

    Args:
        card: the card; its name must be the folder's.
        folder: the model's folder, which must exist.

    Returns:
        The file written.

    Raises:
        CardError: the folder has another name.
    """
    if card.name != folder.name:
        raise CardError(f"The card of {card.name} cannot be written into the folder {folder}.")
    path = folder / CARD_FILE
    part = folder / f".{CARD_FILE}.{os.getpid()}.part"
    text = _toml(_document(card))
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _document(card: Card) -> dict[str, Any]:
    """The card as TOML tables, only with the input fields that its task has."""
    document = card.model_dump(mode="json")
    fields = INPUT_FIELDS[card.task] | (
        OPTIONAL_INPUT_FIELDS[card.task] & card.input.model_fields_set
    )
    document["input"] = {
        key: document["input"][key] for key in InputCard.model_fields if key in fields
    }
    return document


def _toml(table: dict[str, Any], path: str = "") -> str:
    """A table as TOML text: its own values first, then its subtables.

    The standard library reads TOML but does not write it; a card needs no more than this.
    """
    lines: list[str] = []
    tables: list[str] = []
    for key, value in table.items():
        name = key if BARE_KEY.fullmatch(key) else _toml_value(key)
        if isinstance(value, dict):
            tables.append(_toml(value, f"{path}.{name}" if path else name))
        elif value is not None:  # TOML has no null: an absent value is an absent field
            lines.append(f"{name} = {_toml_value(value)}")
    if path and (lines or not tables):
        lines.insert(0, f"[{path}]")
    own = "\n".join(lines)
    return "\n\n".join(([own] if own else []) + [text.rstrip("\n") for text in tables]) + "\n"


def _toml_value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(item) for item in value) + "]"
    # JSON's numbers, booleans and strings are TOML's, except that TOML wants DEL escaped too.
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("\x7f", "\\u007F")

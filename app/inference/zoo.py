"""The zoo: every installed model, found by looking for cards in folders."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.inference.card import CARD_FILE, KINDS, Card, Kind, Task, read_card
from app.inference.errors import CardError, ModelError

DEFAULTS_FILE = "defaults.txt"
"""In a zoo folder, the names of the models that the user wants as defaults, one per line."""


@dataclass(frozen=True)
class Model:
    """An installed model.

    Attributes:
        card: its card.
        folder: where it is installed.
    """

    card: Card
    folder: Path

    @property
    def path(self) -> Path:
        """The ONNX file."""
        return self.folder / self.card.file.name

    def read(self) -> bytes:
        """The ONNX file's bytes, checked against the card.

        A session is made from these very bytes, so a file exchanged after a check is never run.

        Raises:
            ModelError: the file is missing, unreadable, or not the one that the card describes.
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            reason = error.strerror or error
            raise ModelError(
                f"The model file {self.path} could not be read ({reason}); "
                f"install the model {self.card.name} again."
            ) from error
        if len(content) != self.card.file.bytes:
            raise ModelError(
                f"The model file {self.path} has {len(content)} bytes, but its card says "
                f"{self.card.file.bytes}; install the model {self.card.name} again."
            )
        if hashlib.sha256(content).hexdigest() != self.card.file.sha256:
            raise ModelError(
                f"The model file {self.path} is not the one that its card describes "
                f"(SHA-256 differs); install the model {self.card.name} again."
            )
        return content


@dataclass(frozen=True)
class Problem:
    """Something in the zoo that cannot be used.

    Attributes:
        folder: the model's folder.
        message: one sentence.
    """

    folder: Path
    message: str


class Zoo:
    """The models of one or more folders.

    A broken card never stands in the way of the other models: it becomes a problem to show.

    One model of each task, and of each kind of reconstruction, is its default. That is one of the first
    folder that has any, so that a model that is added takes over from nobody; of several there, the one
    whose card says so, else the first. Only names in a folder's ``defaults.txt`` change that.

    Attributes:
        folders: where it looked; earlier folders win over later ones, but for ``defaults.txt``, where
            what is nearest to the user wins.
        entries: the usable models, ordered by task, kind and name.
        problems: what could not be used, and why.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = tuple(Path(folder) for folder in folders)
        self.entries: tuple[Model, ...] = ()
        self.problems: tuple[Problem, ...] = ()
        self._defaults: dict[_Served, str] = {}
        self.refresh()

    def refresh(self) -> None:
        """Look again, after a model was added or removed."""
        found: dict[str, Model] = {}
        problems: list[Problem] = []
        for folder in self._model_folders(problems):
            try:
                card = read_card(folder)
            except CardError as error:
                problems.append(Problem(folder, str(error)))
                continue
            if card.name in found:
                problems.append(
                    Problem(
                        folder,
                        f"The model {card.name} in {folder} is hidden by the one in "
                        f"{found[card.name].folder}; rename or remove one of them.",
                    )
                )
                continue
            found[card.name] = Model(card, folder)
        self.entries = tuple(sorted(found.values(), key=_order))
        self._defaults = self._find_defaults(found, problems)
        self.problems = tuple(problems)

    def _model_folders(self, problems: list[Problem]) -> list[Path]:
        """The subfolders that hold a card, or an ONNX file without one, which is a problem."""
        models: list[Path] = []
        for zoo in self.folders:
            try:
                subfolders = sorted(path for path in zoo.iterdir() if path.is_dir())
            except FileNotFoundError:
                continue  # the user's own folder exists only once a model was added
            except OSError as error:
                reason = error.strerror or error
                problems.append(
                    Problem(zoo, f"The model folder {zoo} could not be read ({reason}).")
                )
                continue
            for folder in subfolders:
                if (folder / CARD_FILE).exists():
                    models.append(folder)
                elif any(folder.glob("*.onnx")):
                    problems.append(
                        Problem(
                            folder,
                            f"The model folder {folder} has no {CARD_FILE}; "
                            "add the card that came with the model.",
                        )
                    )
        return models

    def _find_defaults(
        self, found: dict[str, Model], problems: list[Problem]
    ) -> dict[_Served, str]:
        """The default of each task and kind; names of models that are not there become problems."""
        defaults: dict[_Served, str] = {}
        # Models were found folder by folder; the sort is stable, so only cards of one folder compete.
        rank = {folder: number for number, folder in enumerate(self.folders)}
        by_right = sorted(
            found.values(), key=lambda each: (rank[each.folder.parent], not each.card.default)
        )
        for model in by_right:
            defaults.setdefault(_served(model.card), model.card.name)
        for zoo in self.folders:
            for name in _wished(zoo, problems):
                if name in found:
                    defaults[_served(found[name].card)] = name
                else:
                    problems.append(
                        Problem(
                            zoo,
                            f"The model {name}, which {zoo / DEFAULTS_FILE} makes a default, is not "
                            "installed; add it, or choose another with `revisage models default NAME`.",
                        )
                    )
        return defaults

    @property
    def models(self) -> tuple[Card, ...]:
        """The cards of the usable models, ordered by task, kind and name.

        Their ``default`` says which of them are the defaults here, whatever their files wish.
        """
        return tuple(
            model.card.model_copy(update={"default": self.is_default(model.card)})
            for model in self.entries
        )

    def get(self, name: str) -> Model:
        """The model of this name, or the default of this kind (``rgb``, ``sketch``, ``gan``).

        Raises:
            ModelError: there is none; the sentence lists what there is.
        """
        for kind in KINDS:
            if name == kind:
                return self.default("reconstruct", kind)
        for model in self.entries:
            if model.card.name == name:
                return model
        for problem in self.problems:
            if problem.folder.name == name:
                raise ModelError(problem.message)
        known = ", ".join(model.card.name for model in self.entries) or "none"
        raise ModelError(f"There is no model named {name}; installed are: {known}.")

    def default(self, task: Task, kind: Kind | None = None) -> Model:
        """The model to use when none was named.

        Args:
            task: the stage.
            kind: for ``reconstruct``; None takes the first kind that has a model.

        Raises:
            ModelError: no such model is installed.
        """
        kinds = KINDS if task == "reconstruct" and kind is None else (kind,)
        for each in kinds:
            if name := self._defaults.get((task, each)):
                return self.get(name)
        what = f"{kind} {task}" if kind else task
        where = " or ".join(str(folder) for folder in self.folders) or "a model folder"
        raise ModelError(f"No {what} model is installed; add one to {where}.")

    def is_default(self, card: Card) -> bool:
        """Whether a model is what its task and kind ask for without a name."""
        return self._defaults.get(_served(card)) == card.name

    def verify(self, name: str) -> tuple[str, ...]:
        """Check a model's file against its card.

        Returns:
            One sentence per problem; empty when the model is as its card says.
        """
        try:
            self.get(name).read()
        except ModelError as error:
            return (str(error),)
        return ()


_Served = tuple[Task, Kind | None]
"""What has a default: a task, or a kind of reconstruction."""


def _served(card: Card) -> _Served:
    return card.task, card.kind


def _wished(zoo: Path, problems: list[Problem]) -> list[str]:
    """The names in a zoo folder's ``defaults.txt``; none when there is no such file."""
    path = zoo / DEFAULTS_FILE
    try:
        return path.read_text(encoding="utf-8").split()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        message = (
            f"{path} could not be read ({reason}), so its defaults do not count; check its rights, or "
            "choose them again with `revisage models default NAME`."
        )
        problems.append(Problem(zoo, message))
        return []


def _order(model: Model) -> tuple[int, int, str]:
    tasks: tuple[Task, ...] = ("locate", "align", "map", "reconstruct")
    kind = KINDS.index(model.card.kind) if model.card.kind else 0
    return tasks.index(model.card.task), kind, model.card.name

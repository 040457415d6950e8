"""The zoo: every installed model, found by looking for cards in folders."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.inference.card import CARD_FILE, KINDS, Card, Kind, Task, read_card
from app.inference.errors import CardError, ModelError


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

    Attributes:
        folders: where it looked; earlier folders win over later ones.
        entries: the usable models, ordered by task, kind and name.
        problems: what could not be used, and why.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = tuple(Path(folder) for folder in folders)
        self.entries: tuple[Model, ...] = ()
        self.problems: tuple[Problem, ...] = ()
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

    @property
    def models(self) -> tuple[Card, ...]:
        """The cards of the usable models, ordered by task, kind and name."""
        return tuple(model.card for model in self.entries)

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
        """The model to use when none was named: a card that says it is the default, else the first.

        Args:
            task: the stage.
            kind: for ``reconstruct``; None takes the first kind that has a model.

        Raises:
            ModelError: no such model is installed.
        """
        candidates = [
            model
            for model in self.entries
            if model.card.task == task and (kind is None or model.card.kind == kind)
        ]
        if not candidates:
            what = f"{kind} {task}" if kind else task
            where = " or ".join(str(folder) for folder in self.folders) or "a model folder"
            raise ModelError(f"No {what} model is installed; add one to {where}.")
        return next((model for model in candidates if model.card.default), candidates[0])

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


def _order(model: Model) -> tuple[int, int, str]:
    tasks: tuple[Task, ...] = ("locate", "align", "map", "reconstruct")
    kind = KINDS.index(model.card.kind) if model.card.kind else 0
    return tasks.index(model.card.task), kind, model.card.name

"""Adds models to the user's own zoo and removes them.

A model arrives in a hidden folder beside its place, is checked there as it will be used (card, SHA-256,
tensors), and gets its place by one renaming: the zoo never shows half a model.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from app.folders import cache_folder
from app.imaging.errors import RevisageError
from app.inference.card import CARD_FILE, read_card
from app.inference.session import CancelToken, ModelSession
from app.inference.zoo import Model, Zoo
from app.zoo.defaults import forget_default
from app.zoo.download import Progress, download, is_address, path_of
from app.zoo.errors import InstallError
from app.zoo.sources import CARD_BYTES, TEXTS, FolderSource, Source, ZipSource, copy_exactly

LARGEST = 8 << 30
"""Bytes of the largest model file that is taken: a card may not ask for a whole disk either."""


class Installer:
    """Changes one zoo folder, with an eye on all the others."""

    def __init__(self, zoo: Zoo, target: Path, *, shipped: Path) -> None:
        """
        Args:
            zoo: everything that is installed; it is refreshed after each change.
            target: the folder that models are added to, one of the zoo's; made when needed.
            shipped: the zoo that came with the program, which never changes.
        """
        self._zoo = zoo
        self._target = target
        self._shipped = shipped

    def add(
        self,
        source: str,
        *,
        sha256: str = "",
        force: bool = False,
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> list[Model]:
        """Add the models of a folder, a zip archive or an address: all of them, or none.

        Args:
            source: a model's folder or a file in it, a folder of such folders, a zip archive of either,
                or the http(s) or file address of such an archive.
            sha256: of the archive, where its giver has told it; "" when not.
            force: replace models of the same name that were added before.
            progress: of a download.
            cancel: stops it.

        Raises:
            InstallError: nothing was added.
            ModelError, CardError: a model is not as its card says; nothing was added.
            Cancelled.
        """
        if not is_address(source):
            return self._add_path(path_of(source), sha256=sha256, force=force)
        folder = cache_folder() / "downloads"
        file = download(source, folder, progress=progress, cancel=cancel)
        try:
            return self._add_archive(file, name=source, sha256=sha256, force=force)
        finally:
            # A whole file that was refused would be refused again: the next attempt fetches anew.
            file.unlink(missing_ok=True)

    def remove(self, name: str) -> Path:
        """Remove a model that was added; returns the folder that is gone.

        Raises:
            InstallError: there is none of this name, or it came with the program.
        """
        folder = self._target / name
        plain = Path(name).name == name and name not in (".", "..")
        if not plain or not folder.is_dir():
            known = next((each for each in self._zoo.entries if each.card.name == name), None)
            if known is None:
                raise InstallError(
                    f"There is no model named {name}; see which there are with `revisage models list`."
                )
            why = (
                "came with Revisage"
                if self._shipped in known.folder.parents
                else "was not added here"
            )
            raise InstallError(f"The model {name} {why} and stays; it is in {known.folder}.")
        gone = self._target / f".removed-{secrets.token_hex(4)}"
        try:
            folder.rename(gone)  # at once out of every list, whatever the deletion meets
            shutil.rmtree(gone)
        except OSError as error:
            raise _failed(folder, error, "removed") from error
        forget_default(self._target, name)
        self._zoo.refresh()
        return folder

    def _add_path(self, path: Path, *, sha256: str, force: bool) -> list[Model]:
        if _is_archive(path):
            return self._add_archive(path, name=str(path), sha256=sha256, force=force)
        if sha256:
            raise InstallError(
                f"{path} is no archive, and --sha256 is for archives only; leave it out."
            )
        if path.is_file() and (path.name == CARD_FILE or path.suffix == ".onnx"):
            if not path.with_name(CARD_FILE).is_file():
                # Without its card it stands for no folder; others may lie beside it.
                raise InstallError(
                    f"There is no {CARD_FILE} beside {path}; give a folder that holds both."
                )
            path = path.absolute().parent
        if not path.is_dir():
            what = "no model and no zip archive" if path.exists() else "not there"
            raise InstallError(
                f"{path} is {what}; give a folder with a {CARD_FILE}, or a zip archive of it."
            )
        return self._add_all(FolderSource(path.absolute()), force=force)

    def _add_archive(self, path: Path, *, name: str, sha256: str, force: bool) -> list[Model]:
        if sha256:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != sha256.lower():
                raise InstallError(
                    f"{name} has the SHA-256 {found}, not the one that was given; it was not "
                    "added, so ask whoever made it which is right."
                )
        with contextlib.closing(ZipSource(path, name=name)) as source:
            return self._add_all(source, force=force)

    def _add_all(self, source: Source, *, force: bool) -> list[Model]:
        models = source.models()
        if not models:
            raise InstallError(f"There is no {CARD_FILE} in {source.name}; it holds no model.")
        try:
            self._target.mkdir(parents=True, exist_ok=True)
            # Inside the zoo, so that the last step is a renaming; without a card of its own, so that
            # the zoo does not see it.
            with tempfile.TemporaryDirectory(prefix=".incoming-", dir=self._target) as staging:
                ready = [self._stage(source, model, Path(staging)) for model in models]
                self._refuse_clashes(ready, source.name, force=force)
                for model in ready:
                    self._place(model)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise InstallError(
                f"{source.name} is damaged ({error}); copy or download it again."
            ) from error
        except OSError as error:
            raise _failed(self._target, error, "changed") from error
        self._zoo.refresh()
        return [self._zoo.get(model.card.name) for model in ready]

    def _stage(self, source: Source, model: str, staging: Path) -> Model:
        """Bring one model in and check it as it will be used."""
        where = f"{source.name}/{model}" if model else source.name
        arriving = staging / secrets.token_hex(8)
        arriving.mkdir()
        self._copy(source, model, CARD_FILE, arriving, CARD_BYTES)
        # The card's own name decides: archives and sticks rename folders.
        folder = staging / _name_in(arriving / CARD_FILE)
        if folder.exists():
            raise InstallError(
                f"{source.name} holds two models named {folder.name}; give one of them."
            )
        arriving.rename(folder)
        try:
            card = read_card(folder)
        except RevisageError as error:
            raise InstallError(_as_in(error, folder, where)) from error
        sizes = source.files(model)
        if card.file.bytes > LARGEST:
            raise InstallError(f"{where} has a model file of more than 8 GiB; it was not added.")
        if card.file.name not in sizes:
            raise InstallError(
                f"{where} has a card but not its file {card.file.name}; copy it again."
            )
        if card.file.bytes > shutil.disk_usage(staging).free:
            raise InstallError(
                f"{where} needs more space than is free in {self._target}; free some."
            )
        self._copy(source, model, card.file.name, folder, card.file.bytes)
        for name in sizes:
            if Path(name).stem.upper() in TEXTS and name != card.file.name:
                self._copy(source, model, name, folder, CARD_BYTES)
        ready = Model(card, folder)
        try:
            ModelSession(ready, "cpu", 1).load()
        except RevisageError as error:
            raise InstallError(_as_in(error, folder, where)) from error
        return ready

    def _copy(self, source: Source, model: str, name: str, folder: Path, limit: int) -> None:
        with source.open(model, name) as stream:
            what = f"{name} in {source.name}"
            copy_exactly(stream, folder / name, limit=limit, what=what)

    def _refuse_clashes(self, models: Sequence[Model], where: str, *, force: bool) -> None:
        """Names that are taken: another model must never answer to a name unnoticed."""
        for model in models:
            name = model.card.name
            for folder in self._zoo.folders:
                # Compared without case: on many systems A and a are one folder.
                there = _folder_named(folder, name)
                if there is None:
                    continue
                if folder != self._target:
                    raise InstallError(
                        f"The model {name} of {where} has the name of one that is installed in "
                        f"{folder}; change its name in {CARD_FILE} to add it beside that one."
                    )
                if not force:
                    raise InstallError(
                        f"A model {there.name} was added before and is in {there}; remove it with "
                        f"`revisage models remove {there.name}`, or replace it with --force."
                    )

    def _place(self, model: Model) -> None:
        name = model.card.name
        old = _folder_named(self._target, name)
        if old is not None:
            gone = model.folder.parent / f"replaced-{secrets.token_hex(4)}"
            old.rename(gone)  # deleted with the staging folder
        model.folder.rename(self._target / name)


def _folder_named(zoo: Path, name: str) -> Path | None:
    try:
        return next(
            (path for path in zoo.iterdir() if path.name.casefold() == name.casefold()), None
        )
    except OSError:
        return None


def _is_archive(path: Path) -> bool:
    """Whether a path is that of a zip archive; raises InstallError where it cannot be looked at."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return zipfile.is_zipfile(file)
    except OSError as error:
        raise InstallError(
            f"{path} could not be read ({error.strerror or error}); check its name and the right to "
            "read it."
        ) from error


def _name_in(card: Path) -> str:
    """The name that a card gives its model, before the card is checked."""
    try:
        text = card.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        text = ""
    found = re.search(
        r'^name\s*=\s*["\']([A-Za-z0-9][A-Za-z0-9_.-]{0,99})["\']\s*(#.*)?$', text, re.M
    )
    return found[1] if found else "model"


def _as_in(error: RevisageError, folder: Path, where: str) -> str:
    """A message about the folder of arrival, as one about where the model came from."""
    return f"{str(error).replace(str(folder), where).rstrip('.')}; it was not added."


def _failed(folder: Path, error: OSError, done: str) -> InstallError:
    reason = error.strerror or error
    return InstallError(f"{folder} could not be {done} ({reason}); nothing was {done}.")

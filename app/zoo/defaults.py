"""The user's choice of defaults: a short file beside the user's own models, which the zoo reads."""

from __future__ import annotations

from pathlib import Path

from app.export.files import prepare_folder, write_file
from app.inference.zoo import DEFAULTS_FILE, Model, Zoo
from app.zoo.errors import InstallError


def choose_default(zoo: Zoo, target: Path, name: str) -> Model:
    """Make a model what its task, or its kind of reconstruction, asks for without a name.

    Args:
        zoo: everything that is installed; it is refreshed.
        target: the user's own zoo folder; made when needed.
        name: of the model.

    Returns:
        The model that was the default until now.

    Raises:
        ModelError: there is no such model.
        InstallError, ExportError: the choice could not be read or written; nothing was changed.
    """
    model = zoo.get(name)
    before = zoo.default(model.card.task, model.card.kind)
    rivals = {
        each.card.name
        for each in zoo.entries
        if (each.card.task, each.card.kind) == (model.card.task, model.card.kind)
    }
    prepare_folder(target)
    kept = [each for each in _chosen(target) if each not in rivals]
    _write(target, [*kept, model.card.name])
    zoo.refresh()
    return before


def forget_default(target: Path, name: str) -> None:
    """A model that is gone is no choice, and another that gets its name later did not inherit it.

    Args:
        target: the user's own zoo folder.
        name: of the model that was removed.

    Raises:
        InstallError, ExportError: the choice could not be read or written.
    """
    chosen = _chosen(target)
    if name in chosen:
        _write(target, [each for each in chosen if each != name])


def _chosen(target: Path) -> list[str]:
    path = target / DEFAULTS_FILE
    try:
        return path.read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InstallError(
            f"{path} could not be read ({reason}), so no default was changed; check its rights, or "
            "remove it."
        ) from error


def _write(target: Path, names: list[str]) -> None:
    path = target / DEFAULTS_FILE
    if names:
        write_file(path, "".join(f"{name}\n" for name in names).encode(), force=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise InstallError(
            f"{path} could not be removed ({reason}); check the rights of its folder."
        ) from error
